import sys
from pathlib import Path

import pytest

from notevault.cli.editor import EditorError, editor_command, find_editor, open_in_editor

NOTE = Path("vault") / "a note.md"


@pytest.mark.parametrize(
    ("editor", "arguments"),
    [
        ("vim", ["+7", str(NOTE)]),
        ("/usr/bin/nvim -p", ["-p", "+7", str(NOTE)]),
        ("emacsclient -nw", ["-nw", "+7", str(NOTE)]),
        ("code --wait", ["--wait", "-g", f"{NOTE}:7"]),
        ("hx", [f"{NOTE}:7"]),
        ("kate", ["-l", "7", str(NOTE)]),
        ("pycharm", ["--line", "7", str(NOTE)]),
        ("some-editor", [str(NOTE)]),
    ],
)
def test_an_editor_is_told_the_line_in_its_own_way(editor: str, arguments: list[str]) -> None:
    assert editor_command(editor, NOTE, 7)[1:] == arguments


def test_visual_comes_before_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "nano")
    assert find_editor() == "nano"
    monkeypatch.setenv("VISUAL", "code --wait")
    assert find_editor() == "code --wait"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_editor_gets_line_and_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "vi"
    editor.write_text('#!/bin/sh\nprintf "%s|" "$@" > "$OUT"\n', "utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("OUT", str(tmp_path / "told"))
    open_in_editor(tmp_path / "メモ $(x).md", 3)
    assert (tmp_path / "told").read_text("utf-8") == f"+3|{tmp_path}/メモ $(x).md|"


@pytest.mark.parametrize("editor", ["no-such-editor-here", '"unclosed', "''"])
def test_an_editor_that_cannot_be_started_is_told(editor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", editor)
    with pytest.raises(EditorError) as caught:
        open_in_editor(NOTE, 1)
    assert "EDITOR" in caught.value.hint
