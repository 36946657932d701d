"""ToDos by owner, customer, deal or due date, and how each person of the team stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from notevault.model import TodoStatus
from notevault.records import record
from notevault.report.missing import MissingTodo
from notevault.report.todos import TodoItem

GROUPINGS: Final = ("owner", "customer", "deal", "due")
DUE_GROUPS: Final = ("overdue", "today", "this-week", "next-week", "later", "undated", "closed")


@record
class TodoGroup:
    """The ToDos of one owner, customer or deal, or of one of :data:`DUE_GROUPS`."""

    key: str
    """'' where the ToDos have none."""
    todos: tuple[TodoItem, ...]


@record
class TeamLine:
    """How one person's ToDos stand. Its fields are the contract of ``todo --team --json``."""

    owner: str | None
    """None for the ToDos of nobody."""
    open: int
    overdue: int
    today: int
    week: int
    """Due in the rest of this week, today left out."""
    undated: int
    missing: int
    """Standard ToDos of the stages of their deals that nobody wrote."""
    oldest: date | None
    """The longest overdue."""


def group_todos(todos: Iterable[TodoItem], by: str, today: date) -> tuple[TodoGroup, ...]:
    """Return the ToDos in groups by name, those of none last; due dates from overdue to closed."""
    groups: dict[str, list[TodoItem]] = defaultdict(list)
    for todo in todos:
        groups[_key(todo, by, today)].append(todo)
    order = {key: at for at, key in enumerate(DUE_GROUPS)} if by == "due" else {}
    keys = sorted(groups, key=lambda key: (order.get(key, 0), not key, key))
    return tuple(TodoGroup(key=key, todos=tuple(groups[key])) for key in keys)


def count_by_owner(todos: Sequence[TodoItem], missing: Sequence[MissingTodo], today: date) -> tuple[TeamLine, ...]:
    """Return a line for each person with open or missing ToDos, the most overdue first, nobody last."""
    by_owner: dict[str | None, list[TodoItem]] = defaultdict(list)
    for todo in todos:
        if todo.status is TodoStatus.OPEN:
            by_owner[todo.owner].append(todo)
    lacking: dict[str | None, int] = defaultdict(int)
    for each in missing:
        lacking[each.owner] += 1
    lines = [_line(owner, by_owner[owner], lacking[owner], today) for owner in by_owner.keys() | lacking.keys()]
    return tuple(sorted(lines, key=lambda line: (line.owner is None, -line.overdue, -line.open, line.owner or "")))


def _line(owner: str | None, todos: list[TodoItem], missing: int, today: date) -> TeamLine:
    sunday = _sunday(today)
    dues = [todo.due for todo in todos if todo.due is not None]
    overdue = [due for due in dues if due < today]
    return TeamLine(
        owner=owner,
        open=len(todos),
        overdue=len(overdue),
        today=dues.count(today),
        week=sum(today < due <= sunday for due in dues),
        undated=len(todos) - len(dues),
        missing=missing,
        oldest=min(overdue, default=None),
    )


def _key(todo: TodoItem, by: str, today: date) -> str:
    match by:
        case "owner":
            return todo.owner or ""
        case "customer":
            return todo.customer or ""
        case "deal":
            return " / ".join(part for part in (todo.customer, todo.deal) if part) if todo.deal else ""
        case _:
            return _due_group(todo, today)


def _due_group(todo: TodoItem, today: date) -> str:
    if todo.status is not TodoStatus.OPEN:
        return "closed"
    if todo.due is None:
        return "undated"
    if todo.due <= today:
        return "today" if todo.due == today else "overdue"
    sunday = _sunday(today)
    if todo.due <= sunday:
        return "this-week"
    return "next-week" if todo.due <= sunday + timedelta(days=7) else "later"


def _sunday(today: date) -> date:
    return today + timedelta(days=6 - today.weekday())
