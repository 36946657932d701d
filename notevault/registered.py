"""The customers that have a note of their own or stand in the settings."""

from collections import defaultdict
from dataclasses import replace
from hashlib import sha256

from notevault.catalog import Catalog
from notevault.config import Settings, bare_owner
from notevault.names.key import name_key
from notevault.names.values import RegisteredCustomer
from notevault.records import record

_FIELDS = (
    *("id", "aliases", "kana", "name_en", "group", "corporate_number", "domain", "place", "status", "owner"),
    *("industry", "source", "address", "website", "email", "former_names", "distinct_from"),
)


@record
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


def load_registered(catalog: Catalog, settings: Settings, *, of_touched: bool = False) -> list[RegisteredNote]:
    """Return the registered customers; ``of_touched`` only those in the table that ``link`` makes."""
    where = "type = 'customer' AND customer IS NOT NULL AND copy_of IS NULL"
    where += " AND customer_id IN (SELECT id FROM touched)" if of_touched else ""
    fields = _load_customer_fields(catalog, settings, where)
    found: dict[str, RegisteredNote] = {}
    for row in catalog.select(f"SELECT id, customer FROM notes WHERE {where} ORDER BY path"):
        customer = _registered_from_note(row["id"], row["customer"], fields.get(row["id"], {}))
        twin = found.get(customer.entry.id)
        if twin and name_key(twin.entry.name) != name_key(customer.entry.name):  # a copied id names nobody else
            customer = replace(customer, entry=replace(customer.entry, id=make_customer_id(name_key(row["customer"]))))
            twin = found.get(customer.entry.id)
        found[customer.entry.id] = _merged(twin, customer) if twin else customer
    found |= _from_settings(found, settings)
    if of_touched:
        wanted = {row[0] for row in catalog.select("SELECT id FROM touched")}
        return [customer for customer in found.values() if customer.entry.id in wanted]
    return list(found.values())


def _from_settings(found: dict[str, RegisteredNote], settings: Settings) -> dict[str, RegisteredNote]:
    """Return the customers of the settings; one that has a note gets more spellings."""
    by_key = {name_key(customer.entry.name): customer for customer in found.values()} if settings.customers else {}
    added: dict[str, RegisteredNote] = {}
    for name, spellings in settings.customers.items():
        key = name_key(name)
        customer = by_key.get(key) or RegisteredNote(
            entry=RegisteredCustomer(id=make_customer_id(key), name=name), note_ids=(), fields={}
        )
        more = tuple(spelling for spelling in spellings if spelling not in customer.entry.aliases)
        entry = replace(customer.entry, aliases=(*customer.entry.aliases, *more))
        added[entry.id] = by_key[key] = replace(customer, entry=entry)
    return added


def _load_customer_fields(catalog: Catalog, settings: Settings, where: str) -> dict[int, dict[str, list[str]]]:
    marks = ",".join("?" * len(_FIELDS))
    fields: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in catalog.select(
        f"SELECT note_id, key, value FROM fields WHERE note_id IN (SELECT id FROM notes WHERE {where})"
        f" AND +key IN ({marks}) ORDER BY rowid",  # + keeps SQLite on the notes
        _FIELDS,
    ):
        fields[row["note_id"]][row["key"]].append(row["value"])
    for values in fields.values():
        if "owner" in values:
            values["owner"] = [
                known.key if (known := settings.find_owner(name)) else bare_owner(name) for name in values["owner"]
            ]
    return {note_id: dict(values) for note_id, values in fields.items()}


def _registered_from_note(note_id: int, name: str, fields: dict[str, list[str]]) -> RegisteredNote:
    first = {key: values[0] for key, values in fields.items()}
    apart = "".join(first.get(key, "") for key in ("corporate_number", "place", "group"))
    entry = RegisteredCustomer(
        id=first.get("id") or make_customer_id(name_key(name), apart),
        name=name,
        aliases=(*fields.get("aliases", ()), *fields.get("former_names", ())),
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


def make_customer_id(key: str, apart: str = "") -> str:
    """Return the id of a customer that carries none: made of the key of its name and what tells it apart."""
    return "c" + sha256(f"{key}\0{apart}".encode()).hexdigest()[:10]
