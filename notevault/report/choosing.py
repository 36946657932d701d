"""What a person means by ``--customer``, ``--owner``, ``--stage``, ``--deal``: any spelling that leads somewhere.

A name that leads nowhere is an error with the nearest names; one that leads to several is never guessed at.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from notevault.catalog import Catalog
from notevault.config import Settings, owner_key, spelling_key
from notevault.database import marks
from notevault.errors import AmbiguousNameError, UnknownNameError
from notevault.messages import gettext as _
from notevault.names.key import name_key
from notevault.names.resolver import CustomerResolver
from notevault.names.values import RegisteredCustomer
from notevault.records import record
from notevault.text import normalize

_NEAR = 3


@record
class CustomerChoice:
    """The customers that a spelling leads to; several where that spelling is one of many customers."""

    ids: tuple[str, ...]
    mentions: tuple[str, ...] = ()
    """Ambiguous spellings of this name; their notes are not joined to any customer."""

    def condition(self) -> tuple[str, list[object]]:
        """Return a condition on ``notes n`` with its parameters."""
        joined = f"n.customer_id IN ({marks(self.ids)})"
        unjoined = f"n.customer_id IS NULL AND n.customer IN ({marks(self.mentions)})"
        return f"({joined} OR {unjoined})", [*self.ids, *self.mentions]


def choose_customers(catalog: Catalog, text: str) -> CustomerChoice:
    """Return the customers that ``text`` may mean.

    Raises UnknownNameError, and AmbiguousNameError where it is only part of several names.
    """
    known = catalog.select(
        "SELECT customer_id FROM mentions WHERE mention = :text AND customer_id IS NOT NULL"
        " UNION SELECT id FROM customers WHERE id = :text",
        {"text": text},
    )
    if known:
        return CustomerChoice(ids=tuple(row[0] for row in known))
    key = name_key(text)
    names = [
        (row[0], row[1], name_key(row[1])) for row in catalog.select("SELECT customer_id, name FROM customer_names")
    ]
    ambiguous = [
        (row["mention"], json.loads(row["candidates"]))
        for row in catalog.select("SELECT mention, candidates FROM mentions WHERE customer_id IS NULL")
        if name_key(row["mention"]) == key
    ]
    ids = {customer for customer, _name, known_key in names if known_key == key}
    ids.update(customer for _mention, candidates in ambiguous for customer in candidates)
    if ids or ambiguous:
        return CustomerChoice(ids=tuple(sorted(ids)), mentions=tuple(mention for mention, _ids in ambiguous))
    told = _resolve(catalog, text)
    return CustomerChoice(ids=(told or _choose_part(catalog, text, key, names),))


def choose_customer(catalog: Catalog, text: str) -> str:
    """Return the id of the one customer that ``text`` means; raises UnknownNameError, AmbiguousNameError."""
    choice = choose_customers(catalog, text)
    if len(choice.ids) != 1:
        raise AmbiguousNameError(text, _names_of(catalog, choice.ids))
    return choice.ids[0]


def _resolve(catalog: Catalog, text: str) -> str | None:
    """Return the customer that a spelling no note has leads to, as in 光洋商事(浜松), 山田工業 大阪支店 総務課."""
    customers = [
        RegisteredCustomer(**dict(row))
        for row in catalog.select(
            "SELECT c.id, c.name, c.kana, c.name_en, c.grp AS 'group', c.corporate_number, c.domain,"
            " (SELECT value FROM fields f WHERE f.note_id = c.note_id AND f.key = 'place') AS place FROM customers c"
        )
    ]
    return CustomerResolver(customers).resolve(text).customer


def _choose_part(catalog: Catalog, text: str, key: str, names: list[tuple[str, str, str]]) -> str:
    found = {customer for customer, _name, known_key in names if key and key in known_key}
    if len(found) == 1:
        return found.pop()
    if found:
        raise AmbiguousNameError(text, _names_of(catalog, sorted(found)))
    by_key = {known_key: name for _customer, name, known_key in names}
    near = get_close_matches(key, list(by_key), n=_NEAR, cutoff=0.4)
    raise UnknownNameError(_("customer"), text, [by_key[match] for match in near])


def _names_of(catalog: Catalog, ids: Sequence[str]) -> list[str]:
    rows = catalog.select(
        "SELECT name, id, (SELECT value FROM fields f WHERE f.note_id = c.note_id AND f.key = 'place') AS place"
        f" FROM customers c WHERE id IN ({marks(ids)}) ORDER BY name, place, id",
        ids,
    )
    names = Counter(row["name"] for row in rows)
    return [row["name"] if names[row["name"]] == 1 else f"{row['name']}({row['place'] or row['id']})" for row in rows]


def choose_owners(catalog: Catalog, settings: Settings, text: str) -> tuple[str, ...]:
    """Return the owners, as the catalogue spells them, that ``text`` means; raises UnknownNameError."""
    known = settings.find_owner(text)
    rows = catalog.select(
        "SELECT owner FROM notes WHERE owner IS NOT NULL UNION SELECT owner FROM todos WHERE owner IS NOT NULL"
        " UNION SELECT owner FROM customers WHERE owner IS NOT NULL"
    )
    written = [row[0] for row in rows]
    wanted = {owner_key(text)} | ({owner_key(known.key)} if known else set())
    found = {owner for owner in written if owner_key(owner) in wanted} | ({known.key} if known else set())
    if not found:
        names = [*written, *(name for owner in settings.owners.values() for name in (owner.key, owner.name) if name)]
        raise UnknownNameError(_("owner"), text, _near(text, names))
    return tuple(sorted(found))


def choose_stages(catalog: Catalog, settings: Settings, text: str) -> tuple[str, ...]:
    """Return the stages, by key or as written where the settings do not know them, that ``text`` means."""
    known = settings.find_stage(text)
    rows = catalog.select("SELECT DISTINCT stage_raw FROM notes WHERE stage IS NULL AND stage_raw IS NOT NULL")
    found = {row[0] for row in rows if spelling_key(row[0]) == spelling_key(text)} | ({known.key} if known else set())
    if not found:
        names = [name for stage in settings.stages.values() for name in (stage.key, stage.ja, stage.en, *stage.also)]
        near = _near(text, names) or [stage.ja or stage.key for stage in settings.stages.values()]
        raise UnknownNameError(_("stage"), text, near)
    return tuple(sorted(found))


def choose_deals(catalog: Catalog, text: str) -> tuple[str, ...]:
    """Return the ids of the deals called ``text``, else of those whose name holds it; raises UnknownNameError."""
    key = normalize(text)
    names = {row["id"]: normalize(row["name"]) for row in catalog.select("SELECT id, name FROM deals")}
    found = [deal for deal, name in names.items() if name == key or deal == text]
    found = found or [deal for deal, name in names.items() if key and key in name]
    if not found:
        raise UnknownNameError(_("deal"), text, _near(text, names.values()))
    return tuple(found)


def _near(text: str, names: Iterable[str]) -> list[str]:
    by_key = {normalize(name): name for name in reversed(list(names)) if name}
    return [by_key[match] for match in get_close_matches(normalize(text), list(by_key), n=_NEAR, cutoff=0.5)]
