"""A text index in memory: small, plain, the yardstick of the contract suite."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from secrets import token_hex

from notevault.index import IndexDocument, Matches, WeighedTerm
from notevault.index.ranking import length_norm, score
from notevault.index.similar import nearest_terms


class MemoryIndex:
    """A :class:`notevault.index.NoteIndex` that is gone with its process."""

    def __init__(self) -> None:
        self._weights: dict[int, dict[str, float]] = {}
        self._lengths: dict[int, int] = {}
        self._digests: dict[int, str] = {}
        self._begun = ""

    @property
    def fingerprint(self) -> str:
        """What the index is; '' while it is empty and was never filled."""
        return self._begun

    def note_count(self) -> int:
        """Return how many notes are indexed."""
        return len(self._weights)

    def digests(self) -> dict[int, str]:
        """Return the digest each note was indexed with, by note id."""
        return dict(self._digests)

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int] = ()) -> None:
        """Put documents in, replacing those with the same id, and take others out."""
        self._begun = self._begun or token_hex(8)
        for note_id in removed:
            self._weights.pop(note_id, None)
            self._lengths.pop(note_id, None)
            self._digests.pop(note_id, None)
        for document in documents:
            weights, self._lengths[document.note_id] = document.weights
            self._weights[document.note_id] = weights
            self._digests[document.note_id] = document.digest

    def tidy(self) -> None:
        """Do nothing: there is nothing to put together."""

    def search(self, terms: Sequence[WeighedTerm], *, allowed: Collection[int] | None = None) -> Matches:
        """Return every note, of those allowed, that holds at least one of the terms."""
        average = sum(self._lengths.values()) / (len(self._lengths) or 1)
        postings = []
        for term in terms:
            ids = sorted(note_id for note_id, weights in self._weights.items() if term.term in weights)
            weights = [self._weights[note_id][term.term] for note_id in ids]
            norms = [length_norm(self._lengths[note_id], average) for note_id in ids]
            postings.append([(ids, weights, norms)])
        return score(terms, postings, notes=len(self._weights), allowed=allowed)

    def similar_terms(self, term: str, *, limit: int = 10) -> list[str]:
        """Return indexed terms within one or two edits of ``term``, nearest and most frequent first."""
        frequencies = Counter(known for weights in self._weights.values() for known in weights)
        return nearest_terms(term, frequencies, frequencies.__getitem__, limit=limit)

    def clear(self) -> None:
        """Forget everything."""
        self._weights.clear()
        self._lengths.clear()
        self._digests.clear()
        self._begun = ""

    def close(self) -> None:
        """Do nothing: there are no files."""
