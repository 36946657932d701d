"""Headings, task items and links of a Markdown text, with positions.

A scanner over lines, linear in the length of the text. It knows of CommonMark what decides whether a line is
code, comment, heading or task; everything else is left as text. Front matter is cut off before.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from notevault.model import Link, Section, Span, Task

_LINE: Final = re.compile(r"[^\r\n]*+(\r\n?|\n|\Z)")
_QUOTE: Final = re.compile(r"(?:[ ]{0,3}>[ \t]?)++")
_ATX: Final = re.compile(r"[ ]{0,3}(#{1,6})(?:[ \t\u3000]+(.*)|)$")
_FENCE: Final = re.compile(r"[ \t]*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM: Final = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:([ \t]+)|$)")
_CHECKBOX: Final = re.compile(r"\[([^\]\r\n])\](?:[ \t\u3000]+|$)")
_UNDERLINE: Final = re.compile(r"[ ]{0,3}(=+|-+)[ \t]*$")
_RULE: Final = re.compile(r"[ ]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_CODE_SPAN: Final = re.compile(r"(`+)(?!`)(?:[^`]++|(?!\1(?!`))`++)*+\1(?!`)")
_WIKI_LINK: Final = r"(?P<embed>!?)\[\[(?P<page>[^\[\]|\r\n]+)(?:\|(?P<name>[^\[\]\r\n]*))?\]\]"
_LABEL: Final = r"(?:[^\[\]\\\r\n]++|\\.|!\[[^\[\]\r\n]*\]\([^()\s]*\))*+"
_TARGET: Final = r"(?:<(?P<angle>[^<>\r\n]*)>|(?P<url>(?:[^()\s<]++|\([^()\s]*\))*+))"
_TITLE: Final = r"(?:[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'))?"
_INLINE_LINK: Final = rf"(?P<image>!?)\[(?P<label>{_LABEL})\]\([ \t]*{_TARGET}{_TITLE}[ \t]*\)"
_LINK: Final = re.compile(f"{_WIKI_LINK}|{_INLINE_LINK}")
_TAB_STOP: Final = 4
_CODE_INDENT: Final = 4
_SPECIAL: Final = frozenset("#`~-*+=0123456789<>")

Markdown = tuple[tuple[Section, ...], tuple[Task, ...], tuple[Link, ...]]


def parse_markdown(text: str, start: int = 0) -> Markdown:
    """Return sections, tasks and links of ``text[start:]``; positions and line numbers count from the text's begin.

    A setext heading is one line of text with its underline. A task may stand at any depth of a list and in
    block quotes. A comment that is never closed is text.
    """
    scanner = _Scanner(text, start)
    scanner.scan()
    return scanner.finished_sections(), tuple(scanner.tasks), tuple(scanner.links)


@dataclass(slots=True)
class _Fence:
    character: str
    length: int
    quoted: bool
    base: int


class _Scanner:
    def __init__(self, text: str, start: int) -> None:
        self.sections: list[Section] = []
        self.tasks: list[Task] = []
        self.links: list[Link] = []
        self._text = text
        self._start = start
        self._line_number = text.count("\n", 0, start) + text.count("\r", 0, start) - text.count("\r\n", 0, start)
        self._fence: _Fence | None = None
        self._comment_end = -1
        self._comments = True
        self._items: list[int] = []
        self._blank = True
        self._paragraph: tuple[int, int] | None = None
        """The line before, where it is a paragraph of one line so far."""
        self._in_paragraph = False

    def scan(self) -> None:
        for found in _LINE.finditer(self._text, self._start):
            start, end = found.start(), found.start(1)
            if start == end and start == len(self._text):
                return
            self._line_number += 1
            self._scan_line(start, end)

    def finished_sections(self) -> tuple[Section, ...]:
        finished = []
        ends = [*(section.heading_span.start for section in self.sections[1:]), len(self._text)]
        for section, end in zip(self.sections, ends, strict=False):
            body = Span(start=min(section.body_span.start, end), end=end)
            finished.append(replace(section, body_span=body))
        return tuple(finished)

    def _scan_line(self, start: int, end: int) -> None:
        if start < self._comment_end:
            if end <= self._comment_end:
                return
            start = self._comment_end  # what stands behind a comment on its last line is text
        line = self._text[start:end]
        content = line.lstrip(" \t")
        if not content:
            self._take_blank(line)
            return
        if self._fence and self._take_fenced(line):
            return
        paragraph, self._paragraph = self._paragraph, None
        if content[0] not in _SPECIAL:
            self._take_text(line, start, end, paragraph)
        else:
            self._take_special(line, start, end, paragraph)
        self._blank = False

    def _take_blank(self, _line: str) -> None:
        self._blank = True
        self._paragraph = None
        self._in_paragraph = False

    def _take_fenced(self, line: str) -> bool:
        """Return whether the line belongs to the fenced block that is open."""
        fence = self._fence
        assert fence is not None  # noqa: S101 -- asked by the only caller
        quote = _QUOTE.match(line)
        if (fence.quoted and not quote) or (_indent_of(line) < fence.base and not fence.quoted):
            self._fence = None  # the quote or list item that held it has ended
            return False
        content = line[quote.end() if fence.quoted and quote else 0 :].strip(" \t")
        if content and not content.strip(fence.character) and len(content) >= fence.length:
            self._fence = None
        return True

    def _take_special(self, line: str, start: int, end: int, paragraph: tuple[int, int] | None) -> None:
        quote = _QUOTE.match(line)
        inner, at = (line[quote.end() :], start + quote.end()) if quote else (line, start)
        indent = _indent_of(inner)
        if self._is_indented_code(indent):
            return
        if fence := _FENCE.match(inner):
            base = self._enclosing(indent)
            if indent - base < _CODE_INDENT:
                self._fence = _Fence(fence[1][0], len(fence[1]), quote is not None, 0 if quote else base)
                self._in_paragraph = False
                return
        if quote is None and self._take_heading(line, start, end, paragraph):
            return
        if self._take_item(inner, at, start, end):
            return
        self._take_text(inner, at, end, paragraph if quote is None else None, quoted=quote is not None)

    def _take_heading(self, line: str, start: int, end: int, paragraph: tuple[int, int] | None) -> bool:
        if found := _ATX.match(line):
            self._add_heading(_without_closing(found[2] or ""), len(found[1]), Span(start=start, end=end), 0)
        elif paragraph and not self._items and (found := _UNDERLINE.match(line)):
            heading = self._text[paragraph[0] : paragraph[1]].strip()
            span = Span(start=paragraph[0], end=end)
            self._add_heading(heading, 1 if found[1][0] == "=" else 2, span, 1)
        elif _RULE.match(line):
            self._items.clear()
        else:
            return False
        self._in_paragraph = False
        return True

    def _add_heading(self, heading: str, level: int, span: Span, lines_before: int) -> None:
        self._items.clear()
        body = span.end + len(_newline_at(self._text, span.end))
        self.sections.append(
            Section(
                heading=heading,
                level=level,
                heading_span=span,
                body_span=Span(start=body, end=len(self._text)),
                line=self._line_number - lines_before,
            )
        )
        self._add_links(span.start, span.end)

    def _take_item(self, inner: str, at: int, start: int, end: int) -> bool:
        item = _ITEM.match(inner)
        if item is None:
            return False
        indent = _indent_of(inner)
        self._enclosing(indent)
        blanks = len((item[2] or " ").expandtabs(_TAB_STOP))
        marker = len(item[0].strip(" \t"))
        self._items.append(indent + marker + (blanks if blanks <= _CODE_INDENT else 1))
        self._in_paragraph = True
        if box := _CHECKBOX.match(inner, item.end()):
            self._add_task(box, at, indent, Span(start=start, end=end))
        self._skip_comments(at + item.end(), end)
        self._add_links(at, end)
        return True

    def _add_task(self, box: re.Match[str], at: int, indent: int, span: Span) -> None:
        written = self._text[at + box.end() : span.end].rstrip()
        text_start = at + box.end()
        self.tasks.append(
            Task(
                mark=box[1],
                text=written,
                span=span,
                mark_span=Span(start=at + box.start(1), end=at + box.end(1)),
                text_span=Span(start=text_start, end=text_start + len(written)),
                line=self._line_number,
                indent=indent,
                section=len(self.sections) - 1 if self.sections else None,
            )
        )

    def _take_text(
        self, inner: str, at: int, end: int, paragraph: tuple[int, int] | None, *, quoted: bool = False
    ) -> None:
        indent = _indent_of(inner)
        if self._is_indented_code(indent):
            return
        if self._blank:
            self._enclosing(indent)
        self._skip_comments(at, end)
        is_first = not self._in_paragraph and paragraph is None and indent < _CODE_INDENT
        self._in_paragraph = not inner.lstrip().startswith("<!--")
        if is_first and not quoted and not self._items and self._in_paragraph:
            self._paragraph = (at, end)
        self._add_links(at, end)

    def _is_indented_code(self, indent: int) -> bool:
        if indent < _CODE_INDENT or (self._in_paragraph and not self._blank):
            return False
        base = self._items[-1] if self._items else 0
        while self._items and indent < base:
            self._items.pop()
            base = self._items[-1] if self._items else 0
        return indent - base >= _CODE_INDENT

    def _enclosing(self, indent: int) -> int:
        """Leave the list items that a line with this indent no longer belongs to; return where the rest begins."""
        while self._items and indent < self._items[-1]:
            self._items.pop()
        return self._items[-1] if self._items else 0

    def _skip_comments(self, start: int, end: int) -> None:
        """Note where a comment that begins on this line ends."""
        text = self._text
        at = text.find("<!--", start, end) if self._comments else -1
        while at >= 0:
            close = text.find("-->", at + 4)
            if close < 0:
                self._comments = False
                return
            self._comment_end = close + 3
            at = text.find("<!--", close + 3, end)

    def _add_links(self, start: int, end: int) -> None:
        text = self._text
        if text.find("[", start, end) < 0:
            return
        line = _blank_out(text[start:end]) if "`" in text[start:end] or "<!--" in text[start:end] else text[start:end]
        for found in _LINK.finditer(line):
            wiki = found["page"] is not None
            target = found["page"] if wiki else found["angle"] if found["angle"] is not None else found["url"]
            label = (found["name"] or found["page"]) if wiki else found["label"]
            self.links.append(
                Link(
                    target=target.strip(),
                    label=label.strip(),
                    span=Span(start=start + found.start(), end=start + found.end()),
                    line=self._line_number,
                    wiki=wiki,
                    image=bool(found["embed"] if wiki else found["image"]),
                )
            )


def _blank_out(line: str) -> str:
    """Return the line with code spans and comments replaced by blanks of the same length."""
    line = _CODE_SPAN.sub(lambda found: " " * len(found[0]), line)
    at = line.find("<!--")
    while at >= 0:
        close = line.find("-->", at + 4)
        end = close + 3 if close >= 0 else len(line)
        line = line[:at] + " " * (end - at) + line[end:]
        at = line.find("<!--", end)
    return line


def _without_closing(heading: str) -> str:
    """Return an ATX heading's text without the ``##`` that may close it."""
    heading = heading.strip()
    bare = heading.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t\u3000" else heading


def _indent_of(line: str) -> int:
    blanks = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blanks.expandtabs(_TAB_STOP)) if "\t" in blanks else len(blanks)


def _newline_at(text: str, at: int) -> str:
    return "\r\n" if text.startswith("\r\n", at) else text[at : at + 1]
