"""A real watcher over a vault, in a thread of this process or as a program of its own."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from notevault.presence import find_watcher
from notevault.status import find_discord
from notevault.watch import Watcher
from notevault.watching import Happening, Saved, Swept
from notevault.workspace import Workspace, open_workspace
from tests.conftest import TODAY
from tests.sync_oracle import digests_on_disk


@dataclass
class Watched:
    """A vault under watch and what the watcher told so far."""

    root: Path
    told: list[Happening] = field(default_factory=list)

    def saves(self) -> list[tuple[str, str]]:
        """Return what became of which note, as told one by one."""
        return [(each.what, each.path) for each in self.told if isinstance(each, Saved)]

    def sweeps(self) -> list[Swept]:
        """Return what the walks found."""
        return [each for each in self.told if isinstance(each, Swept)]

    def wait_until(self, condition: Callable[[Workspace], bool], *, seconds: float = 30.0) -> None:
        """Wait until what is stored meets a condition; fails after ``seconds``."""
        until = time.monotonic() + seconds
        with open_workspace(self.root, today=TODAY) as workspace:
            while not condition(workspace):
                assert time.monotonic() < until, self.told
                time.sleep(0.05)

    def wait_for_paths(self, *paths: str, seconds: float = 30.0) -> None:
        """Wait until exactly these notes are known."""
        self.wait_until(lambda workspace: set(workspace.catalog.known_notes()) == set(paths), seconds=seconds)

    def wait_for_text(self, path: str, text: str, *, seconds: float = 30.0) -> None:
        """Wait until a note is stored with this text."""
        sql = "SELECT 1 FROM texts JOIN notes ON id = note_id WHERE path = ? AND text = ?"
        self.wait_until(lambda workspace: bool(workspace.catalog.select(sql, (path, text))), seconds=seconds)

    def wait_until_settled(self, *, seconds: float = 30.0) -> None:
        """Wait until the watcher says that nothing waits."""
        self.wait_until(
            lambda workspace: (state := find_watcher(workspace.cache)) is not None and not state.pending,
            seconds=seconds,
        )


@contextmanager
def watching(root: Path, *, poll: float | None = None) -> Iterator[Watched]:
    """Watch a vault; everything is taken in when the block begins."""
    watched = Watched(root)
    stop = threading.Event()
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            with open_workspace(root, today=TODAY) as workspace:
                Watcher(workspace, watched.told.append, poll=poll).run(stop)
        except BaseException as error:  # noqa: BLE001 -- shown by the test's own thread
            trouble.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        watched.wait_until_settled()
        yield watched
    finally:
        stop.set()
        thread.join(timeout=30)
    assert not trouble, trouble


@dataclass
class WatcherProcess:
    """``notevault watch`` as a program of its own, and all that it printed."""

    root: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def wait_in_step(self, *, seconds: float = 60.0) -> float:
        """Wait until catalogue and text index say what is on disk; return the seconds that took."""
        started = time.monotonic()
        on_disk = digests_on_disk(self.root)
        with open_workspace(self.root, today=TODAY) as workspace:
            while True:
                known = {path: note.digest for path, note in workspace.catalog.known_notes().items()}
                if known == on_disk and find_discord(workspace) is None:
                    break
                assert self.process.poll() is None, self.lines[-20:]
                assert time.monotonic() < started + seconds, (len(known), len(on_disk), self.lines[-20:])
                time.sleep(0.1)
            passed = time.monotonic() - started
            ids = {note.id: note.digest for note in workspace.catalog.known_notes().values()}
            assert workspace.index.digests() == ids
        return passed

    def wait_until_quiet(self, *, seconds: float = 60.0) -> None:
        """Wait until the watcher says that nothing waits."""
        until = time.monotonic() + seconds
        with open_workspace(self.root, today=TODAY) as workspace:
            while (state := find_watcher(workspace.cache)) is None or state.pending:
                assert time.monotonic() < until, self.lines[-20:]
                time.sleep(0.05)


@contextmanager
def watcher_process(root: Path, *options: str) -> Iterator[WatcherProcess]:
    """Run a watcher; everything is taken in when the block begins."""
    words = [sys.executable, "-u", "-m", "notevault", "--vault", str(root), "watch", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as process:
        watched = WatcherProcess(root, process)
        reader = threading.Thread(target=_read_lines, args=(process, watched.lines))
        reader.start()
        try:
            watched.wait_until_quiet()
            watched.wait_in_step()
            yield watched
        finally:
            process.kill()
            reader.join(timeout=10)


def _read_lines(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdout is not None
    lines.extend(process.stdout)
