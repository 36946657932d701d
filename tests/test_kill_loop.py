"""A sync killed at any moment leaves nothing that the next one does not put right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def _run(program: str, folder: Path, *options: str) -> str:
    words = [sys.executable, "-m", f"tests.{program}", str(folder), *options]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=1_800, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def test_a_sync_killed_at_any_moment_is_put_right_by_the_next(tmp_path: Path) -> None:
    assert "under way" in _run("kill_loop", tmp_path, "--runs", "40")


def test_a_sync_that_finds_the_disk_full_at_any_step_is_put_right_by_the_next(tmp_path: Path) -> None:
    assert "full" in _run("fault_loop", tmp_path, "--kinds", "full", "--notes", "20")


@pytest.mark.soak
def test_a_sync_that_fails_at_any_step_in_any_way_is_put_right_by_the_next(tmp_path: Path) -> None:
    assert "forbidden" in _run("fault_loop", tmp_path, "--seed", "3")


@pytest.mark.soak
def test_hundreds_of_kills_lose_nothing(tmp_path: Path) -> None:
    assert "under way" in _run("kill_loop", tmp_path, "--runs", "400", "--seed", "2")
