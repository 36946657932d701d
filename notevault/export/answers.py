"""Custom fields: the newest answer or front matter value that a customer, deal or note has."""

from collections.abc import Mapping
from typing import Final

from notevault.export.source import Source

ANSWERED: Final = ("accounts", "leads", "opportunities", "activities", "notes")
"""Tables whose rows notes tell of."""

_OWNERS: Final = {
    "accounts": "n.customer_id",
    "leads": "n.customer_id",
    "opportunities": "n.deal_id",
    "activities": "n.id",
    "notes": "n.id",
}


def load_answers(source: Source, table: str, name: str) -> Mapping[str, str]:
    """Return row id → value of ``learned.X`` or ``field.X`` for the rows of a table that have one.

    A customer's own note speaks last for fields, dated notes speak last for what was learned.
    """
    kind, _dot, key = name.partition(".")
    settings = source.settings
    found = settings.find_learned(key) if kind == "learned" else settings.find_key(key)
    keys = tuple(dict.fromkeys((key, found or key)))
    marks = ",".join("?" * len(keys))
    order = "n.type IS NOT 'customer', n.day" if kind == "learned" else "n.type IS 'customer', n.day"
    value = "group_concat(v.value, '; ')"
    rows = source.catalog.iterate(
        f"SELECT {_OWNERS[table]} AS owner, n.id, n.uid, {value} AS value FROM notes n"
        f" JOIN {'learned' if kind == 'learned' else 'fields'} v ON v.note_id = n.id"
        f" WHERE n.copy_of IS NULL AND v.key IN ({marks}) AND v.value <> '' GROUP BY n.id ORDER BY {order}, n.path",
        keys,
    )
    answers: dict[str, str] = {}
    for row in rows:
        if row["owner"] is not None:
            owner = source.note_id(row["id"], row["uid"]) if table in ("activities", "notes") else row["owner"]
            answers[owner] = row["value"]
    return answers
