"""The text index in Tantivy, for vaults that outgrow Whoosh: the only module that imports it. Needs the extra.

The same terms with the same weights, rounded to whole occurrences; BM25 is Tantivy's own, over the same K1 and B, so
scores are near those of :mod:`.ranking` and in the same scale. Which terms a note holds comes back as the score of a
second query, in which the n-th term scores 2 to the n.
"""

import json
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep
from typing import Any, Final
from zlib import crc32

import tantivy
from tantivy import Document, Index, Occur, Query, SchemaBuilder

from notevault.errors import CacheError, IndexDamagedError, LockedError
from notevault.index import INDEX_VERSION, IndexDocument, Matches, WeighedTerm
from notevault.index.analysis import LONGEST_TERM, analysis_fingerprint
from notevault.index.folder import claim_folder, remove_files, translate_error
from notevault.index.manifest import Manifest
from notevault.index.ranking import importance
from notevault.index.similar import nearest_terms

_META_NAME: Final = "meta.json"
_NOTES_A_BATCH: Final = 5_000
_HEAP_BYTES: Final = 64_000_000
"""Of a writer; 15 MB is the least that Tantivy takes."""
_LOCK_SECONDS: Final = 10.0
_READ_ATTEMPTS: Final = 20
_TERMS_A_PASS: Final = 24
"""Scores are 32-bit floats: so many bits are exact."""
_BLANKS: Final = str.maketrans(dict.fromkeys(" \t\n\v\f\r", "␣"))
"""The whitespace tokenizer cuts at these; Sudachi knows terms that hold one."""


