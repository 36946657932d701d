"""``notevault report``: the group; each report has a module of its own."""

import click

from notevault.cli.base import Group, marked

REPORTS = {
    "coverage": "notevault.cli.report_coverage",
    "calendar": "notevault.cli.report_calendar",
    "points": "notevault.cli.report_points",
    "consult": "notevault.cli.report_consult",
    "competitors": "notevault.cli.report_competitors",
    "inventory": "notevault.cli.report_inventory",
    "nurture": "notevault.cli.report_nurture",
    "daily": "notevault.cli.report_daily",
    "digest": "notevault.cli.report_digest",
    "undone": "notevault.cli.report_undone",
    "team": "notevault.cli.report_team",
}


@click.group("report", cls=Group, lazy=REPORTS, help=marked("Reports made from the notes."))
def report_command() -> None:
    """Hold the reports."""
