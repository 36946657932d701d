"""What takes the place of Whoosh's own parts where those are slow: the field, reading of postings, what is merged."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any, Final

from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.fields import FieldType
from whoosh.formats import Existence
from whoosh.reading import SegmentReader

_READS_BLOCKS: Final = all(
    hasattr(W3LeafMatcher, name) for name in ("_read_ids", "_read_weights", "_next_block", "is_active")
)
"""These names are Whoosh's own affair; without them postings are read one by one."""
POSTINGS_A_BLOCK: Final = 1024
SMALL: Final = 1_000
"""Notes in a segment that is merged with others like it."""
ASIDE_NAME: Final = "next"
"""Under this name a table of contents waits until it may be seen."""


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


class LeanCodec(W3Codec):
    """Whoosh's codec with a field writer of our own, and blocks that are read whole anyway made long.

    Whoosh pickles it by class path with each segment.
    """

    def __init__(self) -> None:
        super().__init__(blocklimit=POSTINGS_A_BLOCK)

    def field_writer(self, storage: Any, segment: Any) -> Any:  # noqa: ANN401 -- Whoosh's, untyped
        """Return the writer of a new segment's postings."""
        from notevault.index.whoosh_writing import LeanFieldWriter  # noqa: PLC0415 -- start-up time

        return LeanFieldWriter(self, storage, segment)


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


class MergeSmall:
    """Which segments a commit puts together: the small ones once there are more than ``most``, and half-empty ones.

    Whoosh's own policy reads and writes some again at every fourth save, and never those that are nearly empty.
    """

    def __init__(self, most: int) -> None:
        """Let ``most`` small segments stand."""
        self._most = most

    def __call__(self, writer: Any, segments: Sequence[Any]) -> list[Any]:  # noqa: ANN401 -- Whoosh's, untyped
        """Put the chosen segments into the writer and return the others, as Whoosh asks for it."""
        chosen = self.choose(segments)
        for segment in chosen:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        return [segment for segment in segments if segment not in chosen]

    def choose(self, segments: Sequence[Any]) -> list[Any]:
        """Return the segments to merge: a larger one only with smaller ones that have as many notes together."""
        chosen = [segment for segment in segments if segment.deleted_count() * 2 > segment.doc_count_all()]
        others = (segment for segment in segments if segment not in chosen and segment.doc_count_all() < SMALL)
        small = sorted(others, key=lambda segment: segment.doc_count_all())
        if len(small) > self._most:
            total = 0
            for segment in small:
                if total and segment.doc_count_all() > max(total, self._most):
                    break
                chosen.append(segment)
                total += segment.doc_count_all()
        return chosen
