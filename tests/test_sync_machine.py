"""Any history of writes, moves, accidents and crashes, then a sync: catalogue and index equal a fresh rebuild."""

import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from notevault import intake
from notevault.catalog import Catalog
from notevault.index import IndexDocument, Matches, NoteIndex, WeighedTerm
from notevault.index.memory import MemoryIndex
from notevault.index.whoosh_index import WhooshIndex
from notevault.intake import Syncer
from notevault.model import NotePath, Signature
from notevault.settings_reader import default_settings
from notevault.storing import TakenIn, put_notes
from notevault.sync import sync, sync_paths
from notevault.vault import Vault, VaultScan
from tests.sync_oracle import picture, rebuilt

_FOLDERS = ("", "商談/", "商談/2026/")
_NAMES = ("a.md", "b.md", "議事録.md", "a.sync-conflict-20261120-101010-ABCDEFG.md")
_BODIES = (
    "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 株式会社山田工業\nstage: 提案\n---\n## 行動\n- [ ] 見積を送る\n",
    "---\ntype: meeting\ndate: 2026-11-21\ncustomer: ㈱山田工業\nstage: 受注\ndeal: 複合機\n---\n- [x] 見積を送る\n",
    "---\ntype: customer\nname: 株式会社山田工業\nid: c-1\n---\n提案 納期\n",
    "---\nid: note-1\ndate: 2026-11-19\n---\n# Quarterly report\n- [ ] 納期 11/27まで\n",
    "---\nid: note-1\ncustomer: 青嶺物流\n---\n見積\n",
    "- [ ] 見積書 3/27まで\n",
    "---\n: broken [\n---\n本文 見積\n",
    "",
)
_ACTIONS = (
    *("write", "replace", "write_two", "append", "edit_secretly", "jump_clock", "move", "swap", "copy", "delete"),
    *("move_folder", "rename_folder", "make_unreadable", "replace_by_folder", "wait", "wait", "reboot"),
    *("take_in_one", "take_in_one", "take_in_all"),
)


class Crash(BaseException):
    """The process dies here."""


class FailingIndex:
    """A NoteIndex that dies before or after its n-th commit; what was committed stays, as on disk."""

    def __init__(self, inner: NoteIndex) -> None:
        self.inner = inner
        self.steps_left: int | None = None

    def step(self) -> None:
        """Die when the time has come."""
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise Crash

    @property
    def fingerprint(self) -> str:
        """Hand on."""
        return self.inner.fingerprint

    def note_count(self) -> int:
        """Hand on."""
        return self.inner.note_count()

    def digests(self) -> dict[int, str]:
        """Hand on."""
        return self.inner.digests()

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int] = ()) -> None:
        """Hand on, dying before, between or after."""
        self.step()
        self.inner.apply([], removed)
        for document in documents:
            self.step()
            self.inner.apply([document])
        self.step()

    def tidy(self) -> None:
        """Hand on."""
        self.inner.tidy()

    def search(self, terms: Sequence[WeighedTerm], *, allowed: Collection[int] | None = None) -> Matches:
        """Hand on."""
        return self.inner.search(terms, allowed=allowed)

    def similar_terms(self, term: str, *, limit: int = 10) -> list[str]:
        """Hand on."""
        return self.inner.similar_terms(term, limit=limit)

    def clear(self) -> None:
        """Hand on."""
        self.step()
        self.inner.clear()
        self.step()

    def close(self) -> None:
        """Hand on."""


class FailingCatalog(Catalog):
    """A catalogue that dies at its n-th writing statement; a transaction under way is lost, as after a kill."""

    steps: FailingIndex | None = None

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Die when the time has come."""
        if self.steps is not None:
            self.steps.step()
        super().execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Die when the time has come."""
        if self.steps is not None:
            self.steps.step()
        super().execute_many(sql, rows)


_files = st.builds("".join, st.tuples(st.sampled_from(_FOLDERS), st.sampled_from(_NAMES)))
_bodies = st.sampled_from(_BODIES)
_picks = st.integers(0, 10_000)


