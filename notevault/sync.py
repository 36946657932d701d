"""Bring catalogue and index in step with the vault: all of it, or a few notes that something happened to.

The plan is made from disk against catalogue; applying it (:mod:`notevault.intake`) reads only what differs.
"""

import sys
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final
from unicodedata import normalize

from notevault.catalog import Catalog, KnownNote, path_to_stored
from notevault.database import chunked, marks
from notevault.errors import VaultEmptiedError
from notevault.identity import Missing, UnseenMissing
from notevault.intake import Done, Intake, Progress, Syncer, remember_failures
from notevault.link import customers_of, link
from notevault.model import NotePath, SyncReport
from notevault.plan import (
    SAMPLE_PARTS,
    SECOND_LOOK_MS,
    UNDER_WAY,
    digest_of_scan,
    extraction_fingerprint,
    find_due,
    is_as_known,
    plan_sync,
    reading_order,
    remember_scan,
)
from notevault.reading import ReadNote
from notevault.records import record
from notevault.text import path_key
from notevault.vault import VaultScan

__all__ = ["Progress", "Syncer", "TakenInReport", "sync", "sync_paths"]

_FEW: Final = 3
"""So many notes may vanish at once without a question, unless they were all."""


@record
class TakenInReport:
    """What a sync of a few notes did, with what it understood of them."""

    report: SyncReport
    taken: tuple[ReadNote, ...]


def sync(
    syncer: Syncer, *, full: bool = False, allow_empty: bool = False, progress: Progress | None = None
) -> SyncReport:
    """Bring catalogue and index in step with the vault.

    A note that cannot be read is reported and left as it was; the others are still taken in. ``full`` reads every note
    and compares digests. Raises VaultEmptiedError where most notes are gone, unless ``allow_empty``.
    """
    started = syncer.clock()
    prepare(syncer)
    done = Done()
    scan = _reconcile(syncer, done, full=full, allow_empty=allow_empty, progress=progress)
    if syncer.clock() - started >= SECOND_LOOK_MS / 1000:  # long enough for the second look, and for new changes
        done.failed.clear()
        scan = _reconcile(syncer, done, full=False, allow_empty=True, progress=None)
    return _report(syncer, done, notes=len(scan.signatures), started=started)


def _report(syncer: Syncer, done: Done, *, notes: int, started: float) -> SyncReport:
    read = len(done.added) + len(done.changed) + len(done.renamed) + len(done.failed)
    return SyncReport(
        added=tuple(done.added),
        changed=tuple(done.changed),
        removed=tuple(done.removed),
        renamed=tuple(done.renamed),
        failed=done.failures(),
        unchanged=max(notes - read, 0),
        seconds=syncer.clock() - started,
        finished=datetime.now(UTC),
        warnings=tuple(done.warnings),
    )


def _reconcile(syncer: Syncer, done: Done, *, full: bool, allow_empty: bool, progress: Progress | None) -> VaultScan:
    """Walk once, take in what differs, forget what is gone."""
    catalog = syncer.catalog
    scan = syncer.vault.scan()
    day, sample = _choose_sample(catalog)
    done.failed.update({failure.path: (failure.reason, "") for failure in scan.errors})
    now = int(syncer.clock() * 1000) + 1
    seen = digest_of_scan(scan)
    looked_at: Sequence[NotePath] = ()
    if full or sample is not None or scan.errors or not is_as_known(seen, catalog, now=now):
        stamped = catalog.stamps_on_disk()
        plan = plan_sync(scan, stamped, due=find_due(catalog, now=now, sample=sample), everything=full)
        looked_at = plan.read
        if not allow_empty and _is_emptied(len(stamped), len(plan.gone), len(scan.signatures)):
            raise VaultEmptiedError(syncer.vault.root, len(stamped), len(scan.signatures))
        known = _known_at(catalog, [path for path in (*plan.read, *plan.gone) if path in stamped])
        intake = Intake(syncer, known, Missing({path: known[path] for path in plan.gone}), done, is_first=not stamped)
        intake.take_in(plan.read, scan.signatures, progress)
        intake.remove(sorted(intake.missing.notes))
    with catalog.transaction():
        if NotePath("") not in scan.unreadable:
            moment = datetime.now(UTC).isoformat(timespec="seconds")
            catalog.set_meta("last_sync", moment)
            catalog.set_meta("last_scan", moment)
        if day:
            catalog.set_meta("sample", day)
        remember_failures(catalog, done)
        remember_scan(catalog, scan, seen, looked_at)
    return scan


def _is_emptied(known: int, gone: int, found: int) -> bool:
    """Say whether no note is left, or less than half of them."""
    left = max(known - gone, found)  # what was moved or cannot be seen is not lost
    return (gone > _FEW and left * 2 < known) or (known > 1 and gone == known and not found)


