"""One walk over a vault: which files are notes, with their signatures, and why the others are not.

Nothing is opened here; links are not followed.
"""

import errno
import os
import stat
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from notevault.messages import gettext as _
from notevault.model import Failure, NotePath, Signature
from notevault.records import record
from notevault.text import path_key, printable_path

TEMPLATES_FOLDER: Final = "templates"
NOTE_SUFFIXES: Final = (".md", ".markdown")
TOOL_FOLDERS: Final = frozenset({"@eadir", "#recycle", "$recycle.bin", "node_modules"})
"""Folders of tools whose names do not begin with a dot, in lower case."""
_BACKUP_SUFFIXES: Final = ("~", ".swp", ".swo", ".bak", ".orig", ".tmp", "___jb_tmp___", "___jb_old___")
TEMPORARY_PREFIXES: Final = (".", "~syncthing~")

_LATEST: Final = 2**63 - 1
"""Nanoseconds: the year 2262; the database holds no greater number."""
_ON_WINDOWS: Final = sys.platform == "win32"
# macOS: SF_DATALESS. Windows: OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS.
_DATALESS_FLAG: Final = 0x40000000
_RECALL_ATTRIBUTES: Final = 0x1000 | 0x40000 | 0x400000
_HAS_PLACEHOLDERS: Final = sys.platform in ("darwin", "win32")


@record
class Ignored:
    """Something in the vault that is not taken for a note, and why."""

    path: NotePath
    reason: str
    is_folder: bool = False


@record
class VaultScan:
    """What one walk found."""

    signatures: dict[NotePath, Signature]
    errors: tuple[Failure, ...] = ()
    """Folders that could not be listed, files that could not be looked at, and clashing names."""
    unreadable: tuple[NotePath, ...] = ()
    """Folders and files of which nothing is known now, "" for all; what was known below them still holds."""
    placeholders: tuple[NotePath, ...] = ()
    """Notes whose content is in the cloud only; also in ``unreadable``."""
    clashes: tuple[tuple[NotePath, NotePath], ...] = ()
    """Pairs of names that differ in Unicode form only; the first is taken, the second left out."""


def is_note_name(name: str) -> bool:
    """Return whether a file of this name is a note."""
    return name.lower().endswith(NOTE_SUFFIXES) and not name.startswith(TEMPORARY_PREFIXES)


def is_folder_name(name: str, *, at_root: bool) -> bool:
    """Return whether notes are looked for in a folder of this name."""
    if name.startswith(".") or name.lower() in TOOL_FOLDERS:
        return False
    return not (at_root and name == TEMPLATES_FOLDER)


def signature_of(status: os.stat_result) -> Signature:
    """Return what a walk and an opened file agree on."""
    mtime, ctime = status.st_mtime_ns, status.st_ctime_ns
    if mtime > _LATEST or ctime > _LATEST or mtime < -_LATEST:  # a broken clock
        mtime, ctime = max(min(mtime, _LATEST), -_LATEST), min(ctime, _LATEST)
    if _ON_WINDOWS:  # os.scandir reports neither inode nor device there
        return Signature(status.st_size, mtime, ctime, 0, 0)
    # as Signature(…) does, in half the time
    return tuple.__new__(Signature, (status.st_size, mtime, ctime, status.st_ino, status.st_dev))


def is_placeholder(status: os.stat_result) -> bool:
    """Return whether reading the file would fetch it from the cloud."""
    if not _HAS_PLACEHOLDERS:
        return False
    flags = getattr(status, "st_flags", 0) & _DATALESS_FLAG
    return bool(flags or getattr(status, "st_file_attributes", 0) & _RECALL_ATTRIBUTES)


def scan_vault(root: str) -> VaultScan:
    """Walk the vault once and return every note with its signature."""
    walk = _Walk(root)
    walk.run()
    clashes = tuple(_take_out_clashes(walk.signatures))
    errors = [Failure(path=second, reason=_clash_reason(first)) for first, second in clashes]
    return VaultScan(
        signatures=walk.signatures,
        errors=(*walk.errors, *errors),
        unreadable=(*walk.unreadable, *walk.placeholders),
        placeholders=tuple(walk.placeholders),
        clashes=clashes,
    )


class _Walk:
    def __init__(self, root: str) -> None:
        self.signatures: dict[NotePath, Signature] = {}
        self.errors: list[Failure] = []
        self.unreadable: list[NotePath] = []
        self.placeholders: list[NotePath] = []
        self._root = root

    def run(self) -> None:
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(os.path.join(self._root, folder) if folder else self._root) as entries:
                    self._take(entries, f"{folder}/" if folder else "", folders)
            except OSError as error:
                self._fail(NotePath(folder), error)

    def _take(self, entries: Iterator[os.DirEntry[str]], prefix: str, folders: list[str]) -> None:
        # the hot loop: a vault of 100,000 notes goes through here on every sync
        signatures: dict[Any, Signature] = self.signatures  # NotePath is a call, for types only
        for entry in entries:
            name = entry.name
            if name.startswith(TEMPORARY_PREFIXES):
                continue
            try:
                if name.lower().endswith(NOTE_SUFFIXES) and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    if _HAS_PLACEHOLDERS and is_placeholder(status):
                        self.placeholders.append(NotePath(prefix + name))
                    else:
                        signatures[prefix + name] = signature_of(status)
                elif entry.is_dir(follow_symlinks=False) and self._is_entered(entry, at_root=not prefix):
                    folders.append(prefix + name)
            except FileNotFoundError:  # gone since it was listed
                continue
            except OSError as error:
                self._fail(NotePath(prefix + name), error)

    @staticmethod
    def _is_entered(entry: os.DirEntry[str], *, at_root: bool) -> bool:
        return is_folder_name(entry.name, at_root=at_root) and not _is_junction(entry)

    def _fail(self, path: NotePath, error: OSError) -> None:
        if isinstance(error, FileNotFoundError) and path:  # the folder is gone since it was listed
            return
        reason = _("the folder or file cannot be looked at: {reason}").format(reason=error.strerror or error)
        self.errors.append(Failure(path=path, reason=reason))
        self.unreadable.append(path)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    if not _ON_WINDOWS:
        return False
    status = entry.stat(follow_symlinks=False)
    return bool(getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1))


