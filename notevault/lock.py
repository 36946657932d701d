"""A lock between processes that the system takes back when its holder dies.

Written here because a search that takes in a change must not pay for a library's import.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TRY_EVERY: Final = 0.02
_OPEN_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class ProcessLock:
    """One lock file. Two instances exclude each other, within a process too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, seconds: float) -> bool:
        """Take the lock, trying for ``seconds``; False where another holds it. Raises OSError."""
        descriptor = os.open(self.path, _OPEN_FLAGS, 0o600)
        until = time.monotonic() + seconds
        try:
            while not _try_lock(descriptor):
                if time.monotonic() >= until:
                    os.close(descriptor)
                    return False
                time.sleep(_TRY_EVERY)
        except BaseException:
            with suppress(OSError):
                os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; the file stays, since removing it would let two hold it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_locked(path: Path) -> bool:
    """Say whether a living process holds the lock."""
    lock = ProcessLock(path)
    try:
        if not path.exists():
            return False
        free = lock.acquire(seconds=0)
    except OSError:
        return False
    lock.release()
    return not free


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        if sys.platform == "win32" and error.errno in (13, 36):  # EACCES, EDEADLOCK: held by another
            return False
        raise
    return True
