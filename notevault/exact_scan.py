"""What grep finds, search finds: the notes whose normalised text holds a piece of text, whatever the dictionary says.

Sketches tell which notes may; only those are looked into, by SQLite at first. Once as many were looked into as there
are, all texts are kept in memory. What was read is read anew when anything was written to the catalogue.
"""

import json
from collections.abc import Collection, Sequence
from itertools import compress
from typing import Final

from notevault.database import Database
from notevault.sketch import NOTES_A_BLOCK, have_places, places_of

LARGEST_READ: Final = 800_000_000
"""Bytes of a catalogue whose sketches and texts, about a quarter of them, may stay in memory."""
_LOOK: Final = "SELECT note_id FROM texts WHERE instr(normalized, ?) > 0"


class ExactScan:
    """Finds pieces of normalised text in all notes; as consistent as the snapshot it is asked in."""

    def __init__(self, database: Database, *, largest: int = LARGEST_READ) -> None:
        self._database = database
        self._largest = largest
        self._version: tuple[int, int] | None = None
        self._ids: list[int] = []
        self._blocks: list[bytes] | None = None
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
            self._blocks, self._texts, self._looked = None, None, 0
            if self._database.size() <= self._largest:
                rows = self._database.select_tuples("SELECT block, bits FROM sketches ORDER BY block")
                firsts = (block * NOTES_A_BLOCK for block, _bits in rows)
                self._ids = [note_id for first in firsts for note_id in range(first, first + NOTES_A_BLOCK)]
                self._blocks = [bits for _block, bits in rows]
            self._version = version

    def _find(self, needle: bytes, besides: set[int]) -> set[int]:
        text = needle.decode()
        if self._blocks is None:
            return {row[0] for row in self._database.select_tuples(_LOOK, (text,))} - besides
        may_hold = compress(self._ids, have_places(self._blocks, places_of(text)))
        wanted = [note_id for note_id in may_hold if note_id not in besides]
        texts = self._read_texts(len(wanted))
        if texts is not None:
            return {note_id for note_id in wanted if needle in texts.get(note_id, b"")}
        found = self._database.select_tuples(
            f"{_LOOK} AND note_id IN (SELECT value FROM json_each(?))", (text, json.dumps(wanted))
        )
        return {row[0] for row in found}

    def _read_texts(self, wanted: int) -> dict[int, bytes] | None:
        """Return all texts, None while looking into some by SQLite has cost less than reading all would."""
        self._looked += wanted
        if self._texts is None and self._looked > len(self._ids):
            self._texts = dict(self._database.select_tuples("SELECT note_id, CAST(normalized AS BLOB) FROM texts"))
        return self._texts
