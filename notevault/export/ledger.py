"""What was exported under which id and digest, and the ids that the CRM gave: a plain CSV that outlives every cache."""

import csv
import io
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from weakref import finalize

from notevault.atomic import ChangedMeanwhileError, create_file, replace_file
from notevault.database import marks
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.note import digest_of

_HEADER: Final = ("table", "file", "id", "digest", "crm_id", "exported", "name")
_LISTED: Final = "kind, file, id, digest, crm_id, exported, name"
_STORED: Final = ("table", "id", "file", "digest", "crm_id", "exported", "name")
"""Columns of the CSV in the order of the temporary table, whose ``kind`` is the neutral table."""


class LedgerError(NotevaultError):
    """A ledger that cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            _("{path}: the list of what was exported cannot be used: {reason}").format(path=path, reason=reason),
            _("mend or move that file; without it everything counts as new"),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of one file as it was last exported; of ``digest`` "" only the CRM's id is known."""

    digest: str
    crm_id: str = ""
    exported: str = ""
    name: str = ""


Key = tuple[str, str, str]
"""Neutral table, file, id."""
_HELD: Final = 1000
"""Rows that wait for being stored together."""


class Ledger:
    """The entries of one profile, by table, file and id.

    They stand in a temporary database beside those of the export under way, so that memory does not grow with them.
    """

    def __init__(self, path: Path | None = None, *, existed: bool = False) -> None:
        self.path = path
        self.existed = existed
        self._digest_before = ""
        self._is_empty = True
        self._seen: list[Key] = []
        self._written: list[tuple[str, ...]] = []
        self._store = sqlite3.connect("", isolation_level=None)
        finalize(self, self._store.close)
        self._store.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;
            CREATE TABLE entries (kind TEXT, id TEXT, file TEXT, digest TEXT, crm_id TEXT, exported TEXT, name TEXT,
                                  PRIMARY KEY (kind, id, file)) WITHOUT ROWID;
            CREATE INDEX crm_ids ON entries (kind, crm_id) WHERE crm_id <> '';
            CREATE TABLE seen (kind TEXT, id TEXT, file TEXT, PRIMARY KEY (kind, id, file)) WITHOUT ROWID;
            CREATE TABLE written (kind TEXT, id TEXT, file TEXT, digest TEXT, exported TEXT, name TEXT);
            """
        )

    @classmethod
    def load(cls, path: Path) -> "Ledger":
        """Read the ledger; an empty one where there is no file. Raises LedgerError."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            raise LedgerError(path, error.strerror or str(error)) from error
        ledger = cls(path, existed=True)
        ledger._digest_before = digest_of(data)
        try:
            text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
            rows = csv.DictReader(text, strict=True)
            ledger._fill([row[name] for name in _STORED] for row in rows)
        except (KeyError, TypeError, ValueError, csv.Error, sqlite3.Error) as error:
            raise LedgerError(path, str(error)) from error
        return ledger

    def find(self, table: str, file: str, identifier: str) -> Entry | None:
        """Return what was exported into this file."""
        if self._is_empty:
            return None
        row = self._store.execute(
            "SELECT digest, crm_id, exported, name FROM entries"
            " WHERE kind = ? AND id = ? AND file = ? AND digest <> ''",
            (table, identifier, file),
        ).fetchone()
        return Entry(*row) if row else None

    def crm_id(self, table: str, identifier: str) -> str:
        """Return the CRM's id of a row, where it is known."""
        if self._is_empty:
            return ""
        row = self._store.execute(
            "SELECT crm_id FROM entries WHERE kind = ? AND id = ? AND crm_id <> '' LIMIT 1", (table, identifier)
        ).fetchone()
        return str(row[0]) if row else ""

    def find_ours(self, table: str, crm_id: str) -> str | None:
        """Return our id for the CRM's."""
        row = self._store.execute(
            "SELECT id FROM entries WHERE kind = ? AND crm_id = ? AND crm_id <> '' LIMIT 1", (table, crm_id)
        ).fetchone()
        return str(row[0]) if row else None

    def learn_id(self, table: str, file: str, identifier: str, crm_id: str) -> bool:
        """Keep the CRM's id of a row; returns whether it is news."""
        if self.crm_id(table, identifier) == crm_id:
            return False
        self._is_empty = False
        self._store.execute(
            "UPDATE entries SET crm_id = ? WHERE kind = ? AND id = ? AND crm_id <> ''", (crm_id, table, identifier)
        )
        self._store.execute(
            "INSERT INTO entries VALUES (?, ?, ?, '', ?, '', '') ON CONFLICT DO UPDATE SET crm_id = excluded.crm_id",
            (table, identifier, file, crm_id),
        )
        return True

    def see(self, key: Key) -> None:
        """Note that a row is part of this export, written or not."""
        table, file, identifier = key
        self._seen.append((table, identifier, file))
        if len(self._seen) >= _HELD:
            self._flush()

    def write(self, key: Key, entry: Entry) -> None:
        """Note what is exported of a row; it counts when :meth:`update` is called."""
        table, file, identifier = key
        self._written.append((table, identifier, file, entry.digest, entry.exported, entry.name))
        if len(self._written) >= _HELD:
            self._flush()

    def has_seen(self, table: str, identifier: str) -> bool:
        """Say whether a row is part of this export, in whatever file."""
        self._flush()
        return bool(
            self._store.execute("SELECT 1 FROM seen WHERE kind = ? AND id = ? LIMIT 1", (table, identifier)).fetchone()
        )

    def missed(self, files: Iterable[str]) -> list[tuple[Key, Entry]]:
        """Return what was exported into these files and is no longer part of this export."""
        self._flush()
        names = list(files)
        rows = self._store.execute(
            "SELECT kind, file, id, digest, crm_id, exported, name FROM entries e WHERE digest <> ''"
            f" AND file IN ({marks(names)})"
            " AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.kind = e.kind AND s.id = e.id AND s.file = e.file)"
            " ORDER BY kind, file, id",
            names,
        )
        return [((row[0], row[1], row[2]), Entry(*row[3:])) for row in rows]

    def update(self, gone: Iterable[Key]) -> None:
        """Take in what was exported just now, and forget what was exported as deleted."""
        self._flush()
        self._store.executemany(
            "DELETE FROM entries WHERE kind = ? AND file = ? AND id = ?", ((key[0], key[1], key[2]) for key in gone)
        )
        self._store.execute(
            "INSERT OR REPLACE INTO entries SELECT kind, id, file, digest, coalesce((SELECT crm_id FROM entries e"
            " WHERE e.kind = w.kind AND e.id = w.id AND e.crm_id <> '' LIMIT 1), ''), exported, name FROM written w"
        )

    def save(self) -> None:
        """Write the ledger whole. Raises LedgerError, also where another run has written it meanwhile."""
        if self.path is None:
            return
        rows = self._store.execute(f"SELECT {_LISTED} FROM entries ORDER BY kind, file, id")
        pieces = [_encode([_HEADER])]
        while batch := rows.fetchmany(_HELD):
            pieces.append(_encode(batch))
        data = b"".join(pieces)
        del pieces
        digest = digest_of(data)
        try:
            if digest == self._digest_before and self.existed:
                return
            if self.existed:
                replace_file(str(self.path), data, self._digest_before)
            else:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                create_file(str(self.path), data)
        except ChangedMeanwhileError as error:
            raise LedgerError(self.path, _("another export has changed it meanwhile")) from error
        except OSError as error:
            raise LedgerError(self.path, error.strerror or str(error)) from error
        self.existed, self._digest_before = True, digest

    def _fill(self, rows: Iterable[Sequence[str]]) -> None:
        self._store.execute("BEGIN")
        self._store.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self._store.execute("COMMIT")
        self._is_empty = not self._store.execute("SELECT 1 FROM entries LIMIT 1").fetchone()

    def _flush(self) -> None:
        self._store.execute("BEGIN")
        self._store.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", self._seen)
        self._store.executemany("INSERT INTO written VALUES (?, ?, ?, ?, ?, ?)", self._written)
        self._store.execute("COMMIT")
        self._seen, self._written = [], []


def _encode(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
