"""How a query was read, what each hit matched with, and why a note is not among the hits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from notevault.catalog import path_to_stored
from notevault.evaluation import Ranked, has_text, holds_always
from notevault.index import WeighedTerm
from notevault.leaves import Leaf, TextItem
from notevault.model import NotePath
from notevault.query import AnyOf, Clause, Filter, Item, Not, Query, render_query
from notevault.question import Question
from notevault.records import record
from notevault.search import Hit, SearchResult, search

REQUIRED: Final = "required"
EXCLUDED: Final = "excluded"
EITHER: Final = "either"
"""One of the items with this role is enough."""
RANKS: Final = "ranks"
"""Only moves hits up."""
IGNORED: Final = "ignored"
"""A function word beside others."""
_RANK_LOOKED_AT: Final = 2_000


@record
class TermReading:
    """A term that a word was read as."""

    term: str
    written: str
    """The piece of the query it stands for."""
    weight: float
    """What a hit of it counts, before its rarity."""
    rarity: float
    notes: int
    """So many hold it."""


@record
class ItemReading:
    """One item of a query."""

    text: str
    """As it would be typed."""
    role: str
    terms: tuple[TermReading, ...] = ()
    as_written: int = 0
    """So many notes hold the word as typed."""
    means: tuple[str, ...] = ()
    """Of a filter: the keys, names or from..to that its value stands for."""
    field: str | None = None
    """Of a filter: the canonical key."""
    notes: int | None = None
    """Of a filter: so many notes have it."""
    items: "tuple[ItemReading, ...]" = ()
    """Of ``OR`` and a group: what it holds."""


@record
class HitReading:
    """What a hit was ranked by."""

    path: NotePath
    score: float
    words: float
    """Score of its words; what is more comes from their closeness and the note's date."""
    terms: tuple[tuple[str, float], ...]
    """The terms that it matched, with what each added, most first."""
    as_written: tuple[str, ...]
    """Words that it holds as typed."""


@record
class Explanation:
    """How a query was read, and what the hits of a page were ranked by."""

    query: str
    """As it was read; saved searches put in."""
    items: tuple[ItemReading, ...]
    hits: tuple[HitReading, ...]
    total: int


@record
class Verdict:
    """Whether a note has what one part of a query asks."""

    text: str
    role: str
    holds: bool
    found: tuple[str, ...]
    """What the note says there: its values of a field, its terms of a word."""


@record
class NoteVerdict:
    """Why a note is, or is not, among the hits."""

    path: NotePath
    known: bool
    """It is taken in."""
    rank: int | None
    """Its place among the hits, from 1."""
    total: int
    parts: tuple[Verdict, ...]
    failure: str | None = None
    """Why the last sync could not read it."""


def explain(question: Question, result: SearchResult) -> Explanation:
    """Return how the question was read and what the hits of ``result`` matched with. Raises QueryError."""
    query = question.evaluator.expand(question.query())
    with question.catalog.snapshot():
        ranked = question.evaluate(query)
        reader = _Reader(question, ranked)
        return Explanation(
            query=render_query(query),
            items=tuple(reader.read_clauses(query)),
            hits=tuple(_read_hits(question, ranked, result.hits)),
            total=result.total,
        )


def explain_note(question: Question, path: NotePath) -> NoteVerdict:
    """Return part by part whether a note has what the question asks. Raises QueryError."""
    stored = path_to_stored(path)
    query = question.evaluator.expand(question.query())
    rows = question.catalog.select("SELECT id FROM notes WHERE path = ?", (stored,))
    failures = question.catalog.select("SELECT reason FROM failures WHERE path = ?", (stored,))
    failure = failures[0]["reason"] if failures else None
    if not rows:
        return NoteVerdict(path=path, known=False, rank=None, total=0, parts=(), failure=failure)
    note_id: int = rows[0]["id"]
    with question.catalog.snapshot():
        reader = _Reader(question, question.evaluate(query))
        parts = tuple(reader.judge(clause, reading, note_id) for clause, reading in reader.pairs(query))
    result = search(
        question.catalog,
        question.index,
        question.text,
        settings=question.settings,
        today=question.today,
        limit=_RANK_LOOKED_AT,
    )
    rank = next((at for at, hit in enumerate(result.hits, start=1) if hit.note_id == note_id), None)
    return NoteVerdict(path=path, known=True, rank=rank, total=result.total, parts=parts, failure=failure)


