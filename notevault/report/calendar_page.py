"""The calendar as a plan: month by month what to bring up, with whom, until when; and as events."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from notevault.messages import gettext as _
from notevault.report.calendar import CalendarEntry
from notevault.report.calendar_events import CalendarEvent
from notevault.report.document import Block, Cell, Document, Heading, Remark, make_table


def make_plan(entries: Sequence[CalendarEntry], today: date, *, by: str = "month") -> Document:
    """Return the entries under a heading for each month in which their talk begins, or for each owner."""
    groups: dict[str, list[CalendarEntry]] = defaultdict(list)
    for entry in entries:
        groups[(entry.owner or _("nobody")) if by == "owner" else f"{max(entry.start, today):%Y-%m}"].append(entry)
    blocks: list[Block] = []
    for name in sorted(groups):
        blocks += [Heading(text=f"{name} ({len(groups[name])})"), _table(groups[name], today, by=by)]
    if not blocks:
        blocks.append(Remark(text=_("Nothing comes up.")))
    return Document(title=_("What to bring up, and when"), subtitle=today.isoformat(), blocks=tuple(blocks))


def _table(entries: Sequence[CalendarEntry], today: date, *, by: str) -> Block:
    rows: list[list[str | Cell]] = [
        [
            Cell(text=_start(entry, today), tone="warn" if entry.start <= today else ""),
            entry.day.isoformat(),
            entry.customer,
            f"{entry.label}: {entry.value}",
            entry.topic,
            entry.contact or "",
            "" if by == "owner" else entry.owner or "",
        ]
        for entry in entries
    ]
    headings = [_("talk from"), _("day"), _("customer"), _("what"), _("bring up"), _("with"), _("owner")]
    return make_table(headings, rows, flexible=(2, 3, 4, 5))


def _start(entry: CalendarEntry, today: date) -> str:
    return _("now") if entry.start <= today else entry.start.isoformat()


def make_events(entries: Sequence[CalendarEntry]) -> list[CalendarEvent]:
    """Return two events an entry: the day on which the talk begins, and the day itself."""
    events = []
    for entry in entries:
        what = f"{entry.customer}: {entry.label}"
        details = [entry.topic, *(f"{label}: {value}" for label, value in _details(entry) if value)]
        description = "\n".join(filter(None, details))
        begin = _("{what} ({day}): begin to talk").format(what=what, day=entry.day.isoformat())
        events += [
            CalendarEvent(uid=f"{entry.id}-start", day=entry.start, summary=begin, description=description),
            CalendarEvent(uid=entry.id, day=entry.day, summary=what, description=description),
        ]
    return events


def _details(entry: CalendarEntry) -> list[tuple[str, str | None]]:
    return [(_("with"), entry.contact), (_("owner"), entry.owner), (_("note"), entry.path)]
