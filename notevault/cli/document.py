"""A document on the terminal, or in a file as Markdown or HTML."""

import os
from pathlib import Path

import click

from notevault.cli.base import say
from notevault.cli.output import Column, Row, display_width, render_table, terminal_width, wrap
from notevault.errors import WriteRefusedError
from notevault.messages import current_language
from notevault.messages import gettext as _
from notevault.report.document import (
    Block,
    Document,
    Drawing,
    Facts,
    Heading,
    Item,
    Items,
    Remark,
    Table,
    Tone,
    render_markdown,
)

_COLOURS: dict[Tone, str | None] = {"good": "green", "warn": "yellow", "bad": "red", "muted": "bright_black"}
_WIDEST = 120
_LEAST = 16
"""Cells that a column needs to be read."""
_HEAD = 3
_HTML = (".html", ".htm")


def print_document(document: Document) -> None:
    """Print a document for people, as wide as the terminal."""
    width = terminal_width()
    click.secho(_plain(document.title), bold=True)
    if document.subtitle:
        click.echo(_plain(document.subtitle))
    for block in document.blocks:
        _print_block(block, width)


def put_document(document: Document, out: Path | None) -> None:
    """Write a document where a file is named, else print it."""
    if out is not None:
        write_document(document, out)
    else:
        print_document(document)


def write_document(document: Document, path: Path) -> None:
    """Write a document: HTML where the name ends so, else Markdown. Raises WriteRefusedError."""
    if path.suffix.lower() in _HTML:
        from notevault.report.html import render_html  # noqa: PLC0415 -- only where it is needed

        text = render_html(document, language=current_language())
    else:
        text = render_markdown(document)
    write_text(path, text)


def write_text(path: Path, text: str) -> None:
    """Write a report's file, over an older one, and say so. Raises WriteRefusedError."""
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        raise WriteRefusedError(path, error.strerror or str(error)) from error
    say(_("written: {path}").format(path=os.fspath(path)))


def _print_block(block: Block, width: int | None) -> None:
    match block:
        case Heading():
            click.echo()
            click.secho(_plain(block.text), bold=True, underline=block.level == 2)  # noqa: PLR2004
        case Facts():
            _print_facts(block, width)
        case Table():
            _print_table(block, width)
        case Items():
            for item in block.items:
                _print_item(item, width)
        case Drawing():
            pass
        case Remark():
            for line in wrap(_plain(block.text), width or _WIDEST):
                click.secho(line, fg=_COLOURS.get(block.tone))


def _print_facts(facts: Facts, width: int | None) -> None:
    indent = max((display_width(label) for label, _value in facts.rows), default=0) + 2
    for label, value in facts.rows:
        blanks = " " * (indent - display_width(label))
        first, *rest = wrap(_plain(value), (width or 10_000) - indent) or [""]
        click.echo(click.style(label, fg="bright_black") + blanks + first)
        for line in rest:
            click.echo(" " * indent + line)


def _print_table(table: Table, width: int | None) -> None:
    if width is not None and _is_too_narrow(table, width):
        _print_stacked(table, width)
        return
    columns = [_column(table, at, heading) for at, heading in enumerate(table.headings)]
    rows: list[Row] = [{str(at): cell for at, cell in enumerate(row)} for row in table.rows]
    click.echo(render_table(rows, columns, width), nl=False)


def _is_too_narrow(table: Table, width: int) -> bool:
    """Say whether the columns that give way would be left with too little to be read."""
    natural = [
        max(display_width(each) for each in (heading, *(row[at].text for row in table.rows)))
        for at, heading in enumerate(table.headings)
    ]
    excess = sum(natural) + 2 * (len(natural) - 1) - width
    yielding = sum(max(0, natural[at] - _LEAST) for at in table.flexible)
    return excess > yielding


def _print_stacked(table: Table, width: int) -> None:
    """Print each row over several lines: its first cells, then the others below."""
    for row in table.rows:
        head = "  ".join(_plain(cell.text) for cell in row[:_HEAD] if cell.text)
        for line in wrap(head, width):
            click.secho(line, fg=next((_COLOURS.get(cell.tone) for cell in row[:_HEAD] if cell.tone), None))
        rest = " · ".join(_plain(cell.text) for cell in row[_HEAD:] if cell.text)
        for line in wrap(rest, width - 2):
            click.secho("  " + line, fg="bright_black")


def _column(table: Table, at: int, heading: str) -> Column:
    key = str(at)
    return Column(
        heading=heading,
        value=lambda row: row[key].text,
        right=at in table.right,
        flexible=at in table.flexible,
        colour=lambda row: _COLOURS.get(row[key].tone),
    )


def _print_item(item: Item, width: int | None) -> None:
    mark = "• " if item.box is None else "[x] " if item.box else "[ ] "
    indent = display_width(mark)
    lines = wrap(_plain(item.text), (width or 10_000) - indent) or [""]
    for at, line in enumerate(lines):
        click.secho((mark if at == 0 else " " * indent) + line, fg=_COLOURS.get(item.tone))
    for detail in item.details:
        for line in wrap(_plain(detail), (width or 10_000) - indent):
            click.secho(" " * indent + line, fg="bright_black")


def _plain(text: str) -> str:
    """Return text that cannot move the cursor: notes may come from someone else."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())
