"""Code point offsets to the lines and columns of an editor, and back: the only place that counts in UTF-16."""

import re
from bisect import bisect_right
from enum import StrEnum
from typing import Final

_NEWLINE: Final = re.compile(r"\r\n|\r|\n")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")


class Unit(StrEnum):
    """What an editor counts columns in; the values are the protocol's names."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class PositionMap:
    """Positions of one text. Lines end as the protocol has it: at LF, CRLF and CR, nowhere else."""

    def __init__(self, text: str, unit: Unit = Unit.UTF16, *, skipped: int = 0) -> None:
        """Take the text as the editor has it; offsets count from behind the first ``skipped`` characters (a BOM)."""
        self._text = text
        self._unit = unit
        self._skipped = skipped
        self._starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]
        self._is_simple = unit is Unit.UTF32 or text.isascii() or (unit is Unit.UTF16 and not _ASTRAL.search(text))

    def offset(self, line: int, character: int) -> int:
        """Return the offset of a position; one behind the end of its line or of the text means that end."""
        if line >= len(self._starts):
            return max(len(self._text) - self._skipped, 0)
        start = self._starts[max(line, 0)]
        end = self._line_end(max(line, 0))
        if self._is_simple:
            at = min(start + max(character, 0), end)
        else:
            at = start
            units = 0
            while at < end and (units := units + self._width(self._text[at])) <= character:
                at += 1
        return max(at - self._skipped, 0)

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 0, of an offset."""
        at = min(max(offset + self._skipped, 0), len(self._text))
        line = bisect_right(self._starts, at) - 1
        start = self._starts[line]
        return line, at - start if self._is_simple else sum(map(self._width, self._text[start:at]))

    def line_span(self, line: int) -> tuple[int, int]:
        """Return the offsets where a line, from 0, begins and where it ends without its newline."""
        line = min(max(line, 0), len(self._starts) - 1)
        return max(self._starts[line] - self._skipped, 0), max(self._line_end(line) - self._skipped, 0)

    def _line_end(self, line: int) -> int:
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self._text)
        while end > self._starts[line] and self._text[end - 1] in "\r\n":
            end -= 1
        return end

    def _width(self, character: str) -> int:
        if self._unit is Unit.UTF16:
            return 2 if character > "\uffff" else 1
        return len(character.encode("utf-8", "surrogatepass")) if self._unit is Unit.UTF8 else 1