def _choose_sample(catalog: Catalog) -> tuple[str, int | None]:
    """Return what to remember of today's sample, and which part is read, None where that was done today."""
    today = datetime.now(UTC).date().toordinal()
    before, _colon, part = (catalog.meta("sample") or f"{today}:0").partition(":")
    if before == str(today):
        return f"{today}:{part}", None
    following = (int(part) + 1) % SAMPLE_PARTS
    return f"{today}:{following}", following


def prepare(syncer: Syncer) -> None:
    """Mark what must be taken in anew: made with other rules, or index and catalogue are not of one mind."""
    catalog, index = syncer.catalog, syncer.index
    fingerprint = index.fingerprint
    if not fingerprint or catalog.meta("index") != fingerprint:
        index.clear()
        index.apply([])
        with catalog.transaction():
            catalog.read_anew()
            catalog.set_meta("index", index.fingerprint)
            catalog.set_meta(UNDER_WAY, "")
    elif catalog.meta(UNDER_WAY) or index.note_count() != catalog.note_count():
        mend_index(syncer)
    extraction = extraction_fingerprint(syncer.settings)
    if catalog.meta("extraction") != extraction:
        with catalog.transaction():
            catalog.read_anew()
            catalog.set_meta("extraction", extraction)


def mend_index(syncer: Syncer) -> int:
    """Take out of the index what the catalogue does not know, mark what differs, join all anew.

    Returns how many notes differed.
    """
    catalog, index = syncer.catalog, syncer.index
    indexed = index.digests()
    known: dict[int, str] = dict(catalog.select_tuples("SELECT id, digest FROM notes"))
    orphans = sorted(indexed.keys() - known.keys())
    differing = [note_id for note_id, digest in known.items() if indexed.get(note_id) != digest]
    if orphans:
        index.apply([], orphans)
    with catalog.transaction():
        for note_id in differing:
            catalog.read_anew("id = ?", (note_id,))
        link(catalog, syncer.settings, customers_of(catalog, known))  # a first sync that died had not come so far
        catalog.set_meta(UNDER_WAY, "")
    return len(orphans) + len(differing)


def sync_paths(syncer: Syncer, paths: Collection[NotePath]) -> TakenInReport | None:
    """Take in what happened to these notes; nothing else is looked at.

    None where that does not suffice and :func:`sync` must be called: index or rules are not those of the catalogue,
    too much is gone, names clash.
    """
    started = syncer.clock()
    catalog = syncer.catalog
    if not _is_prepared(syncer):
        return None
    known = _known_at(catalog, sorted(paths))
    try:
        there = {path: seen for path in sorted(paths) if (seen := syncer.vault.find_signature(path)) is not None}
    except OSError:  # nobody knows what is there
        return None
    gone = {path: note for path, note in known.items() if path not in there}
    if _is_emptied(catalog.note_count(), len(gone), found=0):
        return None
    new = [path for path in there if path not in known]
    if _may_clash(catalog, new):
        return None
    done = Done(taken=[])
    missing = UnseenMissing(gone, catalog, syncer.vault.is_gone)
    intake = Intake(syncer, known, missing, done)
    intake.take_in(sorted(there, key=reading_order), there)
    vanished = [path for path in sorted(missing.notes) if path in gone]
    intake.remove(vanished)
    with catalog.transaction():
        catalog.set_meta("last_sync", datetime.now(UTC).isoformat(timespec="seconds"))
        remember_failures(catalog, done, paths)
    return TakenInReport(report=_report(syncer, done, notes=len(there), started=started), taken=tuple(done.taken or ()))


def _is_prepared(syncer: Syncer) -> bool:
    catalog = syncer.catalog
    return (
        catalog.meta("index") == syncer.index.fingerprint
        and not catalog.meta(UNDER_WAY)
        and catalog.meta("extraction") == extraction_fingerprint(syncer.settings)
    )


def _known_at(catalog: Catalog, paths: Sequence[NotePath]) -> dict[NotePath, KnownNote]:
    known: dict[NotePath, KnownNote] = {}
    for stored in chunked([path_to_stored(path) for path in paths]):
        known |= catalog.known_notes(f"path IN ({marks(stored)})", stored)
    return known


def _may_clash(catalog: Catalog, new: Sequence[NotePath]) -> bool:
    """Say whether a new name may differ from another one in Unicode form or, where that matters, in case only."""
    if sys.platform != "linux" and new:
        return True
    composed = [path for path in new if not path.isascii()]
    if any(path_key(path) != path for path in composed):
        return True
    return bool(_known_at(catalog, [NotePath(normalize("NFD", path)) for path in composed]))
