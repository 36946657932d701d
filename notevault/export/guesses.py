"""What programs that guess how a CSV is written make of it, and the record that lets them guess right.

:class:`csv.Sniffer`, which importers use, takes doubled quotes for single ones unless the beginning it is given shows
some, and then reads every later cell with a quote wrongly.
"""

import csv
import re
from typing import Final

from notevault.export.profile import FormatSpec
from notevault.records import record

HEADS: Final = (1024, 4096)
"""Bytes that a dialect is commonly guessed from."""
_NO_WORD: Final = re.compile(r"\W*")
_FEWEST: Final = 3
"""Quotes in one stretch: those around a cell are two."""


@record
class Place:
    """Where a record stands in its file, and how far one must read in it until it has shown doubled quotes."""

    start: int
    size: int
    shown: int


class FrontRunner:
    """Looks, record by record, for the one that shows doubled quotes soonest; the order of records decides ties."""

    def __init__(self, head: int) -> None:
        self.head = head
        """Bytes before the first record."""
        self.place: Place | None = None
        self.is_settled = False
        """Whether no later record could do better."""

    @property
    def move(self) -> Place | None:
        """The record that ought to stand first, None where all is well as it is or nothing helps."""
        return self.place if self.place and self.place.start > self.head else None

    def consider(self, place: Place, *, movable: bool) -> None:
        """Take a record that shows doubled quotes into account."""
        if place.start + place.shown <= HEADS[0]:  # it shows already where it stands
            self.place, self.is_settled = None, True
        elif movable and (self.place is None or place.shown < self.place.shown):
            self.place = place
            self.is_settled = self.head + place.shown <= HEADS[0]


def find_shown(text: str, form: FormatSpec) -> int:
    """Return after how many bytes a record shows that quotes are doubled, 0 where it does not.

    As the Sniffer looks for it: between two delimiters or line ends at least three quotes, no letter before the first
    nor behind the last.
    """
    after = 0
    while (found := text.find('""', after)) >= 0:
        begin = max(text.rfind(form.delimiter, after, found), text.rfind("\n", after, found), after - 1) + 1
        ends = (text.find(form.delimiter, found), text.find("\n", found), len(text))
        after = min(end for end in ends if end >= 0)
        stretch = text[begin:after]
        if stretch.count('"') >= _FEWEST and _is_bare(stretch):
            return len(text[:after].encode(form.encoding))
        after += 1
    return 0


def _is_bare(stretch: str) -> bool:
    first, last = stretch.find('"'), stretch.rfind('"')
    return bool(_NO_WORD.fullmatch(stretch, 0, first) and _NO_WORD.fullmatch(stretch, last + 1))


def guess_wrong(beginning: bytes, form: FormatSpec, *, doubled: bool) -> str:
    """Return what :class:`csv.Sniffer` makes of a file's beginning, "" where it is right; ``doubled``: quotes are."""
    return next(filter(None, (_guess(beginning[:length], form, doubled=doubled) for length in HEADS)), "")


def _guess(beginning: bytes, form: FormatSpec, *, doubled: bool) -> str:
    text = beginning.decode(form.encoding, "ignore")
    try:
        found = csv.Sniffer().sniff(text)
    except csv.Error as error:
        return str(error)
    if found.delimiter != form.delimiter or found.quotechar != '"' or found.skipinitialspace:
        return f"delimiter {found.delimiter!r}, quotechar {found.quotechar!r}"
    return "doublequote=False" if doubled and not found.doublequote else ""
