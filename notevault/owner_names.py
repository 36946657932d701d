"""One name for each rep: of spellings that differ in case, width or honorific only, the one most in use."""

from collections import defaultdict
from typing import Final

from notevault.catalog import Catalog
from notevault.config import owner_key

_WRITTEN: Final = ("notes", "todos")
"""Tables that keep an owner as written beside the name in use, the most telling first."""
_JOINED: Final = ("customers", "deals")


def join_owners(catalog: Catalog) -> None:
    """Name each owner of notes, ToDos, customers and deals by the spelling in use."""
    shown: dict[str, dict[str, str]] = {}
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(_WRITTEN))
    for at, table in enumerate(_WRITTEN):
        shown[table] = {}
        for written, name, count in catalog.select_tuples(
            f"SELECT owner_raw, owner, count(*) FROM {table} WHERE owner_raw IS NOT NULL GROUP BY owner_raw, owner"
        ):
            counts[written][at] += count
            # of several names for one spelling any but the last is out of date
            shown[table][written] = name if written not in shown[table] else ""
    names = _choose(counts)
    for table, known in shown.items():
        stale = [(names[owner_key(written)], written) for written in known]
        catalog.execute_many(
            f"UPDATE {table} SET owner = ? WHERE owner_raw = ? AND owner IS NOT ?",
            [(name, written, name) for name, written in stale if known[written] != name],
        )
    for table in _JOINED:
        owners = [
            row[0] for row in catalog.select_tuples(f"SELECT DISTINCT owner FROM {table} WHERE owner IS NOT NULL")
        ]
        moved = [(names.get(owner_key(owner), owner), owner) for owner in owners]
        catalog.execute_many(
            f"UPDATE {table} SET owner = ? WHERE owner = ?", [(name, owner) for name, owner in moved if name != owner]
        )


def _choose(counts: dict[str, list[int]]) -> dict[str, str]:
    """Return for what spellings have in common the one that most notes have, then most ToDos."""
    names: dict[str, str] = {}
    for written in sorted(counts, key=lambda each: ([-count for count in counts[each]], each)):
        names.setdefault(owner_key(written), written)
    return names
