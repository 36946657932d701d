"""A sync killed at any moment leaves nothing that the next one does not put right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def _kill(folder: Path, runs: int, *, seed: int) -> str:
    words = [sys.executable, "-m", "tests.kill_loop", str(folder), "--runs", str(runs), "--seed", str(seed)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=1_800, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def test_a_sync_killed_at_any_moment_is_put_right_by_the_next(tmp_path: Path) -> None:
    assert "under way" in _kill(tmp_path, 60, seed=1)


@pytest.mark.soak
def test_hundreds_of_kills_lose_nothing(tmp_path: Path) -> None:
    assert "under way" in _kill(tmp_path, 400, seed=2)