class SyncMachine(RuleBasedStateMachine):
    """A vault, its derived data, and a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="nv-machine-"))
        self.outside = Path(tempfile.mkdtemp(prefix="nv-outside-"))
        self.vault = Vault(self.root, max_size=2_000)
        self.now = 1_000.0
        self.index = FailingIndex(self.make_index())
        self.catalog = FailingCatalog.in_memory()
        self.catalog.steps = self.index
        self.moved = 0
        self.small = pytest.MonkeyPatch()
        self.small.setattr(intake, "_BATCH", 3)
        self.small.setattr(intake, "_LAST_BATCH", 1)

    def make_index(self) -> NoteIndex:
        """Return the engine that is tried."""
        return MemoryIndex()

    def teardown(self) -> None:
        """Leave nothing behind."""
        try:
            self.check()
        finally:
            self.small.undo()
        self.catalog.steps = None
        self.catalog.close()
        rmtree(self.root)
        rmtree(self.outside)

    def syncer(self) -> Syncer:
        """Return what a sync works on."""
        return Syncer(
            vault=self.vault,
            catalog=self.catalog,
            index=self.index,
            settings=default_settings(),
            clock=lambda: self.now,
        )

    def files(self) -> list[Path]:
        """Return every file there is."""
        return sorted(path for path in self.root.rglob("*.md") if path.is_file())

    def pick(self, number: int) -> Path | None:
        """Return one of the files."""
        files = self.files()
        return files[number % len(files)] if files else None

    # --- what people and programs do: each takes a number to choose by, a place and a text ---

    @initialize(places=st.lists(_files, min_size=4, max_size=8), bodies=st.lists(_bodies, min_size=8, max_size=8))
    def begin(self, places: list[str], bodies: list[str]) -> None:
        """Begin with some notes taken in."""
        for place, body in zip(places, bodies, strict=False):
            self.write(0, place, body)
        self.sync()

    @rule(action=st.sampled_from(_ACTIONS), number=_picks, place=_files, body=_bodies)
    def happen(self, action: str, number: int, place: str, body: str) -> None:
        """Let one thing happen; rules of their own would not come up equally often."""
        getattr(self, action)(number, place, body)

    def write(self, _number: int, place: str, body: str) -> None:
        """Write a note in place."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        self.stamp(path)

    def replace(self, _number: int, place: str, body: str) -> None:
        """Save as careful editors do."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.parent / ".new.tmp"
        temporary.write_text(body, encoding="utf-8")
        temporary.replace(path)
        self.stamp(path)

    def write_two(self, number: int, place: str, body: str) -> None:
        """Write two notes of one content."""
        self.write(number, place, body)
        self.write(number, f"商談/{number % 3}.md", body)

    def append(self, number: int, place: str, _body: str) -> None:
        """Write at the end."""
        if path := self.pick(number):
            path.write_bytes(path.read_bytes()[:1_500] + f"見積 {place}".encode())
            self.stamp(path)

    def edit_secretly(self, number: int, _place: str, _body: str) -> None:
        """Change a note leaving size and time as they were, as some tools do."""
        if (path := self.pick(number)) and (data := path.read_bytes()):
            status = path.stat()
            path.write_bytes(data[:-1] + bytes([(data[-1] + 1) % 128]))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            self.stamp(path)

    def jump_clock(self, number: int, _place: str, _body: str) -> None:
        """Give a note a time far away."""
        if path := self.pick(number):
            moment = 1_790_000_000 + (number - 5_000) * 36_000
            os.utime(path, (moment, moment))

    def move(self, number: int, place: str, _body: str) -> None:
        """Rename a note, over another one maybe."""
        target = self.root / place
        if path := self.pick(number):
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            self.stamp(target)

    def swap(self, number: int, _place: str, _body: str) -> None:
        """Let two notes change places."""
        one, two = self.pick(number), self.pick(number // 7)
        if one and two and one != two:
            aside = self.root / ".aside"
            one.replace(aside)
            two.replace(one)
            aside.replace(two)
            self.stamp(one)
            self.stamp(two)

    def copy(self, number: int, place: str, _body: str) -> None:
        """Copy a note with all that is in it, its id too."""
        target = self.root / place
        if path := self.pick(number):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            self.stamp(target)

    def delete(self, number: int, _place: str, _body: str) -> None:
        """Delete a note."""
        if path := self.pick(number):
            path.unlink()

    def move_folder(self, number: int, _place: str, _body: str) -> None:
        """Move a folder out of the vault, or back in what was moved out."""
        folder = ("商談", "商談/2026")[number % 2]
        path, aside = self.root / folder, self.outside / folder.replace("/", "-")
        if aside.exists() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.rename(path)
            for note in path.rglob("*.md"):
                self.stamp(note)
        elif path.exists() and not aside.exists():
            path.rename(aside)

    def rename_folder(self, number: int, _place: str, _body: str) -> None:
        """Rename a folder inside the vault."""
        path, other = self.root / "商談", self.root / f"顧客{number % 2}"
        if path.exists() and not other.exists():
            path.rename(other)

    def make_unreadable(self, number: int, _place: str, _body: str) -> None:
        """Let a note grow beyond what is read."""
        if path := self.pick(number):
            path.write_bytes(b"x" * 3_000)
            self.stamp(path)

    def replace_by_folder(self, number: int, _place: str, _body: str) -> None:
        """Put a folder where a note was, then take it away again."""
        if path := self.pick(number):
            path.unlink()
            path.mkdir()
            self.look_at([path])
            path.rmdir()

    def wait(self, number: int, _place: str, _body: str) -> None:
        """Let time pass."""
        self.pass_time((0.1, 3.0, 5.0, 100_000.0)[number % 4])

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += seconds

    def reboot(self, _number: int, _place: str, _body: str) -> None:
        """Begin the monotonic clock anew."""
        self.now = 1.0

    # --- what notevault does ---

    def take_in_one(self, number: int, _place: str, _body: str) -> None:
        """Do what a watcher does after one save."""
        if path := self.pick(number):
            self.look_at([path])

    def take_in_all(self, _number: int, _place: str, _body: str) -> None:
        """Do what a watcher does after many."""
        self.look_at([*self.files(), *(self.root / path for path in self.catalog.known_notes())])

    def look_at(self, paths: Iterable[Path]) -> None:
        """Sync some paths only."""
        places = {NotePath(path.relative_to(self.root).as_posix()) for path in paths}
        if sync_paths(self.syncer(), places) is None:
            self.sync()

    @rule(number=_picks, place=_files, body=_bodies, steps=st.integers(0, 40), full=st.booleans())
    def crash(self, number: int, place: str, body: str, steps: int, *, full: bool) -> None:
        """Die somewhere in a sync that has something to do."""
        self.append(number, place, body)
        self.write(number, place, body)
        self.die_in(steps, lambda: sync(self.syncer(), full=full, allow_empty=True))

    @rule(number=_picks, place=_files, body=_bodies, steps=st.integers(0, 20))
    def crash_and_undo(self, number: int, place: str, body: str, steps: int) -> None:
        """Die while a change is taken in that is undone before the next sync."""
        if path := self.pick(number):
            before = path.read_bytes()
            self.append(number, place, body)
            self.die_in(steps, lambda: self.look_at([path]))
            path.write_bytes(before)
            self.stamp(path)

    @rule(place=_files, body=_bodies, steps=st.integers(0, 20))
    def crash_and_delete(self, place: str, body: str, steps: int) -> None:
        """Die while a new note is taken in that is gone again before the next sync."""
        path = self.root / place
        if not path.exists():
            self.write(0, place, body)
            self.die_in(steps, lambda: self.look_at([path]))
            path.unlink()

    def die_in(self, steps: int, work: Callable[[], object]) -> None:
        """Die after so many steps of what is stored."""
        self.index.steps_left = steps
        try:
            work()
        except Crash:
            pass
        finally:
            self.index.steps_left = None

    @rule()
    def sync(self) -> None:
        """Sync."""
        sync(self.syncer(), allow_empty=True)

    @rule(catalog=st.booleans())
    def lose(self, *, catalog: bool) -> None:
        """Begin with an empty catalogue beside the old index, or the other way round."""
        if not catalog:
            self.index.inner.clear()
            return
        self.catalog.steps = None
        self.catalog.close()
        self.catalog = FailingCatalog.in_memory()
        self.catalog.steps = self.index

    @rule()
    def check(self) -> None:
        """Compare with a fresh rebuild; the second sync sees what hid behind an equal signature."""
        sync(self.syncer(), allow_empty=True)
        self.pass_time(5)
        sync(self.syncer(), allow_empty=True)
        self.mend_unreadable()
        sync(self.syncer(), allow_empty=True)
        self.small.undo()  # what is stored at once makes no difference
        assert picture(self.catalog, self.index) == rebuilt(self.vault)

    def mend_unreadable(self) -> None:
        """See that notes that cannot be read were left as they were; a rebuild would not know them."""
        known = self.catalog.known_notes()
        assert {path.relative_to(self.root).as_posix() for path in self.files()} >= set(known)
        failed = {row[0] for row in self.catalog.select("SELECT path FROM failures")}
        for path in self.files():
            if path.stat().st_size > self.vault.max_size:
                assert path.relative_to(self.root).as_posix() in failed
                path.write_text("mended", encoding="utf-8")
                self.stamp(path)

    def stamp(self, path: Path) -> None:
        """Leave the time of a write to the system."""

    @invariant()
    def ids_are_unique(self) -> None:
        """Two notes never share an id."""
        ids = [known.uid for known in self.catalog.known_notes().values()]
        assert len(ids) == len(set(ids))


class _CoarseVault(Vault):
    """A file system that knows no more of a file than its size and its time in steps of two seconds."""

    def scan(self) -> VaultScan:
        """Return what is seen of each note."""
        found = super().scan()
        return replace(found, signatures={path: _coarse(seen) for path, seen in found.signatures.items()})

    def find_signature(self, path: NotePath) -> Signature | None:
        """Return what is seen of one note."""
        seen = super().find_signature(path)
        return _coarse(seen) if seen else None

    def read(self, path: NotePath) -> tuple[bytes, Signature]:
        """Return a note with what is seen of it."""
        data, seen = super().read(path)
        return data, _coarse(seen)


def _coarse(seen: Signature) -> Signature:
    return Signature(seen.size, seen.mtime_ns // 2_000_000_000 * 2_000_000_000, 0, 0, 0)


class CoarseMachine(SyncMachine):
    """The same on a file system whose signatures tell little: what second looks are for."""

    def __init__(self) -> None:
        super().__init__()
        self.vault = _CoarseVault(self.root, max_size=2_000)
        self.wall = 1_790_000_000.0

    def pass_time(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.now += seconds
        self.wall += seconds

    @rule(number=_picks, place=_files, body=_bodies)
    def edit_behind_a_sync(self, number: int, place: str, body: str) -> None:
        """Save twice within a tick of the file system's clock, with a sync between."""
        self.append(number, place, body)
        self.sync()
        self.edit_secretly(number, place, body)

    def stamp(self, path: Path) -> None:
        """Give a written note the time of the file system's own clock."""
        os.utime(path, (self.wall, self.wall))


