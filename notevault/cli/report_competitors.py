"""``notevault report competitors``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, pass_app
from notevault.cli.output import format_options
from notevault.cli.report_options import out_option, put_out
from notevault.records import field_names
from notevault.report.competitors import Competitor, list_competitors
from notevault.report.competitors_page import make_competitor, make_competitors
from notevault.report.say import Words


@command(
    "competitors",
    help=marked(
        "What was heard of competitors: by whom, when, at which customer, in which deal; won and lost against each, and"
        " figures that do not agree side by side."
    ),
)
@click.argument("name", required=False)
@out_option
@format_options
@no_sync_option
@pass_app
def competitors_command(app: App, *, name: str | None, out: Path | None, output: str | None, no_sync: bool) -> None:
    """List the competitors, or what was heard of one."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        found = list_competitors(
            workspace.catalog,
            workspace.settings,
            workspace.today,
            name=name,
            with_heard=name is not None or output != "table",
        )
        words = Words(settings=workspace.settings, language=workspace.language)
        page = make_competitor(found[0], words) if name else make_competitors(found, words)
        put_out(found, field_names(Competitor), output, page, out)