def _schema() -> Any:  # noqa: ANN401 -- its class has no attributes worth a name
    builder = SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("note", indexed=True, fast=True)
    builder.add_text_field("digest", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class TantivyIndex:
    """A :class:`notevault.index.NoteIndex` in a private folder. One instance may be shared by threads."""

    def __init__(self, directory: Path) -> None:
        """Take ``directory``, making it where there is none. Raises CacheError where it is not private."""
        self.directory = directory
        claim_folder(directory)
        self._manifest = Manifest(directory)
        self._schema = _schema()
        self._lock = threading.Lock()
        self._index: Any = None
        self._searcher: Any = None
        self._seen: tuple[int, ...] = ()
        self._with_gone = 0
        self._checksums: dict[tuple[str, int, int], int] = {}

    # --- reading ---

    @property
    def fingerprint(self) -> str:
        """What the stored index is; '' where there is none, or its files are not those the manifest was written for."""
        manifest = self._manifest.read()
        if manifest.get("made_by") != _made_by():
            return ""
        try:
            whole = manifest["files"] == self._describe_files() and manifest["notes"] == self.note_count()
            return f"{_made_by()}-{manifest['begun']}" if whole else ""
        except (OSError, ValueError, KeyError, TypeError, IndexDamagedError):
            return ""

    def note_count(self) -> int:
        """Return how many notes are indexed."""
        with self._reading() as searcher:
            return searcher.num_docs if searcher else 0

    def digests(self) -> dict[int, str]:
        """Return the digest each note was indexed with, by note id."""
        with self._reading() as searcher:
            if not searcher:
                return {}
            hits = searcher.search(Query.all_query(), limit=max(searcher.num_docs, 1), count=False).hits
            addresses = [address for _score, address in hits]
            notes = searcher.fast_field_values("note", addresses)
            found = zip(notes, addresses, strict=True)
            return {int(note): str(searcher.doc(address)["digest"][0]) for note, address in found}

    def tidy(self) -> None:
        """Do nothing: Tantivy merges in threads of its own."""

    def search(self, terms: Sequence[WeighedTerm], *, allowed: Collection[int] | None = None) -> Matches:
        """Return every note, of those allowed, that holds at least one of the terms."""
        with self._reading() as searcher:
            if not searcher or not terms:
                return Matches(scores={}, masks={}, importance=(0.0,) * len(terms))
            queries = [self._query(term.term) for term in terms]
            masks = _find_masks(searcher, queries)
            rarities = _rarities(masks, len(terms), searcher.num_docs)
            weighed = [
                (Occur.Should, Query.boost_query(query, term.weight * rarity / self._rarity(searcher, term.term)))
                for query, term, rarity in zip(queries, terms, rarities, strict=True)
                if term.weight and rarity
            ]
            scores = dict.fromkeys(masks, 0.0)
            if weighed:
                scores.update(_run(searcher, Query.boolean_query(weighed)))
        if allowed is not None:
            masks = {note: mask for note, mask in masks.items() if note in allowed}
            scores = {note: scores[note] for note in masks}
        return Matches(scores=scores, masks=masks, importance=rarities)

    def _query(self, term: str) -> Any:  # noqa: ANN401
        return Query.term_query(self._schema, "terms", _stored(term), index_option="freq")

    def _rarity(self, searcher: Any, term: str) -> float:  # noqa: ANN401
        """Return the rarity that Tantivy reckons with: notes that are gone count until segments are merged."""
        return importance(searcher.doc_freq("terms", _stored(term)), self._with_gone)

    def similar_terms(self, term: str, *, limit: int = 10) -> list[str]:
        """Return indexed terms within one or two edits of ``term``, nearest and most frequent first."""
        if len(term) > LONGEST_TERM:
            return []
        with self._reading() as searcher:
            if not searcher:
                return []
            known = {one.replace("␣", " "): count for one, count in searcher.terms_with_prefix("terms", "")}
            near = nearest_terms(term, known, known.__getitem__, limit=2 * limit)
            # its lexicon remembers terms of notes that are gone until segments are merged
            return [one for one in near if searcher.search(self._query(one), limit=1).count][:limit]

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """Hold a searcher of the newest committed state, None where nothing was ever committed."""
        with self._lock, self._translated():
            self._refresh()
            yield self._searcher

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (CacheError, IndexDamagedError, LockedError):
            raise
        except BaseException as error:
            # a damaged index raises anything, and panics, which are no Exception
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            self._drop()
            raise translate_error(self.directory, error) from error

    def _refresh(self) -> None:
        for attempt in range(_READ_ATTEMPTS):
            try:
                state = (self.directory / _META_NAME).stat()
            except FileNotFoundError:
                self._drop()
                return
            seen = (state.st_mtime_ns, state.st_size, state.st_ino)
            if seen == self._seen and self._searcher is not None:
                return
            try:
                self._open()
            except ValueError:
                # a writer removed files between the two looks; the next finds its commit
                if attempt == _READ_ATTEMPTS - 1:
                    raise
                sleep(0.01)
            else:
                self._seen = seen
                return

    def _open(self) -> None:
        self._check_files()
        if self._index is None:
            self._index = Index(self._schema, path=str(self.directory))
            self._index.config_reader(reload_policy="manual")
        self._index.reload()
        self._searcher = self._index.searcher()
        self._with_gone = sum(one["max_doc"] for one in _segments(self.directory))

    def _drop(self) -> None:
        self._index, self._searcher, self._seen = None, None, ()

    # --- writing ---

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int] = ()) -> None:
        """Put documents in, replacing those with the same id, take others out, and commit at the end."""
        if self._manifest.exists() and not self.fingerprint:
            self.clear()
        gone, stream = set(removed), iter(documents)
        with self._lock:
            begun = str(self._manifest.read().get("begun", "")) or token_hex(8)
            with self._translated():
                writer = self._writer()
            try:
                batch = list(islice(stream, _NOTES_A_BATCH))
                while batch or gone:
                    with self._translated():
                        _put(writer, self._schema, {document.note_id: document for document in batch}, gone)
                    gone.clear()
                    batch = list(islice(stream, _NOTES_A_BATCH))
            except BaseException:
                writer.rollback()
                raise
            with self._translated():
                writer.commit()
                writer.wait_merging_threads()
                del writer
                self._refresh()
                described = self._describe_files()
                notes = self._searcher.num_docs
                self._manifest.write({"begun": begun, "made_by": _made_by(), "files": described, "notes": notes})

    def _writer(self) -> Any:  # noqa: ANN401
        until = monotonic() + _LOCK_SECONDS
        while True:
            if self._index is None:
                self._index = Index(self._schema, path=str(self.directory))
                self._index.config_reader(reload_policy="manual")
            try:
                return self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise
                if monotonic() > until:
                    raise LockedError(str(self.directory)) from error
                sleep(0.1)

    def _describe_files(self) -> dict[str, list[int]]:
        """Return size and checksum of every file of the committed state; each file is read once."""
        names = {str(one["segment_id"]).replace("-", "") for one in _segments(self.directory)}
        found = {}
        for path in sorted(self.directory.iterdir()):
            if path.name == _META_NAME or path.name.split(".")[0] in names:
                state = path.stat()
                key = (path.name, state.st_size, state.st_mtime_ns)
                if key not in self._checksums:
                    self._checksums[key] = crc32(path.read_bytes())
                found[path.name] = [state.st_size, self._checksums[key]]
        return found

    def _check_files(self) -> None:
        """Raise IndexDamagedError for a file that is not as it was written: to read it would kill the process."""
        known = self._manifest.read().get("files", {})
        for name, described in self._describe_files().items():
            # what a writer has just committed stands in no manifest yet
            if name != _META_NAME and known.get(name, described) != described:
                raise IndexDamagedError(self.directory, name)

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


