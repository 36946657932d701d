"""``notevault customer sources``."""

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.output import Column, format_options, print_rows
from notevault.cli.wording import read_length
from notevault.messages import gettext as _
from notevault.records import field_names
from notevault.report.customers import list_customers
from notevault.report.leads import SourceCount, count_sources, list_leads
from notevault.report.rows import make_row

FIELDS = field_names(SourceCount)


@command(
    "sources", help=marked("Count customers by how we came to know them: leads, accounts, deals won, silent leads.")
)
@option("--silent", default="30d", metavar="DAYS", help=marked("When a lead counts as silent (default 30d)."))
@format_options
@no_sync_option
@pass_app
def sources_command(app: App, *, silent: str, output: str | None, no_sync: bool) -> None:
    """Count, the most fruitful source first."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        catalog, today = workspace.catalog, workspace.today
        customers = list_leads(catalog, list_customers(catalog, workspace.settings, today), today)
        counts = count_sources(catalog, customers, silent_days=read_length(silent, today))
    print_rows([make_row(count) for count in counts], _columns(), output, FIELDS)


def _columns() -> list[Column]:
    return [
        Column(heading=_("source"), value=lambda row: row["source"] or _("(nobody says)"), flexible=True),
        Column(heading=_("customers"), value=lambda row: str(row["customers"]), right=True),
        Column(heading=_("leads"), value=lambda row: str(row["leads"] or ""), right=True),
        Column(heading=_("accounts"), value=lambda row: str(row["accounts"] or ""), right=True),
        Column(heading=_("deals won"), value=lambda row: str(row["won"] or ""), right=True),
        Column(heading=_("silent leads"), value=lambda row: str(row["silent"] or ""), right=True),
    ]
