"""What a sync would read and forget, told from signatures alone."""

from dataclasses import replace

import pytest

from notevault.catalog import Catalog, StampedNote, stamp_of
from notevault.model import NotePath, Signature
from notevault.plan import SAMPLE_PARTS, extraction_fingerprint, find_news, is_look_due, monotonic_ms, plan_sync
from notevault.settings_reader import default_settings
from notevault.walk import VaultScan

SEEN = Signature(1, 2, 3, 4, 5)


def _known(number: int = 1, *, signature: Signature = SEEN, look_again: int = 0) -> StampedNote:
    return StampedNote(stamp_of(signature), look_again, number)


def _paths(*names: str) -> dict[NotePath, Signature]:
    return {NotePath(name): SEEN for name in names}


def test_new_and_different_notes_are_read_and_others_left() -> None:
    known = {NotePath("a.md"): _known(), NotePath("b.md"): _known(2, signature=Signature(9, 2, 3, 4, 5))}
    plan = plan_sync(VaultScan(signatures=_paths("a.md", "b.md", "c.md")), known, now=10)
    assert (plan.read, plan.gone, plan.unchanged) == (("b.md", "c.md"), (), 1)


@pytest.mark.parametrize("field", ["size", "mtime_ns", "ctime_ns", "inode", "device"])
def test_every_part_of_a_signature_counts(field: str) -> None:
    known = {NotePath("a.md"): _known(signature=SEEN._replace(**{field: 99}))}
    assert plan_sync(VaultScan(signatures=_paths("a.md")), known, now=10).read == ("a.md",)


def test_notes_no_longer_there_are_gone_but_not_below_what_could_not_be_listed() -> None:
    known = {NotePath(name): _known(at) for at, name in enumerate(("a.md", "x/b.md", "x/y/c.md", "z/d.md"))}
    scan = VaultScan(signatures={}, unreadable=(NotePath("x/y"), NotePath("z/d.md")))
    assert plan_sync(scan, known, now=10).gone == ("a.md", "x/b.md")
    assert plan_sync(VaultScan(signatures={}, unreadable=(NotePath(""),)), known, now=10).gone == ()


def test_originals_are_read_before_their_conflict_copies() -> None:
    copy = "a (conflicted copy 2026-11-20).md"
    plan = plan_sync(VaultScan(signatures=_paths(copy, "a.md", "z.md")), {}, now=10)
    assert plan.read == ("a.md", "z.md", copy)


def test_everything_is_read_when_asked() -> None:
    known = {NotePath("a.md"): _known()}
    assert plan_sync(VaultScan(signatures=_paths("a.md")), known, now=10, everything=True).read == ("a.md",)


def test_each_note_is_in_one_part_of_the_sample() -> None:
    known = {NotePath(f"{number}.md"): _known(number) for number in range(1, 61)}
    scan = VaultScan(signatures=dict.fromkeys(known, SEEN))
    parts = [plan_sync(scan, known, now=10, sample=part).read for part in range(SAMPLE_PARTS)]
    assert sorted(path for part in parts for path in part) == sorted(known)
    assert {len(part) for part in parts} == {2}


@pytest.mark.parametrize(
    ("look_again", "now", "due"),
    [
        (0, 99_999, False),
        (-1, 0, True),
        (1_000, 4_999, False),
        (1_000, 5_000, True),
        (1_000, 999, True),  # noted before the machine was started anew
    ],
)
def test_a_second_look_is_due_after_some_seconds_of_the_monotonic_clock(
    look_again: int, now: int, *, due: bool
) -> None:
    assert is_look_due(look_again, now) == due
    known = {NotePath("a.md"): _known(look_again=look_again)}
    assert bool(plan_sync(VaultScan(signatures=_paths("a.md")), known, now=now).read) == due


def test_what_failed_before_and_is_the_same_is_no_news() -> None:
    scan = VaultScan(signatures=_paths("a.md", "b.md"))
    with Catalog.in_memory() as catalog:
        assert find_news(scan, catalog, second_looks=True) == {"a.md", "b.md"}
        catalog.execute("INSERT INTO failures VALUES ('b.md', 'too large', '1.2.3.4.5')")
        assert find_news(scan, catalog, second_looks=True) == {"a.md"}
        catalog.execute("UPDATE failures SET stamp = '9.2.3.4.5'")
        assert find_news(scan, catalog, second_looks=True) == {"a.md", "b.md"}


def test_the_fingerprint_tells_what_decides_the_facts_and_nothing_else() -> None:
    settings = default_settings()
    made = extraction_fingerprint(settings)
    assert extraction_fingerprint(default_settings()) == made
    assert extraction_fingerprint(replace(settings, timezone="UTC")) == made
    assert extraction_fingerprint(replace(settings, stages={})) != made


def test_the_clock_is_never_nought() -> None:
    assert monotonic_ms() > 0
