"""Text normalised for comparing, and positions in it.

:func:`normalize` is the one meaning of "the same text" in search and in keys: NFKC, lower case, blanks folded,
characters that cannot be seen left out.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

_COMPATIBILITY_KANJI = "([\uf900-\ufaff\U0002f800-\U0002fa1f]+)"
_KEPT = "\t\xa0\u2002\u2003\u2009\u202f\u3000\u200d"
"""Blanks and the joiner of emoji, which Python does not count as printable."""
_NEWLINE = re.compile(r"\r\n|\r|\n")
INVISIBLE = re.compile(
    "[\xad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
"""Characters that show nothing: soft hyphens, zero-width blanks and joiners, direction marks, and variation selectors,
which only choose the shape of the kanji before them."""


def normalize(text: str) -> str:
    """Return ``text`` as search compares it: NFKC and case-folded, nothing invisible, every run of blanks one space.

    ``normalize(normalize(x)) == normalize(x)`` for any text.
    """
    if not text.isascii():
        text = INVISIBLE.sub("", text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    while not unicodedata.is_normalized("NFKC", folded):
        if (again := unicodedata.normalize("NFKC", folded).casefold()) == folded:  # ΐ is taken apart by casefold alone
            break
        folded = again
    return " ".join(folded.split())


@lru_cache(maxsize=16_384)
def normalize_short(text: str) -> str:
    """Return what :func:`normalize` does, for short pieces that come again and again: headings, ToDos, letters."""
    return normalize(text)


def compose(text: str) -> str:
    """Return ``text`` with marks joined to their letters (NFC), but every kanji as it was written.

    NFC itself would exchange compatibility ideographs, with which some names are rightly spelled.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    parts = re.split(_COMPATIBILITY_KANJI, text)
    return "".join(part if at % 2 else unicodedata.normalize("NFC", part) for at, part in enumerate(parts))


def without_surrogates(text: str, mark: str = "?") -> str:
    """Return ``text`` with ``mark`` for each lone surrogate, which neither SQLite nor Sudachi takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(mark if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def path_key(path: str) -> str:
    """Return what two spellings of one path have in common (NFC)."""
    return unicodedata.normalize("NFC", path)


def printable_path(path: str) -> str:
    r"""Return a path that can be printed and encoded as UTF-8: surrogate escapes become ``\xNN``."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def visible(text: str) -> str:
    """Return a line of a note as it can be printed: what would move the cursor is shown as a mark, blanks are kept."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _KEPT else "\N{REPLACEMENT CHARACTER}" for char in text)


def without_comments(text: str) -> str:
    """Return a text without its HTML comments; one that is never closed is none."""
    pieces, at = [], 0
    while (opened := text.find("<!--", at)) >= 0:
        closed = text.find("-->", opened + 4)
        if closed < 0:
            break
        pieces.append(text[at:opened])
        at = closed + 3
    return "".join([*pieces, text[at:]])


class LineIndex:
    """Positions of one text, as lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of a code point offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def closest(word: str, known: Sequence[str]) -> str | None:
    """Return the entry of ``known`` most like ``word``, or None where nothing is near."""
    from difflib import get_close_matches  # noqa: PLC0415 -- start-up time

    found = get_close_matches(word, known, n=1, cutoff=0.6)
    return found[0] if found else None
