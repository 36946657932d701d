"""Names that only sync services give, and names that people give."""

import pytest

from notevault.copies import COPY_WORDS, find_original
from notevault.model import NotePath


@pytest.mark.parametrize(
    ("copy", "original"),
    [
        ("a (conflicted copy 2026-11-20).md", "a.md"),
        ("a (Sato's conflicted copy 2026-11-20).md", "a.md"),
        ("商談 (佐藤 の競合コピー 2026-11-20).md", "商談.md"),
        ("商談（佐藤のMacBookの競合コピー 2026-11-20）.md", "商談.md"),
        ("商談 (PC-01 の競合コピー 2026-11-20 (1)).md", None),
        ("x/a.sync-conflict-20261120-101010-ABCDEFG.md", "x/a.md"),
        ("a.sync-conflict-20261120-101010.md", "a.md"),
        ("a (conflicted copy 2026-11-20 101010).md", "a.md"),
        ("a_conflict-20261120-101010.md", "a.md"),
        ("a (conflicted copy 2026-11-20) (conflicted copy 2026-11-21).md", "a.md"),
        ("a.sync-conflict-20261120-101010-ABCDEFG.markdown", "a.markdown"),
        ("a 2.md", None),
        ("a (1).md", None),
        ("a-PC01.md", None),
        ("conflicted copy.md", None),
        ("競合コピーについて.md", None),
        ("about (conflicted copy problems.md", None),
        ("(conflicted copy 2026-11-20).md", None),
        ("conflicted copy 2026-11-20/a.md", None),
    ],
)
def test_only_an_unmistakable_name_is_a_conflict_copy(copy: str, original: str | None) -> None:
    assert find_original(NotePath(copy)) == original
    if original:
        assert any(word in copy for word in COPY_WORDS)


def test_a_hostile_name_costs_no_time() -> None:
    assert find_original(NotePath("a" + " (conflicted copy" * 20_000 + ".md")) is None
