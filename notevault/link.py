"""What only all notes together tell: customers, contacts, deals.

Runs inside the transaction of a sync. Only what the changed notes touch is joined anew; a change in the registered
customers joins everything.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from hashlib import sha256

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.extract.deals import Deal, DealNote, join_deals
from notevault.names import CustomerResolver, Reason, RegisteredCustomer, Resolution, name_key
from notevault.names.key import parse_name
from notevault.names.legal_forms import are_compatible
from notevault.names.people import person_key

_FIELDS = (
    *("id", "aliases", "kana", "name_en", "group", "corporate_number", "domain", "place", "status", "owner"),
    *("industry", "source", "address", "website", "email"),
)
_UNREGISTERED = (Reason.UNKNOWN.value, Reason.LEGAL_FORM.value)
_MentionRow = tuple[str, str | None, str, str]
"""Spelling, customer, reason, candidates as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredNote:
    """A registered customer with what its note says besides its names."""

    entry: RegisteredCustomer
    note_ids: tuple[int, ...]
    """Its customer notes; none where it stands in the settings only."""
    fields: dict[str, list[str]]

    def first(self, key: str) -> str | None:
        """Return the first value of a field."""
        found = self.fields.get(key)
        return found[0] if found else None


def customers_of(catalog: Catalog, note_ids: Iterable[int]) -> set[str]:
    """Return the customers that these notes belong to now; asked before and after a change."""
    found: set[str] = set()
    for note_id in note_ids:
        found |= {row[0] for row in catalog.select("SELECT customer_id FROM notes WHERE id = ?", (note_id,)) if row[0]}
    return found


def link(catalog: Catalog, settings: Settings, touched: set[str]) -> None:
    """Join customers, contacts and deals anew for ``touched`` customers and for every note not yet joined."""
    registered = load_registered(catalog, settings)
    fingerprint = sha256(repr((registered, settings.stages)).encode("utf-8", "surrogatepass")).hexdigest()
    everything = catalog.meta("registered") != fingerprint
    if everything:
        catalog.execute("UPDATE notes SET customer_id = NULL, deal_id = NULL")
        catalog.execute("UPDATE people SET contact_id = NULL")
        for table in ("mentions", "customers", "customer_names", "contacts", "deals", "stage_events"):
            catalog.execute(f"DELETE FROM {table}")
        catalog.set_meta("registered", fingerprint)
    touched = touched | _join_mentions(catalog, registered)
    if everything:
        touched |= {customer.entry.id for customer in registered}
    by_id = {customer.entry.id: customer for customer in registered}
    for customer_id in sorted(touched):
        _join_customer(catalog, customer_id, by_id.get(customer_id))
        _join_contacts(catalog, customer_id)
        _join_deals(catalog, customer_id, settings)


def load_registered(catalog: Catalog, settings: Settings) -> list[RegisteredNote]:
    """Return the customers that have a note of their own or stand in the settings."""
    fields = _load_customer_fields(catalog, settings)
    found: dict[str, RegisteredNote] = {}
    for row in catalog.select(
        "SELECT id, customer FROM notes WHERE type = 'customer' AND customer IS NOT NULL AND copy_of IS NULL"
        " ORDER BY path"
    ):
        customer = _registered_from_note(row["id"], row["customer"], fields.get(row["id"], {}))
        twin = found.get(customer.entry.id)  # a second note of one name, and nothing to tell them apart by
        found[customer.entry.id] = _merged(twin, customer) if twin else customer
    by_key = {name_key(customer.entry.name): customer for customer in found.values()}
    for name, spellings in settings.customers.items():
        key = name_key(name)
        customer = by_key.get(key) or RegisteredNote(
            entry=RegisteredCustomer(id=_customer_id(key), name=name), note_ids=(), fields={}
        )
        more = tuple(spelling for spelling in spellings if spelling not in customer.entry.aliases)
        entry = replace(customer.entry, aliases=(*customer.entry.aliases, *more))
        found[entry.id] = by_key[key] = replace(customer, entry=entry)
    return list(found.values())


def _load_customer_fields(catalog: Catalog, settings: Settings) -> dict[int, dict[str, list[str]]]:
    marks = ",".join("?" * len(_FIELDS))
    fields: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in catalog.select(
        "SELECT f.note_id, f.key, f.value FROM notes n JOIN fields f ON f.note_id = n.id"
        f" WHERE n.type = 'customer' AND n.copy_of IS NULL AND f.key IN ({marks}) ORDER BY f.rowid",
        _FIELDS,
    ):
        fields[row["note_id"]][row["key"]].append(row["value"])
    for values in fields.values():
        if "owner" in values:
            values["owner"] = [known.key if (known := settings.find_owner(name)) else name for name in values["owner"]]
    return {note_id: dict(values) for note_id, values in fields.items()}


