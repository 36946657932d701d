r"""``--format '{date} {customer:20} {title}'``: fields of a row by name, cut or filled to a width in terminal cells.

Nothing is evaluated: a name, and after a colon an optional ``<`` or ``>`` with a width. ``{{`` and ``}}`` are braces,
``\t`` and ``\n`` a tab and a new line.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from notevault.cli.output import Row, clip, display_width, plain
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.text import closest

_PIECE: Final = r"\{\{|\}\}|\\[tn\\]|\{([^{}:]*)(?::([^{}]*))?\}|[{}]"
_WIDTH: Final = r"([<>]?)([0-9]{1,3})"
_PLAIN: Final = {"{{": "{", "}}": "}", r"\t": "\t", r"\n": "\n", "\\\\": "\\"}

Piece = Callable[[Row], str]


class LineFormatError(NotevaultError):
    """A format that cannot be read."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(_("--format: {reason}").format(reason=reason), hint)


def parse_line_format(text: str, fields: Sequence[str]) -> Callable[[Row], str]:
    """Return a function that makes a line of a row. Raises LineFormatError naming the nearest field."""
    pieces: list[Piece] = []
    at = 0
    for found in re.finditer(_PIECE, text):
        pieces.append(_fixed(text[at : found.start()]))
        at = found.end()
        if found[0] in _PLAIN:
            pieces.append(_fixed(_PLAIN[found[0]]))
        elif found[1] is None:
            raise LineFormatError(_("a brace stands alone at character {column}").format(column=found.start() + 1))
        else:
            pieces.append(_field(found[1].strip(), (found[2] or "").strip(), fields))
    pieces.append(_fixed(text[at:]))
    return lambda row: "".join(piece(row) for piece in pieces)


def _fixed(text: str) -> Piece:
    return lambda _row: text


def _field(name: str, width: str, fields: Sequence[str]) -> Piece:
    if name not in fields:
        near = closest(name, fields)
        hint = _("did you mean {value}?").format(value=near) if near else ""
        known = _("there are: {names}").format(names=", ".join(fields))
        raise LineFormatError(_("there is no field {name}").format(name=f"{{{name}}}"), hint or known)
    if not width:
        return lambda row: _text(row, name)
    found = re.fullmatch(_WIDTH, width)
    if found is None:
        hint = _("for example {example}").format(example=f"{{{name}:20}}, {{{name}:>12}}")
        raise LineFormatError(_("{width} is no width").format(width=width), hint)
    cells, to_the_right = int(found[2]), found[1] == ">"

    def fitted(row: Row) -> str:
        shown = clip(_text(row, name), cells)
        blanks = " " * (cells - display_width(shown))
        return blanks + shown if to_the_right else shown + blanks

    return fitted


def _text(row: Row, name: str) -> str:
    value = row[name]
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    return plain(str(value))
