"""What grep finds, search finds: the notes whose normalised text holds a piece of text, whatever the dictionary says.

All texts are read as bytes, kept in memory and read anew when anything was written to the catalogue. Where they are too
many for that, SQLite looks through its table, which takes several times as long.
"""

from collections.abc import Sequence
from typing import Final

from notevault.database import Database

_NEEDLES_A_PASS: Final = 60
"""Bits of the mask that one row answers with; SQLite's numbers have 63."""
LARGEST_READ: Final = 800_000_000
"""Bytes of a catalogue whose texts, about a sixth of them, may stay in memory."""


class ExactScan:
    """Finds pieces of normalised text in all notes; as consistent as the snapshot it is asked in."""

    def __init__(self, database: Database, *, largest: int = LARGEST_READ) -> None:
        self._database = database
        self._largest = largest
        self._version: tuple[int, int] | None = None
        self._texts: list[tuple[int, bytes]] = []

    def find_holders(self, needles: Sequence[str]) -> dict[str, set[int]]:
        """Return for each needle, which must be normalised and not empty, the notes that hold it."""
        if not needles:
            return {}
        if self._is_loaded():
            return {needle: self._find(needle.encode("utf-8", "replace")) for needle in needles}
        holders: dict[str, set[int]] = {}
        for at in range(0, len(needles), _NEEDLES_A_PASS):
            holders |= self._read(needles[at : at + _NEEDLES_A_PASS])
        return holders

    def _read(self, needles: Sequence[str]) -> dict[str, set[int]]:
        tests = [f"(instr(normalized, ?{at + 1}) > 0)" for at in range(len(needles))]
        mask = " | ".join(f"({test} << {at})" for at, test in enumerate(tests))
        rows = self._database.select_tuples(
            f"SELECT note_id, held FROM (SELECT note_id, {mask} AS held FROM texts) WHERE held", needles
        )
        return {needle: {note_id for note_id, held in rows if held >> at & 1} for at, needle in enumerate(needles)}

    def _is_loaded(self) -> bool:
        version = self._database.version()
        if version != self._version:
            self._texts = []
            if self._database.size() > self._largest:
                return False
            self._texts = self._database.select_tuples("SELECT note_id, CAST(normalized AS BLOB) FROM texts")
            self._version = version
        return True

    def _find(self, needle: bytes) -> set[int]:
        return {note_id for note_id, text in self._texts if needle in text}
