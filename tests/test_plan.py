"""What a sync would read and forget, told from signatures alone."""

from dataclasses import replace

import pytest

from notevault.catalog import Catalog, stamp_of
from notevault.model import NotePath, Signature
from notevault.plan import extraction_fingerprint, find_news, monotonic_ms, plan_sync
from notevault.settings_reader import default_settings
from notevault.walk import VaultScan

SEEN = Signature(1, 2, 3, 4, 5)


def _paths(*names: str) -> dict[NotePath, Signature]:
    return {NotePath(name): SEEN for name in names}


def test_new_and_different_notes_are_read_and_others_left() -> None:
    known = {NotePath("a.md"): stamp_of(SEEN), NotePath("b.md"): stamp_of(Signature(9, 2, 3, 4, 5))}
    plan = plan_sync(VaultScan(signatures=_paths("a.md", "b.md", "c.md")), known)
    assert (plan.read, plan.gone, plan.unchanged) == (("b.md", "c.md"), (), 1)


@pytest.mark.parametrize("field", ["size", "mtime_ns", "ctime_ns", "inode", "device"])
def test_every_part_of_a_signature_counts(field: str) -> None:
    known = {NotePath("a.md"): stamp_of(SEEN._replace(**{field: 99}))}
    assert plan_sync(VaultScan(signatures=_paths("a.md")), known).read == ("a.md",)


def test_notes_no_longer_there_are_gone_but_not_below_what_could_not_be_listed() -> None:
    known = dict.fromkeys(_paths("a.md", "x/b.md", "x/y/c.md", "z/d.md"), stamp_of(SEEN))
    scan = VaultScan(signatures={}, unreadable=(NotePath("x/y"), NotePath("z/d.md")))
    assert plan_sync(scan, known).gone == ("a.md", "x/b.md")
    assert plan_sync(VaultScan(signatures={}, unreadable=(NotePath(""),)), known).gone == ()


def test_originals_are_read_before_their_conflict_copies() -> None:
    copy = "a (conflicted copy 2026-11-20).md"
    plan = plan_sync(VaultScan(signatures=_paths(copy, "a.md", "z.md")), {})
    assert plan.read == ("a.md", "z.md", copy)


def test_everything_is_read_when_asked() -> None:
    known = {NotePath("a.md"): stamp_of(SEEN)}
    assert plan_sync(VaultScan(signatures=_paths("a.md")), known, everything=True).read == ("a.md",)


def test_what_is_due_is_read_whatever_its_file_looks_like() -> None:
    known = {NotePath("a.md"): stamp_of(SEEN), NotePath("b.md"): stamp_of(SEEN)}
    assert plan_sync(VaultScan(signatures=_paths("a.md", "b.md")), known, due={NotePath("b.md")}).read == ("b.md",)


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
