"""The notes on disk: walked, read, written whole. The only way to the user's files.

What is in a note is :mod:`notevault.note`'s work, what is remembered of it the catalogue's.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from notevault.atomic import ChangedMeanwhileError, create_file, open_to_read, read_up_to, replace_file
from notevault.edits import apply_edits
from notevault.errors import (
    FileChangedError,
    NotePathError,
    UnreadableNoteError,
    VaultNotFoundError,
    WriteRefusedError,
)
from notevault.messages import gettext as _
from notevault.model import Edit, NotePath, Signature
from notevault.text import path_key, printable_path
from notevault.walk import (
    Ignored,
    VaultScan,
    find_ignore_reason,
    is_placeholder,
    iter_ignored,
    scan_vault,
    signature_of,
)

__all__ = ["MAX_NOTE_SIZE", "SETTINGS_FILE", "Ignored", "Vault", "VaultScan", "find_vault"]

SETTINGS_FILE: Final = "notevault.toml"
MAX_NOTE_SIZE: Final = 32 * 1024 * 1024


def find_vault(start: Path) -> Path:
    """Return the nearest folder from ``start`` upward that holds a ``notevault.toml``; raises VaultNotFoundError."""
    start = Path(os.path.abspath(start))
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise VaultNotFoundError(start)


class Vault:
    """A folder of notes."""

    def __init__(self, root: Path, *, max_size: int = MAX_NOTE_SIZE) -> None:
        self.root = Path(os.path.abspath(root))
        self.max_size = max_size
        self._root = os.fspath(self.root)

    def scan(self) -> VaultScan:
        """Return every note with its signature, and what could not be looked at."""
        return scan_vault(self._root)

    def iter_files(self) -> Iterator[NotePath]:
        """Yield the path of every note, in order."""
        yield from sorted(self.scan().signatures)

    def iter_ignored(self) -> Iterator[Ignored]:
        """Yield what is in the vault and not taken for a note, with the reason."""
        return iter_ignored(self._root)

    def find_ignore_reason(self, path: NotePath) -> str | None:
        """Return why a path is not taken for a note, judged by its name alone, or None where it is."""
        return find_ignore_reason(path)

    def locate(self, path: NotePath) -> Path:
        """Return where a note is on disk."""
        return Path(self._full(path))

    def find_signature(self, path: NotePath) -> Signature | None:
        """Return what a walk would see at ``path``; None where there is no regular file. Raises OSError."""
        try:
            status = os.lstat(self._full(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return signature_of(status) if stat.S_ISREG(status.st_mode) else None

    def is_gone(self, path: NotePath) -> bool:
        """Say whether there is certainly no note at ``path``."""
        try:
            return self.find_signature(path) is None
        except OSError:
            return False

    def read(self, path: NotePath) -> tuple[bytes, Signature]:
        """Return a note's bytes and the signature it had before they were read.

        Raises FileNotFoundError, other OSError, or UnreadableNoteError for what is no regular file, a link, too large,
        or in the cloud only.
        """
        try:
            descriptor = open_to_read(self._full(path))
        except OSError as error:
            if os.path.islink(self._full(path)):
                raise UnreadableNoteError(_shown(path), _("symbolic link; links are not followed")) from error
            raise
        try:
            status = os.fstat(descriptor)
            if reason := self._refusal(status):
                raise UnreadableNoteError(_shown(path), reason)
            data = read_up_to(descriptor, self.max_size + 1, likely=status.st_size)
        finally:
            os.close(descriptor)
        if len(data) > self.max_size:
            raise UnreadableNoteError(_shown(path), self._too_large(len(data)))
        return data, signature_of(status)

    def _refusal(self, status: os.stat_result) -> str | None:
        if not stat.S_ISREG(status.st_mode):
            return _("not a regular file")
        if status.st_size > self.max_size:
            return self._too_large(status.st_size)
        if is_placeholder(status):
            return _("its content is in the cloud only")
        return None

    def _too_large(self, size: int) -> str:
        return _("{size} MB, more than the {limit} MB that are read").format(
            size=round(size / 1e6), limit=round(self.max_size / 1e6)
        )

    def write(self, path: NotePath, data: bytes, *, expected_digest: str) -> None:
        """Replace a note's bytes where they still have the digest that was read.

        Raises FileChangedError with the file as somebody else left it, WriteRefusedError for links.
        """
        full = self._full(path)
        try:
            status = os.lstat(full)
        except FileNotFoundError as error:
            raise FileChangedError(_shown(path)) from error
        if not stat.S_ISREG(status.st_mode):
            raise WriteRefusedError(_shown(path), _("it is a link or no regular file"))
        if status.st_nlink > 1:
            raise WriteRefusedError(_shown(path), _("the file has a second name (hard link) that would lose it"))
        try:
            replace_file(full, data, expected_digest)
        except ChangedMeanwhileError as error:
            raise FileChangedError(_shown(path)) from error
        except OSError as error:
            raise WriteRefusedError(_shown(path), error.strerror or str(error)) from error

    def create(self, path: NotePath, data: bytes) -> None:
        """Make a new note; raises WriteRefusedError where something has that name already."""
        self._inside(self._full(path), path)
        if reason := find_ignore_reason(path):
            raise WriteRefusedError(_shown(path), reason)
        try:
            create_file(self._full(path), data)
        except FileExistsError as error:
            raise WriteRefusedError(_shown(path), _("something of that name is there already")) from error
        except OSError as error:
            raise WriteRefusedError(_shown(path), error.strerror or str(error)) from error

    def remove(self, path: NotePath, *, expected_digest: str) -> None:
        """Remove a note that still has the digest expected; raises FileChangedError, WriteRefusedError."""
        from notevault.note import digest_of  # noqa: PLC0415 -- see _edited

        try:
            if digest_of(self.read(path)[0]) != expected_digest:
                raise FileChangedError(_shown(path))
            os.unlink(self._full(path))
        except FileNotFoundError as error:
            raise FileChangedError(_shown(path)) from error
        except OSError as error:
            raise WriteRefusedError(_shown(path), error.strerror or str(error)) from error

    def apply(self, edits: Sequence[Edit]) -> tuple[NotePath, ...]:
        """Carry edits out and return the notes written, in order of their first edit.

        Nothing is written where any of the notes has changed since its edits were planned.
        """
        by_path: dict[NotePath, list[Edit]] = {}
        for edit in edits:
            by_path.setdefault(edit.path, []).append(edit)
        changes = [(path, *self._edited(path, of_note)) for path, of_note in by_path.items()]
        for path, digest, data in changes:
            self.write(path, data, expected_digest=digest)
        return tuple(path for path, _digest, _data in changes)

    def _edited(self, path: NotePath, edits: Sequence[Edit]) -> tuple[str, bytes]:
        # parsing imports YAML; a search that finds nothing changed goes without
        from notevault.note import decode_note, digest_of, encode_text  # noqa: PLC0415

        try:
            data, _signature = self.read(path)
        except FileNotFoundError as error:
            raise FileChangedError(_shown(path)) from error
        digest = digest_of(data)
        if any(edit.digest != digest for edit in edits):
            raise FileChangedError(_shown(path))
        decoded = decode_note(data)
        if encode_text(decoded.text, decoded.encoding, bom=decoded.bom) != data:
            raise WriteRefusedError(_shown(path), _("some of its bytes cannot be written back as they are"))
        try:
            return digest, encode_text(apply_edits(decoded.text, edits), decoded.encoding, bom=decoded.bom)
        except UnicodeEncodeError as error:
            reason = _("the new text cannot be written in {encoding}").format(encoding=decoded.encoding)
            raise WriteRefusedError(_shown(path), reason) from error

    def resolve(self, path_text: str, *, base: Path | None = None) -> NotePath:
        """Return the note that a person named: relative to ``base`` (the current folder), to the vault, or absolute.

        Back slashes and the Unicode form of the name do not matter. Raises NotePathError.
        """
        spellings = dict.fromkeys((path_text, path_text.replace("\\", "/")))
        outside = False
        for folder in (base or Path.cwd(), self.root):
            for spelling in spellings:
                full = os.path.normpath(os.path.join(folder, spelling))
                relative = self._relative(full)
                if relative is None:
                    outside = True
                elif (found := self._find(relative)) is not None:
                    return self._checked(found, path_text)
        reason = _("outside the vault") if outside and os.path.isabs(path_text) else _("no such note")
        raise NotePathError(printable_path(path_text), reason)

    def find_place(self, path_text: str, *, base: Path | None = None) -> NotePath | None:
        """Return the place in the vault that a person named, whatever is or is not there; None outside of it."""
        inside = [
            relative
            for folder in (base or Path.cwd(), self.root)
            if (relative := self._relative(os.path.normpath(os.path.join(folder, path_text.replace("\\", "/")))))
        ]
        there = (found for relative in inside if (found := self._find(relative)) is not None)
        place = next(there, inside[-1] if inside else None)
        return NotePath(place) if place else None

    def _relative(self, full: str) -> str | None:
        for root in dict.fromkeys((self._root, os.path.realpath(self._root))):
            inside = root.rstrip(os.sep) + os.sep
            if full.startswith(inside):
                return full[len(inside) :].replace(os.sep, "/")
        return None

    def _find(self, relative: str) -> str | None:
        """Return the path as spelled on disk, or None where there is no such file."""
        if os.path.lexists(self._full(NotePath(relative))):
            return relative
        spelled = ""
        for part in relative.split("/"):
            try:
                names = os.listdir(os.path.join(self._root, spelled))
            except OSError:
                return None
            match = next((name for name in sorted(names) if path_key(name) == path_key(part)), None)
            if match is None:
                return None
            spelled = f"{spelled}/{match}" if spelled else match
        return spelled

    def _checked(self, relative: str, path_text: str) -> NotePath:
        path = NotePath(relative)
        full = self._full(path)
        reason = find_ignore_reason(path)
        if os.path.islink(full):
            reason = _("symbolic link; links are not followed")
        elif os.path.isdir(full):
            reason = _("a folder")
        if reason:
            raise NotePathError(printable_path(path_text), reason)
        self._inside(full, path)
        return path

    def _inside(self, full: str, path: NotePath) -> None:
        root = os.path.realpath(self._root)
        if os.path.commonpath([os.path.realpath(os.path.dirname(full)), root]) != root:
            raise NotePathError(_shown(path), _("outside the vault"))

    def _full(self, path: NotePath) -> str:
        return f"{self._root}{os.sep}{path.replace('/', os.sep)}"


def _shown(path: NotePath) -> str:
    return printable_path(path)
