"""Take times: commands as fresh processes, calls in this one, a bare walk of a folder; and say on what machine."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import run
from typing import Final

_LAUNCHER: Final = Path(__file__).with_name("launch.py")


class UnavailableError(Exception):
    """Something cannot be measured here; the message says why and stands in the results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Least, median and greatest of several figures; the middle one may be another percentile where that is asked."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command; seconds and bytes."""

    exit_code: int
    wall: float
    cpu: float
    peak: int
    """Largest resident set of the command or of one of its children."""
    tree: int
    """Largest sum over the command and its children, shared pages shared out; 0 where not sampled."""
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Several runs of one command."""

    runs: tuple[Run, ...]

    @property
    def wall(self) -> Spread:
        """Seconds from start to exit."""
        return spread([run.wall for run in self.runs])

    @property
    def cpu(self) -> Spread:
        """Seconds of computing, user and system, children included."""
        return spread([run.cpu for run in self.runs])

    @property
    def peak(self) -> Spread:
        """Bytes of memory at the most: of the tree where it was sampled, at least of the largest process."""
        return spread([float(max(run.tree, run.peak)) for run in self.runs])


def spread(figures: Sequence[float]) -> Spread:
    """Return least, median and greatest."""
    return Spread(low=min(figures), middle=median(figures), high=max(figures))


def percentile(figures: Sequence[float], share: float) -> float:
    """Return the figure that ``share`` of all do not exceed (nearest rank)."""
    ordered = sorted(figures)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def measure_command(
    command: Sequence[str],
    *,
    times: int = 5,
    warm_up: int = 1,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    accept: tuple[int, ...] = (0,),
    tree: bool = False,
) -> Measurement:
    """Run a command ``times`` times, each a fresh process, after ``warm_up`` runs that do not count.

    ``env`` is laid over the environment; ``tree`` also samples the memory of children. Raises UnavailableError with the
    command's last words when it ends with an exit code that is not accepted.
    """
    runs = [_run_once(command, env=env, cwd=cwd, accept=accept, tree=tree) for _ in range(warm_up + times)]
    return Measurement(runs=tuple(runs[warm_up:]))


def _run_once(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None,
    cwd: Path | None,
    accept: tuple[int, ...],
    tree: bool,
) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(out), str(err), str(int(tree)), *command]
        done = run(launcher, env={**os.environ, **(env or {})}, cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnavailableError(f"{command[0]} could not be started: {_last_line(done.stderr)}")
        code, wall, cpu, peak, whole = done.stdout.split()
        result = Run(
            exit_code=int(code),
            wall=float(wall),
            cpu=float(cpu),
            peak=int(peak),
            tree=int(whole),
            out=out.read_text(encoding="utf-8", errors="replace"),
            err=err.read_text(encoding="utf-8", errors="replace"),
        )
    if result.exit_code not in accept:
        raise UnavailableError(f"exit code {result.exit_code}: {_last_line(result.err) or _last_line(result.out)}")
    return result


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def measure_call(call: Callable[[], object], *, times: int = 5, warm_up: int = 1) -> Spread:
    """Return the seconds that a call takes in this process."""
    return spread([_time(call) for _ in range(warm_up + times)][warm_up:])


def _time(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measure_pace() -> float:
    """Return the seconds that a loop of plain Python takes: how fast the machine is just now."""
    return _time(lambda: sum(number * number % 7 for number in range(400_000)))


def measure_walk(root: Path, *, times: int = 5) -> Spread:
    """Return the seconds of a bare ``os.scandir`` and ``stat`` of everything under a folder."""
    return measure_call(lambda: walk(os.fspath(root)), times=times)


def walk(folder: str) -> int:
    """Return the number of files under a folder, each asked for its ``stat``; links are not followed."""
    files = 0
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)
                    files += 1
    return files


def describe_machine() -> str:
    """Return cores, memory and Python version: enough to compare, nothing that tells whose machine it is."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores, {memory:.0f} GB, Python {sys.version_info.major}.{sys.version_info.minor}"
