"""The characters of a date: widths, kanji numerals, Japanese eras; and arithmetic on months."""

import re
import unicodedata
from datetime import date
from typing import Final

MAX_LENGTH: Final = 80
"""Longer text is no date; it also bounds every expression in this package."""

ERAS: Final = (
    ("令和", "r", date(2019, 5, 1), date.max),
    ("平成", "h", date(1989, 1, 8), date(2019, 4, 30)),
    ("昭和", "s", date(1926, 12, 25), date(1989, 1, 7)),
    ("大正", "t", date(1912, 7, 30), date(1926, 12, 25)),
    ("明治", "m", date(1868, 1, 25), date(1912, 7, 30)),
)
"""Name, letter, first and last day; the day of a change belongs to both, as in the statutes of 1912 and 1926."""

ERA: Final = "令和|平成|昭和|大正|明治|[rhstm](?=\\s*\\.?\\s*\\d)"

_DIGITS: Final = dict(zip("〇○零一二三四五六七八九", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_NUMERALS = "(?:(?!四半期)[〇○零一二三四五六七八九十百千])+(?=[年月日時分週ヶか箇カヵ]|四半期)"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"〜": "~", "∼": "~"})


def plain(text: str) -> str:
    """Return a date's text in one spelling: NFKC, lower case, kanji numerals as digits; "" where it is too long."""
    if len(text) > MAX_LENGTH:
        return ""
    folded = text.strip().lower()
    if folded.isascii():
        return " ".join(folded.split())
    folded = unicodedata.normalize("NFKC", folded).lower().translate(_DASHES)
    folded = re.sub(r"(?<=\d)ー(?=\d)", "-", folded)
    folded = re.sub(r"(?<=令和|平成|昭和|大正|明治)\s*元(?=\s*年)", "1", folded)
    folded = re.sub(_NUMERALS, lambda match: str(parse_numeral(match[0])), folded)
    folded = re.sub(r"\s*([年月日時分])\s*(?=[\d上下中末第]|$)", r"\1", folded)
    return " ".join(folded.split())


def parse_numeral(text: str) -> int:
    """Return the value of a kanji numeral, positional (二〇二六) or with units (二千二十六)."""
    if not any(unit in text for unit in _UNITS):
        return int("".join(str(_DIGITS[digit]) for digit in text))
    total, pending = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (pending or 1) * _UNITS[sign]
            pending = 0
        else:
            pending = pending * 10 + _DIGITS[sign]
    return total + pending


def find_date(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def era_year(era: str, year: int) -> int:
    """Return the calendar year of an era's year; :func:`in_era` says whether a day still belongs to the era."""
    start = next(first for name, letter, first, _last in ERAS if era in {name, letter})
    return start.year + year - 1


def in_era(era: str, day: date) -> bool:
    """Say whether a day lies in the era it is written with."""
    return any(first <= day <= last for name, letter, first, last in ERAS if era in {name, letter})


def add_months(day: date, months: int) -> date | None:
    """Return the same day some months on, the last of a shorter month; None outside the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, count_days(year, month + 1)))


def count_days(year: int, month: int) -> int:
    """Return how many days a month has."""
    from calendar import monthrange  # noqa: PLC0415 -- start-up time: it imports locale too

    return monthrange(year, month)[1]


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, count_days(year, month))


def format_date(day: date) -> str:
    """Return ``2026-11-20``."""
    return date(day.year, day.month, day.day).isoformat()


def format_era(day: date) -> str:
    """Return ``令和8年11月20日``; before the Meiji era ``1850年1月2日``."""
    for name, _letter, first, _last in ERAS:
        if day >= first:
            year = day.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year:04d}年{day.month}月{day.day}日"
