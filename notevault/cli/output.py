"""Rows for people and for programs: aligned tables, JSON, JSON lines, CSV.

On a terminal a table is cut to its width; in a pipe nothing is cut and nothing is coloured.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import click

from notevault.cli.base import marked, option
from notevault.records import record

FORMATS: Final = ("table", "json", "jsonl", "csv")
Row = dict[str, Any]
"""Field → value, in the order of the documented contract."""
_NARROWEST: Final = 6
_NEVER_FIRST: Final = "、。，．・：；？！）」』】〕〉》ー～…"
"""Signs that begin no line of Japanese."""
_WIDE: Final = 2
"""Cells of a wide character; a line may break beside one."""
_GAP: Final = 2


@record
class Column:
    """One column of a table for people."""

    heading: str
    value: Callable[[Row], str]
    right: bool = False
    flexible: bool = False
    """Gives way first where the terminal is narrow."""
    colour: Callable[[Row], str | None] | None = None


def format_options(function: Any) -> Any:  # noqa: ANN401 -- click's own decorators
    """Add ``--json``, ``--jsonl`` and ``--csv``; the chosen one arrives as ``output``."""
    for name, text in (
        ("csv", marked("Print CSV with a header.")),
        ("jsonl", marked("Print one JSON object a line.")),
        ("json", marked("Print JSON.")),
    ):
        function = option(f"--{name}", "output", flag_value=name, help=text)(function)
    return option("--table", "output", flag_value="table", default="table", hidden=True, help="")(function)


def print_rows(rows: Sequence[Row], columns: Sequence[Column], output: str | None, fields: Sequence[str] = ()) -> None:
    """Print ``rows`` in the chosen form; ``fields`` names the CSV columns where there may be no row."""
    match output:
        case "json":
            print_json(rows)
        case "jsonl":
            for row in rows:
                click.echo(json.dumps(row, ensure_ascii=False, default=_jsonable))
        case "csv":
            print_csv(rows, fields or (list(rows[0]) if rows else []))
        case _:
            click.echo(render_table(rows, columns, terminal_width()), nl=False)


def print_json(value: object) -> None:
    """Print one JSON value, indented, Japanese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_jsonable))


def print_csv(rows: Iterable[Row], fields: Sequence[str]) -> None:
    """Print a header and rows, everything quoted, lists joined by ``; ``."""
    import csv  # noqa: PLC0415 -- start-up time
    import io  # noqa: PLC0415

    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([_cell(row.get(field)) for field in fields] for row in rows)
    click.echo(out.getvalue(), nl=False)


def terminal_width() -> int | None:
    """Return the width to cut tables to, None in a pipe."""
    if not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size  # noqa: PLC0415 -- start-up time

    return get_terminal_size((100, 24)).columns


def render_table(rows: Sequence[Row], columns: Sequence[Column], width: int | None) -> str:
    """Return an aligned table with a heading line; '' where there are no rows."""
    if not rows:
        return ""
    cells = [[plain(column.value(row)) for column in columns] for row in rows]
    widths = [
        max(display_width(column.heading), *(display_width(line[at]) for line in cells))
        for at, column in enumerate(columns)
    ]
    if width is not None:
        widths = _shrink(widths, columns, width)
    lines = [click.style(_line([column.heading for column in columns], columns, widths), bold=True)]
    for row, line in zip(rows, cells, strict=True):
        lines.append(_line(line, columns, widths, row))
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=8192)
def display_width(text: str) -> int:
    """Return how many terminal cells ``text`` takes."""
    from wcwidth import wcswidth  # noqa: PLC0415 -- start-up time

    width = wcswidth(text)
    return width if width >= 0 else len(text)


@lru_cache(maxsize=4096)
def _cells(char: str) -> int:
    from wcwidth import wcwidth  # noqa: PLC0415 -- start-up time

    cells: int = max(wcwidth(char), 0)
    return cells


def clip(text: str, width: int) -> str:
    """Return ``text`` cut to ``width`` cells, ending in … where something was cut."""
    if display_width(text) <= width:
        return text
    taken, at = 0, 0
    for at, char in enumerate(text):
        taken += _cells(char)
        if taken > width - 1:
            return text[:at] + "…"
    return text[: at + 1]


def wrap(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` cells, broken at blanks, and between any two wide characters."""
    if text and display_width(text) <= width and not text.startswith(" "):
        return [text.rstrip()]
    lines: list[str] = []
    line, taken, cut = "", 0, 0
    for char in " ".join(text.split(" ")):
        cells = _cells(char)
        if taken + cells > max(width, 2) and line:
            at = cut if (cells < _WIDE and char != " ") or char in _NEVER_FIRST else len(line)
            at = at or len(line)
            lines.append(line[:at].rstrip())
            line = line[at:]
            taken, cut = display_width(line), 0
        if char == " " and not line:
            continue
        if line and char not in _NEVER_FIRST and _WIDE in (cells, _cells(line[-1])):
            cut = len(line)
        line += char
        taken += cells
        if char == " ":
            cut = len(line)
    return [*lines, line.rstrip()] if line.strip() else lines


def _line(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int], row: Row | None = None) -> str:
    pieces = []
    for text, column, width in zip(texts, columns, widths, strict=True):
        shown = clip(text, width)
        blanks = " " * (width - display_width(shown))
        colour = column.colour(row) if column.colour and row is not None else None
        shown = click.style(shown, fg=colour) if colour else shown
        pieces.append(blanks + shown if column.right else shown + blanks)
    return (" " * _GAP).join(pieces).rstrip()


def _shrink(widths: Sequence[int], columns: Sequence[Column], width: int) -> list[int]:
    shrunk = list(widths)
    excess = sum(shrunk) + _GAP * (len(shrunk) - 1) - width
    for flexible in (True, False):
        while excess > 0:
            candidates = [at for at, c in enumerate(columns) if c.flexible is flexible and shrunk[at] > _NARROWEST]
            if not candidates:
                break
            widest = max(candidates, key=lambda at: shrunk[at])
            shrunk[widest] -= 1
            excess -= 1
    return shrunk


def plain(text: str) -> str:
    """Return text that cannot steer the terminal: notes may come from someone else."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def _cell(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return "; ".join(str(_cell(item)) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=_jsonable)
    return "" if value is None else _jsonable(value) if isinstance(value, (date, datetime)) else value


def _jsonable(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
