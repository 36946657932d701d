"""One turn after another of a watcher: what has settled is taken in, what was done is told.

Where the signs come from is :mod:`notevault.watch`'s affair.
"""

import time
from collections.abc import Callable, Collection
from typing import Final

from notevault.catalog import stored_to_path
from notevault.check import check_note
from notevault.errors import (
    CatalogDamagedError,
    IndexDamagedError,
    LockedError,
    NotevaultError,
    SettingsError,
    VaultEmptiedError,
)
from notevault.messages import gettext as _
from notevault.model import Diagnostic, NotePath, SyncReport, TodoStatus
from notevault.plan import SECOND_LOOK_MS, is_look_due, monotonic_ms
from notevault.reading import ReadNote
from notevault.records import record
from notevault.settling import BURST, Due
from notevault.upkeep import sync_workspace, take_in_paths, tidy_index
from notevault.watch_health import find_git_lock, find_root_identity
from notevault.workspace import Workspace

_PATIENCE: Final = 2.0
"""Seconds to wait for another writer before trying again later."""
GIT_SECONDS: Final = 10.0
QUIET_SECONDS: Final = 0.5
"""Without a save for so long there is time to tidy the index."""


@record
class Saved:
    """What became of one note."""

    what: str
    """``added``, ``changed``, ``renamed``, ``removed`` or ``failed``."""
    path: NotePath
    former: NotePath | None = None
    reason: str = ""
    customer: str | None = None
    stage: str | None = None
    """Key from the settings, or as written."""
    todos: int = 0
    """Open ones."""
    diagnostics: tuple[Diagnostic, ...] = ()


@record
class Remark:
    """Something the person at the screen should know."""

    message: str
    hint: str = ""
    trouble: bool = False


@record
class Swept:
    """What a walk over the whole vault found."""

    report: SyncReport


Happening = Saved | Remark | Swept
Tell = Callable[[Happening], None]


