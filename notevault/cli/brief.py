"""``notevault brief``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.completion import complete_customers
from notevault.cli.document import put_document
from notevault.cli.output import print_json
from notevault.cli.report_options import out_option
from notevault.cli.wording import read_period
from notevault.config import Settings, spelling_key
from notevault.errors import UnknownNameError
from notevault.messages import gettext as _
from notevault.report.brief import BriefMaker, BriefOptions, Depth
from notevault.report.brief_page import make_page
from notevault.report.choosing import choose_customer
from notevault.report.rows import make_row
from notevault.report.say import Words


@command(
    "brief",
    help=marked(
        "Everything on one customer on one page: profile, people, deals, ToDos, contacts, promises, what was learned"
        " and what not, competitors, dates. For who is about to visit it, takes it over, or was not there."
    ),
)
@click.argument("customer", shell_complete=complete_customers)
@option(
    "--depth",
    type=click.Choice([depth.value for depth in Depth]),
    default=Depth.SUMMARY.value,
    help=marked("headline: a few lines; summary (default); full: every contact with all that was written."),
)
@option("--since", metavar="PERIOD", help=marked("Only contacts since then: 30d, 2026-10, last-month."))
@option("--for", "audience", metavar="AUDIENCE", help=marked("For colleagues: office, purchasing, accounting."))
@option(
    "--handover", is_flag=True, help=marked("For a new owner: risks, unfinished business, history, first questions.")
)
@option("--group", is_flag=True, help=marked("All units of the legal entity together."))
@out_option
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@no_sync_option
@pass_app
def brief_command(
    app: App,
    *,
    customer: str,
    depth: str,
    since: str | None,
    audience: str | None,
    handover: bool,
    group: bool,
    out: Path | None,
    as_json: bool,
    no_sync: bool,
) -> None:
    """Gather and print the brief."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        settings, language = workspace.settings, workspace.language
        options = BriefOptions(
            depth=Depth(depth),
            since=read_period(since, settings, workspace.today, prefer="past")[0] if since else None,
            handover=handover,
            group=group,
            audience=_find_audience(settings, audience) if audience else None,
        )
        customer_id = choose_customer(workspace.catalog, customer)
        maker = BriefMaker(workspace.catalog, settings, workspace.templates, workspace.today, language)
        brief = maker.make(customer_id, options)
        if as_json:
            print_json(make_row(brief))
            return
        page = make_page(brief, settings, Words(settings=settings, language=language), handover=handover)
        put_document(page, out)


def _find_audience(settings: Settings, text: str) -> str:
    """Return the key of the audience that a text names in either language; raises UnknownNameError."""
    wanted = spelling_key(text)
    for key, audience in settings.audiences.items():
        if wanted in map(spelling_key, (key, audience.ja, audience.en)):
            return key
    raise UnknownNameError(_("audience"), text, list(settings.audiences))
