"""Values as the text of CSV cells; what no importer survives is put right and counted."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from math import isfinite
from typing import Final

from notevault.export.columns import Column, Kind, Value

LONGEST_CELL: Final = 131_072
"""What Python's csv module reads of one cell unless told otherwise."""

_LARGEST_EXACT: Final = 2.0**53
_SPECIAL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_BREAKS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_BLANKS: Final = re.compile("[\t\n]")
_NAMES: Final = {
    "\r": "CR", "\x0b": "VT", "\x0c": "FF", "\x85": "NEL", "\u2028": "U+2028", "\u2029": "U+2029", "\x00": "NUL",
    "\t": "TAB in a line", "\n": "LF in a line",
}  # fmt: skip


class CellWriter:
    """Turns the values of one export into cells and remembers what it had to change."""

    def __init__(self) -> None:
        self.normalized: Counter[str] = Counter()
        """How many characters were changed, by name: CR, VT, NEL, NUL, TAB in a line …"""
        self.long_cells: Counter[str] = Counter()
        """Cells longer than :data:`LONGEST_CELL`, by column; they are written whole."""

    def converter(self, table: str, column: Column) -> Callable[[Value], str]:
        """Return the function that makes this column's cells."""
        match column.kind:
            case Kind.TEXT:
                clean = self._clean_text
            case Kind.NUMBER:
                return _number
            case Kind.BOOLEAN:
                return _boolean
            case _:
                clean = self._clean_line
        name = f"{table}.{column.name}"

        def convert(value: Value) -> str:
            if value is None:
                return ""
            text = clean(value if isinstance(value, str) else str(value))
            if len(text) > LONGEST_CELL:
                self.long_cells[name] += 1
            return text

        return convert

    def _clean_text(self, text: str) -> str:
        if not _SPECIAL.search(text):
            return text
        text = _BREAKS.sub(self._to_newline, text)
        return _FORBIDDEN.sub(self._to_nothing, text)

    def _clean_line(self, text: str) -> str:
        return _BLANKS.sub(self._to_blank, self._clean_text(text.strip())).strip()

    def _to_newline(self, found: re.Match[str]) -> str:
        if found[0] != "\r\n":  # an ordinary line end of Windows
            self.normalized[_NAMES[found[0]]] += 1
        return "\n"

    def _to_nothing(self, found: re.Match[str]) -> str:
        self.normalized[_NAMES.get(found[0], f"U+{ord(found[0]):04X}")] += 1
        return ""

    def _to_blank(self, found: re.Match[str]) -> str:
        self.normalized[_NAMES[found[0]]] += 1
        return " "


def _number(value: Value) -> str:
    """Return plain digits: no exponent, no ``.0``."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return ""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _LARGEST_EXACT:
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    return str(value)


def _boolean(value: Value) -> str:
    return "" if value is None else "true" if value else "false"
