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
_SNIFFED: Final = 4096
"""Bytes that a dialect is commonly guessed from."""
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
        self.misread = ""
        """What a program that guesses the dialect from the beginning takes it for, where that is wrong."""
        self._beginning = b""
        self._cells = 0
        self._quotes = 0
        self._ahead = 0
        if form.bom:
            self._write(b"\xef\xbb\xbf")

    def add(self, row: Sequence[str]) -> None:
        """Write a row, a little later."""
        self._pending.append(row)
        self.rows += 1
        if len(self._pending) >= _BATCH:
            self._flush()

    def has_room(self, rows: Sequence[Sequence[str]], most: int) -> bool:
        """Say whether the file stays below so many bytes with these rows; the guess is on the safe side."""
        size = sum(4 * len(cell) + 3 for row in rows for cell in row)
        if self.size + self._ahead + size > most:
            self._flush()
        self._ahead += size
        return self.size + self._ahead <= most

    def close(self, title: str) -> WrittenFile:
        """Finish the file and return what was written; ``title`` is the file of the profile."""
        self._flush()
        self._stream.close()
        if self.rows > 0:
            self.misread = guess_wrong(self._beginning, self._form, doubled=self._quotes > 2 * self._cells)
        return WrittenFile(
            file=title, name=self.path.name, rows=max(self.rows, 0), size=self.size, sha256=self._hash.hexdigest()
        )

    def _flush(self) -> None:
        if self._pending:
            self._cells += sum(map(len, self._pending))
            self._write(encode_rows(self._pending, self._form))
            self._pending, self._ahead = [], 0

    def _write(self, data: bytes) -> None:
        if len(self._beginning) < _SNIFFED:
            self._beginning += data[:_SNIFFED]
        self._quotes += data.count(b'"')
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
        self.misread: list[tuple[str, str]] = []
        """Files whose dialect cannot be guessed from their beginning, and what it would be taken for."""
        self._file = self._begin()

    def add_record(self, rows: Sequence[Sequence[str]]) -> None:
        """Write the rows of a record, always into one file."""
        limits = self._limits
        is_full = bool(limits.rows) and self._file.rows + len(rows) > limits.rows
        if (is_full or (limits.bytes and not self._file.has_room(rows, limits.bytes))) and self._file.rows > 0:
            self._finish()
            self._file = self._begin()
        for row in rows:
            self._file.add(row)

    def close(self) -> list[WrittenFile]:
        """Finish and return what was written."""
        self._finish()
        return self._done

    def _finish(self) -> None:
        self._done.append(self._file.close(self._name))
        if self._file.misread:
            self.misread.append((self._done[-1].name, self._file.misread))

    def _begin(self) -> CsvFile:
        number = f"-{len(self._done) + 1}" if self._done else ""
        file = CsvFile(self._folder / f"{self._name}{number}.csv", self._form)
        file.add(self._header)
        return file


def guess_wrong(beginning: bytes, form: FormatSpec, *, doubled: bool) -> str:
    """Return what :class:`csv.Sniffer`, which importers use, makes of a file's beginning, "" where it is right.

    It looks for doubled quotes in what it is given; where they come later it reads every row with one wrongly.
    """
    text = beginning[:_SNIFFED].decode(form.encoding, "ignore")
    try:
        found = csv.Sniffer().sniff(text)
    except csv.Error as error:
        return str(error)
    if found.delimiter != form.delimiter or found.quotechar != '"' or found.skipinitialspace:
        return f"delimiter {found.delimiter!r}, quotechar {found.quotechar!r}"
    return "doublequote=False" if doubled and not found.doublequote else ""


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
