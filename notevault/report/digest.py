"""What happened since a day: contacts, stage moves, won and lost, ToDos, questions, answers learned."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.records import record
from notevault.report.activity import Contacted, list_contacts
from notevault.report.consult import Consultation, list_consultations
from notevault.report.learned import label_key, same_value
from notevault.report.rows import make_lookup, parse_iso
from notevault.report.todos import TodoFilter, TodoItem, list_todos

Depth = Literal["headline", "summary", "full"]
DEPTHS: Final = ("headline", "summary", "full")


@record
class DealMove:
    """A deal that came to another stage."""

    day: date
    customer: str
    deal: str | None
    before: str | None
    """None for a new deal."""
    stage: str
    state: str
    """That the stage means: open, won or lost."""
    amount: float | None
    """Of the deal today."""
    currency: str | None
    owner: str | None
    reason: str | None
    path: str


@record
class NewAnswer:
    """Something learned that no earlier note said."""

    day: date
    customer: str
    key: str
    label: str
    value: str
    owner: str | None
    path: str
    line: int


@record
class Digest:
    """The days from ``since`` to ``until``. Its fields are the contract of ``report digest --json``."""

    since: date
    until: date
    owners: tuple[str, ...]
    """Empty for everybody."""
    contacts: tuple[Contacted, ...]
    moves: tuple[DealMove, ...]
    """All of them, won and lost ones too."""
    new_todos: tuple[TodoItem, ...]
    """Open ones first written in these days."""
    overdue: tuple[TodoItem, ...]
    asked: tuple[Consultation, ...]
    answered: tuple[Consultation, ...]
    learned: tuple[NewAnswer, ...]

    def moved_to(self, state: str) -> tuple[DealMove, ...]:
        """Return the moves to won or to lost."""
        return tuple(move for move in self.moves if move.state == state)


def make_digest(
    catalog: Catalog,
    settings: Settings,
    days: tuple[date, date],
    *,
    language: str,
    owners: Sequence[str] | None = None,
    todos: Sequence[TodoItem] | None = None,
    questions: Sequence[Consultation] | None = None,
) -> Digest:
    """Return what happened from the first to the last of these days, of some owners or of all.

    ``todos`` are their open ones, ``questions`` theirs with the answered ones, where the caller has them.
    """
    since, until = days
    if todos is None:
        todos = list_todos(catalog, TodoFilter(owners=tuple(owners) if owners is not None else None))
    if questions is None:
        questions = list_consultations(catalog, until, answered=True, owners=owners)
    written = make_lookup(
        catalog.select("SELECT t.id, n.day FROM todos t JOIN notes n ON n.id = t.note_id WHERE t.status = 'open'")
    )
    return Digest(
        since=since,
        until=until,
        owners=tuple(owners or ()),
        contacts=list_contacts(catalog, since=since, until=until, owners=owners),
        moves=_list_moves(catalog, settings, days, owners),
        new_todos=tuple(todo for todo in todos if _is_new(todo, written, days)),
        overdue=tuple(todo for todo in todos if todo.due is not None and todo.due < until),
        asked=tuple(each for each in questions if each.asked and since <= each.asked <= until),
        answered=tuple(each for each in questions if each.answered_on and since <= each.answered_on <= until),
        learned=_list_learned(catalog, settings, days, owners, language=language),
    )


def _is_new(todo: TodoItem, written: dict[str, str | None], days: tuple[date, date]) -> bool:
    """Say whether the oldest place of a ToDo is of these days."""
    places = [parse_iso(written.get(each)) for each in (todo.id, *(copy.id for copy in todo.copies))]
    known = [day for day in places if day]
    return bool(known) and days[0] <= min(known) <= days[1]


def _list_moves(
    catalog: Catalog, settings: Settings, days: tuple[date, date], owners: Sequence[str] | None
) -> tuple[DealMove, ...]:
    first, last = (day.isoformat() for day in days)
    rows = catalog.select(
        "SELECT e.day, c.name AS customer, nullif(d.name, '') AS deal, e.stage, d.amount, d.currency,"
        " lag(e.stage) OVER (PARTITION BY e.deal_id ORDER BY e.position) AS before,"
        " coalesce(n.owner, d.owner) AS owner, d.lost_reason AS reason, n.path FROM stage_events e"
        " JOIN deals d ON d.id = e.deal_id JOIN customers c ON c.id = d.customer_id JOIN notes n ON n.id = e.note_id"
        " WHERE e.deal_id IN (SELECT deal_id FROM stage_events WHERE day BETWEEN ? AND ?) ORDER BY e.day, n.path",
        (first, last),
    )
    return tuple(
        _make_move(row, settings)
        for row in rows
        if row["day"] and first <= row["day"] <= last and (owners is None or row["owner"] in owners)
    )


def _make_move(row: sqlite3.Row, settings: Settings) -> DealMove:
    known = settings.stages.get(row["stage"])
    state = known.state if known else "open"
    fields = {**dict(row), "day": date.fromisoformat(row["day"]), "reason": row["reason"] if state == "lost" else None}
    return DealMove(**fields, state=state)


def _list_learned(
    catalog: Catalog, settings: Settings, days: tuple[date, date], owners: Sequence[str] | None, *, language: str
) -> tuple[NewAnswer, ...]:
    first = days[0].isoformat()
    rows = catalog.select(
        "SELECT l.key, l.value, l.line, n.day, n.owner, n.path, n.customer_id, c.name AS customer FROM learned l"
        " JOIN notes n ON n.id = l.note_id JOIN customers c ON c.id = n.customer_id"
        " WHERE n.copy_of IS NULL AND n.day IS NOT NULL AND n.day <= :last AND n.customer_id IN"
        " (SELECT customer_id FROM notes WHERE day BETWEEN :first AND :last) ORDER BY n.day, n.path, l.line",
        {"first": first, "last": days[1].isoformat()},
    )
    said: dict[tuple[str, str], str] = {}
    keys: dict[str, str] = {}
    found = []
    for row in rows:
        key = keys.get(row["key"]) or keys.setdefault(row["key"], settings.find_learned(row["key"]) or row["key"])
        before, said[row["customer_id"], key] = said.get((row["customer_id"], key)), row["value"]
        if row["day"] < first or (owners is not None and row["owner"] not in owners):
            continue
        if before is None or not same_value(before, row["value"]):
            kept = {name: row[name] for name in ("customer", "value", "owner", "path", "line")}
            day = date.fromisoformat(row["day"])
            found.append(NewAnswer(day=day, key=key, label=label_key(settings, key, language), **kept))
    return tuple(found)