class WhooshMachine(SyncMachine):
    """The same with the engine that users have."""

    def make_index(self) -> NoteIndex:
        """Return an index on disk."""
        return WhooshIndex(Path(tempfile.mkdtemp(prefix="nv-index-")))


def _run(machine: type[SyncMachine], *, examples: int, steps: int = 40, seeded: bool = True) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=seeded,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_history_ends_in_what_a_rebuild_gives() -> None:
    _run(SyncMachine, examples=40)


def test_any_history_on_a_coarse_file_system_ends_in_what_a_rebuild_gives() -> None:
    _run(CoarseMachine, examples=20)


@pytest.mark.soak
@pytest.mark.parametrize("machine", [SyncMachine, CoarseMachine, WhooshMachine])
def test_thousands_of_histories_end_in_what_a_rebuild_gives(machine: type[SyncMachine]) -> None:
    _run(machine, examples=1_000 if machine is not WhooshMachine else 200, steps=60, seeded=False)


def test_a_first_sync_that_died_before_its_notes_were_joined_is_made_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, body in zip("abcd", _BODIES, strict=False):
        (tmp_path / f"{name}.md").write_text(body, encoding="utf-8")
    index = FailingIndex(MemoryIndex())
    with Catalog.in_memory() as catalog:
        syncer = Syncer(vault=Vault(tmp_path), catalog=catalog, index=index, settings=default_settings())
        with monkeypatch.context() as small:
            small.setattr(intake, "_BATCH", 2)
            small.setattr(intake, "_LAST_BATCH", 1)
            small.setattr("notevault.intake.put_notes", dying_after(put_notes, calls=1))
            with pytest.raises(Crash):
                sync(syncer)
        assert catalog.note_count() == 2
        assert not catalog.select("SELECT * FROM customers")
        for name in "cd":  # nothing is left to read
            (tmp_path / f"{name}.md").unlink()
        sync(syncer)
        assert picture(catalog, index) == rebuilt(Vault(tmp_path))


def dying_after(work: Callable[[Catalog, Sequence[TakenIn]], None], *, calls: int) -> Callable[..., None]:
    """Return what works so often, then dies."""
    left = [None] * calls

    def call(catalog: Catalog, batch: Sequence[TakenIn]) -> None:
        if not left:
            raise Crash
        left.pop()
        work(catalog, batch)

    return call
