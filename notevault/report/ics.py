"""iCalendar text (RFC 5545): ToDos for calendars and task lists."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from notevault.model import TodoStatus
from notevault.report.todos import TodoItem

_LONGEST_LINE: Final = 75
"""Octets, without the line end."""
_PRIORITY: Final = {"high": "1", "medium": "5", "low": "9"}
_STATUS: Final = {
    TodoStatus.OPEN: "NEEDS-ACTION",
    TodoStatus.DONE: "COMPLETED",
    TodoStatus.CANCELLED: "CANCELLED",
}


def render_todos(todos: Iterable[TodoItem], stamp: datetime, *, as_events: bool = False) -> str:
    """Return a calendar of ToDos, or ``as_events`` of whole-day events, for the many calendars that take no tasks.

    The UID of a ToDo stays as long as its id, so a calendar that takes the file again brings its entries up to date.
    ``stamp`` is the moment of writing, in UTC. Undated ToDos are no events.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//notevault//todo//EN", "CALSCALE:GREGORIAN"]
    for todo in todos:
        if not as_events:
            lines += ["BEGIN:VTODO", *_common(todo, stamp), *_task(todo), "END:VTODO"]
        elif todo.due is not None and todo.status is TodoStatus.OPEN:
            lines += ["BEGIN:VEVENT", *_common(todo, stamp), *_event(todo.due), "END:VEVENT"]
    return "".join(fold_line(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _common(todo: TodoItem, stamp: datetime) -> list[str]:
    about = [part for part in (todo.customer, todo.deal, todo.owner) if part]
    summary = f"{todo.text} ({todo.customer})" if todo.customer else todo.text
    lines = [
        f"UID:{todo.id}@notevault",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{escape_text(summary)}",
        "DESCRIPTION:" + escape_text("\n".join([*about, f"{todo.path}:{todo.line}"])),
    ]
    if todo.priority in _PRIORITY:
        lines.append(f"PRIORITY:{_PRIORITY[todo.priority]}")
    return lines


def _task(todo: TodoItem) -> list[str]:
    due = [f"DUE;VALUE=DATE:{_day(todo.due)}"] if todo.due else []
    return [*due, f"STATUS:{_STATUS[todo.status]}"]


def _event(due: date) -> list[str]:
    end = due if due == date.max else due + timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{_day(due)}", f"DTEND;VALUE=DATE:{_day(end)}", "TRANSP:TRANSPARENT"]


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def escape_text(text: str) -> str:
    """Return a TEXT value: backslash, semicolon, comma and newline escaped, other control characters gone."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(char for char in escaped if char >= " " and char != "\x7f")


def fold_line(line: str) -> str:
    """Return a content line folded at 75 octets, never inside a character."""
    pieces: list[str] = []
    current, size = "", 0
    for char in line:
        octets = len(char.encode("utf-8", "replace"))
        if size + octets > _LONGEST_LINE:
            pieces.append(current)
            current, size = " ", 1
        current += char
        size += octets
    return "\r\n".join([*pieces, current])
