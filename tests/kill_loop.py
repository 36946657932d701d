"""Sync killed at random moments, again and again: ``python -m tests.kill_loop --runs 300 --seed 1 FOLDER``.

A program of its own, because it forks: everything is imported once, each sync is a child that is killed (POSIX only).
After each kill a reader must still find every note that did not change; after one sync ``doctor`` must be clean, the
text index the same one, mended and not made anew.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from notevault import doctor
from notevault.index import WeighedTerm
from notevault.index.analysis import analyze
from notevault.upkeep import sync_workspace
from notevault.workspace import Workspace, open_workspace
from tests.conftest import TODAY

NOTES = 500
_CHANGES = 6
_ANEW_EVERY = 50
"""Every so many runs the first sync of an empty cache is what is killed."""
_RULES_EVERY = 30
"""Every so many runs the settings change, so that every note is taken in anew."""


class KillLoop:
    """A vault, the text of each note, and what was seen."""

    def __init__(self, base: Path, seed: int, *, notes: int = NOTES) -> None:
        self.root = base / "vault"
        self.cache = base / "cache"
        self.dice = random.Random(seed)  # noqa: S311 -- repeatable
        self.made = 0
        self.paths: set[str] = set()
        self.length = 0.3
        self.seen: Counter[str] = Counter()
        os.environ["NOTEVAULT_CACHE"] = str(self.cache)
        self.root.mkdir(parents=True)
        (self.root / "notevault.toml").write_text("", encoding="utf-8")
        for _number in range(notes):
            self.add()

    def run(self, runs: int) -> None:
        """Kill so many times; raises AssertionError with what was found wrong."""
        self.sync()
        for number in range(1, runs + 1):
            with open_workspace(self.root, today=TODAY) as workspace:
                made_by = workspace.index.fingerprint
            changed = self.change()
            if anew := number % _ANEW_EVERY == 0:
                self.forget()
            elif number % _RULES_EVERY == 0:
                (self.root / "notevault.toml").write_text(f'[keys]\ncustomer = ["相手{number}"]\n', "utf-8")
                changed = set(self.paths)
            killed = self.kill_in(self.dice.random() * self.length * (12 if anew else 1.2), self.sync)
            self.seen["killed" if killed else "finished"] += 1
            if not anew:
                self.check_readers(self.paths - changed)
            self.seen["under way"] += self.is_under_way()
            self.sync()
            self.check(None if anew else made_by, number)

    # --- the vault ---

    def add(self) -> str:
        """Write a new note."""
        self.made += 1
        path = self.root / f"{self.made % 7}月" / f"商談{self.made}.md"
        path.parent.mkdir(exist_ok=True)
        customer = f"株式会社{self.dice.choice('山川田中林森谷原')}{self.made % 40}"
        head = f"---\ntype: meeting\ndate: 2026-11-{self.made % 28 + 1:02}\ncustomer: {customer}\n---\n"
        body = f"## 行動\n- [ ] 見積を送る K{self.made:06}\n" + "納期と価格を相談した。\n" * (self.made % 20)
        path.write_text(head + body, encoding="utf-8")
        return self.know(path)

    def know(self, path: Path) -> str:
        """Count a note among those there are; return its name."""
        name = path.relative_to(self.root).as_posix()
        self.paths.add(name)
        return name

    def change(self) -> set[str]:
        """Change, add, rename and remove some notes; return every path concerned."""
        concerned: set[str] = set()
        for _number in range(self.dice.randint(1, _CHANGES)):
            name = self.dice.choice(sorted(self.paths))
            path = self.root / name
            concerned.add(name)
            match self.dice.choice(("edit", "edit", "add", "remove", "rename")):
                case "edit":
                    path.write_text(path.read_text(encoding="utf-8") + "- [ ] 追記\n", encoding="utf-8")
                case "add":
                    concerned.add(self.add())
                case "remove":
                    path.unlink()
                    self.paths.discard(name)
                    concerned.add(self.add())
                case _:
                    self.made += 1
                    moved = path.with_name(f"移動{self.made}.md")
                    path.rename(moved)
                    self.paths.discard(name)
                    concerned.add(self.know(moved))
        return concerned

    def forget(self) -> None:
        """Remove all derived data."""
        for path in sorted(self.cache.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    # --- what notevault does ---

    def sync(self) -> None:
        """Sync in this process."""
        with open_workspace(self.root, today=TODAY) as workspace:
            sync_workspace(workspace, patience=0)

    def kill_in(self, seconds: float, work: Callable[[], None]) -> bool:
        """Let a child work and kill it after so long; say whether it was still at work. Learns how long it takes."""
        started = time.monotonic()
        child = os.fork()
        if not child:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 -- told to the parent, which has the traceback's place
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
                sys.stderr.flush()
                os._exit(9)
            os._exit(0)
        while time.monotonic() - started < seconds:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                assert status == 0, f"sync failed with {status}"
                self.length = 0.8 * self.length + 0.2 * min(time.monotonic() - started, 1.0)
                return False
            time.sleep(0.0005)
        os.kill(child, signal.SIGKILL)
        _ended, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)

    # --- what must hold ---

    def is_under_way(self) -> bool:
        """Say whether the child died between the commits of index and catalogue."""
        with open_workspace(self.root, today=TODAY) as workspace:
            return bool(workspace.catalog.meta("intake"))

    def check_readers(self, unchanged: set[str]) -> None:
        """See that whoever reads now finds all that did not change."""
        with open_workspace(self.root, today=TODAY) as workspace:
            found = _search(workspace, "見積")
            assert workspace.index.fingerprint, "the text index is not trusted any more"
            assert unchanged <= found, f"lost to readers: {sorted(unchanged - found)[:5]}"

    def check(self, made_by: str | None, number: int) -> None:
        """See that all agree after one sync, and that the index was mended, not made anew."""
        with open_workspace(self.root, today=TODAY) as workspace:
            examined = doctor.examine(workspace)
            assert examined.clean, f"run {number}: {examined.findings[:5]}"
            assert _search(workspace, "見積") == self.paths, f"run {number}: not every note is found"
            if made_by is not None:
                assert workspace.index.fingerprint == made_by, f"run {number}: the index was made anew"
            for path in self.dice.sample(sorted(self.paths), 3):
                code = (self.root / path).read_text(encoding="utf-8").partition("見積を送る ")[2][:7]
                assert path in _search(workspace, code), f"run {number}: {path} is not found by {code}"


def _search(workspace: Workspace, words: str) -> set[str]:
    matches = workspace.index.search([WeighedTerm(term) for term in analyze(words)])
    names = dict(workspace.catalog.select_tuples("SELECT id, path FROM notes"))
    return {names[note_id] for note_id in matches.scores if note_id in names}


def main() -> None:
    """Read the command line and run; the last line says what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    doctor.MOST_PROVED = 20  # type: ignore[misc] # by chance after each run; digests and texts of all
    loop = KillLoop(options.folder, options.seed)
    started = time.monotonic()
    loop.run(options.runs)
    sys.stdout.write(f"{dict(loop.seen)} {time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    main()
