"""What only all notes together tell: customers, contacts, deals.

Runs inside the transaction of a sync. Only what the changed notes touch is joined anew; a change in the names of the
registered customers joins everything.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any, Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import chunked, marks
from notevault.extract.deals import DealNote, join_deals
from notevault.names.joining import PersonSaid, join_people
from notevault.names.key import name_key, parse_name
from notevault.names.legal_forms import are_compatible
from notevault.names.people import person_key
from notevault.names.resolver import CustomerResolver
from notevault.names.values import Reason, Resolution
from notevault.owner_names import join_owners
from notevault.registered import (
    RegisteredNote,
    join_cards,
    load_entries,
    load_touched,
    make_customer_id,
    read_cards,
    remember_registered,
    say_the_same,
)
from notevault.text import normalize

_UNREGISTERED = (Reason.UNKNOWN.value, Reason.LEGAL_FORM.value)
_RESOLVERS: Final[dict[str, CustomerResolver]] = {}
"""The one made last, by the digest of the names in it: a watcher needs it for every new spelling."""
_MentionRow = tuple[str, str | None, str, str]
"""Spelling, customer, reason, candidates as JSON."""


def customers_of(catalog: Catalog, note_ids: Iterable[int]) -> set[str]:
    """Return the customers that these notes belong to now; asked before and after a change."""
    found: set[str] = set()
    for chunk in chunked(list(note_ids)):
        wanted = f"SELECT DISTINCT customer_id FROM notes WHERE id IN ({marks(chunk)}) AND customer_id IS NOT NULL"
        found.update(row[0] for row in catalog.select_tuples(wanted, chunk))
    return found


def link(catalog: Catalog, settings: Settings, touched: set[str]) -> None:
    """Join customers, contacts and deals anew for ``touched`` customers and for every note not yet joined."""
    cards, everything = _find_cards(catalog, settings)
    changed = _resolve_mentions(catalog, everything=everything)
    # a customer note is its own customer, also where another one shares its name
    catalog.execute_many(
        "UPDATE notes SET customer_id = ? WHERE id = ? AND customer_id IS NOT ?",
        [(customer, note_id, customer) for note_id, customer in cards.items()],
    )
    catalog.execute("CREATE TEMP TABLE IF NOT EXISTS touched (id TEXT PRIMARY KEY) WITHOUT ROWID")
    catalog.execute("DELETE FROM touched")
    concerned = touched.union(changed, cards.values())
    if everything:
        rows = catalog.select("SELECT id FROM customers WHERE registered UNION SELECT customer_id FROM registered")
        concerned |= {row[0] for row in rows}
    catalog.execute_many("INSERT INTO touched VALUES (?)", [(each,) for each in sorted(concerned)])
    _join_customers(catalog, load_touched(catalog, settings))
    join_owners(catalog)
    _join_contacts(catalog)
    _join_deals(catalog, settings)


def _find_cards(catalog: Catalog, settings: Settings) -> tuple[dict[int, str], bool]:
    """Return the customers of the customer notes that are to be joined anew, and whether everything is to be.

    That is so where one of them came, went, or has other names; what else its note says concerns itself alone.
    """
    rows = catalog.select_tuples(
        "SELECT id, path, digest, customer_id IS NULL FROM notes"
        " WHERE type = 'customer' AND customer IS NOT NULL AND copy_of IS NULL ORDER BY id"
    )
    unjoined = [note_id for note_id, _path, _content, is_unjoined in rows if is_unjoined]
    ruled = (settings.customers, settings.owners, settings.stages)
    said = _digest(*((note_id, content) for note_id, _path, content, _is_unjoined in rows), *ruled)
    if not unjoined and catalog.meta("linked") == said:
        return {}, False
    catalog.set_meta("linked", said)
    there = _digest(*((note_id, path) for note_id, path, _content, _is_unjoined in rows), *ruled)
    everything = False
    if catalog.meta("linked_cards") != there or not say_the_same(catalog, read_cards(catalog, settings, unjoined)):
        catalog.set_meta("linked_cards", there)
        everything = _register_anew(catalog, settings, ruled)
    customers: dict[int, str] = dict(catalog.select_tuples("SELECT note_id, customer_id FROM cards"))
    return customers if everything else {note_id: customers[note_id] for note_id in unjoined}, everything


def _register_anew(catalog: Catalog, settings: Settings, ruled: tuple[object, ...]) -> bool:
    """Find and keep the registered customers; say whether they have other names or notes than before."""
    cards = read_cards(catalog, settings)
    registered = join_cards(cards, settings)
    named = _digest(*((customer.entry, customer.note_ids) for customer in registered), *ruled)
    differs = catalog.meta("linked_names") != named
    catalog.set_meta("linked_names", named)
    remember_registered(catalog, cards, registered)
    return differs


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _resolve_mentions(catalog: Catalog, *, everything: bool) -> set[str]:
    """Keep ``mentions`` in step with the notes, join the notes, return the customers that got or lost some."""
    known = {row[0] for row in catalog.select_tuples("SELECT mention FROM mentions")}
    rows = catalog.select_tuples("SELECT DISTINCT customer FROM notes WHERE customer IS NOT NULL")
    written = {row[0] for row in rows}
    lost = _renew_mentions(catalog, written, anew=everything) if everything or written != known else set()
    joined = catalog.select(
        "SELECT DISTINCT m.customer_id FROM notes n JOIN mentions m ON m.mention = n.customer"
        " WHERE n.customer_id IS NULL AND m.customer_id IS NOT NULL"
    )
    catalog.execute(
        "UPDATE notes SET customer_id = (SELECT customer_id FROM mentions WHERE mention = notes.customer)"
        " WHERE customer_id IS NULL AND customer IS NOT NULL"
    )
    return lost | {row[0] for row in joined}


def _renew_mentions(catalog: Catalog, written: set[str], *, anew: bool) -> set[str]:
    """Resolve new spellings, or all ``anew``; set free the notes of those that lead elsewhere now; return from whom."""
    before: dict[str, _MentionRow] = {
        row[0]: row for row in catalog.select_tuples("SELECT mention, customer_id, reason, candidates FROM mentions")
    }
    rows = _make_mentions(catalog, written, {} if anew else before)
    differing = [mention for mention in written | before.keys() if rows.get(mention) != before.get(mention)]
    catalog.execute_many("DELETE FROM mentions WHERE mention = ?", [(mention,) for mention in differing])
    catalog.execute_many(
        "INSERT INTO mentions VALUES (?,?,?,?,?,?)",
        [(*rows[mention], *_compared(mention)) for mention in sorted(differing) if mention in rows],
    )
    moved = [mention for mention in before.keys() & rows.keys() if rows[mention][1] != before[mention][1]]
    parameters = [(mention,) for mention in moved]
    catalog.execute_many(
        "UPDATE people SET contact_id = NULL WHERE note_id IN (SELECT id FROM notes WHERE customer = ?)", parameters
    )
    catalog.execute_many("UPDATE notes SET customer_id = NULL, deal_id = NULL WHERE customer = ?", parameters)
    return {customer for mention in moved if (customer := before[mention][1])}


def _make_mentions(catalog: Catalog, written: set[str], before: dict[str, _MentionRow]) -> dict[str, _MentionRow]:
    """Return the row of each spelling in the notes; one that ``before`` knows is not resolved again."""
    resolver = prepare_resolver(catalog)
    rows = {mention: row for mention, row in before.items() if mention in written}
    rows |= {mention: _mention_row(resolver.resolve(mention)) for mention in written - before.keys()}
    concerned = {name_key(mention) for mention in written ^ before.keys()}
    unregistered = [row for row in rows.values() if row[2] in _UNREGISTERED and name_key(row[0]) in concerned]
    return rows | _group_unregistered(unregistered, resolver.ids)


def prepare_resolver(catalog: Catalog) -> CustomerResolver:
    """Return what resolves spellings to the registered customers of now; made once while they stay the same."""
    named = catalog.meta("linked_names") or ""
    if named not in _RESOLVERS:
        _RESOLVERS.clear()
        _RESOLVERS[named] = CustomerResolver(entry for entry, _note_ids in load_entries(catalog))
    return _RESOLVERS[named]


def _mention_row(resolution: Resolution) -> _MentionRow:
    candidates = [candidate.customer for candidate in resolution.candidates]
    return (
        resolution.mention,
        resolution.customer,
        str(resolution.reason),
        json.dumps(candidates, ensure_ascii=False) if resolution.customer is None else "[]",
    )


def _group_unregistered(rows: Iterable[_MentionRow], registered: Collection[str]) -> dict[str, _MentionRow]:
    """Return whom spellings of no registered customer name: those of one key and legal form are one customer.

    Where bodies of several legal forms share a key, a spelling without any is ambiguous.
    """
    by_key: dict[str, list[_MentionRow]] = defaultdict(list)
    for row in rows:
        by_key[name_key(row[0])].append(row)
    grouped: dict[str, _MentionRow] = {}
    for key, group in by_key.items():
        forms = {row[0]: parse_name(row[0]).form for row in group}
        families = _families({form for form in forms.values() if form})
        names = sorted({family for family in families.values() if family})
        apart = len(names) > 1 or make_customer_id(key) in registered
        ids = {family: make_customer_id(key, family if apart else "") for family in names}
        for mention, _customer, reason, candidates in group:
            form = forms[mention]
            family = families[form] if form else names[0] if len(names) == 1 else None
            customer = ids[family] if family else None if names else make_customer_id(key)
            proposed = [each for each in json.loads(candidates) if each in registered] if customer else ids.values()
            grouped[mention] = (mention, customer, reason, json.dumps(list(proposed)))
    return grouped


def _families(forms: set[str]) -> dict[str, str | None]:
    """Return each legal form with the one it stands for: ltd is 株式会社, and neither where 有限会社 is there too."""
    families: dict[str, str | None] = {}
    for form in sorted(forms, reverse=True):  # Japanese forms first
        fitting = [known for known in families if known != form and are_compatible(known, form)]
        families[form] = fitting[0] if len(fitting) == 1 else None if fitting else form
    return families


def _join_customers(catalog: Catalog, registered: list[RegisteredNote]) -> None:
    catalog.execute("DELETE FROM customers WHERE id IN (SELECT id FROM touched)")
    catalog.execute("DELETE FROM customer_names WHERE customer_id IN (SELECT id FROM touched)")
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for row in catalog.select(
        "SELECT customer_id, customer, count(*) FROM notes WHERE customer_id IN (SELECT id FROM touched)"
        " AND type IS NOT 'customer' AND customer IS NOT NULL AND copy_of IS NULL GROUP BY customer_id, customer"
    ):
        written[row[0]][row[1]] = row[2]
    known = {customer.entry.id: customer for customer in registered}
    ids = sorted(written.keys() | known.keys())
    rows = [_customer_row(each, known.get(each), written[each]) for each in ids]
    catalog.execute_many("INSERT INTO customers VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    catalog.execute_many(
        "INSERT INTO customer_names VALUES (?,?,?,?,?,?)",
        [
            (row[0], name, kind, written[str(row[0])][name], *_compared(name))
            for row in rows
            for name, kind in _names(str(row[1]), known.get(str(row[0])), written[str(row[0])]).items()
        ],
    )


def _compared(name: str) -> tuple[str, str]:
    """Return a name as search compares it, and its key."""
    return normalize(name), name_key(name)


def _customer_row(customer_id: str, registered: RegisteredNote | None, written: Counter[str]) -> tuple[object, ...]:
    if registered is None:
        return (customer_id, _fullest_name(written), 0, *[None] * 10)
    entry = registered.entry
    return (
        *(customer_id, entry.name, 1, registered.note_ids[0] if registered.note_ids else None),
        *(entry.kana, entry.name_en, entry.group, entry.corporate_number, registered.first("status"), entry.domain),
        *(registered.first(key) for key in ("owner", "industry", "source")),
    )


def _names(name: str, registered: RegisteredNote | None, written: Counter[str]) -> dict[str, str]:
    """Return each spelling with where it comes from."""
    names = dict.fromkeys(written, "written")
    if registered is not None:
        entry = registered.entry
        names |= dict.fromkeys(entry.aliases, "alias")
        names |= {name: kind for name, kind in ((entry.kana, "kana"), (entry.name_en, "english")) if name}
    return names | {name: "name"}


def _fullest_name(written: Counter[str]) -> str:
    """Return the spelling to call an unregistered customer by: with its legal form in full, else the commonest."""

    def order(name: str) -> tuple[bool, int, str]:
        form = parse_name(name).form
        return (form is None or form not in name, -written[name], name)

    return min(written, key=order)


def _join_contacts(catalog: Catalog) -> None:
    catalog.execute("DELETE FROM contacts WHERE customer_id IN (SELECT id FROM touched)")
    of_customer: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in catalog.select(
        "SELECT p.rowid AS row, p.*, n.day, n.customer_id FROM notes n JOIN people p ON p.note_id = n.id"
        " WHERE n.customer_id IN (SELECT id FROM touched) AND n.copy_of IS NULL ORDER BY n.day, n.path, p.position"
    ):
        of_customer[row["customer_id"]].append(dict(row))
    met: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for customer_id, mentions in of_customer.items():
        said = [PersonSaid(name=each["name"], title=each["title"], email=each["email"]) for each in mentions]
        for each, key in zip(mentions, join_people(said), strict=True):
            met[customer_id, key].append(each)
    rows, people = [], []
    for (customer_id, key), mentions in met.items():
        contact_id = "p" + sha256(f"{customer_id}\0{key}".encode()).hexdigest()[:10]
        newest = [
            next((said[column] for said in reversed(mentions) if said[column]), None)
            for column in ("title", "department", "email", "phone", "role")
        ]
        named = [said["name"] for said in mentions if person_key(said["name"]) == key]
        name = (named or [mentions[-1]["name"]])[-1]
        days = [said["day"] for said in mentions if said["day"]]
        first_last = (days[0], days[-1]) if days else (None, None)
        rows.append((contact_id, customer_id, name, *newest, *first_last, len({said["note_id"] for said in mentions})))
        people += [(contact_id, said["row"]) for said in mentions if said["contact_id"] != contact_id]
    catalog.execute_many("INSERT INTO contacts VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
    catalog.execute_many("UPDATE people SET contact_id = ? WHERE rowid = ?", people)


def _join_deals(catalog: Catalog, settings: Settings) -> None:
    catalog.execute(
        "DELETE FROM stage_events WHERE deal_id IN (SELECT id FROM deals WHERE customer_id IN (SELECT id FROM touched))"
    )
    catalog.execute("DELETE FROM deals WHERE customer_id IN (SELECT id FROM touched)")
    before, notes = _load_deal_notes(catalog)
    deals = [deal for customer_id, said in notes.items() for deal in join_deals(customer_id, said, settings)]
    catalog.execute_many(f"INSERT INTO deals VALUES ({','.join('?' * 19)})", [deal.row() for deal in deals])
    catalog.execute_many(
        "INSERT INTO stage_events VALUES (?,?,?,?,?)",
        [(deal.id, at, *event) for deal in deals for at, event in enumerate(deal.events)],
    )
    joined = dict.fromkeys(before) | {note_id: deal.id for deal in deals for note_id in deal.note_ids}
    catalog.execute_many(
        "UPDATE notes SET deal_id = ? WHERE id = ?",
        [(deal_id, note_id) for note_id, deal_id in joined.items() if before.get(note_id) != deal_id],
    )


def _load_deal_notes(catalog: Catalog) -> tuple[dict[int, str | None], dict[str, list[DealNote]]]:
    """Return which deal each note was in, and what the notes of each customer say, in the order they happened."""
    said: dict[int, dict[str, str]] = defaultdict(dict)
    for row in catalog.select(
        "SELECT f.note_id, f.key, f.value FROM notes n JOIN fields f ON f.note_id = n.id"
        " WHERE n.customer_id IN (SELECT id FROM touched) AND +f.key IN ('lost_reason', 'revisit', 'probability')"
    ):
        said[row["note_id"]][row["key"]] = row["value"]
    before: dict[int, str | None] = {}
    notes: dict[str, list[DealNote]] = defaultdict(list)
    for row in catalog.select(
        "SELECT customer_id, deal_id, copy_of, id AS note_id, type, day, deal, stage, stage_raw, amount, currency,"
        " close_day, owner FROM notes WHERE customer_id IN (SELECT id FROM touched)"
        " ORDER BY customer_id, day IS NOT NULL, day, path"
    ):
        values = dict(row)
        customer_id, deal_id, copy_of = (values.pop(key) for key in ("customer_id", "deal_id", "copy_of"))
        before[row["note_id"]] = deal_id
        if copy_of is None:
            notes[customer_id].append(DealNote(**values, fields=said.get(row["note_id"], {})))
    return before, notes
