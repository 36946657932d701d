"""The diary of a day (日報), made from its notes, so that nobody writes it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.dates.working_days import next_working_day
from notevault.records import record
from notevault.report.activity import Contacted, list_contacts
from notevault.report.consult import Consultation, list_consultations
from notevault.report.rows import parse_iso
from notevault.report.section_lines import quote_lines
from notevault.report.todos import TodoFilter, TodoItem, list_todos

Part = Literal["facts", "interpretation", "action", "consult"]
_PARTS: Final[tuple[tuple[Part, re.Pattern[str]], ...]] = (
    ("consult", re.compile(r"相談|consult|advice", re.IGNORECASE)),
    (
        "interpretation",
        re.compile(
            r"解釈|所感|感想|考察|見立て|感触|手応え|気づき|印象|interpretation|impression|thought", re.IGNORECASE
        ),
    ),
    ("action", re.compile(r"行動|アクション|宿題|対応事項|やること|次回|todo|action|next step", re.IGNORECASE)),
)


@record
class DailyContact:
    """One contact of the day, fact apart from interpretation and action (空・雨・傘)."""

    customer: str
    deal: str | None
    stage: str | None
    channel: str | None
    owner: str | None
    contacts: tuple[str, ...]
    title: str
    facts: tuple[str, ...]
    interpretation: tuple[str, ...]
    action: tuple[str, ...]
    """Lines that are no ToDos."""
    todos: tuple[str, ...]
    path: str


@record
class DailyTodo:
    """A ToDo of the day."""

    text: str
    due: date | None
    owner: str | None
    customer: str | None
    path: str
    line: int


@record
class Ahead:
    """What stands in the calendar of the next working day."""

    day: date
    kind: str
    """``todo``, ``next_date`` or ``note`` for a note written ahead."""
    text: str
    owner: str | None
    customer: str | None
    path: str


@record
class Daily:
    """A day of one owner, or of all. Its fields are the contract of ``report daily --json``."""

    day: date
    owners: tuple[str, ...]
    """Empty for everybody."""
    contacts: tuple[DailyContact, ...]
    done: tuple[DailyTodo, ...]
    not_done: tuple[DailyTodo, ...]
    """Due by that day and open at its end."""
    consultations: tuple[Consultation, ...]
    """Asked on that day."""
    ahead: tuple[Ahead, ...]
    """Up to the next working day."""


def make_daily(catalog: Catalog, settings: Settings, day: date, *, owners: Sequence[str] | None = None) -> Daily:
    """Return what happened on ``day``, and what comes next."""
    contacts = list_contacts(catalog, since=day, until=day, owners=owners)
    wanted = TodoFilter(statuses=None, done_from=day)
    todos = [todo for todo in list_todos(catalog, wanted) if owners is None or todo.owner in owners]
    done_on = {
        row["id"]: parse_iso(row["done_on"])
        for row in catalog.select("SELECT id, done_on FROM todos WHERE done_on IS NOT NULL")
    }
    return Daily(
        day=day,
        owners=tuple(owners or ()),
        contacts=tell_contacts(catalog, contacts),
        done=tuple(_plain(todo) for todo in todos if todo.status.value == "done" and done_on.get(todo.id) == day),
        not_done=tuple(_plain(todo) for todo in todos if _was_open(todo, done_on.get(todo.id), day)),
        consultations=tuple(
            each for each in list_consultations(catalog, day, answered=True, owners=owners) if each.asked == day
        ),
        ahead=_look_ahead(catalog, settings, day, todos, owners),
    )


def _plain(todo: TodoItem) -> DailyTodo:
    return DailyTodo(
        text=todo.text, due=todo.due, owner=todo.owner, customer=todo.customer, path=todo.path, line=todo.line
    )


def _was_open(todo: TodoItem, done_on: date | None, day: date) -> bool:
    """Say whether a ToDo due by ``day`` was still open at its end."""
    late = done_on is not None and done_on > day and todo.status.value == "done"
    return todo.due is not None and todo.due <= day and (todo.status.value == "open" or late)


def tell_contacts(catalog: Catalog, contacts: Sequence[Contacted]) -> tuple[DailyContact, ...]:
    """Return what was done in these contacts; at most some thousands at once."""
    ids = [each.note_id for each in contacts]
    if not ids:
        return ()
    among = f"note_id IN ({marks(ids)})"
    parts: dict[tuple[int, Part], list[str]] = defaultdict(list)
    for row in catalog.select(f"SELECT * FROM sections WHERE {among} ORDER BY note_id, position", ids):
        parts[row["note_id"], find_part(row["heading"])] += quote_lines(row["body"])
    people: dict[int, list[str]] = defaultdict(list)
    for row in catalog.select(f"SELECT * FROM people WHERE {among} ORDER BY note_id, position", ids):
        people[row["note_id"]].append(" ".join(filter(None, (row["name"], row["title"]))))
    owners = {each.note_id: each.owner for each in contacts}
    todos: dict[int, list[str]] = defaultdict(list)
    for row in catalog.select(f"SELECT * FROM todos WHERE {among} AND status = 'open' ORDER BY note_id, position", ids):
        other = row["owner"] if row["owner"] != owners[row["note_id"]] else None
        remark = ", ".join(filter(None, (row["due"], other)))
        todos[row["note_id"]].append(f"{row['text']} ({remark})" if remark else row["text"])
    stages = dict(
        tuple(row)
        for row in catalog.select(f"SELECT id, coalesce(stage, stage_raw) FROM notes WHERE id IN ({marks(ids)})", ids)
    )
    return tuple(
        DailyContact(
            **{key: getattr(each, key) for key in ("customer", "deal", "channel", "owner", "title", "path")},
            stage=stages[each.note_id],
            contacts=tuple(people[each.note_id]),
            facts=tuple(parts[each.note_id, "facts"]),
            interpretation=tuple(parts[each.note_id, "interpretation"]),
            action=tuple(parts[each.note_id, "action"]),
            todos=tuple(todos[each.note_id]),
        )
        for each in contacts
    )


def find_part(heading: str) -> Part:
    """Return what a section tells; one that says nothing of it tells facts."""
    return next((part for part, words in _PARTS if words.match(heading.strip())), "facts")


def _look_ahead(
    catalog: Catalog, settings: Settings, day: date, todos: Sequence[TodoItem], owners: Sequence[str] | None
) -> tuple[Ahead, ...]:
    first = day + timedelta(days=1)
    last = next_working_day(first, settings.timezone)
    found = [
        Ahead(day=todo.due, kind="todo", text=todo.text, owner=todo.owner, customer=todo.customer, path=todo.path)
        for todo in todos
        if todo.status.value == "open" and todo.due is not None and first <= todo.due <= last
    ]
    planned = "SELECT {} AS day, {} AS kind, {} AS text, n.owner, c.name AS customer, n.path FROM notes n"
    joined = " LEFT JOIN customers c ON c.id = n.customer_id"
    dates = catalog.select(
        planned.format("f.day", "'next_date'", "n.title")
        + joined
        + " JOIN fields f ON f.note_id = n.id WHERE f.key = 'next_date' AND n.copy_of IS NULL AND f.day BETWEEN ? AND ?"
        + " UNION ALL "
        + planned.format("n.day", "'note'", "n.title")
        + joined
        + " WHERE n.day BETWEEN ? AND ? AND n.copy_of IS NULL",
        (first.isoformat(), last.isoformat()) * 2,
    )
    found += [
        Ahead(**{**dict(row), "day": date.fromisoformat(row["day"])})
        for row in dates
        if owners is None or row["owner"] in owners
    ]
    return tuple(sorted(found, key=lambda each: (each.day, each.kind, each.customer or "", each.text)))
