"""The diagnostics of a whole vault, kept in the catalogue until a note, its template or the settings change."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from notevault.catalog import Catalog, stored_to_path
from notevault.check import check_fingerprint, check_note
from notevault.config import Settings
from notevault.errors import NotevaultError
from notevault.extract import extract_facts
from notevault.messages import current_language
from notevault.model import Diagnostic, NotePath, Severity, Span
from notevault.note import parse_note
from notevault.template import Templates
from notevault.vault import Vault

_BATCH = 500


def refresh_checks(
    vault: Vault,
    catalog: Catalog,
    templates: Templates,
    settings: Settings,
    *,
    today: date,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Check the notes whose diagnostics are not current, store what was found, and return how many were checked.

    Call it as the one writer. A note that cannot be read keeps what was known of it.
    """
    fingerprint = f"{check_fingerprint(templates, settings)} {current_language()}"
    stale = catalog.select("SELECT id, path, digest FROM notes WHERE checked IS NOT ? ORDER BY path", (fingerprint,))
    for at in range(0, len(stale), _BATCH):
        found = []
        for row in stale[at : at + _BATCH]:
            diagnostics = check_path(vault, stored_to_path(row["path"]), templates, settings, today=today)
            if diagnostics is not None:
                found.append((row["id"], row["digest"], diagnostics))
        with catalog.transaction():
            for note_id, digest, diagnostics in found:
                catalog.put_diagnostics(note_id, diagnostics)
                catalog.execute(
                    "UPDATE notes SET checked = ? WHERE id = ? AND digest = ?", (fingerprint, note_id, digest)
                )
        if progress:
            progress(min(at + _BATCH, len(stale)), len(stale))
    return len(stale)


def check_path(
    vault: Vault, path: NotePath, templates: Templates, settings: Settings, *, today: date
) -> tuple[Diagnostic, ...] | None:
    """Check one note as it is on disk; None where it cannot be read."""
    try:
        data, _signature = vault.read(path)
    except (OSError, NotevaultError):
        return None
    note = parse_note(path, data)
    return check_note(note, extract_facts(note, settings, today), templates, settings, today=today)


def load_diagnostics(catalog: Catalog, paths: Iterable[str] = ()) -> list[Diagnostic]:
    """Return the stored diagnostics by path and line; ``paths`` names notes or folders, none means all."""
    wanted = [path.rstrip("/") for path in paths]
    rows = catalog.select(
        "SELECT n.path, d.* FROM diagnostics d JOIN notes n ON n.id = d.note_id ORDER BY n.path, d.line, d.col"
    )
    return [_diagnostic(row) for row in rows if _is_wanted(row["path"], wanted)]


def _is_wanted(path: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(folder in ("", ".", path) or path.startswith(f"{folder}/") for folder in wanted)


def _diagnostic(row: object) -> Diagnostic:
    value = dict(row)  # type: ignore[call-overload] # a Row is a mapping in all but name
    span = Span(start=value["start"], end=value["stop"]) if value["start"] is not None else None
    return Diagnostic(
        rule=value["rule"],
        severity=Severity(value["severity"]),
        path=stored_to_path(value["path"]),
        line=value["line"],
        column=value["col"],
        message=value["message"],
        hint=value["hint"],
        span=span,
    )
