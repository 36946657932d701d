"""Disk against catalogue: what is read, who is recognised, what is refused. Random histories: test_sync_machine.py."""

import json
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notevault import intake
from notevault.catalog import Catalog, KnownNote
from notevault.config import Settings
from notevault.errors import VaultEmptiedError
from notevault.index.memory import MemoryIndex
from notevault.intake import Syncer
from notevault.link import link
from notevault.model import NotePath, SyncReport
from notevault.plan import SAMPLE_PARTS, digest_of_disk, find_due, find_news, has_news
from notevault.settings_reader import default_settings
from notevault.sync import mend_index, sync, sync_paths
from notevault.vault import Vault
from tests.conftest import MakeVault, Run

NOTE = "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 株式会社山田工業\n---\n- [ ] 見積を送る\n"


@dataclass
class Store:
    """A vault with its derived data in memory and a clock of its own."""

    root: Path
    catalog: Catalog
    index: MemoryIndex = field(default_factory=MemoryIndex)
    now: float = 1_000.0

    def syncer(self) -> Syncer:
        return Syncer(
            vault=Vault(self.root, max_size=2_000),
            catalog=self.catalog,
            index=self.index,
            settings=default_settings(),
            clock=lambda: self.now,
        )

    def sync(self, *, full: bool = False, allow_empty: bool = False) -> SyncReport:
        return sync(self.syncer(), full=full, allow_empty=allow_empty)

    def write(self, place: str, text: str | bytes) -> Path:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def news(self) -> set[str]:
        return find_news(Vault(self.root).scan(), self.catalog, second_looks=False)

    def uids(self) -> dict[str, str]:
        return {path: known.uid for path, known in self.catalog.known_notes().items()}

    def todo_ids(self) -> list[str]:
        return [row[0] for row in self.catalog.select("SELECT id FROM todos ORDER BY id")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "vault").mkdir()
    with Catalog.in_memory() as catalog:
        yield Store(tmp_path / "vault", catalog)


def _set_time(path: Path, day: datetime) -> None:
    os.utime(path, (day.timestamp(), day.timestamp()))


# --- what is read ---


def test_a_disk_that_is_as_it_was_is_known_without_reading_a_stamp(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write("a.md", NOTE)
    other = store.write("b.md", NOTE)
    store.sync()
    reads: list[str] = []
    read = Catalog.known_stamps

    def count_and_read(catalog: Catalog, where: str = "1", parameters: Sequence[object] = ()) -> dict[str, str]:
        reads.append(where)
        return read(catalog, where, parameters)

    monkeypatch.setattr(Catalog, "known_stamps", count_and_read)
    assert store.news() == set()
    store.sync()
    assert not reads
    other.write_text("other words", encoding="utf-8")
    assert store.news() == {"b.md"}
    reads.clear()
    store.sync()
    assert reads == ["1", "path IN (?)"]  # what was read must be stored before the disk counts as known
    reads.clear()
    assert store.news() == set()
    assert not reads
    unseen = replace(Vault(store.root).scan(), signatures={}, unreadable=(NotePath(""),))
    assert find_news(unseen, store.catalog, second_looks=False) == set()
    other.unlink()
    assert store.news() == {"b.md"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notes SET stamp = '' WHERE path = 'a.md'",
        "DELETE FROM notes WHERE path = 'a.md'",
        "UPDATE notes SET path = 'c.md' WHERE path = 'a.md'",
    ],
)
def test_whatever_changes_a_stamp_is_not_overlooked(store: Store, change: str) -> None:
    store.write("a.md", NOTE)
    store.write("b.md", NOTE)
    store.sync()
    store.catalog.execute(change)
    assert "a.md" in store.news()


def test_only_what_differs_is_reported(store: Store) -> None:
    store.write("a.md", NOTE)
    store.write("b.md", "b")
    assert store.sync().added == ("a.md", "b.md")
    store.write("b.md", "c")
    report = store.sync()
    assert (report.added, report.changed, report.unchanged) == ((), ("b.md",), 1)
    assert store.sync().changed == ()


def test_a_change_behind_an_equal_signature_is_found_at_the_second_look(store: Store) -> None:
    path = store.write("a.md", "見積 1")
    store.sync()
    (known,) = store.catalog.known_notes().values()
    path.write_text("見積 2", "utf-8")
    store.catalog.touch_note(known.id, Vault(store.root).scan().signatures[NotePath("a.md")], look_again=1_000_000)
    assert store.sync().changed == ()
    store.now += 5
    assert store.sync().changed == ("a.md",)


