"""One day or one month in writing: 2026-11-20, 令和8年11月20日, R8.11.20, 11/20(金), 来週金曜, ``next friday``."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from notevault.dates.eras import ERA, add_months, count_days, era_year, find_date, in_era, month_end, plain

Prefer = Literal["nearest", "past", "future"]
"""Which year or month an incomplete date is in: nearest to today, not after it, or not before it."""

_MONTH_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS: Final = {name[:size]: number for number, name in enumerate(_MONTH_NAMES, 1) for size in (3, len(name))} | {
    "sept": 9
}
WEEKDAYS: Final = {
    name[:size]: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for size in (3, len(name))
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
KANJI_WEEKDAYS: Final = "月火水木金土日"

STEPS: Final = {
    "先々": -2, "先先": -2, "前々": -2,
    "先": -1, "前": -1, "last ": -1, "previous ": -1,
    "今": 0, "当": 0, "本": 0, "this ": 0,
    "来": 1, "翌": 1, "次": 1, "next ": 1,
    "再来": 2, "翌々": 2,
}  # fmt: skip
"""先月 is -1 month, 再来週 is 2 weeks."""
YEAR_STEPS: Final = {
    "一昨年": -2, "おととし": -2,
    "昨年": -1, "去年": -1, "前年": -1, "last year": -1,
    "今年": 0, "本年": 0, "当年": 0, "this year": 0,
    "来年": 1, "翌年": 1, "next year": 1,
    "再来年": 2,
}  # fmt: skip
STEP: Final = "|".join(sorted(STEPS, key=len, reverse=True))
YEAR_STEP: Final = "|".join(sorted(YEAR_STEPS, key=len, reverse=True))

_DAY_STEPS: Final = {
    "一昨日": -2, "おととい": -2, "昨日": -1, "きのう": -1, "前日": -1, "yesterday": -1,
    "今日": 0, "きょう": 0, "本日": 0, "当日": 0, "today": 0,
    "明日": 1, "あした": 1, "あす": 1, "翌日": 1, "tomorrow": 1,
    "明後日": 2, "あさって": 2, "翌々日": 2, "day after tomorrow": 2, "the day after tomorrow": 2,
    "明々後日": 3, "しあさって": 3,
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_TRAILING_WEEKDAY = (
    rf"(?<=[\d日])\s*(?:\((?:[{KANJI_WEEKDAYS}](?:曜日?)?|{_WEEKDAY})(?:[・,/、]?祝日?)?\)"
    rf"|,?\s*(?:[{KANJI_WEEKDAYS}]曜日?|(?<=\s)(?:{_WEEKDAY})))"
)
_TIME = (
    r"(?:(?<=\d)t|(?<=[\d日曜)])[\s,、]*|\s+)(?:午前|午後|[ap]m)?\s*\d{1,2}(?::\d{2}|時|\s*[ap]m)[\d:.時半分\sapm]{0,24}"
    r"(?:z|utc|[+-]\d{2}:?\d{2})?\s*(?:[-~].{0,20})?$"
)
_OFFSET_UNITS: Final = {
    "日": "d", "日間": "d", "d": "d", "day": "d", "days": "d",
    "週": "w", "週間": "w", "w": "w", "week": "w", "weeks": "w",
    "月": "m", "m": "m", "month": "m", "months": "m",
    "年": "y", "年間": "y", "y": "y", "year": "y", "years": "y",
} | {counter + month: "m" for counter in "ヶかカヵ箇ケ" for month in ("月", "月間")}  # fmt: skip
UNIT: Final = "|".join(sorted(_OFFSET_UNITS, key=len, reverse=True))

# each pattern is one string made once: re finds it in its cache by that string's hash
_UNMARKED: Final = [word for word in (*_DAY_STEPS, *YEAR_STEPS) if not {"日", "年"} & {*word}]
_SHORT_NAMES: Final = [name for name in (*MONTHS, *WEEKDAYS) if len(name) == 3]  # noqa: PLR2004
_HINT: Final = "|".join(("[\\d日週月年曜]", "day", "week", "month", "year", "eo[mwy]", *_UNMARKED, *_SHORT_NAMES))
"""What at least one of stands in every day that is named; most values hold none."""
_LEADING_WEEKDAY: Final = rf"(?:{_WEEKDAY})(?=[.,]?\s+.*\d)"
_ANY_WEEKDAY: Final = rf"[{KANJI_WEEKDAYS}]|{_WEEKDAY}"
_WEEKDAY_BESIDE: Final = rf"^(?:{_WEEKDAY})[.,]?\s+(?=.*\d)|{_TRAILING_WEEKDAY}"
_ERA_DAY: Final = rf"({ERA})\s?\.?\s?(\d{{1,3}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})日?"
_YEAR_STEP_DAY: Final = rf"({YEAR_STEP})の?(\d{{1,2}})[/月](\d{{1,2}})日?"
_MONTH_STEP_DAY: Final = rf"({STEP})月の?(\d{{1,2}})日?"
_MONTH_FIRST: Final = rf"(?P<m>{_MONTH})\.?[\s-](?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:(?:,\s?|\s|-)(?P<y>\d{{4}}))?"
_DAY_FIRST: Final = rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?:of )?(?P<m>{_MONTH})\.?(?:(?:,\s?|\s|-)(?P<y>\d{{4}}))?"
_WEEK_STEP_END: Final = rf"({STEP})週(?:末|中)"
_YEAR_STEP_END: Final = rf"({YEAR_STEP})末"
_OFFSET: Final = rf"\+?\s?(\d{{1,4}})\s?({UNIT})\s?(後|前|以内|内|later|ago|from now)?"
_KANJI_WEEKDAY: Final = rf"[{KANJI_WEEKDAYS}]曜日?"
_WEEK_STEP_DAY: Final = rf"({STEP})週の?([{KANJI_WEEKDAYS}])(?:曜日?)?"
_NEXT_WEEKDAY: Final = rf"(?:次|今度)の([{KANJI_WEEKDAYS}])曜日?"
_STEP_WEEKDAY: Final = rf"(this|next|last) ({_WEEKDAY})"


def parse_date(text: str, today: date, *, prefer: Prefer = "nearest") -> date | None:
    """Return the day that a text names; of a date with time the day.

    A date without year (11/20) or month (20日) is the one nearest to ``today``, or as ``prefer`` says. A weekday
    alone is today or the next such day (``past``: or the last). 来週金曜 and ``next friday`` are the Friday of the
    week after this one, weeks starting on Monday; 今週末 is a deadline and so the Friday of this week; 月末 is the
    last of the month.
    """
    if len(text) == 10 and text[4] == "-" and text.isascii():  # noqa: PLR2004 -- 2026-11-20, by far the commonest
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    return _parse_date(text, today, prefer)


def parse_month(text: str, today: date, *, prefer: Prefer = "nearest") -> tuple[int, int] | None:
    """Return year and month of 2027-03, 2027年3月, 令和9年3月, 3月, 来月, ``March 2027``; None for a whole date."""
    return _parse_month(plain(text), today, prefer)


def normalize_month(text: str, today: date, *, prefer: Prefer = "nearest") -> str | None:
    """Return ``2027-03``."""
    month = parse_month(text, today, prefer=prefer)
    return f"{month[0]:04d}-{month[1]:02d}" if month else None


def normalize_date(text: str, today: date, *, prefer: Prefer = "nearest") -> str | None:
    """Return ``2026-11-20``; None also where that would lose a time, or hide a weekday that contradicts the day."""
    day = parse_date(text, today, prefer=prefer)
    bare = plain(text)
    if not day or re.search(_TIME, bare) or find_wrong_weekday(text, day) is not None:
        return None
    return day.isoformat()


def find_wrong_weekday(text: str, day: date) -> int | None:
    """Return the weekday (Monday 0) that a text gives to ``day`` where it is another one: 11/20(木) on a Friday."""
    bare = re.sub(_TIME, "", plain(text))
    found = re.search(_TRAILING_WEEKDAY, bare) or re.match(_LEADING_WEEKDAY, bare)
    name = re.search(_ANY_WEEKDAY, found[0]) if found else None
    said = _weekday(name[0]) if name else day.weekday()
    return said if said != day.weekday() else None


def shift(day: date, count: int, unit: str) -> date | None:
    """Return the day ``count`` units on (``日``, ``週間``, ``ヶ月``, ``d``, ``weeks`` …); None outside the calendar."""
    if abs(count) > 100_000:  # noqa: PLR2004 -- more days than any calendar of a sales team
        return None
    step = _OFFSET_UNITS[unit]
    if step in "my":
        return add_months(day, count * (12 if step == "y" else 1))
    try:
        return day + timedelta(days=count * (7 if step == "w" else 1))
    except OverflowError:
        return None


@lru_cache(maxsize=4096)
def _day_in(text: str) -> str:
    """Return a date's text without time and weekday, "" where nothing in it may name a day."""
    bare = plain(text)
    return re.sub(_WEEKDAY_BESIDE, "", re.sub(_TIME, "", bare)).strip() if re.search(_HINT, bare) else ""


