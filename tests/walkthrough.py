"""Pages of the documentation whose commands are run: they print what stands there.

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
SAMPLE = ROOT / "sample-vault"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n", re.MULTILINE)


def play(page: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Run a page's commands beside a copy of sample-vault; return the page as they make it, and as it stands."""
    shutil.copytree(SAMPLE, tmp_path / "sample-vault")
    monkeypatch.chdir(tmp_path)
    commands: dict[str, Callable[..., str]] = {
        "notevault": lambda *words: _run(run, list(words)),
        "cp": _copy,
        "rm": _remove,
        "cd": _change_folder,
        "cat": lambda file: Path(file).read_text(encoding="utf-8"),
    }

    def played(block: re.Match[str]) -> str:
        shown = []
        for command in COMMAND.findall(block[1]):
            name, *arguments = shlex.split(command)
            shown.append(f"$ {command}\n{commands[name](*arguments)}")
        return "```console\n" + "".join(shown) + "```"

    stands = page.read_text(encoding="utf-8")
    found = BLOCK.sub(played, stands)
    if os.environ.get("NOTEVAULT_UPDATE"):
        page.write_text(found, encoding="utf-8", newline="\n")
    return found, stands


def _run(run: Run, words: list[str]) -> str:
    lines = None
    if "|" in words:
        at = words.index("|")
        assert words[at + 1] == "head"
        words, lines = words[:at], int(words[at + 2].removeprefix("-"))
    ran = run(*words)
    talk = ran.stderr.replace("Reading notes\n", "")  # a bar that a terminal wipes out
    return "".join(ran.stdout.splitlines(keepends=True)[:lines]) + talk


def _copy(option: str, *places: str) -> str:
    assert option == "-r"
    *sources, target = map(Path, places)
    for source in sources:
        shutil.copytree(source, target / source.name if target.exists() else target)
    return ""


def _remove(option: str, *places: str) -> str:
    assert option == "-r"
    for place in map(Path, places):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
    return ""


def _change_folder(folder: str) -> str:
    os.chdir(folder)
    return ""
