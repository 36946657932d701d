"""``notevault todo add``."""

import click

from notevault.catalog import path_to_stored, stored_to_path
from notevault.cli.base import App, bring_up_to_date, command, marked, option, pass_app
from notevault.cli.completion import complete_customers, complete_owners
from notevault.cli.jot import write_items
from notevault.cli.todo_change import show_edits
from notevault.cli.wording import read_day
from notevault.errors import NotePathError, NotevaultError
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.report.choosing import choose_customer
from notevault.report.missing import find_newest_note
from notevault.report.notes import find_note
from notevault.text import printable_path
from notevault.todo_edits import NewTodo, choose_new_owner, plan_add, read_note, render_todo
from notevault.workspace import Workspace


@command(
    "add",
    help=marked(
        "Add a ToDo to a note, or to the newest note of a customer; without either to today's inbox. It goes under"
        " --section, else where the note's ToDos are."
    ),
)
@click.argument("text", nargs=-1, required=True)
@option("--note", metavar="NOTE", help=marked("Path of the note, or any part of it that names one note."))
@option(
    "--customer",
    metavar="NAME",
    shell_complete=complete_customers,
    help=marked("The newest note of this customer, in any spelling."),
)
@option("--due", metavar="DATE", help=marked("Due date: 2026-12-04, 12/4, tomorrow."))
@option("--owner", metavar="NAME", shell_complete=complete_owners, help=marked("Who has to do it."))
@option("--section", metavar="HEADING", default="", help=marked("Heading to put it under."))
@option("--diff", is_flag=True, help=marked("Show what would be written, and write nothing."))
@pass_app
def add_command(
    app: App,
    /,
    *,
    text: tuple[str, ...],
    note: str | None,
    customer: str | None,
    due: str | None,
    owner: str | None,
    section: str,
    diff: bool,
) -> None:
    """Add one line and print its id."""
    if note and customer:
        raise click.UsageError(_("--note and --customer name two places; choose one"))
    with app.fresh_workspace() as workspace:
        todo = NewTodo(
            text=" ".join(text),
            due=read_day(due, workspace.today) if due else None,
            owner=choose_new_owner(workspace.catalog, workspace.settings, owner) if owner else None,
        )
        place = _find_place(workspace, note, customer)
        if place is None and section:
            raise click.UsageError(_("--section needs --note or --customer"))
        known = {row[0] for row in workspace.catalog.select("SELECT id FROM todos")}
        if place is None:
            place = write_items(workspace, [f"[ ] {render_todo(todo, workspace.settings)}"], diff=diff)
        else:
            _add(workspace, place, todo, section, diff=diff)
        if not diff:
            bring_up_to_date(workspace)
            for todo_id, shown in _todos_of(workspace, place).items():
                if todo_id not in known:
                    click.echo(f"{todo_id}  {shown}")


def _find_place(workspace: Workspace, note: str | None, customer: str | None) -> NotePath | None:
    if note:
        try:
            return workspace.vault.resolve(note)
        except NotePathError:
            return find_note(workspace.catalog, note)
    if not customer:
        return None
    stored = find_newest_note(workspace.catalog, workspace.today, customer=choose_customer(workspace.catalog, customer))
    if stored is None:
        raise NotevaultError(_("no note speaks of {customer}").format(customer=customer), _("name one with --note"))
    return stored_to_path(stored)


def _add(workspace: Workspace, path: NotePath, todo: NewTodo, section: str, *, diff: bool) -> None:
    note = read_note(workspace.vault, path)
    row = workspace.catalog.select("SELECT type FROM notes WHERE path = ?", (path_to_stored(path),))
    template = workspace.templates.get(row[0]["type"] or "") if row else None
    edit = plan_add(note, [todo], workspace.settings, template=template, heading=section)
    if diff:
        show_edits(workspace, (edit,))
    else:
        workspace.vault.apply((edit,))


def _todos_of(workspace: Workspace, path: NotePath) -> dict[str, str]:
    """Return id → text of a note's ToDos."""
    rows = workspace.catalog.select(
        "SELECT t.id, t.line, t.text FROM todos t JOIN notes n ON n.id = t.note_id WHERE n.path = ? ORDER BY t.line",
        (path_to_stored(path),),
    )
    return {row["id"]: f"{printable_path(path)}:{row['line']}  {row['text']}" for row in rows}
