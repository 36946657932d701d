"""What takes the place of Whoosh's own parts where those are slow: field, pool and reading of postings."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator, Sequence
from typing import Any, Final

from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.fields import FieldType
from whoosh.formats import Existence

_Item = tuple[str, bytes, int, float, bytes]

_READS_BLOCKS: Final = all(
    hasattr(W3LeafMatcher, name) for name in ("_read_ids", "_read_weights", "_next_block", "is_active")
)
"""These names are Whoosh's own affair; without them postings are read one by one."""


class TermsField(FieldType):
    """Terms that come with their weights, as a mapping; postings hold note number and weight, nothing else."""

    analyzer = None
    format = Existence()
    scorable = False  # lengths are kept in a column, exactly
    stored = False
    unique = False
    vector = None

    def __init__(self) -> None:
        """Leave everything as the class says: Whoosh pickles fields by class path and attributes."""

    def index(self, value: dict[str, float], **_kwargs: Any) -> Generator[tuple[bytes, int, float, bytes]]:  # noqa: ANN401
        """Yield term, count, weight and payload as Whoosh's writer takes them."""
        for term, weight in value.items():
            yield term.encode("utf-8", "replace"), 1, weight, b""


class LeanPool:
    """Postings of one commit, kept as two arrays a term; Whoosh's pool keeps and sorts a tuple a posting."""

    def __init__(self) -> None:
        self._postings: dict[bytes, tuple[array[int], array[float]]] = {}

    def add(self, item: _Item) -> None:
        """Keep a posting; those of one term come in the order of their documents."""
        held = self._postings.get(item[1])
        if held is None:
            held = self._postings[item[1]] = (array("I"), array("f"))
        held[0].append(item[2])
        held[1].append(item[3])

    def iter_postings(self) -> Iterator[_Item]:
        """Yield every posting, by term and document."""
        for term, (numbers, weights) in sorted(self._postings.items()):
            order: Sequence[int] = range(len(numbers))
            if any(numbers[at] > numbers[at + 1] for at in range(len(numbers) - 1)):
                order = sorted(order, key=numbers.__getitem__)  # merged segments come after new documents
            for at in order:
                yield "terms", term, numbers[at], weights[at], b""

    def cleanup(self) -> None:
        """Let go of the postings."""
        self._postings.clear()


def read_blocks(matcher: Any) -> Iterator[tuple[Sequence[int], Sequence[float]]]:  # noqa: ANN401 -- Whoosh's, untyped
    """Yield document numbers and weights of a term, block by block where Whoosh lets us."""
    if not (_READS_BLOCKS and type(matcher) is W3LeafMatcher):
        while matcher.is_active():
            yield [matcher.id()], [matcher.weight()]
            matcher.next()
        return
    leaf: Any = matcher
    while leaf.is_active():
        leaf._read_ids()  # noqa: SLF001
        leaf._read_weights()  # noqa: SLF001
        yield leaf._ids, leaf._weights  # noqa: SLF001
        leaf._next_block()  # noqa: SLF001