@lru_cache(maxsize=4096)
def _parse_date(text: str, today: date, prefer: Prefer) -> date | None:
    bare = _day_in(text)
    if not bare:
        return None
    for read in _READERS:
        found = read(bare, today, prefer)
        if found is not None:
            return found
    return None


def _parse_numbers(text: str, _today: date, _prefer: Prefer) -> date | None:
    found = re.fullmatch(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", text
    )
    if found:
        return find_date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"'?(\d{2})/(\d{1,2})/(\d{1,2})", text):
        return find_date(2000 + int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text):
        return _month_or_day_first(int(found[1]), int(found[2]), int(found[3]))
    return None


def _month_or_day_first(first: int, second: int, year: int) -> date | None:
    """11/20/2026 and 20/11/2026 are plain; 10/11/2026 means two days to two readers and is refused."""
    if first <= 12 and second <= 12 and first != second:  # noqa: PLR2004 -- months
        return None
    month, day = (first, second) if first <= 12 else (second, first)  # noqa: PLR2004
    return find_date(year, month, day)


def _parse_era(text: str, _today: date, _prefer: Prefer) -> date | None:
    found = re.fullmatch(_ERA_DAY, text)
    if not found or found[2] in {"0", "00"}:
        return None
    day = find_date(era_year(found[1], int(found[2])), int(found[3]), int(found[4]))
    return day if day and in_era(found[1], day) else None


