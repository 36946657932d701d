import asyncio
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from notevault.cli.picker_fzf import FzfRefusedError, pick_with_fzf
from notevault.cli.picking import Finder
from notevault.search import Hit
from tests.conftest import MakeVault, Run
from tests.sales_vault import FILES, SETTINGS, question
from tests.synced import synced


@pytest.fixture
def finder(make_vault: MakeVault) -> Iterator[Finder]:
    with synced(make_vault(FILES, settings=SETTINGS)) as workspace:
        yield Finder(question(workspace))


def test_a_query_that_cannot_be_read_yet_keeps_the_hits(finder: Finder) -> None:
    before = finder.find("リース")
    after = finder.find("リース stage:提安")
    assert after.hits == before.hits
    assert "提安" in after.message


def test_the_preview_begins_before_the_hit_and_marks_the_words(finder: Finder) -> None:
    found = finder.find("保守料 stage:受注")
    (hit,) = found.hits
    lines = finder.preview(hit, found.needles)
    (shown,) = [line for line in lines if line.is_hit]
    assert [shown.text[span.start : span.end] for span in shown.marks] == ["保守料"]
    assert (lines[0].number, shown.number) == (6, 10)


def test_a_picker_without_a_terminal_says_so(make_vault: MakeVault, run: Run) -> None:
    ran = run("search", "-i", "リース", vault=make_vault(FILES))
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "terminal" in ran.stderr


# --- on a screen of our own ---


def pick(finder: Finder, keys: str, text: str = "") -> Hit | None:
    pipes = pytest.importorskip("prompt_toolkit.input", reason="the extra picker is not installed")
    nowhere = importlib.import_module("prompt_toolkit.output").DummyOutput()
    screen = importlib.import_module("notevault.cli.picker_screen")
    with pipes.create_pipe_input() as source:
        source.send_text(keys)
        try:
            picked: Hit | None = screen.pick_on_screen(finder, text, source=source, screen_output=nowhere)
            return picked
        finally:
            asyncio.set_event_loop(None)


@pytest.mark.parametrize(
    ("keys", "picked"),
    [
        ("保守料 stage:受注\r", "c.md"),
        ("棚卸し\r", "e.md"),
        ("棚卸し\x1b[B\r", "d.md"),
        ("棚卸し\x1b[B\x1b[B\x1b[A\r", "e.md"),
        ("棚卸しx\x7f\x0e\r", "d.md"),
        ("ゑゐゑゐ\r\x03", None),
        ("\x1b", None),
        ("\x03", None),
    ],
)
def test_keys_pick_a_note(finder: Finder, keys: str, picked: str | None) -> None:
    hit = pick(finder, keys)
    assert (hit.path if hit else None) == picked


def test_what_was_typed_before_is_there(finder: Finder) -> None:
    hit = pick(finder, " stage:受注\r", "保守料")
    assert hit is not None
    assert hit.path == "c.md"


# --- with fzf ---

FAKE_FZF = """#!{python}
import subprocess, sys
options = dict(one.split("=", 1) for one in sys.argv[1:] if "=" in one)
{first}
reload = options["--bind"].removeprefix("change:reload:").replace("{{q}}", "'保守料 stage:受注'")
lines = subprocess.run(reload, shell=True, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()
note = lines[1].split("\\t")[0]
preview = options["--preview"].replace("{{1}}", note)
shown = subprocess.run(preview, shell=True, capture_output=True, encoding="utf-8", check=True).stdout
open({seen!r}, "w", encoding="utf-8").write(sys.stdin.read() + shown)
print(lines[1])
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for fzf")


def fake(tmp_path: Path, first: str = "") -> str:
    path = tmp_path / "fzf"
    path.write_text(FAKE_FZF.format(python=sys.executable, first=first, seen=str(tmp_path / "seen")), "utf-8")
    path.chmod(0o755)
    return str(path)


@posix
def test_fzf_is_answered_at_every_key(finder: Finder, tmp_path: Path) -> None:
    hit = pick_with_fzf(fake(tmp_path), finder, "倉庫")
    assert hit is not None
    assert hit.path == "c.md"
    seen = (tmp_path / "seen").read_text("utf-8")
    assert "倉庫" not in seen
    assert seen.splitlines()[0].endswith("2 notes\x1b[0m")
    assert "c.md" in seen
    assert "\x1b[33m" in seen


@posix
def test_leaving_fzf_picks_nothing(finder: Finder, tmp_path: Path) -> None:
    assert pick_with_fzf(fake(tmp_path, "sys.exit(130)"), finder, "倉庫") is None


@posix
def test_an_fzf_too_old_is_told(finder: Finder, tmp_path: Path) -> None:
    with pytest.raises(FzfRefusedError):
        pick_with_fzf(fake(tmp_path, "sys.exit(2)"), finder, "倉庫")


@posix
def test_a_stranger_without_the_secret_is_not_answered(finder: Finder, tmp_path: Path) -> None:
    first = 'import os; os.environ["NOTEVAULT_PICKER_AT"] = os.environ["NOTEVAULT_PICKER_AT"].split(":")[0] + ":x"'
    stolen = FAKE_FZF.format(python=sys.executable, first=first, seen=str(tmp_path / "seen"))
    path = tmp_path / "fzf"
    path.write_text(
        stolen.replace("note = lines[1]", 'print("0\\t" + repr(lines)); sys.exit()\nnote = lines[1]'), "utf-8"
    )
    path.chmod(0o755)
    assert pick_with_fzf(str(path), finder, "倉庫") is None
