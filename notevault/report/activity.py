"""Contacts with customers, one by one: what points, inventory, diary and digest count."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.records import record
from notevault.report.contacts import IS_CONTACT


@record
class Contacted:
    """A visit, call, mail … with a customer."""

    day: date
    customer_id: str
    customer: str
    owner: str | None
    channel: str | None
    deal: str | None
    title: str
    path: str
    note_id: int


def list_contacts(
    catalog: Catalog, *, since: date = date.min, until: date = date.max, owners: Sequence[str] | None = None
) -> tuple[Contacted, ...]:
    """Return the contacts from ``since`` to ``until``, both inclusive, the oldest first."""
    condition = f" AND n.owner IN ({marks(owners)})" if owners is not None else ""
    rows = catalog.select(
        "SELECT n.day, n.customer_id, c.name AS customer, n.owner, n.channel, coalesce(nullif(d.name, ''), n.deal)"
        " AS deal, n.title, n.path, n.id AS note_id FROM notes n JOIN customers c ON c.id = n.customer_id"
        f" LEFT JOIN deals d ON d.id = n.deal_id WHERE {IS_CONTACT} AND n.day BETWEEN ? AND ?{condition}"
        " ORDER BY n.day, n.path",
        (since.isoformat(), until.isoformat(), *(owners or ())),
    )
    return tuple(Contacted(**{**dict(row), "day": date.fromisoformat(row["day"])}) for row in rows)


def contact_days(catalog: Catalog, until: date) -> dict[str, list[date]]:
    """Return customer id → the days of its contacts up to ``until``, the oldest first."""
    days: dict[str, list[date]] = defaultdict(list)
    for customer_id, day in catalog.select_tuples(
        f"SELECT n.customer_id, n.day FROM notes n JOIN customers c ON c.id = n.customer_id WHERE {IS_CONTACT}"
        " AND n.day <= ? ORDER BY n.day",
        (until.isoformat(),),
    ):
        days[customer_id].append(date.fromisoformat(day))
    return days


def points_of(channel: str | None, settings: Settings) -> float:
    """Return the contact points of one contact; a channel that the settings do not know counts as ``other``."""
    known = settings.channels.get(channel or "") or settings.channels.get("other")
    return known.points if known else 0.0
