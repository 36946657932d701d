"""Persons as vCard 4.0 and activities as iCalendar, for address books and calendars that take these.

Lines end in CRLF and are folded at 75 bytes; nothing depends on the day of the run.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Final

from notevault.export.moments import DAY_LENGTH, in_zone, is_day
from notevault.export.render import render_text
from notevault.export.store import Cells, RowStore

_LONGEST_LINE: Final = 75
_PIECE: Final = re.compile(rb".{1,74}(?![\x80-\xbf])", re.DOTALL)
_ESCAPES: Final = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))


def iter_vcards(store: RowStore, rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield one card for each contact."""
    company_of = lru_cache(4096)(partial(_company, store))
    for row in rows:
        company = company_of(row["account_id"], row["lead_id"])
        lines = [
            "BEGIN:VCARD",
            "VERSION:4.0",
            f"UID:{_text(row['id'])}",
            f"FN:{_text(row['name'] or row['last_name'])}",
            f"N:{_text(row['last_name'])};{_text(row['first_name'])};;;",
            *_if(company or row["department"], f"ORG:{_text(company)};{_text(row['department'])}".rstrip(";")),
            *_if(row["title"], f"TITLE:{_text(row['title'])}"),
            *_if(row["role"], f"ROLE:{_text(row['role'])}"),
            *_if(row["email"], f"EMAIL:{_text(row['email'])}"),
            *_if(row["phone"], f"TEL;VALUE=text;TYPE=work:{_text(row['phone'])}"),
            *_if(row["mobile"], f"TEL;VALUE=text;TYPE=cell:{_text(row['mobile'])}"),
            "END:VCARD",
        ]
        yield _folded(lines)


def iter_calendar(store: RowStore, rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield one calendar with an event for each activity; a day alone is an event of that day."""
    company_of = lru_cache(4096)(partial(_company, store))
    yield _folded(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//notevault//export//EN", "CALSCALE:GREGORIAN"])
    for row in rows:
        company = company_of(row["account_id"], row["lead_id"])
        subject = row["subject"] if not company or company in row["subject"] else f"{row['subject']} ({company})"
        lines = [
            "BEGIN:VEVENT",
            f"UID:{_text(row['id'])}@notevault",
            f"DTSTAMP:{row['start_at'][:DAY_LENGTH].replace('-', '')}T000000Z",
            *_times(row["start_at"], row["end_at"]),
            f"SUMMARY:{_text(subject)}",
            *_if(row["location"], f"LOCATION:{_text(row['location'])}"),
            *_if(row["tags"], f"CATEGORIES:{','.join(_text(tag) for tag in row['tags'].split('; '))}"),
            *_if(row["body"], f"DESCRIPTION:{_text(render_text(row['body']))}"),
            "END:VEVENT",
        ]
        yield _folded(lines)
    yield _folded(["END:VCALENDAR"])


def _company(store: RowStore, account: str, lead: str) -> str:
    return store.find_cell("accounts", account, "name") or store.find_cell("leads", lead, "company")


@lru_cache(maxsize=4096)
def _times(start: str, end: str) -> Sequence[str]:
    if is_day(start):
        day = date.fromisoformat(start)
        following = day + timedelta(days=1) if day < date.max else day
        days = [each.isoformat().replace("-", "") for each in (day, following)]
        return [f"DTSTART;VALUE=DATE:{days[0]}", f"DTEND;VALUE=DATE:{days[1]}"]
    return [f"DTSTART:{_utc(start)}", *([f"DTEND:{_utc(end)}"] if end else [])]


def _utc(written: str) -> str:
    moment, mark = datetime.fromisoformat(written), ""
    with suppress(ValueError):  # at the end of time it stays the local time that it is
        moment, mark = in_zone(moment, UTC), "Z"
    return re.sub("[-:]", "", moment.replace(tzinfo=None).isoformat(timespec="seconds")) + mark


def _if(condition: str, line: str) -> list[str]:
    return [line] if condition else []


def _text(value: str) -> str:
    for mark, escaped in _ESCAPES:
        if mark in value:
            value = value.replace(mark, escaped)
    return value


def _folded(lines: Iterable[str]) -> bytes:
    return b"".join(_fold(line.encode()) for line in lines)


def _fold(line: bytes) -> bytes:
    """Return a line in pieces of at most 75 bytes with the blank before them, no character torn apart."""
    return (line if len(line) < _LONGEST_LINE else b"\r\n ".join(_PIECE.findall(line))) + b"\r\n"
