"""What the product can do is documented, and the documents are current."""

import re
from pathlib import Path

import click
import pytest

from notevault.check.registry import RULE_IDS
from notevault.cli import cli
from tests.reference import DOCS, iter_commands, iter_settings, render_commands

ROOT = DOCS.parent
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"])


def test_page_of_commands_is_current() -> None:
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == render_commands(), "run 'make docs'"


def test_every_command_and_option_has_a_help_text() -> None:
    commands = list(iter_commands(cli, ()))
    silent = [" ".join(path) for path, command in commands if not command.help]
    silent += [
        f"{' '.join(path)} {parameter.name}"
        for path, command in commands
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden and not parameter.help
    ]
    assert silent == []


def test_every_setting_is_documented() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert [name for name in iter_settings() if f"`{name}`" not in page] == []


def test_every_rule_is_documented() -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert [rule for rule in sorted(RULE_IDS) if rule not in page] == []


def test_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [path[0] for path, _command in iter_commands(cli, ()) if len(path) == 1]
    assert [name for name in names if f"`{name}" not in readme and f"notevault {name}" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", re.sub(r"`[^`]*`", "", text))
    assert [target for target in targets if not (page.parent / target).exists()] == []
