"""Bring catalogue and index in step with the vault.

The plan is made from disk against catalogue; applying it reads only what differs. Order of commits: index first, then
one catalogue transaction, so a crash repeats work and never leaves a lie.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from notevault.catalog import Catalog, KnownNote, TakenIn, path_to_stored, stamp_of
from notevault.config import Settings
from notevault.errors import NotevaultError, VaultEmptiedError
from notevault.extract import assign_todo_ids, extract_facts
from notevault.index import IndexDocument, NoteIndex
from notevault.link import customers_of, link
from notevault.model import Failure, Note, NotePath, Signature, SyncReport
from notevault.note import digest_of, parse_note
from notevault.plan import extraction_fingerprint, plan_sync
from notevault.vault import Vault, VaultScan

Progress = Callable[[int, int], None]
"""Called with notes done and notes to do."""

_BATCH: Final = 2000
_FEW: Final = 10
"""A vault of so few notes may lose half of them without a question."""


@dataclass(slots=True, kw_only=True)
class _Progressing:
    """What the sync under way has done so far."""

    added: list[NotePath] = field(default_factory=list)
    changed: list[NotePath] = field(default_factory=list)
    renamed: list[tuple[NotePath, NotePath]] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Syncer:
    """What a sync works on."""

    vault: Vault
    catalog: Catalog
    index: NoteIndex
    settings: Settings


def sync(
    syncer: Syncer, *, full: bool = False, allow_empty: bool = False, progress: Progress | None = None
) -> SyncReport:
    """Bring catalogue and index in step with the vault.

    A note that cannot be read is reported and left as it was; the others are still taken in. ``full`` reads every note
    and compares digests. Raises VaultEmptiedError where most notes are gone, unless ``allow_empty``.
    """
    started = time.monotonic()
    catalog = syncer.catalog
    anew = _must_read_anew(syncer)
    known = catalog.known_notes()
    scan = syncer.vault.scan()
    plan = plan_sync(scan, known, everything=full or anew)
    if _looks_emptied(len(known), len(plan.gone)) and not allow_empty:
        raise VaultEmptiedError(syncer.vault.root, len(known), len(known) - len(plan.gone))
    done = _Progressing(unchanged=plan.unchanged, failed=list(scan.errors))
    run = _Run(syncer, known, set(plan.gone), anew=anew)
    for at in range(0, len(plan.read), _BATCH):
        run.take_in(plan.read[at : at + _BATCH], done)
        if progress:
            progress(min(at + _BATCH, len(plan.read)), len(plan.read))
    run.remove(sorted(run.gone))
    _remember(syncer, scan, done)
    return SyncReport(
        added=tuple(done.added),
        changed=tuple(done.changed),
        removed=tuple(sorted(run.gone)),
        renamed=tuple(done.renamed),
        failed=tuple(done.failed),
        unchanged=done.unchanged,
        seconds=time.monotonic() - started,
        finished=datetime.now(UTC),
    )


def _looks_emptied(known: int, gone: int) -> bool:
    return known > _FEW and gone * 2 > known


def _must_read_anew(syncer: Syncer) -> bool:
    """Return whether what is stored was made with other rules, or the index is not the one the catalogue filled."""
    catalog = syncer.catalog
    return (
        catalog.meta("extraction") != extraction_fingerprint(syncer.settings)
        or catalog.meta("index") != syncer.index.fingerprint
    )


def _remember(syncer: Syncer, scan: VaultScan, done: _Progressing) -> None:
    with syncer.catalog.transaction():
        if syncer.catalog.meta("index") != syncer.index.fingerprint:
            syncer.catalog.set_meta("index", syncer.index.fingerprint)
        syncer.catalog.set_meta("extraction", extraction_fingerprint(syncer.settings))
        syncer.catalog.set_meta("last_sync", datetime.now(UTC).isoformat(timespec="seconds"))
        syncer.catalog.execute("DELETE FROM failures")
        syncer.catalog.execute_many(
            "INSERT OR REPLACE INTO failures VALUES (?,?,?)",
            [(path_to_stored(f.path), f.reason, _stamp(scan, f.path)) for f in done.failed],
        )


def _stamp(scan: VaultScan, path: NotePath) -> str:
    signature = scan.signatures.get(path)
    return stamp_of(signature) if signature else ""


class _Run:
    """One sync under way: reads, understands and stores batches of notes."""

    def __init__(self, syncer: Syncer, known: dict[NotePath, KnownNote], gone: set[NotePath], *, anew: bool) -> None:
        self.syncer = syncer
        self.known = known
        self.gone = gone
        self.anew = anew
        self.next_id = syncer.catalog.next_note_id()
        self._gone_by_digest = {known[path].digest: path for path in sorted(gone, reverse=True)}

    def take_in(self, paths: Sequence[NotePath], done: _Progressing) -> None:
        """Store a batch: index first, then the catalogue."""
        batch, touched_only = [], []
        for path, data, signature in self._read(paths, done):
            known = self.known.get(path)
            digest = digest_of(data)
            if known is not None and known.digest == digest and not self.anew:
                touched_only.append((known.id, signature))
                done.unchanged += 1
                continue
            batch.append(self._understand(path, data, signature, self._identify(path, digest, done)))
        catalog = self.syncer.catalog
        if batch:
            self.syncer.index.apply([make_document(taken) for taken in batch], [])
        with catalog.transaction():
            for note_id, signature in touched_only:
                catalog.touch_note(note_id, signature, look_again=False)
            touched = customers_of(catalog, [taken.note_id for taken in batch])
            for taken in batch:
                catalog.put_note(taken)
            link(catalog, self.syncer.settings, touched)

    def remove(self, paths: Sequence[NotePath]) -> None:
        """Forget notes that are gone."""
        note_ids = [self.known[path].id for path in paths]
        if not note_ids:
            return
        self.syncer.index.apply([], note_ids)
        catalog = self.syncer.catalog
        with catalog.transaction():
            touched = customers_of(catalog, note_ids)
            catalog.remove_notes(note_ids)
            link(catalog, self.syncer.settings, touched)

    def _read(self, paths: Sequence[NotePath], done: _Progressing) -> Iterator[tuple[NotePath, bytes, Signature]]:
        for path in paths:
            try:
                data, signature = self.syncer.vault.read(path)
            except FileNotFoundError:  # gone since the walk; the next sync removes it
                continue
            except OSError as error:
                done.failed.append(Failure(path=path, reason=error.strerror or str(error)))
            except NotevaultError as error:
                done.failed.append(Failure(path=path, reason=error.message))
            else:
                yield path, data, signature

    def _identify(self, path: NotePath, digest: str, done: _Progressing) -> tuple[int, str | None]:
        """Return the note's id and, where it is known already, its uid."""
        known = self.known.get(path)
        if known is not None:
            done.changed.append(path)
            return known.id, known.uid
        former = self._gone_by_digest.get(digest)
        if former in self.gone:
            self.gone.discard(former)
            done.renamed.append((former, path))
            return self.known[former].id, self.known[former].uid
        done.added.append(path)
        self.next_id += 1
        return self.next_id - 1, None

    def _understand(
        self, path: NotePath, data: bytes, signature: Signature, identity: tuple[int, str | None]
    ) -> TakenIn:
        note = parse_note(path, data)
        reference = datetime.fromtimestamp(signature.mtime_ns / 1e9, UTC).date()
        facts = extract_facts(note, self.syncer.settings, reference)
        note_id, uid = identity
        uid = facts.note_id or uid or make_uid(note)
        return TakenIn(
            note_id=note_id,
            uid=uid,
            signature=signature,
            note=note,
            facts=replace(facts, todos=assign_todo_ids(facts.todos, uid)),
            diagnostics=note.diagnostics,
        )


def make_uid(note: Note) -> str:
    """Return an id for a note that carries none: made of its path, kept by the catalogue when it moves."""
    return "n" + sha256(note.path.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def make_document(taken: TakenIn) -> IndexDocument:
    """Return what the index needs of a note."""
    note, facts = taken.note, taken.facts
    return IndexDocument(
        note_id=taken.note_id,
        digest=note.digest,
        title=facts.title,
        customer=facts.customer or "",
        headings="\n".join(section.heading for section in note.sections),
        body=note.text,
        day=facts.day,
    )
