"""Headings, task items and links of a Markdown text, with positions.

A scanner over lines, linear in the length of the text. It knows of CommonMark what decides whether a line is
code, comment, heading or task; everything else is left as text. Front matter is cut off before.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from notevault.model import Link, Section, Span, Task

_LINE: Final = re.compile(r"([^\r\n]*+)(?:\r\n?|\n|\Z)")
_QUOTE: Final = re.compile(r"(?:[ ]{0,3}>[ \t]?)++")
_ATX: Final = re.compile(r"[ ]{0,3}(#{1,6})(?:[ \t\u3000]+(.*)|)$")
_FENCE: Final = re.compile(r"[ \t]*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM: Final = re.compile(r"[ \t]*([-*+]|\d{1,9}[.)])(?:([ \t]+)(?:\[([^\]\r\n])\](?:[ \t\u3000]+|$))?|$)")
_UNDERLINE: Final = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_RULE: Final = re.compile(r"[ ]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,})$")
_RAW_OPEN: Final = re.compile(r"[ ]{0,3}<(?:pre|script|style|textarea)(?:[ \t>]|$)", re.IGNORECASE)
_RAW_CLOSE: Final = re.compile(r"</(?:pre|script|style|textarea)>", re.IGNORECASE)
_BACKTICKS: Final = re.compile(r"`+")
_WIKI_LINK: Final = r"(?P<embed>!?)\[\[(?P<page>[^\[\]|\r\n]+)(?:\|(?P<name>[^\[\]\r\n]*))?\]\]"
_LABEL: Final = r"(?:[^\[\]\\\r\n!]++|!(?!\[)|\\.|!\[[^\[\]\r\n]*\]\([^()\s]*\))*+"
_TARGET: Final = r"(?:<(?P<angle>[^<>\r\n]*)>|(?P<url>(?:[^()\s<]++|\([^()\s]*\))*+))"
_TITLE: Final = r"(?:[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'))?"
_INLINE_LINK: Final = rf"(?P<image>!?)\[(?P<label>{_LABEL})\]\([ \t]*{_TARGET}{_TITLE}[ \t]*\)"
_LINK: Final = re.compile(f"{_WIKI_LINK}|{_INLINE_LINK}")
_TAB_STOP: Final = 4
_CODE_INDENT: Final = 4
_FIRST_OF_BLOCK: Final = frozenset("#`~-*+=0123456789>")
"""No other character begins a line that is more than text."""

Markdown = tuple[tuple[Section, ...], tuple[Task, ...], tuple[Link, ...]]


def parse_markdown(text: str, start: int = 0) -> Markdown:
    """Return sections, tasks and links of ``text[start:]``; positions and line numbers count from the text's begin.

    A setext heading is one line of text with its underline. A task may stand at any depth of a list and in
    block quotes. A comment that is never closed is text. Headings in lists and quotes open no section.
    """
    scanner = _Scanner(text, start)
    scanner.scan()
    return scanner.finished_sections(), tuple(scanner.tasks), tuple(scanner.links)


def _iter_lines(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield each line without its newline, and where it starts."""
    if text.find("\r", start) >= 0:
        for found in _LINE.finditer(text, start):
            yield found[1], found.start()
        return
    for line in text[start:].split("\n"):
        yield line, start
        start += len(line) + 1


class _Fence(NamedTuple):
    character: str
    length: int
    is_quoted: bool
    base: int
    """Content of the list item that holds it begins in this column."""


