"""Contact points: how often a customer was spoken to, weighed by channel, and whether new leads get enough of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.records import record
from notevault.report.activity import Contacted, list_contacts, points_of
from notevault.report.contacts import first_contacts
from notevault.report.customers import CustomerLine, list_customers
from notevault.report.rows import make_lookup, parse_iso

GROUPINGS: Final = ("customer", "owner", "month", "channel")
LeadState = Literal["reached", "on-the-way", "missed"]
_ENOUGH: Final = 1e-9


@record
class LeadRule:
    """How a new lead stands against ``[points]`` of the settings."""

    state: LeadState
    began: date
    """Its first contact."""
    until: date
    """Last day that counts."""
    points: float
    needed: float
    missing: float
    reached_on: date | None


@record
class CustomerPoints:
    """One customer in a period. Its fields are the contract of ``report points --json``."""

    id: str
    customer: str
    status: str
    owner: str | None
    points: float
    contacts: int
    channels: tuple[str, ...]
    last_contact: date | None
    lead: LeadRule | None
    """None for customers who were not new in the period."""


@record
class PointsGroup:
    """The contacts of one owner, month or channel. Its fields are the contract of ``report points --by … --json``."""

    key: str
    points: float
    contacts: int
    customers: int


def count_points(
    catalog: Catalog,
    settings: Settings,
    today: date,
    period: tuple[date, date],
    *,
    owners: Sequence[str] | None = None,
    customers: Sequence[CustomerLine] | None = None,
) -> tuple[CustomerPoints, ...]:
    """Return the customers spoken to in the period, and the leads new in it, those with most points first.

    With ``owners`` only their contacts count, and the leads are those they own; a lead's own rule counts everybody's.
    ``customers`` are all of them, where the caller has them.
    """
    until = min(period[1], today)
    # a lead that counts began so few days before the period that no older contact is needed, but for being its first
    lead_days = timedelta(days=max(settings.points.days, 1))
    since = period[0] - lead_days if period[0] - date.min > lead_days else date.min
    contacts = list_contacts(catalog, since=since, until=today)
    of_customer, firsts = _by(contacts, lambda each: each.customer_id), first_contacts(catalog, today)
    inside = _by(_within(contacts, period[0], until, owners), lambda each: each.customer_id)
    converted = _converted(catalog)
    found = []
    for line in list_customers(catalog, settings, today) if customers is None else customers:
        own = of_customer.get(line.id, [])
        is_new = bool(own) and own[0].day == firsts[line.id]
        rule = _judge(line, own, settings, today, converted) if is_new else None
        if rule and (rule.began > until or rule.until < period[0] or (owners is not None and line.owner not in owners)):
            rule = None
        counted = inside.get(line.id, [])
        if counted or rule:
            found.append(_line(line, counted, settings, rule))
    return tuple(sorted(found, key=lambda each: (-each.points, each.customer)))


def group_points(
    catalog: Catalog,
    settings: Settings,
    today: date,
    period: tuple[date, date],
    *,
    by: str,
    owners: Sequence[str] | None = None,
) -> tuple[PointsGroup, ...]:
    """Return the points of the period by ``owner``, ``month`` or ``channel``."""
    keys: dict[str, Callable[[Contacted], str]] = {
        "owner": lambda each: each.owner or "",
        "month": lambda each: each.day.isoformat()[:7],
        "channel": lambda each: each.channel or "",
    }
    contacts = list_contacts(catalog, since=period[0], until=min(period[1], today), owners=owners)
    groups = [
        PointsGroup(
            key=key,
            points=_sum(group, settings),
            contacts=len(group),
            customers=len({each.customer_id for each in group}),
        )
        for key, group in _by(contacts, keys[by]).items()
    ]
    return tuple(sorted(groups, key=lambda group: group.key if by == "month" else (-group.points, group.key)))


def _within(
    contacts: Iterable[Contacted], since: date, until: date, owners: Sequence[str] | None
) -> Iterable[Contacted]:
    return (each for each in contacts if since <= each.day <= until and (owners is None or each.owner in owners))


def _by(contacts: Iterable[Contacted], key: Callable[[Contacted], str]) -> dict[str, list[Contacted]]:
    groups: dict[str, list[Contacted]] = defaultdict(list)
    for contact in contacts:
        groups[key(contact)].append(contact)
    return groups


def _sum(contacts: Iterable[Contacted], settings: Settings) -> float:
    return sum(points_of(each.channel, settings) for each in contacts)


def _line(
    line: CustomerLine, counted: Sequence[Contacted], settings: Settings, rule: LeadRule | None
) -> CustomerPoints:
    return CustomerPoints(
        id=line.id,
        customer=line.name,
        status=line.status,
        owner=line.owner,
        points=_sum(counted, settings),
        contacts=len(counted),
        channels=tuple(dict.fromkeys(each.channel for each in counted if each.channel)),
        last_contact=counted[-1].day if counted else None,
        lead=rule,
    )


def _converted(catalog: Catalog) -> Mapping[str, str]:
    """Return customer id → day since which it buys."""
    return make_lookup(
        catalog.select(
            "SELECT c.id, f.day FROM customers c JOIN fields f ON f.note_id = c.note_id"
            " WHERE f.key = 'converted' AND f.day IS NOT NULL"
        )
    )


def _judge(
    line: CustomerLine,
    contacts: Sequence[Contacted],
    settings: Settings,
    today: date,
    converted: Mapping[str, str],
) -> LeadRule | None:
    """Return how a lead stands, None for customers who were none when first spoken to."""
    if not contacts:
        return None
    began = contacts[0].day
    bought = parse_iso(converted.get(line.id))
    if line.status != "lead" and line.registered and (bought is None or bought <= began):
        return None
    rule = settings.points
    until = began + timedelta(days=max(rule.days, 1) - 1)
    points, reached_on = 0.0, None
    for contact in contacts:
        if contact.day > until:
            break
        points += points_of(contact.channel, settings)
        if reached_on is None and points >= rule.new_lead - _ENOUGH:
            reached_on = contact.day
    state: LeadState = "reached" if reached_on else "on-the-way" if today <= until else "missed"
    missing = max(0.0, rule.new_lead - points)
    return LeadRule(
        state=state,
        began=began,
        until=until,
        points=points,
        needed=rule.new_lead,
        missing=missing,
        reached_on=reached_on,
    )
