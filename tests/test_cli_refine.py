"""``refine`` on a terminal: each proposal is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.free_form import free_form_notes

pty = pytest.importorskip("pty", reason="no pseudo terminals here")


def converse(root: Path, answers: str) -> str:
    """Run refine on a terminal of its own, type the answers, and return what stood on the screen."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "notevault", "--vault", str(root), "refine", "meeting"]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=os.environ | {"LANG": "C.UTF-8"}):
        os.close(slave)
        os.write(master, answers.encode())
        shown = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # how Linux says that the other side has closed
                break
            if not piece:
                break
            shown += piece
    os.close(master)
    return shown.decode().replace("\r\n", "\n")


@pytest.fixture
def root(make_vault: MakeVault) -> Path:
    return make_vault(dict(free_form_notes(12)))


def fields(root: Path) -> list[str]:
    text = (root / "templates/meeting.md").read_text(encoding="utf-8")
    return [line.split(":")[0].strip() for line in text.splitlines() if line.startswith("  ")]


def test_each_proposal_is_accepted_or_not(root: Path) -> None:
    shown = converse(root, "y\nn\ny\nq\n")
    assert "[1/" in shown
    assert "accept? y yes, n no, a all from here, q stop" in shown
    assert "templates/meeting.md is version 1 now." in shown
    assert fields(root) == ["日付", "担当"]


def test_all_from_here_are_accepted(root: Path) -> None:
    converse(root, "n\na\n")
    assert fields(root)[:2] == ["顧客", "担当"]
    assert "面談内容" in fields(root)


def test_nothing_accepted_is_nothing_written(root: Path) -> None:
    assert "Nothing accepted, nothing written." in converse(root, "q\n")
    assert not (root / "templates").exists()
