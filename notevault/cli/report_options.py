"""What the reports share: their options, and the ways out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from notevault.cli.base import marked, option
from notevault.cli.completion import complete_owners
from notevault.cli.document import put_document
from notevault.cli.output import print_rows
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


def find_owners(workspace: Workspace, owner: str | None) -> tuple[str, ...] | None:
    """Return the owners that ``--owner`` means, None for all."""
    return choose_owners(workspace.catalog, workspace.settings, owner) if owner else None


def put_out(
    values: Sequence[object], fields: Sequence[str], output: str | None, page: Document, out: Path | None
) -> None:
    """Print the values for programs, write the page to a file, or print it."""
    if output != "table":
        print_rows([make_row(value) for value in values], (), output, fields)
    else:
        put_document(page, out)
