"""``notevault customer``."""

import click

from notevault.cli.base import App, Command, Group, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers, complete_owners
from notevault.cli.output import Column, Row, format_options, print_json, print_rows
from notevault.cli.pipeline import deal_columns
from notevault.cli.todo import todo_columns
from notevault.cli.wording import name_stage
from notevault.config import spelling_key
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.choosing import choose_customer, choose_owners
from notevault.report.customers import (
    CustomerCard,
    CustomerLine,
    describe_customer,
    list_customers,
    list_questions,
)
from notevault.report.matching import Match, match_customer
from notevault.report.rows import make_row
from notevault.workspace import Workspace

FIELDS = tuple(CustomerLine.__dataclass_fields__)
_SHOWN_SPELLINGS = 3
_SHOWN_QUESTIONS = 5


@click.group("customer", cls=Group, help=marked("The customers that the notes name."))
def customer_command() -> None:
    """Hold the commands on customers."""


@customer_command.command("list", cls=Command, help=marked("List all customers, those spoken to last first."))
@option("--owner", metavar="NAME", shell_complete=complete_owners, help=marked("Only those of this person."))
@option("--status", metavar="STATUS", help=marked("Only those in this state: lead, account, former."))
@format_options
@no_sync_option
@pass_app
def list_command(app: App, *, owner: str | None, status: str | None, output: str | None, no_sync: bool) -> None:
    """List, and say which spellings a person has to decide on."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        lines = list_customers(workspace.catalog, workspace.settings, workspace.today)
        owners = choose_owners(workspace.catalog, workspace.settings, owner) if owner else None
        rows = [
            make_row(line)
            for line in lines
            if (owners is None or line.owner in owners)
            and (status is None or spelling_key(line.status) == spelling_key(status))
        ]
        print_rows(rows, _columns(workspace), output, FIELDS)
        say(ngettext("{count} customer", "{count} customers", len(rows)).format(count=len(rows)))
        _say_questions(workspace)


@customer_command.command(
    "show", cls=Command, help=marked("Show one customer: names, people, deals, ToDos, newest notes.")
)
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


@customer_command.command(
    "match",
    cls=Command,
    help=marked(
        "Say which customer a spelling means, and why. Where that is not certain the likely ones are listed; nothing is"
        " guessed. Exits with 1 where no customer is certain."
    ),
)
@click.argument("name")
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@no_sync_option
@pass_app
@click.pass_context
def match_command(ctx: click.Context, app: App, *, name: str, as_json: bool, no_sync: bool) -> None:
    """Resolve one spelling."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        match = match_customer(workspace.catalog, workspace.settings, name)
    if as_json:
        print_json(make_row(match))
    else:
        _print_match(match)
    ctx.exit(0 if match.customer else 1)


def _columns(workspace: Workspace) -> list[Column]:
    return [
        Column(heading=_("customer"), value=lambda row: row["name"], flexible=True),
        Column(heading=_("status"), value=lambda row: _name_status(row["status"])),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(heading=_("open deals"), value=lambda row: str(row["deals_open"] or ""), right=True),
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("last contact"), value=lambda row: row["last_contact"] or ""),
        Column(heading=_("open ToDos"), value=lambda row: str(row["todos_open"] or ""), right=True),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
        Column(heading=_("also written"), value=_spellings, flexible=True),
    ]


def _name_status(status: str) -> str:
    return {"lead": _("lead"), "account": _("account"), "former": _("former")}.get(status, status)


def _spellings(row: Row) -> str:
    shown = row["spellings"][:_SHOWN_SPELLINGS]
    more = len(row["spellings"]) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more else "")


def _say_questions(workspace: Workspace) -> None:
    questions = list_questions(workspace.catalog)
    for question in questions[:_SHOWN_QUESTIONS]:
        say(
            _("'{mention}' ({notes} notes) may be: {names}").format(
                mention=question.mention, notes=question.notes, names=", ".join(question.candidates)
            ),
            mood="yellow",
        )
    if len(questions) > _SHOWN_QUESTIONS:
        say(_("… and {count} more spellings").format(count=len(questions) - _SHOWN_QUESTIONS), mood="yellow")


def _print_card(card: CustomerCard, workspace: Workspace) -> None:
    line = card.customer
    click.secho(line.name, bold=True)
    facts = (
        (_("status"), _name_status(line.status)),
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


def say_reason(reason: str) -> str:
    """Return why a spelling is a customer, or why that is not certain, in words."""
    return {
        "exact": _("its registered name"),
        "name_key": _("its name, written another way"),
        "alias": _("a registered alias"),
        "kana": _("its reading"),
        "english": _("its English name"),
        "group": _("the one customer of this group"),
        "corporate_number": _("its corporate number"),
        "domain": _("its e-mail domain"),
        "place": _("told apart by place, group or number"),
        "branch": _("a part of the company"),
        "ambiguous": _("several customers are called so"),
        "legal_form": _("a registered customer of this name has another legal form"),
        "unknown": _("no registered customer is called so"),
    }.get(reason, reason)


def _print_match(match: Match) -> None:
    if match.customer:
        click.echo(f"{match.mention} → {match.customer}  ({say_reason(match.reason)})")
        return
    click.echo(f"{match.mention} → ?  ({say_reason(match.reason)})")
    for candidate in match.candidates:
        click.echo(f"  {candidate.likeness:.2f}  {candidate.customer}  ({candidate.why})")
