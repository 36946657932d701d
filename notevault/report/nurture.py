"""Lost deals to look at again, and customers gone silent: why, when to come back, whom to ask for.

A customer that was spoken to since, or that a newer jotting or team meeting names, is nearer than one that was not:
those are signals.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from notevault.catalog import Catalog
from notevault.config import Settings, spelling_key
from notevault.dates import parse_date, parse_range
from notevault.records import record
from notevault.report.activity import contact_days
from notevault.report.customers import CustomerLine, list_customers
from notevault.report.naming import find_namings
from notevault.report.rows import parse_iso

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@record
class NurtureDeal:
    """A lost deal, or a customer gone silent. Its fields are the contract of ``report nurture --json``, ``--csv``."""

    customer: str
    deal: str | None = None
    owner: str | None
    amount: float | None = None
    currency: str | None = None
    lost_on: date | None = None
    reason: str | None = None
    competitors: tuple[str, ...] = ()
    revisit: str | None = None
    """As written."""
    revisit_on: date | None = None
    """Its first day."""
    due: bool = False
    contact: str | None
    title: str | None
    department: str | None
    email: str | None
    phone: str | None
    consent: str | None
    """Whether mail may be sent, as the customer's note says it."""
    last_contact: date | None
    signals: int
    """Contacts since it was lost, and newer jottings and team meetings that name the customer."""
    deals_open: int
    """Other deals of this customer."""
    path: str | None = None
    """Its newest note."""
    customer_id: str
    kind: str = "lost"
    """``lost`` or ``silent``."""
    silent_on: date | None = None
    """The day that made a silent customer so."""


def list_nurture(
    catalog: Catalog,
    settings: Settings,
    today: date,
    *,
    owners: Sequence[str] | None = None,
    with_silent: bool = False,
) -> tuple[NurtureDeal, ...]:
    """Return the lost deals: those due the longest first, then by date to look again, the undated last.

    ``with_silent`` adds the customers without contact for too long who have no lost deal.
    """
    rows = catalog.select(
        "SELECT d.*, c.name AS customer, c.owner AS customer_owner, n.path, (SELECT count(*) FROM deals o"
        " WHERE o.customer_id = d.customer_id AND o.state = 'open') AS deals_open"
        " FROM deals d JOIN customers c ON c.id = d.customer_id LEFT JOIN notes n ON n.id = d.last_note_id"
        " WHERE d.state = 'lost'"
    )
    days = contact_days(catalog, today)
    silent = _list_silent(catalog, settings, today, {row["customer_id"] for row in rows}) if with_silent else ()
    known = _Known(
        people=_load_people(catalog),
        consents=_load_consents(catalog, settings),
        competitors=_load_competitors(catalog),
        named=find_namings(catalog, today, {*(row["customer_id"] for row in rows), *(line.id for line in silent)}),
    )
    found = [
        _make(row, today, days.get(row["customer_id"], ()), known)
        for row in rows
        if owners is None or (row["customer_owner"] or row["owner"]) in owners
    ]
    found += [_make_silent(line, settings, known) for line in silent if owners is None or line.owner in owners]
    return tuple(sorted(found, key=_due_first))


def _list_silent(catalog: Catalog, settings: Settings, today: date, lost: Collection[str]) -> list[CustomerLine]:
    gap = timedelta(days=settings.inventory.silent_days)
    return [
        line
        for line in list_customers(catalog, settings, today)
        if line.last_contact is not None
        and line.last_contact + gap <= today
        and line.status != "former"
        and line.id not in lost
    ]


@record
class _Known:
    people: Mapping[str, sqlite3.Row]
    """Deal id → the first person of its newest note with any; customer id → the person met last."""
    consents: Mapping[str, str]
    competitors: Mapping[str, tuple[str, ...]]
    named: Mapping[str, Sequence[date]]
    """Customer id → days of jottings and team meetings that name it."""


def _load_people(catalog: Catalog) -> dict[str, sqlite3.Row]:
    known = "k.name AS contact, k.title, k.department, k.email, k.phone"
    met = catalog.select(f"SELECT k.customer_id, {known} FROM contacts k ORDER BY k.last_met, k.notes, k.name DESC")
    of_deal = catalog.select(
        f"SELECT n.deal_id, {known} FROM people p JOIN notes n ON n.id = p.note_id JOIN deals d ON d.id = n.deal_id"
        " JOIN contacts k ON k.id = p.contact_id WHERE d.state = 'lost' AND n.copy_of IS NULL"
        " ORDER BY n.day, n.path, p.position DESC"
    )
    return {row[0]: row for row in (*met, *of_deal)}


