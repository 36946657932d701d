"""Sketches of texts: which letters, and pairs of letters that touch, a text may hold; a Bloom filter of one hash.

A text whose sketch lacks a place that a piece of text has cannot hold the piece. Sources: Bloom, "Space/time trade-offs
in hash coding with allowable errors", 1970; Knuth, The Art of Computer Programming 3, 6.4 (multiplicative hashing).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, groupby
from typing import Final, NamedTuple

from notevault.text import normalize, without_surrogates

_PLACE_BITS: Final = 13
PLACES: Final = 1 << _PLACE_BITS
"""Bits of a sketch; a note of 1.5 kB of Japanese sets about every eleventh."""
_LANE: Final = 4
"""Bytes of a letter in UTF-32. A text's letters, one behind the other, are one large number, so that all places are
worked out at once; what is worked out of a letter stays within its bytes."""
_LETTER: Final = 0xFFFF
"""What is used of a letter: those beyond share places with others."""
_MULTIPLIER: Final = 40_503
"""Next to 2¹⁶ divided by the golden ratio."""
_OF_NEXT: Final = 24_593
"""The multiplier of the letter behind; times the largest letters, the sum of both stays below 2³²."""
_LOWEST_BIT: Final = 3
_DIGITS: Final = b"01".ljust(256)
_MARKS: Final = bytes.maketrans(b"01", b"\x00\x01")
_ALL_PLACES: Final = int.from_bytes(b"\x01" * PLACES)
NOTES_A_BLOCK: Final = 64
"""Notes whose sketches lie together, place by place, so that a piece of text is looked for in all of them at once."""
_BLOCK_BYTES: Final = NOTES_A_BLOCK // 8
PLACES_A_ROW: Final = 128
"""Places of a block that are stored together: a search asks for a few of them in all blocks. Three rows fill a page."""
_ROW_BYTES: Final = PLACES_A_ROW * _BLOCK_BYTES
ROWS_A_BLOCK: Final = PLACES // PLACES_A_ROW


class Scanned(NamedTuple):
    """A text as the exact scan keeps it."""

    text: str
    normalized: str
    sketch: bytes


def prepare_text(text: str) -> Scanned:
    """Return a note's text with all that the exact scan needs of it; lone surrogates cannot be kept."""
    text = without_surrogates(text)
    normalized = " ".join(filter(None, map(normalize, text.split("\n"))))  # few lines need all that may be done
    return Scanned(text, normalized, make_sketch(normalized))


def make_sketch(text: str) -> bytes:
    """Return the sketch of a text, of ``PLACES // 8`` bytes."""
    marks = bytearray(PLACES)
    for place in chain(map(_place_of, {*text}), _find_pairs(text)):
        marks[place] = 1
    return _pack(marks)


def places_of(piece: str) -> set[int]:
    """Return the places that the sketch of every text with this piece in it has."""
    return {*_find_pairs(piece)} or {*map(_place_of, piece)}


@cache
def _place_of(letter: str) -> int:
    """Return the place of a letter."""
    return (ord(letter) & _LETTER) * _MULTIPLIER >> _LOWEST_BIT & PLACES - 1


def _find_pairs(text: str) -> array[int]:
    """Return the place of each pair of letters that touch."""
    count = len(text)
    letters = int.from_bytes(text.encode("utf-32-le", "surrogatepass"), "little") & _in_lanes(_LETTER, count)
    pairs = letters * _MULTIPLIER + (letters >> 8 * _LANE) * _OF_NEXT
    return _split(pairs >> _LOWEST_BIT & _in_lanes(PLACES - 1, count), count)[:-1]


def _in_lanes(value: int, count: int) -> int:
    return int.from_bytes(value.to_bytes(_LANE, "little") * count, "little")


def _split(lanes: int, count: int) -> array[int]:
    values = array("I", lanes.to_bytes(_LANE * count, "little"))
    if sys.byteorder == "big":
        values.byteswap()
    return values


def put_in_block(block: bytearray, sketches: Mapping[int, bytes]) -> None:
    """Put sketches in their slots, in place of those that are there; an empty block is made large enough."""
    if not block:
        block.extend(bytes(PLACES * _BLOCK_BYTES))
    for lane, slots in groupby(sorted(sketches), key=lambda slot: slot // 8):
        marks = int.from_bytes(block[lane::_BLOCK_BYTES], "little")
        for slot in slots:
            own = int.from_bytes(_unpack(int.from_bytes(sketches[slot], "little"), PLACES), "little")
            marks = marks & ~(_ALL_PLACES << slot % 8) | own << slot % 8
        block[lane::_BLOCK_BYTES] = marks.to_bytes(PLACES, "little")


def take_from_block(block: bytes | bytearray, slot: int) -> bytes:
    """Return the sketch of one note of a block."""
    lane, bit = divmod(slot, 8)
    marks = int.from_bytes(block[lane::_BLOCK_BYTES], "little") >> bit & _ALL_PLACES
    return _pack(marks.to_bytes(PLACES, "little"))


def split_block(block: bytes | bytearray) -> list[bytes]:
    """Return a block's rows."""
    return [bytes(block[at : at + _ROW_BYTES]) for at in range(0, len(block), _ROW_BYTES)]


def have_places(find_rows: Callable[[int], Sequence[bytes]], places: Iterable[int], slots: int) -> bytes:
    """Return 1 for each of the slots of all blocks whose note has all the places, 0 for the others.

    ``find_rows`` is given the number of a row and returns that of each block.
    """
    found = -1
    for place in places:
        number, within = divmod(place, PLACES_A_ROW)
        at = within * _BLOCK_BYTES
        found &= int.from_bytes(b"".join([row[at : at + _BLOCK_BYTES] for row in find_rows(number)]), "little")
    return _unpack(found, slots)


def _pack(marks: bytes | bytearray) -> bytes:
    """Return a bit, lowest first, for each byte that is 0 or 1."""
    return int(marks[::-1].translate(_DIGITS), 2).to_bytes(len(marks) // 8, "little")


def _unpack(bits: int, count: int) -> bytes:
    """Return a byte, 0 or 1, for each of ``count`` bits, lowest first."""
    return f"{bits:0{count}b}".encode()[::-1].translate(_MARKS)
