"""What may befall the folder of derived data, its writers and its watcher; afterwards one run puts all right."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from notevault.catalog import CATALOG_NAME
from notevault.errors import LockedError
from notevault.presence import is_kept_fresh
from notevault.upkeep import sync_workspace
from notevault.workspace import open_workspace
from tests.conftest import TODAY, MakeVault, Run

NOTE = "---\ntype: meeting\ncustomer: 株式会社山田工業\n---\n見積\n"
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")

_LIMITED = (
    "import resource, sys\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))\n"
    "from notevault.cli import main\n"
    "main(sys.argv[2:])\n"
)
_HOLD = (
    "import sys, pathlib, time\n"
    "from notevault.workspace import open_workspace\n"
    "with open_workspace(pathlib.Path(sys.argv[1])) as workspace, workspace.lock():\n"
    "    print('held', flush=True)\n"
    "    time.sleep(float(sys.argv[2]))\n"
)


def _assert_healed(run: Run, root: Path) -> None:
    notes = {path.relative_to(root).as_posix() for path in root.rglob("*.md")}
    assert run("sync", vault=root).exit_code == 0
    found = json.loads(run("doctor", "--json", vault=root).stdout)
    assert found["findings"] == []
    assert set(run("search", "見積", "-l", "-n", "9999", vault=root).stdout.split()) == notes


@contextmanager
def _started(words: Sequence[str], first: str) -> Iterator[subprocess.Popen[str]]:
    """Start a program and wait for its first line."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            assert first in process.stdout.readline()
            yield process
        finally:
            process.kill()


# --- room ---


@posix_only
@pytest.mark.parametrize("room", [0, 3_000, 20_000, 60_000, 150_000, 400_000])
def test_a_full_disk_is_told_and_the_next_sync_puts_it_right(room: int, make_vault: MakeVault, run: Run) -> None:
    root = make_vault({f"商談/{number}.md": NOTE + f"第{number}回の打合せ\n" * 20 for number in range(60)})
    if room >= 60_000:  # a first state to be kept
        run("sync", vault=root)
        for number in range(60, 200):
            (root / f"商談/{number}.md").write_text(NOTE + f"納期{number}を相談\n" * 30, "utf-8")
    words = [sys.executable, "-c", _LIMITED, str(room), "--vault", str(root), "sync"]
    ran = subprocess.run(words, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert ran.returncode in (0, 2), ran
    if room < 150_000:
        assert ran.returncode == 2
        assert "NOTEVAULT_CACHE" in ran.stderr
    assert "bug" not in ran.stderr
    assert "made anew" not in ran.stderr
    _assert_healed(run, root)


def _without_privileges() -> list[str]:
    """Return the words that make even root bound by the modes of files."""
    if os.getuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere")
    dropped = "-dac_override,-dac_read_search,-fowner"
    return ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}"]


@posix_only
@pytest.mark.parametrize(
    "words", [("sync",), ("search", "見積", "-l"), ("status",), ("doctor",), ("todo",), ("watch",)]
)
def test_a_cache_that_cannot_be_written_is_told_and_mended_by_the_next_run(
    words: tuple[str, ...], make_vault: MakeVault, run: Run
) -> None:
    root = make_vault({"a.md": NOTE})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        cache = workspace.cache
    (root / "b.md").write_text(NOTE, "utf-8")
    folders = [cache, *(path for path in cache.rglob("*") if path.is_dir())]
    files = [path for path in cache.rglob("*") if path.is_file()]
    try:
        for path in files:
            path.chmod(0o400)
        for path in folders:
            path.chmod(0o500)
        command = [*_without_privileges(), sys.executable, "-m", "notevault", "--vault", str(root), *words]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    finally:
        for path in folders:
            path.chmod(0o700)
        for path in files:
            path.chmod(0o600)
    assert "bug" not in ran.stderr, ran
    assert (ran.returncode, "NOTEVAULT_CACHE" in ran.stderr) == (2, True), ran
    _assert_healed(run, root)


# --- writers ---