class _Reader:
    """Reads the items of one evaluated query."""

    def __init__(self, question: Question, ranked: Ranked) -> None:
        self.question = question
        self.ranked = ranked
        self.leaves: dict[TextItem, Leaf] = {leaf.item: leaf for leaf in ranked.leaves}
        counts: dict[int, int] = {}
        for mask in ranked.matches.masks.values():
            counts[mask] = counts.get(mask, 0) + 1
        self.notes = {
            term.term: sum(count for mask, count in counts.items() if mask >> at & 1)
            for at, term in enumerate(ranked.terms)
        }
        self.rarity = dict(zip((term.term for term in ranked.terms), ranked.matches.importance, strict=True))

    def read_clauses(self, query: Query) -> Iterator[ItemReading]:
        for _clause, reading in self.pairs(query):
            yield reading

    def pairs(self, query: Query) -> Iterator[tuple[Clause, ItemReading]]:
        """Yield each clause with its reading; what free words do depends on the clauses beside them."""
        asks_text = any(
            has_text(clause.item)
            for clause in query.clauses
            if clause.sign == "+" or (not clause.sign and holds_always(clause.item))
        )
        for clause in query.clauses:
            if clause.sign == "-":
                role = EXCLUDED
            elif clause.sign == "+" or holds_always(clause.item):
                role = REQUIRED
            else:
                role = RANKS if asks_text else EITHER
            yield clause, self.read(clause.item, role, clause.sign)

    def read(self, item: Item | Not, role: str, sign: str = "") -> ItemReading:
        """Return the reading of one item."""
        if isinstance(item, Not):
            return self.read(item.item, EXCLUDED, "-")
        text = sign + render_query(Query(clauses=(Clause(item=item),)))
        if isinstance(item, Query):
            return ItemReading(text=text, role=role, items=tuple(self.read_clauses(item)))
        if isinstance(item, AnyOf):
            return ItemReading(text=text, role=role, items=tuple(self.read(one, EITHER) for one in item.items))
        if isinstance(item, Filter):
            filters = self.question.filters
            return ItemReading(
                text=text,
                role=role,
                field=filters.resolve(item),
                means=filters.meaning(item),
                notes=len(filters.note_ids(item)),
            )
        if not isinstance(item, TextItem):
            raise TypeError(item)  # saved searches are expanded before
        leaf = self.leaves[item]
        weighed = (*((term, written, 1.0) for term, written in leaf.surfaces), *((t, t, w) for t, w in leaf.others))
        return ItemReading(
            text=text,
            role=IGNORED if leaf.weak else role,
            terms=tuple(
                TermReading(
                    term=term,
                    written=written,
                    weight=weight,
                    rarity=round(self.rarity.get(term, 0.0), 4),
                    notes=self.notes.get(term, 0),
                )
                for term, written, weight in weighed
            ),
            as_written=len(leaf.exact),
        )

    def judge(self, clause: Clause, reading: ItemReading, note_id: int) -> Verdict:
        """Return whether a note has what a clause asks."""
        # a free word alone, or one that is excluded turned round, is asked for
        asked = replace(clause, sign="" if clause.sign == "-" else clause.sign)
        holds = note_id in self.question.note_ids(Query(clauses=(asked,)))
        found = self._values(reading, note_id) if reading.field else self._terms(reading, note_id)
        return Verdict(text=reading.text, role=reading.role, holds=holds, found=tuple(dict.fromkeys(found)))

    def _values(self, reading: ItemReading, note_id: int) -> list[str]:
        select = self.question.catalog.select
        match reading.field:
            case "todo" | "due":
                rows = select("SELECT status, due FROM todos WHERE note_id = ?", (note_id,))
                return [" ".join(filter(None, (row["status"], row["due"]))) for row in rows]
            case "path" | "title" | "type":
                return [
                    row[0] for row in select(f"SELECT {reading.field} FROM notes WHERE id = ?", (note_id,)) if row[0]
                ]
            case "tags":
                return [row[0] for row in select("SELECT tag FROM tags WHERE note_id = ?", (note_id,))]
            case "date":
                rows = select("SELECT day FROM notes WHERE id = ? AND day IS NOT NULL", (note_id,))
                return [row[0] for row in rows]
            case _:
                key = reading.means[0] if reading.field == "has" else reading.field
                rows = select(
                    "SELECT value FROM fields WHERE note_id = ? AND key = ? ORDER BY position", (note_id, key)
                )
                return [row[0] for row in rows]

    def _terms(self, reading: ItemReading, note_id: int) -> list[str]:
        mask = self.ranked.matches.masks.get(note_id, 0)
        held = {term.term for at, term in enumerate(self.ranked.terms) if mask >> at & 1}
        return [one.term for item in _flatten(reading) for one in item.terms if one.term in held]


def _flatten(reading: ItemReading) -> Iterator[ItemReading]:
    yield reading
    for item in reading.items:
        yield from _flatten(item)


def _read_hits(question: Question, ranked: Ranked, hits: Sequence[Hit]) -> Iterator[HitReading]:
    ids = {hit.note_id for hit in hits}
    added: dict[int, dict[str, float]] = {note_id: {} for note_id in ids}
    for term in ranked.terms:
        if term.weight:
            for note_id, score in question.index.search([WeighedTerm(*term)], allowed=ids).scores.items():
                added[note_id][term.term] = score
    for hit in hits:
        terms = sorted(added[hit.note_id].items(), key=lambda one: -one[1])
        yield HitReading(
            path=hit.path,
            score=round(hit.score, 4),
            words=round(ranked.scores.get(hit.note_id, 0.0), 4),
            terms=tuple((term, round(score, 4)) for term, score in terms),
            as_written=tuple(
                leaf.item.text for leaf in ranked.leaves if hit.note_id in leaf.exact and not leaf.negative
            ),
        )
