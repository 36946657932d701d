"""The ToDos of all notes: who has to do what, for whom, until when.

A ToDo that was copied to a follow-up note - same customer and deal, same words, both open - is one ToDo, shown with its
newest place. Done and cancelled ones are history and shown line by line.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.database import marks
from notevault.model import TodoStatus
from notevault.records import record
from notevault.report.choosing import CustomerChoice
from notevault.report.rows import parse_iso
from notevault.text import normalize_short

OPEN: Final = (TodoStatus.OPEN,)


@record
class TodoPlace:
    """An older copy of a ToDo."""

    id: str
    path: str
    line: int


@record
class TodoItem:
    """One ToDo with where it stands. Its fields are the contract of ``todo --json``."""

    id: str
    text: str
    status: TodoStatus
    due: date | None
    owner: str | None
    """Its own, else the owner of its note."""
    priority: str | None
    customer: str | None
    deal: str | None
    stage: str | None
    """Of its deal today, else of its note."""
    path: str
    line: int
    copies: tuple[TodoPlace, ...] = ()
    """Older open copies of it, the newest first."""


@record
class TodoFilter:
    """Which ToDos are wanted; None asks for all."""

    statuses: tuple[TodoStatus, ...] | None = OPEN
    done_from: date | None = None
    """With statuses that are not open: only those known to be done on this day or later."""
    owners: tuple[str, ...] | None = None
    customers: CustomerChoice | None = None
    deals: tuple[str, ...] | None = None
    """Ids."""
    stages: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    """Of the notes they stand in."""
    overdue_on: date | None = None
    """Open ones that were due before this day."""
    due: tuple[date, date] | None = None
    """First and last day."""


@record
class TodoCount:
    """How a list of ToDos stands on one day."""

    open: int
    overdue: int
    today: int
    closed: int


_STAGE: Final = "CASE WHEN d.id IS NULL THEN coalesce(n.stage, n.stage_raw) ELSE coalesce(d.stage, d.stage_raw) END"
_SELECT: Final = f"""
SELECT t.id, t.text, t.status, t.due, coalesce(t.owner, n.owner) AS owner, t.priority,
       coalesce(c.name, n.customer) AS customer, coalesce(nullif(d.name, ''), n.deal) AS deal, {_STAGE} AS stage,
       n.path, t.line, n.customer_id, n.deal_id, n.day, n.id AS note_id
  FROM todos t JOIN notes n ON n.id = t.note_id
  LEFT JOIN customers c ON c.id = n.customer_id
  LEFT JOIN deals d ON d.id = n.deal_id
 WHERE n.copy_of IS NULL{{conditions}}
 ORDER BY n.path, t.line
"""
_PRIORITY_ORDER: Final = {"high": 0, "low": 2}
_FIELDS: Final = ("id", "text", "owner", "priority", "customer", "deal", "stage", "path", "line")


def list_todos(catalog: Catalog, wanted: TodoFilter) -> tuple[TodoItem, ...]:
    """Return the ToDos wanted: open ones first, by due date, the undated last. Conflict copies are left out."""
    conditions, parameters = _conditions(wanted)
    rows = catalog.select(_SELECT.format(conditions="".join(f" AND {each}" for each in conditions)), parameters)
    items = [_make_item(places) for places in join_copies(rows)]
    return tuple(sorted((item for item in items if _is_wanted(item, wanted)), key=_order))


def join_copies(rows: Iterable[sqlite3.Row]) -> list[list[sqlite3.Row]]:
    """Return rows of ToDos with the copies of one ToDo together, its newest place first.

    A row has id, text, status, customer_id, deal_id, note_id, path, day and line. Equal ToDos of one note are several.
    """
    joined: dict[tuple[object, ...], list[sqlite3.Row]] = defaultdict(list)
    seen: dict[tuple[object, ...], int] = defaultdict(int)
    for row in rows:
        if row["status"] != TodoStatus.OPEN.value or row["customer_id"] is None:
            joined[row["id"],].append(row)
            continue
        same = (row["customer_id"], row["deal_id"], normalize_short(row["text"]))
        number = seen[row["note_id"], *same]
        seen[row["note_id"], *same] += 1
        joined[*same, number].append(row)
    return [sorted(places, key=lambda row: (row["day"] or "", row["path"]), reverse=True) for places in joined.values()]


def find_copies(catalog: Catalog, todo_id: str) -> tuple[str, ...]:
    """Return the ids of a ToDo in all its places, this one's own first; none where there is no such ToDo."""
    rows = catalog.select(
        "SELECT n.customer_id FROM todos t JOIN notes n ON n.id = t.note_id WHERE t.id = ?", (todo_id,)
    )
    if not rows:
        return ()
    candidates = catalog.select(_SELECT.format(conditions=" AND n.customer_id = ?"), (rows[0]["customer_id"],))
    for places in join_copies(candidates):
        ids = [place["id"] for place in places]
        if todo_id in ids:
            return (todo_id, *(each for each in ids if each != todo_id))
    return (todo_id,)


def count_todos(todos: Sequence[TodoItem], today: date) -> TodoCount:
    """Return how many are open, overdue, due today and closed."""
    still_open = [todo for todo in todos if todo.status is TodoStatus.OPEN]
    return TodoCount(
        open=len(still_open),
        overdue=sum(todo.due is not None and todo.due < today for todo in still_open),
        today=sum(todo.due == today for todo in still_open),
        closed=len(todos) - len(still_open),
    )


def _make_item(places: list[sqlite3.Row]) -> TodoItem:
    newest, *older = places
    return TodoItem(
        **{field: newest[field] for field in _FIELDS},
        status=TodoStatus(newest["status"]),
        due=parse_iso(newest["due"]),
        copies=tuple(TodoPlace(id=row["id"], path=row["path"], line=row["line"]) for row in older),
    )


def _order(item: TodoItem) -> tuple[object, ...]:
    return (
        *(item.status is not TodoStatus.OPEN, item.due is None, item.due or date.max),
        *(_PRIORITY_ORDER.get(item.priority or "", 1), item.path, item.line),
    )


def _is_wanted(item: TodoItem, wanted: TodoFilter) -> bool:
    """Say whether a ToDo is wanted by what its newest place says."""
    if wanted.owners is not None and item.owner not in wanted.owners:
        return False
    if wanted.overdue_on is not None and not (
        item.status is TodoStatus.OPEN and item.due is not None and item.due < wanted.overdue_on
    ):
        return False
    return wanted.due is None or (item.due is not None and wanted.due[0] <= item.due <= wanted.due[1])


def _conditions(wanted: TodoFilter) -> tuple[list[str], list[object]]:
    """Return what holds for all copies of a ToDo alike."""
    conditions: list[str] = []
    parameters: list[object] = []
    lists = (("t.status", wanted.statuses), ("d.id", wanted.deals), (_STAGE, wanted.stages), ("n.type", wanted.types))
    for column, values in lists:
        if values is not None:
            conditions.append(f"{column} IN ({marks(values)})")
            parameters += [str(value) for value in values]
    if wanted.done_from is not None:
        conditions.append("(t.status = 'open' OR t.done_on >= ?)")
        parameters.append(wanted.done_from.isoformat())
    if wanted.customers is not None:
        condition, bound = wanted.customers.condition()
        conditions.append(condition)
        parameters += bound
    return conditions, parameters
