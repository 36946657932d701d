"""One table written as CSV: UTF-8 without BOM, everything quoted, CRLF between rows, LF in cells."""

import csv
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from io import BufferedWriter, StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from notevault.export.cells import CellWriter
from notevault.export.columns import Table
from notevault.export.datapackage import WrittenFile
from notevault.export.source import Source

_BATCH: Final = 200
"""Rows held at a time."""

Advance = Callable[[int], None]
"""Called with the number of rows written since the last call."""


class _CsvStream:
    """Rows as bytes, some at a time, counted and hashed."""

    def __init__(self, stream: BufferedWriter) -> None:
        self._stream = stream
        self._hash = sha256()
        self.size = 0

    def write_rows(self, rows: Iterable[Sequence[str]]) -> None:
        text = StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
        data = text.getvalue().encode()
        self._hash.update(data)
        self.size += len(data)
        self._stream.write(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def write_table(path: Path, table: Table, source: Source, cells: CellWriter, advance: Advance) -> WrittenFile:
    """Write the rows of a table, some at a time, and return what was written."""
    converters = [(column.name, cells.converter(table.name, column)) for column in table.columns]
    rows = 0
    with path.open("xb") as stream:
        out = _CsvStream(stream)
        out.write_rows([[column.name for column in table.columns]])
        found = table.rows(source)
        while batch := [[convert(row[name]) for name, convert in converters] for row in islice(found, _BATCH)]:
            out.write_rows(batch)
            rows += len(batch)
            advance(len(batch))
    return WrittenFile(table=table, name=path.name, rows=rows, size=out.size, sha256=out.hexdigest())
