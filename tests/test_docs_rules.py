import tomllib

import pytest

from notevault.check import RULES, make_selection
from notevault.check.registry import RULE_IDS
from notevault.settings_reader import parse_settings
from tests.rules_page import PATH, render_rules_page


def test_the_page_of_the_rules_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == render_rules_page(), "run 'python -m tests.rules_page'"


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_has_a_heading_to_link_to(rule: str) -> None:
    assert f"\n## {rule}\n" in PATH.read_text(encoding="utf-8")


def test_the_settings_on_the_page_are_settings() -> None:
    page = PATH.read_text(encoding="utf-8")
    block = page.split("```toml\n")[1].split("```")[0]
    source = "\n".join(line.removeprefix("  ") for line in block.splitlines())
    assert tomllib.loads(source)["check"]
    selection = make_selection(parse_settings(source, "notevault.toml"), RULE_IDS)
    assert selection.at("import/old/a.md") == frozenset()
    assert selection.at("a.md") == RULE_IDS - {"todo-owner"}
