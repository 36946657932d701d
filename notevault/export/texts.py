"""The text of a note without its front matter, its parts where it is long, and the time in its date."""

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from notevault.dates import parse_datetime, parse_time
from notevault.front_matter import HANDLERS, parse_front_matter

LONGEST_PART: Final = 32_000
"""Code points of one cell of text: what CRMs commonly take, and less than a spreadsheet's cell holds."""

_CLOCK: Final = re.compile(r"[:：時]|[ap]m", re.IGNORECASE)
_UNTIL: Final = re.compile(r"[-~〜～–—−]|から")


class Moment(NamedTuple):
    """When something happened; ``start`` is a day alone where no time was written."""

    start: str
    end: str | None
    all_day: bool


def split_front_matter(text: str, *, has_fields: bool) -> tuple[str, str]:
    """Return the block between the delimiters and the body; ``has_fields`` where the catalogue knows values of it."""
    if has_fields:  # it was read before: finding its end is enough
        end = text.find("\n---", 3) if text.startswith("---\n") else -1
        if text.startswith("\n---\n", end) and "\n..." not in text[:end] and "\r" not in text[:end]:  # as most have it
            return text[4 : end + 1], text[end + 5 :]
        bounds = next((found for handler in HANDLERS if (found := handler.find_bounds(text))), None)
        if bounds is not None and bounds.raw_end >= 0:
            return text[bounds.raw_start : bounds.raw_end], text[bounds.end :]
    parsed = parse_front_matter(text)
    return parsed.front_matter.raw if parsed.body_start else "", text[parsed.body_start :]


def split_text(text: str, longest: int = LONGEST_PART) -> list[str]:
    """Return the text in parts of at most ``longest``, cut behind a paragraph or line.

    Joined they are the text again, with LF for CRLF.
    """
    text = text.replace("\r\n", "\n")
    parts = []
    while len(text) > longest:
        cut = _find_cut(text, longest)
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def _find_cut(text: str, longest: int) -> int:
    for mark in ("\n\n", "\n", "。", " "):
        found = text.rfind(mark, longest // 2, longest)
        if found >= 0:
            return found + len(mark)
    return longest


def read_moment(day: str, written: str | None, zone: ZoneInfo) -> Moment:
    """Return the moment of a note's day and the text of its date field: times carry the vault's offset from UTC."""
    if not written or not _CLOCK.search(written):
        return Moment(day, None, all_day=True)
    start = parse_datetime(written, date.fromisoformat(day))
    if start is None or start.date().isoformat() != day:
        return Moment(day, None, all_day=True)
    start = start if start.tzinfo else start.replace(tzinfo=zone)
    return Moment(stamp(start), _find_end(written, start), all_day=False)


def _find_end(written: str, start: datetime) -> str | None:
    clock = parse_time(_UNTIL.split(written)[-1].strip())
    if clock is None:
        return None
    end = datetime.combine(start.date(), clock, tzinfo=start.tzinfo)
    return stamp(end) if end > start else None


def stamp(moment: datetime) -> str:
    """Return a moment with its offset from UTC in whole minutes: local mean time, Japan's before 1888, has seconds."""
    offset = moment.utcoffset()
    if offset and offset.seconds % 60:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=round(offset.total_seconds() / 60))))
    return moment.isoformat(timespec="seconds")
