"""Keeping one vault's derived data current, as its one writer.

Apart from :mod:`notevault.workspace`, because a search that finds nothing new needs none of what this imports.
"""

from collections.abc import Collection
from typing import Final

from notevault.intake import Progress, Syncer
from notevault.link import prepare_resolver
from notevault.model import NotePath, SyncReport
from notevault.sync import TakenInReport, sync, sync_paths
from notevault.workspace import Workspace

PATIENCE: Final = 10.0


def make_syncer(workspace: Workspace) -> Syncer:
    """Return what a sync works on."""
    return Syncer(vault=workspace.vault, catalog=workspace.catalog, index=workspace.index, settings=workspace.settings)


def sync_workspace(
    workspace: Workspace,
    *,
    full: bool = False,
    allow_empty: bool = False,
    progress: Progress | None = None,
    patience: float = PATIENCE,
) -> SyncReport:
    """Bring catalogue and index up to date, waiting ``patience`` seconds for another writer.

    Raises LockedError, VaultEmptiedError, CacheError.
    """
    with workspace.lock(seconds=patience):
        return sync(make_syncer(workspace), full=full, allow_empty=allow_empty, progress=progress)


def take_in_paths(
    workspace: Workspace, paths: Collection[NotePath], *, patience: float = PATIENCE
) -> TakenInReport | SyncReport:
    """Take in what happened to these notes, or everything where that does not suffice.

    Raises LockedError, VaultEmptiedError, CacheError.
    """
    with workspace.lock(seconds=patience):
        syncer = make_syncer(workspace)
        return sync_paths(syncer, paths) or sync(syncer)


def tidy_index(workspace: Workspace) -> None:
    """Do what saves left for a quiet moment, and what the next one would wait for.

    Raises LockedError where another process is writing now.
    """
    with workspace.lock(seconds=0):
        workspace.index.tidy()
        prepare_resolver(workspace.catalog)


def check_workspace(workspace: Workspace, *, progress: Progress | None = None) -> int:
    """Bring the stored diagnostics up to date; returns how many notes were checked. Raises LockedError."""
    from notevault.check.cached import refresh_checks  # noqa: PLC0415 -- a sync does without the rules

    with workspace.lock():
        return refresh_checks(
            workspace.vault,
            workspace.catalog,
            workspace.templates,
            workspace.settings,
            today=workspace.today,
            progress=progress,
        )
