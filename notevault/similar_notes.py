"""Similar cases: the notes most like a note, by the words that set it apart.

What a note is about is said by words that are frequent in it and rare elsewhere; names of its people and its customer
are left out, since another customer's case is what is asked for. A case of the same industry, about the same products
and at the same stage comes before one that is not.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from heapq import nlargest
from typing import Final, Self

from notevault.catalog import Catalog, path_to_stored
from notevault.database import chunked, marks
from notevault.errors import NotePathError
from notevault.index import Matches, NoteIndex, WeighedTerm
from notevault.index.analysis import analyze, iter_tokens
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.question import Question
from notevault.records import record
from notevault.search import Hit, Sought, make_hits
from notevault.text import normalize, printable_path

MOST_TERMS: Final = 30
"""So many of a note's words say what it is about; more make it like everything."""
_MOST_WEIGHED: Final = 300
_ACTION: Final = re.compile("[一-鿿ぁ-ゖ]+[うくぐすつぬぶむるい]|[ぁ-ゖ]+")
ACTION_SHARE: Final = 0.4
"""What a verb, an adjective or a word of hiragana counts beside a noun: 出る and 高い say little of a case."""
COMMON_SHARE: Final = 0.5
"""What stands in more of the notes sets none apart."""
LEAST_ALIKE: Final = 0.08
"""A note that scores less, in proportion to the note itself, has a word in common by chance."""
INDUSTRY_BONUS: Final = 0.25
PRODUCT_BONUS: Final = 0.25
STAGE_BONUS: Final = 0.1
"""What the same industry, all products in common and the same stage add, in proportion."""
_TITLE_COUNT: Final = 2
_LONGEST_TEXT: Final = 50_000
_NO_CASES: Final = ("customer", "merged-customer", "manual")
_SHOWN_WORDS: Final = 6


@record
class SimilarNote:
    """A note like the one asked with."""

    hit: Hit
    """Its score is 1 for the note itself, before what industry, product and stage add."""
    words: tuple[str, ...]
    """What both say, as the note asked with writes it; what says most first."""
    same: tuple[str, ...]
    """Which of ``industry``, ``product`` and ``stage`` they share."""


@record
class SimilarNotes:
    """The notes most like one, and the words they were sought by."""

    path: NotePath
    words: tuple[str, ...]
    notes: tuple[SimilarNote, ...]
    total: int


@record
class _Case:
    """What is compared of a note beside its words."""

    industry: str
    products: frozenset[str]
    stage: str | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        return cls(
            industry=normalize(row["industry"] or ""),
            products=frozenset(json.loads(row["products"])),
            stage=row["stage"] or row["stage_raw"],
        )

    def shared(self, other: Self) -> dict[str, float]:
        """Return how much each thing in common adds."""
        products = len(self.products & other.products) / len(self.products) if self.products else 0.0
        found = {
            "industry": INDUSTRY_BONUS if self.industry and self.industry == other.industry else 0.0,
            "product": PRODUCT_BONUS * products,
            "stage": STAGE_BONUS if self.stage and self.stage == other.stage else 0.0,
        }
        return {name: bonus for name, bonus in found.items() if bonus}


_CASES: Final = """
    SELECT n.id, n.path, n.digest, n.copy_of, n.type, n.stage, n.stage_raw, n.title, n.customer, n.customer_id, n.owner,
        coalesce(c.industry, (SELECT value FROM fields f WHERE f.note_id = n.id AND f.key = 'industry')) AS industry,
        (SELECT json_group_array(DISTINCT normalized) FROM (
            SELECT normalized FROM tags WHERE note_id = n.id
            UNION SELECT normalized FROM fields WHERE note_id = n.id AND key = 'product'
        )) AS products
    FROM notes n LEFT JOIN customers c ON c.id = n.customer_id
"""


def find_similar(question: Question, path: NotePath, *, limit: int | None = 20) -> SimilarNotes:
    """Return the notes most like the one at ``path`` among those that answer the question; never itself or its copies.

    Raises NotePathError where the note is not indexed, QueryError.
    """
    catalog = question.catalog
    with catalog.snapshot():
        rows = catalog.select(f"{_CASES} WHERE n.path = ?", (path_to_stored(path),))
        if not rows:
            raise NotePathError(printable_path(path), _("not indexed"))
        row = rows[0]
        spelled = _spellings(catalog, row)
        terms = _distinctive(question.index, spelled)
        allowed = question.note_ids() if question.text.strip() else None
        matches = question.index.search(terms) if terms else Matches(scores={}, masks={}, importance=())
        found = _rank(catalog, matches, row, allowed)
        page = found[:limit]
        hits = make_hits(
            catalog, [(score, note_id) for score, note_id, _same in page], _sought(terms, spelled, matches)
        )
    same = {note_id: shared for _score, note_id, shared in page}
    worth = {term.term: weight * term.weight for term, weight in zip(terms, matches.importance, strict=True)}
    return SimilarNotes(
        path=path,
        words=tuple(spelled[term.term][0] for term in terms),
        notes=tuple(
            SimilarNote(hit=hit, words=_shared_words(hit.note_id, matches, worth, spelled), same=same[hit.note_id])
            for hit in hits
        ),
        total=len(found),
    )


