"""What a person most likely did wrong where YAML gives up, in words that say the mend."""

import re
from typing import Final

from notevault.messages import gettext as _
from notevault.model import Scalar

# patterns as text: they are compiled when something is wrong, not at every start
_LINE: Final = r"[^\r\n]*"
_KEY: Final = r"[ \t]*(?:-[ \t]+)?[^\s:：'\"#\[\]{},&*!|>%@`-][^:：\r\n]{0,80}"
_LONGEST_LINE: Final = 1000
_TAB: Final = r"[ ]*\t[ \t]*(?=\S)"
_WIDE_INDENT: Final = r"[ \t]*[\u3000\xa0]\s*(?=\S)"
_WIDE_COLON: Final = rf"{_KEY}(：)"
_WIDE_BLANK: Final = rf"{_KEY}:([\u3000\xa0])"
_NO_BLANK: Final = rf"{_KEY}(:)[^\s/\\]"
_INDICATOR: Final = rf"{_KEY}:[ ]+([@`*&!%,]|[?-](?=[ ]|$)|[|>](?![+-]?\d?[ \t]*(?:#|$)))|[ \t]*(?:-[ ]+)?([@`*&!%,])"
_QUOTED_START: Final = rf"{_KEY}:[ ]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*')[ ]*([^\s#,\]}}])"
_OPEN_QUOTE: Final = rf"{_KEY}:[ ]+(?:(\")[^\"\r\n]*|(')[^'\r\n]*)$"
_SECOND_COLON: Final = rf"{_KEY}:[ ]+[^\s'\"\[{{#][^\r\n]*?(:)(?:[ ]|$)"
_OPEN_BRACKET: Final = rf"{_KEY}:[ ]+([\[{{])"
_AFTER_BRACKET: Final = rf"{_KEY}:[ ]+(?:\[[^\[\]]*\]|{{[^{{}}]*}})[ ]*([^\s#\[\]{{}}])"
_INDENTED: Final = rf"[ ]+(?={_KEY}:(?:[ ]|$))"
_SWALLOWED: Final = r"[ \t]+(#)[^\s#][^\r\n]*"


def explain(raw: str, first: int, last: int, *, is_error: bool) -> tuple[int, str, str]:
    """Return position, message and hint for YAML that could not be read as fields.

    YAML noticed the trouble between ``first`` and ``last``; the cause may stand some lines before.
    """
    first = raw.rfind("\n", 0, first) + 1
    found = _explain_lines(raw, first, last) or _explain_lines(raw, 0, len(raw))
    if found:
        return found
    if not is_error:
        return 0, _("the front matter is a sentence, not 'key: value' lines"), _write_fields()
    line = _line_at(raw, first)
    if line.strip() and ":" not in line:
        return first, _("the line is no 'key: value'"), _write_fields()
    if re.match(_INDENTED, _line_at(raw, raw.rfind("\n", 0, last) + 1)):
        message = _("the line is indented, so it belongs to the value above")
        return last, message, _("remove the spaces at the start of the line, or put the value in quotes")
    return last, _("the front matter cannot be read here"), quote_it()


def explain_comment(text: str, value: Scalar, end: int) -> tuple[int, int] | None:
    """Return where a comment that looks like part of ``value`` stands, None where there is none.

    A ``#`` followed by a blank is taken for a comment that was meant.
    """
    found = re.compile(_SWALLOWED).match(text, value.span.end, end)
    return (found.start(1), found.end()) if found else None


def _explain_lines(raw: str, start: int, last: int) -> tuple[int, str, str] | None:
    at = start
    while at <= last and at < len(raw):
        line = _line_at(raw, at)
        if found := _explain_line(line[:_LONGEST_LINE]):
            column, message, hint = found
            return at + column, message, hint
        at += len(line) + 1
    return None


def _line_at(raw: str, start: int) -> str:
    found = re.compile(_LINE).match(raw, start)
    return found[0] if found else ""


def _explain_line(line: str) -> tuple[int, str, str] | None:
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    if found := re.match(_TAB, line):
        return found.start(), _("a TAB stands where the line is indented"), _("indent with spaces")
    if found := re.match(_WIDE_INDENT, line):
        return found.start(), _("a full-width or no-break space stands at the start of the line"), _use_space()
    if found := re.match(_WIDE_COLON, line):
        message = _("the colon after the key is a full-width one")
        return found.start(1), message, _("write ': ' (a half-width colon and a space)")
    if found := re.match(_WIDE_BLANK, line):
        return found.start(1), _("a full-width or no-break space stands after the colon"), _use_space()
    return _explain_value(line)


def _explain_value(line: str) -> tuple[int, str, str] | None:  # noqa: PLR0911 -- one for each pattern
    if found := re.match(_INDICATOR, line):
        character, at = found[1] or found[2], found.end() - 1
        message = _("a key or value cannot start with '{character}' unless it is quoted").format(character=character)
        return at, message, quote_it()
    if found := re.match(_QUOTED_START, line) or re.match(_AFTER_BRACKET, line):
        message = _("text stands after the closing quote or bracket")
        return found.start(1), message, _("quote the whole value: '\"A\" and B'")
    if found := re.match(_OPEN_QUOTE, line):
        at = found.start(1) if found[1] else found.start(2)
        return at, _("the quote that opens here is not closed on its line"), _("close the quote")
    if found := re.match(_SECOND_COLON, line):
        return found.start(1), _("': ' stands inside the value"), quote_it()
    if found := re.match(_NO_BLANK, line):
        return found.start(1), _("no space stands after the colon"), _("write 'key: value' with a space")
    if (found := re.match(_OPEN_BRACKET, line)) and not _is_balanced(line):
        message = _("the brackets on this line do not match")
        return found.start(1), message, _("close them, or put the value in quotes")
    return None


def _is_balanced(line: str) -> bool:
    return line.count("[") == line.count("]") and line.count("{") == line.count("}")


def quote_it() -> str:
    """Return the hint that mends most faults."""
    return _("put the value in quotes: 'value'")


def _write_fields() -> str:
    return _("write 'key: value' lines")


def _use_space() -> str:
    return _("use a half-width space")
