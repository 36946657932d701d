"""What the process that looks early says is what this one would have seen."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from notevault.early_look import EarlyLook
from tests.conftest import MakeVault, Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks early on Linux only")

ALONE = """
import sys, time
from notevault.early_look import EarlyLook
look = EarlyLook(lambda: {answer})
print(repr(look.result()), repr(look.result()))
look.close()
"""
COUNTED = """
import os, sys
from notevault.vault import Vault
walk = Vault.scan
def scan(self):
    global walks
    walks += 1
    return walk(self)
walks, Vault.scan = 0, scan
from notevault.cli import main
try:
    main(["--vault", sys.argv[1], *sys.argv[2:]])
except SystemExit:
    pass
try:
    os.waitpid(-1, 0)
    print("a process was left")
except ChildProcessError:
    pass
print("walks", walks)
"""


def _run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("'seen'", "'seen'"),
        ("''", "None"),
        ("1 / 0", "None"),
        ("sys.exit(3)", "None"),
        ("__import__('os').kill(__import__('os').getpid(), 9)", "None"),
    ],
)
def test_the_answer_of_the_other_process_comes_once(answer: str, result: str) -> None:
    assert _run(ALONE.format(answer=answer)) == f"{result} None\n"


def test_nobody_looks_early_beside_other_threads() -> None:
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert EarlyLook(lambda: "seen").result() is None
    finally:
        end.set()
        other.join()


def test_a_look_that_nobody_waits_for_is_ended() -> None:
    begun = time.monotonic()
    code = (
        "import os, time\nfrom notevault.early_look import EarlyLook\n"
        "EarlyLook(lambda: time.sleep(60) or '').close()\n"
        "try:\n    os.waitpid(-1, 0)\nexcept ChildProcessError:\n    print('ended')\n"
    )
    assert _run(code) == "ended\n"
    assert time.monotonic() - begun < 50


def test_an_interrupted_wait_leaves_nothing_behind() -> None:
    code = (
        "import os, signal, time\nfrom notevault.early_look import EarlyLook\n"
        "before = len(os.listdir('/proc/self/fd'))\nlook = EarlyLook(lambda: time.sleep(60) or '')\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
        "signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
        "try:\n    look.result()\nexcept KeyboardInterrupt:\n    look.close()\n"
        "try:\n    os.waitpid(-1, 0)\nexcept ChildProcessError:\n"
        "    print('ended', len(os.listdir('/proc/self/fd')) - before)\n"
    )
    assert _run(code) == "ended 0\n"


def test_where_the_system_reaps_the_answer_comes_all_the_same() -> None:
    code = "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n" + ALONE.format(answer="'seen'")
    assert _run(code) == "'seen' None\n"


def test_without_room_for_a_process_this_one_looks() -> None:
    code = (
        "import os\nfrom notevault.early_look import EarlyLook\n"
        "def full():\n    raise BlockingIOError(11, 'no room')\n"
        "os.fork = full\nbefore = len(os.listdir('/proc/self/fd'))\n"
        "print(EarlyLook(lambda: 'seen').result(), len(os.listdir('/proc/self/fd')) - before)\n"
    )
    assert _run(code) == "None 0\n"


def _touch(vault: Path) -> None:
    (vault / "b.md").write_text("見積をもう一つ\n", encoding="utf-8")


def _change(vault: Path) -> None:
    (vault / "a.md").write_text("見積は別に\n", encoding="utf-8")


def _move(vault: Path) -> None:
    (vault / "a.md").rename(vault / "c.md")


@pytest.mark.parametrize(
    ("change", "walks", "paths"),
    [
        (lambda _vault: None, 0, "a.md\n"),
        (_touch, 1, "a.md\nb.md\n"),
        (_change, 1, "a.md\n"),
        (_move, 1, "c.md\n"),
    ],
)
def test_only_a_changed_disk_is_walked_here(
    make_vault: MakeVault, run: Run, change: Callable[[Path], None], walks: int, paths: str
) -> None:
    vault = make_vault({"a.md": "見積を送る\n", "sub/x.md": "別件\n"})
    for file in vault.rglob("*.md"):
        os.utime(file, (0, 0))
    run("sync", vault=vault)
    time.sleep(4.1)  # till no note is to be looked at again
    run("sync", vault=vault)
    change(vault)
    said = _run(COUNTED, str(vault), "search", "-l", "見積")
    assert "".join(sorted(said.splitlines(keepends=True)[:-1])) == paths
    assert said.splitlines()[-1] == f"walks {walks}"


def test_a_look_holds_for_one_question_only(make_vault: MakeVault) -> None:
    vault = make_vault({"a.md": "---\ncustomer: 山田工業\ndate: 2026-11-08\n---\n"})
    # the first question needs no look: nothing was taken in yet
    said = _run(COUNTED, str(vault), "todo", "add", "電話する", "--customer", "山田工業")
    assert "a.md:5  電話する" in said
    assert "a process was left" not in said