def _parse_yearless(text: str, today: date, prefer: Prefer) -> date | None:
    if found := re.fullmatch(r"(\d{1,2})[/月](\d{1,2})日?", text):
        return _choose_year(int(found[1]), int(found[2]), today, prefer)
    if found := re.fullmatch(r"(\d{1,2})日", text):
        return _choose_month(int(found[1]), today, prefer)
    if found := re.fullmatch(_YEAR_STEP_DAY, text):
        return find_date(today.year + YEAR_STEPS[found[1]], int(found[2]), int(found[3]))
    if found := re.fullmatch(_MONTH_STEP_DAY, text):
        first = add_months(today.replace(day=1), STEPS[found[1]])
        return find_date(first.year, first.month, int(found[2])) if first else None
    return None


def _parse_english(text: str, today: date, prefer: Prefer) -> date | None:
    found = re.fullmatch(_MONTH_FIRST, text) or re.fullmatch(_DAY_FIRST, text)
    if not found:
        return None
    month, day = MONTHS[found["m"]], int(found["d"])
    return find_date(int(found["y"]), month, day) if found["y"] else _choose_year(month, day, today, prefer)


def _parse_edge(text: str, today: date, prefer: Prefer) -> date | None:
    """Read the first or last day of a month, the last of a week or year."""
    if (edge := _EDGES.get(text)) and edge != text:
        return _parse_edge(edge, today, prefer)
    if text == "週明け":
        return _weekday_of_week(today, 1, 0)
    if found := re.fullmatch(_WEEK_STEP_END, text):
        return _weekday_of_week(today, STEPS[found[1]], 4)
    if found := re.fullmatch(_YEAR_STEP_END, text):
        return find_date(today.year + YEAR_STEPS[found[1]], 12, 31)
    found = re.fullmatch(r"(.+月)の?(末日?|中|初め?|頭)", text)
    month = _parse_month(found[1], today, prefer) if found else None
    if not found or not month:
        return None
    return month_end(*month) if found[2] in {"末", "末日", "中"} else date(*month, 1)


_EDGES: Final = {
    "月末": "今月末", "月末日": "今月末", "月内": "今月末", "月初": "今月初", "eom": "今月末",
    "end of month": "今月末", "end of the month": "今月末", "end of this month": "今月末",
    "end of next month": "来月末",
    "週末": "今週末", "週内": "今週末", "eow": "今週末",
    "end of week": "今週末", "end of the week": "今週末", "end of this week": "今週末", "end of next week": "来週末",
    "年末": "今年末", "年内": "今年末", "eoy": "今年末",
    "end of year": "今年末", "end of the year": "今年末", "end of this year": "今年末", "end of next year": "来年末",
}  # fmt: skip


def _parse_relative(text: str, today: date, prefer: Prefer) -> date | None:
    if text in _DAY_STEPS:
        return shift(today, _DAY_STEPS[text], "d")
    spelled = re.sub(r"^in (?=\d)", "+", text.replace("半年", "6ヶ月").replace("in a ", "in 1 "))
    if found := re.fullmatch(_OFFSET, spelled):
        if found[3] is None and not spelled.startswith("+"):
            return None  # 3日 is a day of the month, 30d a period
        return shift(today, -int(found[1]) if found[3] in {"前", "ago"} else int(found[1]), found[2])
    return _parse_weekday(text, today, prefer)


