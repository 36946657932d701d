"""The text index in Whoosh: the only module that imports it.

One lean field of terms weighed by us, three columns, no positions, no stored fields. Postings are read a block at a
time and scored by :mod:`.ranking`. A manifest tells a whole index from what a power loss left: it vouches for the state
of now and, before that is put in place, for the next one.
"""

from __future__ import annotations

import os
import sys
import threading
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Any, Final

from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import FixedBytesColumn, NumericColumn
from whoosh.fields import COLUMN, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError, FileIndex, LockError
from whoosh.reading import SegmentReader, TermNotFound

from notevault.errors import CacheError, IndexDamagedError, LockedError
from notevault.index import INDEX_VERSION, IndexDocument, Matches, WeighedTerm
from notevault.index.analysis import LONGEST_TERM, analysis_fingerprint
from notevault.index.folder import claim_folder, remove_files, translate_error
from notevault.index.manifest import Manifest
from notevault.index.ranking import Postings, length_norm, score
from notevault.index.similar import nearest_terms
from notevault.index.whoosh_parts import (
    ASIDE_NAME,
    LeanCodec,
    MergeSmall,
    TermsField,
    read_blocks,
)

NOTES_A_COMMIT: Final = 5_000
"""More in one commit would need more memory than it saves time."""
_LOCK_SECONDS: Final = 10.0
_READ_ATTEMPTS: Final = 20
_LOOKS: Final = 3
_DIGEST_BYTES: Final = 32
_INDEX_NAME: Final = "notes"
_MOST_KEPT: Final = 200_000
"""Postings kept in memory, of about a hundred bytes each."""
_MOST_SMALL: Final = 12
"""Small segments that a save lets stand; each costs a search about a millisecond."""
_FEW_SMALL: Final = 3
"""Those that are left when there is time to merge."""


def _schema() -> Schema:
    return Schema(
        terms=TermsField(),
        note=COLUMN(NumericColumn("i")),
        length=COLUMN(NumericColumn("i")),
        digest=COLUMN(FixedBytesColumn(_DIGEST_BYTES)),
    )


class _Segment:
    """An open segment with its columns in memory."""

    def __init__(self, storage: FileStorage, schema: Schema, segment: Any) -> None:  # noqa: ANN401 -- Whoosh's, untyped
        self.stored = segment
        self.name = segment.segment_id()
        self.deleted = frozenset(segment.deleted_docs())
        self.count = segment.doc_count_all()
        self.reader = SegmentReader(storage, schema, segment)
        self.notes = _read_numbers(storage, segment, "note", self.count)
        self.lengths = _read_numbers(storage, segment, "length", self.count)
        self.norms: Mapping[int, float] = {}
        """By length."""

    def live(self) -> Iterator[int]:
        """Yield the numbers of the documents that are not deleted."""
        return (number for number in range(self.count) if number not in self.deleted)

    def live_length(self) -> int:
        """Return how many terms the documents have that are not deleted."""
        gone: int = sum(self.lengths[number] for number in self.deleted)
        return sum(self.lengths) - gone

    def postings(self, term: bytes) -> Iterator[tuple[list[int], Sequence[float], list[float]]]:
        """Yield note ids, weights and norms, block by block."""
        try:
            matcher = self.reader._terms.matcher("terms", term, TermsField.format)  # noqa: SLF001 -- deletions are ours
        except TermNotFound:
            return
        notes, lengths, norms, deleted = self.notes, self.lengths, self.norms, self.deleted
        for numbers, weights in read_blocks(matcher):
            if deleted and not deleted.isdisjoint(numbers):
                kept = [at for at, number in enumerate(numbers) if number not in deleted]
                numbers, weights = [numbers[at] for at in kept], [weights[at] for at in kept]  # noqa: PLW2901
            yield [notes[number] for number in numbers], weights, [norms[lengths[number]] for number in numbers]


