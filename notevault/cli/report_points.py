"""``notevault report points``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.output import format_options
from notevault.cli.report_options import find_owners, out_option, owner_option, put_out
from notevault.cli.wording import read_period
from notevault.records import field_names
from notevault.report.points import GROUPINGS, CustomerPoints, PointsGroup, count_points, group_points
from notevault.report.points_page import make_point_groups, make_points
from notevault.report.say import Words


@command(
    "points",
    help=marked(
        "Contact points: visits, calls and mails weighed by [channels] of the settings, and which new leads reach the"
        " points of [points] in their first month."
    ),
)
@option("--period", default="90d", metavar="PERIOD", help=marked("Which days: 90d (default), 2026-10, this-month."))
@owner_option(marked("Only contacts of this person."))
@option(
    "--by",
    type=click.Choice(GROUPINGS),
    default="customer",
    help=marked("Count by customer (default), owner, month or channel."),
)
@option("--new", is_flag=True, help=marked("Only new leads."))
@out_option
@format_options
@no_sync_option
@pass_app
def points_command(
    app: App,
    *,
    period: str,
    owner: str | None,
    by: str,
    new: bool,
    out: Path | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """Count the points."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        catalog, settings, today = workspace.catalog, workspace.settings, workspace.today
        days, owners = read_period(period, settings, today, prefer="past"), find_owners(workspace, owner)
        words = Words(settings=settings, language=workspace.language)
        if by == "customer":
            found = count_points(catalog, settings, today, days, owners=owners)
            lines = [line for line in found if line.lead or not new]
            fields = field_names(CustomerPoints)
            put_out(lines, fields, output, make_points(lines, words, days), out)
        else:
            groups = group_points(catalog, settings, today, days, by=by, owners=owners)
            page = make_point_groups(groups, words, days, by=by)
            put_out(groups, field_names(PointsGroup), output, page, out)
