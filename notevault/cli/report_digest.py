"""``notevault report digest``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.document import put_document
from notevault.cli.output import format_options, print_json, print_rows
from notevault.cli.report_options import find_owners, out_option, owner_option
from notevault.cli.wording import read_period
from notevault.records import field_names
from notevault.report.activity import Contacted
from notevault.report.daily import DailyContact, tell_contacts
from notevault.report.digest import DEPTHS, Depth, Digest, make_digest
from notevault.report.digest_page import make_digest_page
from notevault.report.rows import make_row
from notevault.report.say import Words
from notevault.workspace import Workspace

_CHUNK = 500


@command(
    "digest",
    help=marked(
        "What happened since a day, for a Monday mail: contacts, stage moves, won and lost, new and overdue ToDos,"
        " questions, answers learned. --csv lists the contacts."
    ),
)
@option("--since", default="7d", metavar="DATE", help=marked("From when on: 7d (default), 2026-11-16, last-week."))
@owner_option(marked("Only what this person did."))
@option(
    "--depth",
    type=click.Choice(DEPTHS),
    default="summary",
    help=marked("Figures only, a line each (default), or what was said in each contact."),
)
@out_option
@format_options
@no_sync_option
@pass_app
def digest_command(
    app: App, *, since: str, owner: str | None, depth: Depth, out: Path | None, output: str | None, no_sync: bool
) -> None:
    """Gather what happened."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        settings, today = workspace.settings, workspace.today
        days = (read_period(since, settings, today, prefer="past")[0], today)
        owners = find_owners(workspace, owner)
        digest = make_digest(workspace.catalog, settings, days, language=workspace.language, owners=owners)
        if output == "json":
            print_json(make_row(digest))
        elif output != "table":
            rows = [make_row(each) for each in digest.contacts]
            print_rows(rows, (), output, field_names(Contacted))
        else:
            told = _tell(workspace, digest) if depth == "full" else ()
            page = make_digest_page(digest, Words(settings=settings, language=workspace.language), depth, told)
            put_document(page, out)


def _tell(workspace: Workspace, digest: Digest) -> tuple[DailyContact, ...]:
    chunks = (digest.contacts[at : at + _CHUNK] for at in range(0, len(digest.contacts), _CHUNK))
    return tuple(each for chunk in chunks for each in tell_contacts(workspace.catalog, chunk))
