"""The customers that have a note of their own or stand in the settings."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from notevault.catalog import Catalog
from notevault.config import Settings, bare_owner
from notevault.names.key import name_key
from notevault.names.values import RegisteredCustomer
from notevault.records import field_names, record

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


def load_registered(catalog: Catalog, settings: Settings) -> list[RegisteredNote]:
    """Return the registered customers."""
    return join_cards(read_cards(catalog, settings), settings)


def read_cards(catalog: Catalog, settings: Settings, note_ids: Iterable[int] | None = None) -> list[RegisteredNote]:
    """Return what each customer note says by itself, all or some of them, in the order of their paths."""
    where = "type = 'customer' AND customer IS NOT NULL AND copy_of IS NULL"
    bound: tuple[str, ...] = ()
    if note_ids is not None:
        where, bound = f"{where} AND id IN (SELECT value FROM json_each(?))", (json.dumps([*note_ids]),)
    rows = catalog.select_tuples(f"SELECT id, customer FROM notes WHERE {where} ORDER BY path", bound)
    fields = _load_customer_fields(catalog, settings, where, bound)
    return [_registered_from_note(note_id, name, fields.get(note_id, {})) for note_id, name in rows]


def join_cards(cards: Iterable[RegisteredNote], settings: Settings) -> list[RegisteredNote]:
    """Return the customers that the customer notes and the settings together register."""
    found: dict[str, RegisteredNote] = {}
    for card in cards:
        customer, twin = card, found.get(card.entry.id)
        if twin and name_key(twin.entry.name) != name_key(card.entry.name):  # a copied id names nobody else
            customer = replace(card, entry=replace(card.entry, id=make_customer_id(name_key(card.entry.name))))
            twin = found.get(customer.entry.id)
        found[customer.entry.id] = _merged(twin, customer) if twin else customer
    found |= _from_settings(found, settings)
    return list(found.values())


def remember_registered(
    catalog: Catalog, cards: Iterable[RegisteredNote], registered: Iterable[RegisteredNote]
) -> None:
    """Keep the customers that all were joined to, and what each customer note said by itself."""
    registered = list(registered)
    customer_of = {note_id: each.entry.id for each in registered for note_id in each.note_ids}
    catalog.execute("DELETE FROM cards")
    said = ((card.note_ids[0], customer_of[card.note_ids[0]], _entry_text(card)) for card in cards)
    catalog.execute_many("INSERT INTO cards VALUES (?,?,?)", said)
    catalog.execute("DELETE FROM registered")
    kept = ((each.entry.id, _entry_text(each), json.dumps(each.note_ids)) for each in registered)
    catalog.execute_many("INSERT INTO registered VALUES (?,?,?)", kept)


def say_the_same(catalog: Catalog, cards: Iterable[RegisteredNote]) -> bool:
    """Tell whether these customer notes say of names what they said when all were joined last."""
    before = "SELECT entry FROM cards WHERE note_id = ?"
    return all(catalog.select_tuples(before, card.note_ids) == [(_entry_text(card),)] for card in cards)


def load_entries(catalog: Catalog, among: str = "1") -> list[tuple[RegisteredCustomer, list[int]]]:
    """Return the customers that were kept with their notes; ``among`` is a condition over ``registered``."""
    rows = catalog.select_tuples(f"SELECT entry, note_ids FROM registered WHERE {among} ORDER BY rowid")
    kept = ((json.loads(entry), json.loads(note_ids)) for entry, note_ids in rows)
    return [(RegisteredCustomer(**entry | {"aliases": tuple(entry["aliases"])}), note_ids) for entry, note_ids in kept]


def load_touched(catalog: Catalog, settings: Settings) -> list[RegisteredNote]:
    """Return those of the kept customers that are in the table ``link`` makes, with what their notes say now."""
    kept = load_entries(catalog, "customer_id IN (SELECT id FROM touched)")
    cards = read_cards(catalog, settings, [note_id for _entry, note_ids in kept for note_id in note_ids])
    fields = {card.note_ids[0]: card.fields for card in cards}
    return [
        RegisteredNote(
            entry=entry,
            note_ids=tuple(note_ids),
            fields={key: said for note_id in reversed(note_ids) for key, said in fields.get(note_id, {}).items()},
        )
        for entry, note_ids in kept
    ]


def _entry_text(customer: RegisteredNote) -> str:
    entry = customer.entry
    return json.dumps({key: getattr(entry, key) for key in field_names(RegisteredCustomer)}, ensure_ascii=False)


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


def _load_customer_fields(
    catalog: Catalog, settings: Settings, where: str, bound: Sequence[str]
) -> dict[int, dict[str, list[str]]]:
    marks = ",".join("?" * len(_FIELDS))
    fields: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in catalog.select(
        f"SELECT note_id, key, value FROM fields WHERE note_id IN (SELECT id FROM notes WHERE {where})"
        f" AND +key IN ({marks}) ORDER BY rowid",  # + keeps SQLite on the notes
        (*bound, *_FIELDS),
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
