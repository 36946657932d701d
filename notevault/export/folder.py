"""The folder an export goes to: filled beside, moved in place whole, and never one that holds notes.

Files that are not of an export stay where they are.
"""

import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from notevault.atomic import TEMPORARY_PREFIX, TEMPORARY_SUFFIX
from notevault.errors import NotevaultError
from notevault.export.datapackage import DESCRIPTOR_NAME, PACKAGE_NAME
from notevault.messages import gettext as _
from notevault.vault import SETTINGS_FILE
from notevault.walk import is_note_name

_LARGEST_DESCRIPTOR: Final = 16 * 1024 * 1024


class ExportFolderError(NotevaultError):
    """A folder that an export must not or cannot be written to."""

    def __init__(self, folder: Path, reason: str, hint: str = "") -> None:
        super().__init__(_("{folder}: {reason}; nothing was written").format(folder=folder, reason=reason), hint)


@contextmanager
def staged_folder(out: Path, vault_root: Path, *, force: bool = False) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends well, its files become the content of ``out``.

    An earlier export is replaced. Raises ExportFolderError for a folder that holds notes, and for one that holds other
    files unless ``force``; those stay, except where an exported file has the same name.
    """
    out = Path(os.path.realpath(out))
    former = _check(out, Path(os.path.realpath(vault_root)), force=force)
    whole = (former is None or former >= _names(out)) and not _must_stay(out)
    beside = out.parent if whole else out
    staging = beside / f"{TEMPORARY_PREFIX}{secrets.token_hex(4)}{TEMPORARY_SUFFIX}"
    try:
        staging.mkdir(parents=True)
    except OSError as error:
        raise ExportFolderError(out, error.strerror or str(error)) from error
    try:
        yield staging
        if whole:
            _swap(staging, out)
        else:
            _move_into(staging, out, former or frozenset())
    except OSError as error:
        raise ExportFolderError(out, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _check(out: Path, root: Path, *, force: bool) -> frozenset[str] | None:
    """Return the files of the earlier export there, None where there is nothing yet."""
    elsewhere = _("name a new folder: notevault export --out DIR")
    if out == root or out in root.parents:
        raise ExportFolderError(out, _("the vault itself lies there"), elsewhere)
    if not os.path.lexists(out):
        return None
    if not out.is_dir():
        raise ExportFolderError(out, _("a file of that name exists"), elsewhere)
    names = _names(out)
    if not names:
        return None
    if SETTINGS_FILE in names or _holds_notes(out, root):
        raise ExportFolderError(out, _("the folder holds notes"), elsewhere)
    former = _find_former(out)
    if former is None and not force:
        raise ExportFolderError(
            out,
            _("the folder holds files that are not of an export"),
            _("name another folder, or write among them with --force"),
        )
    return former or frozenset()


def _holds_notes(out: Path, root: Path) -> bool:
    """Inside the vault no folder with Markdown files is written to, nor the templates."""
    if root not in out.parents:
        return False
    return any(is_note_name(name) for _folder, _folders, names in os.walk(out) for name in names)


def _find_former(out: Path) -> frozenset[str] | None:
    """Return the names of an earlier export's files, None where the folder is no export."""
    path = out / DESCRIPTOR_NAME
    try:
        if path.stat().st_size > _LARGEST_DESCRIPTOR:
            return None
        descriptor = json.loads(path.read_bytes())
        if descriptor["name"] != PACKAGE_NAME:
            return None
        paths = [resource["path"] for resource in descriptor["resources"]]
        named = (name for path in paths for name in (path if isinstance(path, list) else [path]))
        return frozenset({DESCRIPTOR_NAME, *map(str, named)})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _names(out: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in out.iterdir())
    except OSError as error:
        raise ExportFolderError(out, error.strerror or str(error)) from error


def _must_stay(out: Path) -> bool:
    """Return whether the folder itself cannot be exchanged: somebody stands in it, or it is a disk."""
    return out.exists() and (out == Path(os.path.realpath(os.curdir)) or os.path.ismount(out))


def _swap(staging: Path, out: Path) -> None:
    """Put the new folder where the old one was; the old one comes back where that fails."""
    if not out.exists():
        staging.chmod(0o777 & ~_umask())
        staging.rename(out)
        return
    staging.chmod(stat.S_IMODE(out.stat().st_mode))
    aside = staging.with_name(staging.name.replace(TEMPORARY_SUFFIX, f"-old{TEMPORARY_SUFFIX}"))
    out.rename(aside)
    try:
        staging.rename(out)
    except OSError:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _move_into(staging: Path, out: Path, former: frozenset[str]) -> None:
    """Move file by file. Without a descriptor a folder is no export, so it goes first and comes last."""
    (out / DESCRIPTOR_NAME).unlink(missing_ok=True)
    written = sorted(staging.iterdir(), key=lambda path: (path.name == DESCRIPTOR_NAME, path.name))
    for path in written:
        path.replace(out / path.name)
    for name in former - {path.name for path in written}:
        if Path(name).name == name:
            with suppress(OSError):
                (out / name).unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