def test_a_full_sync_finds_what_no_signature_tells(store: Store) -> None:
    path = store.write("a.md", "見積 1")
    store.sync()
    store.now += 5
    store.sync()
    (known,) = store.catalog.known_notes().values()
    path.write_text("見積 2", "utf-8")
    store.catalog.touch_note(known.id, Vault(store.root).scan().signatures[NotePath("a.md")], look_again=0)
    store.now += 5
    assert store.sync().changed == ()
    assert store.sync(full=True).changed == ("a.md",)


def test_each_note_is_in_one_part_of_the_sample(store: Store) -> None:
    names = [f"{number}.md" for number in range(60)]
    for name in names:
        store.write(name, name)
    store.sync()
    store.catalog.execute("UPDATE notes SET look_again = 0")
    parts = [find_due(store.catalog, now=10, sample=part) for part in range(SAMPLE_PARTS)]
    assert sorted(path for part in parts for path in part) == sorted(names)
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
    store: Store, look_again: int, now: int, *, due: bool
) -> None:
    store.write("a.md", NOTE)
    store.sync()
    store.catalog.execute("UPDATE notes SET look_again = ?", (look_again,))
    assert find_due(store.catalog, now=now, sample=None) == ({"a.md"} if due else set())


def test_a_note_touched_on_another_day_is_read_by_that_day(store: Store) -> None:
    path = store.write("a.md", "- [ ] 見積書 3/27まで\n")
    _set_time(path, datetime(2026, 1, 10, 12, tzinfo=UTC))
    store.sync()
    assert [row[0] for row in store.catalog.select("SELECT due FROM todos")] == ["2026-03-27"]
    _set_time(path, datetime(2026, 1, 10, 18, tzinfo=UTC))
    assert store.sync().changed == ()
    _set_time(path, datetime(2027, 1, 10, 12, tzinfo=UTC))
    assert store.sync().changed == ("a.md",)
    assert [row[0] for row in store.catalog.select("SELECT due FROM todos")] == ["2027-03-27"]


def test_a_file_time_beyond_the_calendar_is_taken(store: Store) -> None:
    path = store.write("a.md", NOTE)
    try:
        os.utime(path, (2**38, 2**38))
    except (OSError, OverflowError):
        pytest.skip("the file system does not take it")
    assert store.sync().added == ("a.md",)


def test_a_note_that_cannot_be_read_keeps_what_was_known(store: Store) -> None:
    path = store.write("a.md", NOTE)
    store.write("b.md", "b")
    store.sync()
    path.write_bytes(b"x" * 3_000)
    report = store.sync()
    assert [failure.path for failure in report.failed] == ["a.md"]
    assert store.todo_ids() != []
    path.write_text(NOTE + "x")
    assert store.sync().failed == ()
    assert store.catalog.select("SELECT 1 FROM failures") == []


def test_a_note_that_still_cannot_be_read_is_news_once(store: Store) -> None:
    vault = store.syncer().vault
    store.write("a.md", NOTE)
    grown = store.write("b.md", "b")
    store.sync()
    grown.write_bytes(b"x" * 3_000)
    assert has_news(vault, store.catalog, digest_of_disk(vault))
    assert store.sync().failed != ()
    store.catalog.execute("UPDATE notes SET look_again = 0")
    assert not has_news(vault, store.catalog, digest_of_disk(vault))
    grown.write_text("c", encoding="utf-8")
    assert has_news(vault, store.catalog, digest_of_disk(vault))


# --- who is who ---


def test_a_renamed_note_keeps_its_ids(store: Store) -> None:
    store.write("a.md", NOTE)
    store.write("b.md", "b")
    store.sync()
    before = store.uids()["a.md"], store.todo_ids()
    (store.root / "a.md").rename(store.root / "商談.md")
    assert store.sync().renamed == (("a.md", "商談.md"),)
    assert (store.uids()["商談.md"], store.todo_ids()) == before


def test_a_note_renamed_and_edited_is_known_by_its_id(store: Store) -> None:
    store.write("a.md", "---\nid: n-1\n---\n- [ ] 見積\n")
    store.write("b.md", "b")
    store.sync()
    (store.root / "a.md").unlink()
    store.write("c.md", "---\nid: n-1\n---\n- [ ] 見積\n別の行\n")
    assert store.sync().renamed == (("a.md", "c.md"),)
    assert store.uids()["c.md"] == "n-1"


def test_a_copied_id_is_reported_and_the_first_keeps_it(store: Store) -> None:
    store.write("a.md", "---\nid: n-1\n---\na\n")
    store.sync()
    store.write("b.md", "---\nid: n-1\n---\nb\n")
    report = store.sync()
    assert len(report.warnings) == 1
    assert "b.md" in report.warnings[0]
    assert store.uids()["a.md"] == "n-1"
    assert store.uids()["b.md"] not in ("n-1", "")


