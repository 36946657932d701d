"""What a watcher holds, memory and descriptors, before and after thousands of events."""

import os
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench
from benchmarks.generate import iter_edits
from benchmarks.latency import wait_for, watching
from benchmarks.measure import UnavailableError

_ROUND: Final = 250
"""Saves between two looks: fewer than those that ask for a walk."""
_LONGEST_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a process holds at one moment."""

    memory: int
    """Resident bytes."""
    descriptors: int


def measure_endurance(bench: Bench, events: int) -> list[Holding]:
    """Return what the watcher holds once it is in step, and after each round of saves until there were ``events``.

    Raises UnavailableError where the system does not tell, or a save is not taken in.
    """
    with watching(bench) as watcher:
        held = [_hold(watcher.pid)]
        catalog = bench.open_catalog()
        done = 0
        while done < events:
            edits = iter_edits(bench.vault, min(_ROUND, events - done), seed=100 + done, language=bench.language)
            paths = list(islice(edits, _ROUND))
            done += len(paths)
            for path in paths:
                if path.exists() and not wait_for(catalog, bench.vault, path, _LONGEST_SECONDS):
                    raise UnavailableError(f"a save of the first {done} was not taken in")
            held.append(_hold(watcher.pid))
            time.sleep(0.2)
        catalog.close()
    return held


def _hold(process: int) -> Holding:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
        descriptors = len(list(Path(f"/proc/{process}/fd").iterdir()))
    except OSError as error:
        raise UnavailableError("the system does not tell what a process holds") from error
    return Holding(memory=pages * os.sysconf("SC_PAGE_SIZE"), descriptors=descriptors)