def _take_out_clashes(signatures: dict[NotePath, Signature]) -> Iterator[tuple[NotePath, NotePath]]:
    """Leave one of several names that differ in Unicode form only: the NFC one, else the first in order."""
    is_normalized = unicodedata.is_normalized
    if is_normalized("NFC", "\0".join(signatures)):  # nearly always, and told for all names at once
        return
    spelled: dict[str, list[NotePath]] = {}
    for path in signatures:
        if not path.isascii() and not is_normalized("NFC", path):
            spelled.setdefault(path_key(path), []).append(path)
    for key, paths in sorted(spelled.items()):
        composed = NotePath(key)
        ordered = [composed, *sorted(paths)] if composed in signatures else sorted(paths)
        for second in ordered[1:]:
            del signatures[second]
            yield ordered[0], second


def _clash_reason(first: NotePath) -> str:
    return _("its name differs from {path} only in the way accents are encoded; rename one").format(
        path=printable_path(first)
    )


def find_ignore_reason(path: NotePath) -> str | None:
    """Return why a path is not taken for a note, judged by its name alone, or None where it is."""
    *folders, name = path.split("/")
    for depth, folder in enumerate(folders):
        if reason := _folder_reason(folder, at_root=depth == 0):
            return reason
    return _name_reason(name)


def iter_ignored(root: str) -> Iterator[Ignored]:
    """Yield what a walk leaves out, with the reason; folders left out are not looked into."""
    folders = [""]
    while folders:
        folder = folders.pop()
        prefix = f"{folder}/" if folder else ""
        try:
            with os.scandir(os.path.join(root, folder) if folder else root) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:  # reported by the scan
            continue
        for entry in entries:
            path = NotePath(prefix + entry.name)
            if entry.is_dir(follow_symlinks=False):
                if reason := _folder_reason(entry.name, at_root=not folder) or _junction_reason(entry):
                    yield Ignored(path=path, reason=reason, is_folder=True)
                else:
                    folders.append(path)
            elif reason := _linked_folder_reason(entry, root) or _name_reason(entry.name) or _kind_reason(entry, root):
                yield Ignored(path=path, reason=reason)


def _folder_reason(name: str, *, at_root: bool) -> str | None:
    if is_folder_name(name, at_root=at_root):
        return None
    if at_root and name == TEMPLATES_FOLDER:
        return _("holds templates")
    return (
        _("belongs to another tool")
        if name.lower() in TOOL_FOLDERS
        else _("hidden folder (its name begins with a dot)")
    )


def _name_reason(name: str) -> str | None:  # noqa: PLR0911 -- one for each kind of name
    if is_note_name(name):
        return None
    if name.startswith(".nv-") and name.endswith(".tmp"):
        return _("left over from an interrupted write of notevault; may be deleted")
    if name.startswith((".~lock", ".#")):
        return _("lock file of an editor")
    if name.startswith("._"):
        return _("macOS metadata")
    if name.startswith("."):
        return _("hidden file (its name begins with a dot)")
    if name.startswith("~syncthing~"):
        return _("temporary file of Syncthing")
    if name.endswith(_BACKUP_SUFFIXES) or (name.startswith("#") and name.endswith("#")):
        return _("backup or temporary file of an editor")
    return _("not a Markdown file")


def _kind_reason(entry: os.DirEntry[str], root: str) -> str | None:
    if entry.is_symlink():
        return _link_reason(entry.path, root)
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError:  # gone since it was listed
        return None
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISFIFO(mode):
        return _("named pipe, not a regular file")
    if stat.S_ISSOCK(mode):
        return _("socket, not a regular file")
    return _("device, not a regular file")


def _linked_folder_reason(entry: os.DirEntry[str], root: str) -> str | None:
    if entry.is_symlink() and os.path.isdir(entry.path):
        return _link_reason(entry.path, root)
    return None


def _link_reason(link: str, root: str) -> str:
    try:
        os.stat(link)
    except FileNotFoundError:
        return _("symbolic link to nothing; links are not followed")
    except OSError as error:
        if error.errno == errno.ELOOP:
            return _("symbolic link that leads round in a circle; links are not followed")
        return _("symbolic link; links are not followed")
    real, target = os.path.realpath(root), os.path.realpath(link)
    if target != real and not target.startswith(real.rstrip(os.sep) + os.sep):
        return _("symbolic link that leads out of the vault; links are not followed")
    return _("symbolic link; links are not followed")


def _junction_reason(entry: os.DirEntry[str]) -> str | None:
    return _("link to another folder; links are not followed") if _is_junction(entry) else None
