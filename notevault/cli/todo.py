"""``notevault todo``: the group, and its ``list``."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import click

from notevault.cli import todo_views
from notevault.cli.base import App, Command, Group, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers, complete_owners, complete_stages
from notevault.cli.output import Column, Row, format_options, print_rows
from notevault.cli.who import choose_me
from notevault.cli.wording import due_colour, name_stage, read_period, say_days
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import TodoStatus
from notevault.report.choosing import choose_customers, choose_deals, choose_owners, choose_stages
from notevault.report.ics import render_todos
from notevault.report.rows import make_row
from notevault.report.todo_groups import GROUPINGS, group_todos
from notevault.report.todos import OPEN, TodoFilter, TodoItem, count_todos, list_todos
from notevault.workspace import Workspace

COMMANDS = {
    "add": "notevault.cli.todo_add",
    "done": "notevault.cli.todo_change",
    "reopen": "notevault.cli.todo_change",
    "cancel": "notevault.cli.todo_change",
    "defer": "notevault.cli.todo_change",
    "assign": "notevault.cli.todo_change",
    "plan": "notevault.cli.todo_plan",
}


class _TodoGroup(Group):
    """``notevault todo --overdue`` means ``notevault todo list --overdue``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` in front where no other command is named."""
        words = iter(args)
        first = None
        for word in words:
            if word in ("--vault", "--lang"):
                next(words, None)
            elif not word.startswith(("--vault=", "--lang=")):
                first = word
                break
        named = first in self.list_commands(ctx) or first in ctx.help_option_names
        return super().parse_args(ctx, args if named else ["list", *args])


@click.group(
    "todo",
    cls=_TodoGroup,
    lazy=COMMANDS,
    help=marked("What has to be done: the ToDos of all notes. Without a command: list."),
)
def todo_command() -> None:
    """Hold the commands on ToDos."""


def filter_options(function: Any) -> Any:  # noqa: ANN401 -- click's own decorators
    """Add the options that choose ToDos."""
    options: tuple[Callable[[Any], Any], ...] = (
        option("--owner", metavar="NAME", shell_complete=complete_owners, help=marked("Only those of this person.")),
        option("--mine", is_flag=True, help=marked("Only mine: NOTEVAULT_OWNER or 'me' in the settings says whose.")),
        option(
            "--customer",
            metavar="NAME",
            shell_complete=complete_customers,
            help=marked("Only those of this customer, in any spelling."),
        ),
        option("--deal", metavar="NAME", help=marked("Only those of this deal; a part of its name is enough.")),
        option(
            "--stage",
            metavar="STAGE",
            shell_complete=complete_stages,
            help=marked("Only those of deals in this stage."),
        ),
        option("--overdue", is_flag=True, help=marked("Only those that were due before today.")),
        option(
            "--due",
            metavar="PERIOD",
            help=marked("Only those due in this period: today, this-week, 2026-11, ..2026-12-31."),
        ),
        option("--all", "everything", is_flag=True, help=marked("Done and cancelled ones too.")),
        option(
            "--status",
            type=click.Choice([status.value for status in TodoStatus]),
            multiple=True,
            help=marked("Only those in this state; may be given more than once."),
        ),
    )
    for each in reversed(options):
        function = each(function)
    return function


@todo_command.command(
    "list", cls=Command, help=marked("List open ToDos: overdue ones first, then by due date, the undated last.")
)
@filter_options
@option(
    "--by",
    type=click.Choice(GROUPINGS),
    help=marked("List them by owner, customer, deal or due date."),
)
@option("--team", is_flag=True, help=marked("Count them: a line for each person."))
@option(
    "--missing",
    is_flag=True,
    help=marked("List what is not even written: standard ToDos of the stages that no note of the deal has."),
)
@option(
    "--ics",
    is_flag=False,
    flag_value="task",
    type=click.Choice(["task", "event"]),
    help=marked("Print an iCalendar file of tasks, or with --ics event of whole-day events."),
)
@format_options
@no_sync_option
@pass_app
def list_command(
    app: App,
    /,
    *,
    by: str | None,
    team: bool,
    missing: bool,
    ics: str | None,
    output: str | None,
    no_sync: bool,
    **options: object,
) -> None:
    """List, count, or print another view."""
    if sum((by is not None, team, missing, ics is not None)) > 1:
        raise click.UsageError(_("--by, --team, --missing and --ics are different views; choose one"))
    with app.fresh_workspace(sync=not no_sync) as workspace:
        wanted = read_filter(workspace, options)
        if missing:
            todo_views.print_missing(workspace, wanted, output)
            return
        todos = list_todos(workspace.catalog, wanted)
        if team:
            todo_views.print_team(workspace, todos, wanted, output)
        elif ics is not None:
            stamp = datetime.now(UTC)
            text = render_todos(todos, stamp, as_events=ics == "event")
            click.echo(text.encode(), nl=False)  # as bytes: its line ends are CRLF everywhere
        elif by is not None:
            groups = group_todos(todos, by, workspace.today)
            todo_views.print_groups(groups, by, todo_columns(workspace), workspace.today, output=output)
            _summarize(todos, workspace.today)
        else:
            print_rows([make_row(todo) for todo in todos], todo_columns(workspace), output, todo_views.TODO_FIELDS)
            _summarize(todos, workspace.today)


def read_filter(workspace: Workspace, options: dict[str, object]) -> TodoFilter:
    """Return what the options of :func:`filter_options` ask for."""
    catalog, settings = workspace.catalog, workspace.settings
    text = {name: str(value) for name, value in options.items() if isinstance(value, str)}
    status = options["status"]
    statuses = tuple(TodoStatus(each) for each in status) if isinstance(status, tuple) else ()
    if options["mine"] and "owner" in text:
        raise click.UsageError(_("--mine and --owner contradict each other"))
    owners = choose_owners(catalog, settings, text["owner"]) if "owner" in text else None
    return TodoFilter(
        statuses=statuses or (None if options["everything"] else OPEN),
        owners=choose_me(workspace) if options["mine"] else owners,
        customers=choose_customers(catalog, text["customer"]) if "customer" in text else None,
        deals=choose_deals(catalog, text["deal"]) if "deal" in text else None,
        stages=choose_stages(catalog, settings, text["stage"]) if "stage" in text else None,
        overdue_on=workspace.today if options["overdue"] else None,
        due=read_period(text["due"], settings, workspace.today, prefer="future") if "due" in text else None,
    )


def todo_columns(workspace: Workspace, *, brief: bool = False) -> list[Column]:
    """Return the columns of a table of ToDos; ``brief`` ones are all of one customer."""
    today = workspace.today
    columns = [
        Column(heading=_("due"), value=lambda row: row["due"] or "", colour=lambda row: _colour(row, today)),
        Column(heading="", value=lambda row: _remark(row, today), colour=lambda row: _colour(row, today)),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
    ]
    if not brief:
        columns.append(Column(heading=_("customer"), value=lambda row: row["customer"] or "", flexible=True))
    return [
        *columns,
        Column(heading=_("deal / stage"), value=lambda row: _deal_and_stage(row, workspace), flexible=True),
        Column(heading=_("ToDo"), value=_text, flexible=True),
        Column(heading=_("id"), value=lambda row: row["id"]),
        Column(heading=_("place"), value=_place, flexible=True),
    ]


def _colour(row: Row, today: date) -> str | None:
    if row["status"] != TodoStatus.OPEN.value:
        return None
    return due_colour(date.fromisoformat(row["due"]) if row["due"] else None, today)


def _remark(row: Row, today: date) -> str:
    if row["status"] != TodoStatus.OPEN.value:
        return {"done": _("done"), "cancelled": _("cancelled")}[row["status"]]
    return say_days(date.fromisoformat(row["due"]) if row["due"] else None, today)


def _deal_and_stage(row: Row, workspace: Workspace) -> str:
    return " / ".join(part for part in (row["deal"], name_stage(workspace.settings, row["stage"])) if part)


def _place(row: Row) -> str:
    copies = len(row["copies"])
    return f"{row['path']}:{row['line']}" + (f" (+{copies})" if copies else "")


def _text(row: Row) -> str:
    mark = {"high": "! ", "low": "↓ "}.get(row["priority"] or "", "")
    return mark + str(row["text"])


def _summarize(todos: Sequence[TodoItem], today: date) -> None:
    if not todos:
        say(_("No ToDos."))
        return
    count = count_todos(todos, today)
    parts = [ngettext("{count} open ToDo", "{count} open ToDos", count.open).format(count=count.open)]
    if count.overdue:
        parts.append(_("{count} overdue").format(count=count.overdue))
    if count.today:
        parts.append(_("{count} due today").format(count=count.today))
    if count.closed:
        parts.append(_("{count} done or cancelled").format(count=count.closed))
    say(", ".join(parts))
