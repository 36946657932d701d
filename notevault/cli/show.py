"""``notevault show``."""

import click

from notevault.catalog import path_to_stored
from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.output import print_json
from notevault.cli.wording import name_stage, say_reason
from notevault.config import Settings
from notevault.errors import NotePathError, NotevaultError, UnknownNameError
from notevault.messages import gettext as _
from notevault.model import NotePath, TodoStatus
from notevault.report.notes import CustomerReading, NoteCard, TodoReading, describe_note, find_note
from notevault.report.rows import make_row
from notevault.report.say import say_money
from notevault.workspace import Workspace

_MARKS = {TodoStatus.OPEN: "[ ]", TodoStatus.DONE: "[x]", TodoStatus.CANCELLED: "[-]"}
_COLOURS = {"error": "red", "warning": "yellow"}


@command(
    "show",
    help=marked(
        "Show everything notevault understood of one note. NOTE is a path in the vault or from here, or any part of it"
        " that names one note."
    ),
)
@click.argument("note")
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@option(
    "--history",
    is_flag=True,
    help=marked("Show how deals moved through the stages: NOTE may be a deal or a customer too."),
)
@no_sync_option
@pass_app
def show_command(app: App, *, note: str, as_json: bool, history: bool, no_sync: bool) -> None:
    """Show one note, or the history of deals."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        if history:
            _print_history(workspace, note, "json" if as_json else "table")
            return
        card = describe_note(workspace.catalog, find_path(workspace, note))
        if as_json:
            print_json(make_row(card))
        else:
            _print_card(card, workspace.settings)


def _print_history(workspace: Workspace, text: str, output: str) -> None:
    """Print the history of the deal or customer called so, else of the deal that the note speaks of."""
    from notevault.cli.pipeline_views import print_histories, print_history_of  # noqa: PLC0415 -- start-up time

    try:
        print_histories(workspace, text, output)
    except UnknownNameError as unknown:
        try:
            path = find_path(workspace, text)
        except NotevaultError:
            raise unknown from None
        rows = workspace.catalog.select("SELECT deal_id FROM notes WHERE path = ?", (path_to_stored(path),))
        print_history_of(workspace, tuple(row[0] for row in rows if row[0]), output)


def find_path(workspace: Workspace, text: str) -> NotePath:
    """Return the note that a path, or a part of one, names. Raises NotePathError."""
    try:
        return workspace.vault.resolve(text)
    except NotePathError:
        return find_note(workspace.catalog, text)


def _print_card(card: NoteCard, settings: Settings) -> None:
    click.secho(card.title, bold=True)
    size = _("{encoding}, {bytes} bytes, taken in {when}").format(
        encoding=card.encoding, bytes=card.bytes, when=card.taken_in
    )
    stage = name_stage(settings, card.stage) or card.stage_written
    facts: tuple[tuple[str, object], ...] = (
        (_("path"), card.path),
        (_("id"), card.id),
        (_("type"), card.type),
        (_("date"), card.date),
        (_("customer"), _customer(card.customer)),
        (_("contacts"), ", ".join(person.written for person in card.contacts)),
        (_("owner"), card.owner),
        (_("channel"), card.channel),
        (_("deal"), card.deal),
        (_("stage"), stage if stage == card.stage_written or not stage else f"{stage} ({card.stage_written})"),
        (_("amount"), say_money(card.amount, card.currency)),
        (_("close date"), card.close_date),
        (_("competitors"), ", ".join(card.competitors)),
        (_("tags"), ", ".join(card.tags)),
        (_("conflict copy of"), card.copy_of),
        (_("file"), size),
    )
    for label, value in facts:
        if value:
            click.echo(f"{label}: {value}")
    if not card.parsed:
        click.secho(_("The front matter could not be read; the text is searched all the same."), fg="yellow")
    _print_lists(card)


def _print_lists(card: NoteCard) -> None:
    _print_list(_("Front matter"), [f"{field.key}: {field.value}" for field in card.fields])
    _print_list(_("Learned"), [f"{learned.key}: {learned.value}" for learned in card.learned])
    _print_list(
        _("Sections"), [f"{'#' * section.level} {section.heading}  ({section.characters})" for section in card.sections]
    )
    _print_list(_("ToDos"), [_todo(todo) for todo in card.todos])
    _print_list(_("Links"), [f"{link.target}" + (f"  ({link.label})" if link.label else "") for link in card.links])
    if card.diagnostics:
        click.echo()
        click.secho(_("Diagnostics"), bold=True)
    for diagnostic in card.diagnostics:
        text = f"  {diagnostic.line}:{diagnostic.column}: [{diagnostic.rule}] {diagnostic.message}"
        click.secho(text, fg=_COLOURS.get(diagnostic.severity))
        if diagnostic.hint:
            click.echo(f"      {diagnostic.hint}")


def _print_list(heading: str, lines: list[str]) -> None:
    if lines:
        click.echo()
        click.secho(heading, bold=True)
    for line in lines:
        click.echo(f"  {line}")


def _customer(customer: CustomerReading | None) -> str:
    if customer is None:
        return ""
    shown = customer.written if customer.name in (None, customer.written) else f"{customer.written} → {customer.name}"
    reason = f"  ({say_reason(customer.reason)})" if customer.reason else ""
    candidates = f" {', '.join(customer.candidates)}?" if customer.candidates else ""
    return shown + reason + candidates


def _todo(todo: TodoReading) -> str:
    extra = [todo.id, *(str(part) for part in (todo.due, todo.owner, todo.priority) if part)]
    return f"{_MARKS[todo.status]} {todo.text}  ({', '.join(extra)}, {_('line {line}').format(line=todo.line)})"
