"""What is indexed, and whether it is fresh."""

from dataclasses import dataclass
from pathlib import Path

from notevault.catalog import Catalog, stored_to_path
from notevault.model import Failure, NotePath
from notevault.plan import find_news
from notevault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """State of one vault's derived data."""

    vault: Path
    cache: Path
    notes: int
    failed: tuple[Failure, ...]
    """Notes that the last sync could not read."""
    not_parsed: tuple[str, ...]
    """Notes whose front matter could not be read; they are searched as text."""
    copies: tuple[str, ...]
    pending: tuple[NotePath, ...]
    """New, changed or gone since the last sync."""
    last_sync: str | None

    @property
    def fresh(self) -> bool:
        """Whether catalogue and disk agree."""
        return not self.pending and self.last_sync is not None


def load_status(vault: Vault, catalog: Catalog) -> Status:
    """Compare disk and catalogue without changing either."""
    news = find_news(vault.scan(), catalog, second_looks=False)
    return Status(
        vault=vault.root,
        cache=catalog.path.parent if catalog.path else vault.root,
        notes=catalog.note_count(),
        failed=tuple(
            Failure(path=stored_to_path(row["path"]), reason=row["reason"])
            for row in catalog.select("SELECT path, reason FROM failures ORDER BY path")
        ),
        not_parsed=tuple(row[0] for row in catalog.select("SELECT path FROM notes WHERE NOT parsed ORDER BY path")),
        copies=tuple(
            row[0] for row in catalog.select("SELECT path FROM notes WHERE copy_of IS NOT NULL ORDER BY path")
        ),
        pending=tuple(stored_to_path(path) for path in sorted(news)),
        last_sync=catalog.meta("last_sync"),
    )
