"""What is being written at the cursor: a key, a value, the owner or due date of a ToDo, a link, a heading.

Judged by the line up to the cursor, because half a line rarely parses.
"""

import re
from enum import StrEnum
from typing import Final

from notevault.lsp.document import Document, find_block
from notevault.model import Span
from notevault.records import record

_LONGEST: Final = 400
"""Characters before the cursor that are looked at."""
_KEY: Final = re.compile(r"[^\s#\-\[\]{}:：\"'][^:：\"'#]{0,80}\Z|\Z")
_FIELD: Final = re.compile(r"([\"']?)([^\s#\-\[\]{}\"'][^:：\"'#]{0,80}?)\1[ \t]*:(?=([ \t]*))\3(.*)\Z", re.DOTALL)
_BARE_FIELD: Final = re.compile(r"([\"']?)([^\s#\-\[\]{}\"'][^:：\"'#]{0,80}?)\1[ \t]*:[ \t]*(?:#.*)?\Z")
_ITEM: Final = re.compile(r"[ \t]*-[ \t]+(.*)\Z", re.DOTALL)
_OWNER: Final = re.compile(r"(?<![A-Za-z0-9_.+\-@＠/`])[@＠]([^\s@＠]{0,30})\Z|担当者?\s?[:：]\s?([^\s@＠]{0,20})\Z")
_DUE_NAMES: Final = "due|deadline|期限日|期限|期日|締切り|締め切り|締切|〆切り|〆切|納期"
_DAY_WORDS: Final = r"(?: [A-Za-z]{1,12}){0,3}"
_DUE: Final = re.compile(
    rf"(?:{_DUE_NAMES})\s?(?:::|[:：])\s{{0,4}}([^\s\]）)@]{{0,20}}{_DAY_WORDS})\Z"
    rf"|(?:📅|🗓|📆)\ufe0f?\s?([^\s@]{{0,20}}{_DAY_WORDS})\Z",
    re.IGNORECASE,
)
_WIKI: Final = re.compile(r"\[\[([^\[\]|\r\n]{0,100})\Z")
_DELIMITERS: Final = ("---", "...")
_HEADING: Final = re.compile(r"(#{1,6})[ \t\u3000]*([^#]*)\Z|\Z")


class Part(StrEnum):
    """What a place is part of."""

    KEY = "key"
    VALUE = "value"
    OWNER = "owner"
    DUE = "due"
    LINK = "link"
    HEADING = "heading"


@record
class Place:
    """Where the cursor is; ``span`` is what has been written of the word so far, up to the cursor."""

    part: Part
    span: Span
    written: str = ""
    key: str = ""
    """Of a value."""
    quote: str = ""
    """The quote that the value was opened with."""
    in_list: bool = False
    """Inside ``[…]``."""
    in_link: bool = False
    """Behind ``[[``."""
    needs_blank: bool = False
    """The value stands right behind the colon, where YAML reads no value."""
    rest: str = ""
    """The line behind the cursor."""


def find_place(document: Document, offset: int) -> Place | None:
    """Return what an offset is in the middle of, None where nothing can be offered."""
    text = document.note.text
    start, end = document.positions.line_span(document.positions.position(offset)[0])
    if offset - start > _LONGEST:
        return None
    head, rest = text[start:offset], text[offset:end]
    block = find_block(text)
    if block is None or start > block.end:
        return _in_body(document, start, head, rest)
    is_inside = block.start <= start and (head + rest).strip() not in _DELIMITERS
    return _in_block(document, start, head, rest) if is_inside else None


def _in_block(document: Document, start: int, head: str, rest: str) -> Place | None:
    if found := _FIELD.match(head):
        value_start = start + found.start(4)
        return _value(found[2].strip(), found[4], value_start, rest, needs_blank=not found[3])
    if found := _ITEM.match(head):
        key = _key_above(document.note.text, start)
        return _value(key, found[1], start + found.start(1), rest, needs_blank=False) if key else None
    if _KEY.match(head):
        return Place(part=Part.KEY, span=Span(start=start, end=start + len(head)), written=head, rest=rest)
    return None


def _value(key: str, written: str, start: int, rest: str, *, needs_blank: bool) -> Place | None:
    """Return the place inside a value: behind ``[[``, ``[``, the last comma of a list, a quote."""
    at, in_link, in_list, quote = 0, False, False, ""
    opened = written.rfind("[[")
    if opened >= 0 and "]]" not in written[opened:]:
        at, in_link = opened + 2, True
    elif written.startswith("["):
        at, in_list = max(written.rfind(","), written.rfind("["), 0) + 1, True
        at += len(written[at:]) - len(written[at:].lstrip())
    if not in_link and written[at : at + 1] in ("'", '"'):
        quote = written[at]
        at += 1
    word = written[at:]
    if word.startswith(("{", "#", "|", ">", "&", "!")) or (quote and quote in word) or (in_list and "]" in word):
        return None
    return Place(
        part=Part.VALUE,
        span=Span(start=start + at, end=start + len(written)),
        written=word,
        key=key,
        quote=quote,
        in_list=in_list,
        in_link=in_link,
        needs_blank=needs_blank,
        rest=rest,
    )


def _key_above(text: str, start: int) -> str | None:
    """Return the key whose block list the line at ``start`` is an item of."""
    for _step in range(100):
        if start == 0:
            return None
        before = text.rfind("\n", 0, start - 1) + 1
        line = text[before : start - 1].rstrip("\r")
        if found := _BARE_FIELD.match(line):
            return found[2].strip()
        if line.strip() and not _ITEM.match(line) and not line[0].isspace():
            return None
        start = before
    return None


def _in_body(document: Document, start: int, head: str, rest: str) -> Place | None:
    offset = start + len(head)
    if found := _WIKI.search(head):
        return _place(Part.LINK, found, start, rest, group=1)
    if any(
        task.span.start <= start <= task.span.end and task.text_span.start <= offset for task in document.note.tasks
    ):
        if found := _DUE.search(head):
            return _place(Part.DUE, found, start, rest)
        if found := _OWNER.search(head):
            return _place(Part.OWNER, found, start, rest)
        return None
    found = _HEADING.match(head)
    if found and not rest.strip() and (not head or _is_heading(document, start)):
        written = (found[2] or "").strip()
        return Place(part=Part.HEADING, span=Span(start=start, end=offset), written=written, rest=rest)
    return None


def _is_heading(document: Document, start: int) -> bool:
    """Say whether a line with ``#`` is a heading, not code."""
    return any(section.heading_span.start == start for section in document.note.sections)


def _place(part: Part, found: re.Match[str], start: int, rest: str, *, group: int = 0) -> Place:
    number = group or (1 if found[1] is not None else 2)
    span = Span(start=start + found.start(number), end=start + found.end(number))
    return Place(part=part, span=span, written=found[number], in_link=part is Part.LINK, rest=rest)
