"""Any history of writes, moves, accidents and crashes, then a sync: catalogue and index equal a fresh rebuild."""

import os
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from notevault.catalog import Catalog
from notevault.config import default_settings
from notevault.index import IndexDocument, Matches, NoteIndex, WeighedTerm
from notevault.index.memory import MemoryIndex
from notevault.index.whoosh_index import WhooshIndex
from notevault.intake import Syncer
from notevault.model import NotePath, Signature
from notevault.sync import sync, sync_paths
from notevault.vault import Vault, VaultScan
from tests.sync_oracle import picture, rebuilt

_FOLDERS = ("", "商談/", "archive/", "商談/2026/")
_NAMES = (
    "a.md",
    "b.md",
    "議事録.md",
    "c (conflicted copy 2026-11-20).md",
    "a.sync-conflict-20261120-101010-ABCDEFG.md",
)
_BODIES = (
    "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 株式会社山田工業\nstage: 提案\ndeal: 複合機\n---\n"
    "## 行動\n- [ ] 見積を送る\n",
    "---\ntype: meeting\ndate: 2026-11-21\ncustomer: ㈱山田工業\nstage: 受注\ndeal: 複合機\n---\n- [x] 見積を送る\n",
    "---\ntype: customer\nname: 株式会社山田工業\nid: c-1\n---\n提案 納期\n",
    "---\nid: note-1\ndate: 2026-11-19\n---\n# Quarterly report\n- [ ] 納期 11/27まで\n",
    "---\nid: note-1\ncustomer: 青嶺物流\n---\n見積\n",
    "---\n: broken [\n---\n本文 見積\n",
    "",
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

    def make_index(self) -> NoteIndex:
        """Return the engine that is tried."""
        return MemoryIndex()

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.check()
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

    # --- what people and programs do ---

    @rule(place=_files, body=st.sampled_from(_BODIES))
    def write(self, place: str, body: str) -> None:
        """Write a note in place."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_dir():
            path.write_text(body, encoding="utf-8")
            self.stamp(path)

    @rule(place=_files, body=st.sampled_from(_BODIES))
    def replace(self, place: str, body: str) -> None:
        """Save as careful editors do."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.parent / ".new.tmp"
        temporary.write_text(body, encoding="utf-8")
        if not path.is_dir():
            temporary.replace(path)
            self.stamp(path)

    @rule(number=_picks, text=st.sampled_from(("追記", "見積 変更", "x")))
    def append(self, number: int, text: str) -> None:
        """Write at the end."""
        if path := self.pick(number):
            path.write_bytes(path.read_bytes()[:1_500] + text.encode())
            self.stamp(path)

    @rule(number=_picks)
    def edit_secretly(self, number: int) -> None:
        """Change a note leaving size and time as they were, as some tools do."""
        if (path := self.pick(number)) and (data := path.read_bytes()):
            status = path.stat()
            path.write_bytes(data[:-1] + bytes([(data[-1] + 1) % 128]))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            self.stamp(path)

    @rule(number=_picks, hours=st.integers(-100_000, 100_000))
    def jump_clock(self, number: int, hours: int) -> None:
        """Give a note a time far away."""
        if path := self.pick(number):
            moment = 1_790_000_000 + hours * 3_600
            os.utime(path, (moment, moment))

    @rule(number=_picks, place=_files)
    def move(self, number: int, place: str) -> None:
        """Rename a note, over another one maybe."""
        target = self.root / place
        if (path := self.pick(number)) and not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            self.stamp(target)

    @rule(number=_picks, other=_picks)
    def swap(self, number: int, other: int) -> None:
        """Let two notes change places."""
        one, two = self.pick(number), self.pick(other)
        if one and two and one != two:
            aside = self.root / ".aside"
            one.replace(aside)
            two.replace(one)
            aside.replace(two)
            self.stamp(one)
            self.stamp(two)

    @rule(number=_picks, place=_files)
    def copy(self, number: int, place: str) -> None:
        """Copy a note with all that is in it, its id too."""
        target = self.root / place
        if (path := self.pick(number)) and not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            self.stamp(target)

    @rule(number=_picks)
    def delete(self, number: int) -> None:
        """Delete a note."""
        if path := self.pick(number):
            path.unlink()

    @rule(folder=st.sampled_from(("商談", "archive", "商談/2026")))
    def move_folder(self, folder: str) -> None:
        """Rename a folder, or move one of the vault's out and what was out back in."""
        path, aside = self.root / folder, self.outside / folder.replace("/", "-")
        if aside.exists() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.rename(path)
            for note in path.rglob("*.md"):
                self.stamp(note)
        elif path.exists() and not aside.exists():
            path.rename(aside)

    @rule(number=_picks)
    def make_unreadable(self, number: int) -> None:
        """Let a note grow beyond what is read."""
        if path := self.pick(number):
            path.write_bytes(b"x" * 3_000)
            self.stamp(path)

    @rule(number=_picks)
    def replace_by_folder(self, number: int) -> None:
        """Put a folder where a note was, then take it away again."""
        if path := self.pick(number):
            path.unlink()
            path.mkdir()
            self.look_at([path])
            path.rmdir()

    @rule(seconds=st.sampled_from((0.1, 3.0, 5.0, 100_000.0)))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    @rule()
    def reboot(self) -> None:
        """Begin the monotonic clock anew."""
        self.now = 1.0

    # --- what notevault does ---

    @rule(number=_picks)
    def take_in_one(self, number: int) -> None:
        """Do what a watcher does after one save."""
        if path := self.pick(number):
            self.look_at([path])

    @rule()
    def take_in_all(self) -> None:
        """Do what a watcher does after many."""
        known = [self.root / path for path in self.catalog.known_notes()]
        self.look_at([*self.files(), *known])

    def look_at(self, paths: Iterable[Path]) -> None:
        """Sync some paths only."""
        places = {NotePath(path.relative_to(self.root).as_posix()) for path in paths}
        if sync_paths(self.syncer(), places) is None:
            self.sync()

    @rule(steps=st.integers(0, 60), full=st.booleans())
    def crash(self, steps: int, *, full: bool) -> None:
        """Die somewhere in a sync."""
        self.index.steps_left = steps
        try:
            sync(self.syncer(), full=full, allow_empty=True)
        except Crash:
            pass
        finally:
            self.index.steps_left = None

    @rule(number=_picks, steps=st.integers(0, 20))
    def crash_in_one(self, number: int, steps: int) -> None:
        """Die while one save is taken in."""
        self.index.steps_left = steps
        try:
            self.take_in_one(number)
        except Crash:
            pass
        finally:
            self.index.steps_left = None

    @rule()
    def sync(self) -> None:
        """Sync, and a little later once more."""
        sync(self.syncer(), allow_empty=True)

    @rule()
    def lose_catalog(self) -> None:
        """Begin with an empty catalogue beside the old index."""
        self.catalog.steps = None
        self.catalog.close()
        self.catalog = FailingCatalog.in_memory()
        self.catalog.steps = self.index

    @rule()
    def lose_index(self) -> None:
        """Begin with an empty index beside the old catalogue."""
        self.index.inner.clear()

    @rule()
    def check(self) -> None:
        """Compare with a fresh rebuild; the second sync sees what hid behind an equal signature."""
        sync(self.syncer(), allow_empty=True)
        self.wait(5)
        sync(self.syncer(), allow_empty=True)
        self.mend_unreadable()
        sync(self.syncer(), allow_empty=True)
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

    def wait(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.now += seconds
        self.wall += seconds

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
    _run(SyncMachine, examples=60)


def test_any_history_on_a_coarse_file_system_ends_in_what_a_rebuild_gives() -> None:
    _run(CoarseMachine, examples=30)


@pytest.mark.soak
@pytest.mark.parametrize("machine", [SyncMachine, CoarseMachine, WhooshMachine])
def test_thousands_of_histories_end_in_what_a_rebuild_gives(machine: type[SyncMachine]) -> None:
    _run(machine, examples=1_000 if machine is not WhooshMachine else 200, steps=60, seeded=False)
