"""Terms that are nearly the same: for ``word~`` and "did you mean"."""

from collections.abc import Callable, Iterable
from typing import Final

_SHORTEST: Final = 2
"""One letter is an edit away from too many words."""
_LONG_WORD: Final = 6
"""From this many characters on, two edits are still the same word."""


def distance(one: str, other: str, *, limit: int) -> int:
    """Return the number of edits between two terms, a swap of neighbours being one; ``limit + 1`` for any more.

    Optimal string alignment (Damerau-Levenshtein without repeated edits of one place).
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, start=1):
        before, last, row = row, before, [at]
        for position, against in enumerate(other, start=1):
            edits = min(before[position] + 1, row[-1] + 1, before[position - 1] + (char != against))
            if at > 1 and position > 1 and char == other[position - 2] and one[at - 2] == against:
                edits = min(edits, last[position - 2] + 1)
            row.append(edits)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def nearest_terms(term: str, known: Iterable[str], frequency: Callable[[str], int], *, limit: int) -> list[str]:
    """Return the terms of ``known`` near ``term``, nearest and most frequent first."""
    edits = 1 if len(term) < _LONG_WORD else 2
    found: dict[str, int] = {}
    for other in known:
        if abs(len(other) - len(term)) > edits or other == term or len(other) < _SHORTEST:
            continue
        if sum(char in other for char in term) < len(term) - edits:
            continue  # too few letters in common; the distance is dear
        apart = distance(term, other, limit=edits)
        if apart <= edits and apart < len(term):
            found[other] = apart
    return sorted(found, key=lambda other: (found[other], -frequency(other), other))[:limit]
