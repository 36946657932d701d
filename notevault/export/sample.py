"""A sample that stands on its own feet: some rows of each table, and every row these refer to."""

from collections.abc import Mapping

from notevault.export.columns import Table
from notevault.export.store import RowStore


def keep_sample(store: RowStore, tables: Mapping[str, Table], count: int) -> None:
    """Leave the last ``count`` rows of each table and what they refer to, with the notes of the activities kept.

    The newest rows are taken: what hangs on them is complete, and people know them.
    """
    kept: dict[str, set[str]] = {name: set() for name in tables}
    for name, table in tables.items():
        if table.key == ("id",):
            kept[name] |= {
                row[0] for row in store.select(f'SELECT id FROM "{name}" ORDER BY rowid DESC LIMIT {count:d}')
            }
    todo = [(name, identifier) for name, ids in kept.items() for identifier in ids]
    while todo:
        name, identifier = todo.pop()
        row = store.find_row(name, identifier) or {}
        for column in tables[name].columns:
            target = row.get(column.name, "") if column.references else ""
            if target and target not in kept[column.references]:
                kept[column.references].add(target)
                todo.append((column.references, target))
    store.execute("CREATE TEMP TABLE kept (id TEXT PRIMARY KEY) WITHOUT ROWID")
    for name, table in tables.items():
        owner = "id" if table.key == ("id",) else table.key[0]
        target = name if owner == "id" else next(c.references for c in table.columns if c.name == owner)
        store.execute("DELETE FROM kept")
        for identifier in kept[target]:
            store.execute("INSERT INTO kept VALUES (?)", (identifier,))
        store.execute(f'DELETE FROM "{name}" WHERE "{owner}" NOT IN (SELECT id FROM kept)')
        if owner != "id":
            _clear_dangling(store, table)
    store.execute("DROP TABLE kept")


def _clear_dangling(store: RowStore, table: Table) -> None:
    """Empty the references of lines to rows that are not in the sample."""
    for column in table.columns:
        if column.references:
            target = column.references
            store.execute(
                f'UPDATE "{table.name}" SET "{column.name}" = \'\' WHERE "{column.name}" <> \'\''
                f' AND "{column.name}" NOT IN (SELECT id FROM "{target}")'
            )
