"""The text index: which notes hold which terms, and how much they weigh.

Every engine gives the same answers (``tests/contracts/test_note_index.py``): terms come from :mod:`.analysis`, weights
from :func:`weigh`, scores from :mod:`.ranking`. Filters, phrases and everything about the query language are left to
:mod:`notevault.search`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from notevault.index.analysis import analyze
from notevault.records import record

INDEX_VERSION: Final = 1
"""Raised whenever the same notes would give another index."""

TITLE_WEIGHT: Final = 2.0
CUSTOMER_WEIGHT: Final = 1.5
HEADING_WEIGHT: Final = 1.0
"""What a term counts more where it also stands there; in the body it counts 1 (BM25F with shared length)."""


class Weights(NamedTuple):
    """What a note's terms weigh, and how many it has."""

    terms: dict[str, float]
    length: int


@record
class IndexDocument:
    """A note as the index takes it in."""

    note_id: int
    digest: str
    """SHA-256 of the note's bytes, hex."""
    weights: Weights
    """Of its terms, as :func:`weigh` gives them."""


class WeighedTerm(NamedTuple):
    """A term of a query and how much a hit of it counts."""

    term: str
    weight: float = 1.0


@record
class Matches:
    """Which notes hold which terms of a query."""

    scores: dict[int, float]
    """BM25F score by note id, of every note that holds at least one term."""
    masks: dict[int, int]
    """By note id: bit n is set where the note holds the query's n-th term."""
    importance: tuple[float, ...]
    """Inverse document frequency of each term, 0 for a term that no note holds."""


class NoteIndex(Protocol):
    """One vault's text index. Only sync writes, under its own lock; any number of processes read."""

    @property
    def fingerprint(self) -> str:
        """What the stored index is: another text when it was begun anew or is made by another analysis.

        '' where there is none, or none that can be trusted. Where it is not the one remembered from the last sync:
        :meth:`clear` and :meth:`apply` every note.
        """
        ...

    def note_count(self) -> int:
        """Return how many notes are indexed."""
        ...

    def digests(self) -> dict[int, str]:
        """Return the digest each note was indexed with, by note id."""
        ...

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int] = ()) -> None:
        """Put documents in, replacing those with the same id, take others out, and commit.

        Of several documents with one id the last counts; one that is also in ``removed`` is put in.
        """
        ...

    def tidy(self) -> None:
        """Do now what makes the index quicker to search and a save would only be delayed by; often nothing."""
        ...

    def search(self, terms: Sequence[WeighedTerm], *, allowed: Collection[int] | None = None) -> Matches:
        """Return every note, of those allowed, that holds at least one of the terms."""
        ...

    def similar_terms(self, term: str, *, limit: int = 10) -> list[str]:
        """Return indexed terms within one or two edits of ``term``, nearest and most frequent first."""
        ...

    def clear(self) -> None:
        """Forget everything, whatever state the stored index is in."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


def weigh(body: str, *, title: str = "", customer: str | None = None, headings: Iterable[str] = ()) -> Weights:
    """Return what the terms of a note weigh, and its length in terms.

    ``body`` is the whole text as written, front matter, title and headings included.
    """
    terms = analyze(body)
    weights: dict[str, float] = dict(Counter(terms))
    said = "\n".join(headings)
    for text, weight in ((title, TITLE_WEIGHT), (customer, CUSTOMER_WEIGHT), (said, HEADING_WEIGHT)):
        for term in analyze(text) if text else ():
            weights[term] = weights.get(term, 0) + weight
    return Weights(weights, len(terms))