@posix_only
def test_a_second_writer_waits_for_the_first(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with _started([sys.executable, "-c", _HOLD, str(root), "1"], "held"), open_workspace(root) as workspace:
        started = time.monotonic()
        assert sync_workspace(workspace).added == ("a.md",)
        assert time.monotonic() - started > 0.2


def test_a_second_writer_is_told_who_writes(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    words = [sys.executable, "-c", _HOLD, str(root), "60"]
    with (
        _started(words, "held") as holder,
        open_workspace(root) as workspace,
        pytest.raises(LockedError, match=f"process {holder.pid}"),
    ):
        sync_workspace(workspace, patience=0.1)


def test_the_lock_of_a_dead_process_is_taken_over(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with _started([sys.executable, "-c", _HOLD, str(root), "60"], "held") as holder:
        holder.kill()
        holder.wait()
        with open_workspace(root) as workspace:
            assert sync_workspace(workspace, patience=5).added == ("a.md",)


def test_readers_answer_from_the_last_state_while_another_writes(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    run("sync", vault=root)
    (root / "b.md").write_text(NOTE, "utf-8")
    with _started([sys.executable, "-c", _HOLD, str(root), "60"], "held"):
        ran = run("search", "見積", "-l", vault=root)
        assert (ran.stdout, ran.exit_code) == ("a.md\n", 0)
        assert "state before" in ran.stderr
    _assert_healed(run, root)


# --- watchers ---


@contextmanager
def _watcher(root: Path) -> Iterator[subprocess.Popen[str]]:
    with _started([sys.executable, "-u", "-m", "notevault", "--vault", str(root), "watch"], "Watching") as process:
        with open_workspace(root) as workspace:
            until = time.monotonic() + 30
            while not is_kept_fresh(workspace.cache):
                assert time.monotonic() < until
                time.sleep(0.05)
        yield process


@pytest.mark.watch
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no watcher vouches for anything")
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL] if os.name == "posix" else [])
def test_answers_do_not_trust_a_watcher_that_hangs_or_is_dead(number: int, make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    with _watcher(root) as process:
        process.send_signal(number)
        time.sleep(3.2 if number == signal.SIGSTOP else 0.2)
        (root / "b.md").write_text(NOTE, "utf-8")
        assert run("search", "見積", "-l", vault=root).stdout.split() == ["a.md", "b.md"]
        watcher = json.loads(run("status", "--json", vault=root).stdout)["watcher"]
        assert watcher["alive"] == (number == signal.SIGSTOP)
        if number == signal.SIGSTOP:
            process.send_signal(signal.SIGCONT)


@pytest.mark.watch
@posix_only
def test_a_watcher_after_a_killed_one_takes_its_place(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    with _watcher(root) as process:
        process.kill()
        process.wait()
        with _watcher(root):
            assert json.loads(run("status", "--json", vault=root).stdout)["watcher"]["alive"]


# --- the vault ---


def test_a_vault_that_vanished_is_an_error_and_nothing_is_forgotten(
    make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    root = make_vault({"a.md": NOTE, "b.md": NOTE})
    run("sync", vault=root)
    root.rename(tmp_path / "elsewhere")
    assert run("sync", vault=root).exit_code == 2
    (tmp_path / "elsewhere").rename(root)
    assert run("search", "見積", "-l", "--no-sync", vault=root).stdout.split() == ["a.md", "b.md"]


@pytest.mark.parametrize("kept", [0, 2])
def test_a_vault_that_lost_most_notes_is_refused_until_confirmed(kept: int, make_vault: MakeVault, run: Run) -> None:
    root = make_vault({f"{number}.md": NOTE for number in range(9)})
    run("sync", vault=root)
    for number in range(kept, 9):
        (root / f"{number}.md").unlink()
    ran = run("sync", vault=root)
    assert (ran.exit_code, "--allow-empty" in ran.stderr) == (2, True)
    asked = run("search", "見積", "-l", vault=root)
    assert len(asked.stdout.split()) == 9
    assert "--allow-empty" in asked.stderr
    assert run("sync", "--allow-empty", vault=root).exit_code == 0
    assert len(run("search", "見積", "-l", vault=root).stdout.split()) == kept


# --- damage ---


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_any_damage_to_derived_data_is_mended(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({f"{number}.md": NOTE.replace("山田", f"山田{number % 9}") * 2 for number in range(40)})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        cache = workspace.cache
    dice = random.Random(4)  # noqa: S311 -- repeatable
    for _round in range(12):
        with closing(sqlite3.connect(cache / CATALOG_NAME)) as catalog:
            catalog.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pieces = [cache / CATALOG_NAME, *sorted(path for path in (cache / "index").iterdir() if path.stat().st_size)]
        path = dice.choice(pieces)
        data = bytearray(path.read_bytes())
        match dice.choice(("cut", "blank", "flip")):
            case "cut":
                del data[dice.randrange(len(data)) :]
            case "blank":
                at = dice.randrange(len(data))
                data[at : at + 4_096] = bytes(len(data[at : at + 4_096]))
            case _:
                for _flip in range(20):
                    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(data)
        for words in (("search", "見積"), ("todo",), ("status",), ("doctor", "--repair")):
            assert run(*words, vault=root).exit_code in (0, 1), (path.name, words)
        _assert_healed(run, root)
