"""What commands wrote into the vault, kept so that it can be taken back byte for byte.

An entry is on disk before the first file is written, so an interrupted change can be taken back too.
"""

import json
import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from notevault.atomic import create_file
from notevault.errors import FileChangedError, JournalError
from notevault.model import NotePath
from notevault.records import record
from notevault.text import printable_path
from notevault.vault import Vault

_KEPT: Final = 50
"""Entries; older ones are forgotten."""
_SUFFIX: Final = ".json"


@record
class FileChange:
    """One file before and after; ``before`` is None for a file that is made."""

    path: NotePath
    before: bytes | None
    after: bytes


@record
class JournalEntry:
    """One command's changes."""

    id: str
    kind: str
    """The command: ``customer merge``."""
    title: str
    """What it did, in words."""
    changes: tuple[FileChange, ...]


def open_journal(cache: Path) -> "Journal":
    """Return the journal of a vault, by the folder of its derived data."""
    return Journal(cache / "journal")


class Journal:
    """The entries of one vault, in a folder of its derived data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry_out(self, vault: Vault, changes: Sequence[FileChange], *, kind: str, title: str) -> JournalEntry:
        """Write the files and remember how they were.

        Raises FileChangedError, before anything is written, where a file is no longer as it was planned on.
        """
        _check_untouched(vault, changes)
        entry = JournalEntry(id=_new_id(), kind=kind, title=title, changes=tuple(changes))
        self._write(entry)
        for change in changes:
            if change.before is None:
                vault.create(change.path, change.after)
            else:
                vault.write(change.path, change.after, expected_digest=_digest(change.before))
        return entry

    def find_last(self, kinds: Iterable[str] = ()) -> JournalEntry | None:
        """Return the newest entry not yet taken back, of one of ``kinds`` where any is named."""
        wanted = set(kinds)
        for path in sorted(self._paths(), reverse=True):
            entry = _read(path)
            if entry is not None and (not wanted or entry.kind in wanted):
                return entry
        return None

    def undo(self, vault: Vault, entry: JournalEntry) -> tuple[NotePath, ...]:
        """Give every file of an entry its bytes back and return the paths; a file that was made is removed.

        Raises FileChangedError, before anything is written, where a file was edited since.
        """
        pending = [change for change in entry.changes if not _is_back(vault, change)]
        for change in pending:
            if _read_file(vault, change.path) != change.after:
                raise FileChangedError(printable_path(change.path))
        for change in reversed(pending):
            if change.before is None:
                vault.remove(change.path, expected_digest=_digest(change.after))
            else:
                vault.write(change.path, change.before, expected_digest=_digest(change.after))
        (self._folder / f"{entry.id}{_SUFFIX}").unlink(missing_ok=True)
        return tuple(change.path for change in entry.changes)

    def _paths(self) -> list[Path]:
        return list(self._folder.glob(f"*{_SUFFIX}"))

    def _write(self, entry: JournalEntry) -> None:
        path = self._folder / f"{entry.id}{_SUFFIX}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_file(os.fspath(path), json.dumps(_to_json(entry)).encode())
        except OSError as error:
            raise JournalError(path, error.strerror or str(error)) from error
        for old in sorted(self._paths(), reverse=True)[_KEPT:]:
            old.unlink(missing_ok=True)


def _check_untouched(vault: Vault, changes: Sequence[FileChange]) -> None:
    for change in changes:
        if _read_file(vault, change.path) != change.before:
            raise FileChangedError(printable_path(change.path))


def _is_back(vault: Vault, change: FileChange) -> bool:
    """Say whether a file is as it was before: taken back already, or never written."""
    return _read_file(vault, change.path) == change.before


def _read_file(vault: Vault, path: NotePath) -> bytes | None:
    try:
        return vault.read(path)[0]
    except FileNotFoundError:
        return None


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _new_id() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")


def _to_json(entry: JournalEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "title": entry.title,
        "changes": [
            {
                "path": change.path,
                "before": None if change.before is None else b2a_base64(change.before, newline=False).decode(),
                "after": b2a_base64(change.after, newline=False).decode(),
            }
            for change in entry.changes
        ],
    }


def _read(path: Path) -> JournalEntry | None:
    """Return the entry of a file; None where it cannot be read, as after a crash of the machine."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        changes = tuple(
            FileChange(
                path=NotePath(str(change["path"])),
                before=None if change["before"] is None else a2b_base64(change["before"]),
                after=a2b_base64(change["after"]),
            )
            for change in found["changes"]
        )
        return JournalEntry(id=path.stem, kind=str(found["kind"]), title=str(found["title"]), changes=changes)
    except (OSError, ValueError, KeyError, TypeError):
        return None
