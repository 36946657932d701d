"""Leads: where customers come from, how long nobody has spoken to them, and which have become accounts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from notevault.catalog import Catalog
from notevault.records import record
from notevault.report.customers import CustomerLine
from notevault.report.rows import make_lookup, parse_iso
from notevault.text import normalize


@record
class ListedCustomer:
    """A customer with what lists of leads ask for; ``customer list --json`` has these fields behind the line's."""

    line: CustomerLine
    source: str | None
    """How we came to know it: its own note, else the first note that says."""
    group: str | None
    converted: date | None
    """When it became an account."""
    first_contact: date | None
    days_silent: int | None
    """Since the last contact; None where there was none."""


@record
class SourceCount:
    """One source of customers. Its fields are the contract of ``customer sources --json``."""

    source: str | None
    """As written most often; None where no note says."""
    customers: int
    leads: int
    accounts: int
    won: int
    """Deals won."""
    silent: int
    """Leads to whom nobody has spoken for the time asked about."""


def list_leads(catalog: Catalog, lines: Sequence[CustomerLine], today: date) -> tuple[ListedCustomer, ...]:
    """Return the customers, in the order given, with source, group and days of silence."""
    own = {row["id"]: row for row in catalog.select("SELECT id, source, grp FROM customers")}
    said = make_lookup(
        catalog.select(
            "SELECT n.customer_id, f.value FROM fields f JOIN notes n ON n.id = f.note_id WHERE f.key = 'source'"
            " AND n.customer_id IS NOT NULL AND n.copy_of IS NULL ORDER BY n.day DESC, n.path DESC"
        )
    )
    converted = make_lookup(
        catalog.select(
            "SELECT n.customer_id, f.day FROM fields f JOIN notes n ON n.id = f.note_id WHERE f.key = 'converted'"
            " AND n.type = 'customer' AND n.customer_id IS NOT NULL"
        )
    )
    first = make_lookup(
        catalog.select("SELECT customer_id, min(day) FROM notes WHERE customer_id IS NOT NULL GROUP BY customer_id")
    )
    return tuple(
        ListedCustomer(
            line=line,
            source=own[line.id]["source"] or said.get(line.id),
            group=own[line.id]["grp"],
            converted=parse_iso(converted.get(line.id)),
            first_contact=parse_iso(first.get(line.id)),
            days_silent=(today - line.last_contact).days if line.last_contact else None,
        )
        for line in lines
    )


def is_silent(customer: ListedCustomer, days: int) -> bool:
    """Say whether nobody has spoken to a customer for so many days, or ever."""
    return customer.days_silent is None or customer.days_silent >= days


def count_sources(
    catalog: Catalog, customers: Sequence[ListedCustomer], *, silent_days: int
) -> tuple[SourceCount, ...]:
    """Return the sources, those of most customers first; spellings that differ in width and case are one."""
    won = make_lookup(
        catalog.select("SELECT customer_id, count(*) FROM deals WHERE state = 'won' GROUP BY customer_id")
    )
    by_key: dict[str, list[ListedCustomer]] = defaultdict(list)
    for customer in customers:
        by_key[normalize(customer.source or "")].append(customer)
    found = []
    for of_source in by_key.values():
        spellings = [customer.source for customer in of_source]
        leads = [customer for customer in of_source if customer.line.status == "lead"]
        found.append(
            SourceCount(
                source=max(set(spellings), key=lambda name: (spellings.count(name), name or "")),
                customers=len(of_source),
                leads=len(leads),
                accounts=sum(customer.line.status == "account" for customer in of_source),
                won=sum(won.get(customer.line.id, 0) for customer in of_source),
                silent=sum(is_silent(customer, silent_days) for customer in leads),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.customers, one.source is None, one.source or "")))
