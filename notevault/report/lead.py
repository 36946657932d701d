"""A quick look at text as written: which lines may hold one of some names, in any width or case.

Normalising every line of every note takes longer than all else a report does; most lines hold no name.
"""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

_CHANGED: Final = (
    *((0x0, 0x33FF), (0xA640, 0xABFF), (0xF900, 0xFAFF), (0xFB00, 0xFFEF), (0x10400, 0x118BF), (0x11938, 0x11938)),
    *((0x16E40, 0x16E5F), (0x1D15E, 0x1D7FF), (0x1E900, 0x1EEBB), (0x1F100, 0x1F2FF), (0x1FBF0, 0x1FBF9)),
    (0x2F800, 0x2FA1F),
)
"""Where Unicode keeps letters that normalising makes into others: wide and narrow ones, capitals, signs."""


def find_lead(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the first two letters of normalized names, in any way of writing them.

    It finds too much, as it looks at base letters only, and where up to three others stand between the two.
    """
    firsts: dict[str, set[str]] = {}
    for name in filter(None, names):
        second = _any_of(name[1]) if name[1:] else ""  # it may be in the same sign as the first: ㌔ is キロ
        firsts.setdefault(_any_of(name[0]), set()).add(f".{{0,3}}?[{second}]|(?<=[{second}])" if second else "")
    if not firsts:
        return re.compile(r"(?!)")
    # one set of letters first: with it the search runs through a text as fast as it can
    pairs = (f"(?<=[{first}])(?:{'|'.join(sorted(seconds))})" for first, seconds in sorted(firsts.items()))
    return re.compile(f"[{''.join(sorted(firsts))}](?:{'|'.join(pairs)})")


@cache
def find_figure() -> re.Pattern[str]:
    """Return what finds whatever normalising makes a digit of, alone or among others: １, ①, ½, ㍘."""
    return re.compile(rf"[\d{''.join(map(_any_of, string.digits))}]")


def leading_lines(text: str, lead: re.Pattern[str], start: int = 0) -> Iterator[tuple[int, str]]:
    r"""Yield the lines from ``start`` in which ``lead`` finds something, with their numbers in ``text`` from 1.

    Lines end with ``\n``. The text is searched as a whole: quicker than line by line, as most hold nothing.
    """
    number, end = 1, 0
    while found := lead.search(text, max(start, end)):
        first = text.rfind("\n", 0, found.start()) + 1
        number += text.count("\n", end, first)
        end = text.find("\n", found.start())
        if end < 0:
            yield number, text[first:]
            return
        yield number, text[first:end]


def _any_of(char: str) -> str:
    """Return the ways of writing a letter, for a set in a pattern."""
    base = _base(char)
    return re.escape("".join(sorted({char, char.upper()[:1], base, *_ways().get(base, "")})))


@cache
def _ways() -> dict[str, str]:
    """Return base letter → all characters that hold it."""
    found: dict[str, list[str]] = {}
    for first, last in _CHANGED:
        for char in map(chr, range(first, last + 1)):
            for base in {_base(each) for each in unicodedata.normalize("NFKC", char).casefold()}:
                found.setdefault(base, []).append(char)
    return {base: "".join(chars) for base, chars in found.items()}


def _base(char: str) -> str:
    return unicodedata.normalize("NFKD", char)[0]
