"""Working days: Monday to Friday, without the Japanese holidays where the vault keeps Japanese time."""

from datetime import date, timedelta
from typing import Final

_JAPAN: Final = ("Asia/Tokyo", "Japan")
_FRIDAY: Final = 4
_MOST_DAYS: Final = 3700
"""Longer periods are counted up to here; nobody asks how many working days a century has."""


def is_working_day(day: date, timezone: str) -> bool:
    """Say whether people work on ``day``."""
    if day.weekday() > _FRIDAY:
        return False
    if timezone not in _JAPAN:
        return True
    import jpholiday  # noqa: PLC0415 -- start-up time

    return not jpholiday.is_holiday(day)


def next_working_day(day: date, timezone: str) -> date:
    """Return ``day``, or the first working day after it."""
    while day < date.max and not is_working_day(day, timezone):
        day += timedelta(days=1)
    return day


def count_working_days(first: date, last: date, timezone: str) -> int:
    """Return how many working days there are from ``first`` to ``last``, both counted; 0 where they cross."""
    days = min((last - first).days + 1, _MOST_DAYS)
    return sum(is_working_day(first + timedelta(days=step), timezone) for step in range(days))
