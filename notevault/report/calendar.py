"""The customers' calendar: year ends, budgets, leases, renewals, dates learned, and from when to talk about them."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from notevault.catalog import Catalog
from notevault.config import CalendarKind, Settings
from notevault.dates import parse_date, parse_month
from notevault.records import record
from notevault.report.customers import CustomerLine, list_customers
from notevault.report.learned import Answer, is_yearly, load_answers, without_remark

OTHER_LEAD_DAYS: Final = 30
"""For dates that the settings have no kind for."""
_LONGEST_DATE: Final = 30


@record
class CalendarEntry:
    """One date of one customer. Its fields are the contract of ``report calendar --json``."""

    id: str
    start: date
    """From when to talk about it."""
    day: date
    customer: str
    customer_id: str
    status: str
    owner: str | None
    kind: str
    label: str
    value: str
    """As written."""
    yearly: bool
    topic: str
    """What to bring up."""
    contact: str | None
    """With whom: who decides, else who was met last."""
    stage: str | None
    path: str
    line: int
    said: date | None


def list_calendar(
    catalog: Catalog,
    settings: Settings,
    today: date,
    *,
    until: date,
    language: str,
    customers: Sequence[CustomerLine] | None = None,
) -> tuple[CalendarEntry, ...]:
    """Return what lies ahead and is to be talked about by ``until``, in the order in which the talks begin.

    A month without a year comes every year. Former customers are left out.
    """
    known = customers if customers is not None else list_customers(catalog, settings, today)
    answers = load_answers(catalog, settings, [line.id for line in known] if customers is not None else None)
    lines = [line for line in known if line.id in answers and line.status != "former"]
    contacts = _main_contacts(catalog)
    found = [
        entry
        for line in lines
        for key, said in answers[line.id].items()
        for entry in _entries(line, key, said[0], _Span(settings=settings, today=today, until=until, language=language))
    ]
    named = [_with_contact(entry, contacts) for entry in found]
    return tuple(sorted(named, key=lambda entry: (max(entry.start, today), entry.day, entry.customer, entry.kind)))


@record
class _Span:
    settings: Settings
    today: date
    until: date
    language: str


def _entries(line: CustomerLine, key: str, answer: Answer, span: _Span) -> Iterator[CalendarEntry]:
    known = span.settings.calendar.get(key)
    kind = known or CalendarKind(key=key, lead_days=OTHER_LEAD_DAYS, at="start")
    for day in find_days(answer.value, kind, answer.date or span.today, span.today, span.until):
        start = day - timedelta(days=kind.lead_days)
        if day < span.today or start > span.until:
            continue
        identity = sha256(f"{line.id}\0{key}\0{day}".encode()).hexdigest()[:12]
        yield CalendarEntry(
            id=f"e{identity}",
            start=start,
            day=day,
            customer=line.name,
            customer_id=line.id,
            status=line.status,
            owner=line.owner,
            kind=key,
            label=kind.label(span.language) if known else _other_label(span, key),
            value=answer.value,
            yearly=is_yearly(answer.value),
            topic=kind.topic(span.language),
            contact=None,
            stage=line.stage,
            path=answer.path,
            line=answer.line,
            said=answer.date,
        )


def _other_label(span: _Span, key: str) -> str:
    entry = span.settings.learned.get(key)
    return entry.label(span.language) if entry else key


def find_days(value: str, kind: CalendarKind, said: date, today: date, until: date) -> tuple[date, ...]:
    """Return the days that an answer names: one, or of a month without a year each that matters until then."""
    value = without_remark(value)
    if len(value) > _LONGEST_DATE or not (any(map(str.isdigit, value)) or value.isascii()):
        return ()
    if is_yearly(value):
        month = parse_month(value, today)
        years = range(today.year, (until + timedelta(days=kind.lead_days)).year + 1)
        return tuple(_day_of_month(year, month[1], kind) for year in years) if month else ()
    found = parse_month(value, said, prefer="future")
    if found:
        return (_day_of_month(*found, kind),)
    day = parse_date(value, said, prefer="future")
    return (day,) if day else ()


def _day_of_month(year: int, month: int, kind: CalendarKind) -> date:
    return date(year, month, 1 if kind.at == "start" else monthrange(year, month)[1])


def _main_contacts(catalog: Catalog) -> Mapping[str, str]:
    rows = catalog.select(
        "SELECT customer_id, name, title FROM contacts ORDER BY role IS NOT NULL, last_met, notes, name DESC"
    )
    return {row["customer_id"]: " ".join(filter(None, (row["name"], row["title"]))) for row in rows}


def _with_contact(entry: CalendarEntry, contacts: Mapping[str, str]) -> CalendarEntry:
    return replace(entry, contact=contacts.get(entry.customer_id))
