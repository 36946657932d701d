"""What is indexed, whether it is fresh, who keeps it so, and what is left out."""

from collections.abc import Iterator
from pathlib import Path

from notevault.catalog import stored_to_path
from notevault.messages import gettext as _
from notevault.model import Failure, NotePath
from notevault.plan import UNDER_WAY, extraction_fingerprint, find_news
from notevault.presence import WatcherState, find_last_watcher
from notevault.records import record
from notevault.vault import SETTINGS_FILE, Ignored
from notevault.workspace import Workspace


@record
class Status:
    """State of one vault's derived data."""

    vault: Path
    cache: Path
    notes: int
    failed: tuple[Failure, ...]
    """Notes that the last sync could not read, and folders that cannot be listed."""
    not_parsed: tuple[str, ...]
    """Notes whose front matter could not be read; they are searched as text."""
    copies: tuple[str, ...]
    placeholders: tuple[NotePath, ...]
    """Notes whose content is in the cloud only; what was known of them still holds."""
    pending: tuple[NotePath, ...]
    """New, changed or gone since the last sync."""
    out_of_step: str | None
    """Why all has to be looked at anew, None where index, catalogue and settings belong together."""
    last_sync: str | None
    last_scan: str | None
    """When the whole vault was last walked over and taken in."""
    watcher: WatcherState | None

    @property
    def fresh(self) -> bool:
        """Whether index, catalogue and disk agree."""
        return not self.pending and self.out_of_step is None and self.last_sync is not None


def load_status(workspace: Workspace) -> Status:
    """Compare disk, catalogue and index without changing any."""
    catalog, scan = workspace.catalog, workspace.vault.scan()
    news = find_news(scan, catalog, second_looks=False)
    failures = {stored_to_path(row[0]): row[1] for row in catalog.select("SELECT path, reason FROM failures")}
    failures |= {failure.path: failure.reason for failure in scan.errors}
    return Status(
        vault=workspace.root,
        cache=workspace.cache,
        notes=catalog.note_count(),
        failed=tuple(Failure(path=path, reason=reason) for path, reason in sorted(failures.items())),
        not_parsed=tuple(row[0] for row in catalog.select("SELECT path FROM notes WHERE NOT parsed ORDER BY path")),
        copies=tuple(
            row[0] for row in catalog.select("SELECT path FROM notes WHERE copy_of IS NOT NULL ORDER BY path")
        ),
        placeholders=tuple(sorted(scan.placeholders)),
        pending=tuple(stored_to_path(path) for path in sorted(news)),
        out_of_step=find_discord(workspace),
        last_sync=catalog.meta("last_sync"),
        last_scan=catalog.meta("last_scan"),
        watcher=find_last_watcher(workspace.cache),
    )


def find_discord(workspace: Workspace) -> str | None:
    """Return why catalogue, text index and settings do not belong together, None where they do or all is empty."""
    catalog = workspace.catalog
    if catalog.meta("last_sync") is None:
        return None
    fingerprint = workspace.index.fingerprint
    if not fingerprint:
        return _("the text index is missing or its files are not those last written")
    if catalog.meta("index") != fingerprint:
        return _("the text index is not the one that the catalogue belongs to")
    if catalog.meta(UNDER_WAY):
        return _("a sync was interrupted between text index and catalogue")
    if catalog.meta("extraction") != extraction_fingerprint(workspace.settings):
        return _("what is stored was made under other settings")
    return None


def iter_left_out(workspace: Workspace) -> Iterator[Ignored]:
    """Yield what is in the vault and not taken for a note, with the reason; of two names alike the second one, too."""
    ignored = [one for one in workspace.vault.iter_ignored() if one.path != SETTINGS_FILE]
    scan = workspace.vault.scan()
    second = {second for _first, second in scan.clashes}
    ignored += [Ignored(path=failure.path, reason=failure.reason) for failure in scan.errors if failure.path in second]
    yield from sorted(ignored, key=lambda one: one.path)
