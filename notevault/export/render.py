"""Markdown as plain text, or as HTML that a CRM can show; raw HTML in a note is shown as text, never run."""

import re
from functools import cache
from html import escape
from typing import Any, Final

from notevault.text import without_comments

_LONGEST_HTML: Final = 400_000
"""Longer text becomes preformatted HTML: no parser is given more."""
_FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
_CLOSING: Final = re.compile(r"(?:(?<=[ \t])|\A)#{1,500}[ \t]{0,500}\Z")
_WORD_MARKS: Final = "[*_~`"
_MARKED_WORD: Final = re.compile(f"[{re.escape(_WORD_MARKS)}]")
_IMAGE: Final = re.compile(r"!\[([^\[\]]{0,500})\]\(([^()\s]{0,2000})[^()]{0,200}\)")
_LINK: Final = re.compile(r"\[([^\[\]]{1,500})\]\(([^()\s]{0,2000})[^()]{0,200}\)")
_WIKI: Final = re.compile(r"!?\[\[([^\[\]|\n]{1,500})(?:\|([^\[\]\n]{0,500}))?\]\]")
_STRONG: Final = re.compile(r"(\*\*|__|~~)(?=\S)([^\n*_~]{1,2000}?)(?<=\S)\1")
_EMPHASIS: Final = re.compile(r"(?<![\w*_])([*_])(?=\S)([^\n*_]{1,2000}?)(?<=\S)\1(?![\w*_])")
_CODE: Final = re.compile(r"`([^`\n]{1,2000})`")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_MARKS: Final = frozenset("#>*+-")
_BULLETS: Final = frozenset("*+-")
_BLANKS: Final = frozenset(" \t")
_DEEPEST_INDENT: Final = 3
"""Blanks before a heading or quotation; more of them make it code."""
_DEEPEST_HEADING: Final = 6
_BOX: Final = {" ": "□", "x": "■", "X": "■", "-": "×"}


def render_text(markdown: str) -> str:
    """Return the text as people read it: no marks, ToDos with boxes, links with their target behind them."""
    text = without_comments(markdown)
    has_code = "```" in text or "~~~" in text
    without_boxes = text.replace("[ ] ", "").replace("[x] ", "")
    has_words = any(mark in without_boxes for mark in _WORD_MARKS)
    lines = []
    in_code = False
    for line in text.split("\n"):
        if has_code and _FENCE.match(line):
            in_code = not in_code
            continue
        if not in_code and line:
            if line[0] in _MARKS or line[0].isspace():
                line = _plain_line(line, has_words=has_words)  # noqa: PLW2901 -- hot
            elif has_words:
                line = _plain_words(line)  # noqa: PLW2901
        lines.append(line)
    text = "\n".join(lines)
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def render_html(markdown: str) -> str:
    """Return HTML without scripts, styles and raw tags of the note, and without ``"``.

    A CSV cell would double it, which some readers take amiss; only the values of attributes stand in it.
    """
    if len(markdown) > _LONGEST_HTML:
        return f"<pre>{escape(markdown)}</pre>"
    html: str = _parser().render(_WIKI.sub(_named, markdown))
    return html.strip().replace("'", "&#39;").replace('"', "'")


def render_lines(markdown: str) -> str:
    """Return the plain text as HTML that has no tag but ``<br>`` and no entity but the five that XML knows."""
    return escape(render_text(markdown), quote=True).replace("&#x27;", "&#39;").replace("\n", "<br>")


@cache
def _parser() -> Any:  # noqa: ANN401 -- imported only where HTML is wanted
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def _plain_line(line: str, *, has_words: bool) -> str:
    """Return a line without its mark; ``has_words``: there may be marked words in it."""
    bare = line.lstrip()
    mark = bare[:1]
    indent = line[: len(line) - len(bare)]
    before, rest = "", line
    if mark in _BULLETS and bare[1:2] in _BLANKS:
        before, rest = "・", bare[2:].lstrip(" \t")
        if rest[:1] == "[" and rest[2:3] == "]" and rest[3:4] in _BLANKS:
            before, rest = f"{_BOX.get(rest[1], '□')} ", rest[4:].lstrip(" \t")
        before = indent + before
    elif len(indent) <= _DEEPEST_INDENT:
        if mark == ">":
            before, rest = "> ", bare[1:].removeprefix(" ")
        elif mark == "#":
            title = bare.lstrip("#")
            if len(bare) - len(title) <= _DEEPEST_HEADING and title[:1] in _BLANKS:
                title = title.strip()
                before, rest = "■ ", _CLOSING.sub("", title).rstrip() if title.endswith("#") else title
    return before + (_plain_words(rest) if has_words else rest)


def _plain_words(text: str) -> str:
    if not _MARKED_WORD.search(text):
        return text
    text = _WIKI.sub(_named, text)
    text = _IMAGE.sub(_with_target, text)
    text = _LINK.sub(_with_target, text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _CODE.sub(r"\1", text)


def _named(found: re.Match[str]) -> str:
    return found[2] or found[1]


def _with_target(found: re.Match[str]) -> str:
    if not found[2] or found[1] == found[2]:
        return found[1] or found[2]
    return f"{found[1]} ({found[2]})" if found[1] else found[2]
