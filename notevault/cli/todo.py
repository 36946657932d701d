"""``notevault todo``."""

from datetime import date

import click

from notevault.cli.base import App, Command, Group, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers, complete_owners, complete_stages
from notevault.cli.output import Column, Row, format_options, print_rows
from notevault.cli.wording import due_colour, name_stage, read_period, say_days
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import TodoStatus
from notevault.report.choosing import choose_customers, choose_deals, choose_owners, choose_stages
from notevault.report.rows import make_row
from notevault.report.todos import OPEN, TodoFilter, TodoItem, count_todos, list_todos
from notevault.workspace import Workspace

FIELDS = tuple(TodoItem.__dataclass_fields__)


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
        named = first in self.commands or first in ctx.help_option_names
        return super().parse_args(ctx, args if named else ["list", *args])


@click.group(
    "todo",
    cls=_TodoGroup,
    help=marked("What has to be done: the ToDos of all notes. Without a command: list."),
)
def todo_command() -> None:
    """Hold the commands on ToDos."""


@todo_command.command(
    "list", cls=Command, help=marked("List open ToDos: overdue ones first, then by due date, the undated last.")
)
@option("--owner", metavar="NAME", shell_complete=complete_owners, help=marked("Only those of this person."))
@option(
    "--customer",
    metavar="NAME",
    shell_complete=complete_customers,
    help=marked("Only those of this customer, in any spelling."),
)
@option("--deal", metavar="NAME", help=marked("Only those of this deal; a part of its name is enough."))
@option("--stage", metavar="STAGE", shell_complete=complete_stages, help=marked("Only those of deals in this stage."))
@option("--overdue", is_flag=True, help=marked("Only those that were due before today."))
@option(
    "--due", metavar="PERIOD", help=marked("Only those due in this period: today, this-week, 2026-11, ..2026-12-31.")
)
@option("--all", "everything", is_flag=True, help=marked("Done and cancelled ones too."))
@option(
    "--status",
    type=click.Choice([status.value for status in TodoStatus]),
    multiple=True,
    help=marked("Only those in this state; may be given more than once."),
)
@format_options
@no_sync_option
@pass_app
def list_command(app: App, /, *, output: str | None, no_sync: bool, **options: object) -> None:
    """List and count."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        wanted = _read_filter(workspace, options)
        todos = list_todos(workspace.catalog, wanted)
        print_rows([make_row(todo) for todo in todos], _columns(workspace), output, FIELDS)
        _summarize(todos, workspace.today)


def _read_filter(workspace: Workspace, options: dict[str, object]) -> TodoFilter:
    catalog, settings = workspace.catalog, workspace.settings
    text = {name: str(value) for name, value in options.items() if isinstance(value, str)}
    status = options["status"]
    statuses = tuple(TodoStatus(each) for each in status) if isinstance(status, tuple) else ()
    return TodoFilter(
        statuses=statuses or (None if options["everything"] else OPEN),
        owners=choose_owners(catalog, settings, text["owner"]) if "owner" in text else None,
        customers=choose_customers(catalog, text["customer"]) if "customer" in text else None,
        deals=choose_deals(catalog, text["deal"]) if "deal" in text else None,
        stages=choose_stages(catalog, settings, text["stage"]) if "stage" in text else None,
        overdue_on=workspace.today if options["overdue"] else None,
        due=read_period(text["due"], settings, workspace.today) if "due" in text else None,
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
        Column(heading=_("place"), value=lambda row: f"{row['path']}:{row['line']}", flexible=True),
    ]


_columns = todo_columns


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


def _text(row: Row) -> str:
    mark = {"high": "! ", "low": "↓ "}.get(row["priority"] or "", "")
    return mark + str(row["text"])


def _summarize(todos: tuple[TodoItem, ...], today: date) -> None:
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
