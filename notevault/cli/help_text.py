"""Help pages whose lines fit the terminal where characters are twice as wide."""

from collections.abc import Iterable

import click
from wcwidth import wcwidth

from notevault.cli.output import display_width

NOT_FIRST = "、。，．・：；？！）」』】ー…ゃゅょっャュョッ"
"""What must not begin a line."""
_WIDEST_TERM = 30


class HelpFormatter(click.HelpFormatter):
    """click's formatter, measuring terminal cells instead of characters."""

    def write_text(self, text: str) -> None:
        """Write paragraphs, wrapped; those that begin with click's mark for it keep their lines."""
        room = max(self.width - self.current_indent, 20)
        blank = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write("\n")
            kept = paragraph.startswith("\b\n")
            lines = paragraph[2:].splitlines() if kept else wrap(" ".join(paragraph.split()), room)
            self.write("".join(f"{blank}{line}\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _WIDEST_TERM, col_spacing: int = 2) -> None:
        """Write terms with their meanings beside them."""
        rows = list(rows)
        term_width = min(max((display_width(term) for term, _text in rows), default=0), col_max)
        blank = " " * self.current_indent
        indent = blank + " " * (term_width + col_spacing)
        room = max(self.width - display_width(indent), 20)
        for term, text in rows:
            lines = wrap(" ".join(text.split()), room) or [""]
            if display_width(term) > term_width:
                self.write(f"{blank}{term}\n{indent}{lines[0]}\n")
            else:
                self.write(
                    f"{blank}{term}{' ' * (term_width - display_width(term) + col_spacing)}{lines[0]}".rstrip() + "\n"
                )
            self.write("".join(f"{indent}{line}\n" for line in lines[1:]))


def wrap(text: str, room: int) -> list[str]:
    """Return lines of at most ``room`` cells: broken at blanks, and between full-width characters."""
    lines: list[str] = []
    line, width, break_at = "", 0, 0
    for char in text:
        size = max(wcwidth(char), 0)
        if width + size > room and char not in NOT_FIRST and line:
            cut = break_at or len(line)
            lines.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
            width, break_at = display_width(line), 0
        if (char == " " or size > 1) and char not in NOT_FIRST:
            break_at = len(line)
        line += char
        width += size
        if size > 1:
            break_at = len(line)
    return [*lines, line.strip()] if line.strip() else lines
