"""Dates, months, times and periods as people write them, in Japanese and English.

Text in, ``datetime`` values out; None where the text says no such thing. What day it is comes in as ``today``.
``eras`` reads characters, ``days`` one day or month, ``times`` the clock, ``periods`` from–to.
"""

from notevault.dates.days import Prefer, find_wrong_weekday, normalize_date, normalize_month, parse_date, parse_month
from notevault.dates.eras import format_date, format_era
from notevault.dates.periods import parse_range
from notevault.dates.times import normalize_datetime, parse_datetime, parse_time

__all__ = [
    "Prefer",
    "find_wrong_weekday",
    "format_date",
    "format_era",
    "normalize_date",
    "normalize_datetime",
    "normalize_month",
    "parse_date",
    "parse_datetime",
    "parse_month",
    "parse_range",
    "parse_time",
]
