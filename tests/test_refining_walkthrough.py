"""docs/refining.md: its commands are run, and print what stands there.

``NOTEVAULT_UPDATE=1`` writes what they print into the page.
"""

import os
import re
import shlex
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample-vault"
TEMPLATE = "templates/field-visit.md"
PAGE = ROOT / "docs" / "refining.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)


def copy(option: str, *places: str) -> str:
    assert option == "-r"
    *sources, target = map(Path, places)
    for source in sources:
        shutil.copytree(source, target / source.name if target.exists() else target)
    return ""


def remove(option: str, *places: str) -> str:
    assert option == "-r"
    for place in map(Path, places):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
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
        talk = ran.stderr.replace("Reading notes\n", "")  # a bar that a terminal wipes out
        return "".join(ran.stdout.splitlines(keepends=True)[:lines]) + talk

    return {"notevault": notevault, "cp": copy, "rm": remove, "cd": change_folder, "cat": show}


pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not here")


def test_the_walk_through_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commands: dict[str, Callable[..., str]]
) -> None:
    shutil.copytree(SAMPLE, tmp_path / "sample-vault")
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
    trial = tmp_path / "trial"
    assert (trial / TEMPLATE).read_bytes() == (SAMPLE / TEMPLATE).read_bytes()


def test_the_sample_vault_keeps_the_way_from_free_notes_to_a_second_version(run: Run, tmp_path: Path) -> None:
    texts: dict[str, list[str]] = defaultdict(list)
    for path in (SAMPLE / "visits").rglob("*.md"):
        texts[path.parent.name].append(path.read_text(encoding="utf-8"))
    free = [text for month in ("2025-04", "2025-05", "2025-06") for text in texts[month]]
    first = [text for month in ("2025-07", "2025-08", "2025-09") for text in texts[month]]
    assert len(free) == 12
    assert not any("\ntype:" in text for text in free)
    assert all("\ntemplate_version: 1\n" in text for text in first)
    assert all("\ntemplate_version: 2\n" in text for text in texts["2025-10"])
    assert all("\ntype: field-visit\n" in text for text in texts["2025-03"])
    shutil.copytree(SAMPLE, tmp_path / "sample-vault")
    ran = run("migrate", "field-visit", "--folder", "visits/2025-03", vault=tmp_path / "sample-vault")
    assert ran.stdout == ""  # nothing is left to bring along


def test_the_first_version_is_what_the_free_notes_give(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "sample-vault"
    shutil.copytree(SAMPLE, root)
    for month in ("03", "07", "08", "09", "10"):
        shutil.rmtree(root / f"visits/2025-{month}")
    (root / TEMPLATE).unlink()
    run("refine", "field-visit", "--for-untyped", "--folder", "visits", "--accept-all", vault=root)
    assert (root / TEMPLATE).read_bytes() == (SAMPLE / "templates/versions/field-visit-1.md").read_bytes()
