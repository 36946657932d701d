"""Answer a query: filters from the catalogue, ranking from the text index, and an exact scan beside it.

What grep finds in the normalised text, search finds: a free word matches a note that holds it as written, a spelling of
it, or a part of it of more than one character; letters in another order never match. Notes that hold more of the words,
close together, come first; a recent note comes before an old one that says as much.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, Self

from notevault.catalog import Catalog, stored_to_path
from notevault.config import Settings
from notevault.database import chunked, marks
from notevault.errors import NotevaultError
from notevault.evaluation import Evaluator, Ranked
from notevault.filters import FilterReader
from notevault.index import NoteIndex
from notevault.index.analysis import iter_tokens
from notevault.leaves import Leaf
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.query import Query, parse_query
from notevault.records import record
from notevault.snippet import Needle, Snippet, make_snippet
from notevault.text import closest

SORTS: Final = ("relevance", "date", "amount", "customer", "path")
LOOKED_AT: Final = 60
"""So many of the best notes are compared by what their texts say: how close the words stand, how old the note is."""
NEAR_WEIGHT: Final = 0.3
"""What two neighbours of the query count where they are neighbours in the note, in proportion to their rarity."""
NEAR: Final = 20
"""At this distance in characters, half of it is left."""
RECENT_SHARE: Final = 0.1
HALF_LIFE_DAYS: Final = 180.0
"""What a note of today is ahead of an old one, and the days until half of it is left."""
LONGEST_TEXT_READ: Final = 20_000
"""So many characters of a hit are read again for words that it spells unlike the query."""
_NOTE_COLUMNS: Final = "id, path, title, type, day, customer, stage, stage_raw, owner, deal, amount, currency"


class UnknownSortError(NotevaultError):
    """An order that search does not know."""

    def __init__(self, sort: str) -> None:
        near = closest(sort, SORTS)
        hint = _("did you mean {value}?").format(value=near) if near else ""
        super().__init__(
            _("search cannot sort by {sort}; it knows {known}").format(sort=sort, known=", ".join(SORTS)), hint
        )


@record
class Hit:
    """A note that answers a query."""

    note_id: int
    path: NotePath
    title: str
    type: str | None
    day: date | None
    customer: str | None
    stage: str | None
    """Key of the stage, or what was written."""
    owner: str | None
    deal: str | None
    amount: float | None
    currency: str | None
    score: float
    """Comparable within one answer only; 0 where nothing was asked of the text."""
    snippet: Snippet

    @property
    def line(self) -> int:
        """Line of the best match, from 1."""
        return self.snippet.line


@record
class SearchResult:
    """One page of an answer."""

    hits: tuple[Hit, ...]
    total: int
    """Of all pages."""
    query: Query
    missing: tuple[str, ...] = ()
    """Words of the query that no note holds."""


def search(
    catalog: Catalog,
    index: NoteIndex,
    text: str,
    *,
    settings: Settings,
    today: date,
    limit: int | None = 20,
    offset: int = 0,
    sort: str | None = None,
) -> SearchResult:
    """Return the notes that answer a query, best first.

    Without free words the newest come first; an empty query is answered by every note. ``sort`` is one of
    :data:`SORTS`; dates and amounts go down. Raises QueryError where the query cannot be understood.
    """
    if sort is not None and sort not in SORTS:
        raise UnknownSortError(sort)
    query = parse_query(text)
    with catalog.snapshot():
        filters = FilterReader(catalog=catalog, settings=settings, today=today, query=text)
        evaluator = Evaluator(catalog=catalog, index=index, settings=settings, filters=filters)
        ranked = evaluator.evaluate(query)
        ids = _known(catalog, index, ranked.ids)
        wanted = len(ids) if limit is None else min(limit, max(len(ids) - offset, 0))
        counted = [leaf for leaf in ranked.leaves if not (leaf.negative or leaf.weak)]
        if (sort or "relevance") == "relevance" and counted:
            page = _best(catalog, ranked, ids, today, offset + wanted)[offset:]
        else:
            page = [(0.0, note_id) for note_id in _sorted(catalog, ids, sort)[offset : offset + wanted]]
        hits = make_hits(catalog, page, Sought.of(counted, ranked))
    return SearchResult(hits=hits, total=len(ids), query=query, missing=_missing(counted, ranked))


def _known(catalog: Catalog, index: NoteIndex, ids: set[int]) -> set[int]:
    """Return the ids without those that only the index holds: a sync was cut off, or is under way."""
    if index.note_count() == catalog.note_count():
        return ids
    return ids & {row[0] for row in catalog.select("SELECT id FROM notes")}


def _sorted(catalog: Catalog, ids: Collection[int], sort: str | None) -> list[int]:
    order = {
        "amount": "n.amount IS NULL, n.amount DESC, n.day DESC, n.path",
        "customer": "n.customer IS NULL, coalesce(c.name, n.customer), n.day DESC, n.path",
        "path": "n.path",
    }.get(sort or "", "n.day IS NULL, n.day DESC, n.path")
    rows = catalog.select_tuples(
        "SELECT n.id FROM json_each(?) AS wanted JOIN notes n ON n.id = wanted.value"
        f" LEFT JOIN customers c ON c.id = n.customer_id ORDER BY {order}",
        (json.dumps(list(ids)),),
    )
    return [note_id for (note_id,) in rows]


def _best(catalog: Catalog, ranked: Ranked, ids: Collection[int], today: date, count: int) -> list[tuple[float, int]]:
    """Return scores and ids of the best notes; the texts of those in front are looked at."""
    looked_at = max(LOOKED_AT, count)
    scores = ranked.scores
    front = sorted(sorted(ids), key=scores.__getitem__, reverse=True)[:looked_at]
    pairs = _neighbours(ranked)
    rows = _rows(
        catalog, "SELECT n.id, n.day, n.path, t.normalized FROM notes n JOIN texts t ON t.note_id = n.id", front
    )
    found = []
    for note_id, day, path, normalized in rows:
        near = sum(weight * _nearness(normalized, one, other) for one, other, weight in pairs)
        score = (scores[note_id] + NEAR_WEIGHT * near) * (1 + RECENT_SHARE * _recency(day, today))
        found.append((-round(score, 6), _newest_first(day), path, note_id))
    return [(-score, note_id) for score, _day, _path, note_id in sorted(found)[:count]]


def _newest_first(day: str | None) -> int:
    return -date.fromisoformat(day).toordinal() if day else 0


def _recency(day: str | None, today: date) -> float:
    if day is None:
        return 0.0
    age = max((today - date.fromisoformat(day)).days, 0)
    return float(0.5 ** (age / HALF_LIFE_DAYS))


def _neighbours(ranked: Ranked) -> list[tuple[str, str, float]]:
    """Return the pairs of terms that follow each other in the query, as written, with the lesser rarity of the two."""
    rarity = {term.term: value for term, value in zip(ranked.terms, ranked.matches.importance, strict=True)}
    pieces = [
        (surface if not surface.isascii() else term, rarity.get(term, 0.0))
        for leaf in ranked.leaves
        if not (leaf.negative or leaf.weak)
        for term, surface in leaf.surfaces
    ]
    return [
        (one, other, min(rare, other_rare))
        for (one, rare), (other, other_rare) in pairwise(pieces)
        if one != other and rare and other_rare
    ]


def _nearness(text: str, one: str, other: str) -> float:
    """Return 1 where two pieces touch, less the farther apart their nearest places are, 0 where one is missing."""
    if one not in text or other not in text:
        return 0.0
    ends = [at + len(one) for at in _places(text, one)]
    starts = _places(text, other)
    least = min(abs(start - end) for end in ends for start in starts)
    return NEAR / (NEAR + least)


def _places(text: str, piece: str) -> list[int]:
    """Return the first places of a piece; more would make long notes slow and change nothing."""
    places: list[int] = []
    at = text.find(piece)
    while at >= 0 and len(places) < 16:  # noqa: PLR2004
        places.append(at)
        at = text.find(piece, at + 1)
    return places


def _rows(catalog: Catalog, select: str, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Return the rows of ``select`` for some notes, in any order."""
    rows: list[sqlite3.Row] = []
    for chunk in chunked(ids):
        rows += catalog.select(f"{select} WHERE n.id IN ({marks(chunk)})", chunk)
    return rows


