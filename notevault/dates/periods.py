"""From–to in writing: 2026-10..2026-11, 今月, 過去30日, 2026年度上期, ``last-month``, ``next 90d``."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from notevault.dates.days import STEP, STEPS, UNIT, YEAR_STEP, YEAR_STEPS, Prefer, parse_date, parse_month, shift
from notevault.dates.eras import ERA, add_months, era_year, find_date, month_end, plain

Period = tuple[date, date]

_STEP_WORDS: Final = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1}
_SIDES = r"(.*?)\s*(?:\.{2,3}|~|から|\bto\b|\s-\s)\s*(.*?)(?:まで)?"
_THIRDS: Final = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "前半": (1, 15), "後半": (16, 31)}


def parse_range(
    text: str, today: date, *, fiscal_start_month: int = 4, prefer: Prefer = "nearest"
) -> tuple[date, date] | None:
    """Return first and last day, both inclusive, of the period that a text names; an open side is ``date.min``/``max``.

    Weeks start on Monday. Quarters, halves and 年度 are the fiscal year's, which has the number of the calendar year it
    starts in: from April, ``2026Q4`` is January to March 2027. ``last 14d`` ends and ``next 14d`` starts today and has
    14 days; ``14d`` alone looks back, with ``prefer="future"`` ahead.
    """
    return _parse_range(plain(text), today, fiscal_start_month, prefer)


@lru_cache(maxsize=1024)
def _parse_range(text: str, today: date, fiscal: int, prefer: Prefer) -> Period | None:
    if not text:
        return None
    return (
        _parse_sides(text, today, fiscal, prefer)
        or _parse_words(text, today)
        or _parse_year(text, today, fiscal)
        or _parse_part_of_year(text, today, fiscal)
        or _parse_count(text, today, prefer)
        or _parse_month_period(text, today, prefer)
        or _parse_day(text, today, prefer)
    )


def _parse_sides(text: str, today: date, fiscal: int, prefer: Prefer) -> Period | None:
    found = re.fullmatch(_SIDES, text)
    if not found or not (found[1] or found[2]):
        return _parse_open_side(text, today, fiscal, prefer)
    first = _parse_range(found[1], today, fiscal, prefer) if found[1] else (date.min, date.min)
    if first is None:
        return None
    # an end without year follows its start: 12/25..1/5
    follows = bool(found[1] and re.fullmatch(r"\d{1,2}(?:月|日|[/月]\d{1,2}日?)(?:\([^)]*\))?", found[2]))
    reference, side = (first[0], "future") if follows else (today, prefer)
    last = _parse_range(found[2], reference, fiscal, side) if found[2] else (date.max, date.max)
    return (first[0], last[1]) if last and first[0] <= last[1] else None


def _parse_open_side(text: str, today: date, fiscal: int, prefer: Prefer) -> Period | None:
    found = re.fullmatch(r"(since |from |until |by )?(.+?)(以降|以後|以来|以前|まで)?", text)
    if not found or not (found[1] or found[3]):
        return None
    period = _parse_range(found[2], today, fiscal, prefer)
    if not period:
        return None
    after = found[1] in {"since ", "from "} or found[3] in {"以降", "以後", "以来"}
    return (period[0], date.max) if after else (date.min, period[1])


def _parse_words(text: str, today: date) -> Period | None:
    found = re.fullmatch(r"(last|previous|this|current|next)[\s_-](week|month|quarter|year)", text)
    step, unit = (_STEP_WORDS[found[1]], found[2]) if found else (0, "")
    if not found and (found := re.fullmatch(rf"({STEP})(週|月)(?:中|間)?", text)):
        step, unit = STEPS[found[1]], "week" if found[2] == "週" else "month"
    if unit == "week":
        monday = shift(today, 7 * step - today.weekday(), "d")
        return _from(monday, shift(monday, 6, "d") if monday else None)
    if unit == "month":
        return _months(today.replace(day=1), step, 1)
    if unit == "year":
        return _years(today.year + step)
    if found := re.fullmatch(r"(\d{4})-?w(\d{2})", text):
        try:
            return _from(start := date.fromisocalendar(int(found[1]), int(found[2]), 1), shift(start, 6, "d"))
        except ValueError:
            return None
    return None


def _parse_year(text: str, today: date, fiscal: int) -> Period | None:
    if text in YEAR_STEPS:
        return _years(today.year + YEAR_STEPS[text])
    if found := re.fullmatch(r"(\d{4})年?", text):
        return _years(int(found[1]))
    if (found := re.fullmatch(rf"({ERA})\s?(\d{{1,3}})年", text)) and int(found[2]):
        return _years(era_year(found[1], int(found[2])))
    year = _fiscal_year(text, today, fiscal)
    return _months(date(year, fiscal, 1), 0, 12) if year else None


def _fiscal_year(text: str, today: date, fiscal: int) -> int | None:
    """Return the calendar year in which the fiscal year of this name starts."""
    here = today.year - (today.month < fiscal)
    if found := re.fullmatch(r"(?:fy\s?)?(\d{4})\s?(?:年度)?|(\d{4})fy", text):
        year = int(found[1] or found[2])
    elif found := re.fullmatch(rf"({ERA})\s?(\d{{1,3}})\s?年度", text):
        year = era_year(found[1], int(found[2]))
    elif found := re.fullmatch(rf"({YEAR_STEP})度", text):
        year = here + YEAR_STEPS[found[1]]
    elif found := re.fullmatch(rf"({STEP})期", text):
        year = here + STEPS[found[1]]
    elif text in {"", "年度", "今期", "当年度"}:
        year = here
    else:
        return None
    return year if date.min.year <= year < date.max.year else None


def _parse_part_of_year(text: str, today: date, fiscal: int) -> Period | None:
    """Quarters and halves."""
    if found := re.fullmatch(rf"(last|previous|this|current|next)[\s_-]quarter|({STEP})四半期|四半期", text):
        step = _STEP_WORDS[found[1]] if found[1] else STEPS[found[2]] if found[2] else 0
        behind = (today.month - fiscal) % 3
        return _months(today.replace(day=1), 3 * step - behind, 3)
    found = re.fullmatch(r"(.*?)の?[\s-]?(?:第\s?([1-4])\s?四半期|q([1-4])|([1-4])q)", text)
    if found and (year := _fiscal_year(found[1].strip(), today, fiscal)):
        number = int(found[2] or found[3] or found[4])
        return _months(date(year, fiscal, 1), 3 * (number - 1), 3)
    found = re.fullmatch(r"(.*?)の?[\s-]?(?:(上|下)半?期|h([12]))", text)
    if found and (year := _fiscal_year(found[1].strip(), today, fiscal)):
        return _months(date(year, fiscal, 1), 6 if found[2] == "下" or found[3] == "2" else 0, 6)
    return None


def _parse_count(text: str, today: date, prefer: Prefer) -> Period | None:
    direction = r"last |past |previous |next |the last |the next |過去|直近|直前|今後|向こう|この先"
    found = re.fullmatch(rf"({direction})?の?\s?(\d{{1,4}})\s?({UNIT})(?:間)?", text.replace("-", " "))
    if not found or not int(found[2]) or (not found[1] and found[3] in {"日", "月", "年", "週"}):
        return None
    ahead = found[1].strip() in {"next", "the next", "今後", "向こう", "この先"} if found[1] else prefer == "future"
    count = int(found[2])
    if ahead:
        return _from(today, _next_day(shift(today, count, found[3]), -1))
    return _from(_next_day(shift(today, -count, found[3]), 1), today)


def _parse_month_period(text: str, today: date, prefer: Prefer) -> Period | None:
    if month := parse_month(text, today, prefer=prefer):
        return date(*month, 1), month_end(*month)
    third = _THIRDS.get(text[-2:])
    if third and (month := parse_month(text[:-2].removesuffix("の"), today, prefer=prefer)):
        last = month_end(*month)
        return date(*month, third[0]), last.replace(day=min(third[1], last.day))
    return None


def _parse_day(text: str, today: date, prefer: Prefer) -> Period | None:
    day = parse_date(text, today, prefer=prefer)
    return (day, day) if day else None


def _from(first: date | None, last: date | None) -> Period | None:
    return (first, last) if first and last else None


def _next_day(day: date | None, step: int) -> date | None:
    return shift(day, step, "d") if day else None


def _years(year: int) -> Period | None:
    first = find_date(year, 1, 1)
    return (first, date(year, 12, 31)) if first else None


def _months(first: date, skip: int, count: int) -> Period | None:
    """Return ``count`` whole months, ``skip`` months after ``first``, which is the first of a month."""
    start = add_months(first, skip)
    after = add_months(start, count) if start else None
    return (start, after - timedelta(days=1)) if start and after else None
