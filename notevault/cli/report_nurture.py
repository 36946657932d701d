"""``notevault report nurture``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.output import format_options
from notevault.cli.report_options import find_owners, out_option, owner_option, put_out
from notevault.report.nurture import NurtureDeal, list_nurture, rank_by_signals
from notevault.report.nurture_page import make_nurture
from notevault.report.say import Words


@command(
    "nurture",
    help=marked(
        "Lost deals with reason, date to look again and contact, those due first. --csv gives a list for a marketing"
        " tool."
    ),
)
@owner_option(marked("Only customers of this person."))
@option("--due", is_flag=True, help=marked("Only those due now."))
@option(
    "--by",
    type=click.Choice(["date", "signals"]),
    default="date",
    help=marked("Order: date to look again (default), or contacts since the loss."),
)
@out_option
@format_options
@no_sync_option
@pass_app
def nurture_command(
    app: App, *, owner: str | None, due: bool, by: str, out: Path | None, output: str | None, no_sync: bool
) -> None:
    """List the lost deals."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        owners = find_owners(workspace, owner)
        found = list_nurture(workspace.catalog, workspace.settings, workspace.today, owners=owners)
        chosen = [each for each in (rank_by_signals(found) if by == "signals" else found) if each.due or not due]
        words = Words(settings=workspace.settings, language=workspace.language)
        put_out(chosen, tuple(NurtureDeal.__dataclass_fields__), output, make_nurture(chosen, words), out)
