"""Measure every row of the budgets through the real command line, and write the results.

``python -m benchmarks.budgets --notes 10000``; ``--only sync,search`` measures some rows only. A row that cannot be
measured says why and the others go on. Figures never fail the run: a shared machine makes them jump.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench, prepare_bench
from benchmarks.endurance import measure_endurance
from benchmarks.latency import measure_saves
from benchmarks.measure import (
    Run,
    Spread,
    UnavailableError,
    measure_command,
    measure_pace,
    measure_walk,
    percentile,
    spread,
)
from benchmarks.results import FOLDER, Row, record, render_results, scaled
from benchmarks.warm import QUERIES, measure_warm
from benchmarks.wording import LANGUAGES

BENCHMARK: Final = "Budgets"
SETTLE_SECONDS: Final = 0.2
"""What the watcher waits after the last event before it looks; not counted."""
_SECOND_LOOK_SECONDS: Final = 5.0
_MEGABYTE: Final = 2**20
_PACES: Final = 3
_IMPORT_LINE: Final = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")


def measure_first_index(bench: Bench) -> Iterator[Row]:
    """Index the vault from nothing: notes a second and memory."""
    runs: list[Run] = []
    for _ in range(max(1, bench.times // 5)):
        bench.forget()
        runs += bench.measure("sync", times=1, warm_up=0, tree=True).runs
    speed = spread([bench.notes / run.wall for run in runs])
    memory = spread([float(max(run.peak, run.tree)) for run in runs])
    row = partial(Row, benchmark=BENCHMARK, notes=bench.notes)
    yield row(work="first index", unit="notes/s", budget=500, figures=scaled(speed, 1))
    yield row(work="first index, memory", unit="MB", budget=400, figures=scaled(memory, 1 / _MEGABYTE))


def measure_sync(bench: Bench) -> Iterator[Row]:
    """Sync with nothing changed, against a bare walk of the same tree."""
    _settle(bench)
    bench.measure("sync", vault=bench.small_vault, times=2)
    turns = [
        (
            bench.measure("sync", vault=bench.small_vault, times=1, warm_up=0).wall.middle,
            bench.measure("sync", times=1, warm_up=0).wall.middle,
            measure_walk(bench.vault, times=1).middle,
        )
        for _ in range(bench.times)  # in turns: the speed of a machine changes
    ]
    start_up, whole, walked = (spread(seconds) for seconds in zip(*turns, strict=True))
    net = spread([all_notes - few for few, all_notes, _walk in turns])
    yield Row(
        benchmark=BENCHMARK,
        work="sync, nothing changed",
        notes=bench.notes,
        unit="ms",
        budget=3_000 * walked.middle,
        peers={"bare walk": walked.middle * 1000, **_git_status(bench)},
        remark=f"{whole.middle * 1000:.0f} ms, of which start-up of {start_up.middle * 1000:.0f} ms is taken off",
        figures=scaled(net, 1000),
    )


def _git_status(bench: Bench) -> dict[str, float]:
    """Return the time of ``git status`` on the same files, its repository outside of them; nothing without git."""
    if shutil.which("git") is None:
        return {}
    git = ["git", f"--git-dir={bench.base / 'git'}", f"--work-tree={bench.vault}"]
    measure_command(["git", "init", "--quiet", "--bare", str(bench.base / "git")], times=1, warm_up=0)
    measure_command([*git, "-c", "core.bare=false", "add", "--all"], times=1, warm_up=0)
    status = measure_command([*git, "-c", "core.bare=false", "status", "--porcelain"], times=bench.times)
    return {"git status": status.wall.middle * 1000}


def measure_cold_search(bench: Bench) -> Iterator[Row]:
    """Search as a fresh process, with and without the look at the disk, and the imports' share of it."""
    _settle(bench)
    times = max(1, bench.times // 3)
    row = partial(Row, benchmark=BENCHMARK, notes=bench.notes, unit="ms")
    fresh = [bench.measure("search", query, times=times, accept=(0, 1)).wall.middle for query in QUERIES]
    yield row(work="search, cold process", budget=250, peers=_scans(bench, times), figures=scaled(spread(fresh), 1000))
    stale = [bench.measure("search", "--no-sync", query, times=times, accept=(0, 1)).wall.middle for query in QUERIES]
    yield row(work="search --no-sync, cold process", figures=scaled(spread(stale), 1000))
    command = bench.command("search", QUERIES[0], interpreter=("-X", "importtime"))
    runs = measure_command(command, times=bench.times, env=bench.env, accept=(0, 1)).runs
    bare = measure_command([*bench.python, "-X", "importtime", "-c", "pass"], times=1).runs[0].err
    own = {name for _, name in _IMPORT_LINE.findall(bare)}
    shares = [sum(int(cost) for cost, name in _IMPORT_LINE.findall(run.err) if name not in own) for run in runs]
    remark = "every module that a bare Python does not import; the measuring itself adds to it"
    yield row(work="search, cold process: imports", budget=120, remark=remark, figures=scaled(spread(shares), 1 / 1000))


def _scans(bench: Bench, times: int) -> dict[str, float]:
    """Return the time of scanning all notes for the first query with what is installed."""
    scans = {"grep -rlF": ["grep", "-rlF"], "rg -lF": ["rg", "-lF"]}
    return {
        name: measure_command([*scan, QUERIES[0], str(bench.vault)], times=times, accept=(0, 1)).wall.middle * 1000
        for name, scan in scans.items()
        if shutil.which(scan[0])
    }


def measure_warm_search(bench: Bench) -> Iterator[Row]:
    """Search in a process that stays open."""
    _settle(bench)
    seconds = measure_warm(bench, rounds=max(3, bench.times))
    row = partial(Row, benchmark=BENCHMARK, notes=bench.notes, unit="ms")
    yield row(work="search, warm: median", budget=15, figures=scaled(spread(seconds), 1000))
    yield row(work="search, warm: p95", budget=50, figures=scaled(_with_p95(seconds), 1000))


def measure_check(bench: Bench) -> Iterator[Row]:
    """Check a vault in which nothing changed since the last check."""
    _settle(bench)
    checked = bench.measure("check", accept=(0, 1))
    yield Row(
        benchmark=BENCHMARK,
        work="check, nothing changed",
        notes=bench.notes,
        unit="ms",
        budget=500,
        remark=f"{checked.runs[0].out.count(chr(10)):,} lines of output",
        figures=scaled(checked.wall, 1000),
    )


def measure_export(bench: Bench) -> Iterator[Row]:
    """Write all neutral tables."""
    _settle(bench)
    out = bench.base / "export"
    walls = []
    for _ in range(max(1, bench.times // 2)):
        shutil.rmtree(out, ignore_errors=True)
        arguments = ("export", "--out", str(out))
        walls.append(bench.measure(*arguments, times=1, warm_up=0, accept=(0, 1)).wall.middle)
    if not any(out.rglob("*.csv")):
        raise UnavailableError("export wrote no table")
    yield Row(
        benchmark=BENCHMARK, work="export", notes=bench.notes, unit="s", budget=5, figures=scaled(spread(walls), 1)
    )


def measure_latency(bench: Bench) -> Iterator[Row]:
    """Save notes while the watcher runs. Last, because it changes the vault."""
    _settle(bench)
    waits = [seconds - SETTLE_SECONDS for seconds in measure_saves(bench, count=max(20, bench.times * 4))]
    remark = f"settle time of {SETTLE_SECONDS * 1000:.0f} ms taken off; {len(waits)} saves, each waited for"
    row = partial(Row, benchmark=BENCHMARK, notes=bench.notes, unit="ms", remark=remark)
    yield row(work="save → searchable, median", figures=scaled(spread(waits), 1000))
    yield row(work="save → searchable, p95", budget=150, figures=scaled(_with_p95(waits), 1000))


def measure_watcher(bench: Bench) -> Iterator[Row]:
    """Let a watcher run through thousands of saves. It changes the vault."""
    _settle(bench)
    held = measure_endurance(bench, bench.events)
    first, last = held[0], held[-1]
    row = partial(Row, benchmark=BENCHMARK, notes=bench.notes)
    middle = held[len(held) // 2].memory / _MEGABYTE
    yield row(
        work=f"watcher, memory after {bench.events:,} saves",
        unit="MB",
        figures=scaled(_from_to(first.memory, last.memory), 1 / _MEGABYTE),
        remark=f"{first.memory / _MEGABYTE:.0f} MB at the start, {middle:.0f} MB half-way;"
        f" {first.descriptors} descriptors at the start, {last.descriptors} at the end",
    )


def _from_to(first: float, last: float) -> Spread:
    return Spread(low=min(first, last), middle=last, high=max(first, last))


MEASUREMENTS: Final[dict[str, Callable[[Bench], Iterator[Row]]]] = {
    "first-index": measure_first_index,
    "sync": measure_sync,
    "search": measure_cold_search,
    "warm": measure_warm_search,
    "check": measure_check,
    "export": measure_export,
    "latency": measure_latency,
    "watcher": measure_watcher,
}
_LONG: Final = frozenset({"watcher"})
"""Measured only where asked for by name."""


def _with_p95(seconds: Sequence[float]) -> Spread:
    return Spread(low=min(seconds), middle=percentile(seconds, 0.95), high=max(seconds))


def _settle(bench: Bench) -> None:
    """Bring the index up to date, wait for the second look at young notes, and take that too."""
    if not any(bench.cache.iterdir()):
        bench.measure("sync", times=1, warm_up=0)
        time.sleep(_SECOND_LOOK_SECONDS)
    bench.measure("sync", times=1, warm_up=0)


def run_budgets(bench: Bench, names: Sequence[str]) -> list[Row]:
    """Return the rows of the measurements named; what is unavailable is a row that says so."""
    rows: list[Row] = []
    paces: list[float] = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        paces += [measure_pace() for _ in range(_PACES)]
        try:
            rows += MEASUREMENTS[name](bench)
        except UnavailableError as error:
            print(f"  unavailable: {error}", file=sys.stderr)
            remark = f"unavailable: {error}".replace(str(bench.base), "DIR")
            rows.append(Row(benchmark=BENCHMARK, work=name, notes=bench.notes, unit="", remark=remark))
    paces += [measure_pace() for _ in range(_PACES)]
    pace = Row(
        benchmark=BENCHMARK,
        work="the machine: a loop of plain Python",
        notes=bench.notes,
        unit="ms",
        remark="before, between and after the measurements: how far the machine's speed changed meanwhile",
        figures=scaled(spread(paces), 1000),
    )
    return [*rows, pace]


def main() -> None:
    """Read the command line, measure, print the table, and record it unless told not to."""
    parser = argparse.ArgumentParser(description="Measure notevault against its budgets.")
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--lang", choices=LANGUAGES, default="ja")
    parser.add_argument("--times", type=int, default=10, help="runs of each command")
    parser.add_argument(
        "--only",
        default=",".join(name for name in MEASUREMENTS if name not in _LONG),
        help="names, separated by commas",
    )
    parser.add_argument("--events", type=int, default=10_000, help="saves that a watcher goes through")
    parser.add_argument("--dry-run", action="store_true", help="print the table, record nothing")
    parser.add_argument("--results", type=Path, default=FOLDER, help="folder of results.json and RESULTS.md")
    options = parser.parse_args()
    names = options.only.split(",")
    if unknown := set(names) - set(MEASUREMENTS):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="notevault-bench-") as folder:
        bench = prepare_bench(
            Path(folder), options.notes, language=options.lang, times=options.times, events=options.events
        )
        rows = run_budgets(bench, names)
    print(render_results(rows))
    if not options.dry_run:
        record([row for row in rows if row.figures], folder=options.results)


if __name__ == "__main__":
    main()
