"""What a person most likely did wrong where YAML gives up, in words that say the mend."""

import re
from typing import Final

from notevault.messages import gettext as _
from notevault.model import Scalar

_LINE: Final = re.compile(r"[^\r\n]*")
_KEY: Final = r"[ \t]*(?:-[ \t]+)?[^\s:：'\"#\[\]{},&*!|>%@`-][^:：\r\n]{0,80}"
_TAB: Final = re.compile(r"[ ]*\t[ \t]*(?=\S)")
_WIDE_INDENT: Final = re.compile(r"[ \t]*[\u3000\xa0]\s*(?=\S)")
_WIDE_COLON: Final = re.compile(rf"{_KEY}(：)")
_WIDE_BLANK: Final = re.compile(rf"{_KEY}:([\u3000\xa0])")
_NO_BLANK: Final = re.compile(rf"{_KEY}(:)[^\s/\\]")
_INDICATOR: Final = re.compile(rf"(?:{_KEY}:[ ]+|[ \t]*-[ ]+)([@`*&!%|>])")
_QUOTED_START: Final = re.compile(rf"{_KEY}:[ ]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*')[ ]*([^\s#,\]}}])")
_OPEN_QUOTE: Final = re.compile(rf"{_KEY}:[ ]+(?:(\")[^\"\r\n]*|(')[^'\r\n]*)$")
_SECOND_COLON: Final = re.compile(rf"{_KEY}:[ ]+[^\s'\"\[{{#][^\r\n]*?(:)(?:[ ]|$)")
_OPEN_BRACKET: Final = re.compile(rf"{_KEY}:[ ]+([\[{{])")
_SWALLOWED: Final = re.compile(r"[ \t]+(#)[^\s#][^\r\n]*")


def explain(raw: str, first: int, last: int, *, is_error: bool) -> tuple[int, str, str]:
    """Return position, message and hint for YAML that could not be read as fields.

    YAML noticed the trouble between ``first`` and ``last``; the cause may stand some lines before.
    """
    found = _explain_lines(raw, raw.rfind("\n", 0, first) + 1, last) or _explain_lines(raw, 0, len(raw))
    if found:
        return found
    if not is_error:
        return 0, _("the front matter is a sentence, not 'key: value' lines"), _("write 'key: value' lines")
    return last, _("the front matter cannot be read here"), _quote_it()


def explain_comment(text: str, value: Scalar, end: int) -> tuple[int, int] | None:
    """Return where a comment that looks like part of ``value`` stands, None where there is none.

    A ``#`` followed by a blank is taken for a comment that was meant.
    """
    found = _SWALLOWED.match(text, value.span.end, end)
    return (found.start(1), found.end()) if found else None


def _explain_lines(raw: str, start: int, last: int) -> tuple[int, str, str] | None:
    at = start
    while at <= last and at < len(raw):
        line = _LINE.match(raw, at)
        end = line.end() if line else len(raw)
        if found := _explain_line(raw[at : min(end, at + 1000)]):
            column, message, hint = found
            return at + column, message, hint
        at = end + 1
    return None


def _explain_line(line: str) -> tuple[int, str, str] | None:
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    if found := _TAB.match(line):
        return found.start(), _("a TAB stands where the line is indented"), _("indent with spaces")
    if found := _WIDE_INDENT.match(line):
        return found.start(), _("a full-width or no-break space stands at the start of the line"), _use_space()
    if found := _WIDE_COLON.match(line):
        message = _("the colon after the key is a full-width one")
        return found.start(1), message, _("write ': ' (a half-width colon and a space)")
    if found := _WIDE_BLANK.match(line):
        return found.start(1), _("a full-width or no-break space stands after the colon"), _use_space()
    return _explain_value(line)


def _explain_value(line: str) -> tuple[int, str, str] | None:
    if found := _INDICATOR.match(line):
        message = _("a value cannot start with '{character}' unless it is quoted").format(character=found[1])
        return found.start(1), message, _quote_it()
    if found := _QUOTED_START.match(line):
        return found.start(1), _("text stands after the closing quote"), _("quote the whole value: '\"A\" and B'")
    if found := _OPEN_QUOTE.match(line):
        at = found.start(1) if found[1] else found.start(2)
        return at, _("the quote that opens here is not closed on its line"), _("close the quote")
    if found := _SECOND_COLON.match(line):
        return found.start(1), _("': ' stands inside the value"), _quote_it()
    if found := _NO_BLANK.match(line):
        return found.start(1), _("no space stands after the colon"), _("write 'key: value' with a space")
    if (found := _OPEN_BRACKET.match(line)) and not _is_balanced(line):
        message = _("'{character}' opens a structure that is not closed on its line").format(character=found[1])
        return found.start(1), message, _("close it, or put the value in quotes")
    return None


def _is_balanced(line: str) -> bool:
    return line.count("[") == line.count("]") and line.count("{") == line.count("}")


def _quote_it() -> str:
    return _("put the value in quotes: 'value'")


def _use_space() -> str:
    return _("use a half-width space")
