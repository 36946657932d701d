"""The folder of an index on disk: private, whole, and emptied when asked."""

import os
from collections.abc import Collection
from pathlib import Path

from notevault.errors import CacheError
from notevault.messages import gettext as _


def claim_folder(directory: Path) -> None:
    """Make the folder private to the user.

    Raises CacheError where it is a link or another user's: what is read from it could have been planted there.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.is_symlink():
        raise CacheError(directory, _("it is a link"))
    if os.name == "posix":
        state = directory.stat()
        if state.st_uid != os.getuid():
            raise CacheError(directory, _("it belongs to another user"))
        if state.st_mode & 0o077:
            directory.chmod(0o700)


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