def _load_consents(catalog: Catalog, settings: Settings) -> dict[str, str]:
    wanted = {spelling_key(name) for name in settings.nurture.consent}
    rows = catalog.select(
        "SELECT c.id, f.raw_key, f.value FROM customers c JOIN fields f ON f.note_id = c.note_id ORDER BY f.line"
    )
    return {row["id"]: row["value"] for row in rows if spelling_key(row["raw_key"]) in wanted}


def _load_competitors(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for row in catalog.select(
        "SELECT n.deal_id, k.name FROM competitors k JOIN notes n ON n.id = k.note_id JOIN deals d ON d.id = n.deal_id"
        " WHERE d.state = 'lost' AND n.copy_of IS NULL ORDER BY n.day DESC"
    ):
        names[row["deal_id"]][row["name"]] = None
    return {deal: tuple(found) for deal, found in names.items()}


def _make(row: sqlite3.Row, today: date, days: Sequence[date], known: _Known) -> NurtureDeal:
    lost_on, revisit_on = parse_iso(row["closed"]), _first_day(row["revisit"], parse_iso(row["closed"]) or today)
    person = known.people.get(row["id"]) or known.people.get(row["customer_id"])
    return NurtureDeal(
        customer=row["customer"],
        deal=row["name"] or None,
        owner=row["customer_owner"] or row["owner"],
        amount=row["amount"],
        currency=row["currency"],
        lost_on=lost_on,
        reason=row["lost_reason"] or None,
        competitors=known.competitors.get(row["id"], ()),
        revisit=row["revisit"] or None,
        revisit_on=revisit_on,
        due=revisit_on is not None and revisit_on <= today,
        **_details(person),
        consent=known.consents.get(row["customer_id"]),
        last_contact=days[-1] if days else None,
        signals=sum(lost_on is not None and day > lost_on for day in (*days, *known.named.get(row["customer_id"], ()))),
        deals_open=row["deals_open"],
        path=row["path"],
        customer_id=row["customer_id"],
    )


def _make_silent(line: CustomerLine, settings: Settings, known: _Known) -> NurtureDeal:
    last, person = line.last_contact or date.min, known.people.get(line.id)
    return NurtureDeal(
        kind="silent",
        silent_on=last + timedelta(days=settings.inventory.silent_days),
        customer=line.name,
        owner=line.owner,
        **_details(person),
        consent=known.consents.get(line.id),
        last_contact=line.last_contact,
        signals=sum(day > last for day in known.named.get(line.id, ())),
        deals_open=line.deals_open,
        customer_id=line.id,
    )


def _details(person: sqlite3.Row | None) -> dict[str, Any]:
    return {key: person[key] if person else None for key in ("contact", "title", "department", "email", "phone")}


def _first_day(written: str | None, lost_on: date) -> date | None:
    """Return the day to look again; a month without a year is the next one after the loss."""
    if not written:
        return None
    if month := _MONTH.fullmatch(written):  # as templates ask for it: no need to try every spelling
        return date(int(month[1]), int(month[2]), 1)
    day = parse_date(written, lost_on, prefer="future")
    period = None if day else parse_range(written, lost_on, prefer="future")
    day = day or (period[0] if period else None)
    return None if day in (date.min, date.max) else day


def _due_first(each: NurtureDeal) -> tuple[object, ...]:
    return (each.revisit_on or date.max, each.lost_on or date.max, each.customer, each.deal or "")


def find_revisits(catalog: Catalog, today: date) -> dict[str, date]:
    """Return lost deal → the day to look at it again, where that has come."""
    rows = catalog.select("SELECT id, revisit, closed FROM deals WHERE state = 'lost' AND revisit <> ''")
    days = {row["id"]: _first_day(row["revisit"], parse_iso(row["closed"]) or today) for row in rows}
    return {deal: day for deal, day in days.items() if day is not None and day <= today}


def rank_by_signals(found: Sequence[NurtureDeal]) -> tuple[NurtureDeal, ...]:
    """Return those with most signals first, those due before the others."""
    return tuple(sorted(found, key=lambda each: (-each.signals, not each.due, *_due_first(each))))
