"""Keep what was measured: rows in ``results.json``, and ``RESULTS.md`` rendered from it, one table per benchmark.

A row measured again replaces the one of the same benchmark, work and number of notes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Spread, describe_machine

FOLDER: Final = Path(__file__).parent
_DATA: Final = "results.json"
_PAGE: Final = "RESULTS.md"
_INTRODUCTION: Final = """# Results

Written by the benchmarks, not by hand. Figures are medians (least–greatest). The ratio compares the figure with the
best peer on the same files in the same run: below 1 is better than the peer, for rates above 1.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure with what it is held against."""

    benchmark: str
    """Name of the table."""
    work: str
    notes: int
    unit: str
    """``ms``, ``s``, ``MB``; a unit that ends in ``/s`` is a rate, of which more is better."""
    figures: Spread | None = None
    """None where it could not be measured; the middle one counts."""
    budget: float | None = None
    peers: Mapping[str, float] = field(default_factory=dict)
    """What a user would pick instead: name → figure in the same unit."""
    remark: str = ""
    """What the figure leaves out, or why there is none."""
    machine: str = field(default_factory=describe_machine)

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes a row the same row when it is measured again."""
        return (self.benchmark, self.notes, self.work)

    @property
    def figure(self) -> float | None:
        """The figure that counts."""
        return self.figures.middle if self.figures else None

    @property
    def ratio(self) -> float | None:
        """Figure against the best peer."""
        if self.figure is None or not self.peers:
            return None
        best = max(self.peers.values()) if self.is_rate else min(self.peers.values())
        return self.figure / best if best else None

    @property
    def is_within(self) -> bool | None:
        """Whether the budget holds; None without budget or figure."""
        if self.figure is None or self.budget is None:
            return None
        return self.figure >= self.budget if self.is_rate else self.figure <= self.budget

    @property
    def is_rate(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("/s")


def scaled(figures: Spread, factor: float) -> Spread:
    """Return all three figures times ``factor``."""
    return Spread(low=figures.low * factor, middle=figures.middle * factor, high=figures.high * factor)


def record(rows: Sequence[Row], *, folder: Path = FOLDER) -> None:
    """Add rows to the results and render the page anew."""
    merged = {row.key: row for row in [*load_rows(folder), *rows]}
    ordered = sorted(merged.values(), key=lambda row: (row.benchmark, row.notes))
    data = [{key: _rounded(value) for key, value in asdict(row).items()} for row in ordered]
    _replace(folder / _DATA, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    _replace(folder / _PAGE, render_results(ordered))


def load_rows(folder: Path = FOLDER) -> list[Row]:
    """Return all rows recorded so far."""
    path = folder / _DATA
    if not path.exists():
        return []
    data: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [Row(**{**row, "figures": Spread(**row["figures"]) if row["figures"] else None}) for row in data]


def render_results(rows: Sequence[Row]) -> str:
    """Return the page: a table for each benchmark, in the order of the rows."""
    parts = [_INTRODUCTION]
    for benchmark, group in groupby(rows, key=lambda row: row.benchmark):
        table = list(group)
        machines = dict.fromkeys(row.machine for row in table)
        parts.append(f"## {benchmark}\n\n{'; '.join(machines)}.\n\n" + "\n".join(_table(table)) + "\n")
    return "\n".join(parts)


def _table(rows: Sequence[Row]) -> list[str]:
    lines = ["| work | notes | budget | figure | peers | ratio | kept | remark |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        sign = "≥" if row.is_rate else "≤"
        budget = "" if row.budget is None else f"{sign} {_shown(row.budget)} {row.unit}"
        peers = ", ".join(f"{name} {_shown(figure)} {row.unit}" for name, figure in row.peers.items())
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        kept = {True: "yes", False: "**no**", None: ""}[row.is_within]
        cells = (row.work, f"{row.notes:,}", budget, _figure(row), peers, ratio, kept, row.remark.replace("|", "\\|"))
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _figure(row: Row) -> str:
    if row.figures is None:
        return "not measured"
    low, middle, high = (_shown(figure) for figure in (row.figures.low, row.figures.middle, row.figures.high))
    return f"{middle} {row.unit}" if low == high else f"{middle} ({low}–{high}) {row.unit}"


def _shown(figure: float) -> str:
    if abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 10 else f"{figure:.2g}"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    return {key: _rounded(part) for key, part in value.items()} if isinstance(value, dict) else value


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8", newline="\n")
    fresh.replace(path)