def _missing(leaves: Sequence[Leaf], ranked: Ranked) -> tuple[str, ...]:
    held = {term.term for term, value in zip(ranked.terms, ranked.matches.importance, strict=True) if value}
    return tuple(
        leaf.item.text
        for leaf in leaves
        if not leaf.exact and held.isdisjoint((*leaf.finding, *(term for term, _weight in leaf.others)))
    )


def make_hits(catalog: Catalog, page: Sequence[tuple[float, int]], sought: "Sought") -> tuple[Hit, ...]:
    """Return the hits of one page of scores and note ids, with their snippets."""
    columns = ", ".join(f"n.{column}" for column in _NOTE_COLUMNS.split(", "))
    select = f"SELECT {columns}, t.text, t.normalized FROM notes n JOIN texts t ON t.note_id = n.id"
    rows = {row["id"]: row for row in _rows(catalog, select, [note_id for _score, note_id in page])}
    return tuple(_make_hit(rows[note_id], score, sought) for score, note_id in page if note_id in rows)


def _make_hit(row: sqlite3.Row, score: float, sought: "Sought") -> Hit:
    needles = sought.needles_in(row["normalized"], row["id"])
    return Hit(
        note_id=row["id"],
        path=stored_to_path(row["path"]),
        title=row["title"],
        type=row["type"],
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        customer=row["customer"],
        stage=row["stage"] or row["stage_raw"],
        owner=row["owner"],
        deal=row["deal"],
        amount=row["amount"],
        currency=row["currency"],
        score=score,
        snippet=make_snippet(row["text"], needles, body_start=_body_start(row["text"]), title=row["title"]),
    )