class WhooshIndex:
    """A :class:`notevault.index.NoteIndex` in a private folder. One instance may be shared by threads."""

    def __init__(self, directory: Path) -> None:
        """Take ``directory``, making it where there is none.

        Raises CacheError where it is a link, another user's, or open to others: Whoosh reads pickles from it.
        """
        self.directory = directory
        claim_folder(directory)
        self._manifest = Manifest(directory)
        self._storage = FileStorage(str(directory))
        self._schema = _schema()
        self._lock = threading.Lock()
        self._segments: list[_Segment] = []
        self._generation: int | None = None
        self._asked: dict[str, Postings] = {}
        self._kept = 0

    # --- reading ---

    @property
    def fingerprint(self) -> str:
        """What the stored index is; '' where there is none, or its files are not those the manifest was written for."""
        for _attempt in range(_LOOKS):  # a writer may be two commits ahead by the time the second file is read
            try:
                manifest = self._manifest.read()
                if manifest["made_by"] != _made_by():
                    return ""
                state = manifest["states"][str(TOC._latest_generation(self._storage, _INDEX_NAME))]  # noqa: SLF001
                if state["toc"] == self._toc_digest(state["generation"]) and state["notes"] == self.note_count():
                    return f"{_made_by()}-{manifest['begun']}"
            except (OSError, ValueError, KeyError, TypeError, IndexDamagedError):
                continue
        return ""

    def note_count(self) -> int:
        """Return how many notes are indexed."""
        with self._reading():
            return sum(segment.count - len(segment.deleted) for segment in self._segments)

    def digests(self) -> dict[int, str]:
        """Return the digest each note was indexed with, by note id."""
        found = {}
        with self._reading():
            for segment in self._segments:
                column = segment.reader.column_reader("digest", self._schema["digest"].column_type)
                found.update({segment.notes[number]: bytes(column[number]).hex() for number in segment.live()})
        return found

    def search(self, terms: Sequence[WeighedTerm], *, allowed: Collection[int] | None = None) -> Matches:
        """Return every note, of those allowed, that holds at least one of the terms."""
        with self._reading():
            notes = sum(segment.count - len(segment.deleted) for segment in self._segments)
            postings = (self._postings(term.term) for term in terms)
            return score(terms, postings, notes=notes, allowed=allowed)

    def _postings(self, term: str) -> Postings:
        """Return a term's postings; those of the last searches are kept, as who types asks for them at every key."""
        known = self._asked.get(term)
        if known is None:
            encoded = term.encode("utf-8", "replace")
            known = [block for segment in self._segments for block in segment.postings(encoded)]
            self._kept += sum(len(ids) for ids, _weights, _norms in known)
            if self._kept > _MOST_KEPT:
                self._asked.clear()
                self._kept = 0
            self._asked[term] = known
        return known

    def similar_terms(self, term: str, *, limit: int = 10) -> list[str]:
        """Return indexed terms within one or two edits of ``term``, nearest and most frequent first."""
        if len(term) > LONGEST_TERM:
            return []
        with self._reading():
            known = {
                bytes(one).decode("utf-8") for segment in self._segments for one in segment.reader.lexicon("terms")
            }
            return nearest_terms(term, known, self._frequency, limit=limit)

    def _frequency(self, term: str) -> int:
        return sum(len(ids) for ids, _weights, _norms in self._postings(term))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Hold the newest committed state; what Whoosh stumbles over in it becomes IndexDamagedError."""
        with self._lock, self._translated():
            self._refresh()
            yield

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (CacheError, IndexDamagedError, LockedError):
            raise
        except LockError as error:
            raise LockedError(str(self.directory)) from error
        except Exception as error:  # damage raises at least six kinds, pickle's among them
            self._drop()
            raise translate_error(self.directory, error) from error

    def _refresh(self) -> None:
        for attempt in range(_READ_ATTEMPTS):
            try:
                generation = TOC._latest_generation(self._storage, _INDEX_NAME)  # noqa: SLF001
                if generation != self._generation:
                    self._open(generation)
            except (FileNotFoundError, EmptyIndexError):
                # a writer removed files between listing and opening; the next look finds its commit
                if attempt == _READ_ATTEMPTS - 1:
                    raise
                sleep(0.01)
            else:
                return

    def _open(self, generation: int) -> None:
        if generation < 0:
            self._drop()
            self._generation = generation
            return
        toc = TOC.read(self._storage, _INDEX_NAME, gen=generation, schema=self._schema)
        known = {(segment.name, segment.deleted): segment for segment in self._segments}
        self._segments = []
        try:
            for stored in toc.segments:
                key = (stored.segment_id(), frozenset(stored.deleted_docs()))
                opened = known.pop(key) if key in known else _Segment(self._storage, self._schema, stored)
                self._segments.append(opened)
        finally:
            for segment in known.values():
                segment.reader.close()
        self._generation = generation
        self._asked.clear()
        self._kept = 0
        self._measure()

    def _measure(self) -> None:
        total = sum(segment.live_length() for segment in self._segments)
        notes = sum(segment.count - len(segment.deleted) for segment in self._segments)
        average = total / (notes or 1)
        for segment in self._segments:
            segment.norms = {length: length_norm(length, average) for length in set(segment.lengths)}

    def _drop(self) -> None:
        for segment in self._segments:
            segment.reader.close()
        self._segments, self._generation = [], None
        self._asked.clear()

    # --- writing ---

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int] = ()) -> None:
        """Put documents in, replacing those with the same id, take others out, and commit.

        A long stream is committed every few thousand documents; each commit stands on its own.
        """
        if self._manifest.exists() and not self.fingerprint:
            self.clear()
        gone = set(removed)
        stream = iter(documents)
        batch = list(islice(stream, NOTES_A_COMMIT))
        while batch or gone:
            self._commit({document.note_id: document for document in batch}, gone)
            gone.clear()
            batch = list(islice(stream, NOTES_A_COMMIT))
        if not self._manifest.exists():
            self._commit({}, set())  # an index of no notes is one, too

    def _commit(self, documents: dict[int, IndexDocument], removed: set[int]) -> None:
        with self._lock, self._translated():
            if TOC._latest_generation(self._storage, _INDEX_NAME) < 0:  # noqa: SLF001
                TOC.create(self._storage, self._schema, _INDEX_NAME)
            writer = self._writer()
            try:
                self._delete(writer, removed | documents.keys())
                for document in documents.values():
                    _add(writer, document)
            except BaseException:
                writer.cancel()
                raise
            writer.commit(mergetype=MergeSmall(_MOST_SMALL))
            self._refresh()

    def tidy(self) -> None:
        """Merge small segments, of which every save leaves one."""
        with self._lock, self._translated():
            self._refresh()
            if self._segments and MergeSmall(_FEW_SMALL).choose([segment.stored for segment in self._segments]):
                self._writer().commit(mergetype=MergeSmall(_FEW_SMALL))
                self._refresh()

    def _writer(self) -> Any:  # noqa: ANN401 -- the pool is not of the class Whoosh declares
        from notevault.index.whoosh_writing import CarefulWriter, LeanPool  # noqa: PLC0415 -- start-up time

        index = FileIndex(self._storage, schema=self._schema, indexname=_INDEX_NAME)
        present = frozenset(path.name for path in self.directory.iterdir())
        writer: Any = CarefulWriter(index, timeout=_LOCK_SECONDS, compound=False, codec=LeanCodec())
        writer.pool = LeanPool()
        writer.present, writer.vouch = present, self._vouch
        for left_over in present:
            if left_over.startswith(f"_{ASIDE_NAME}_"):
                (self.directory / left_over).unlink(missing_ok=True)
        return writer

    def _delete(self, writer: Any, note_ids: set[int]) -> None:  # noqa: ANN401
        base = 0
        for segment in writer.segments:
            notes = _read_numbers(self._storage, segment, "note", segment.doc_count_all())
            for number, note_id in enumerate(notes):
                if note_id in note_ids and not segment.is_deleted(number):
                    writer.delete_document(base + number)
            base += segment.doc_count_all()

    def _vouch(self, toc: Path, generation: int, segments: Sequence[Any]) -> None:
        """Write a manifest that trusts the state of now and the one about to take its place."""
        known = self._manifest.read()
        former = known.get("states", {}).get(str(generation - 1))
        following = {
            "generation": generation,
            "toc": sha256(toc.read_bytes()).hexdigest(),
            "notes": sum(segment.doc_count_all() - len(frozenset(segment.deleted_docs())) for segment in segments),
        }
        states = {str(state["generation"]): state for state in (former, following) if state}
        begun = known.get("begun") or os.urandom(8).hex()
        self._manifest.write({"begun": begun, "made_by": _made_by(), "states": states})

    def clear(self) -> None:
        """Forget everything, whatever state the stored index is in."""
        with self._lock, self._translated():
            self._drop()
            self._manifest.remove()  # first: what is left of the others is not to be trusted
            remove_files(self.directory)

    def close(self) -> None:
        """Let go of files."""
        with self._lock:
            self._drop()

    def _toc_digest(self, generation: int | None) -> str:
        return sha256((self.directory / f"_{_INDEX_NAME}_{generation}.toc").read_bytes()).hexdigest()


def _made_by() -> str:
    return f"{INDEX_VERSION}-{analysis_fingerprint()}"


def _add(writer: Any, document: IndexDocument) -> None:  # noqa: ANN401
    weights, length = document.weights
    writer.pool.add_document(writer.docnum, weights)
    writer.add_document(
        note=document.note_id,
        length=length,
        digest=bytes.fromhex(document.digest).ljust(_DIGEST_BYTES, b"\0")[:_DIGEST_BYTES],
    )


def _read_numbers(storage: FileStorage, segment: Any, column: str, count: int) -> array[int]:  # noqa: ANN401
    """Return a column of 32-bit numbers as it lies in its file: big-endian, trailing zeros left out."""
    numbers = array("i")
    name = W3Codec.column_filename(segment, column)
    if storage.file_exists(name):
        numbers.frombytes(Path(storage.folder, name).read_bytes())
        if sys.byteorder == "little":
            numbers.byteswap()
    numbers.extend([0] * (count - len(numbers)))
    return numbers
