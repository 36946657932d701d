"""``notevault report daily``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.document import write_document
from notevault.cli.output import format_options, print_json, print_rows
from notevault.cli.report_options import find_owners, out_option, owner_option
from notevault.cli.wording import read_day
from notevault.records import field_names
from notevault.report.daily import DailyContact, make_daily
from notevault.report.daily_page import make_diary
from notevault.report.document import render_markdown
from notevault.report.rows import make_row
from notevault.report.say import Words


@command(
    "daily",
    help=marked(
        "The daily report, made from the day's notes: contacts with facts, interpretation and action, ToDos done and"
        " not done, questions, and the next dates. Printed as Markdown, ready to paste or mail."
    ),
)
@owner_option(marked("Only this person's day."))
@option("--date", "day", default="today", metavar="DATE", help=marked("Which day (default: today)."))
@out_option
@format_options
@no_sync_option
@pass_app
def daily_command(
    app: App, *, owner: str | None, day: str, out: Path | None, output: str | None, no_sync: bool
) -> None:
    """Write the diary."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        wanted = read_day(day, workspace.today, prefer="past")
        owners = find_owners(workspace, owner)
        diary = make_daily(workspace.catalog, workspace.settings, wanted, owners=owners)
        page = make_diary(diary, Words(settings=workspace.settings, language=workspace.language))
        if output == "json":
            print_json(make_row(diary))
        elif output != "table":
            fields = field_names(DailyContact)
            print_rows([make_row(each) for each in diary.contacts], (), output, fields)
        elif out is not None:
            write_document(page, out)
        else:
            click.echo(render_markdown(page), nl=False)
