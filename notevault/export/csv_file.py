"""Rows written as CSV in a profile's dialect, into further files where one is full."""

import csv
from collections.abc import Iterable, Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import BinaryIO, Final

from notevault.export.datapackage import WrittenFile
from notevault.export.profile import FormatSpec, LimitSpec

_BATCH: Final = 200
"""Rows held at a time."""
_NEWLINES: Final = {"crlf": "\r\n", "lf": "\n"}


class CsvFile:
    """One open file, counted and hashed while it is written."""

    def __init__(self, path: Path, form: FormatSpec) -> None:
        self.path = path
        self._form = form
        self._stream: BinaryIO = path.open("xb")
        self._hash = sha256()
        self._pending: list[Sequence[str]] = []
        self.size = 0
        self.rows = -1
        """Without the header."""
        if form.bom:
            self._write(b"\xef\xbb\xbf")

    def add(self, row: Sequence[str]) -> None:
        """Write a row, a little later."""
        self._pending.append(row)
        self.rows += 1
        if len(self._pending) >= _BATCH:
            self._flush()

    def close(self, title: str) -> WrittenFile:
        """Finish the file and return what was written; ``title`` is the file of the profile."""
        self._flush()
        self._stream.close()
        return WrittenFile(
            file=title, name=self.path.name, rows=max(self.rows, 0), size=self.size, sha256=self._hash.hexdigest()
        )

    def _flush(self) -> None:
        if self._pending:
            self._write(encode_rows(self._pending, self._form))
            self._pending = []

    def _write(self, data: bytes) -> None:
        self._hash.update(data)
        self.size += len(data)
        self._stream.write(data)


class CsvWriter:
    """The files of one table: ``Account.csv``, and ``Account-2.csv`` where a limit was reached."""

    def __init__(self, folder: Path, name: str, header: list[str], form: FormatSpec, limits: LimitSpec) -> None:
        self._folder = folder
        self._name = name
        self._header = header
        self._form = form
        self._limits = limits
        self._done: list[WrittenFile] = []
        self._file = self._begin()

    def add_record(self, rows: Sequence[Sequence[str]]) -> None:
        """Write the rows of a record, always into one file."""
        limits = self._limits
        size = sum(len(cell) for row in rows for cell in row) * 4 if limits.bytes else 0
        full = limits.rows and self._file.rows + len(rows) > limits.rows
        if (full or (limits.bytes and self._file.size + size > limits.bytes)) and self._file.rows > 0:
            self._done.append(self._file.close(self._name))
            self._file = self._begin()
        for row in rows:
            self._file.add(row)

    def close(self) -> list[WrittenFile]:
        """Finish and return what was written."""
        return [*self._done, self._file.close(self._name)]

    def _begin(self) -> CsvFile:
        number = f"-{len(self._done) + 1}" if self._done else ""
        file = CsvFile(self._folder / f"{self._name}{number}.csv", self._form)
        file.add(self._header)
        return file


def encode_rows(rows: Iterable[Sequence[str]], form: FormatSpec) -> bytes:
    """Return rows as bytes; what the encoding cannot carry was put right before."""
    newline = _NEWLINES.get(form.newline, "\r\n")
    if form.quote == "needed":
        text = StringIO(newline="")
        csv.writer(text, delimiter=form.delimiter, lineterminator=newline).writerows(rows)
        return text.getvalue().encode(form.encoding)
    between = f'"{form.delimiter}"'  # the csv module goes through long texts letter by letter, three times as long
    lines = [between.join([cell.replace('"', '""') if '"' in cell else cell for cell in row]) for row in rows]
    return "".join([f'"{line}"{newline}' for line in lines]).encode(form.encoding)
