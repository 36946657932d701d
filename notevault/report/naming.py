"""Where the team's own notes - jottings, meetings - name a customer: signals that nobody filed under it."""

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.dates import parse_date
from notevault.names.key import name_key
from notevault.report.rows import parse_iso
from notevault.text import normalize

_DAY: Final = re.compile(r"[-*+]\s+(?P<day>\d{4}-\d\d-\d\d)(?=\s)")
"""A jotting begins with its own day."""
_SHORTEST: Final = 3
_SHORTEST_LATIN: Final = 4


def find_namings(catalog: Catalog, today: date, customers: Collection[str]) -> dict[str, list[date]]:
    """Return customer id → the days up to ``today`` on which a line of a jotting or team meeting names it.

    Several lines of one day count once; a note about that one customer is a line of its own.
    """
    keys = _load_keys(catalog, customers)
    if not keys:
        return {}
    names = re.compile("|".join(map(re.escape, sorted(keys, key=len, reverse=True))))
    found: dict[str, set[date]] = defaultdict(set)
    for row in catalog.select(
        "SELECT n.day, t.text FROM notes n JOIN texts t ON t.note_id = n.id"
        " WHERE n.type IN ('inbox', 'team-meeting') AND n.copy_of IS NULL"
    ):
        written = parse_iso(row["day"])
        for line in row["text"].splitlines():
            for match in names.finditer(normalize(line).replace(" ", "")):
                jotted = _DAY.match(line.lstrip())
                day = (parse_date(jotted["day"], today) if jotted else None) or written
                if day is not None and day <= today:
                    for customer in keys[match[0]]:
                        found[customer].add(day)
    return {customer: sorted(days) for customer, days in found.items()}


def _load_keys(catalog: Catalog, customers: Collection[str]) -> dict[str, set[str]]:
    """Return name without legal form and blanks → customers called so; names too short to tell are left out."""
    keys: dict[str, set[str]] = defaultdict(set)
    for customer_id, name in catalog.select_tuples("SELECT customer_id, name FROM customer_names"):
        key = name_key(name) if customer_id in customers else ""
        if len(key) >= (_SHORTEST_LATIN if key.isascii() else _SHORTEST):
            keys[key].add(customer_id)
    return keys
