"""Time every report on a year of a sales team: the figures alone in a warm process, and the command as a cold one.

``python -m benchmarks.reports --notes 12000``; ``--vault DIR`` measures a vault that is there already. CPU seconds, as
a shared machine makes wall time jump; the budget is one second a report.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.bench import find_program
from benchmarks.deals import LAST_DAY
from benchmarks.measure import describe_machine, measure_command
from benchmarks.team import generate_team
from notevault.report.competitors import list_competitors
from notevault.report.consult import list_consultations
from notevault.report.customers import list_customers
from notevault.report.daily import make_daily
from notevault.report.digest import make_digest
from notevault.report.inventory import take_inventory
from notevault.report.missing import list_missing
from notevault.report.nurture import list_nurture
from notevault.report.pipeline import PipelineFilter, list_deals
from notevault.report.pipeline_since import list_changes
from notevault.report.points import count_points
from notevault.report.stages import list_histories, measure_flow
from notevault.report.targets import choose_period, list_targets
from notevault.report.team import plan_meeting
from notevault.report.todos import TodoFilter, list_todos
from notevault.report.undone import list_undone
from notevault.upkeep import sync_workspace
from notevault.workspace import Workspace, open_workspace

COMMANDS: Final = (
    *("report points", "report consult", "report competitors", "report inventory", "report nurture", "report daily"),
    *("report digest", "report team", "report undone", "pipeline", "pipeline --flow", "pipeline --since 2026-10-01"),
    *("pipeline --target", "todo --team", "todo --overdue", "todo --missing", "customer list", "jot --list"),
)
TODAY: Final = LAST_DAY + timedelta(days=2)


def list_calls(workspace: Workspace) -> Mapping[str, Callable[[], object]]:
    """Return report → call that gathers its figures."""
    catalog, settings = workspace.catalog, workspace.settings
    quarter, week = (TODAY - timedelta(days=90), TODAY), (TODAY - timedelta(days=7), TODAY)
    year, everything = (TODAY - timedelta(days=365), TODAY), PipelineFilter(states=None)
    return {
        "points": lambda: count_points(catalog, settings, TODAY, quarter),
        "consult": lambda: list_consultations(catalog, TODAY, answered=True),
        "competitors": lambda: list_competitors(catalog, settings, TODAY, with_heard=False),
        "competitors, all that was heard": lambda: list_competitors(catalog, settings, TODAY),
        "inventory": lambda: take_inventory(catalog, settings, TODAY, quarter),
        "nurture": lambda: list_nurture(catalog, settings, TODAY),
        "daily": lambda: make_daily(catalog, settings, LAST_DAY),
        "digest of a week": lambda: make_digest(catalog, settings, week, language="ja"),
        "digest of the year": lambda: make_digest(catalog, settings, year, language="ja"),
        "team": lambda: plan_meeting(catalog, settings, TODAY, language="ja"),
        "undone": lambda: list_undone(catalog, settings, TODAY),
        "pipeline": lambda: list_deals(catalog, settings, TODAY, everything),
        "pipeline --flow": lambda: measure_flow(list_histories(catalog, settings, TODAY), settings),
        "pipeline --since": lambda: list_changes(catalog, settings, TODAY, date(2026, 10, 1), everything),
        "pipeline --target": lambda: list_targets(catalog, settings, TODAY, choose_period(settings, TODAY)),
        "todo": lambda: list_todos(catalog, TodoFilter()),
        "todo --missing": lambda: list_missing(catalog, settings, TODAY),
        "customer list": lambda: list_customers(catalog, settings, TODAY),
    }


def measure_warm(vault: Path, times: int) -> dict[str, float]:
    """Return report → median CPU seconds of gathering its figures in this process."""
    with open_workspace(vault, today=TODAY) as workspace:
        sync_workspace(workspace)
        return {name: _median(call, times) for name, call in list_calls(workspace).items()}


def _median(call: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.process_time()
        call()
        taken.append(time.process_time() - started)
    return median(taken)


def measure_cold(vault: Path, times: int, python: str) -> dict[str, float]:
    """Return command → median CPU seconds as a fresh process."""
    env = {"NOTEVAULT_TODAY": str(TODAY), "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    base = [python, *find_program(), "--vault", str(vault)]
    return {
        command: measure_command([*base, *command.split()], times=times, env=env).cpu.middle for command in COMMANDS
    }


def main() -> None:
    """Read the command line, measure, print a table."""
    parser = argparse.ArgumentParser(description="Time every report on a year of a sales team.")
    parser.add_argument("--vault", type=Path, metavar="DIR")
    parser.add_argument("--notes", type=int, default=12_000)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vault = options.vault or Path(folder, "vault")
        os.environ.setdefault("NOTEVAULT_CACHE", str(Path(folder, "cache")))
        if options.vault is None:
            generate_team(vault, options.notes)
        print(describe_machine())
        for title, figures in (
            ("warm", measure_warm(vault, options.times)),
            ("cold", measure_cold(vault, options.times, sys.executable)),
        ):
            for name, seconds in figures.items():
                print(f"{title}  {seconds:5.2f} s  {name}")


if __name__ == "__main__":
    main()
