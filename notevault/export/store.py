"""The neutral tables of one run in a temporary database: read again as often as needed, a few rows at a time.

SQLite keeps it in a file of its own that is gone when it is closed, so memory stays bounded for any vault.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final, Self

from notevault.export.cells import CellWriter
from notevault.export.columns import Table
from notevault.export.source import Source

_BATCH: Final = 500
Cells = dict[str, str]
"""One row: column → text of its cell."""


class RowStore:
    """Rows as texts, by table, in the order in which they were made."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        # large pages: the texts of notes are long
        for pragma in ("page_size = 32768", "journal_mode = OFF", "synchronous = OFF", "cache_size = -16000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self.columns: dict[str, tuple[str, ...]] = {}
        """Column names by table."""

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """Give an empty store."""
        store = cls()
        try:
            yield store
        finally:
            store.close()

    def close(self) -> None:
        """Throw everything away."""
        self._connection.close()

    def fill(self, tables: Iterable[Table], source: Source, cells: CellWriter, advance: Callable[[int], None]) -> None:
        """Take in every row of the tables, as cells."""
        for table in tables:
            converters = [(column.name, cells.converter(table.name, column)) for column in table.columns]
            self.make_table(table.name, [column.name for column in table.columns])
            found = table.rows(source)
            while batch := list(islice(found, _BATCH)):
                columns = [convert([row[name] for row in batch]) for name, convert in converters]
                self.add_rows(table.name, zip(*columns, strict=True))
                advance(len(batch))
            self._index(table)

    def make_table(self, name: str, columns: Sequence[str]) -> None:
        """Make a table for texts; the first of its columns named ``id`` can be asked for."""
        self.columns[name] = tuple(columns)
        listed = ", ".join(f"{_quoted(column)} TEXT NOT NULL" for column in columns)
        self._connection.execute(f"CREATE TABLE {_quoted(name)} ({listed})")

    def add_rows(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """Add rows as wide as the table."""
        marks = ",".join("?" * len(self.columns[name]))
        self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO {_quoted(name)} VALUES ({marks})", rows)
        self._connection.execute("COMMIT")

    def iter_rows(self, name: str, condition: str = "1", parameters: Sequence[object] = ()) -> Iterator[Cells]:
        """Yield the rows of a table, those only for which an SQL condition holds."""
        columns = self.columns[name]
        for row in self._connection.execute(
            f"SELECT * FROM {_quoted(name)} WHERE {condition} ORDER BY rowid", parameters
        ):
            yield dict(zip(columns, row, strict=True))

    def find_row(self, name: str, identifier: str) -> Cells | None:
        """Return the row with this id."""
        row = self._connection.execute(f"SELECT * FROM {_quoted(name)} WHERE id = ? LIMIT 1", (identifier,)).fetchone()
        return dict(zip(self.columns[name], row, strict=True)) if row else None

    def find_cell(self, name: str, identifier: str, column: str) -> str:
        """Return one cell of the row with this id, empty where there is none."""
        row = self._connection.execute(
            f"SELECT {_quoted(column)} FROM {_quoted(name)} WHERE id = ? LIMIT 1", (identifier,)
        ).fetchone()
        return str(row[0]) if row else ""

    def select(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a query over the tables."""
        yield from self._connection.execute(sql, parameters)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement."""
        self._connection.execute(sql, parameters)

    def count(self, name: str, condition: str = "1", parameters: Sequence[object] = ()) -> int:
        """Return the number of rows."""
        sql = f"SELECT count(*) FROM {_quoted(name)} WHERE {condition}"
        counted: int = self._connection.execute(sql, parameters).fetchone()[0]
        return counted

    def _index(self, table: Table) -> None:
        """Make the rows of a table quick to find by what they are asked for: their id, or the row they belong to."""
        column = table.key[0]
        index = _quoted(f"{table.name} {column}")
        self._connection.execute(f"CREATE INDEX {index} ON {_quoted(table.name)} ({_quoted(column)})")


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
