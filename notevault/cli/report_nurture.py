"""``notevault report nurture``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.output import format_options
from notevault.cli.report_options import find_owners, out_option, owner_option, put_out
from notevault.records import field_names
from notevault.report.nurture import NurtureDeal, list_nurture, rank_by_signals
from notevault.report.nurture_page import make_nurture, make_ranking
from notevault.report.say import Words


@command(
    "nurture",
    help=marked(
        "Lost deals with reason, date to look again and contact, those due first. --by signals ranks them, and the"
        " customers gone silent, by what newer notes say. --csv gives a list for a marketing tool."
    ),
)
@owner_option(marked("Only customers of this person."))
@option("--due", is_flag=True, help=marked("Only those due now."))
@option(
    "--by",
    type=click.Choice(["date", "signals"]),
    default="date",
    help=marked("Order: date to look again (default), or signals in newer notes; these rank silent customers too."),
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
        by_signals = by == "signals"
        found = list_nurture(
            workspace.catalog, workspace.settings, workspace.today, owners=owners, with_silent=by_signals
        )
        chosen = [each for each in (rank_by_signals(found) if by_signals else found) if each.due or not due]
        words = Words(settings=workspace.settings, language=workspace.language)
        page = make_ranking(chosen) if by_signals else make_nurture(chosen, words)
        put_out(chosen, field_names(NurtureDeal), output, page, out)
