"""Sketches of texts: which letters, and pairs of letters that touch, a text may hold; a Bloom filter of one hash.

A text whose sketch lacks a place that a piece of text has cannot hold the piece. Sources: Bloom, "Space/time trade-offs
in hash coding with allowable errors", 1970; Knuth, The Art of Computer Programming 3, 6.4 (multiplicative hashing).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from notevault.text import normalize, without_surrogates

_PLACE_BITS: Final = 13
PLACES: Final = 1 << _PLACE_BITS
"""Bits of a sketch; a note of 1.5 kB of Japanese sets about every eleventh."""
_ENCODING: Final = f"utf-16-{sys.byteorder[0]}e"
"""Letters are code units of 16 bits, so that a pair of them is a number that lies in memory ready to be read."""
_UNIT: Final = 2
_PAIR: Final = 4
_MULTIPLIER: Final = 2_654_435_761
"""The prime next to 2³² divided by the golden ratio."""
_WORD_BITS: Final = 32
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
_KEPT: Final = 200_000
"""Pairs whose places are kept, some 20 MB; ten thousand Japanese notes have a tenth as many."""


class _Places(dict[int, int]):
    """Places by letter or pair of letters, worked out when first asked for."""

    def __missing__(self, letters: int) -> int:
        place = (letters * _MULTIPLIER & (1 << _WORD_BITS) - 1) >> _WORD_BITS - _PLACE_BITS
        if len(self) < _KEPT:
            self[letters] = place
        return place


_places: Final = _Places()


class Scanned(NamedTuple):
    """A text as the exact scan keeps it."""

    text: str
    normalized: str
    sketch: bytes


def prepare_text(text: str) -> Scanned:
    """Return a note's text with all that the exact scan needs of it; lone surrogates cannot be kept."""
    text = without_surrogates(text)
    normalized = normalize(text)
    return Scanned(text, normalized, make_sketch(normalized))


def make_sketch(text: str) -> bytes:
    """Return the sketch of a text, of ``PLACES // 8`` bytes."""
    units = text.encode(_ENCODING, "surrogatepass")
    marks = bytearray(PLACES)
    for place in map(_places.__getitem__, {*array("H", units), *_pairs(units), *_pairs(units[_UNIT:])}):
        marks[place] = 1
    return _pack(marks)


def places_of(piece: str) -> set[int]:
    """Return the places that the sketch of every text with this piece in it has."""
    units = piece.encode(_ENCODING, "surrogatepass")
    pairs = {*_pairs(units), *_pairs(units[_UNIT:])}
    return {_places[letters] for letters in pairs or array("H", units)}


def put_in_block(block: bytearray, slot: int, sketch: bytes) -> None:
    """Put a note's sketch in its slot, in place of the one that is there; an empty block is made large enough."""
    if not block:
        block.extend(bytes(PLACES * _BLOCK_BYTES))
    lane, bit = divmod(slot, 8)
    others = int.from_bytes(block[lane::_BLOCK_BYTES], "little") & ~(_ALL_PLACES << bit)
    own = int.from_bytes(_unpack(int.from_bytes(sketch, "little"), PLACES), "little") << bit
    block[lane::_BLOCK_BYTES] = (others | own).to_bytes(PLACES, "little")


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


def _pairs(units: bytes) -> array[int]:
    """Return every second pair of letters, the first one included."""
    return array("I", units[: len(units) // _PAIR * _PAIR])
