"""One SQLite connection, with SQLite's errors in this program's words.

What the tables mean is :mod:`notevault.catalog`'s affair.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from notevault.errors import CacheError, CatalogDamagedError

BUSY_SECONDS: Final = 30.0
FILE_SUFFIXES: Final = ("", "-wal", "-shm")
_T = TypeVar("_T")
Parameters = Sequence[object] | dict[str, object]

_MOST_BOUND: Final = 500
"""Values in one statement; any build of SQLite takes so many."""


def marks(values: Sized) -> str:
    """Return the question marks for a list of bound values."""
    return ",".join("?" * len(values))


def chunked(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Yield the values in parts that one statement can bind."""
    return (values[at : at + _MOST_BOUND] for at in range(0, len(values), _MOST_BOUND))


class Database:
    """One open connection. Readers see the last committed state and never wait for a writer."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._connection = connection
        self.path = path
        connection.row_factory = sqlite3.Row

    @classmethod
    def connect(cls, path: Path) -> Self:
        """Open the file, making it where there is none. Raises CacheError, CatalogDamagedError."""
        with _translated(path):
            return cls._prepared(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None), path)

    @classmethod
    def connect_to_read(cls, path: Path) -> Self:
        """Open a file that is there; nothing can be written through it. Raises CacheError, CatalogDamagedError."""
        with _translated(path):
            uri = f"{path.absolute().as_uri()}?mode=ro"
            return cls(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None), path)

    @classmethod
    def in_memory(cls) -> Self:
        """Return an empty database that is gone with its connection."""
        return cls._prepared(sqlite3.connect(":memory:", isolation_level=None), None)

    @classmethod
    def _prepared(cls, connection: sqlite3.Connection, path: Path | None) -> Self:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection, path)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def select(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Return the rows of one SELECT; values are bound, never pasted."""
        with _translated(self.path):
            return self._connection.execute(sql, parameters).fetchall()

    def select_tuples(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Like :meth:`select`, as plain tuples: for what runs before every answer."""
        with _translated(self.path):
            cursor = self._connection.cursor()
            cursor.row_factory = None
            return cursor.execute(sql, parameters).fetchall()

    def iterate(self, sql: str, parameters: Parameters = ()) -> Iterator[sqlite3.Row]:
        """Like :meth:`select`, a row at a time."""
        with _translated(self.path):
            yield from self._connection.execute(sql, parameters)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold one consistent state for several selects."""
        if self._connection.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything written inside, or nothing."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one writing statement inside :meth:`transaction`."""
        with _translated(self.path):
            self._connection.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one writing statement for each row."""
        with _translated(self.path):
            self._connection.executemany(sql, rows)

    def size(self) -> int:
        """Return how many bytes the database has."""
        sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(self.select_tuples(sql)[0][0])

    def drop_tables(self) -> None:
        """Remove every table. Raises CatalogDamagedError where what the file says of them makes no sense."""
        try:
            for row in self.select("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
                self.execute(f'DROP TABLE "{row[0]}"')
        except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
            raise CatalogDamagedError(self.path, str(error)) from error

    def version(self) -> tuple[int, int]:
        """Return what changes whenever this or another connection has written."""
        return (self._connection.execute("PRAGMA data_version").fetchone()[0], self._connection.total_changes)

    def integrity_faults(self) -> list[str]:
        """Return what SQLite's own check of the whole file complains of; also rows that refer to none."""
        faults = [str(row[0]) for row in self.select("PRAGMA integrity_check(20)") if row[0] != "ok"]
        return faults + [f"{row[0]}, row {row[1]}" for row in self.select("PRAGMA foreign_key_check")[:20]]


@contextmanager
def _translated(path: Path | None) -> Iterator[None]:
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except UnicodeDecodeError as error:  # SQLite quotes the damaged file, and Python cannot read the quotation
        raise CatalogDamagedError(path, str(error)) from error
    except sqlite3.OperationalError as error:
        if any(word in str(error) for word in ("malformed", "decode")):
            raise CatalogDamagedError(path, str(error)) from error
        if any(word in str(error) for word in ("syntax error", "no such", "ambiguous", "parser", "has no column")):
            raise  # our own SQL is wrong: a bug
        raise CacheError(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise CatalogDamagedError(path, str(error)) from error
