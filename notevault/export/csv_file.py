"""One table written as CSV: UTF-8 without BOM, everything quoted, CRLF between rows, LF in cells."""

import csv
from collections.abc import Callable
from hashlib import sha256
from io import BufferedWriter
from pathlib import Path
from typing import Final

from notevault.export.cells import CellWriter
from notevault.export.columns import Table
from notevault.export.datapackage import WrittenFile
from notevault.export.source import Source

_EVERY: Final = 500

Advance = Callable[[int], None]
"""Called with the number of rows written since the last call."""


class _Measured:
    """A text stream that counts and hashes the bytes it passes on."""

    def __init__(self, stream: BufferedWriter) -> None:
        self._stream = stream
        self._hash = sha256()
        self.size = 0

    def write(self, text: str) -> int:
        data = text.encode()
        self._hash.update(data)
        self.size += len(data)
        return self._stream.write(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def write_table(path: Path, table: Table, source: Source, cells: CellWriter, advance: Advance) -> WrittenFile:
    """Write the rows of a table one by one and return what was written."""
    converters = [(column.name, cells.converter(table.name, column)) for column in table.columns]
    rows = 0
    with path.open("xb") as stream:
        measured = _Measured(stream)
        writer = csv.writer(measured, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        for row in table.rows(source):
            writer.writerow([convert(row[name]) for name, convert in converters])
            rows += 1
            if rows % _EVERY == 0:
                advance(_EVERY)
    advance(rows % _EVERY)
    return WrittenFile(table=table, name=path.name, rows=rows, size=measured.size, sha256=measured.hexdigest())
