"""From saving a note to finding it, while ``notevault watch`` runs beside."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from signal import SIGINT
from subprocess import PIPE, STDOUT, Popen, TimeoutExpired
from typing import Final

from benchmarks.bench import Bench
from benchmarks.generate import iter_edits
from benchmarks.measure import UnavailableError

_POLL_SECONDS: Final = 0.002
_READY_SECONDS: Final = 120.0
_LONGEST_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.6
"""Between two saves, longer than the settle time: each save is waited for on its own."""


def measure_saves(bench: Bench, count: int) -> list[float]:
    """Return the seconds from each of ``count`` saves until the catalogue holds exactly what was written.

    The index is committed before the catalogue, so what the catalogue knows can be found. Raises UnavailableError when
    the watcher does not come up or a save is not taken in.
    """
    with watching(bench):
        catalog = bench.open_catalog()
        seconds: list[float] = []
        for path in iter_edits(bench.vault, count, seed=7, language=bench.language):
            saved = time.perf_counter()
            if not wait_for(catalog, bench.vault, path, _LONGEST_SECONDS):
                raise UnavailableError(f"save {len(seconds) + 1} was not taken in within {_LONGEST_SECONDS:.0f} s")
            seconds.append(time.perf_counter() - saved)
            time.sleep(_PAUSE_SECONDS)
        catalog.close()
    return seconds


@contextmanager
def watching(bench: Bench) -> Iterator[Popen[bytes]]:
    """Run a watcher on the vault, ready when the block begins. Raises UnavailableError."""
    log = bench.base / "watch.log"  # a pipe that nobody reads would fill, and stop it
    with log.open("wb") as out, Popen(bench.command("watch"), stdout=out, stderr=STDOUT, stdin=PIPE) as watcher:
        try:
            _wait_until_ready(bench, watcher)
            yield watcher
        finally:
            watcher.send_signal(SIGINT)
            try:
                watcher.communicate(timeout=20)
            except TimeoutExpired:
                watcher.kill()


def _wait_until_ready(bench: Bench, watcher: Popen[bytes]) -> None:
    """Save a probe until the watcher takes it in."""
    probe = bench.vault / "inbox" / "probe.md"
    catalog = bench.open_catalog()
    end = time.monotonic() + _READY_SECONDS
    attempt = 0
    while time.monotonic() < end:
        attempt += 1
        probe.write_text(f"# probe {attempt}\n", encoding="utf-8")
        if wait_for(catalog, bench.vault, probe, 3.0):
            catalog.close()
            return
        if watcher.poll() is not None:
            said = (bench.base / "watch.log").read_text(encoding="utf-8", errors="replace").strip()
            raise UnavailableError(f"watch ended with exit code {watcher.returncode}: {said.splitlines()[-1:]}")
    raise UnavailableError(f"watch took nothing in within {_READY_SECONDS:.0f} s")


def wait_for(catalog: sqlite3.Connection, vault: Path, path: Path, seconds: float) -> bool:
    """Wait until the catalogue knows a note with the bytes it has now; False when the time is over."""
    row = (path.relative_to(vault).as_posix(), sha256(path.read_bytes()).hexdigest())
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if catalog.execute("SELECT 1 FROM notes WHERE path = ? AND digest = ?", row).fetchone():
            return True
        time.sleep(_POLL_SECONDS)
    return False
