"""What an export is asked for, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Final

from notevault.export.profile import Profile
from notevault.records import record

Progress = Callable[[int, int], None]
"""Called with rows done and the number expected, which is near but not exact."""
LAST: Final = "LAST"


@record
class ExportOrder:
    """One export."""

    profile: Profile
    out: Path | None
    """None: the preflight alone, nothing is written."""
    today: date
    force: bool = False
    since: str = ""
    """``LAST``, or an ISO day."""
    sample: int = 0
    again: bool = False
    """Also what must be loaded only once and was exported before."""
    redact: bool = False
    safe_for_excel: bool = False
    workbook: bool = False
    ledger: Path | None = None
    """None: nothing is remembered."""
    picklists: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


@record
class ExportReport:
    """What an export wrote, or would have written."""

    out: Path | None
    profile: str
    tables: Mapping[str, int]
    """Rows by file of the profile."""
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
    findings: Mapping[str, int]
    """Number by severity."""
    unchanged: int = 0
    """Rows left out because they are as they were when last exported."""
    already_loaded: int = 0
    """Rows left out because they may be loaded only once."""
    deleted: int = 0
    merged: int = 0
    ledger: Path | None = None
    redacted: Sequence[str] = ()
    """Columns left out because they hold personal data."""
