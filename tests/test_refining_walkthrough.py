"""docs/refining.md: its commands are run, and print what stands there; see :mod:`tests.walkthrough`."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.walkthrough import ROOT, SAMPLE, play

TEMPLATE = "templates/field-visit.md"
PAGE = ROOT / "docs" / "refining.md"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not here")


def test_the_walk_through_prints_what_the_page_says(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, page = play(PAGE, run, tmp_path, monkeypatch)
    assert found == page
    assert found.count("$ notevault ") >= 10
    assert (tmp_path / "trial" / TEMPLATE).read_bytes() == (SAMPLE / TEMPLATE).read_bytes()


def test_the_sample_vault_keeps_the_way_from_free_notes_to_a_second_version(run: Run, tmp_path: Path) -> None:
    texts: dict[str, list[str]] = defaultdict(list)
    for path in (SAMPLE / "visits").rglob("*.md"):
        texts[path.parent.name].append(path.read_text(encoding="utf-8"))
    free = [text for month in ("2025-04", "2025-05", "2025-06") for text in texts[month]]
    first = [text for month in ("2025-07", "2025-08", "2025-09") for text in texts[month]]
    assert len(free) == 12
    assert not any("\ntype:" in text for text in free)
    assert all("\ntemplate_version: 1\n" in text for text in first)
    assert all("\ntemplate_version: 2\n" in text for text in texts["2025-10"])
    assert all("\ntype: field-visit\n" in text for text in texts["2025-03"])
    shutil.copytree(SAMPLE, tmp_path / "sample-vault")
    ran = run("migrate", "field-visit", "--folder", "visits/2025-03", vault=tmp_path / "sample-vault")
    assert ran.stdout == ""  # nothing is left to bring along


def test_the_first_version_is_what_the_free_notes_give(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "sample-vault"
    shutil.copytree(SAMPLE, root)
    for month in ("03", "07", "08", "09", "10"):
        shutil.rmtree(root / f"visits/2025-{month}")
    (root / TEMPLATE).unlink()
    run("refine", "field-visit", "--for-untyped", "--folder", "visits", "--accept-all", vault=root)
    assert (root / TEMPLATE).read_bytes() == (SAMPLE / "templates/versions/field-visit-1.md").read_bytes()
