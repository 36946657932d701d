"""The examples in the rules' pages, and that every rule has a page."""

import inspect
import re
from datetime import date
from pathlib import Path

import pytest

from notevault.check import RULES, Rule, check_note, find_rule
from notevault.config import default_settings
from notevault.errors import SettingsError
from notevault.model import Diagnostic, NotePath
from notevault.note import parse_note
from notevault.template import Templates
from notevault.template.folder import load_templates, shipped_templates

_EXAMPLE = re.compile(r"^(Before|After)::\n\n((?:(?:    .*)?\n)+)", re.MULTILINE)
_WITHOUT_EXAMPLE = {"encoding", "control-character", "newlines"}
"""Bytes that a docstring cannot hold."""


def examples(rule: Rule) -> dict[str, str]:
    page = inspect.cleandoc(rule.page) + "\n"
    return {kind: inspect.cleandoc(text) + "\n" for kind, text in _EXAMPLE.findall(page)}


def shipped() -> Templates:
    return load_templates(Path(str(shipped_templates("en"))), default_settings())


def check(text: str) -> tuple[Diagnostic, ...]:
    note = parse_note(NotePath("note.md"), text.encode())
    return check_note(note, None, shipped(), default_settings(), today=date(2026, 11, 22))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_page_with_examples(rule: Rule) -> None:
    assert len(inspect.cleandoc(rule.page)) > 40
    assert set(examples(rule)) == (set() if rule.id in _WITHOUT_EXAMPLE else {"Before", "After"})


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id not in _WITHOUT_EXAMPLE], ids=lambda rule: rule.id)
def test_the_rule_speaks_before_and_all_are_silent_after(rule: Rule) -> None:
    found = examples(rule)
    assert rule.id in {diagnostic.rule for diagnostic in check(found["Before"])}
    assert check(found["After"]) == ()


def test_rules_have_ids_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id) for rule in RULES)


def test_an_unknown_rule_is_answered_with_a_guess() -> None:
    assert find_rule("field-missing").id == "field-missing"
    with pytest.raises(SettingsError, match=r"unknown rule 'feild-missing' .did you mean 'field-missing'"):
        find_rule("feild-missing")
