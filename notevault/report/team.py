"""The sales meeting: figures against targets, what moved, what stands still, what became of the last measures."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.records import record
from notevault.report.activity import points_of
from notevault.report.consult import Consultation, list_consultations
from notevault.report.digest import DealMove, Digest, make_digest
from notevault.report.missing import list_missing
from notevault.report.pipeline import PipelineDeal, PipelineFilter, list_deals
from notevault.report.section_lines import quote_lines
from notevault.report.targets import TargetLine, find_period, list_targets
from notevault.report.todo_groups import TeamLine, count_by_owner
from notevault.report.todos import TodoFilter, TodoItem, list_todos

TEAM_MEETING: Final = "team-meeting"
STUCK: Final = ("too-long", "close-passed", "no-todo", "todo-overdue")
MEASURES: Final = re.compile(r"施策|対策|決定|measure|decision", re.IGNORECASE)
_FIRST_DAYS: Final = 7
"""How far back a team's first meeting looks."""


@record
class LastMeeting:
    """The team's meeting before this one."""

    day: date
    title: str
    path: str
    decided: tuple[str, ...]
    """Lines of its measures that are no ToDos."""


@record
class Measure:
    """A ToDo of a team meeting."""

    text: str
    status: str
    overdue: bool
    due: date | None
    owner: str | None
    meeting: str
    """Path of the note."""
    line: int
    carried: bool
    """Of a meeting before the last one, and still open."""


@record
class OwnerFigures:
    """What one person, or the team, did since the last meeting."""

    owner: str | None
    contacts: int
    customers: int
    points: float
    moves: int
    won: int
    lost: int


@record
class TeamMeeting:
    """What a sales meeting talks about. Its fields are the contract of ``report team --json``."""

    day: date
    since: date
    """The day of the last meeting, else a week ago; it counts."""
    last: LastMeeting | None
    targets: tuple[TargetLine, ...]
    """None where the settings have no target for the day."""
    figures: tuple[OwnerFigures, ...]
    """By owner; the team's own last, its ``owner`` None."""
    todos: tuple[TeamLine, ...]
    measures: tuple[Measure, ...]
    moves: tuple[DealMove, ...]
    stuck: tuple[PipelineDeal, ...]
    """Open deals with something to look at, the largest first."""
    consultations: tuple[Consultation, ...]
    """Open ones, the oldest first."""


def plan_meeting(
    catalog: Catalog, settings: Settings, day: date, *, language: str, since: date | None = None
) -> TeamMeeting:
    """Return what the meeting of ``day`` talks about; ``since`` is the last meeting's day where none is given."""
    last = _find_last(catalog, day)
    first = since or (last.day if last else day - timedelta(days=_FIRST_DAYS))
    todos, questions = list_todos(catalog, TodoFilter()), list_consultations(catalog, day, answered=True)
    digest = make_digest(catalog, settings, (first, day), language=language, todos=todos, questions=questions)
    deals = list_deals(catalog, settings, day, PipelineFilter(states=None))
    stuck = sorted(
        (deal for deal in deals if set(STUCK) & set(deal.flags)),  # only open ones have flags
        key=lambda deal: (-sum(flag in deal.flags for flag in STUCK), -(deal.amount or 0.0), deal.customer, deal.id),
    )
    missing = list_missing(catalog, settings, day)
    return TeamMeeting(
        day=day,
        since=first,
        last=last,
        targets=_targets(catalog, settings, day, deals),
        figures=_figures(digest, settings),
        todos=count_by_owner(todos, missing, day),
        measures=_measures(catalog, day, last),
        moves=digest.moves,
        stuck=tuple(stuck),
        consultations=tuple(each for each in questions if each.answer is None),
    )


def _find_last(catalog: Catalog, day: date) -> LastMeeting | None:
    rows = catalog.select(
        "SELECT id, day, title, path FROM notes WHERE type = ? AND day < ? AND copy_of IS NULL"
        " ORDER BY day DESC, path DESC LIMIT 1",
        (TEAM_MEETING, day.isoformat()),
    )
    if not rows:
        return None
    (row,) = rows
    sections = catalog.select("SELECT heading, body FROM sections WHERE note_id = ? ORDER BY position", (row["id"],))
    bodies = [each["body"] for each in sections if MEASURES.match(each["heading"].strip())]
    return LastMeeting(
        day=date.fromisoformat(row["day"]),
        title=row["title"],
        path=row["path"],
        decided=tuple(line for body in bodies for line in quote_lines(body)),
    )


def _measures(catalog: Catalog, day: date, last: LastMeeting | None) -> tuple[Measure, ...]:
    """Return the ToDos of the last meeting in any state, then the open ones of those before it."""
    if last is None:
        return ()
    of_meetings = {
        row[0]
        for row in catalog.select(
            "SELECT path FROM notes WHERE type = ? AND day < ? AND copy_of IS NULL", (TEAM_MEETING, day.isoformat())
        )
    }
    found = [
        _measure(todo, day, carried=todo.path != last.path)
        for todo in list_todos(catalog, TodoFilter(statuses=None, types=(TEAM_MEETING,)))
        if todo.path == last.path or (todo.path in of_meetings and todo.status.value == "open")
    ]
    return tuple(sorted(found, key=lambda each: (each.carried, each.due or date.max, each.meeting, each.line)))


def _measure(todo: TodoItem, day: date, *, carried: bool) -> Measure:
    is_open = todo.status.value == "open"
    return Measure(
        text=todo.text,
        status=todo.status.value,
        overdue=is_open and todo.due is not None and todo.due < day,
        due=todo.due,
        owner=todo.owner,
        meeting=todo.path,
        line=todo.line,
        carried=carried,
    )


def _targets(catalog: Catalog, settings: Settings, day: date, deals: Sequence[PipelineDeal]) -> tuple[TargetLine, ...]:
    period = find_period(settings, day)
    return list_targets(catalog, settings, day, period, deals=deals) if period else ()


def _figures(digest: Digest, settings: Settings) -> tuple[OwnerFigures, ...]:
    known = {each.owner for each in digest.contacts if each.owner} | {move.owner for move in digest.moves if move.owner}
    return (*(_of_owner(digest, settings, owner) for owner in sorted(known)), _of_owner(digest, settings, None))


def _of_owner(digest: Digest, settings: Settings, owner: str | None) -> OwnerFigures:
    contacts = [each for each in digest.contacts if owner is None or each.owner == owner]
    moves: Sequence[DealMove] = [move for move in digest.moves if owner is None or move.owner == owner]
    return OwnerFigures(
        owner=owner,
        contacts=len(contacts),
        customers=len({each.customer_id for each in contacts}),
        points=sum(points_of(each.channel, settings) for each in contacts),
        moves=len(moves),
        won=sum(move.state == "won" for move in moves),
        lost=sum(move.state == "lost" for move in moves),
    )
