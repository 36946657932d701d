"""Rows written as CSV in a profile's dialect, into further files where one is full."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import BinaryIO, Final

from notevault.export.datapackage import WrittenFile
from notevault.export.guesses import HEADS, FrontRunner, Place, find_shown, guess_wrong
from notevault.export.profile import FormatSpec, LimitSpec

_BATCH: Final = 200
"""Records held at a time."""
_CHUNK: Final = 1 << 20
_NEWLINES: Final = {"crlf": "\r\n", "lf": "\n"}


class CsvFile:
    """One open file, counted and hashed while it is written."""

    def __init__(self, path: Path, header: Sequence[str], form: FormatSpec) -> None:
        self.path = path
        self._form = form
        self._stream: BinaryIO = path.open("xb")
        self._hash = sha256()
        self._pending: list[tuple[Sequence[Sequence[str]], bool]] = []
        self.size = 0
        self.rows = 0
        """Without the header."""
        self.misread = ""
        """What a program that guesses the dialect from the beginning takes it for, where that is wrong."""
        self._beginning = b""
        self._cells = 0
        self._quotes = 0
        self._ahead = 0
        self._write((b"\xef\xbb\xbf" if form.bom else b"") + encode_rows([header], form))
        self._cells += len(header)
        self._front = FrontRunner(self.size)

    def add(self, rows: Sequence[Sequence[str]], *, movable: bool) -> None:
        """Write the rows of a record, a little later."""
        self._pending.append((rows, movable))
        self.rows += len(rows)
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
        if self._front.move:
            self._put_first(self._front.move)
        if self.rows:
            self.misread = guess_wrong(self._beginning, self._form, doubled=self._quotes > 2 * self._cells)
        return WrittenFile(
            file=title, name=self.path.name, rows=self.rows, size=self.size, sha256=self._hash.hexdigest()
        )

    def _flush(self) -> None:
        if not self._pending:
            return
        rows = [row for record, _movable in self._pending for row in record]
        cells = sum(map(len, rows))
        data = encode_rows(rows, self._form)
        if data.count(b'"') > 2 * cells and not self._front.is_settled:
            self._look_for_quotes()
        self._cells += cells
        self._write(data)
        self._pending, self._ahead = [], 0

    def _look_for_quotes(self) -> None:
        for at, (record, movable) in enumerate(self._pending):
            if not any('"' in cell for row in record for cell in row):
                continue
            text = render_rows(record, self._form)
            if shown := find_shown(text, self._form):
                before = [row for rows, _movable in self._pending[:at] for row in rows]
                start = self.size + len(encode_rows(before, self._form))
                place = Place(start=start, size=len(text.encode(self._form.encoding)), shown=shown)
                self._front.consider(place, movable=movable)
                if self._front.is_settled:
                    return

    def _put_first(self, place: Place) -> None:
        """Write the file anew, one record before all others, where its beginning is then read rightly."""
        behind = place.start + place.size
        parts = [(0, self._front.head), (place.start, behind), (self._front.head, place.start), (behind, self.size)]
        moved = self.path.with_name(f"{self.path.name}.moved")
        digest, beginning = sha256(), b""
        with self.path.open("rb") as stream, moved.open("xb") as out:
            for piece in _iter_parts(stream, parts):
                digest.update(piece)
                beginning += piece[: HEADS[-1] - len(beginning)]
                out.write(piece)
        moved.replace(self.path)
        self._hash, self._beginning = digest, beginning

    def _write(self, data: bytes) -> None:
        if len(self._beginning) < HEADS[-1]:
            self._beginning += data[: HEADS[-1]]
        self._quotes += data.count(b'"')
        self._hash.update(data)
        self.size += len(data)
        self._stream.write(data)


def _iter_parts(stream: BinaryIO, parts: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    for start, end in parts:
        stream.seek(start)
        left = end - start
        while left and (piece := stream.read(min(left, _CHUNK))):
            left -= len(piece)
            yield piece


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

    def add_record(self, rows: Sequence[Sequence[str]], *, movable: bool = False) -> None:
        """Write the rows of a record, always into one file; one that may stand anywhere is ``movable``.

        One such record is put first where its quotes let a program guess how the file is written.
        """
        limits = self._limits
        is_full = bool(limits.rows) and self._file.rows + len(rows) > limits.rows
        if (is_full or (limits.bytes and not self._file.has_room(rows, limits.bytes))) and self._file.rows:
            self._finish()
            self._file = self._begin()
        self._file.add(rows, movable=movable)

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
        return CsvFile(self._folder / f"{self._name}{number}.csv", self._header, self._form)


def encode_rows(rows: Iterable[Sequence[str]], form: FormatSpec) -> bytes:
    """Return rows as bytes; what the encoding cannot carry was put right before."""
    return render_rows(rows, form).encode(form.encoding)


def render_rows(rows: Iterable[Sequence[str]], form: FormatSpec) -> str:
    """Return rows as they are written."""
    newline = _NEWLINES.get(form.newline, "\r\n")
    if form.quote == "needed":
        text = StringIO(newline="")
        csv.writer(text, delimiter=form.delimiter, lineterminator=newline).writerows(rows)
        return text.getvalue()
    between = f'"{form.delimiter}"'  # the csv module goes through long texts letter by letter, three times as long
    lines = [between.join([cell.replace('"', '""') if '"' in cell else cell for cell in row]) for row in rows]
    return "".join([f'"{line}"{newline}' for line in lines])
