"""``notevault customer show``."""

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.completion import complete_customers
from notevault.cli.output import Column, Row, print_json, print_rows
from notevault.cli.pipeline import deal_columns
from notevault.cli.todo import todo_columns
from notevault.cli.wording import name_stage
from notevault.messages import gettext as _
from notevault.report.choosing import choose_customer
from notevault.report.customers import CustomerCard, describe_customer
from notevault.report.rows import make_row
from notevault.report.say import say_status
from notevault.workspace import Workspace


@command("show", help=marked("Show one customer: names, people, deals, ToDos, newest notes."))
@click.argument("name", shell_complete=complete_customers)
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@no_sync_option
@pass_app
def show_command(app: App, *, name: str, as_json: bool, no_sync: bool) -> None:
    """Show one customer."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        customer_id = choose_customer(workspace.catalog, name)
        card = describe_customer(workspace.catalog, workspace.settings, workspace.today, customer_id)
        if as_json:
            row = make_row(card)
            print_json({**row.pop("customer"), **row})
        else:
            _print_card(card, workspace)


def _print_card(card: CustomerCard, workspace: Workspace) -> None:
    line = card.customer
    click.secho(line.name, bold=True)
    facts = (
        (_("status"), say_status(line.status)),
        (_("owner"), line.owner),
        (_("industry"), card.industry),
        (_("group"), card.group),
        (_("corporate number"), card.corporate_number),
        (_("domain"), card.domain),
        (_("source"), card.source),
        (_("last contact"), line.last_contact),
        (_("note"), card.path),
        (_("names"), ", ".join(f"{name.name} ({name.notes})" if name.notes else name.name for name in card.names)),
    )
    for label, value in facts:
        if value:
            click.echo(f"{label}: {value}")
    _print_block(_("People"), [make_row(contact) for contact in card.contacts], _contact_columns())
    _print_block(_("Deals"), [make_row(deal) for deal in card.deals], deal_columns(workspace, brief=True))
    _print_block(_("ToDos"), [make_row(todo) for todo in card.todos], todo_columns(workspace, brief=True))
    _print_block(_("Newest notes"), [make_row(note) for note in card.notes], _note_columns(workspace))


def _print_block(heading: str, rows: list[Row], columns: list[Column]) -> None:
    if rows:
        click.echo()
        click.secho(f"{heading} ({len(rows)})", bold=True)
        print_rows(rows, columns, "table")


def _contact_columns() -> list[Column]:
    return [
        Column(heading=_("name"), value=lambda row: row["name"]),
        Column(heading=_("title"), value=lambda row: row["title"] or ""),
        Column(heading=_("department"), value=lambda row: row["department"] or ""),
        Column(heading=_("e-mail"), value=lambda row: row["email"] or "", flexible=True),
        Column(heading=_("phone"), value=lambda row: row["phone"] or ""),
        Column(heading=_("last met"), value=lambda row: row["last_met"] or ""),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
    ]


def _note_columns(workspace: Workspace) -> list[Column]:
    return [
        Column(heading=_("date"), value=lambda row: row["date"] or ""),
        Column(heading=_("type"), value=lambda row: row["type"] or ""),
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(heading=_("title"), value=lambda row: row["title"], flexible=True),
        Column(heading=_("path"), value=lambda row: row["path"], flexible=True),
    ]
