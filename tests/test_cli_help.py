import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notevault.cli import cli
from notevault.cli.base import Context
from notevault.cli.help_text import NOT_FIRST, wrap
from notevault.cli.output import display_width
from notevault.messages import use_language
from notevault.report.undone import KINDS
from tests.conftest import Run
from tests.reference import iter_commands


@given(st.text("あ。 （abc）ー", max_size=80), st.integers(6, 40))
def test_wrapped_lines_keep_every_character_and_fit(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    # a mark that must not begin a line may hang out, with those that follow it
    assert all(display_width(line.rstrip(NOT_FIRST)) <= room for line in lines)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_help_pages_fit_a_terminal_of_eighty_columns(language: str) -> None:
    use_language(language)
    pages = [
        command.get_help(Context(command, info_name=" ".join(("notevault", *path)), terminal_width=80))
        for path, command in iter_commands(cli, ())
    ]
    lines = [line for page in pages for line in page.splitlines() if not line.startswith(("Usage", "使い方"))]
    wide = [line for line in lines if display_width(line.rstrip(NOT_FIRST)) > 80]
    assert wide == []


def test_help_speaks_the_chosen_language(run: Run) -> None:
    assert "ノートを探す" in run("--lang", "ja", "search", "--help").stdout
    assert "Find notes" in run("--lang", "en", "search", "--help").stdout


def test_an_unknown_command_offers_the_nearest(run: Run) -> None:
    ran = run("serch")
    assert ran.exit_code == 2
    assert "search" in ran.stderr
    assert isinstance(cli, click.Group)


def test_the_help_of_undone_names_every_kind(run: Run) -> None:
    page = " ".join(run("report", "undone", "--help").stdout.split())
    assert ", ".join(KINDS) + "." in page