class Watching:
    """Takes in what has settled; remembers what it could not do, to try again."""

    def __init__(self, workspace: Workspace, tell: Tell) -> None:
        self.workspace = workspace
        self.tell = tell
        self.scan_seconds = 0.0
        """How long the last walk and sync took."""
        self._look_at: float | None = None
        self.tidy_at: float | None = None
        """When there is time to tidy the index, on the monotonic clock."""
        self._git: tuple[tuple[int, int], float] | None = None
        self._told = ""
        self.in_step = False
        """Whether everything noticed so far has been taken in."""

    def is_git_at_work(self) -> bool:
        """Say whether to wait for git to finish; a lock that stays for long was left behind."""
        lock = find_git_lock(self.workspace.root)
        if lock is None:
            self._git = None
            return False
        if self._git is None or self._git[0] != lock:
            self._git = (lock, time.monotonic())
        return time.monotonic() - self._git[1] < GIT_SECONDS

    def look(self, due: Due) -> bool:
        """Do what is due; False where it has to be tried again."""
        if find_root_identity(self.workspace.root) is None:  # gone since the last look at its health
            return False
        try:
            if due.reload:
                self._reload()
            if due.scan:
                self._scan()
            elif due.paths:
                self._take_in(due.paths)
        except LockedError:
            return False  # another writer is at it
        except (CatalogDamagedError, IndexDamagedError) as error:
            self._discard(error)
            return False
        except VaultEmptiedError as error:
            self._complain(error)
            self.in_step = False
            return True  # nothing more can be done until somebody decides
        except NotevaultError as error:
            self._complain(error)
            return False
        self._told = ""
        self.in_step = self.in_step or due.scan
        return True

    def _discard(self, damage: CatalogDamagedError | IndexDamagedError) -> None:
        """Throw away what is damaged; where even that fails, as the whole folder is gone, that is found out soon."""
        try:
            self.workspace.discard(damage)
        except NotevaultError as error:
            self._complain(error)

    def second_looks(self) -> Due | None:
        """Return the notes that are to be read once more by now, None where there are none."""
        if self._look_at is None or time.monotonic() < self._look_at:
            return None
        self._look_at = None
        rows = self.workspace.catalog.select_tuples("SELECT path, look_again FROM notes WHERE look_again <> 0")
        if not rows:
            return None
        now = monotonic_ms()
        due = [stored_to_path(path) for path, moment in rows if is_look_due(moment, now)]
        if len(due) < len(rows):
            self._plan_second_look()
        return Due(scan=True) if len(due) > BURST else Due(paths=frozenset(due))

    def _plan_second_look(self) -> None:
        self._look_at = time.monotonic() + SECOND_LOOK_MS / 1000 + 0.1

    def tidy_when_quiet(self) -> None:
        """Tidy the index some time after the last save."""
        if self.tidy_at is None or time.monotonic() < self.tidy_at:
            return
        self.tidy_at = None
        if self.workspace.is_catalog_replaced():  # the next look at its health follows
            return
        try:
            tidy_index(self.workspace)
        except LockedError:
            self.tidy_at = time.monotonic() + QUIET_SECONDS
        except NotevaultError as error:  # damage is mended by the next sync
            self._complain(error)

    def _complain(self, error: NotevaultError) -> None:
        """Tell of trouble once, not at every attempt."""
        if error.message != self._told:
            self._told = error.message
            self.tell(Remark(message=error.message, hint=error.hint, trouble=True))

    def _reload(self) -> None:
        try:
            self.workspace.reload()
            self.workspace.templates  # noqa: B018 -- read now, to be told of faults now
        except SettingsError as error:
            self.tell(Remark(message=error.message, hint=_("the settings from before stay in force"), trouble=True))
        else:
            self.tell(Remark(message=_("settings and templates read again")))

    def _scan(self) -> None:
        started = time.monotonic()
        report = sync_workspace(self.workspace, patience=_PATIENCE)
        self.scan_seconds = time.monotonic() - started
        self._plan_second_look()
        self._tell_report(report)

    def _take_in(self, paths: Collection[NotePath]) -> None:
        done = take_in_paths(self.workspace, paths, patience=_PATIENCE)
        self._plan_second_look()
        self.tidy_at = time.monotonic() + QUIET_SECONDS
        if isinstance(done, SyncReport):
            self._tell_report(done)
            return
        taken = {each.path: each for each in done.taken}
        report = done.report
        for path in report.added:
            self.tell(self._saved("added", path, taken.get(path)))
        for path in report.changed:
            self.tell(self._saved("changed", path, taken.get(path)))
        for former, path in report.renamed:
            self.tell(self._saved("renamed", path, taken.get(path), former))
        for path in report.removed:
            self.tell(Saved(what="removed", path=path))
        for failure in report.failed:
            self.tell(Saved(what="failed", path=failure.path, reason=failure.reason))
        self._tell_warnings(report)

    def _saved(self, what: str, path: NotePath, taken: ReadNote | None, former: NotePath | None = None) -> Saved:
        if taken is None or taken.understood is None:
            return Saved(what=what, path=path, former=former)
        workspace, (note, facts) = self.workspace, taken.understood
        try:
            found = check_note(note, facts, workspace.templates, workspace.settings, today=workspace.today)
        except SettingsError:  # told of when it was made
            found = note.diagnostics
        return Saved(
            what=what,
            path=path,
            former=former,
            customer=facts.customer,
            stage=facts.stage or facts.stage_raw,
            todos=sum(todo.status is TodoStatus.OPEN for todo in facts.todos),
            diagnostics=found,
        )

    def _tell_report(self, report: SyncReport) -> None:
        self.tell(Swept(report=report))
        self._tell_warnings(report)

    def _tell_warnings(self, report: SyncReport) -> None:
        for warning in report.warnings:
            self.tell(Remark(message=warning, trouble=True))
