"""How many notes pass a template, as they are and after a migration; counted by the check itself."""

from dataclasses import replace
from typing import Final

from notevault.catalog import Catalog, stored_to_path
from notevault.check import CheckOptions, check_note, has_errors
from notevault.errors import NotevaultError
from notevault.extract import extract_facts
from notevault.note import parse_note
from notevault.records import record
from notevault.refine.corpus import Scope, iter_notes
from notevault.refine.migrate import MigrationRules, plan_note
from notevault.vault import Vault

MOST_NOTES: Final = 300


@record
class Fit:
    """Notes without an error."""

    looked_at: int
    now: int
    after: int
    """Once migrated."""


def measure_fit(vault: Vault, catalog: Catalog, rules: MigrationRules, scope: Scope, *, most: int = MOST_NOTES) -> Fit:
    """Check up to ``most`` notes of ``scope``, evenly spread over their paths, against ``rules.template``.

    ``scope`` is read under the vault's own templates, so a type that is only proposed has its untyped notes.
    """
    entries = list(iter_notes(catalog, rules.settings, rules.templates, scope))
    step = max(-(-len(entries) // most), 1)
    looked_at = now = after = 0
    options = CheckOptions(with_edits=False)
    for entry in entries[::step]:
        path = stored_to_path(entry.path)
        try:
            data, _signature = vault.read(path)
        except (OSError, NotevaultError):
            continue
        note = parse_note(path, data)
        facts = replace(extract_facts(note, rules.settings, rules.today), type=rules.template.name)
        looked_at += 1
        now += not has_errors(
            check_note(note, facts, rules.templates, rules.settings, today=rules.today, options=options)
        )
        after += not plan_note(path, data, rules).needs
    return Fit(looked_at=looked_at, now=now, after=after)
