"""Copies for looking at: a workbook, and CSV that no spreadsheet can be made to run. Not for loading."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from notevault.errors import MissingExtraError
from notevault.export.profile import FormatSpec
from notevault.messages import gettext as _

SAFE_PREFIX: Final = "FOR-LOOKING-ONLY-"
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL: Final = 32_767
_MOST_ROWS: Final = 1_048_576
_MARK_ROOM: Final = 100
"""Characters left for the remark that a text goes on elsewhere."""
_CONTINUED: Final = "continued"
_NO_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_safe_copies(folder: Path, names: Iterable[str], form: FormatSpec) -> list[str]:
    """Write a marked copy of each file in which a cell that a spreadsheet would run begins with an apostrophe."""
    written = []
    for name in names:
        copy = f"{SAFE_PREFIX}{name}"
        with (folder / copy).open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            for row in iter_cells(folder / name, form):
                writer.writerow([f"'{cell}" if cell.startswith(_RUNS) else cell for cell in row])
        written.append(copy)
    return written


def write_workbook(path: Path, folder: Path, names: Iterable[str], form: FormatSpec) -> None:
    """Write all files as sheets of one workbook, every cell text. Raises MissingExtraError."""
    try:
        from openpyxl import Workbook  # noqa: PLC0415 -- an optional part
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("xlsx", _("--xlsx")) from error
    book = Workbook(write_only=True)
    taken = {_CONTINUED}
    continued: list[tuple[str, int, str, str]] = []
    for name in names:
        rows = iter_cells(folder / name, form)
        header = next(rows, [])
        while True:  # a sheet holds so many rows; the others stand in the next
            title = _sheet_name(name.rpartition(".")[0], taken)
            sheet = book.create_sheet(title)
            for number, row in enumerate(chain([header], islice(rows, _MOST_ROWS - 1)), start=1):
                cells = []
                for column, text in zip(header, row, strict=False):
                    shown, *more = _pieces(_NO_XML.sub("", text))
                    if more:
                        shown += _(" … (goes on in the sheet '{sheet}')").format(sheet=_CONTINUED)
                        continued += [(title, number, column, piece) for piece in more]
                    cell = WriteOnlyCell(sheet, value=shown)
                    cell.data_type = "s"  # never a formula
                    cells.append(cell)
                sheet.append(cells)
            if (following := next(rows, None)) is None:
                break
            rows = chain([following], rows)
    if continued:
        sheet = book.create_sheet(_CONTINUED)
        sheet.append(["sheet", "row", "column", "text"])
        for title, number, column, piece in continued:
            cell = WriteOnlyCell(sheet, value=piece)
            cell.data_type = "s"
            sheet.append([title, number, column, cell])
    book.save(path)


def _pieces(text: str) -> list[str]:
    """Return the text in pieces that a cell holds, which counts letters outside the BMP twice."""
    if len(text) * 2 <= _LONGEST_CELL:
        return [text]
    step = _LONGEST_CELL if len(text.encode("utf-16-le")) // 2 == len(text) else _LONGEST_CELL // 2
    if len(text) <= step:
        return [text]
    step -= _MARK_ROOM
    return [text[at : at + step] for at in range(0, len(text), step)]


def iter_cells(path: Path, form: FormatSpec) -> Iterator[list[str]]:
    """Yield the rows of a file that an export wrote."""
    longest = csv.field_size_limit(1 << 30)
    try:
        encoding = "utf-8-sig" if form.bom else form.encoding
        with path.open(encoding=encoding, newline="") as stream:
            yield from csv.reader(stream, delimiter=form.delimiter)
    finally:
        csv.field_size_limit(longest)


def _sheet_name(stem: str, taken: set[str]) -> str:
    base = _NO_SHEET_NAME.sub("_", stem)[:28] or "sheet"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}~{number}"
    taken.add(name.casefold())
    return name
