"""When a customer was last spoken to: the notes that are footprints (履歴)."""

from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.model import NO_ACTIVITY
from notevault.report.rows import parse_iso

IS_CONTACT: Final = (
    "n.copy_of IS NULL AND n.day IS NOT NULL AND n.customer_id IS NOT NULL"
    f" AND coalesce(n.type, '') NOT IN ({', '.join(repr(name) for name in sorted(NO_ACTIVITY))})"
)
"""Condition on ``notes n``."""


def last_contacts(
    catalog: Catalog, today: date, *, of: str = "customer_id", customer: str | None = None
) -> dict[str, date]:
    """Return the newest contact up to ``today`` by customer id, or by ``deal_id``; of all, or of one customer."""
    if of not in ("customer_id", "deal_id"):
        raise ValueError(of)
    rows = catalog.select(
        f"SELECT n.{of}, max(n.day) FROM notes n WHERE {IS_CONTACT} AND n.day <= :today AND n.{of} IS NOT NULL"
        f" AND {'n.customer_id = :customer' if customer else ':customer IS NULL'} GROUP BY n.{of}",
        {"today": today.isoformat(), "customer": customer},
    )
    return {row[0]: day for row in rows if (day := parse_iso(row[1]))}


def first_contacts(catalog: Catalog, today: date) -> dict[str, date]:
    """Return the oldest contact by customer id, of those spoken to up to ``today``."""
    rows = catalog.select(
        f"SELECT n.customer_id, min(n.day) FROM notes n WHERE {IS_CONTACT} AND n.day <= ? GROUP BY n.customer_id",
        (today.isoformat(),),
    )
    return {row[0]: day for row in rows if (day := parse_iso(row[1]))}