class _Scanner:
    def __init__(self, text: str, start: int) -> None:
        self.sections: list[Section] = []
        self.tasks: list[Task] = []
        self.links: list[Link] = []
        self._text = text
        self._start = start
        self._line = text.count("\n", 0, start) + text.count("\r", 0, start) - text.count("\r\n", 0, start)
        self._fence: _Fence | None = None
        self._comment_end = -1
        self._may_comment = text.find("<!--", start) >= 0
        self._may_raw = True
        self._items: list[int] = []
        """Columns where the content of the open list items begins, outermost first."""
        self._in_quote = False
        self._others: list[int] = []
        """The items around the block quote that the scanner is in."""
        self._after_blank = True
        self._in_paragraph = False
        self._paragraph: Span | None = None
        """The line before, where a paragraph began with it."""

    def scan(self) -> None:
        for line, start in _iter_lines(self._text, self._start):
            self._line += 1
            if start < self._comment_end:
                self._leave_comment(start, start + len(line))
                continue
            content = line.lstrip()
            if not content:
                self._after_blank = True
                self._in_paragraph = False
                self._paragraph = None
                continue
            if self._fence and self._take_fenced(line, self._fence):
                continue
            indent = 0 if len(content) == len(line) else _indent_of(line)
            if (content[0] == ">") != self._in_quote:
                self._cross_quote(indent)
            if content[0] in _FIRST_OF_BLOCK:
                self._take_special(line, start, indent)
            else:
                self._take_text(line, start, indent, self._paragraph)
            self._after_blank = False

    def _cross_quote(self, indent: int) -> None:
        """Enter or leave a block quote: lists do not reach across its edge, those around it go on behind it."""
        if not self._in_quote:
            self._enclosing(indent)
        self._items, self._others = self._others if self._in_quote else [], self._items
        self._in_quote = not self._in_quote

    def finished_sections(self) -> tuple[Section, ...]:
        finished = []
        ends = [*(section.heading_span.start for section in self.sections[1:]), len(self._text)]
        for section, end in zip(self.sections, ends, strict=False):
            body = Span(start=min(section.body_span.start, end), end=end)
            finished.append(replace(section, body_span=body))
        return tuple(finished)

    def _leave_comment(self, start: int, end: int) -> None:
        """Look only for links in what stands behind a comment on its last line."""
        if end > self._comment_end:
            start = self._comment_end
            self._note_comments(self._text[start:end], start)
            self._add_links(self._text[start:end], start)

    def _take_fenced(self, line: str, fence: _Fence) -> bool:
        """Return whether the line belongs to the fenced block that is open."""
        quote = _QUOTE.match(line) if fence.is_quoted else None
        if (fence.is_quoted and not quote) or _indent_of(line) < fence.base:
            self._fence = None  # the quote or list item that held it has ended
            return False
        content = (line[quote.end() :] if quote else line).strip(" \t")
        if len(content) >= fence.length and not content.strip(fence.character):
            self._fence = None
            self._in_paragraph = False
            self._after_blank = False
        return True

    def _take_special(self, line: str, start: int, indent: int) -> None:
        paragraph, self._paragraph = self._paragraph, None
        quote = _QUOTE.match(line)
        if quote:
            start += quote.end()
            line = line[quote.end() :]
            indent = _indent_of(line)
        if indent >= _CODE_INDENT and self._is_indented_code(indent):
            return
        first = line[indent : indent + 1] if "\t" not in line else line.lstrip()[:1]
        if first in ("`", "~") and self._open_fence(line, self._enclosing(indent), is_quoted=quote is not None):
            return
        if not quote and first in ("#", "-", "=", "*") and self._take_heading(line, start, indent, paragraph):
            return
        if not self._take_item(line, start, indent, line_start=start - (quote.end() if quote else 0)):
            self._take_text(line, start, indent, paragraph, is_quoted=quote is not None)

    def _open_fence(self, line: str, base: int, *, is_quoted: bool) -> bool:
        fence = _FENCE.match(line)
        if fence is None or (not self._items and _indent_of(line) >= _CODE_INDENT):
            return False
        self._fence = _Fence(fence[1][0], len(fence[1]), is_quoted, 0 if is_quoted else base)
        self._in_paragraph = False
        return True

    def _take_heading(self, line: str, start: int, indent: int, paragraph: Span | None) -> bool:
        if self._items and indent >= self._items[0]:  # inside a list item
            return False
        span = Span(start=start, end=start + len(line))
        if found := _ATX.match(line):
            self._add_heading(_without_closing(found[2] or ""), len(found[1]), span, self._line)
        elif paragraph and not self._items and _UNDERLINE.match(line):
            heading = self._text[paragraph.start : paragraph.end].strip()
            level = 1 if "=" in line else 2
            self._add_heading(heading, level, Span(start=paragraph.start, end=span.end), self._line - 1)
        elif _RULE.match(line):
            self._items.clear()
        else:
            return False
        self._in_paragraph = False
        return True

    def _add_heading(self, heading: str, level: int, span: Span, line: int) -> None:
        self._items.clear()
        body = span.end + (2 if self._text.startswith("\r\n", span.end) else 1)
        whole = Span(start=body, end=body)  # its end is known when the next heading is
        section = Section(heading=heading, level=level, heading_span=span, body_span=whole, line=line)
        self.sections.append(section)
        if line == self._line:  # the text above an underline has been looked through
            self._add_links(self._text[span.start : span.end], span.start)

    def _take_item(self, line: str, start: int, indent: int, line_start: int) -> bool:
        item = _ITEM.match(line)
        if item is None:
            return False
        self._enclosing(indent)
        blanks = _indent_of(item[2]) if item[2] else 1
        content = indent + len(item[1]) + (blanks if blanks <= _CODE_INDENT else 1)
        self._items.append(content)
        self._in_paragraph = item.end() < len(line)
        if item[3]:
            self._add_task(item, line, start, Span(start=line_start, end=start + len(line)), indent)
        elif line.startswith(("```", "~~~"), item.end()) and self._open_fence(
            line[item.end() :], content, is_quoted=False
        ):
            return True
        self._note_comments(line, start)
        self._add_links(line, start)
        return True

    def _add_task(self, item: re.Match[str], line: str, start: int, span: Span, indent: int) -> None:
        text = line[item.end() :].rstrip()
        text_start = start + item.end()
        self.tasks.append(
            Task(
                mark=item[3],
                text=text,
                span=span,
                mark_span=Span(start=start + item.start(3), end=start + item.end(3)),
                text_span=Span(start=text_start, end=text_start + len(text)),
                line=self._line,
                indent=indent,
                section=len(self.sections) - 1 if self.sections else None,
            )
        )

    def _take_text(
        self, line: str, start: int, indent: int, paragraph: Span | None, *, is_quoted: bool = False
    ) -> None:
        self._paragraph = None
        if indent >= _CODE_INDENT and self._is_indented_code(indent):
            return
        if self._after_blank:
            self._enclosing(indent)
        if line.startswith("<", indent) and self._skip_raw_html(line, start):
            return
        is_comment = self._may_comment and line.startswith("<!--", indent)
        is_first = not self._in_paragraph and paragraph is None
        self._in_paragraph = not is_comment
        if is_first and not is_comment and not is_quoted and not self._items:
            self._paragraph = Span(start=start, end=start + len(line))
        self._note_comments(line, start)
        self._add_links(line, start)

    def _skip_raw_html(self, line: str, start: int) -> bool:
        """Pass over ``<pre>`` and its like up to the closing tag; one that is never closed is text."""
        if not self._may_raw or not _RAW_OPEN.match(line):
            return False
        close = _RAW_CLOSE.search(self._text, start)
        self._may_raw = close is not None
        if close is None:
            return False
        self._comment_end = close.end()
        self._in_paragraph = False
        return True

    def _is_indented_code(self, indent: int) -> bool:
        return not self._in_paragraph and indent - self._enclosing(indent) >= _CODE_INDENT

    def _enclosing(self, indent: int) -> int:
        """Leave the list items that a line with this indent does not belong to; return where the innermost begins."""
        items = self._items
        while items and indent < items[-1]:
            items.pop()
        return items[-1] if items else 0

    def _note_comments(self, line: str, start: int) -> None:
        """Note where a comment that begins on this line ends."""
        if not self._may_comment or "<!--" not in line:
            return
        at = _without_code(line).find("<!--")
        while at >= 0:
            close = self._text.find("-->", start + at + 4)
            if close < 0:
                self._may_comment = False
                return
            self._comment_end = close + 3
            at = line.find("<!--", self._comment_end - start)

    def _add_links(self, line: str, start: int) -> None:
        if "](" not in line and "[[" not in line:
            return
        for found in _LINK.finditer(_without_comments(_without_code(line))):
            wiki = found["page"] is not None
            target = found["page"] if wiki else found["url"] if found["angle"] is None else found["angle"]
            label = (found["name"] or found["page"]) if wiki else found["label"]
            self.links.append(
                Link(
                    target=target.strip(),
                    label=label.strip(),
                    span=Span(start=start + found.start(), end=start + found.end()),
                    line=self._line,
                    wiki=wiki,
                    image=bool(found["embed"] if wiki else found["image"]),
                )
            )


