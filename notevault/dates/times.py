"""The clock in a date: ``14:00``, 14時半, 午後2時, ``2pm``."""

import re
from datetime import date, datetime, time, timedelta, timezone

from notevault.dates.days import Prefer, find_wrong_weekday, parse_date
from notevault.dates.eras import plain

_CLOCK = (
    r"(?P<before>午前|午後|am|pm)?\s*(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,9})?)?|時(?P<half>半)?(?:(?P<kanji>\d{1,2})分)?|(?=\s*[ap]m))"
    r"\s*(?P<after>am|pm)?"
)
# 14:00-15:30 is from and to; an offset to the west stands behind a T or seconds, and there is none beyond -12:00
_WEST = r"(?:(?<=t\d{2}:\d{2})|(?<=:\d{2}:\d{2})|(?<=\.\d{3}))-(?:0\d|1[0-2]):?\d{2}(?![:\d])"
_ZONE = rf"\s*(?P<zone>z|utc|\+\d{{2}}:?\d{{2}}|{_WEST})?"
_MOMENT = rf"(?P<day>.*?)(?:(?<=\d)t|[\s,、)日曜]|^){_CLOCK}{_ZONE}(?:\s*[-~].{{0,20}})?"


def parse_time(text: str) -> time | None:
    """Return a time of day, or None."""
    found = re.fullmatch(_CLOCK, plain(text))
    return _clock(found) if found else None


def parse_datetime(text: str, today: date, *, prefer: Prefer = "nearest") -> datetime | None:
    """Return day and time; None where either is missing. It has an offset only where one is written."""
    found = re.fullmatch(_MOMENT, plain(text))
    if not found:
        return None
    clock, day = _clock(found), parse_date(text, today, prefer=prefer)
    if clock is None or day is None:
        return None
    return datetime.combine(day, clock, tzinfo=_zone(found["zone"]))


def normalize_datetime(text: str, today: date, *, prefer: Prefer = "nearest") -> str | None:
    """Return ``2026-11-20T14:00``, with seconds and offset only where they were written."""
    moment = parse_datetime(text, today, prefer=prefer)
    if (
        not moment
        or find_wrong_weekday(text, moment.date()) is not None
        or re.search(r"\d\s*[-~]\s*\d+[:時]", plain(text))
    ):
        return None
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def _clock(found: re.Match[str]) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or found["kanji"] or (30 if found["half"] else 0))
    half_day = found["before"] or found["after"]
    if half_day:
        if hour > 12 or (hour == 0 and half_day in {"am", "pm"}):  # noqa: PLR2004 -- hours on a clock face
            return None
        hour = hour % 12 + (12 if half_day in {"午後", "pm"} else 0)
    second = int(found["second"] or 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None  # noqa: PLR2004


def _zone(written: str | None) -> timezone | None:
    if not written:
        return None
    if written in {"z", "utc"}:
        return timezone.utc  # noqa: UP017 -- datetime.UTC is a plain alias of it
    digits = written[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if written[0] == "-" else offset)