def _parse_weekday(text: str, today: date, prefer: Prefer) -> date | None:
    if text in WEEKDAYS or re.fullmatch(_KANJI_WEEKDAY, text):
        ahead = (_weekday(text) - today.weekday()) % 7
        return shift(today, ahead - 7 if prefer == "past" and ahead else ahead, "d")
    if found := re.fullmatch(_WEEK_STEP_DAY, text):
        return _weekday_of_week(today, STEPS[found[1]], _weekday(found[2]))
    if found := re.fullmatch(_NEXT_WEEKDAY, text):
        return shift(today, (_weekday(found[1]) - today.weekday() - 1) % 7 + 1, "d")
    found = re.fullmatch(_STEP_WEEKDAY, text)
    if found and found[1] == "last":
        return shift(today, -((today.weekday() - _weekday(found[2]) - 1) % 7 + 1), "d")
    return _weekday_of_week(today, int(found[1] == "next"), _weekday(found[2])) if found else None


_Reader = Callable[[str, date, Prefer], date | None]
_READERS: Final[tuple[_Reader, ...]] = (
    _parse_numbers,
    _parse_era,
    _parse_yearless,
    _parse_relative,
    _parse_english,
    _parse_edge,
)


def _parse_month(text: str, today: date, prefer: Prefer) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{4})(?:\s?[-/.]\s?|年\s?)(\d{1,2})月?", text) or re.fullmatch(
        r"((?:19|20)\d{2})(\d{2})", text
    )
    if found:
        return _month(int(found[1]), int(found[2]))
    if found := re.fullmatch(rf"({ERA})\s?\.?\s?(\d{{1,3}})\s?[-/.年]\s?(\d{{1,2}})月?", text):
        return _era_month(found[1], int(found[2]), int(found[3]))
    if found := re.fullmatch(rf"({YEAR_STEP})の?(\d{{1,2}})月", text):
        return _month(today.year + YEAR_STEPS[found[1]], int(found[2]))
    if found := re.fullmatch(rf"({STEP})(?:月|month)", text):
        first = add_months(today.replace(day=1), STEPS[found[1]])
        return (first.year, first.month) if first else None
    if found := re.fullmatch(rf"({_MONTH})\.?(?:,?[\s-](\d{{4}}))?", text):
        month = MONTHS[found[1]]
        return _month(int(found[2]), month) if found[2] else _nearest_month(month, today, prefer)
    found = re.fullmatch(r"(\d{1,2})月", text)
    return _nearest_month(int(found[1]), today, prefer) if found else None


def _month(year: int, month: int) -> tuple[int, int] | None:
    return (year, month) if find_date(year, month, 1) else None


def _era_month(era: str, year: int, month: int) -> tuple[int, int] | None:
    first = find_date(era_year(era, year), month, 1) if year else None
    inside = first and (in_era(era, first) or in_era(era, month_end(first.year, month)))
    return (first.year, month) if first and inside else None


def _nearest_month(month: int, today: date, prefer: Prefer) -> tuple[int, int] | None:
    if not 1 <= month <= 12:  # noqa: PLR2004 -- months
        return None
    here = today.year * 12 + today.month
    numbers = [year * 12 + month for year in (today.year - 1, today.year, today.year + 1)]
    chosen = _choose(numbers, here, prefer)
    return _month((chosen - 1) // 12, month)


def _choose_year(month: int, day: int, today: date, prefer: Prefer) -> date | None:
    # 29 February may be eight years away, on either side of a year like 1900
    years = range(today.year - 8, today.year + 9) if (month, day) == (2, 29) else range(today.year - 1, today.year + 2)
    days = [found.toordinal() for year in years if (found := find_date(year, month, day))]
    return date.fromordinal(_choose(days, today.toordinal(), prefer)) if days else None


def _choose_month(day: int, today: date, prefer: Prefer) -> date | None:
    first = today.replace(day=1)
    months = [month for count in range(-2, 3) if (month := add_months(first, count))]
    days = [month.replace(day=day).toordinal() for month in months if 1 <= day <= count_days(month.year, month.month)]
    return date.fromordinal(_choose(days, today.toordinal(), prefer)) if days else None


def _choose(values: list[int], here: int, prefer: Prefer) -> int:
    """Return the value nearest to ``here`` on the wanted side, a tie going to the later; any side where it has none."""
    past, future = [value for value in values if value <= here], [value for value in values if value >= here]
    side = past if prefer == "past" else future if prefer == "future" else values
    return min(side or values, key=lambda value: (abs(value - here), -value))


def _weekday(text: str) -> int:
    return WEEKDAYS[text] if text in WEEKDAYS else KANJI_WEEKDAYS.index(text[0])


def _weekday_of_week(today: date, weeks: int, weekday: int) -> date | None:
    return shift(today, weeks * 7 - today.weekday() + weekday, "d")