def _registered_from_note(note_id: int, name: str, fields: dict[str, list[str]]) -> RegisteredNote:
    first = {key: values[0] for key, values in fields.items()}
    apart = "".join(first.get(key, "") for key in ("corporate_number", "place", "group"))
    entry = RegisteredCustomer(
        id=first.get("id") or _customer_id(name_key(name), apart),
        name=name,
        aliases=tuple(fields.get("aliases", ())),
        kana=first.get("kana"),
        name_en=first.get("name_en"),
        group=first.get("group"),
        corporate_number=first.get("corporate_number"),
        domain=first.get("domain"),
        place=first.get("place"),
    )
    return RegisteredNote(entry=entry, note_ids=(note_id,), fields=fields)


def _merged(one: RegisteredNote, other: RegisteredNote) -> RegisteredNote:
    aliases = tuple(dict.fromkeys((*one.entry.aliases, *other.entry.aliases)))
    note_ids = (*one.note_ids, *other.note_ids)
    return replace(
        one, entry=replace(one.entry, aliases=aliases), note_ids=note_ids, fields={**other.fields, **one.fields}
    )


def _customer_id(key: str, apart: str = "") -> str:
    return "c" + sha256(f"{key}\0{apart}".encode()).hexdigest()[:10]


def _join_mentions(catalog: Catalog, registered: list[RegisteredNote]) -> set[str]:
    """Resolve the spellings not resolved yet, join their notes, return the customers that got or lost notes."""
    changed = _resolve_mentions(catalog, registered)
    joined = catalog.select(
        "SELECT DISTINCT m.customer_id FROM notes n JOIN mentions m ON m.mention = n.customer"
        " WHERE n.customer_id IS NULL AND m.customer_id IS NOT NULL"
    )
    catalog.execute(
        "UPDATE notes SET customer_id = (SELECT customer_id FROM mentions WHERE mention = notes.customer)"
        " WHERE customer_id IS NULL AND customer IS NOT NULL"
    )
    # a customer note is its own customer, also where another one shares its name
    catalog.execute_many(
        "UPDATE notes SET customer_id = ? WHERE id = ?",
        [(customer.entry.id, note_id) for customer in registered for note_id in customer.note_ids],
    )
    return changed | {row[0] for row in joined}


def _resolve_mentions(catalog: Catalog, registered: list[RegisteredNote]) -> set[str]:
    """Keep ``mentions`` in step with the spellings in the notes; return the customers whose spellings changed."""
    written = {row[0] for row in catalog.select("SELECT DISTINCT customer FROM notes WHERE customer IS NOT NULL")}
    before = {row["mention"]: tuple(row) for row in catalog.select("SELECT * FROM mentions")}
    pending = written - before.keys()
    gone = before.keys() - written
    if not pending and not gone:
        return set()
    rows = {mention: row for mention, row in before.items() if mention in written}
    if pending:
        resolver = CustomerResolver(customer.entry for customer in registered)
        rows |= {mention: _mention_row(resolver.resolve(mention)) for mention in pending}
    unregistered = [row for row in rows.values() if row[2] in _UNREGISTERED]
    rows |= _group_unregistered(unregistered, {customer.entry.id for customer in registered})
    changed = {mention for mention in rows.keys() | before.keys() if rows.get(mention) != before.get(mention)}
    catalog.execute_many("DELETE FROM mentions WHERE mention = ?", [(mention,) for mention in changed])
    catalog.execute_many(
        "INSERT INTO mentions VALUES (?,?,?,?)", [rows[mention] for mention in sorted(changed & rows.keys())]
    )
    # notes of a spelling that leads elsewhere now are joined anew
    moved = [mention for mention in changed & before.keys() & rows.keys() if rows[mention][1] != before[mention][1]]
    parameters = [(mention,) for mention in moved]
    catalog.execute_many("UPDATE notes SET customer_id = NULL, deal_id = NULL WHERE customer = ?", parameters)
    catalog.execute_many(
        "UPDATE people SET contact_id = NULL WHERE note_id IN (SELECT id FROM notes WHERE customer = ?)", parameters
    )
    return {customer for mention in moved if (customer := before[mention][1])}


def _mention_row(resolution: Resolution) -> _MentionRow:
    candidates = [candidate.customer for candidate in resolution.candidates]
    return (
        resolution.mention,
        resolution.customer,
        str(resolution.reason),
        json.dumps(candidates, ensure_ascii=False) if resolution.customer is None else "[]",
    )


def _group_unregistered(rows: Iterable[_MentionRow], registered: set[str]) -> dict[str, _MentionRow]:
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
        apart = len(names) > 1 or _customer_id(key) in registered
        ids = {family: _customer_id(key, family if apart else "") for family in names}
        for mention, _customer, reason, candidates in group:
            form = forms[mention]
            family = families[form] if form else names[0] if len(names) == 1 else None
            customer = ids[family] if family else None if names else _customer_id(key)
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


