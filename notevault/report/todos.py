"""The ToDos of all notes: who has to do what, for whom, until when."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.model import TodoStatus
from notevault.report.choosing import CustomerChoice, marks
from notevault.report.rows import parse_iso

OPEN: Final = (TodoStatus.OPEN,)


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoFilter:
    """Which ToDos are wanted; None asks for all."""

    statuses: tuple[TodoStatus, ...] | None = OPEN
    owners: tuple[str, ...] | None = None
    customers: CustomerChoice | None = None
    deals: tuple[str, ...] | None = None
    """Ids."""
    stages: tuple[str, ...] | None = None
    overdue_on: date | None = None
    """Open ones that were due before this day."""
    due: tuple[date, date] | None = None
    """First and last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoCount:
    """How a list of ToDos stands on one day."""

    open: int
    overdue: int
    today: int
    closed: int


_SELECT: Final = """
SELECT t.id, t.text, t.status, t.due, coalesce(t.owner, n.owner) AS owner, t.priority,
       coalesce(c.name, n.customer) AS customer, coalesce(nullif(d.name, ''), n.deal) AS deal,
       CASE WHEN d.id IS NULL THEN coalesce(n.stage, n.stage_raw) ELSE coalesce(d.stage, d.stage_raw) END AS stage,
       n.path, t.line
  FROM todos t JOIN notes n ON n.id = t.note_id
  LEFT JOIN customers c ON c.id = n.customer_id
  LEFT JOIN deals d ON d.id = n.deal_id
 WHERE n.copy_of IS NULL{conditions}
 ORDER BY t.status <> 'open', t.due IS NULL, t.due,
          CASE t.priority WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END, n.path, t.line
"""


def list_todos(catalog: Catalog, wanted: TodoFilter) -> tuple[TodoItem, ...]:
    """Return the ToDos wanted: open ones first, by due date, the undated last. Conflict copies are left out."""
    conditions, parameters = _conditions(wanted)
    rows = catalog.select(_SELECT.format(conditions="".join(f" AND {each}" for each in conditions)), parameters)
    return tuple(
        TodoItem(**{**dict(row), "status": TodoStatus(row["status"]), "due": parse_iso(row["due"])}) for row in rows
    )


def count_todos(todos: tuple[TodoItem, ...], today: date) -> TodoCount:
    """Return how many are open, overdue, due today and closed."""
    still_open = [todo for todo in todos if todo.status is TodoStatus.OPEN]
    return TodoCount(
        open=len(still_open),
        overdue=sum(todo.due is not None and todo.due < today for todo in still_open),
        today=sum(todo.due == today for todo in still_open),
        closed=len(todos) - len(still_open),
    )


def _conditions(wanted: TodoFilter) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    parameters: list[object] = []
    lists = (
        ("t.status", wanted.statuses),
        ("coalesce(t.owner, n.owner)", wanted.owners),
        ("d.id", wanted.deals),
        (
            "CASE WHEN d.id IS NULL THEN coalesce(n.stage, n.stage_raw) ELSE coalesce(d.stage, d.stage_raw) END",
            wanted.stages,
        ),
    )
    for column, values in lists:
        if values is not None:
            conditions.append(f"{column} IN ({marks(values)})")
            parameters += [str(value) for value in values]
    if wanted.customers is not None:
        condition, bound = wanted.customers.condition()
        conditions.append(condition)
        parameters += bound
    if wanted.overdue_on is not None:
        conditions.append("t.status = 'open' AND t.due < ?")
        parameters.append(wanted.overdue_on.isoformat())
    if wanted.due is not None:
        conditions.append("t.due BETWEEN ? AND ?")
        parameters += [day.isoformat() for day in wanted.due]
    return conditions, parameters