def _segments(directory: Path) -> list[dict[str, Any]]:
    segments: list[dict[str, Any]] = json.loads((directory / _META_NAME).read_bytes())["segments"]
    return segments


def _made_by() -> str:
    release = ".".join(str(vars(tantivy)["__version__"]).split(".")[:2])
    return f"tantivy-{release}-{INDEX_VERSION}-{analysis_fingerprint()}"


def _stored(term: str) -> str:
    return term.translate(_BLANKS).encode("utf-8", "replace").decode()


def _put(writer: Any, schema: Any, documents: dict[int, IndexDocument], removed: set[int]) -> None:  # noqa: ANN401
    writer.delete_documents_by_query(Query.term_set_query(schema, "note", sorted(removed | documents.keys())))
    for document in documents.values():
        weights, _length = document.weights
        stored = Document()
        repeated = (" ".join([_stored(term)] * max(int(weight + 0.5), 1)) for term, weight in weights.items())
        stored.add_text("terms", " ".join(repeated))
        stored.add_unsigned("note", document.note_id)
        stored.add_text("digest", document.digest)
        writer.add_document(stored)


def _find_masks(searcher: Any, queries: Sequence[Any]) -> dict[int, int]:  # noqa: ANN401
    masks: dict[int, int] = {}
    for at in range(0, len(queries), _TERMS_A_PASS):
        part = queries[at : at + _TERMS_A_PASS]
        bits = [(Occur.Should, Query.const_score_query(query, float(1 << n))) for n, query in enumerate(part)]
        for note, held in _run(searcher, Query.boolean_query(bits)):
            masks[note] = masks.get(note, 0) | int(held) << at
    return masks


def _run(searcher: Any, query: Any) -> Iterable[tuple[int, float]]:  # noqa: ANN401
    """Return note and score of every note that matches."""
    hits = searcher.search(query, limit=max(searcher.num_docs, 1), count=False).hits
    notes = searcher.fast_field_values("note", [address for _score, address in hits])
    return zip(notes, (score for score, _address in hits), strict=True)


def _rarities(masks: dict[int, int], terms: int, notes: int) -> tuple[float, ...]:
    counts: dict[int, int] = {}
    for mask in masks.values():
        counts[mask] = counts.get(mask, 0) + 1
    held = (sum(count for mask, count in counts.items() if mask >> at & 1) for at in range(terms))
    return tuple(importance(count, notes) for count in held)
