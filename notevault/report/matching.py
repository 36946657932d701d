"""Whom a spelling means, and why: what ``customer match`` answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.names.resolver import CustomerResolver
from notevault.names.values import RegisteredCustomer, Resolution
from notevault.records import record
from notevault.registered import load_registered


@record
class MatchCandidate:
    """A customer that may be meant."""

    customer: str
    id: str
    likeness: float
    """From 0 to 1."""
    why: str
    place: str | None = None
    """What tells it from a customer of the same name."""


@record
class Match:
    """What a spelling is. Its fields are the contract of ``customer match --json``."""

    mention: str
    customer: str | None
    """None where that is not certain; nothing is guessed."""
    id: str | None
    reason: str
    candidates: tuple[MatchCandidate, ...]


def match_customer(catalog: Catalog, settings: Settings, mention: str, *, limit: int = 5) -> Match:
    """Return whom a spelling means, among all customers that the notes name."""
    return match_customers(catalog, settings, (mention,), limit=limit)[0]


def match_customers(
    catalog: Catalog, settings: Settings, mentions: Iterable[str], *, limit: int = 5
) -> tuple[Match, ...]:
    """Return whom each of the spellings means, in their order."""
    customers = known_customers(catalog, settings)
    resolver = CustomerResolver(customers.values())
    return tuple(_make_match(resolver.explain(mention, limit=limit), customers) for mention in mentions)


def _make_match(found: Resolution, customers: Mapping[str, RegisteredCustomer]) -> Match:
    known = customers.get(found.customer or "")
    return Match(
        mention=found.mention,
        customer=known.name if known else None,
        id=found.customer,
        reason=found.reason.value,
        candidates=tuple(
            MatchCandidate(
                customer=customers[each.customer].name,
                id=each.customer,
                likeness=round(each.likeness, 3),
                why=each.why,
                place=customers[each.customer].place,
            )
            for each in found.candidates
        ),
    )


def known_customers(catalog: Catalog, settings: Settings) -> dict[str, RegisteredCustomer]:
    """Return the registered customers, and those that only notes name with their spellings."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for row in catalog.select("SELECT customer_id, name FROM customer_names WHERE kind = 'written'"):
        spellings[row["customer_id"]].append(row["name"])
    customers = {
        row["id"]: RegisteredCustomer(id=row["id"], name=row["name"], aliases=tuple(spellings[row["id"]]))
        for row in catalog.select("SELECT id, name FROM customers WHERE NOT registered")
    }
    return customers | {customer.entry.id: customer.entry for customer in load_registered(catalog, settings)}
