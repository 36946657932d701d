"""A report as a document: headings, facts, tables, lists.

Rendered as Markdown here, as HTML in :mod:`notevault.report.html`, on the terminal by the command line. No text in it
is trusted: each rendering escapes what it must.
"""

from collections.abc import Sequence
from typing import Literal

from notevault.records import record

Tone = Literal["", "good", "warn", "bad", "muted"]
"""How a cell or an item is meant."""


@record
class Heading:
    """A heading below the document's title."""

    text: str
    level: int = 2


@record
class Facts:
    """Label and value, one a line."""

    rows: tuple[tuple[str, str], ...]


@record
class Cell:
    """One value of a table."""

    text: str
    tone: Tone = ""


@record
class Table:
    """Rows of values."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: frozenset[int] = frozenset()
    """Columns of numbers."""
    flexible: frozenset[int] = frozenset()
    """Columns that give way first where the page is narrow."""


@record
class Item:
    """One point of a list, with lines of detail below it."""

    text: str
    details: tuple[str, ...] = ()
    tone: Tone = ""
    box: bool | None = None
    """A tick box: ticked, empty, or none."""


@record
class Items:
    """A list."""

    items: tuple[Item, ...]


@record
class Remark:
    """A line of text."""

    text: str
    tone: Tone = "muted"


@record
class Drawing:
    """A plot of what a table or facts beside it say: shown by HTML only."""

    markup: str
    """SVG and HTML made by this package, every text in it escaped."""
    heading: str = ""


Block = Heading | Facts | Table | Items | Remark | Drawing


@record
class Document:
    """A page."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""


def make_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | Cell]],
    *,
    right: Sequence[int] = (),
    flexible: Sequence[int] = (),
) -> Table:
    """Return a table of texts and cells; columns that are blank in every row are left out."""
    cells = [[each if isinstance(each, Cell) else Cell(text=each) for each in row] for row in rows]
    kept = [at for at in range(len(headings)) if any(row[at].text for row in cells)]
    return Table(
        headings=tuple(headings[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in cells),
        right=frozenset(place for place, at in enumerate(kept) if at in right),
        flexible=frozenset(place for place, at in enumerate(kept) if at in flexible),
    )


def render_markdown(document: Document) -> str:
    """Return the document as Markdown (GFM)."""
    parts = [f"# {_line(document.title)}"]
    if document.subtitle:
        parts.append(_line(document.subtitle))
    return "\n\n".join(part for part in (*parts, render_blocks(document.blocks)) if part) + "\n"


def render_blocks(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown without a newline at the end."""
    return "\n\n".join(part for part in map(_render_block, blocks) if part)


def _render_block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {_line(block.text)}"
        case Facts():
            return "\n".join(f"- {_line(label)}: {_line(value)}" for label, value in block.rows)
        case Table():
            return _render_table(block)
        case Items():
            return "\n".join(_render_item(item) for item in block.items)
        case Remark():
            return _line(block.text)
        case Drawing():
            return ""


def _render_table(table: Table) -> str:
    rule = ["---:" if at in table.right else "---" for at in range(len(table.headings))]
    rows = [[_cell(heading) for heading in table.headings], rule, *([_cell(c.text) for c in row] for row in table.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _render_item(item: Item) -> str:
    box = "" if item.box is None else "[x] " if item.box else "[ ] "
    return "\n".join([f"- {box}{_line(item.text)}", *(f"  - {_line(detail)}" for detail in item.details)])


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    """Return text on one line that opens no HTML of its own."""
    return " ".join(text.split()).replace("<", "&lt;")
