"""``notevault report inventory``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.output import format_options
from notevault.cli.report_options import find_owners, out_option, owner_option, put_out
from notevault.cli.wording import read_period
from notevault.records import field_names
from notevault.report.inventory import MARKS, CustomerStock, take_inventory
from notevault.report.inventory_page import make_inventory


@command(
    "inventory",
    help=marked(
        "Customers won, active, silent, lost and regained in a period, with the value lost and those about to go"
        " silent. [inventory] in the settings says how many days without contact are silence."
    ),
)
@option(
    "--period", default="90d", metavar="PERIOD", help=marked("Which days: 90d (default), 2026-Q3, this-quarter, 2026.")
)
@option("--only", "marks", type=click.Choice(MARKS), multiple=True, help=marked("Only these; may be repeated."))
@owner_option(marked("Only customers of this person."))
@out_option
@format_options
@no_sync_option
@pass_app
def inventory_command(
    app: App,
    *,
    period: str,
    marks: tuple[str, ...],
    owner: str | None,
    out: Path | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """Take stock."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        settings, today = workspace.settings, workspace.today
        days = read_period(period, settings, today, prefer="past")
        found = take_inventory(workspace.catalog, settings, today, days, owners=find_owners(workspace, owner))
        chosen = [each for each in found if not marks or set(marks) & set(each.marks)]
        page = make_inventory(chosen, settings, days)
        put_out(chosen, field_names(CustomerStock), output, page, out)