def _join_customer(catalog: Catalog, customer_id: str, registered: RegisteredNote | None) -> None:
    catalog.execute("DELETE FROM customers WHERE id = ?", (customer_id,))
    catalog.execute("DELETE FROM customer_names WHERE customer_id = ?", (customer_id,))
    spellings = catalog.select(
        "SELECT customer, count(*) FROM notes WHERE customer_id = ? AND type IS NOT 'customer'"
        " AND customer IS NOT NULL AND copy_of IS NULL GROUP BY customer",
        (customer_id,),
    )
    written = Counter({row[0]: row[1] for row in spellings})
    if registered is None and not written:
        return
    names = dict.fromkeys(written, "written")
    row: list[object] = [None] * 9
    if registered is not None:
        entry = registered.entry
        names |= dict.fromkeys(entry.aliases, "alias")
        names |= {name: kind for name, kind in ((entry.kana, "kana"), (entry.name_en, "english")) if name}
        row = [entry.kana, entry.name_en, entry.group, entry.corporate_number, registered.first("status"), entry.domain]
        row += [registered.first(key) for key in ("owner", "industry", "source")]
    name = registered.entry.name if registered else _fullest_name(written)
    names[name] = "name"
    note_id = registered.note_ids[0] if registered and registered.note_ids else None
    catalog.execute(
        "INSERT INTO customers VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (customer_id, name, int(registered is not None), note_id, *row),
    )
    catalog.execute_many(
        "INSERT INTO customer_names VALUES (?,?,?,?)",
        [(customer_id, spelling, kind, written[spelling]) for spelling, kind in names.items()],
    )


def _fullest_name(written: Counter[str]) -> str:
    """Return the spelling to call an unregistered customer by: with its legal form in full, else the commonest."""

    def order(name: str) -> tuple[bool, int, str]:
        form = parse_name(name).form
        return (form is None or form not in name, -written[name], name)

    return min(written, key=order)


def _join_contacts(catalog: Catalog, customer_id: str) -> None:
    catalog.execute("DELETE FROM contacts WHERE customer_id = ?", (customer_id,))
    people = catalog.select(
        "SELECT p.rowid AS row, p.*, n.day FROM people p JOIN notes n ON n.id = p.note_id"
        " WHERE n.customer_id = ? AND n.copy_of IS NULL ORDER BY n.day, n.path, p.position",
        (customer_id,),
    )
    met: dict[str, list[dict[str, object]]] = defaultdict(list)
    for person in people:
        met[person_key(person["name"])].append(dict(person))
    for key, mentions in met.items():
        contact_id = "p" + sha256(f"{customer_id}\0{key}".encode()).hexdigest()[:10]
        newest = {
            column: next((m[column] for m in reversed(mentions) if m[column]), None)
            for column in ("name", "title", "department", "email", "phone", "role")
        }
        days = sorted(str(m["day"]) for m in mentions if m["day"])
        catalog.execute(
            "INSERT INTO contacts VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(contact_id, customer_id, *newest.values()),
                *((days[0], days[-1]) if days else (None, None)),
                len({m["note_id"] for m in mentions}),
            ),
        )
        catalog.execute_many(
            "UPDATE people SET contact_id = ? WHERE rowid = ?", [(contact_id, m["row"]) for m in mentions]
        )


def _join_deals(catalog: Catalog, customer_id: str, settings: Settings) -> None:
    catalog.execute(
        "DELETE FROM stage_events WHERE deal_id IN (SELECT id FROM deals WHERE customer_id = ?)", (customer_id,)
    )
    catalog.execute("DELETE FROM deals WHERE customer_id = ?", (customer_id,))
    catalog.execute("UPDATE notes SET deal_id = NULL WHERE customer_id = ?", (customer_id,))
    for deal in join_deals(customer_id, _load_deal_notes(catalog, customer_id), settings):
        _put_deal(catalog, deal)


def _load_deal_notes(catalog: Catalog, customer_id: str) -> list[DealNote]:
    said: dict[int, dict[str, str]] = defaultdict(dict)
    for row in catalog.select(
        "SELECT f.note_id, f.key, f.value FROM fields f JOIN notes n ON n.id = f.note_id"
        " WHERE n.customer_id = ? AND f.key IN ('lost_reason', 'revisit', 'probability')",
        (customer_id,),
    ):
        said[row["note_id"]][row["key"]] = row["value"]
    rows = catalog.select(
        "SELECT id AS note_id, type, day, deal, stage, stage_raw, amount, currency, close_day, owner FROM notes"
        " WHERE customer_id = ? AND copy_of IS NULL ORDER BY day IS NOT NULL, day, path",
        (customer_id,),
    )
    return [DealNote(**dict(row), fields=said.get(row["note_id"], {})) for row in rows]


def _put_deal(catalog: Catalog, deal: Deal) -> None:
    *row, note_ids, events = astuple(deal)
    catalog.execute(f"INSERT OR REPLACE INTO deals VALUES ({','.join('?' * 19)})", (*row, len(note_ids)))
    catalog.execute_many("UPDATE notes SET deal_id = ? WHERE id = ?", [(deal.id, note_id) for note_id in note_ids])
    catalog.execute_many(
        "INSERT INTO stage_events VALUES (?,?,?,?,?)",
        [(deal.id, position, stage, day, note_id) for position, (stage, day, note_id) in enumerate(events)],
    )
