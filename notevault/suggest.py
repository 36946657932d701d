"""What to ask instead: words near those that no note holds, and what an answer of nothing was excluded by."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from notevault.catalog import Catalog
from notevault.index import NoteIndex, WeighedTerm
from notevault.index.analysis import iter_tokens
from notevault.index.similar import distance
from notevault.names.kanji import hiragana, katakana
from notevault.names.key import name_key
from notevault.query import AnyOf, Clause, Filter, Phrase, Query, Saved, render_query
from notevault.question import Question
from notevault.readings import find_read_like, name_by_key
from notevault.records import record
from notevault.text import normalize

MOST_GUESSES: Final = 3
_MOST_WORDS: Final = 5
_LONGER: Final = 2
"""A piece of text that is more times longer than a term only holds it."""
_MOST_CLAUSES: Final = 8
_LONGEST_WORD: Final = 40
_LONGEST_TEXT: Final = 20_000
_NAMES: Final = (
    "SELECT name FROM customer_names UNION SELECT name FROM contacts UNION SELECT name FROM deals"
    " UNION SELECT tag FROM tags UNION SELECT DISTINCT owner FROM notes WHERE owner IS NOT NULL"
)


@record
class Guess:
    """A word that no note holds, and words near it that some do."""

    word: str
    near: tuple[str, ...]


@record
class Excluder:
    """A part of a query without which there are hits."""

    part: str
    """As it would be typed."""
    notes: int
    """So many without it."""


def guess_words(catalog: Catalog, index: NoteIndex, missing: Sequence[str]) -> tuple[Guess, ...]:
    """Return words of the notes, and names the catalogue knows, near each missing word; nearest first."""
    if not missing:
        return ()
    names = name_by_key(row[0] for row in catalog.select(_NAMES) if row[0])
    return tuple(
        Guess(word=word, near=tuple(_near(catalog, index, names, word))[:MOST_GUESSES])
        for word in missing[:_MOST_WORDS]
        if len(word) <= _LONGEST_WORD
    )


def find_excluders(question: Question) -> tuple[Excluder, ...]:
    """Return the parts of a query that has no hits, each with how many there are without it; most first."""
    query = question.query()
    found = []
    for at, clause in enumerate(query.clauses[:_MOST_CLAUSES]):
        if len(query.clauses) > 1 and _excludes(clause):
            others = Query(clauses=(*query.clauses[:at], *query.clauses[at + 1 :]))
            if notes := len(question.note_ids(others)):
                found.append(Excluder(part=render_query(Query(clauses=(clause,))), notes=notes))
    return tuple(sorted(found, key=lambda one: -one.notes))


def _excludes(clause: Clause) -> bool:
    return clause.sign != "" or isinstance(clause.item, Filter | Phrase | AnyOf | Saved | Query)


def _near(catalog: Catalog, index: NoteIndex, names: dict[str, str], word: str) -> list[str]:
    normalized = normalize(word)
    key = name_key(word) or normalized
    found = [*_in_other_kana(catalog, normalized), *find_read_like(catalog, names, normalized)]
    found += [names[near] for near in get_close_matches(key, list(names), n=MOST_GUESSES, cutoff=0.7)]
    found += [names[known] for known in names if len(key) > 1 and known != key and distance(key, known, limit=1) == 1]
    terms = dict.fromkeys((normalized, *(token.term for token in iter_tokens(normalized) if len(token.term) > 1)))
    for term in terms:
        found += _as_written(catalog, index, index.similar_terms(term, limit=MOST_GUESSES))
    return list({normalize(one): one for one in reversed(found) if normalize(one) != normalized}.values())[::-1]


def _in_other_kana(catalog: Catalog, word: str) -> list[str]:
    """Return the word all in katakana or all in hiragana, where a note holds it so: 三つ坂, 三ツ坂."""
    spelled = dict.fromkeys((katakana(word), hiragana(word)))
    return [each for each in spelled if each != word and catalog.exact_scan.find_holders([each])]


def _as_written(catalog: Catalog, index: NoteIndex, terms: Iterable[str]) -> list[str]:
    """Return terms as a note spells them: a stem is no word to show, nor is the address that a term is a part of."""
    words = []
    for term in terms:
        notes = index.search([WeighedTerm(term)]).scores
        for note_id in sorted(notes, key=lambda note_id: (-notes[note_id], note_id))[:1]:
            rows = catalog.select("SELECT normalized FROM texts WHERE note_id = ?", (note_id,))
            text: str = rows[0][0][:_LONGEST_TEXT] if rows else ""
            spelled = (text[one.start : one.end] for one in iter_tokens(text) if one.term == term)
            word = min(spelled, key=len, default=term)
            words.append(word if len(word) <= _LONGER * len(term) else term)
    return words
