"""Rules about several notes together, answered from the catalogue: customers, deals, values that must be unique.

What they find depends on other notes and on the day, so it is asked anew each time and never stored.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from sqlite3 import Row

from notevault.check import customers
from notevault.check.dating import describe_future
from notevault.check.rule import VaultContext, VaultFinding
from notevault.database import marks
from notevault.messages import gettext as _
from notevault.model import Severity
from notevault.template import FieldRule


def find_unknown_customers(context: VaultContext) -> Iterator[VaultFinding]:
    """Yield the newest note of each customer without a note, where other customers have one."""
    line = context.line_of("customer")
    if not context.catalog.select("SELECT 1 FROM customers WHERE registered LIMIT 1"):
        return
    for row in context.catalog.select(
        f"SELECT n.path, {line} AS line, c.name, max(coalesce(n.day, '') || n.path) FROM customers c"
        f" JOIN notes n ON n.customer_id = c.id WHERE NOT c.registered AND {context.is_enforced} GROUP BY c.id",
        list(context.enforced),
    ):
        yield VaultFinding(
            path=row["path"],
            line=row["line"],
            message=customers.describe_unknown(row["name"]),
            hint=customers.hint_at_unknown(row["name"]),
        )


def find_ambiguous_customers(context: VaultContext) -> Iterator[VaultFinding]:
    """Yield the notes whose customer may be several."""
    rows = context.catalog.select(
        f"SELECT n.path, {context.line_of('customer')} AS line, n.customer, m.candidates FROM mentions m"
        f" JOIN notes n ON n.customer = m.mention WHERE m.customer_id IS NULL AND n.type IS NOT 'customer'"
        f" AND {context.is_enforced}",
        list(context.enforced),
    )
    names = {row[0]: row[1] for row in context.catalog.select("SELECT id, name FROM customers")} if rows else {}
    for row in rows:
        candidates = tuple(names[one] for one in json.loads(row["candidates"]) if one in names)
        yield VaultFinding(
            path=row["path"],
            line=row["line"],
            message=customers.describe_ambiguous(row["customer"], candidates),
            hint=_("write the name in full"),
        )


def find_customer_spellings(context: VaultContext) -> Iterator[VaultFinding]:
    """Yield the notes that spell a registered customer otherwise; ``[[name]]`` is a link and stays."""
    reasons = [str(reason) for reason in customers.PLAIN_REASONS]
    for row in context.catalog.iterate(
        "SELECT n.path, f.line, f.value, c.name FROM notes n JOIN customers c ON c.id = n.customer_id AND c.registered"
        " JOIN mentions m ON m.mention = n.customer JOIN fields f ON f.note_id = n.id AND f.key = 'customer'"
        " AND f.position = 0 JOIN texts t ON t.note_id = n.id"
        " WHERE n.customer <> c.name AND n.type <> 'customer' AND instr(t.text, '[[' || f.value) = 0"
        f" AND m.reason IN ({marks(reasons)}) AND {context.is_enforced}",
        (*reasons, *context.enforced),
    ):
        yield VaultFinding(path=row[0], line=row[1], message=customers.describe_spelling(row[2], row[3]))


def find_future_days(context: VaultContext) -> Iterator[VaultFinding]:
    """Yield the notes whose day is still to come."""
    for row in context.catalog.select(
        f"SELECT n.path, {context.line_of('date')} AS line, n.day FROM notes n"
        f" WHERE n.day > ? AND {context.is_enforced}",
        (context.today.isoformat(), *context.enforced),
    ):
        yield VaultFinding(path=row["path"], line=row["line"], message=describe_future(date.fromisoformat(row["day"])))


def check_duplicate_note(context: VaultContext) -> Iterator[VaultFinding]:
    """Two notes are the same: byte for byte, by their ``id``, or because one is a conflict copy.

    Both are indexed, and what they say is counted twice; delete one. A conflict copy, as Dropbox, OneDrive or Syncthing
    leave it, may hold what the other lacks: compare first.

    Before::

        --> a.md
        The 3rd floor wants a second printer.
        --> b.md
        The 3rd floor wants a second printer.

    After::

        --> b.md
        The 4th floor wants a second printer.
    """
    select = context.catalog.select
    for row in select(
        "SELECT n.path, first.path AS other FROM (SELECT digest, min(path) AS path FROM notes WHERE size > 0"
        " AND digest IN (SELECT digest FROM notes GROUP BY digest HAVING count(*) > 1)"  # from the index alone
        " AND copy_of IS NULL GROUP BY digest HAVING count(*) > 1) AS first"
        " JOIN notes n ON n.digest = first.digest AND n.path <> first.path AND n.copy_of IS NULL"
    ):
        yield VaultFinding(
            path=row["path"], line=1, message=_("the same, byte for byte, as {path}").format(path=row["other"])
        )
    for row in select(
        "SELECT n.path, f.line, min(n.path) OVER (PARTITION BY f.value) AS first, f.value FROM fields f"
        " JOIN notes n ON n.id = f.note_id WHERE f.key = 'id' AND n.copy_of IS NULL"
    ):
        if row["path"] != row["first"]:
            yield VaultFinding(
                path=row["path"],
                line=row["line"],
                message=_("the id '{id}' is that of {path}").format(id=row["value"], path=row["first"]),
                hint=_("a copied note needs an id of its own, or none"),
                severity=Severity.ERROR,
            )
    for row in select("SELECT n.path, o.path AS other FROM notes n JOIN notes o ON o.id = n.copy_of"):
        yield VaultFinding(
            path=row["path"],
            line=1,
            message=_("a conflict copy of {path}").format(path=row["other"]),
            hint=_("move over what the other lacks, then delete this one"),
        )


def check_field_unique(context: VaultContext) -> Iterator[VaultFinding]:
    """Two notes of one type have the same value in a field that the template calls ``unique``.

    The names of customers are the same where they lead to one customer, as 株式会社山田 and ㈱山田 do unless group,
    place or corporate number tell them apart.

    Before::

        --> a.md
        ---
        type: manual
        title: Data migration
        ---
        ## When to use
        When a customer asks.
        ## How to
        Say what we need from them first.
        --> b.md
        ---
        type: manual
        title: data migration
        ---
        ## When to use
        In the first talk.
        ## How to
        Ask for the number of machines.

    After::

        --> b.md
        ---
        type: manual
        title: Data migration of file servers
        ---
        ## When to use
        In the first talk.
        ## How to
        Ask for the number of machines.
    """
    for kind, template in context.enforced.items():
        for rule in template.fields:
            if rule.unique:
                is_name = kind == "customer" and rule.key == "name"
                yield from _find_shared_names(context, rule) if is_name else _find_shared(context, kind, rule)


def _find_shared(context: VaultContext, kind: str, rule: FieldRule) -> Iterator[VaultFinding]:
    keys = dict.fromkeys((rule.key, rule.name, *rule.also))
    rows = context.catalog.select(
        "SELECT n.path, f.value, f.line, min(n.path) OVER (PARTITION BY f.normalized) AS first"
        " FROM notes n JOIN fields f ON f.note_id = n.id"
        f" WHERE n.type = ? AND f.key IN ({marks(keys)}) AND n.copy_of IS NULL",
        (kind, *keys),
    )
    return _taken(rows, rule)


def _find_shared_names(context: VaultContext, rule: FieldRule) -> Iterator[VaultFinding]:
    rows = context.catalog.select(
        f"SELECT path, customer AS value, {context.line_of('name')} AS line, first FROM"
        " (SELECT id, path, customer, min(path) OVER (PARTITION BY customer_id) AS first FROM notes"
        " WHERE type = 'customer' AND copy_of IS NULL AND customer_id IN (SELECT customer_id FROM notes"
        " WHERE type = 'customer' AND copy_of IS NULL GROUP BY customer_id HAVING count(*) > 1)) AS n"
        " WHERE path <> first"
    )
    return _taken(rows, rule)


def _taken(rows: Iterable[Row], rule: FieldRule) -> Iterator[VaultFinding]:
    for row in rows:
        if row["path"] != row["first"]:
            yield VaultFinding(
                path=row["path"],
                line=row["line"],
                message=_("'{value}' in '{field}' is taken by {path}").format(
                    value=row["value"], field=rule.name, path=row["first"]
                ),
                hint=_("one of the two is a duplicate, or needs another value"),
            )
