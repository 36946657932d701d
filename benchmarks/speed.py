"""How fast search and index are, for both engines, beside what a user would pick instead: same files, same run.

``python -m benchmarks.speed --notes 1000,10000,50000``. Each engine indexes the same generated vault in a cache of its
own; peers are run as processes like the product, and inside this one where searches are warm.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.bench import Bench, prepare_bench
from benchmarks.measure import Measurement, UnavailableError, measure_command, spread
from benchmarks.peers import PEERS, Peer, command, open_tantivy, search_fts5, search_tantivy, write_changed
from benchmarks.results import FOLDER, Row, record, render_results, scaled
from benchmarks.warm import open_search
from benchmarks.wording import LANGUAGES

BENCHMARK: Final = "Speed"
ENGINES: Final = ("whoosh", "tantivy")
QUERIES: Final = (
    *(("リース満了",), ("見積", "値引き"), ("在庫管理", "二重入力"), ("AKG",), ("補助金", "申請", "締切"), ("稟",)),
    *(("複合機", "入替", "提案"), ("renewal",), ("サポート終了", "老朽化"), ("ノルテア",), ("検収",), ("決裁者",)),
)
"""Words alone, which every peer can be asked for."""
_CHANGED: Final = 10
"""Notes that an incremental run finds changed."""
_MEGABYTE: Final = 2**20
_SETTLE_SECONDS: Final = 5.0


class Contest:
    """One vault, the peers' indexes beside it, and the rows measured so far."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.peers: list[Peer] = []
        for peer in PEERS:
            trouble = peer.find_trouble()
            if trouble:
                _say(f"  without {peer.name}: {trouble}")
            else:
                self.peers.append(peer)
                self.index(peer).mkdir()
        self._row = partial(Row, benchmark=BENCHMARK, notes=bench.notes)

    def index(self, peer: Peer) -> Path:
        """Return the folder of a peer's index."""
        return self.bench.base / f"index-{peer.name.replace(' ', '-')}"

    def run(self, engines: Sequence[str]) -> Iterator[Row]:
        """Yield the rows of all work."""
        built = {peer.name: self._measure_peer(peer, "build") for peer in self.peers if peer.build}
        for engine in engines:
            bench = self._prepare(engine)
            _say(f"  {engine}: first index")
            yield from self._first_index(engine, bench, built)
            _say(f"  {engine}: incremental")
            yield from self._incremental(engine, bench)
            _say(f"  {engine}: search")
            yield from self._cold(engine, bench)
            yield from self._warm(engine, bench)

    def _prepare(self, engine: str) -> Bench:
        settings = self.bench.vault / "notevault.toml"
        lines = [line for line in settings.read_text(encoding="utf-8").splitlines() if "engine" not in line]
        text = "\n".join([line for line in lines if line != "[index]"])
        settings.write_text(f'{text}\n[index]\nengine = "{engine}"\n', encoding="utf-8")
        self.bench.forget()
        return self.bench

    def _measure_peer(self, peer: Peer, work: str) -> Measurement:
        _say(f"  {peer.name}: {work}")
        return measure_command(
            command(peer, work, self.bench.vault, self.index(peer)), times=1, warm_up=0, cwd=FOLDER.parent, tree=True
        )

    def _first_index(self, engine: str, bench: Bench, built: dict[str, Measurement]) -> Iterator[Row]:
        done = bench.measure("sync", times=1, warm_up=0, tree=True)
        yield self._row(
            work=f"first index, {engine}",
            unit="notes/s",
            figures=spread([bench.notes / run.wall for run in done.runs]),
            peers={name: bench.notes / each.wall.middle for name, each in built.items()},
        )
        yield self._row(
            work=f"first index, memory, {engine}",
            unit="MB",
            figures=scaled(done.peak, 1 / _MEGABYTE),
            peers={name: each.peak.middle / _MEGABYTE for name, each in built.items()},
        )
        sizes = {peer.name: _size(self.index(peer)) / _MEGABYTE for peer in self.peers if peer.build}
        size = _size(bench.cache) / _MEGABYTE
        notes = sum(path.stat().st_size for path in bench.vault.rglob("*.md")) / _MEGABYTE
        yield self._row(
            work=f"derived data on disk, {engine}",
            unit="MB",
            figures=spread([size]),
            peers=sizes,
            remark=f"catalogue, texts and index of {notes:.0f} MB of notes",
        )

    def _incremental(self, engine: str, bench: Bench) -> Iterator[Row]:
        time.sleep(_SETTLE_SECONDS)
        bench.measure("sync", times=1, warm_up=0)
        notes = sorted(bench.vault.rglob("*.md"))
        changed = notes[:: max(len(notes) // _CHANGED, 1)][:_CHANGED]
        walls = []
        for number in range(bench.times):
            _append(changed, f"追記 {engine} {number}")
            walls.append(bench.measure("sync", times=1, warm_up=0).wall.middle)
        peers = {}
        for peer in self.peers:
            if peer.update:
                _append(changed, f"追記 {peer.name}")
                write_changed(self.index(peer), changed)
                peers[peer.name] = self._measure_peer(peer, "update").wall.middle * 1000
        yield self._row(
            work=f"{_CHANGED} notes changed, {engine}",
            unit="ms",
            figures=scaled(spread(walls), 1000),
            peers=peers,
            remark="FTS5 and Tantivy are told which notes changed; the others look for them",
        )

    def _cold(self, engine: str, bench: Bench) -> Iterator[Row]:
        words = QUERIES[1]
        found = bench.measure("search", "-n", "20", *words)
        peers = {
            peer.name: measure_command(
                command(peer, "search", bench.vault, self.index(peer), words), times=bench.times, cwd=FOLDER.parent
            ).wall.middle
            * 1000
            for peer in self.peers
        }
        yield self._row(
            work=f"search, cold process, {engine}", unit="ms", figures=scaled(found.wall, 1000), peers=peers,
            remark="a walk through the vault for what changed included; ripgrep reads every note and ranks nothing",
        )  # fmt: skip

    def _warm(self, engine: str, bench: Bench) -> Iterator[Row]:
        with open_search(bench) as ask:
            figures = _time_queries(lambda words: ask(" ".join(words)), bench.times)
        peers = {}
        for peer in self.peers:
            with closing(_WarmPeer(peer, bench.vault, self.index(peer))) as warm:
                peers[peer.name] = median(_time_queries(warm.ask, 1 if peer.name in _PROGRAMS else bench.times)) * 1000
        yield self._row(
            work=f"search, warm, {engine}",
            unit="ms",
            figures=scaled(spread(figures), 1000),
            peers=peers,
            remark=f"{len(QUERIES)} queries, top 20 with snippets; ripgrep and Recoll are processes each time",
        )


_PROGRAMS: Final = frozenset({"ripgrep", "Recoll"})


class _WarmPeer:
    """A peer that stays open, where it can."""

    def __init__(self, peer: Peer, vault: Path, index: Path) -> None:
        self.ask: Callable[[Sequence[str]], int] = lambda words: peer.search(vault, index, words)
        self._connection: sqlite3.Connection | None = None
        if peer.name == "FTS5 trigram":
            self._connection = connection = sqlite3.connect(index / "fts.sqlite")
            self.ask = lambda words: search_fts5(connection, words)
        elif peer.name == "bare Tantivy":
            opened = open_tantivy(index)
            self.ask = lambda words: search_tantivy(opened, words)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _time_queries(ask: Callable[[Sequence[str]], object], rounds: int) -> list[float]:
    for words in QUERIES:
        ask(words)
    figures = []
    for _round in range(rounds):
        for words in QUERIES:
            started = time.perf_counter()
            ask(words)
            figures.append(time.perf_counter() - started)
    return figures


def _append(notes: Sequence[Path], text: str) -> None:
    for path in notes:
        with path.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(f"\n{text}\n")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main() -> None:
    """Read the command line, measure, print the table, and record it unless told not to."""
    parser = argparse.ArgumentParser(description="Measure search and index beside other tools.")
    parser.add_argument("--notes", default="1000,10000,50000", help="sizes of vaults, separated by commas")
    parser.add_argument("--lang", choices=LANGUAGES, default="ja")
    parser.add_argument("--times", type=int, default=5, help="runs of each command")
    parser.add_argument("--dry-run", action="store_true", help="print the table, record nothing")
    parser.add_argument("--results", type=Path, default=FOLDER, help="folder of results.json and RESULTS.md")
    options = parser.parse_args()
    engines = [engine for engine in ENGINES if engine == "whoosh" or find_spec(engine)]
    rows: list[Row] = []
    for notes in map(int, options.notes.split(",")):
        _say(f"{notes:,} notes …")
        with tempfile.TemporaryDirectory(prefix="notevault-speed-") as folder:
            bench = prepare_bench(Path(folder), notes, language=options.lang, times=options.times)
            try:
                rows += Contest(bench).run(engines)
            except UnavailableError as error:
                rows.append(Row(benchmark=BENCHMARK, work="all", notes=notes, unit="", remark=str(error)))
    ordered = sorted((replace(row) for row in rows), key=lambda row: row.notes)
    print(render_results(ordered))
    if not options.dry_run:
        record([row for row in ordered if row.figures], folder=options.results)


if __name__ == "__main__":
    main()
