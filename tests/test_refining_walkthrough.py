"""docs/refining.md: its commands are run, and print what stands there.

``NOTEVAULT_UPDATE=1`` writes what they print into the page.
"""

import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "refining.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)


def copy(option: str, source: str, target: str) -> str:
    assert option == "-r"
    place = Path(target)
    shutil.copytree(source, place / Path(source).name if place.exists() else place, dirs_exist_ok=True)
    return ""


def change_folder(folder: str) -> str:
    os.chdir(folder)
    return ""


def show(file: str) -> str:
    return Path(file).read_text(encoding="utf-8")


@pytest.fixture
def commands(run: Run) -> dict[str, Callable[..., str]]:
    def notevault(*arguments: str) -> str:
        words, lines = list(arguments), None
        if "|" in words:
            at = words.index("|")
            assert words[at + 1] == "head"
            words, lines = words[:at], int(words[at + 2].removeprefix("-"))
        ran = run(*words)
        return "".join(ran.stdout.splitlines(keepends=True)[:lines]) + ran.stderr

    return {"notevault": notevault, "cp": copy, "cd": change_folder, "cat": show}


pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not here")


def test_the_walk_through_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commands: dict[str, Callable[..., str]]
) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    monkeypatch.chdir(tmp_path)

    def played(block: re.Match[str]) -> str:
        shown = []
        for command in COMMAND.findall(block[1]):
            name, *arguments = shlex.split(command)
            shown.append(f"$ {command}\n{commands[name](*arguments)}")
        return "```console\n" + "".join(shown) + "```"

    page = PAGE.read_text(encoding="utf-8")
    found = BLOCK.sub(played, page)
    if os.environ.get("NOTEVAULT_UPDATE"):
        PAGE.write_text(found, encoding="utf-8", newline="\n")
    assert found == page
    assert found.count("$ notevault ") >= 10
    assert found.count("\n0 errors, 3 warnings\n") == 2


def test_the_free_notes_are_as_people_write_them() -> None:
    notes = [path.read_text(encoding="utf-8") for path in (ROOT / "docs/refining/free-notes").rglob("*.md")]
    assert len(notes) == 12
    assert not any("\ntype:" in note for note in notes)
