"""The lines of a section as reports quote them."""

import re
from typing import Final

from notevault.text import without_comments

_TASK: Final = re.compile(r"[-*+]\s+\[.\](?:\s|\Z)")
_MARK: Final = re.compile(r"(?:[-*+・●>]|\d{1,2}[.)])(?:\s+|\Z)")


def quote_lines(body: str) -> tuple[str, ...]:
    """Return what a section says, line by line, without comments and list marks; ToDos are listed elsewhere."""
    written = (line.strip() for line in without_comments(body).splitlines())
    return tuple(said for line in written if not _TASK.match(line) and (said := unmark(line)))


def unmark(line: str) -> str:
    """Return a line without the mark of a list or a quotation that it begins with, and without blanks around it."""
    line = line.strip()
    mark = _MARK.match(line)
    return line[mark.end() :] if mark else line
