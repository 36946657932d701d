"""Days and moments as a CRM wants them written."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from notevault.export.profile import FormatSpec
from notevault.export.texts import stamp

_ISO_DAY: Final = "%Y-%m-%d"
DAY_LENGTH: Final = 10
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_day(written: str) -> bool:
    """Say whether a moment is a day alone."""
    return len(written) == DAY_LENGTH


def format_day(written: str, form: FormatSpec) -> str:
    """Return the day of an ISO day or moment."""
    day = written[:DAY_LENGTH]
    return day if form.date == _ISO_DAY else datetime.fromisoformat(day).strftime(form.date)


def format_moment(written: str, form: FormatSpec, zone: ZoneInfo, at: str = "") -> str:
    """Return an ISO moment; ``at`` is the time of a day alone, in the vault's time zone."""
    if is_day(written) and not at:
        return format_day(written, form)
    moment = datetime.fromisoformat(f"{written}T{at}" if is_day(written) else written)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    match form.datetime:
        case "offset":
            return stamp(moment)
        case "utc":
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case "milliseconds":
            return str(int(moment.timestamp() * 1000))
        case "utc-blank":
            return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        case pattern:
            return moment.astimezone(zone).strftime(pattern)


def explain_moment(written: str, zone: ZoneInfo, at: str = "") -> str:
    """Return which moment a CRM in UTC makes of it: what a person can compare."""
    if is_day(written) and not at:
        return written
    moment = datetime.fromisoformat(f"{written}T{at}" if is_day(written) else written)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def explain_day(written: str) -> str:
    """Return a day so that day and month cannot be taken for each other."""
    day = datetime.fromisoformat(written[:DAY_LENGTH])
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
