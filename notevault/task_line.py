"""The text of one task line with another due date, owner or day of completion, in the spelling the line uses.

What comes back is read again before it is returned: the words, and so the ToDo's id, are the same, and only what was
asked for is another.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from notevault.dates import format_era
from notevault.errors import NotevaultError
from notevault.extract.todos import TaskText, parse_task_text
from notevault.messages import gettext as _
from notevault.model import Span
from notevault.text import normalize

_BLOCK_ID: Final = re.compile(r"(?:^|[ \t]+)\^[A-Za-z0-9-]{1,64}$")
_SHAPE: Final = re.compile(
    r"(?P<day>(?P<iso>\d{4}-\d{1,2}-\d{1,2})|(?P<slashes>\d{4}/\d{1,2}/\d{1,2})|(?P<long>\d{4}年\d{1,2}月\d{1,2}日)"
    r"|(?P<short>\d{1,2}/\d{1,2})|(?P<kanji>\d{1,2}月\d{1,2}日)|(?P<era>(?:令和|R)\d{1,2}[年.].{1,6}))"
    r"(?:(?P<blank>\s?)(?P<open>[（(])[月火水木金土日祝・]{1,3}(?P<close>[）)]))?"
)
_WEEKDAYS: Final = "月火水木金土日"
_NAME: Final = re.compile(r"[^\s@＠（()）、。,，:：\[\]{}<>\"'`!！#/]{1,30}\Z")


class TaskTextError(NotevaultError):
    """A task line that cannot say what was asked for."""

    def __init__(self, text: str, wish: str) -> None:
        shown = text if len(text) <= 80 else text[:80] + "…"  # noqa: PLR2004 -- enough to know it by
        super().__init__(
            _("'{text}' cannot be given {wish}: its words would be read differently").format(text=shown, wish=wish),
            _("edit the line itself"),
        )


def with_due(text: str, day: date, reference: date, *, emoji: bool = False) -> str:
    """Return ``text`` due on ``day``; days without a year are read as near ``reference``.

    A due date that is there is replaced in its own spelling; a new one is written ``due:2026-11-27``, or ``📅``
    where ``emoji``. Raises TaskTextError.
    """
    parsed = parse_task_text(text, reference)
    before = _bare(parsed)
    if before.due == day:
        return text
    marker = f"📅 {day}" if emoji else f"due:{day}"
    span, inner = parsed.due_span, parsed.due_day_span
    candidates = _added(text, marker)
    if span and inner:
        days = _spellings(text[inner.start : inner.end], day)
        in_place = [_put(text, inner, spelled) for spelled in days]
        candidates = [*in_place, *_added(_cut(text, span), marker)]
    return _choose(text, candidates, lambda after: after == replace(before, due=day), reference, _("that due date"))


def with_owner(
    text: str, names: Sequence[str], reference: date, *, is_owner: Callable[[str], bool] | None = None
) -> str:
    """Return ``text`` with another owner: the first of ``names`` that fits into the line.

    ``is_owner`` says whether a name read back is the one meant. Raises TaskTextError.
    """
    parsed = parse_task_text(text, reference)
    before = _bare(parsed)
    fits = is_owner or set(names).__contains__
    if before.owner and fits(before.owner):
        return text
    span, inner = parsed.owner_span, parsed.owner_name_span
    candidates: list[str] = []
    if span and inner:
        is_ascii = text[inner.start : inner.end].isascii()
        fitting = sorted(names, key=lambda name: name.isascii() != is_ascii)
        candidates = [_put(text, inner, name) for name in fitting]
    bare = _cut(text, span) if span else text
    candidates += [each for name in names if _NAME.match(name) for each in _added(bare, f"@{name}")]
    candidates += [each for name in names for each in _added(bare, f"[owner:: {name}]")]
    return _choose(
        text,
        candidates,
        lambda after: after.owner is not None and fits(after.owner) and after == replace(before, owner=after.owner),
        reference,
        _("that owner"),
    )


def with_done_on(text: str, day: date, reference: date) -> str:
    """Return ``text`` with the day it was done, as ``✅ 2026-11-20``. Raises TaskTextError."""
    parsed = parse_task_text(text, reference)
    before = _bare(parsed)
    bare = _cut(text, parsed.done_span) if parsed.done_span else text
    candidates = _added(bare, f"✅ {day}")
    return _choose(
        text, candidates, lambda after: after == replace(before, done_on=day), reference, _("a day of completion")
    )


def without_done_on(text: str, reference: date) -> str:
    """Return ``text`` without the day it was done."""
    parsed = parse_task_text(text, reference)
    before = _bare(parsed)
    if parsed.done_span is None:
        return text
    candidates = [_cut(text, parsed.done_span)]
    return _choose(
        text, candidates, lambda after: after == replace(before, done_on=None), reference, _("no day of completion")
    )


def _choose(text: str, candidates: Iterable[str], fits: Callable[[TaskText], bool], reference: date, wish: str) -> str:
    for candidate in candidates:
        if fits(_bare(parse_task_text(candidate, reference))):
            return candidate
    raise TaskTextError(text, wish)


def _bare(parsed: TaskText) -> TaskText:
    """Return what a text says, without where it says it; words are compared as ids compare them."""
    return replace(
        parsed,
        text=normalize(parsed.text),
        due_span=None,
        due_day_span=None,
        owner_span=None,
        owner_name_span=None,
        done_span=None,
    )


def _added(text: str, marker: str) -> list[str]:
    """Return the text with a marker at its end, before an Obsidian block id, else at its begin."""
    found = _BLOCK_ID.search(text)
    head, tail = (text[: found.start()], text[found.start() :]) if found else (text, "")
    return [f"{head.rstrip()} {marker}{tail}".lstrip(), f"{marker} {text}"]


def _put(text: str, span: Span, new: str) -> str:
    return text[: span.start] + new + text[span.end :]


def _cut(text: str, span: Span) -> str:
    """Return the text without a marker and the blank beside it."""
    before, after = text[: span.start], text[span.end :]
    if before.endswith((" ", "\t")) and (not after or after[0] in " \t"):
        return before[:-1] + after
    return before + (after[1:] if not before and after[:1] in (" ", "\t") else after)


def _spellings(old: str, day: date) -> list[str]:
    """Return ways to write ``day`` where ``old`` stood: in its shape first."""
    iso = day.isoformat()
    short = f"{day.month}/{day.day}"
    found = _SHAPE.fullmatch(old)
    if found is None:
        return [iso] if old[:1].isascii() and old[:1].isdigit() else [short, iso]
    blank, opening, closing = (found[name] or "" for name in ("blank", "open", "close"))
    weekday = f"{blank}{opening}{_WEEKDAYS[day.weekday()]}{closing}" if opening else ""
    padded = re.search(r"[-/]0", found["day"]) is not None
    slashes = f"{day:%Y/%m/%d}" if padded else f"{day.year}/{short}"
    shapes = {
        "iso": iso,
        "slashes": slashes,
        "long": f"{day.year}年{day.month}月{day.day}日",
        "short": f"{day:%m/%d}" if re.match(r"0|\d\d?/0", found["day"]) else short,
        "kanji": f"{day.month}月{day.day}日",
        "era": format_era(day),
    }
    same = next(shape for name, shape in shapes.items() if found[name])
    return [same + weekday, iso + weekday, iso]
