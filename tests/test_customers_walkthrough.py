"""docs/customers.md: its commands are run, and print what stands there; see :mod:`tests.walkthrough`."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.walkthrough import ROOT, play

PAGE = ROOT / "docs" / "customers.md"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not here")


def test_the_walk_through_prints_what_the_page_says(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, page = play(PAGE, run, tmp_path, monkeypatch)
    assert found == page
    assert found.count("$ notevault ") >= 12
    assert "Error" not in found.replace("Error: '光洋商事' may mean several", "")
