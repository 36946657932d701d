"""``notevault customer list``."""

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.output import Column, Row, format_options, print_rows, terminal_width
from notevault.cli.report_options import find_owners, owner_option
from notevault.cli.wording import name_stage, read_length
from notevault.config import spelling_key
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.names.key import name_key
from notevault.records import field_names
from notevault.report.customers import CustomerLine, list_customers, list_questions
from notevault.report.leads import ListedCustomer, is_silent, list_leads
from notevault.report.rows import make_row
from notevault.report.say import say_status
from notevault.text import normalize
from notevault.workspace import Workspace

FIELDS = (
    *field_names(CustomerLine),
    *(name for name in field_names(ListedCustomer) if name != "line"),
)
_SHOWN_SPELLINGS = 3
_SHOWN_QUESTIONS = 5
_WIDE = 110
"""Cells of a terminal that has room for all columns."""


@command("list", help=marked("List all customers, those spoken to last first."))
@owner_option(marked("Only those of this person."))
@option("--status", metavar="STATUS", help=marked("Only those in this state: lead, account, former."))
@option("--leads", is_flag=True, help=marked("Only leads, with their source; the same as --status lead."))
@option("--silent", metavar="DAYS", help=marked("Only those nobody has spoken to for so long: 30d, 8w, 3m."))
@option("--group", metavar="NAME", help=marked("Only units of this legal entity."))
@option("--source", metavar="TEXT", help=marked("Only those whose source holds this text."))
@format_options
@no_sync_option
@pass_app
def list_command(
    app: App,
    *,
    owner: str | None,
    status: str | None,
    leads: bool,
    silent: str | None,
    group: str | None,
    source: str | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """List, and say which spellings a person has to decide on."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        catalog, settings, today = workspace.catalog, workspace.settings, workspace.today
        owners = find_owners(workspace, owner)
        days = read_length(silent, today) if silent else None
        wanted = spelling_key("lead" if leads else status or "")
        customers = [
            customer
            for customer in list_leads(catalog, list_customers(catalog, settings, today), today)
            if (owners is None or customer.line.owner in owners)
            and (not wanted or spelling_key(customer.line.status) == wanted)
            and (days is None or is_silent(customer, days))
            and (group is None or name_key(customer.group or "") == name_key(group))
            and (source is None or normalize(source) in normalize(customer.source or ""))
        ]
        columns = _lead_columns(workspace) if leads or days is not None else _columns(workspace)
        print_rows([_row(customer) for customer in customers], columns, output, FIELDS)
        count = len(customers)
        say(ngettext("{count} customer", "{count} customers", count).format(count=count))
        if not leads and days is None:
            _say_questions(workspace)


def _row(customer: ListedCustomer) -> Row:
    row = make_row(customer)
    return {**row.pop("line"), **row}


def _lead_columns(workspace: Workspace) -> list[Column]:
    wide = [
        Column(heading=_("known since"), value=lambda row: row["first_contact"] or ""),
        Column(heading=_("status"), value=lambda row: say_status(row["status"])),
        Column(heading=_("open ToDos"), value=lambda row: str(row["todos_open"] or ""), right=True),
    ]
    return [
        Column(heading=_("customer"), value=lambda row: row["name"], flexible=True),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(heading=_("source"), value=lambda row: row["source"] or "", flexible=True),
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("last contact"), value=lambda row: row["last_contact"] or ""),
        Column(heading=_("days silent"), value=_days, right=True),
        *(wide if (terminal_width() or _WIDE) >= _WIDE else ()),
    ]


def _days(row: Row) -> str:
    return "" if row["days_silent"] is None else str(row["days_silent"])


def _columns(workspace: Workspace) -> list[Column]:
    return [
        Column(heading=_("customer"), value=lambda row: row["name"], flexible=True),
        Column(heading=_("status"), value=lambda row: say_status(row["status"])),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(heading=_("open deals"), value=lambda row: str(row["deals_open"] or ""), right=True),
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("last contact"), value=lambda row: row["last_contact"] or ""),
        Column(heading=_("open ToDos"), value=lambda row: str(row["todos_open"] or ""), right=True),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
        Column(heading=_("also written"), value=_spellings, flexible=True),
    ]


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
