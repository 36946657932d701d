"""``notevault customer list``."""

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_owners
from notevault.cli.output import Column, Row, format_options, print_rows
from notevault.cli.wording import name_stage, name_status
from notevault.config import spelling_key
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.choosing import choose_owners
from notevault.report.customers import CustomerLine, list_customers, list_questions
from notevault.report.rows import make_row
from notevault.workspace import Workspace

FIELDS = tuple(CustomerLine.__dataclass_fields__)
_SHOWN_SPELLINGS = 3
_SHOWN_QUESTIONS = 5


@command("list", help=marked("List all customers, those spoken to last first."))
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


def _columns(workspace: Workspace) -> list[Column]:
    return [
        Column(heading=_("customer"), value=lambda row: row["name"], flexible=True),
        Column(heading=_("status"), value=lambda row: name_status(row["status"])),
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
