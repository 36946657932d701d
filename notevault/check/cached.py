"""The diagnostics of a whole vault.

What one note says by itself is kept in the catalogue until the note, its own template or the settings change; what
depends on other notes or on the day is asked anew.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from notevault.catalog import Catalog, stored_to_path
from notevault.check import CheckOptions, check_fingerprint, check_note
from notevault.check.registry import RULE_IDS, RULES
from notevault.check.rule import Rule, VaultContext, VaultFinding, find_template
from notevault.check.switches import IGNORE_KEY, OFF_KEY, Selection, make_selection, read_switches
from notevault.config import Settings
from notevault.errors import NotevaultError
from notevault.messages import current_language
from notevault.model import Diagnostic, NotePath, Severity, Span
from notevault.storing import put_diagnostics
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
    stale = find_stale(catalog, templates, settings)
    options = CheckOptions(selection=make_selection(settings, RULE_IDS), lasting=True, with_edits=False)
    for at in range(0, len(stale), _BATCH):
        found = []
        for note_id, path, digest, fingerprint in stale[at : at + _BATCH]:
            diagnostics = check_path(vault, path, templates, settings, today=today, options=options)
            if diagnostics is not None:
                found.append((note_id, digest, fingerprint, diagnostics))
        with catalog.transaction():
            for note_id, digest, fingerprint, diagnostics in found:
                put_diagnostics(catalog, note_id, diagnostics)
                catalog.execute(
                    "UPDATE notes SET checked = ? WHERE id = ? AND digest = ?", (fingerprint, note_id, digest)
                )
        if progress:
            progress(min(at + _BATCH, len(stale)), len(stale))
    return len(stale)


def find_stale(catalog: Catalog, templates: Templates, settings: Settings) -> list[tuple[int, NotePath, str, str]]:
    """Return the notes whose stored diagnostics are not current: id, path, digest, fingerprint to be."""
    stale = []
    for (kind,) in catalog.select("SELECT DISTINCT type FROM notes"):
        template = find_template(kind, templates, settings)
        fingerprint = f"{check_fingerprint(template, templates, settings)} {current_language()}"
        stale += [
            (row["id"], stored_to_path(row["path"]), row["digest"], fingerprint)
            for row in catalog.select(
                "SELECT id, path, digest FROM notes WHERE type IS ? AND checked IS NOT ?", (kind, fingerprint)
            )
        ]
    return sorted(stale, key=lambda one: one[1])


def check_path(
    vault: Vault,
    path: NotePath,
    templates: Templates,
    settings: Settings,
    *,
    today: date,
    options: CheckOptions | None = None,
) -> tuple[Diagnostic, ...] | None:
    """Check one note as it is on disk; None where it cannot be read."""
    from notevault.extract import extract_facts  # noqa: PLC0415 -- start-up time
    from notevault.note import parse_note  # noqa: PLC0415 -- start-up time

    try:
        data, _signature = vault.read(path)
    except (OSError, NotevaultError):
        return None
    note = parse_note(path, data)
    facts = extract_facts(note, settings, today)
    return check_note(note, facts, templates, settings, today=today, options=options or CheckOptions())


def check_vault(context: VaultContext, selection: Selection | None = None, *, remarks: bool = True) -> list[Diagnostic]:
    """Return what rules about several notes find, as the catalogue stands; in no order.

    ``selection`` is that of the settings where none is given. What a note's own switches silence is left out, and
    remarks where they are not wanted: there may be more of them than notes.
    """
    chosen = selection or make_selection(context.settings, RULE_IDS)
    silent = _load_switches(context.catalog)
    found = []
    for rule in RULES:
        if rule.across is None or rule.id not in chosen.rules or (rule.severity is Severity.INFO and not remarks):
            continue
        for finding in rule.across(context):
            if finding.severity is Severity.INFO and not remarks:
                continue
            if rule.id in silent.get(finding.path, ()) or (chosen.folders and rule.id not in chosen.at(finding.path)):
                continue
            found.append(_from_vault(rule, finding))
    return found


def load_diagnostics(
    catalog: Catalog,
    selection: Selection,
    paths: Iterable[str] = (),
    *,
    across: Iterable[Diagnostic] = (),
    remarks: bool = True,
) -> list[Diagnostic]:
    """Return the stored diagnostics and those ``across`` notes, by path and line.

    ``paths`` names notes or folders, none means all.
    """
    wanted = [path.rstrip("/") for path in paths]
    rows = catalog.select(
        "SELECT n.path, d.* FROM diagnostics d JOIN notes n ON n.id = d.note_id WHERE ? OR d.severity <> ?",
        (remarks, str(Severity.INFO)),
    )
    found = [_diagnostic(row) for row in rows if row["rule"] in selection.at(row["path"])]
    found = [diagnostic for diagnostic in (*found, *across) if _is_wanted(diagnostic.path, wanted)]
    return sorted(found, key=lambda diagnostic: (diagnostic.path, diagnostic.line, diagnostic.column))


def _load_switches(catalog: Catalog) -> dict[str, frozenset[str]]:
    values: dict[str, list[tuple[str, str]]] = {}
    for row in catalog.select(
        "SELECT n.path, f.key, f.value FROM fields f JOIN notes n ON n.id = f.note_id WHERE f.key IN (?, ?)",
        (OFF_KEY, IGNORE_KEY),
    ):
        values.setdefault(row["path"], []).append((row["key"], row["value"]))
    return {path: read_switches(pairs, RULE_IDS) for path, pairs in values.items()}


def _from_vault(rule: Rule, finding: VaultFinding) -> Diagnostic:
    severity = finding.severity or rule.severity
    return Diagnostic(
        rule=rule.id,
        severity=severity,
        path=stored_to_path(finding.path),
        line=finding.line,
        column=1,
        message=finding.message,
        hint=finding.hint,
    )


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
