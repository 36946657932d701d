"""What grep finds, search finds: the notes whose normalised text holds a piece of text, whatever the dictionary says.

Sketches tell which notes may; only those are looked into, by SQLite at first. Once as many were looked into as there
are, all texts are kept in memory. What was read is read anew when anything was written to the catalogue.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import compress, groupby
from typing import Final

from notevault.database import Database, marks
from notevault.sketch import (
    NOTES_A_BLOCK,
    ROWS_A_BLOCK,
    have_places,
    places_of,
    put_in_block,
    split_block,
    take_from_block,
)

LARGEST_READ: Final = 800_000_000
"""Bytes of a catalogue whose sketches and texts, about a quarter of them, may stay in memory."""
_ROW: Final = 1 << 32
"""From a row of a block to the next in the table: equal rows of all blocks lie side by side."""
_LOOK: Final = "SELECT note_id FROM texts WHERE instr(normalized, ?) > 0"


class ExactScan:
    """Finds pieces of normalised text in all notes; as consistent as the snapshot it is asked in."""

    def __init__(self, database: Database, *, largest: int = LARGEST_READ) -> None:
        self._database = database
        self._largest = largest
        self._version: tuple[int, int] | None = None
        self._ids: list[int] = []
        self._rows: dict[int, list[bytes]] = {}
        self._may_keep = False
        self._texts: dict[int, bytes] | None = None
        self._looked = 0

    def find_holders(self, needles: Sequence[str], besides: Collection[int] = ()) -> set[int]:
        """Return the notes that hold one of the needles, which must be normalised and not empty.

        Those of ``besides`` are left out.
        """
        holders: set[int] = set()
        if needles:
            self._refresh()
        for needle in needles:
            holders |= self._find(needle.encode("utf-8", "replace"), holders.union(besides))
        return holders

    def _refresh(self) -> None:
        version = self._database.version()
        if version != self._version:
            self._rows, self._texts, self._looked = {}, None, 0
            self._may_keep = self._database.size() <= self._largest
            if self._may_keep:
                numbers = self._database.select_tuples("SELECT row FROM sketches WHERE row < ? ORDER BY row", (_ROW,))
                firsts = (number * NOTES_A_BLOCK for (number,) in numbers)
                self._ids = [note_id for first in firsts for note_id in range(first, first + NOTES_A_BLOCK)]
            self._version = version

    def _find(self, needle: bytes, besides: set[int]) -> set[int]:
        text = needle.decode()
        if not self._may_keep:
            return {row[0] for row in self._database.select_tuples(_LOOK, (text,))} - besides
        may_hold = compress(self._ids, have_places(self._find_rows, places_of(text), len(self._ids)))
        wanted = [note_id for note_id in may_hold if note_id not in besides]
        texts = self._read_texts(len(wanted))
        if texts is not None:
            return {note_id for note_id in wanted if needle in texts.get(note_id, b"")}
        found = self._database.select_tuples(
            f"{_LOOK} AND note_id IN (SELECT value FROM json_each(?))", (text, json.dumps(wanted))
        )
        return {row[0] for row in found}

    def _find_rows(self, number: int) -> list[bytes]:
        """Return the row of this number of each block."""
        rows = self._rows.get(number)
        if rows is None:
            sql = "SELECT bits FROM sketches WHERE row >= ? AND row < ? ORDER BY row"
            found = self._database.select_tuples(sql, (number * _ROW, (number + 1) * _ROW))
            rows = self._rows[number] = [bits for (bits,) in found]
        return rows

    def _read_texts(self, wanted: int) -> dict[int, bytes] | None:
        """Return all texts, None while looking into some by SQLite has cost less than reading all would."""
        self._looked += wanted
        if self._texts is None and self._looked > len(self._ids):
            self._texts = dict(self._database.select_tuples("SELECT note_id, CAST(normalized AS BLOB) FROM texts"))
        return self._texts


def put_sketches(database: Database, sketches: Iterable[tuple[int, bytes]]) -> None:
    """Store sketches by the numbers of their notes."""
    for number, members in groupby(sorted(sketches), key=lambda pair: pair[0] // NOTES_A_BLOCK):
        stored = _read_rows(database, number)
        block = bytearray().join(stored)
        put_in_block(block, {note_id % NOTES_A_BLOCK: sketch for note_id, sketch in members})
        changed = [
            (key, row)
            for at, (key, row) in enumerate(zip(_keys(number), split_block(block), strict=True))
            if not stored or stored[at] != row
        ]
        database.execute_many("INSERT OR REPLACE INTO sketches VALUES (?,?)", changed)


def read_sketch(database: Database, note_id: int) -> bytes:
    """Return the sketch that is stored of a note, empty where there is none."""
    stored = _read_rows(database, note_id // NOTES_A_BLOCK)
    return take_from_block(b"".join(stored), note_id % NOTES_A_BLOCK) if stored else b""


def remove_sketches(database: Database, note_ids: Iterable[int]) -> None:
    """Remove the blocks of notes of which none is left; the bits of others stay, and cost a look."""
    for number in {note_id // NOTES_A_BLOCK for note_id in note_ids}:
        first = number * NOTES_A_BLOCK
        sql = "SELECT 1 FROM notes WHERE id BETWEEN ? AND ? LIMIT 1"
        if not database.select_tuples(sql, (first, first + NOTES_A_BLOCK - 1)):
            database.execute_many("DELETE FROM sketches WHERE row = ?", ((key,) for key in _keys(number)))


def _read_rows(database: Database, number: int) -> list[bytes]:
    keys = _keys(number)
    sql = f"SELECT bits FROM sketches WHERE row IN ({marks(keys)}) ORDER BY row"
    return [bits for (bits,) in database.select_tuples(sql, tuple(keys))]


def _keys(number: int) -> range:
    """Return the keys of a block's rows."""
    return range(number, ROWS_A_BLOCK * _ROW, _ROW)
