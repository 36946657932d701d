"""Who watches a vault, and whether nothing is waiting to be taken in.

A watcher holds a lock as long as it lives and, while it can vouch for having seen every change, keeps a file's time at
the monotonic clock; a second file is there while changes wait. Readers then need no walk of their own.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from notevault.errors import CacheError
from notevault.lock import ProcessLock, is_locked
from notevault.records import record

_LOCK: Final = "watcher.lock"
_STATE: Final = "watcher.json"
_PENDING: Final = "watcher.pending"
FRESH_SECONDS: Final = 3.0
"""A heartbeat older than this is a watcher that hangs."""
_SILENT_SECONDS: Final = 30.0


@record
class WatcherState:
    """What a watcher says of itself."""

    pid: int
    since: str
    """ISO time, UTC."""
    mode: str
    """``events``, or ``scans`` where the file system tells nothing."""
    pending: bool
    alive: bool = True
    """Whether its process lives."""
    silent: bool = False
    """Whether it has not vouched for anything for long: hung, stopped, or at work on something large."""


def find_watcher(cache: Path) -> WatcherState | None:
    """Return the watcher that lives now, if any."""
    state = find_last_watcher(cache)
    return state if state is not None and state.alive else None


def find_last_watcher(cache: Path) -> WatcherState | None:
    """Return the watcher that lives now, or the one that died without a word."""
    try:
        beat = (cache / _STATE).stat().st_mtime_ns
        state = json.loads((cache / _STATE).read_text(encoding="utf-8"))
        return WatcherState(
            pid=int(state["pid"]),
            since=str(state["since"]),
            mode=str(state["mode"]),
            pending=(cache / _PENDING).exists(),
            alive=is_locked(cache / _LOCK),
            silent=bool(beat) and not 0 <= time.monotonic_ns() - beat <= _SILENT_SECONDS * 1e9,
        )
    except (OSError, ValueError, KeyError, TypeError):  # none, or just starting
        return None


def is_kept_fresh(cache: Path) -> bool:
    """Say whether a watcher vouches that everything on disk has been taken in; a hung or dead one does not."""
    try:
        beat = (cache / _STATE).stat().st_mtime_ns
    except OSError:
        return False
    age = time.monotonic_ns() - beat
    return 0 <= age <= FRESH_SECONDS * 1e9 and not (cache / _PENDING).exists() and is_locked(cache / _LOCK)


class Presence:
    """A watcher's own side of it."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._lock = ProcessLock(cache / _LOCK)
        self._mute = False

    def claim(self, *, seconds: float = 1.0) -> bool:
        """Become the vault's watcher; False where there is one already. What waits is not known yet: pending.

        Raises CacheError.
        """
        try:
            if not self._lock.acquire(seconds=seconds):  # a reader's glance at the lock takes no longer than a blink
                return False
        except OSError as error:
            raise CacheError(self._cache, error.strerror or str(error)) from error
        self.set_pending()
        return True

    def describe(self, *, mode: str, since: str) -> None:
        """Tell others how it watches; no heartbeat yet."""
        state = self._cache / _STATE
        with suppress(OSError):  # without it everybody looks for himself
            state.unlink(missing_ok=True)
            state.write_text(json.dumps({"pid": os.getpid(), "since": since, "mode": mode}), encoding="utf-8")
            os.utime(state, ns=(0, 0))

    def beat(self) -> None:
        """Vouch for the next few seconds."""
        now = 0 if self._mute else time.monotonic_ns()
        with suppress(OSError):
            os.utime(self._cache / _STATE, ns=(now, now))

    def set_pending(self) -> None:
        """Say that something waits to be taken in; where that cannot be said, vouch for nothing."""
        try:
            (self._cache / _PENDING).touch()
        except OSError:
            self._mute = True
            self.beat()

    def clear_pending(self) -> None:
        """Say that nothing waits."""
        self._mute = False
        with suppress(OSError):
            (self._cache / _PENDING).unlink()

    def leave(self) -> None:
        """Watch no more."""
        for name in (_STATE, _PENDING):
            with suppress(OSError):
                (self._cache / name).unlink()
        self._lock.release()
