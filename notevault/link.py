"""What only all notes together tell: customers, contacts, deals.

Runs inside the transaction of a sync. Only what the changed notes touch is joined anew; a change in the registered
customers joins everything.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from hashlib import sha256

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.extract.deals import Deal, DealNote, join_deals
from notevault.names import CustomerResolver, RegisteredCustomer, Resolution, name_key
from notevault.names.people import person_key

_FIELDS = ("aliases", "kana", "name_en", "group", "corporate_number", "domain", "place", "status", "owner")
_FIELDS += ("industry", "source", "address", "website", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registered:
    """A registered customer with what its note says besides its names."""

    entry: RegisteredCustomer
    note_id: int | None
    fields: dict[str, list[str]]

    def first(self, key: str) -> str | None:
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
    registered = _load_registered(catalog, settings)
    fingerprint = sha256(repr((registered, settings.stages)).encode("utf-8", "surrogatepass")).hexdigest()
    everything = catalog.meta("registered") != fingerprint
    if everything:
        catalog.execute("UPDATE notes SET customer_id = NULL")
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


def _load_registered(catalog: Catalog, settings: Settings) -> list[_Registered]:
    found = [_registered_from_note(catalog, row["id"], row["customer"]) for row in _customer_notes(catalog)]
    known = {name_key(customer.entry.name) for customer in found}
    for name, spellings in settings.customers.items():
        if name_key(name) not in known:
            entry = RegisteredCustomer(id=_customer_id(name_key(name)), name=name, aliases=spellings)
            found.append(_Registered(entry=entry, note_id=None, fields={}))
    return _with_setting_aliases(found, settings)


def _customer_notes(catalog: Catalog) -> list[dict[str, object]]:
    rows = catalog.select(
        "SELECT id, customer FROM notes WHERE type = 'customer' AND customer IS NOT NULL AND copy_of IS NULL ORDER BY path"
    )
    return [dict(row) for row in rows]


def _registered_from_note(catalog: Catalog, note_id: object, name: object) -> _Registered:
    fields: dict[str, list[str]] = defaultdict(list)
    marks = ",".join("?" * len(_FIELDS))
    for row in catalog.select(
        f"SELECT key, value FROM fields WHERE note_id = ? AND key IN ('id', {marks}) ORDER BY rowid", (note_id, *_FIELDS)
    ):
        fields[row["key"]].append(row["value"])
    first = {key: values[0] for key, values in fields.items()}
    apart = "".join(first.get(key, "") for key in ("corporate_number", "place", "group"))
    entry = RegisteredCustomer(
        id=first.get("id") or _customer_id(name_key(str(name)), apart),
        name=str(name),
        aliases=tuple(fields.get("aliases", ())),
        kana=first.get("kana"),
        name_en=first.get("name_en"),
        group=first.get("group"),
        corporate_number=first.get("corporate_number"),
        domain=first.get("domain"),
        place=first.get("place"),
    )
    return _Registered(entry=entry, note_id=int(str(note_id)), fields=dict(fields))


def _with_setting_aliases(found: list[_Registered], settings: Settings) -> list[_Registered]:
    more = {name_key(name): spellings for name, spellings in settings.customers.items()}
    joined = []
    for customer in found:
        entry = customer.entry
        extra = tuple(name for name in more.get(name_key(entry.name), ()) if name not in entry.aliases)
        values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
        entry = RegisteredCustomer(**(values | {"aliases": (*entry.aliases, *extra)}))
        joined.append(_Registered(entry=entry, note_id=customer.note_id, fields=customer.fields))
    return joined


def _customer_id(key: str, apart: str = "") -> str:
    return "c" + sha256(f"{key}\0{apart}".encode()).hexdigest()[:10]


def _join_mentions(catalog: Catalog, registered: list[_Registered]) -> set[str]:
    """Resolve the spellings not resolved yet, join their notes, return the customers that got notes."""
    pending = catalog.select(
        "SELECT DISTINCT n.customer FROM notes n LEFT JOIN mentions m ON m.mention = n.customer"
        " WHERE n.customer_id IS NULL AND n.customer IS NOT NULL AND m.mention IS NULL"
    )
    if pending:
        resolver = CustomerResolver(customer.entry for customer in registered)
        catalog.execute_many(
            "INSERT INTO mentions VALUES (?,?,?,?)", [_mention_row(resolver.resolve(row[0])) for row in pending]
        )
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
        [(customer.entry.id, customer.note_id) for customer in registered if customer.note_id is not None],
    )
    return {row[0] for row in joined}


def _mention_row(resolution: Resolution) -> tuple[str, str | None, str, str]:
    customer = resolution.customer
    if customer is None and not resolution.ambiguous:
        customer = _customer_id(name_key(resolution.mention))
    candidates = [candidate.customer for candidate in resolution.candidates] if resolution.ambiguous else []
    return (resolution.mention, customer, str(resolution.reason), json.dumps(candidates, ensure_ascii=False))


def _join_customer(catalog: Catalog, customer_id: str, registered: _Registered | None) -> None:
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
    names = {name: "written" for name in written}
    row: list[object] = [None] * 9
    if registered is not None:
        entry = registered.entry
        names |= dict.fromkeys(entry.aliases, "alias")
        names |= {name: kind for name, kind in ((entry.kana, "kana"), (entry.name_en, "english")) if name}
        row = [entry.kana, entry.name_en, entry.group, entry.corporate_number, registered.first("status"), entry.domain]
        row += [registered.first(key) for key in ("owner", "industry", "source")]
    name = registered.entry.name if registered else min(written, key=lambda text: (-written[text], text))
    names[name] = "name"
    note_id = registered.note_id if registered else None
    catalog.execute(
        "INSERT INTO customers VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (customer_id, name, int(registered is not None), note_id, *row),
    )
    catalog.execute_many(
        "INSERT INTO customer_names VALUES (?,?,?,?)",
        [(customer_id, spelling, kind, written[spelling]) for spelling, kind in names.items()],
    )


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
            (contact_id, customer_id, *newest.values(), days[0] if days else None, days[-1] if days else None)
            + (len({m["note_id"] for m in mentions}),),
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
        " WHERE n.customer_id = ? AND f.key IN ('lost_reason', 'revisit')",
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
