"""Folders of derived data on disk: private, whole, and emptied when asked."""

import errno
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from notevault.errors import CacheError, IndexDamagedError
from notevault.messages import gettext as _

_STORAGE_TROUBLE: Final = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EMFILE", "ENFILE", "ENOMEM")
    if hasattr(errno, name)
)
"""Of these the index knows no damage: there is no room, or no leave."""


def translate_error(directory: Path, error: BaseException) -> CacheError | IndexDamagedError:
    """Return what an engine's error says of the folder: the system refuses it, or else the index in it is damaged."""
    trouble = _find_storage_trouble(error)
    if trouble is not None:
        return CacheError(directory, trouble)
    return IndexDamagedError(directory, f"{type(error).__name__}: {error}")


def _find_storage_trouble(error: BaseException) -> str | None:
    if "io::Error" in str(error):  # all that Tantivy tells of a writer that could not go on
        return _("it could not be written; the disk may be full")
    told = re.search(r"os error (\d{1,5})", str(error))  # as libraries in Rust pass it on
    number = error.errno if isinstance(error, OSError) else int(told[1]) if told else None
    return os.strerror(number) if number in _STORAGE_TROUBLE and number is not None else None


def claim_folder(directory: Path) -> None:
    """Make the folder private to the user.

    Raises CacheError where it is a link or another user's: what is read from it could have been planted there.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if directory.is_symlink():
            raise CacheError(directory, _("it is a link"))
        if os.name == "posix":
            state = directory.stat()
            if state.st_uid != os.getuid():
                raise CacheError(directory, _("it belongs to another user"))
            if state.st_mode & 0o077:
                directory.chmod(0o700)
    except FileExistsError as error:
        raise CacheError(directory, _("it is a link") if directory.is_symlink() else _("it is no folder")) from error
    except OSError as error:
        raise CacheError(directory, error.strerror or str(error)) from error


def sync_to_disk(directory: Path, before: Collection[str]) -> None:
    """Make sure that what a commit added survives a power loss."""
    for path in directory.iterdir():
        if path.name not in before and path.is_file():
            descriptor = os.open(path, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
    if os.name == "posix":
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_files(directory: Path) -> None:
    """Remove everything in the folder; links are not followed."""
    for path in directory.iterdir():
        if path.is_dir() and not path.is_symlink():
            remove_files(path)
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
