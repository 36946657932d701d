"""The SQLite database of facts: what is known about each note of one vault.

``schema.sql`` documents the tables. Reports ask it with :meth:`Catalog.select`; only sync writes.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple, Self

from notevault.errors import CacheError
from notevault.model import Diagnostic, Facts, Note, NotePath, Signature, Todo
from notevault.text import normalize, printable_path

CATALOG_NAME: Final = "catalog.sqlite"
_BUSY_SECONDS: Final = 30.0


class KnownNote(NamedTuple):
    """What the catalogue remembers of a note's file; a tuple, because every answer begins with all of them."""

    id: int
    uid: str
    signature: Signature
    digest: str
    look_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """A note read and understood, ready to be stored."""

    note_id: int
    uid: str
    signature: Signature
    note: Note
    facts: Facts
    diagnostics: tuple[Diagnostic, ...]
    copy_of: int | None = None


def schema_fingerprint() -> str:
    """Return a digest of the schema; a catalogue made with another one is made anew."""
    return sha256(_schema().encode()).hexdigest()[:16]


class Catalog:
    """One open connection. Readers see the last committed state and never wait for a writer."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the catalogue in ``directory``, making it where there is none or its schema is another.

        Raises CacheError where the folder cannot be used. A damaged file is put aside and made anew.
        """
        path = directory / CATALOG_NAME
        try:
            catalog = cls(_connect(path), path)
            if catalog._is_current():
                return catalog
            catalog.close()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise CacheError(path, str(error)) from error
            if isinstance(error, sqlite3.OperationalError) and not path.exists():
                raise CacheError(directory, str(error)) from error
        return cls._make(path)

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty catalogue that is gone with its connection."""
        catalog = cls(_prepare(sqlite3.connect(":memory:", isolation_level=None)), None)
        catalog._create()
        return catalog

    @classmethod
    def _make(cls, path: Path) -> Self:
        try:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            catalog = cls(_connect(path), path)
            catalog._create()
        except (OSError, sqlite3.OperationalError) as error:
            raise CacheError(path, str(error)) from error
        return catalog

    def _is_current(self) -> bool:
        if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            return False
        return self.meta("schema") == schema_fingerprint()

    def _create(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            for statement in _schema().split(";\n"):
                self._connection.execute(statement)
            self.set_meta("schema", schema_fingerprint())
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # --- reading ---

    def select(self, sql: str, parameters: Sequence[object] | dict[str, object] = ()) -> list[sqlite3.Row]:
        """Return the rows of one SELECT over the tables of ``schema.sql``; values are bound, never pasted."""
        return self._connection.execute(sql, parameters).fetchall()

    def iterate(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[sqlite3.Row]:
        """Like :meth:`select`, a row at a time."""
        yield from self._connection.execute(sql, parameters)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold one consistent state for several selects."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def meta(self, key: str) -> str | None:
        """Return a remembered text."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def note_count(self) -> int:
        """Return how many notes are known."""
        count: int = self._connection.execute("SELECT count(*) FROM notes").fetchone()[0]
        return count

    def known_notes(self) -> dict[NotePath, KnownNote]:
        """Return every known note by its path as on disk."""
        cursor = self._connection.cursor()
        cursor.row_factory = None  # plain tuples: this runs before every answer
        rows = cursor.execute(
            "SELECT path, id, uid, size, mtime_ns, ctime_ns, inode, device, digest, look_again FROM notes"
        )
        return {
            stored_to_path(path): KnownNote(
                note_id, uid, Signature(size, mtime, ctime, int(inode), int(device)), digest, bool(again)
            )
            for path, note_id, uid, size, mtime, ctime, inode, device, digest, again in rows
        }

    def known_stamps(self) -> dict[str, str]:
        """Return path as stored → stamp of every known note: all that has to be read where nothing has changed."""
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return dict(cursor.execute("SELECT path, stamp FROM notes").fetchall())

    def find_note_id(self, path: NotePath) -> int | None:
        """Return the id of the note at ``path``, None where it is not known."""
        row = self._connection.execute("SELECT id FROM notes WHERE path = ?", (path_to_stored(path),)).fetchone()
        return row[0] if row else None

    # --- writing ---

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything written inside, or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one writing statement inside :meth:`transaction`."""
        self._connection.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one writing statement for each row."""
        self._connection.executemany(sql, rows)

    def set_meta(self, key: str, value: str) -> None:
        """Remember a text."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def next_note_id(self) -> int:
        """Return the first id that no note, known or removed, has had."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'notes'").fetchone()
        return (row[0] if row else 0) + 1

    def put_note(self, taken: TakenIn) -> None:
        """Store a note, replacing all that was known of it."""
        self.remove_notes([taken.note_id])
        self._put_note_row(taken)
        note_id, facts = taken.note_id, taken.facts
        self.execute(
            "INSERT INTO texts VALUES (?, ?, ?)",
            (note_id, _storable(taken.note.text), _storable(normalize(taken.note.text))),
        )
        self._put_fields(note_id, facts)
        self._put_body(note_id, taken.note)
        self.put_todos(note_id, facts.todos)
        self.put_diagnostics(note_id, taken.diagnostics)

    def remove_notes(self, note_ids: Iterable[int]) -> None:
        """Forget notes with all that was known of them."""
        self.execute_many("DELETE FROM notes WHERE id = ?", [(note_id,) for note_id in note_ids])

    def touch_note(self, note_id: int, signature: Signature, *, look_again: bool) -> None:
        """Store a new signature for unchanged content."""
        self.execute(
            "UPDATE notes SET size=?, mtime_ns=?, ctime_ns=?, inode=?, device=?, stamp=?, look_again=? WHERE id=?",
            (*_signature_row(signature), int(look_again), note_id),
        )

    def move_note(self, note_id: int, path: NotePath) -> None:
        """Store a note's new place."""
        self.execute("UPDATE notes SET path=? WHERE id=?", (path_to_stored(path), note_id))

    def put_todos(self, note_id: int, todos: Sequence[Todo]) -> None:
        """Store a note's ToDos; an id that another note already has gets a suffix."""
        for position, todo in enumerate(todos):
            self.execute(
                "INSERT INTO todos VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    self._free_todo_id(todo.id),
                    note_id,
                    position,
                    todo.text,
                    todo.status.value,
                    _iso(todo.due),
                    todo.owner,
                    todo.priority,
                    _iso(todo.done_on),
                    todo.line,
                    todo.section,
                ),
            )

    def _free_todo_id(self, wish: str) -> str:
        candidate, number = wish, 1
        while self._connection.execute("SELECT 1 FROM todos WHERE id = ?", (candidate,)).fetchone():
            number += 1
            candidate = f"{wish}-{number}"
        return candidate

    def put_diagnostics(self, note_id: int, diagnostics: Iterable[Diagnostic]) -> None:
        """Replace the diagnostics of a note."""
        self.execute("DELETE FROM diagnostics WHERE note_id = ?", (note_id,))
        self.execute_many(
            "INSERT INTO diagnostics VALUES (?,?,?,?,?,?,?,?,?)",
            [
                (note_id, d.rule, d.severity.value, d.line, d.column, d.message, d.hint)
                + ((d.span.start, d.span.end) if d.span else (None, None))
                for d in diagnostics
            ],
        )

    def _put_note_row(self, taken: TakenIn) -> None:
        facts, note = taken.facts, taken.note
        self.execute(
            "INSERT INTO notes (id, uid, path, size, mtime_ns, ctime_ns, inode, device, stamp, digest, encoding, title,"
            " type, day, customer, stage, stage_raw, owner, channel, deal, amount, currency, close_day, parsed,"
            " copy_of, taken_in) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                taken.note_id,
                taken.uid,
                path_to_stored(note.path),
                *_signature_row(taken.signature),
                note.digest,
                note.encoding,
                _storable(facts.title),
                facts.type,
                _iso(facts.day),
                facts.customer,
                facts.stage,
                facts.stage_raw,
                facts.owner,
                facts.channel,
                facts.deal,
                facts.amount,
                facts.currency,
                _iso(facts.close_day),
                int(not any(d.rule == "syntax" for d in taken.diagnostics)),
                taken.copy_of,
                datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        )

    def _put_fields(self, note_id: int, facts: Facts) -> None:
        self.execute_many(
            "INSERT INTO fields VALUES (?,?,?,?,?,?,?,?,?)",
            [
                (note_id, f.key, f.raw_key, f.position, f.value, normalize(f.value), f.number, _iso(f.day), f.line)
                for f in facts.fields
            ],
        )
        self.execute_many("INSERT INTO tags VALUES (?,?,?)", [(note_id, tag, normalize(tag)) for tag in facts.tags])
        self.execute_many(
            "INSERT INTO people VALUES (?,?,?,?,?,?,?,?,?,?,NULL)",
            [
                (note_id, at, p.raw, p.name, p.title, p.department, p.company, p.email, p.phone, p.role)
                for at, p in enumerate(facts.contacts)
            ],
        )
        self.execute_many(
            "INSERT INTO learned VALUES (?,?,?,?,?)",
            [(note_id, e.key, e.value, e.level, e.line) for e in facts.learned],
        )
        self.execute_many("INSERT INTO competitors VALUES (?,?)", [(note_id, name) for name in facts.competitors])

    def _put_body(self, note_id: int, note: Note) -> None:
        self.execute_many(
            "INSERT INTO sections VALUES (?,?,?,?,?,?)",
            [
                (note_id, at, s.level, s.heading, s.line, _storable(note.text[s.body_span.start : s.body_span.end]))
                for at, s in enumerate(note.sections)
            ],
        )
        self.execute_many(
            "INSERT INTO links VALUES (?,?,?,?,?,?)",
            [(note_id, link.target, link.label, link.line, link.wiki, link.image) for link in note.links],
        )


def path_to_stored(path: NotePath) -> str:
    r"""Return the path as the database keeps it: bytes that are not UTF-8 become ``\xNN``, a backslash ``\\``."""
    if path.isascii() and "\\" not in path:
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


def _signature_row(signature: Signature) -> tuple[int, int, int, str, str, str]:
    # inode and device exceed SQLite's 64-bit integers on Windows
    size, mtime, ctime, inode, device = signature
    return (size, mtime, ctime, str(inode), str(device), stamp_of(signature))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _storable(text: str) -> str:
    """Return ``text`` without lone surrogates, which SQLite cannot keep."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _schema() -> str:
    return files("notevault").joinpath("schema.sql").read_text(encoding="utf-8")


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    return _prepare(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None))


def _prepare(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
