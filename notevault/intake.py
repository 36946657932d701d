"""Taking notes in: read, understand, store; index first, then one catalogue transaction.

Which notes are to be taken in is :mod:`notevault.sync`'s decision. A mark in the catalogue stands while index and
catalogue may differ, so that a crash between their commits is found out.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from notevault.catalog import Catalog, KnownNote, path_to_stored, stamp_of, stored_to_path
from notevault.config import Settings
from notevault.copies import COPY_WORDS, find_original
from notevault.identity import Missing, Named, name_notes
from notevault.index import IndexDocument, NoteIndex
from notevault.link import customers_of, link
from notevault.messages import gettext as _
from notevault.model import Failure, NotePath, Signature
from notevault.plan import UNDER_WAY, is_look_due
from notevault.reading import (
    Outcome,
    ReadNote,
    Unchanged,
    Unreadable,
    Wanted,
    count_cores,
    day_of,
    read_note,
)
from notevault.records import record
from notevault.storing import TakenIn, put_notes, remove_notes
from notevault.text import printable_path
from notevault.vault import Vault

Progress = Callable[[int, int], None]
"""Called with notes done and notes to do."""

MANY: Final = 1_000
"""From so many notes on, other processes are worth their start."""
_MOST_PROCESSES: Final = 4
"""More would wait for the one that stores."""
_BATCH: Final = 5_000
_LAST_BATCH: Final = 3_000
"""Those left are stored at once; nothing is read meanwhile."""
_BATCH_BYTES: Final = 16 * 1024 * 1024
_STEP: Final = 50


@record
class Syncer:
    """What a sync works on."""

    vault: Vault
    catalog: Catalog
    index: NoteIndex
    settings: Settings
    clock: Callable[[], float] = time.monotonic


@dataclass(slots=True, kw_only=True)
class Done:
    """What the sync under way has done so far."""

    added: list[NotePath] = field(default_factory=list)
    changed: list[NotePath] = field(default_factory=list)
    renamed: list[tuple[NotePath, NotePath]] = field(default_factory=list)
    removed: list[NotePath] = field(default_factory=list)
    failed: dict[NotePath, tuple[str, str]] = field(default_factory=dict)
    """Reason, and stamp of the file."""
    warnings: list[str] = field(default_factory=list)
    taken: list[ReadNote] | None = None
    """What was taken in, where it is asked for."""

    def failures(self) -> tuple[Failure, ...]:
        """Return the notes that could not be read."""
        return tuple(Failure(path=path, reason=reason) for path, (reason, _stamp) in sorted(self.failed.items()))


class Intake:
    """One sync under way: reads, understands and stores notes in batches."""

    def __init__(
        self,
        syncer: Syncer,
        known: Mapping[NotePath, KnownNote],
        missing: Missing,
        done: Done,
        *,
        is_first: bool = False,
    ) -> None:
        """``known`` are the notes to be taken in that the catalogue knows; ``is_first`` where it knows none at all."""
        self.syncer = syncer
        self.known = known
        self.missing = missing
        self.done = done
        self._next_id = syncer.catalog.next_note_id()
        self._batch: list[ReadNote] = []
        self._bytes = 0
        self._is_first = is_first
        self._to_join: set[str] | None = None
        """Customers of the notes that were changed since all was last joined; None where none was."""
        self._touched: list[tuple[KnownNote, Signature]] = []
        self._began = 0
        """When the reading of what is taken in began."""

    def take_in(
        self, paths: Sequence[NotePath], stamps: Mapping[NotePath, Signature], progress: Progress | None = None
    ) -> None:
        """Read these notes and store those whose content is not the known one."""
        self._began = self._now()
        wanted = [Wanted(path, self._held(path)) for path in paths]
        outcomes = read_notes(self.syncer.vault, self.syncer.settings, wanted)
        limit = _choose_batch(len(paths))
        for at, (path, outcome) in enumerate(zip(paths, outcomes, strict=True), 1):
            self._take(path, outcome, stamps.get(path))
            if (len(self._batch) >= limit or self._bytes >= _BATCH_BYTES) and at < len(paths):
                self._store(more=True)
                limit = _choose_batch(len(paths) - at)
            if progress and (at % _STEP == 0 or at == len(paths)):
                progress(at, len(paths))
        self._store()

    def _held(self, path: NotePath) -> tuple[str, date] | None:
        """Return by what a note is known again, None where it is to be understood anew."""
        known = self.known.get(path)
        if known is None or known.look_again < 0:
            return None
        return known.digest, day_of(known.signature)

    def _take(self, path: NotePath, outcome: Outcome, seen: Signature | None) -> None:
        if isinstance(outcome, Unreadable):
            self.done.failed[path] = (outcome.reason, stamp_of(seen) if seen else "")
        elif isinstance(outcome, Unchanged):
            known = self.known[path]
            self._touched.append((known, outcome.signature))
        elif outcome is not None:
            self._batch.append(outcome)
            self._bytes += outcome.signature.size

    def _touch(self, touched: Iterable[tuple[KnownNote, Signature]]) -> None:
        """Keep new signatures of notes that hold what they held, and which need not be looked at again."""
        catalog = self.syncer.catalog
        looked = []
        for known, signature in touched:
            if known.signature != signature:
                catalog.touch_note(known.id, signature, look_again=self._now())
            elif is_look_due(known.look_again, self._began):  # it was read after that moment
                looked.append(known.id)
        catalog.settle_notes(looked)

    def _now(self) -> int:
        return int(self.syncer.clock() * 1000) + 1

    def _store(self, *, more: bool = False) -> None:
        """Store what was read; where nothing was known before, notes are joined when there are no ``more``."""
        batch, self._batch, self._bytes = self._batch, [], 0
        touched, self._touched = self._touched, []
        if batch or touched or self._to_join is not None:
            named = name_notes([self._number(read) for read in batch], self.syncer.catalog, self.missing.ids())
            documents = [IndexDocument(note_id=n.note_id, digest=n.read.digest, weights=n.read.weights) for n in named]
            self._commit([self._finish(each) for each in named], documents, touched=touched, more=more)
            if self.done.taken is not None:
                self.done.taken += [n.read for n in named]

    def _number(self, read: ReadNote) -> tuple[ReadNote, int, str | None]:
        """Return the note with its number and, where it is known already, its lasting id."""
        known = self.known.get(read.path)
        if known is not None:
            if read.path not in self.done.added:
                self.done.changed.append(read.path)
            return read, known.id, known.uid
        former = self.missing.recognise(read)
        if former is not None:
            self.done.renamed.append((former[0], read.path))
            return read, former[1].id, former[1].uid
        self.done.added.append(read.path)
        self._next_id += 1
        return read, self._next_id - 1, None

    def _finish(self, named: Named) -> TakenIn:
        read = named.read
        if named.twin is not None and find_original(read.path) is None:
            message = _("{path} has the id of {other}; it was given another one here")
            paths = {"path": printable_path(read.path), "other": printable_path(named.twin)}
            self.done.warnings.append(message.format(**paths))
        return TakenIn(
            note_id=named.note_id,
            uid=named.uid,
            path=read.path,
            signature=read.signature,
            digest=read.digest,
            rows=read.rows,
            text=read.text,
            look_again=self._now(),
        )

    def remove(self, paths: Sequence[NotePath]) -> None:
        """Forget notes that are gone."""
        for at in range(0, len(paths), _BATCH):
            part = paths[at : at + _BATCH]
            self._commit([], [], gone=[self.missing.notes[path] for path in part])
            self.done.removed += part

    def _commit(
        self,
        batch: Sequence[TakenIn],
        documents: Sequence[IndexDocument],
        *,
        gone: Sequence[KnownNote] = (),
        touched: Sequence[tuple[KnownNote, Signature]] = (),
        more: bool = False,
    ) -> None:
        catalog = self.syncer.catalog
        if batch or gone:
            with catalog.transaction():
                catalog.set_meta(UNDER_WAY, "1")
            self.syncer.index.apply(documents, [known.id for known in gone])
        with catalog.transaction():
            self._touch(touched)
            if batch or gone:
                self._replace(batch, gone)
            if self._to_join is not None and not (more and self._is_first):
                link(catalog, self.syncer.settings, self._to_join)
                catalog.set_meta(UNDER_WAY, "")
                self._to_join = None

    def _replace(self, batch: Sequence[TakenIn], gone: Sequence[KnownNote]) -> None:
        """Store notes and forget others; what all notes together tell is still to be joined."""
        catalog = self.syncer.catalog
        gone_ids = [known.id for known in gone]
        concerned = customers_of(catalog, [*(taken.note_id for taken in batch), *gone_ids])
        remove_notes(catalog, gone_ids)
        free_claims(catalog, gone)
        put_notes(catalog, batch)
        self._to_join = concerned.union(self._to_join or (), customers_of(catalog, mark_copies(catalog)))


def _choose_batch(left: int) -> int:
    """Return how many notes to store at once: the last ones are few, as nothing is read while they are stored."""
    return left if left <= _LAST_BATCH else min(_BATCH, left * 3 // 5)


def read_notes(vault: Vault, settings: Settings, wanted: Sequence[Wanted], *, many: int = MANY) -> Iterator[Outcome]:
    """Yield what each note is, in order; ``many`` notes are shared out among the cores of the machine.

    Those that may be as they were are compared first: to begin processes for that takes longer.
    """
    processes = min(count_cores(), _MOST_PROCESSES)
    if len(wanted) < many or processes == 1:
        for each in wanted:
            yield read_note(vault, settings, each)
        return
    from notevault.reading_pool import find_unchanged_in_threads, read_in_processes  # noqa: PLC0415 -- start-up time

    if held := [each for each in wanted if each.held is not None]:
        unchanged = {each.path: each for each in find_unchanged_in_threads(vault, held, threads=processes)}
        others = [Wanted(each.path) for each in wanted if each.path not in unchanged]
        outcomes = read_notes(vault, settings, others, many=many)
        for each in wanted:
            yield unchanged.get(each.path) or next(outcomes)
        return
    yield from read_in_processes(vault, settings, wanted, processes=processes)


def free_claims(catalog: Catalog, gone: Iterable[KnownNote]) -> None:
    """Have notes read anew that carry the id of one that is gone; they may have it now."""
    for known in gone:
        catalog.read_anew(
            "uid <> ? AND id IN (SELECT note_id FROM fields WHERE key = 'id' AND value = ?)", (known.uid, known.uid)
        )


def mark_copies(catalog: Catalog) -> list[int]:
    """Join conflict copies with their originals; return the notes for which that changed."""
    likely = " OR ".join("path LIKE ?" for _word in COPY_WORDS)
    rows = catalog.select(
        f"SELECT id, path, copy_of FROM notes WHERE copy_of IS NOT NULL OR {likely}",
        [f"%{word}%" for word in COPY_WORDS],
    )
    changed = []
    for row in rows:
        original = find_original(stored_to_path(row["path"]))
        copy_of = catalog.find_note_id(original) if original else None
        if copy_of != row["copy_of"]:
            catalog.execute("UPDATE notes SET copy_of = ? WHERE id = ?", (copy_of, row["id"]))
            changed.append(row["id"])
    return changed


def remember_failures(catalog: Catalog, done: Done, looked_at: Iterable[NotePath] | None = None) -> None:
    """Keep what could not be read; ``looked_at`` names what the sync saw, None means all."""
    if looked_at is None:
        catalog.execute("DELETE FROM failures")
    else:
        catalog.execute_many("DELETE FROM failures WHERE path = ?", [(path_to_stored(path),) for path in looked_at])
    catalog.execute_many(
        "INSERT OR REPLACE INTO failures VALUES (?,?,?)",
        [(path_to_stored(path), reason, stamp) for path, (reason, stamp) in done.failed.items()],
    )
