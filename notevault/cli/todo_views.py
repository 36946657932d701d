"""Other views of ToDos: by owner, customer, deal or due date; the team in a line each; what nobody wrote."""

from collections.abc import Sequence
from datetime import date

import click

from notevault.cli.base import say
from notevault.cli.output import Column, Row, print_rows
from notevault.cli.wording import due_colour, name_stage, say_days
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.records import field_names
from notevault.report.missing import MissingTodo, list_missing
from notevault.report.rows import make_row
from notevault.report.todo_groups import TeamLine, TodoGroup, count_by_owner
from notevault.report.todos import TodoFilter, TodoItem, count_todos
from notevault.workspace import Workspace

TODO_FIELDS = field_names(TodoItem)
MISSING_FIELDS = field_names(MissingTodo)
TEAM_FIELDS = field_names(TeamLine)


def print_groups(
    groups: Sequence[TodoGroup], by: str, columns: Sequence[Column], today: date, *, output: str | None
) -> None:
    """Print a table for each group under its name; as data, the rows of all groups in order."""
    if output != "table":
        print_rows([make_row(todo) for group in groups for todo in group.todos], (), output, TODO_FIELDS)
        return
    for at, group in enumerate(groups):
        if at:
            click.echo()
        click.secho(_heading(group, by, today), bold=True)
        print_rows([make_row(todo) for todo in group.todos], columns, output)


def _heading(group: TodoGroup, by: str, today: date) -> str:
    names = {
        "overdue": _("overdue"),
        "today": _("today"),
        "this-week": _("this week"),
        "next-week": _("next week"),
        "later": _("later"),
        "undated": _("without a due date"),
        "closed": _("done or cancelled"),
    }
    nobody = {"owner": _("nobody"), "customer": _("no customer"), "deal": _("no deal")}
    name = names.get(group.key, group.key) if by == "due" else group.key or nobody[by]
    count = count_todos(group.todos, today)
    overdue = ", " + _("{count} overdue").format(count=count.overdue) if count.overdue and by != "due" else ""
    return "■ " + "".join(char if char.isprintable() else " " for char in name) + f"  ({len(group.todos)}{overdue})"


def print_team(workspace: Workspace, todos: Sequence[TodoItem], wanted: TodoFilter, output: str | None) -> None:
    """Print how each person stands."""
    missing = list_missing(workspace.catalog, workspace.settings, workspace.today, wanted)
    lines = count_by_owner(todos, missing, workspace.today)
    columns = [
        Column(heading=_("owner"), value=lambda row: row["owner"] or _("nobody")),
        Column(heading=_("open"), value=lambda row: str(row["open"]), right=True),
        Column(heading=_("overdue"), value=lambda row: _number(row["overdue"]), right=True, colour=lambda _row: "red"),
        Column(heading=_("today"), value=lambda row: _number(row["today"]), right=True),
        Column(heading=_("rest of the week"), value=lambda row: _number(row["week"]), right=True),
        Column(heading=_("undated"), value=lambda row: _number(row["undated"]), right=True),
        Column(heading=_("not written"), value=lambda row: _number(row["missing"]), right=True),
        Column(heading=_("longest overdue"), value=lambda row: _oldest(row, workspace.today)),
    ]
    print_rows([make_row(line) for line in lines], columns, output, TEAM_FIELDS)
    if not lines:
        say(_("No ToDos."))


def print_missing(workspace: Workspace, wanted: TodoFilter, output: str | None) -> None:
    """Print the standard ToDos that nobody wrote."""
    today = workspace.today
    missing = list_missing(workspace.catalog, workspace.settings, today, wanted)
    columns = [
        Column(heading=_("due"), value=lambda row: row["due"] or "", colour=lambda row: _colour(row, today)),
        Column(heading="", value=lambda row: say_days(_day(row), today), colour=lambda row: _colour(row, today)),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(heading=_("customer"), value=lambda row: row["customer"], flexible=True),
        Column(heading=_("deal"), value=lambda row: row["deal"] or "-", flexible=True),
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("not written"), value=lambda row: row["text"], flexible=True),
    ]
    print_rows([make_row(each) for each in missing], columns, output, MISSING_FIELDS)
    if not missing:
        say(_("Every standard ToDo of the stages is written."))
        return
    deals = len({each.deal_id for each in missing})
    message = ngettext("{count} standard ToDo not written", "{count} standard ToDos not written", len(missing))
    say(
        message.format(count=len(missing))
        + ngettext(", in {count} deal", ", in {count} deals", deals).format(count=deals)
        + "; "
        + _("add those of a deal with: {command}").format(command="notevault todo plan DEAL")
    )


def _number(count: int) -> str:
    return str(count) if count else ""


def _oldest(row: Row, today: date) -> str:
    return say_days(date.fromisoformat(row["oldest"]), today) if row["oldest"] else ""


def _day(row: Row) -> date | None:
    return date.fromisoformat(row["due"]) if row["due"] else None


def _colour(row: Row, today: date) -> str | None:
    return due_colour(_day(row), today)
