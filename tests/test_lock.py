"""One holder at a time, within a process and between processes."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from notevault.lock import ProcessLock, is_locked


def test_two_do_not_hold_a_lock_at_once(tmp_path: Path) -> None:
    one, other = ProcessLock(tmp_path / "lock"), ProcessLock(tmp_path / "lock")
    assert one.acquire(seconds=0)
    assert not other.acquire(seconds=0.05)
    assert is_locked(tmp_path / "lock")
    one.release()
    assert not is_locked(tmp_path / "lock")
    assert other.acquire(seconds=0)
    other.release()
    other.release()


def test_waiting_ends_when_the_lock_comes_free(tmp_path: Path) -> None:
    one, other = ProcessLock(tmp_path / "lock"), ProcessLock(tmp_path / "lock")
    assert one.acquire(seconds=0)
    timer = threading.Timer(0.1, one.release)
    timer.start()
    started = time.monotonic()
    assert other.acquire(seconds=30)
    assert time.monotonic() - started < 20
    other.release()
    timer.join()


def test_a_dead_process_holds_nothing(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\nfrom notevault.lock import ProcessLock\n"
        "assert ProcessLock(pathlib.Path(sys.argv[1])).acquire(seconds=0)\nos._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "lock")], check=False)
    assert (tmp_path / "lock").exists()
    lock = ProcessLock(tmp_path / "lock")
    assert lock.acquire(seconds=5)
    lock.release()


def test_a_lock_that_is_not_there_is_free_and_one_that_cannot_be_made_an_error(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "nothing")
    with pytest.raises(OSError, match="nowhere"):
        ProcessLock(tmp_path / "nowhere" / "lock").acquire(seconds=0)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
def test_a_link_planted_for_a_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    (tmp_path / "lock").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="lock"):
        ProcessLock(tmp_path / "lock").acquire(seconds=0)
