"""What the text index should hold of a note, told from the catalogue, and whether it does.

A stored digest says what an index was meant to hold; this asks for every term.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from notevault.catalog import Catalog
from notevault.index import IndexDocument, NoteIndex, WeighedTerm, weigh

_TERMS_A_QUESTION: Final = 256
_NOTES_A_SELECT: Final = 500


class TermProof(NamedTuple):
    """How a note stands in the text index."""

    note_id: int
    terms: int
    """So many its text has."""
    missing: tuple[str, ...]
    """Not in the index for this note."""
    strange: int
    """So many terms lead to the note in the index that its text does not have; only those of the notes asked for."""

    @property
    def holds(self) -> bool:
        """Whether the index holds the note's terms and no others."""
        return not self.missing and not self.strange


def iter_documents(catalog: Catalog, note_ids: Sequence[int]) -> Iterator[IndexDocument]:
    """Yield notes as they were given to the index."""
    for at in range(0, len(note_ids), _NOTES_A_SELECT):
        some = note_ids[at : at + _NOTES_A_SELECT]
        marks = ",".join("?" * len(some))
        headings: dict[int, list[str]] = {}
        for note_id, heading in catalog.select_tuples(
            f"SELECT note_id, heading FROM sections WHERE note_id IN ({marks}) ORDER BY note_id, position", some
        ):
            headings.setdefault(note_id, []).append(heading)
        for note_id, digest, title, customer, text in catalog.select_tuples(
            "SELECT n.id, n.digest, n.title, n.customer, t.text FROM notes n JOIN texts t ON t.note_id = n.id"
            f" WHERE n.id IN ({marks})",
            some,
        ):
            weights = weigh(text, title=title, customer=customer, headings=headings.get(note_id, ()))
            yield IndexDocument(note_id=note_id, digest=digest, weights=weights)


def prove_terms(catalog: Catalog, index: NoteIndex, note_ids: Sequence[int]) -> list[TermProof]:
    """Compare these notes' terms with what the index says, both ways. Raises IndexDamagedError."""
    holders: dict[str, set[int]] = {}
    terms: dict[int, int] = {}
    for document in iter_documents(catalog, note_ids):
        weights, _length = document.weights
        terms[document.note_id] = len(weights)
        for term in weights:
            holders.setdefault(term, set()).add(document.note_id)
    missing: dict[int, list[str]] = {}
    strange: dict[int, int] = {}
    asked = frozenset(terms)
    words = sorted(holders)
    for at in range(0, len(words), _TERMS_A_QUESTION):
        some = words[at : at + _TERMS_A_QUESTION]
        for term, found in zip(some, _find_holders(index, some, asked), strict=True):
            for note_id in holders[term] - found:
                missing.setdefault(note_id, []).append(term)
            for note_id in found - holders[term]:
                strange[note_id] = strange.get(note_id, 0) + 1
    return [
        TermProof(note_id, count, tuple(missing.get(note_id, ())), strange.get(note_id, 0))
        for note_id, count in terms.items()
    ]


def _find_holders(index: NoteIndex, terms: Sequence[str], allowed: Collection[int]) -> list[set[int]]:
    masks = index.search([WeighedTerm(term) for term in terms], allowed=allowed).masks
    found: list[set[int]] = [set() for _term in terms]
    for note_id, mask in masks.items():
        rest = mask
        while rest:
            lowest = rest & -rest
            found[lowest.bit_length() - 1].add(note_id)
            rest ^= lowest
    return found
