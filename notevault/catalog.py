"""The SQLite database of facts: what is known about each note of one vault.

``schema.sql`` documents the tables. Reports ask it with :meth:`Catalog.select`; only sync writes.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from notevault.database import FILE_SUFFIXES, Database
from notevault.errors import CacheError
from notevault.exact_scan import ExactScan
from notevault.model import NotePath, Signature
from notevault.text import printable_path

CATALOG_NAME: Final = "catalog.sqlite"


class KnownNote(NamedTuple):
    """What the catalogue remembers of a note's file."""

    id: int
    uid: str
    signature: Signature
    digest: str
    look_again: int
    """0, or when its signature was first seen, in ms of the monotonic clock; -1: read anew whatever is known."""


def schema_fingerprint() -> str:
    """Return a digest of the schema; a catalogue made with another one is made anew."""
    return sha256(_schema().encode()).hexdigest()[:16]


class Catalog(Database):
    """The tables of ``schema.sql``. Readers see the last committed state and never wait for a writer."""

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the catalogue in ``directory``, making it where there is none or its schema is another.

        Raises CacheError where the folder cannot be used, CatalogDamagedError where the file is no catalogue.
        """
        path = directory / CATALOG_NAME
        catalog = cls.connect(path)
        try:
            if not catalog._is_current():  # noqa: SLF001 -- its own class
                catalog._create()  # noqa: SLF001
        except BaseException:
            catalog.close()
            raise
        return catalog

    @classmethod
    def open_to_read(cls, directory: Path) -> Self | None:
        """Open the catalogue for reading only; None where there is none yet, or one of another version.

        Raises CacheError, CatalogDamagedError.
        """
        path = directory / CATALOG_NAME
        if not path.is_file():
            return None
        catalog = cls.connect_to_read(path)
        try:
            current = catalog._is_current()  # noqa: SLF001
        except BaseException:
            catalog.close()
            raise
        if not current:
            catalog.close()
        return catalog if current else None

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty catalogue that is gone with its connection."""
        catalog = super().in_memory()
        catalog._create()  # noqa: SLF001
        return catalog

    @staticmethod
    def discard(directory: Path) -> None:
        """Remove the catalogue's files; what they held is in the notes. Raises CacheError."""
        try:
            for suffix in FILE_SUFFIXES:
                (directory / (CATALOG_NAME + suffix)).unlink(missing_ok=True)
        except OSError as error:
            raise CacheError(directory, error.strerror or str(error)) from error

    def _is_current(self) -> bool:
        if not self.select("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            return False
        return self.meta("schema") == schema_fingerprint() and self.meta("layout") == self._layout()

    def _layout(self) -> str:
        """Return a digest of the tables as the file describes them; damage there shows in odd places otherwise."""
        described = self.select_tuples("SELECT name, sql FROM sqlite_master ORDER BY name")
        return sha256(repr(described).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _create(self) -> None:
        """Make the tables, dropping those of another version; another process may have been quicker."""
        self.execute("PRAGMA foreign_keys = OFF")  # cannot be set inside a transaction
        with self.transaction():
            if not self._is_current():
                self.drop_tables()
                for statement in _schema().split(";\n"):
                    self.execute(statement)
                self.set_meta("schema", schema_fingerprint())
                self.set_meta("layout", self._layout())
        self.execute("PRAGMA foreign_keys = ON")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # --- reading ---

    @cached_property
    def exact_scan(self) -> ExactScan:
        """The search for pieces of text in all notes."""
        return ExactScan(self)

    def meta(self, key: str) -> str | None:
        """Return a remembered text."""
        rows = self.select("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def note_count(self) -> int:
        """Return how many notes are known."""
        count: int = self.select("SELECT count(*) FROM notes")[0][0]
        return count

    def known_notes(self, where: str = "1", parameters: Sequence[object] = ()) -> dict[NotePath, KnownNote]:
        """Return every known note, or those a condition over ``notes`` lets through, by its path as on disk."""
        rows = self.select_tuples(
            "SELECT path, id, uid, size, mtime_ns, ctime_ns, inode, device, digest, look_again FROM notes"
            f" WHERE {where}",
            parameters,
        )
        return {
            stored_to_path(path): KnownNote(
                note_id, uid, Signature(size, mtime, ctime, int(inode), int(device)), digest, again
            )
            for path, note_id, uid, size, mtime, ctime, inode, device, digest, again in rows
        }

    def known_stamps(self, where: str = "1", parameters: Sequence[object] = ()) -> dict[str, str]:
        """Return path as stored → stamp of known notes: all that has to be read where nothing has changed."""
        return dict(self.select_tuples(f"SELECT path, stamp FROM notes WHERE {where}", parameters))

    def stamps_on_disk(self) -> dict[NotePath, str]:
        """Return path as on disk → stamp of every known note."""
        stamps: dict[Any, str] = self.known_stamps()  # NotePath is a call, for types only
        escaped = [path for path in stamps if "\\" in path]
        stamps |= {stored_to_path(path): stamps.pop(path) for path in escaped}
        return stamps

    def read_anew(self, where: str = "1", parameters: Sequence[object] = ()) -> None:
        """Have notes taken in anew by the next sync, whatever their files look like."""
        self.execute(f"UPDATE notes SET look_again = -1, stamp = '' WHERE {where}", parameters)

    def find_note_id(self, path: NotePath) -> int | None:
        """Return the id of the note at ``path``, None where it is not known."""
        rows = self.select("SELECT id FROM notes WHERE path = ?", (path_to_stored(path),))
        return rows[0][0] if rows else None

    # --- writing ---

    def set_meta(self, key: str, value: str) -> None:
        """Remember a text."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def next_note_id(self) -> int:
        """Return the first id that no note, known or removed, has had."""
        rows = self.select("SELECT seq FROM sqlite_sequence WHERE name = 'notes'")
        return (rows[0][0] if rows else 0) + 1

    def remove_notes(self, note_ids: Iterable[int]) -> None:
        """Forget notes with all that was known of them."""
        self.execute_many("DELETE FROM notes WHERE id = ?", [(note_id,) for note_id in note_ids])

    def touch_note(self, note_id: int, signature: Signature, *, look_again: int) -> None:
        """Store the signature that was seen with unchanged content."""
        self.execute(
            "UPDATE notes SET size=?, mtime_ns=?, ctime_ns=?, inode=?, device=?, stamp=?, look_again=? WHERE id=?",
            (*signature_row(signature), look_again, note_id),
        )

    def settle_notes(self, note_ids: Iterable[int]) -> None:
        """Remember that notes need not be looked at again."""
        self.execute_many("UPDATE notes SET look_again = 0 WHERE id = ?", [(note_id,) for note_id in note_ids])

    def move_note(self, note_id: int, path: NotePath) -> None:
        """Store a note's new place."""
        self.execute("UPDATE notes SET path=? WHERE id=?", (path_to_stored(path), note_id))


def path_to_stored(path: NotePath) -> str:
    r"""Return the path as the database keeps it: bytes that are not UTF-8 become ``\xNN``, a backslash ``\\``."""
    if "\\" not in path:
        try:
            path.encode()
        except UnicodeEncodeError:
            pass
        else:
            return path
    return printable_path(path.replace("\\", "\\\\"))


def stored_to_path(stored: str) -> NotePath:
    """Return the path as on disk; the inverse of :func:`path_to_stored`."""
    if "\\" not in stored:
        return NotePath(stored)
    pieces = stored.split("\\\\")
    restored = []
    for piece in pieces:
        head, *rest = piece.split("\\x")
        restored.append(head + "".join(chr(0xDC00 + int(part[:2], 16)) + part[2:] for part in rest))
    return NotePath("\\".join(restored))


def stamp_of(signature: Signature) -> str:
    """Return a signature as one text, to be compared."""
    return f"{signature[0]}.{signature[1]}.{signature[2]}.{signature[3]}.{signature[4]}"


def signature_row(signature: Signature) -> tuple[int, int, int, str, str, str]:
    """Return size, times, inode, device and stamp as the table of notes holds them."""
    # inode and device exceed SQLite's 64-bit integers on Windows
    size, mtime, ctime, inode, device = signature
    return (size, mtime, ctime, str(inode), str(device), stamp_of(signature))


def _schema() -> str:
    return Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
