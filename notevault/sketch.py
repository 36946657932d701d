"""Sketches of texts: which letters, and pairs of letters that touch, a text may hold; a Bloom filter of one hash.

A text whose sketch lacks a place that a piece of text has cannot hold the piece. Source: Bloom, "Space/time trade-offs
in hash coding with allowable errors", 1970.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

PLACES: Final = 8_192
"""Bits of a sketch; a note of 1.5 kB of Japanese sets about every eleventh."""
_SPREAD: Final = 7_919
"""A prime, so that pairs of letters that are near in Unicode lie far apart."""


def make_sketch(text: str) -> bytes:
    """Return the sketch of a text, of ``PLACES // 8`` bytes."""
    codes = [ord(char) for char in text]
    places = {(one * _SPREAD + other) % PLACES for one, other in pairwise(codes)}
    places.update([code % PLACES for code in codes])
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def iter_places(piece: str) -> Iterator[tuple[int, int]]:
    """Yield byte and bit of each place that the sketch of every text with this piece in it has."""
    codes = [ord(char) for char in piece]
    pairs = [(one * _SPREAD + other) % PLACES for one, other in pairwise(codes)]
    for place in dict.fromkeys(pairs or [code % PLACES for code in codes]):
        yield place >> 3, 1 << (place & 7)
