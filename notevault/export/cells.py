"""Values as the text of CSV cells; what no importer survives is put right and counted."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from math import isfinite
from typing import Final

from notevault.export.columns import Column, Kind, Value

LONGEST_CELL: Final = 131_072
"""What Python's csv module reads of one cell unless told otherwise."""

_LARGEST_EXACT: Final = 2.0**53
_SPECIAL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_NOT_IN_A_LINE: Final = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")
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

    def converter(self, table: str, column: Column) -> Callable[[Sequence[Value]], list[str]]:
        """Return the function that makes this column's cells, those of several rows at once."""
        match column.kind:
            case Kind.NUMBER:
                return lambda values: [_number(value) for value in values]
            case Kind.BOOLEAN:
                return lambda values: [_boolean(value) for value in values]
            case Kind.INTEGER | Kind.DATE | Kind.MOMENT:
                return lambda values: ["" if value is None else str(value) for value in values]
            case Kind.TEXT:
                return self._converter(f"{table}.{column.name}", _SPECIAL, self._clean_text, strip=False)
            case _:
                return self._converter(f"{table}.{column.name}", _NOT_IN_A_LINE, self._clean_line, strip=True)

    def _converter(
        self, name: str, odd: re.Pattern[str], clean: Callable[[str], str], *, strip: bool
    ) -> Callable[[Sequence[Value]], list[str]]:
        def convert(values: Sequence[Value]) -> list[str]:
            cells = [value if isinstance(value, str) else str(value) if value else "" for value in values]
            if strip:
                cells = [cell.strip() if cell else cell for cell in cells]
            together = "".join(cells)
            if odd.search(together):  # nearly no cell is odd: they are looked at together
                cells = [clean(cell) if odd.search(cell) else cell for cell in cells]
            if len(together) > LONGEST_CELL and (long := sum(len(cell) > LONGEST_CELL for cell in cells)):
                self.long_cells[name] += long
            return cells

        return convert

    def _clean_text(self, text: str) -> str:
        return _FORBIDDEN.sub(self._to_nothing, _BREAKS.sub(self._to_newline, text))

    def _clean_line(self, text: str) -> str:
        return _BLANKS.sub(self._to_blank, self._clean_text(text)).strip()

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
