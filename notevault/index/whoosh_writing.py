"""Writing with Whoosh: postings a block at a time, and a commit that is seen when all of it is on disk."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import gt
from pathlib import Path
from typing import Any, Final, Self

from whoosh.codec.whoosh3 import W3FieldWriter, W3PostingsWriter
from whoosh.index import TOC, clean_files
from whoosh.writing import SegmentWriter

from notevault.index.folder import sync_to_disk
from notevault.index.whoosh_parts import ASIDE_NAME, TermsField, read_blocks

_Item = tuple[str, bytes, int, float, bytes]

_WRITES_BLOCKS: Final = all(hasattr(W3PostingsWriter, name) for name in ("_write_block", "_new_block"))
"""These names are Whoosh's own affair; without them postings are written one by one."""


class LeanPool:
    """Postings of one commit, kept as two arrays a term; Whoosh's pool keeps and sorts a tuple a posting."""

    def __init__(self) -> None:
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        self._merged = False

    def add_document(self, number: int, weights: Mapping[str, float]) -> None:
        """Keep a posting for each term of a document."""
        held = self._postings
        for term, weight in weights.items():
            posting = held.get(term)
            if posting is None:
                posting = held[term] = (array("I"), array("f"))
            posting[0].append(number)
            posting[1].append(weight)

    def add(self, item: _Item) -> None:
        """Keep a posting of a segment that is merged; it may belong before those that are there."""
        self.extend(item[1], (item[2],), (item[3],))

    def extend(self, term: bytes, numbers: Iterable[int], weights: Iterable[float]) -> None:
        """Keep postings of a segment that is merged."""
        self._merged = True
        word = term.decode()
        held = self._postings.get(word)
        if held is None:
            held = self._postings[word] = (array("I"), array("f"))
        held[0].extend(numbers)
        held[1].extend(weights)

    def iter_terms(self) -> Iterator[tuple[bytes, array[int], array[float]]]:
        """Yield every term with its documents, in order, and their weights."""
        for word in sorted(self._postings):  # code points sort as their UTF-8 does
            term, (numbers, weights) = word.encode("utf-8", "replace"), self._postings[word]
            if self._merged and any(map(gt, numbers, islice(numbers, 1, None))):
                pairs = sorted(zip(numbers, weights, strict=True))
                yield term, array("I", [pair[0] for pair in pairs]), array("f", [pair[1] for pair in pairs])
            else:
                yield term, numbers, weights

    def iter_postings(self) -> Self:
        """Return what :meth:`LeanFieldWriter.add_postings` takes."""
        return self

    def __iter__(self) -> Iterator[_Item]:
        """Yield every posting as Whoosh's own field writer takes them."""
        for term, numbers, weights in self.iter_terms():
            for number, weight in zip(numbers, weights, strict=True):
                yield "terms", term, number, weight, b""

    def cleanup(self) -> None:
        """Let go of the postings."""
        self._postings.clear()


class LeanFieldWriter(W3FieldWriter):
    """Writes a term's postings block by block instead of one by one; the bytes are those Whoosh writes."""

    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:  # noqa: ANN401
        """Write all postings of a pool."""
        if not (_WRITES_BLOCKS and isinstance(items, LeanPool)):
            super().add_postings(schema, lengths, items)
            return
        self.start_field("terms", schema["terms"])
        writer: Any = self._postwriter
        limit = writer._blocklimit  # noqa: SLF001
        for term, numbers, weights in items.iter_terms():
            self.start_term(term)
            for at in range(0, len(numbers), limit):
                if at:
                    writer._write_block()  # noqa: SLF001
                writer._ids = numbers[at : at + limit]  # noqa: SLF001
                writer._weights = weights[at : at + limit]  # noqa: SLF001
                writer._maxweight = max(writer._weights)  # noqa: SLF001
            self.finish_term()
        self.finish_field()


def _iter_postings(terms: Any) -> Iterator[tuple[bytes, Iterable[tuple[Sequence[int], Sequence[float]]]]]:  # noqa: ANN401
    """Yield every term of a segment with its postings, block by block; the table of terms is read once, in order."""
    for (field, term), info in terms.items():
        if info.is_inlined():
            numbers, weights, _values = info.inlined_postings()
            yield term, [(numbers, weights)]
        else:
            matcher = terms._codec.postings_reader(terms._postfile, info, TermsField.format, term=(field, term))  # noqa: SLF001
            yield term, read_blocks(matcher)


class CarefulWriter(SegmentWriter):
    """Puts a commit's table of contents in place only after all that it names is on disk and was vouched for.

    A process that dies at any moment then leaves the state from before or the new one, each known to be whole.
    """

    vouch: Callable[[Path, int, Sequence[Any]], None]
    """Told of the table of contents to be, its generation and its segments; not called where nothing is committed."""
    present: frozenset[str] = frozenset()
    """Names of files that were there before and need not be flushed."""

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: Mapping[int, int] | None) -> None:  # noqa: ANN401
        """Take over the postings of a segment that is merged, a block at a time; ``docmap`` numbers what is left."""
        pool: Any = self.pool
        for term, postings in _iter_postings(reader._terms):  # noqa: SLF001 -- what Whoosh gives out is a posting a time
            for numbers, weights in postings:
                if docmap is None:
                    pool.extend(term, [startdoc + number for number in numbers], weights)
                    continue
                kept = [at for at, number in enumerate(numbers) if number in docmap]
                if kept:
                    pool.extend(term, [docmap[numbers[at]] for at in kept], [weights[at] for at in kept])

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        folder = Path(self.storage.folder)
        TOC(self.schema, segments, self.generation).write(self.storage, ASIDE_NAME)
        aside = folder / TOC._filename(ASIDE_NAME, self.generation)  # noqa: SLF001
        sync_to_disk(folder, self.present)
        self.vouch(aside, self.generation, segments)
        aside.replace(folder / TOC._filename(self.indexname, self.generation))  # noqa: SLF001
        sync_to_disk(folder, {path.name for path in folder.iterdir()})
        clean_files(self.storage, self.indexname, self.generation, segments)
