"""The examples in the rules' pages, and that every rule has a page."""

import inspect
import re
from pathlib import Path

import pytest

from notevault.check import RULE_IDS, RULES, CheckOptions, Rule, check_note, find_rule
from notevault.check.cached import check_vault
from notevault.check.customers import remembered_in
from notevault.check.fix import plan_fix
from notevault.check.rule import VaultContext
from notevault.errors import UnknownNameError
from notevault.model import Diagnostic, NotePath, Severity
from notevault.note import parse_note
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.examples import examples
from tests.synced import synced

_WITHOUT_EXAMPLE = {"encoding", "control-character", "newlines"}
"""Bytes that a docstring cannot hold."""
_WITH_EXAMPLE = [rule for rule in RULES if rule.id not in _WITHOUT_EXAMPLE]
_TEMPLATES = Path(__file__).parents[1] / "templates" / "en"


def vault_of(make_vault: MakeVault, notes: dict[str, str], name: str) -> Path:
    templates = {f"templates/{path.name}": path.read_bytes() for path in _TEMPLATES.glob("*.md")}
    return make_vault({**templates, **notes}, name=name)


def check(workspace: Workspace, notes: dict[str, str]) -> list[Diagnostic]:
    options = CheckOptions(find_customer=remembered_in(workspace.catalog))
    context = VaultContext(workspace.catalog, workspace.templates, workspace.settings, today=TODAY, root=workspace.root)
    found = check_vault(context)
    for path, text in notes.items():
        note = parse_note(NotePath(path), text.encode())
        found += check_note(note, None, workspace.templates, workspace.settings, today=TODAY, options=options)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_page_with_examples(rule: Rule) -> None:
    assert len(inspect.cleandoc(rule.page)) > 40
    assert rule.page.splitlines()[0].endswith((".", "value:", "remark."))
    if rule.id not in _WITHOUT_EXAMPLE:
        assert set(examples(rule)) == {"Before", "After"}


@pytest.mark.parametrize("rule", _WITH_EXAMPLE, ids=lambda rule: rule.id)
def test_the_rule_speaks_before_and_nothing_is_wrong_after(rule: Rule, make_vault: MakeVault) -> None:
    notes = examples(rule)
    with synced(vault_of(make_vault, notes["Before"], "before")) as workspace:
        assert rule.id in {one.rule for one in check(workspace, notes["Before"])}
    with synced(vault_of(make_vault, notes["After"], "after")) as workspace:
        left = check(workspace, notes["After"])
    assert rule.id not in {one.rule for one in left}
    assert [one for one in left if one.severity is not Severity.INFO and one.rule != "deal-idle"] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.is_fixable], ids=lambda rule: rule.id)
def test_what_a_rule_calls_fixable_is_fixed_as_its_page_says(rule: Rule, make_vault: MakeVault) -> None:
    notes = examples(rule)
    with synced(vault_of(make_vault, notes["Before"], "before")) as workspace:
        options = CheckOptions(find_customer=remembered_in(workspace.catalog))
        for path, text in notes["Before"].items():
            note = parse_note(NotePath(path), text.encode())
            fix = plan_fix(note, workspace.templates, workspace.settings, today=TODAY, options=options)
            after = fix.after if fix else text
            if rule.id == "section-missing":  # what stands below the heading is for a person to write
                assert fix is not None
                assert "\n## How to\n<!-- In words" in after
            else:
                assert after == notes["After"][path]


def test_the_same_rules_speak_of_a_note_and_of_a_vault(make_vault: MakeVault) -> None:
    both = [rule for rule in RULES if rule.check and rule.across]
    assert {rule.id for rule in both} == {"date-future", "customer-unknown", "customer-ambiguous", "customer-spelling"}
    for rule in both:
        notes = examples(rule)["Before"]
        with synced(vault_of(make_vault, notes, rule.id)) as workspace:
            found = [one for one in check(workspace, notes) if one.rule == rule.id]
        assert len(found) == 2
        assert len({(one.path, one.line, one.message, one.hint, one.severity) for one in found}) == 1


def test_rules_have_ids_of_their_own() -> None:
    assert len(RULE_IDS) == len(RULES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id) for rule in RULES)


def test_an_unknown_rule_is_answered_with_a_guess() -> None:
    assert find_rule("field-missing").id == "field-missing"
    with pytest.raises(UnknownNameError, match="no check rule is called 'feild-missing'") as caught:
        find_rule("feild-missing")
    assert "field-missing" in caught.value.hint
