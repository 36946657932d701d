"""A vault opened with everything taken in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notevault.upkeep import sync_workspace
from notevault.workspace import Workspace, open_workspace
from tests.conftest import TODAY


@contextmanager
def synced(root: Path) -> Iterator[Workspace]:
    """Sync the vault and open it on TODAY."""
    with open_workspace(root, today=TODAY) as workspace:
        sync_workspace(workspace)
        yield workspace
