"""What the reports share: their options, a period that looks back, and the ways out."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from notevault.cli.base import marked, option
from notevault.cli.completion import complete_owners
from notevault.cli.document import print_document, write_document
from notevault.cli.output import print_rows
from notevault.config import Settings
from notevault.dates import parse_range
from notevault.messages import gettext as _
from notevault.report.choosing import choose_owners
from notevault.report.document import Document
from notevault.report.rows import make_row
from notevault.workspace import Workspace


def owner_option(text: str) -> Callable[[Any], Any]:
    """Add ``--owner``; ``text`` says whose what it chooses."""
    return option("--owner", metavar="NAME", shell_complete=complete_owners, help=text)


def out_option(function: Any) -> Any:  # noqa: ANN401 -- click's own decorators
    """Add ``-o``."""
    return option(
        "-o",
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=marked("Write FILE.md or FILE.html."),
    )(function)


def read_past(text: str, settings: Settings, today: date) -> tuple[date, date]:
    """Return first and last day of a period that looks back: 90d, 2026-10, this-month; raises click.UsageError."""
    period = parse_range(text, today, fiscal_start_month=settings.fiscal_year_start, prefer="past")
    if period is None:
        raise click.UsageError(
            _("'{text}' is no period; try today, this-month, 90d, 2026-11, 2026-Q3, 2026-11-01..2026-11-30").format(
                text=text
            )
        )
    return period


def find_owners(workspace: Workspace, owner: str | None) -> tuple[str, ...] | None:
    """Return the owners that ``--owner`` means, None for all."""
    return choose_owners(workspace.catalog, workspace.settings, owner) if owner else None


def put_out(
    values: Sequence[object], fields: Sequence[str], output: str | None, page: Document, out: Path | None
) -> None:
    """Print the values for programs, write the page to a file, or print it."""
    if output != "table":
        print_rows([make_row(value) for value in values], (), output, fields)
    elif out is not None:
        write_document(page, out)
    else:
        print_document(page)
