"""Notes of a vault migrated: planned, written with a journal, and put back from it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from notevault.catalog import Catalog, stored_to_path
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.model import Failure, NotePath
from notevault.note import digest_of
from notevault.records import record
from notevault.refine.corpus import Scope, iter_notes
from notevault.refine.journal import Entry, MigrationJournal, find_last
from notevault.refine.migrate import MigrationRules, NotePlan, plan_note
from notevault.vault import Vault

Progress = Callable[[int, int], None]
_BATCH: Final = 100
"""So many notes stand in the journal before the first of them is written."""


@record
class MigrationPlan:
    """What would become of the notes in question."""

    looked_at: int
    notes: tuple[NotePlan, ...]
    """Those that would change or that need a person."""
    failed: tuple[Failure, ...]

    @property
    def changing(self) -> tuple[NotePlan, ...]:
        """The notes that would be written."""
        return tuple(plan for plan in self.notes if plan.changes)

    @property
    def needing(self) -> tuple[NotePlan, ...]:
        """The notes that need a person."""
        return tuple(plan for plan in self.notes if plan.needs)


@record
class Written:
    """What writing or putting back did."""

    notes: tuple[NotePath, ...]
    failed: tuple[Failure, ...]
    """Notes that somebody has changed since, or that could not be written; they stay as they are."""


class NothingToUndoError(NotevaultError):
    """No migration of this type is left to undo."""

    def __init__(self, name: str) -> None:
        super().__init__(_("there is no migration of '{type}' to undo").format(type=name))


def plan_migration(
    vault: Vault,
    catalog: Catalog,
    rules: MigrationRules,
    scope: Scope,
    *,
    without: NotePath | None = None,
    progress: Progress | None = None,
) -> MigrationPlan:
    """Plan the notes of ``scope`` as they are on disk; one that cannot be read is told and left out."""
    found = iter_notes(catalog, rules.settings, rules.templates, scope)
    entries = [entry for entry in found if stored_to_path(entry.path) != without]
    plans: list[NotePlan] = []
    failed: list[Failure] = []
    for done, entry in enumerate(entries, start=1):
        path = stored_to_path(entry.path)
        try:
            data, _signature = vault.read(path)
        except OSError as error:
            failed.append(Failure(path=path, reason=error.strerror or str(error)))
        except NotevaultError as error:
            failed.append(Failure(path=path, reason=error.message))
        else:
            plan = plan_note(path, data, rules)
            if plan.changes or plan.needs:
                plans.append(plan)
        if progress and (done % _BATCH == 0 or done == len(entries)):
            progress(done, len(entries))
    return MigrationPlan(looked_at=len(entries), notes=tuple(plans), failed=tuple(failed))


def write_migration(
    vault: Vault, cache: Path, rules: MigrationRules, plans: Sequence[NotePlan], *, progress: Progress | None = None
) -> Written:
    """Write the planned notes. Stopped at any point, the next run goes on, and one undo puts everything back."""
    if not plans:
        return Written(notes=(), failed=())
    journal = MigrationJournal.open(cache, rules.template.name, rules.template.version)
    written: list[NotePath] = []
    failed: list[Failure] = []
    for start in range(0, len(plans), _BATCH):
        batch = plans[start : start + _BATCH]
        journal.record(
            [Entry(path=plan.path, before=plan.before, after_digest=digest_of(plan.after)) for plan in batch]
        )
        for plan in batch:
            try:
                vault.write(plan.path, plan.after, expected_digest=digest_of(plan.before))
            except NotevaultError as error:
                journal.skip(plan.path)
                failed.append(Failure(path=plan.path, reason=error.message))
            else:
                written.append(plan.path)
        if progress:
            progress(min(start + _BATCH, len(plans)), len(plans))
    journal.finish()
    return Written(notes=tuple(written), failed=tuple(failed))


def undo_migration(vault: Vault, cache: Path, name: str, *, progress: Progress | None = None) -> Written:
    """Put back every byte that the last migration of a type changed.

    A note that is no longer as the migration left it stays as it is and is told; the journal is kept then. Raises
    NothingToUndoError.
    """
    file = find_last(cache, name)
    if file is None:
        raise NothingToUndoError(name)
    journal = MigrationJournal(file)
    entries = journal.entries()
    restored: list[NotePath] = []
    failed: list[Failure] = []
    for done, entry in enumerate(reversed(entries), start=1):
        reason = _restore(vault, entry)
        if reason is None:
            restored.append(entry.path)
        elif reason:
            failed.append(Failure(path=entry.path, reason=reason))
        if progress and (done % _BATCH == 0 or done == len(entries)):
            progress(done, len(entries))
    if not failed:
        journal.close_undone()
    return Written(notes=tuple(dict.fromkeys(reversed(restored))), failed=tuple(failed))


def _restore(vault: Vault, entry: Entry) -> str | None:
    """Put one note back; returns None where it was, '' where it needed nothing, else why it stays as it is."""
    try:
        data, _signature = vault.read(entry.path)
        digest = digest_of(data)
        if digest == entry.before_digest:
            return ""
        if digest != entry.after_digest:
            return _("it has changed since the migration")
        vault.write(entry.path, entry.before, expected_digest=digest)
    except OSError as error:
        return error.strerror or str(error)
    except NotevaultError as error:
        return error.message
    return None


def iter_needs(plans: Sequence[NotePlan]) -> Iterator[tuple[NotePath, str]]:
    """Yield each note with each thing that only a person can put right."""
    for plan in plans:
        for need in plan.needs:
            yield plan.path, need
