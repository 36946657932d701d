"""What grep finds, search finds: the notes whose normalised text holds a piece of text, whatever the dictionary says.

The first scan of a process reads the table; later ones read one joined text kept in memory, which is several times
faster and is made anew when anything was written to the catalogue.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from notevault.database import Database

_NEEDLES_A_PASS: Final = 60
"""Bits of the mask that one row answers with; SQLite's numbers have 63."""
_LONGEST_KEPT: Final = 150_000_000
"""Characters of all notes together that may stay in memory."""
_BORDER: Final = "\n"
"""Normalised text holds no line ends, so no piece of text reaches over the border of two notes."""


class ExactScan:
    """Finds pieces of normalised text in all notes; as consistent as the snapshot it is asked in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._scans = 0
        self._version: tuple[int, int] | None = None
        self._text = ""
        self._starts: list[int] = []
        self._note_ids: list[int] = []

    def find_holders(self, needles: Sequence[str]) -> dict[str, set[int]]:
        """Return for each needle, which must be normalised and not empty, the notes that hold it."""
        self._scans += 1
        if self._scans > 1 and self._is_loaded():
            return {needle: self._find(needle) for needle in needles}
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
            self._text, self._starts, self._note_ids = "", [], []
            size = self._database.select_tuples("SELECT sum(length(CAST(normalized AS BLOB))) FROM texts")[0][0] or 0
            if size > _LONGEST_KEPT:
                return False
            self._load()
            self._version = version
        return True

    def _load(self) -> None:
        rows = self._database.select_tuples("SELECT note_id, normalized FROM texts")
        self._note_ids = [note_id for note_id, _text in rows]
        at = 0
        for _note_id, text in rows:
            self._starts.append(at)
            at += len(text) + len(_BORDER)
        self._text = _BORDER.join(text for _note_id, text in rows)

    def _find(self, needle: str) -> set[int]:
        found: set[int] = set()
        at = self._text.find(needle)
        while at >= 0:
            position = bisect_right(self._starts, at)
            found.add(self._note_ids[position - 1])
            if position == len(self._starts):
                break
            at = self._text.find(needle, self._starts[position])
        return found
