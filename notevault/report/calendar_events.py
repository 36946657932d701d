"""Days as an iCalendar file (RFC 5545): whole-day events; a calendar program that takes them in again replaces them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from notevault.records import record
from notevault.report.ics import escape_text, fold_line


@record
class CalendarEvent:
    """One whole day."""

    uid: str
    """Stable: the same event has it in every file."""
    day: date
    summary: str
    description: str = ""


def render_calendar(events: Iterable[CalendarEvent], name: str, now: datetime) -> str:
    """Return the file's text; ``now`` is when it was made."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//notevault//calendar//EN", f"X-WR-CALNAME:{escape_text(name)}"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{escape_text(event.uid)}@notevault",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escape_text(event.summary)}",
            *([f"DESCRIPTION:{escape_text(event.description)}"] if event.description else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{fold_line(line)}\r\n" for line in (*lines, "END:VCALENDAR"))