def _spellings(catalog: Catalog, row: sqlite3.Row) -> dict[str, tuple[str, float]]:
    """Return each term of the note that may say what it is about, with how it is written and how often."""
    text: str = catalog.select("SELECT text FROM texts WHERE note_id = ?", (row["id"],))[0][0]
    names = _names(catalog, row)
    found: dict[str, tuple[str, float]] = {}
    for part, count in ((_body(text)[:_LONGEST_TEXT], 1.0), (row["title"], _TITLE_COUNT)):
        normalized = normalize(part)
        for token in iter_tokens(normalized):
            if token.term not in names and len(token.term) > 1 and not _is_number(token.term):
                spelled, before = found.get(token.term, (normalized[token.start : token.end], 0.0))
                found[token.term] = (spelled, before + count)
    return found


def _body(text: str) -> str:
    end = text.find("\n---", 3) if text.startswith("---") else -1
    return text if end < 0 else text[end + 4 :]


def _names(catalog: Catalog, row: sqlite3.Row) -> set[str]:
    """Return the terms of the names of the note's customer, people and owner."""
    written = catalog.select(
        "SELECT name FROM customer_names WHERE customer_id = ? UNION SELECT name FROM contacts WHERE customer_id = ?"
        " UNION SELECT value FROM fields WHERE note_id = ? AND key IN ('customer', 'contacts', 'attendees', 'owner')",
        (row["customer_id"], row["customer_id"], row["id"]),
    )
    return {term for name in (*(one[0] for one in written), row["owner"] or "") for term in analyze(name)}


def _is_number(term: str) -> bool:
    return not any(map(str.isalpha, term))


def _distinctive(index: NoteIndex, spelled: Mapping[str, tuple[str, float]]) -> list[WeighedTerm]:
    """Return the terms that say most: frequent in the note, rare elsewhere, but not in this note alone."""
    often = nlargest(_MOST_WEIGHED, spelled, key=lambda term: (spelled[term][1], len(term), term))
    weighed = [WeighedTerm(term, 0.0) for term in often]
    matches = index.search(weighed)
    held: dict[int, int] = {}
    for mask in matches.masks.values():
        held[mask] = held.get(mask, 0) + 1
    worth = {}
    for at, term in enumerate(often):
        notes = sum(count for mask, count in held.items() if mask >> at & 1)
        if 1 < notes <= max(COMMON_SHARE * index.note_count(), 2):
            count = spelled[term][1]
            share = count / (count + 1) * (ACTION_SHARE if _ACTION.fullmatch(term) else 1.0)
            worth[term] = (share * matches.importance[at], share)
    best = nlargest(MOST_TERMS, worth, key=lambda term: (worth[term][0], term))
    return [WeighedTerm(term, worth[term][1]) for term in best]


def _rank(
    catalog: Catalog, matches: Matches, row: sqlite3.Row, allowed: Collection[int] | None
) -> list[tuple[float, int, tuple[str, ...]]]:
    """Return score, note id and what is the same beside words, best first."""
    whole = matches.scores.get(row["id"], 0.0)
    alike = {
        note_id: score / whole
        for note_id, score in matches.scores.items()
        if whole and score >= LEAST_ALIKE * whole and (allowed is None or note_id in allowed)
    }
    case, found = _Case.of(row), []
    for other in _select_cases(catalog, nlargest(1000, alike, key=lambda note_id: alike[note_id])):
        if _is_same_note(row, other) or (other["type"] in _NO_CASES and other["type"] != row["type"]):
            continue
        shared = case.shared(_Case.of(other))
        found.append((-alike[other["id"]] * (1 + sum(shared.values())), other["path"], other["id"], tuple(shared)))
    return [(-score, note_id, same) for score, _path, note_id, same in sorted(found)]


def _select_cases(catalog: Catalog, ids: list[int]) -> Iterable[sqlite3.Row]:
    for chunk in chunked(ids):
        yield from catalog.select(f"{_CASES} WHERE n.id IN ({marks(chunk)})", chunk)


def _is_same_note(one: sqlite3.Row, other: sqlite3.Row) -> bool:
    originals = {one["copy_of"] or one["id"], other["copy_of"] or other["id"]}
    return len(originals) == 1 or one["digest"] == other["digest"]


def _sought(terms: Iterable[WeighedTerm], spelled: Mapping[str, tuple[str, float]], matches: Matches) -> Sought:
    pairs = list(zip(terms, matches.importance, strict=True))
    return Sought(
        wholes={},
        pieces={term.term: {spelled[term.term][0]: rarity * term.weight} for term, rarity in pairs},
        bits={term.term: 1 << at for at, (term, _rarity) in enumerate(pairs)},
        masks=matches.masks,
    )


def _shared_words(
    note_id: int, matches: Matches, worth: Mapping[str, float], spelled: Mapping[str, tuple[str, float]]
) -> tuple[str, ...]:
    mask = matches.masks[note_id]
    shared = [term for at, term in enumerate(worth) if mask >> at & 1]
    best = nlargest(_SHOWN_WORDS, shared, key=lambda term: worth[term])
    return tuple(spelled[term][0] for term in best)