def test_the_command_tells_of_a_copied_id(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": "---\nid: n-1\n---\na\n", "b.md": "---\nid: n-1\n---\nb\n"})
    ran = run("sync", "--json", vault=root)
    (warning,) = json.loads(ran.stdout)["warnings"]
    assert "b.md" in warning
    (root / "c.md").write_text("---\nid: n-1\n---\nc\n")
    assert "c.md" in run("sync", vault=root).stderr


def test_an_id_that_comes_free_goes_to_the_note_that_carries_it(store: Store) -> None:
    store.write("a.md", "---\nid: n-1\n---\na\n")
    store.write("b.md", "---\nid: n-1\n---\nb\n")
    store.write("c.md", "c")
    store.sync()
    assert store.uids()["b.md"] != "n-1"
    (store.root / "a.md").unlink()
    store.sync()
    store.sync()
    assert store.uids()["b.md"] == "n-1"
    assert store.sync().changed == ()


def test_an_id_given_on_while_its_note_was_moving_is_not_had_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_BATCH", 1)
    monkeypatch.setattr(intake, "_LAST_BATCH", 1)
    moving = store.write("a.md", "---\nid: note-1\n---\na")
    store.write("b.md", "b")
    store.sync()
    moving.write_text("a", encoding="utf-8")
    store.sync()
    assert store.uids()["a.md"] == "note-1"
    moving.rename(store.root / "z.md")
    store.write("b.md", "---\nid: note-1\n---\nb")
    store.sync()
    assert store.uids()["b.md"] == "note-1"
    assert store.uids()["z.md"] != "note-1"


def test_two_notes_that_change_places_keep_each_its_own_file(store: Store) -> None:
    store.write("a.md", "---\nid: one\n---\n1\n")
    store.write("b.md", "---\nid: two\n---\n2\n")
    store.sync()
    (store.root / "a.md").rename(store.root / "x")
    (store.root / "b.md").rename(store.root / "a.md")
    (store.root / "x").rename(store.root / "b.md")
    store.sync()
    assert store.uids() == {"a.md": "two", "b.md": "one"}


def test_a_conflict_copy_leaves_the_id_to_its_original(store: Store) -> None:
    store.write("a (conflicted copy 2026-11-20).md", "---\nid: n-1\n---\ncopy\n")
    store.write("a.md", "---\nid: n-1\n---\noriginal\n")
    report = store.sync()
    assert store.uids()["a.md"] == "n-1"
    assert report.warnings == ()
    rows = store.catalog.select("SELECT o.path FROM notes n JOIN notes o ON o.id = n.copy_of")
    assert [row[0] for row in rows] == ["a.md"]
    (store.root / "a.md").unlink()
    store.sync(allow_empty=True)
    store.sync()
    assert set(store.uids().values()) == {"n-1"}
    assert [row[0] for row in store.catalog.select("SELECT copy_of FROM notes")] == [None]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere both are one file")
def test_names_in_two_unicode_forms_are_one_note(store: Store) -> None:
    composed, decomposed = (unicodedata.normalize(form, "が.md") for form in ("NFC", "NFD"))
    store.write(composed, NOTE)
    store.sync()
    store.write(decomposed, "other")
    report = store.sync()
    assert [failure.path for failure in report.failed] == [decomposed]
    assert set(store.uids()) == {composed}
    uids = set(store.uids().values())
    (store.root / composed).unlink()
    (store.root / decomposed).write_text(NOTE, "utf-8")
    store.sync()
    assert set(store.uids()) == {decomposed}
    assert set(store.uids().values()) == uids


# --- what is refused ---


@pytest.mark.parametrize(
    ("known", "left", "refused"),
    [(1, 0, False), (2, 0, True), (4, 1, False), (9, 4, True), (9, 5, False), (9, 0, True), (3, 0, True), (5, 1, True)],
)
def test_a_vault_that_lost_more_than_half_is_refused_until_confirmed(
    known: int, left: int, *, refused: bool, store: Store
) -> None:
    for number in range(known):
        store.write(f"{number}.md", f"note {number}")
    store.sync()
    for number in range(left, known):
        (store.root / f"{number}.md").unlink()
    if refused:
        with pytest.raises(VaultEmptiedError):
            store.sync()
        assert len(store.uids()) == known
    else:
        store.sync()
    store.sync(allow_empty=True)
    assert len(store.uids()) == left


def test_a_folder_moved_whole_is_no_loss(store: Store) -> None:
    for number in range(20):
        store.write(f"a/{number}.md", f"note {number}")
    store.sync()
    uids = set(store.uids().values())
    (store.root / "a").rename(store.root / "b")
    assert len(store.sync().renamed) == 20
    assert set(store.uids().values()) == uids


# --- a few paths ---


def test_a_few_paths_are_taken_in_without_a_walk(store: Store) -> None:
    store.write("a.md", NOTE)
    store.write("b.md", "b")
    store.sync()
    store.write("b.md", "c")
    store.write("new.md", "n")
    done = sync_paths(store.syncer(), [NotePath("new.md"), NotePath("b.md"), NotePath("gone.md")])
    assert done is not None
    assert (done.report.added, done.report.changed) == (("new.md",), ("b.md",))
    assert sorted(taken.path for taken in done.taken) == ["b.md", "new.md"]


def test_a_note_seen_at_its_new_place_only_is_known_again(store: Store) -> None:
    store.write("a.md", NOTE)
    store.write("b.md", "b")
    store.sync()
    before = store.uids()["a.md"]
    (store.root / "a.md").rename(store.root / "c.md")
    done = sync_paths(store.syncer(), [NotePath("c.md")])
    assert done is not None
    assert done.report.renamed == (("a.md", "c.md"),)
    assert store.uids()["c.md"] == before


def test_a_few_paths_do_not_do_where_most_notes_are_gone_or_rules_are_others(store: Store) -> None:
    paths = [NotePath(f"{number}.md") for number in range(9)]
    assert sync_paths(store.syncer(), paths) is None  # nothing was taken in before
    for path in paths:
        store.write(path, f"note {path}")
    store.sync()
    for path in paths[2:]:
        (store.root / path).unlink()
    assert sync_paths(store.syncer(), paths) is None
    assert len(store.uids()) == 9


def test_a_first_sync_joins_all_notes_once_and_later_ones_with_every_batch(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_BATCH", 3)
    monkeypatch.setattr(intake, "_LAST_BATCH", 1)
    joined: list[int] = []

    def counted(catalog: Catalog, settings: Settings, touched: set[str]) -> None:
        joined.append(catalog.note_count())
        link(catalog, settings, touched)

    monkeypatch.setattr("notevault.intake.link", counted)
    for number in range(6):
        store.write(f"{number}.md", f"{NOTE}{number}\n")
    store.sync()
    assert joined == [6]
    for number in range(6):
        store.write(f"{number}.md", f"{NOTE}changed {number}\n")
    store.sync()
    assert joined[1:] == [6] * 4


def test_the_ids_of_many_new_notes_are_asked_for_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        store.write(f"{number}.md", NOTE.replace("山田", f"山田{number}"))
    asked = count_known_notes(store, monkeypatch)
    store.sync()
    assert [where for where, _count in asked if "uid" in where] == []


def test_of_known_notes_only_those_that_differ_are_loaded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        store.write(f"{number}.md", NOTE.replace("山田", f"山田{number}"))
    store.sync()
    store.write("7.md", NOTE + "changed\n")
    (store.root / "8.md").rename(store.root / "moved.md")
    (store.root / "9.md").unlink()
    asked = count_known_notes(store, monkeypatch)
    store.sync()
    assert 3 <= sum(count for _where, count in asked) <= 5


def count_known_notes(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return a list that is told what was asked of the catalogue for known notes, and how many there were."""
    asked: list[tuple[str, int]] = []
    known_notes = store.catalog.known_notes

    def counted(where: str = "1", parameters: Sequence[object] = ()) -> dict[NotePath, KnownNote]:
        found = known_notes(where, parameters)
        asked.append((where, len(found)))
        return found

    monkeypatch.setattr(store.catalog, "known_notes", counted)
    return asked


# --- index and catalogue ---


def test_an_index_of_another_mind_is_mended_note_by_note(store: Store) -> None:
    store.write("a.md", NOTE)
    store.write("b.md", "b")
    store.sync()
    made = store.index.fingerprint
    (first, *_rest) = sorted(store.index.digests())
    store.index.apply([], [first])
    report = store.sync()
    assert len(report.changed) == 1
    assert store.index.fingerprint == made
    assert mend_index(store.syncer()) == 0


def test_an_index_begun_anew_is_filled_again(store: Store) -> None:
    store.write("a.md", NOTE)
    store.write("b.md", "b")
    store.sync()
    uids = store.uids()
    store.index.clear()
    store.sync()
    assert len(store.index.digests()) == 2
    assert store.uids() == uids
