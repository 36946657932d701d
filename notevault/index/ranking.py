"""BM25F over weighed terms, the same for every engine.

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

from collections.abc import Collection, Iterable, Sequence
from math import log
from typing import Final

from notevault.index import Matches, WeighedTerm

K1: Final = 1.2
B: Final = 0.75

Postings = Sequence[tuple[Sequence[int], Sequence[float], Sequence[float]]]
"""Of one term, block by block: note ids, weights, and length norms."""


def length_norm(length: float, average: float) -> float:
    """Return BM25's denominator part for a note of ``length`` terms."""
    return K1 * (1 - B + B * length / average) if average else K1


def importance(frequency: int, notes: int) -> float:
    """Return the inverse document frequency of a term that ``frequency`` of ``notes`` notes hold; never negative."""
    return log(1 + (notes - frequency + 0.5) / (frequency + 0.5)) if frequency else 0.0


def score(
    terms: Sequence[WeighedTerm],
    postings: Iterable[Postings],
    *,
    notes: int,
    allowed: Collection[int] | None,
) -> Matches:
    """Return the notes that hold the terms, scored; ``postings`` gives those of each term in turn."""
    scores: dict[int, float] = {}
    masks: dict[int, int] = {}
    found = []
    for position, (term, blocks) in enumerate(zip(terms, postings, strict=True)):
        rarity = importance(sum(len(ids) for ids, _, _ in blocks), notes)
        found.append(rarity)
        gain, bit = rarity * term.weight * (K1 + 1), 1 << position
        for ids, weights, norms in blocks:
            gains = [gain * weight / (weight + norm) for weight, norm in zip(weights, norms, strict=True)]
            _add(scores, masks, ids, gains, bit=bit, allowed=allowed)
    return Matches(scores=scores, masks=masks, importance=tuple(found))


def _add(
    scores: dict[int, float],
    masks: dict[int, int],
    ids: Sequence[int],
    gains: Sequence[float],
    *,
    bit: int,
    allowed: Collection[int] | None,
) -> None:
    """Add what one term gives; the inmost loop of every search."""
    if allowed is not None:
        pairs = [(note_id, gain) for note_id, gain in zip(ids, gains, strict=True) if note_id in allowed]
        ids, gains = [note_id for note_id, _gain in pairs], [gain for _note_id, gain in pairs]
    if not scores:
        scores.update(zip(ids, gains, strict=True))
        masks.update(dict.fromkeys(ids, bit))
        return
    score, mask = scores.get, masks.get
    for note_id, gain in zip(ids, gains, strict=True):
        scores[note_id] = score(note_id, 0.0) + gain
        masks[note_id] = mask(note_id, 0) | bit
