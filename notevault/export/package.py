"""An export of a whole vault: every table, its descriptor, and what had to be changed on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.export.cells import CellWriter
from notevault.export.csv_file import write_table
from notevault.export.datapackage import DESCRIPTOR_NAME, render_descriptor
from notevault.export.folder import staged_folder
from notevault.export.source import Source
from notevault.export.tables import TABLES

Progress = Callable[[int, int], None]
"""Called with rows done and the number expected, which is near but not exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What an export wrote."""

    out: Path
    tables: Mapping[str, int]
    """Rows by table."""
    normalized: Mapping[str, int]
    """Characters that no importer takes, by name, and how many of them were changed."""
    long_cells: Mapping[str, int]
    """Cells, by column, that Python's csv module refuses to read unless told; they are written whole."""
    split_notes: int
    """Notes whose text stands in several parts."""
    whole_names: int
    """Contacts whose family and given name could not be told apart."""
    lead_deals: int
    """Deals that are told by their customers being leads, and are no opportunities."""
    conflict_copies: int
    """Notes left out because they are conflict copies of others."""


def export_tables(
    catalog: Catalog,
    settings: Settings,
    out: Path,
    vault_root: Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Write the neutral tables and ``datapackage.json`` to ``out``, all or nothing, from one state of the catalogue.

    Few rows are held at a time. Raises ExportFolderError; see :func:`staged_folder`.
    """
    cells = CellWriter()
    with staged_folder(out, vault_root, force=force) as staging, catalog.snapshot():
        source = Source.of(catalog, settings)
        advance = _counting(catalog, progress)
        written = [write_table(staging / f"{table.name}.csv", table, source, cells, advance) for table in TABLES]
        (staging / DESCRIPTOR_NAME).write_bytes(render_descriptor(written, settings))
        copies = catalog.select("SELECT count(*) FROM notes WHERE copy_of IS NOT NULL")[0][0]
    return ExportReport(
        out=out,
        tables={file.table.name: file.rows for file in written},
        normalized=dict(sorted(cells.normalized.items())),
        long_cells=dict(sorted(cells.long_cells.items())),
        split_notes=source.remarks["split_notes"],
        whole_names=source.remarks["whole_names"],
        lead_deals=source.remarks["lead_deals"],
        conflict_copies=copies,
    )


def _counting(catalog: Catalog, progress: Progress | None) -> Callable[[int], None]:
    expected = sum(
        catalog.select(f"SELECT count(*) FROM {table}")[0][0] * weight
        for table, weight in (("notes", 2), ("customers", 1), ("contacts", 1), ("deals", 1), ("todos", 1))
    )
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        if progress:
            progress(min(done, expected), expected)

    return advance
