"""Keeping one vault's derived data current, as its one writer.

Apart from :mod:`notevault.workspace`, because a search that finds nothing new needs none of what this imports.
"""

from notevault.check.cached import refresh_checks
from notevault.model import SyncReport
from notevault.sync import Progress, Syncer, sync
from notevault.workspace import Workspace


def make_syncer(workspace: Workspace) -> Syncer:
    """Return what a sync works on."""
    return Syncer(vault=workspace.vault, catalog=workspace.catalog, index=workspace.index, settings=workspace.settings)


def sync_workspace(
    workspace: Workspace, *, full: bool = False, allow_empty: bool = False, progress: Progress | None = None
) -> SyncReport:
    """Bring catalogue and index up to date. Raises LockedError, VaultEmptiedError."""
    with workspace.lock():
        return sync(make_syncer(workspace), full=full, allow_empty=allow_empty, progress=progress)


def check_workspace(workspace: Workspace, *, progress: Progress | None = None) -> int:
    """Bring the stored diagnostics up to date; returns how many notes were checked. Raises LockedError."""
    with workspace.lock():
        return refresh_checks(
            workspace.vault,
            workspace.catalog,
            workspace.templates,
            workspace.settings,
            today=workspace.today,
            progress=progress,
        )
