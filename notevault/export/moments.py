"""Days and moments as a CRM wants them written."""

from datetime import UTC, datetime, tzinfo
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
            return in_zone(moment, UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
        case "milliseconds":
            return str(int(in_zone(moment, UTC).timestamp() * 1000))
        case "utc-blank":
            return in_zone(moment, UTC).replace(tzinfo=None).isoformat(" ", timespec="seconds")
        case pattern:
            return in_zone(moment, zone).strftime(pattern)


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment in another time zone; raises ValueError where that leads out of the years 1 to 9999."""
    try:
        return moment.astimezone(zone)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def explain_moment(written: str, zone: ZoneInfo, at: str = "") -> str:
    """Return which moment a CRM in UTC makes of it: what a person can compare."""
    if is_day(written) and not at:
        return written
    moment = datetime.fromisoformat(f"{written}T{at}" if is_day(written) else written)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return in_zone(moment, UTC).replace(tzinfo=None).isoformat(" ", timespec="minutes") + " UTC"


def explain_day(written: str) -> str:
    """Return a day so that day and month cannot be taken for each other."""
    day = datetime.fromisoformat(written[:DAY_LENGTH])
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