def _body_start(text: str) -> int:
    """Return where the front matter ends, near enough for choosing a line."""
    if not text.startswith("---"):
        return 0
    end = text.find("\n---", 3)
    return 0 if end < 0 else end + 4


@record
class Sought:
    """What to mark in the notes found."""

    wholes: Mapping[str, float]
    """The words as asked, with their weights."""
    pieces: Mapping[str, Mapping[str, float]]
    """By term: how the query writes it, with its weight."""
    bits: Mapping[str, int]
    masks: Mapping[int, int]

    @classmethod
    def of(cls, leaves: Sequence[Leaf], ranked: Ranked) -> Self:
        """Take what a ranking sought."""
        rarity = {term.term: value for term, value in zip(ranked.terms, ranked.matches.importance, strict=True)}
        wholes: dict[str, float] = {}
        pieces: dict[str, dict[str, float]] = {}
        for leaf in leaves:
            whole = 1.0 + sum(rarity.get(term, 0.0) for term, _surface in leaf.surfaces)
            wholes.update(dict.fromkeys(filter(None, leaf.needles), whole))
            for term, surface in (*leaf.surfaces, *((other, other) for other, _weight in leaf.others)):
                if len(surface) == 1 and len(leaf.surfaces) > 1:
                    continue
                # a stem stands in every form of its word
                piece = term if surface.isascii() and surface.startswith(term) else surface
                pieces.setdefault(term, {})[piece] = rarity.get(term, 0.0) + 0.1
        bits = {term.term: 1 << at for at, term in enumerate(ranked.terms)}
        return cls(wholes=wholes, pieces=pieces, bits=bits, masks=ranked.matches.masks)

    def needles_in(self, normalized: str, note_id: int) -> list[Needle]:
        """Return what to look for in one note: also the spellings it writes the terms in."""
        found = dict(self.wholes)
        unseen: dict[str, float] = {}
        mask = self.masks.get(note_id, 0)
        for term, pieces in self.pieces.items():
            found.update(pieces)
            if mask & self.bits.get(term, 0) and not any(piece in normalized for piece in pieces):
                unseen[term] = max(pieces.values())
        if unseen:
            for token in iter_tokens(normalized[:LONGEST_TEXT_READ]):
                if token.term in unseen:
                    found[normalized[token.start : token.end]] = unseen[token.term]
        return [Needle(text=text, weight=weight) for text, weight in found.items()]
