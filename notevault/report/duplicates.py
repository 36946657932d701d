"""Customers that may be one, with what speaks for it. It proposes; ``customer merge`` is a person's decision."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.names.key import name_key
from notevault.names.people import person_key
from notevault.names.resolver import FREE_MAIL, CustomerResolver
from notevault.names.values import Reason, RegisteredCustomer
from notevault.records import record
from notevault.report.matching import known_customers
from notevault.values import find_domain, normalize_phone

MOST_ASKED: Final = 5_000
"""So many customers are compared by likeness, those without a note of their own first: half a millisecond each."""
LEAST_LIKENESS: Final = 0.7
_LARGEST_GROUP: Final = 20
"""More customers than this share no evidence but a habit: a switchboard, a mail provider."""
_WEIGHTS: Final = {
    "corporate_number": 0.9,
    "name": 0.8,
    "email": 0.8,
    "domain": 0.6,
    "phone": 0.6,
    "alias": 0.6,
    "kana": 0.5,
    "english": 0.5,
    "group": 0.3,
    "mention": 0.5,
    "person": 0.2,
}


@record
class Evidence:
    """One thing that two customers share."""

    kind: str
    """``name``, ``alias``, ``kana``, ``english``, ``corporate_number``, ``domain``, ``email``, ``phone``, ``person``,
    ``mention``, or ``alike``."""
    detail: str


@record
class DuplicateCustomer:
    """One of a pair."""

    id: str
    name: str
    notes: int
    registered: bool


@record
class DuplicatePair:
    """Two customers that may be one. Its fields are the contract of ``customer duplicates --json``."""

    score: float
    """From 0 to 1; how much speaks for it."""
    keep: DuplicateCustomer
    """The one that has a note of its own, else that of more notes."""
    other: DuplicateCustomer
    evidence: tuple[Evidence, ...]


@record
class Duplicates:
    """Pairs, those with most evidence first, and whether some customers were not compared by likeness."""

    pairs: tuple[DuplicatePair, ...]
    not_compared: int


def find_duplicates(catalog: Catalog, settings: Settings, *, alike: bool = True) -> Duplicates:
    """Return customers that share a name, number, mail domain, address, phone or person, or are alike in name.

    Units of one group that all have notes of their own are told apart on purpose and left out, and so are customers
    whose note says ``distinct_from`` of the other.
    """
    return _Finder(catalog, settings).find(alike=alike)


def find_told_apart(catalog: Catalog, resolver: CustomerResolver) -> set[frozenset[str]]:
    """Return the pairs that a note says are two customers; a name of several customers means each of them."""
    rows = catalog.select(
        "SELECT n.customer_id, f.value FROM fields f JOIN notes n ON n.id = f.note_id"
        " WHERE f.key = 'distinct_from' AND n.type = 'customer' AND n.customer_id IS NOT NULL"
    )
    found = set()
    for row in rows:
        named = resolver.resolve(row["value"])
        others = {named.customer} if named.customer else {each.customer for each in named.candidates}
        found |= {frozenset((row["customer_id"], other)) for other in others - {row["customer_id"]}}
    return found


class _Finder:
    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        self._catalog = catalog
        self._known = known_customers(catalog, settings)
        self._rows = {
            row["id"]: DuplicateCustomer(
                id=row["id"], name=row["name"], notes=row["notes"], registered=bool(row["registered"])
            )
            for row in catalog.select(
                "SELECT c.id, c.name, c.registered, (SELECT count(*) FROM notes n WHERE n.customer_id = c.id"
                " AND n.type IS NOT 'customer' AND n.copy_of IS NULL) AS notes FROM customers c"
            )
        }
        self._resolver = CustomerResolver(self._known.values())
        self._found: dict[tuple[str, str], dict[Evidence, float]] = defaultdict(dict)

    def find(self, *, alike: bool) -> Duplicates:
        for clash in self._resolver.clashes():
            kind = "name" if clash.reason in (Reason.NAME_KEY, Reason.EXACT) else clash.reason.value
            self._share(clash.customers, kind, clash.key)
        for kind, values in self._shared_values():
            for value, customers in values.items():
                self._share(customers, kind, value)
        for row in self._catalog.select("SELECT mention, candidates FROM mentions WHERE customer_id IS NULL"):
            self._share(json.loads(row["candidates"]), "mention", row["mention"])
        not_compared = self._compare() if alike else 0
        distinct = find_told_apart(self._catalog, self._resolver)
        pairs = [
            self._make(pair, evidence) for pair, evidence in self._found.items() if frozenset(pair) not in distinct
        ]
        ordered = sorted(pairs, key=lambda pair: (-pair.score, pair.keep.name, pair.other.name, pair.other.id))
        return Duplicates(pairs=tuple(ordered), not_compared=not_compared)

    def _share(self, customers: Iterable[str], kind: str, detail: str, weight: float | None = None) -> None:
        known = sorted(customer for customer in set(customers) if customer in self._rows)
        if len(known) > _LARGEST_GROUP:
            return
        for one, other in combinations(known, 2):
            if not self._are_units(self._known.get(one), self._known.get(other)):
                evidence = Evidence(kind=kind, detail=detail)
                self._found[one, other][evidence] = _WEIGHTS.get(kind, 0.3) if weight is None else weight

    def _are_units(self, one: RegisteredCustomer | None, other: RegisteredCustomer | None) -> bool:
        """Say whether two customers with notes of their own are parts of one company."""
        if not one or not other or not (self._rows[one.id].registered and self._rows[other.id].registered):
            return False
        if one.group and other.group and name_key(one.group) == name_key(other.group):
            return True
        short, long = sorted((name_key(one.name), name_key(other.name)), key=len)
        return short != long and long.startswith(short)

    def _shared_values(self) -> Iterator[tuple[str, dict[str, set[str]]]]:
        emails: dict[str, set[str]] = defaultdict(set)
        domains: dict[str, set[str]] = defaultdict(set)
        phones: dict[str, set[str]] = defaultdict(set)
        people: dict[str, set[str]] = defaultdict(set)
        for row in self._catalog.select("SELECT customer_id, name, email, phone FROM contacts"):
            if row["email"]:
                emails[row["email"].casefold()].add(row["customer_id"])
                domain = find_domain(row["email"])
                if domain and domain not in FREE_MAIL:
                    domains[domain].add(row["customer_id"])
            if row["phone"]:
                phones[row["phone"]].add(row["customer_id"])
            if _is_full_name(row["name"]):
                people[person_key(row["name"])].add(row["customer_id"])
        for customer in self._known.values():
            if customer.domain and (domain := find_domain(customer.domain)):
                domains[domain].add(customer.id)
        for row in self._catalog.select(
            "SELECT n.customer_id, f.value FROM fields f JOIN notes n ON n.id = f.note_id"
            " WHERE f.key = 'phone' AND n.customer_id IS NOT NULL"
        ):
            if phone := normalize_phone(row["value"]):
                phones[phone].add(row["customer_id"])
        yield from (("email", emails), ("domain", domains), ("phone", phones), ("person", people))

    def _compare(self) -> int:
        """Compare by likeness, the customers without a note first; return how many were left out."""
        order = sorted(self._rows.values(), key=lambda row: (row.registered, -row.notes, row.id))
        for row in order[:MOST_ASKED]:
            for candidate in self._resolver.propose(row.name, limit=3, least=LEAST_LIKENESS):
                if candidate.customer != row.id:
                    detail = f"{candidate.why} {candidate.likeness:.2f}"
                    self._share((row.id, candidate.customer), "alike", detail, candidate.likeness * 0.7)
        return max(0, len(order) - MOST_ASKED)

    def _make(self, pair: tuple[str, str], evidence: dict[Evidence, float]) -> DuplicatePair:
        against = 1.0
        strongest: dict[str, float] = defaultdict(float)
        for each, weight in evidence.items():
            strongest[each.kind] = max(strongest[each.kind], weight)
        for weight in strongest.values():
            against *= 1 - weight
        both = sorted((self._rows[each] for each in pair), key=lambda row: (not row.registered, -row.notes, row.id))
        shown = sorted(evidence, key=lambda each: (-evidence[each], each.kind, each.detail))
        return DuplicatePair(score=round(1 - against, 2), keep=both[0], other=both[1], evidence=tuple(shown))


def _is_full_name(name: str) -> bool:
    """Say whether a name is likely one person's alone: family and given name."""
    key = person_key(name)
    return " " in key if key.isascii() else len(key) > 3  # noqa: PLR2004 -- 山田太郎; shorter ones are often family names