def _without_code(line: str) -> str:
    """Return the line with code spans replaced by blanks of the same length."""
    if "`" not in line:
        return line
    pieces: list[str] = []
    opened: tuple[int, int] | None = None
    runs = [(found.start(), found.end()) for found in _BACKTICKS.finditer(line)]
    last_of_length = {end - start: start for start, end in runs}
    at = 0
    for start, end in runs:
        if opened is None:
            if last_of_length[end - start] > start:
                opened = (start, end - start)
        elif end - start == opened[1]:
            pieces += [line[at : opened[0]], " " * (end - opened[0])]
            at, opened = end, None
    return "".join([*pieces, line[at:]])


def _without_comments(line: str) -> str:
    pieces, end = [], 0
    while (at := line.find("<!--", end)) >= 0:
        close = line.find("-->", at + 4)
        pieces.append(line[end:at])
        end = close + 3 if close >= 0 else len(line)
        pieces.append(" " * (end - at))
    return "".join([*pieces, line[end:]])


def _without_closing(heading: str) -> str:
    """Return an ATX heading's text without the ``##`` that may close it."""
    heading = heading.strip()
    bare = heading.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t\u3000" else heading


def _indent_of(line: str) -> int:
    """Return how many columns of blanks a line begins with, a TAB reaching to the next multiple of four."""
    blanks = len(line) - len(line.lstrip(" \t"))
    return len(line[:blanks].expandtabs(_TAB_STOP)) if "\t" in line[:blanks] else blanks
