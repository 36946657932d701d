"""Markdown as plain text, or as HTML that a CRM can show; raw HTML in a note is shown as text, never run."""

import re
from functools import cache
from html import escape
from typing import Any, Final

_LONGEST_HTML: Final = 400_000
"""Longer text becomes preformatted HTML: no parser is given more."""
_FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$")
_TASK: Final = re.compile(r"(\s{0,40})[-*+][ \t]+\[(.)\][ \t]+(.*)$")
_BULLET: Final = re.compile(r"(\s{0,40})[-*+][ \t]+(.*)$")
_QUOTE: Final = re.compile(r"\s{0,3}>[ \t]?(.*)$")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKED_WORD: Final = re.compile(r"[\[*_~`]")
_MARK: Final = re.compile(r"\s{0,40}[#>*+-]")
_IMAGE: Final = re.compile(r"!\[([^\[\]]{0,500})\]\(([^()\s]{0,2000})[^()]{0,200}\)")
_LINK: Final = re.compile(r"\[([^\[\]]{1,500})\]\(([^()\s]{0,2000})[^()]{0,200}\)")
_WIKI: Final = re.compile(r"!?\[\[([^\[\]|\n]{1,500})(?:\|([^\[\]\n]{0,500}))?\]\]")
_STRONG: Final = re.compile(r"(\*\*|__|~~)(?=\S)([^\n*_~]{1,2000}?)(?<=\S)\1")
_EMPHASIS: Final = re.compile(r"(?<![\w*_])([*_])(?=\S)([^\n*_]{1,2000}?)(?<=\S)\1(?![\w*_])")
_CODE: Final = re.compile(r"`([^`\n]{1,2000})`")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_BOX: Final = {" ": "□", "x": "■", "X": "■", "-": "×"}


def render_text(markdown: str) -> str:
    """Return the text as people read it: no marks, ToDos with boxes, links with their target behind them."""
    lines = []
    in_code = False
    without_comments = _COMMENT.sub("", markdown) if "<!--" in markdown and "-->" in markdown else markdown
    for line in without_comments.split("\n"):
        if _FENCE.match(line):
            in_code = not in_code
        else:
            lines.append(line if in_code else _plain_line(line))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def render_html(markdown: str) -> str:
    """Return HTML without scripts, styles and raw tags of the note."""
    if len(markdown) > _LONGEST_HTML:
        return f"<pre>{escape(markdown)}</pre>"
    html: str = _parser().render(_WIKI.sub(_named, markdown))
    return html.strip()


@cache
def _parser() -> Any:  # noqa: ANN401 -- imported only where HTML is wanted
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def _plain_line(line: str) -> str:
    if not _MARK.match(line):
        return _plain_words(line)
    if found := _HEADING.match(line):
        return f"■ {_plain_words(found[1])}"
    if found := _TASK.match(line):
        return f"{found[1]}{_BOX.get(found[2], '□')} {_plain_words(found[3])}"
    if found := _BULLET.match(line):
        return f"{found[1]}・{_plain_words(found[2])}"
    if found := _QUOTE.match(line):
        return f"> {_plain_words(found[1])}"
    return _plain_words(line)


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
