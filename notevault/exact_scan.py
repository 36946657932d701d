"""What grep finds, search finds: the notes whose normalised text holds a piece of text, whatever the dictionary says.

Sketches tell which notes may; only those are looked into, by SQLite at first. Once as many were looked into as there
are, all texts are kept in memory. What was read is read anew when anything was written to the catalogue.
"""

import json
from collections.abc import Collection, Sequence
from typing import Final

from notevault.database import Database
from notevault.sketch import iter_places

LARGEST_READ: Final = 800_000_000
"""Bytes of a catalogue whose sketches and texts, about a quarter of them, may stay in memory."""
_MOST_BEGINNINGS: Final = 64
_LOOK: Final = "SELECT note_id FROM texts WHERE instr(normalized, ?) > 0"


class ExactScan:
    """Finds pieces of normalised text in all notes; as consistent as the snapshot it is asked in."""

    def __init__(self, database: Database, *, largest: int = LARGEST_READ) -> None:
        self._database = database
        self._largest = largest
        self._version: tuple[int, int] | None = None
        self._sketches: list[tuple[int, bytes]] | None = None
        self._texts: dict[int, bytes] | None = None
        self._beginnings: dict[tuple[int, int], list[tuple[int, bytes]]] = {}
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
            self._sketches, self._texts, self._looked = None, None, 0
            self._beginnings.clear()
            if self._database.size() <= self._largest:
                self._sketches = self._database.select_tuples("SELECT note_id, bits FROM sketches")
            self._version = version

    def _find(self, needle: bytes, besides: set[int]) -> set[int]:
        text = needle.decode()
        if self._sketches is None:
            return {row[0] for row in self._database.select_tuples(_LOOK, (text,))} - besides
        first, *others = iter_places(text)
        rows = self._having(first)
        for byte, bit in others:
            rows = [row for row in rows if row[1][byte] & bit]
        wanted = [note_id for note_id, _bits in rows if note_id not in besides]
        texts = self._read_texts(len(wanted))
        if texts is not None:
            return {note_id for note_id in wanted if needle in texts[note_id]}
        found = self._database.select_tuples(
            f"{_LOOK} AND note_id IN (SELECT value FROM json_each(?))", (text, json.dumps(wanted))
        )
        return {row[0] for row in found}

    def _having(self, place: tuple[int, int]) -> list[tuple[int, bytes]]:
        """Return the sketches that have a place; spellings of one word mostly begin alike."""
        known = self._beginnings.get(place)
        if known is None:
            if len(self._beginnings) == _MOST_BEGINNINGS:
                self._beginnings.clear()
            byte, bit = place
            known = self._beginnings[place] = [row for row in self._sketches or () if row[1][byte] & bit]
        return known

    def _read_texts(self, wanted: int) -> dict[int, bytes] | None:
        """Return all texts, None while looking into some by SQLite has cost less than reading all would."""
        self._looked += wanted
        if self._texts is None and self._looked > len(self._sketches or ()):
            self._texts = dict(self._database.select_tuples("SELECT note_id, CAST(normalized AS BLOB) FROM texts"))
        return self._texts
