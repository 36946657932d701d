"""Reading many notes in several processes, each of which understands a part of them."""

import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context, parent_process
from os import _exit as exit_at_once
from typing import Final

from notevault.config import Settings
from notevault.garbage import collect_rarely
from notevault.messages import current_language, use_language
from notevault.reading import Outcome, ReadNote, Unchanged, Wanted, find_unchanged, read_note
from notevault.vault import Vault

_PART: Final = 32
"""Notes a task; more would leave a process without work at the end."""
_AHEAD: Final = 6_000
"""Notes understood and not yet stored: more than are stored at once, so that meanwhile no process waits."""

_given: dict[str, tuple[Vault, Settings]] = {}
"""What a process was given to work with."""


def read_in_processes(
    vault: Vault, settings: Settings, wanted: Sequence[Wanted], *, processes: int
) -> Iterator[Outcome]:
    """Yield what each note is, in order. Where processes cannot be had or die, the rest is read in this one."""
    parts = deque(_parts_of(wanted))
    try:
        # a fresh process everywhere: a copy of this one would share its database and threads
        with ProcessPoolExecutor(
            processes, get_context("spawn"), initializer=_begin, initargs=(vault, settings, current_language())
        ) as pool:
            try:
                for outcomes in _share_out(pool, parts, ahead=_AHEAD // _PART):
                    yield from outcomes
                    parts.popleft()
            finally:
                pool.shutdown(cancel_futures=True)
    except (BrokenExecutor, OSError, ImportError, NotImplementedError):  # the last two: a system without semaphores
        for part in parts:
            for each in part:
                yield read_note(vault, settings, each)


def find_unchanged_in_threads(vault: Vault, wanted: Sequence[Wanted], *, threads: int) -> Iterator[Unchanged]:
    """Yield those of the notes that hold what they were said to hold; threads wait for the disk together."""
    with ThreadPoolExecutor(threads) as pool:
        for found in pool.map(partial(find_unchanged, vault), _parts_of(wanted)):
            yield from found


def _parts_of(wanted: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    return (wanted[at : at + _PART] for at in range(0, len(wanted), _PART))


def _share_out(pool: ProcessPoolExecutor, parts: Sequence[Sequence[Wanted]], *, ahead: int) -> Iterator[list[Outcome]]:
    waiting: deque[Future[list[Outcome]]] = deque()
    for part in list(parts):
        waiting.append(pool.submit(_read_part, part))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin(vault: Vault, settings: Settings, language: str) -> None:
    """Prepare a process: it ends with the one that began it, however that ends, and leaves ^C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    use_language(language)
    collect_rarely()
    _given["work"] = (vault, settings)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        exit_at_once(1)


def _read_part(part: Sequence[Wanted]) -> list[Outcome]:
    vault, settings = _given["work"]
    return [_lean(read_note(vault, settings, each)) for each in part]


def _lean(outcome: Outcome) -> Outcome:
    """Leave out what is not stored: it costs more to send than all the rest."""
    return replace(outcome, understood=None) if isinstance(outcome, ReadNote) else outcome
