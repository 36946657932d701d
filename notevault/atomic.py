"""Files replaced whole: whatever happens, a file holds its old or its new content, and nobody's save is lost.

Knows nothing of notes; paths are those of the operating system.
"""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from typing import Final

TEMPORARY_PREFIX: Final = ".nv-"
TEMPORARY_SUFFIX: Final = ".tmp"

_YOUNG_NS: Final = 2_000_000_000
_SETTLE_SECONDS: Final = 0.05
_AT_FDCWD: Final = -100
_RENAME_NOREPLACE: Final = 1
_RENAME_EXCHANGE: Final = 2
_NOT_SUPPORTED: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
_READ_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_READ_STEP: Final = 16 * 1024
_CREATE_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class ChangedMeanwhileError(Exception):
    """The file is no longer the one that was to be replaced; it was left as it is."""


def open_to_read(path: str) -> int:
    """Return a descriptor that follows no link and waits for no FIFO."""
    return os.open(path, _READ_FLAGS)


def read_up_to(descriptor: int, most: int, *, likely: int) -> bytes:
    """Return what is left of an open file, at most so many bytes; ``likely`` tells how many there should be.

    Room is made for those only: to make it for ``most`` costs more than all else of reading a small file.
    """
    data = b""
    while len(data) < most and (part := os.read(descriptor, min(max(likely + 1, _READ_STEP), most - len(data)))):
        data += part
    return data


def replace_file(path: str, data: bytes, expected_digest: str) -> None:
    """Replace the content of ``path`` by ``data`` where it still has the SHA-256 that is expected.

    Mode, owner where allowed, and extended attributes stay. Raises ChangedMeanwhileError with the file as it was, or
    OSError with the file as it was.
    """
    with _temporary_beside(path, data) as temporary:
        import shutil  # noqa: PLC0415 -- start-up time

        shutil.copystat(path, temporary)
        os.utime(temporary)
        _keep_owner(path, temporary)
        _let_settle(path, temporary)
        if _digest(path) != expected_digest:
            raise ChangedMeanwhileError(path)
        if not _rename(temporary, path, _RENAME_EXCHANGE):
            os.replace(temporary, path)
        elif _digest(temporary) != expected_digest:
            _give_back(path, temporary, data)
            raise ChangedMeanwhileError(path)
    _sync_folder(os.path.dirname(path))


def create_file(path: str, data: bytes) -> None:
    """Make a new file with its folders; raises FileExistsError where something is there, and leaves that alone."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    with _temporary_beside(path, data, mode=0o666) as temporary:  # less what the user's umask takes away
        if not _rename(temporary, path, _RENAME_NOREPLACE):
            _move_to_new_name(temporary, path)
    _sync_folder(folder)


@contextmanager
def _temporary_beside(path: str, data: bytes, *, mode: int = 0o600) -> Iterator[str]:
    """Give a file of our own with this content, safely on disk; it is gone afterwards, whatever it holds then."""
    temporary = os.path.join(os.path.dirname(path), f"{TEMPORARY_PREFIX}{os.urandom(4).hex()}{TEMPORARY_SUFFIX}")
    descriptor = os.open(temporary, _CREATE_FLAGS, mode)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield temporary
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _let_settle(path: str, temporary: str) -> None:
    """Wait a moment where somebody may be in the middle of a save: a file just emptied is about to be written.

    The two files' times come from one clock, the file system's.
    """
    age = os.stat(temporary).st_ctime_ns - os.stat(path).st_ctime_ns
    if 0 <= age < _YOUNG_NS:
        time.sleep(_SETTLE_SECONDS)


def _give_back(path: str, temporary: str, data: bytes) -> None:
    """Undo an exchange. What is newest stays: somebody may have saved onto our content in the meantime."""
    _rename(temporary, path, _RENAME_EXCHANGE)
    if _digest(temporary) != sha256(data).hexdigest():
        _rename(temporary, path, _RENAME_EXCHANGE)


def _digest(path: str) -> str:
    """Return the SHA-256 of a file, empty where it cannot be read."""
    try:
        with open(open_to_read(path), "rb") as stream:
            return sha256(stream.read()).hexdigest()
    except OSError:
        return ""


def _keep_owner(path: str, temporary: str) -> None:
    change_owner = getattr(os, "chown", None)
    if change_owner is None:
        return
    wanted, given = os.stat(path), os.stat(temporary)
    if (wanted.st_uid, wanted.st_gid) != (given.st_uid, given.st_gid):
        with suppress(OSError):  # only root may give files away
            change_owner(temporary, wanted.st_uid, wanted.st_gid)


def _move_to_new_name(temporary: str, path: str) -> None:
    if sys.platform == "win32":
        os.rename(temporary, path)  # refuses an existing name there
        return
    try:
        os.link(temporary, path)
    except OSError as error:
        if isinstance(error, FileExistsError) or error.errno not in _NOT_SUPPORTED | {errno.EPERM, errno.EMLINK}:
            raise
        os.close(os.open(path, _CREATE_FLAGS, 0o600))  # a file system without links: hold the name, then fill it
        os.replace(temporary, path)


def _rename(source: str, target: str, flag: int) -> bool:
    """Rename by Linux' renameat2; False where system or file system cannot."""
    call = _renameat2()
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flag) == 0:
        return True
    import ctypes  # noqa: PLC0415 -- start-up time

    code = ctypes.get_errno()
    if code in _NOT_SUPPORTED:
        return False
    raise OSError(code, os.strerror(code), target)


@cache
def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415 -- start-up time

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:  # an old or another C library
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    call.restype = ctypes.c_int
    found: Callable[[int, bytes, int, bytes, int], int] = call
    return found


def _sync_folder(folder: str) -> None:
    """Make a rename last; Windows and some network file systems cannot, and need not."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
