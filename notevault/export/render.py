"""Markdown as plain text, or as HTML that a CRM can show; raw HTML in a note is shown as text, never run."""

import re
from functools import cache
from html import escape
from typing import Any, Final

_LONGEST_HTML: Final = 400_000
"""Longer text becomes preformatted HTML: no parser is given more."""
_FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
_CLOSING: Final = re.compile(r"(?:(?<=[ \t])|\A)#{1,500}[ \t]{0,500}\Z")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKED_WORD: Final = re.compile(r"[\[*_~`]")
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
    lines = []
    in_code = False
    without_comments = _COMMENT.sub("", markdown) if "<!--" in markdown and "-->" in markdown else markdown
    has_code = "```" in markdown or "~~~" in markdown
    for line in without_comments.split("\n"):
        if has_code and _FENCE.match(line):
            in_code = not in_code
        else:
            lines.append(line if in_code or not line else _plain_line(line))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


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


def _plain_line(line: str) -> str:
    bare = line.lstrip()
    mark = bare[:1]
    if mark not in _MARKS:
        return _plain_words(line)
    indent = line[: len(line) - len(bare)]
    if mark in _BULLETS and bare[1:2] in _BLANKS:
        return indent + _plain_item(bare[2:].lstrip(" \t"))
    if len(indent) <= _DEEPEST_INDENT:
        if mark == ">":
            return f"> {_plain_words(bare[1:].removeprefix(' '))}"
        rest = bare.lstrip("#")
        if mark == "#" and len(bare) - len(rest) <= _DEEPEST_HEADING and rest[:1] in _BLANKS:
            return f"■ {_plain_words(_CLOSING.sub('', rest.strip()).rstrip())}"
    return _plain_words(line)


def _plain_item(item: str) -> str:
    if item[:1] == "[" and item[2:3] == "]" and item[3:4] in _BLANKS:
        return f"{_BOX.get(item[1], '□')} " + _plain_words(item[4:].lstrip(" \t"))
    return f"・{_plain_words(item)}"


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
