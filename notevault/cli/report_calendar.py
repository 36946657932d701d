"""``notevault report calendar``."""

from datetime import UTC, datetime
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers
from notevault.cli.document import write_text
from notevault.cli.output import format_options
from notevault.cli.report_options import find_owners, out_option, owner_option, put_out
from notevault.cli.wording import read_period
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.records import field_names
from notevault.report.calendar import CalendarEntry, list_calendar
from notevault.report.calendar_events import render_calendar
from notevault.report.calendar_page import make_events, make_plan
from notevault.report.choosing import choose_customer
from notevault.report.customers import list_customers
from notevault.workspace import Workspace

FIELDS = field_names(CalendarEntry)


@command(
    "calendar",
    help=marked(
        "What to bring up with whom, and when: fiscal year ends, budgets, leases, renewals and dates learned, each with"
        " the lead time of [calendar] in the settings. A month without a year comes every year."
    ),
)
@click.argument("customer", required=False, shell_complete=complete_customers)
@option(
    "--next", "period", default="90d", metavar="PERIOD", help=marked("How far ahead: 90d, 6m, 2027-03 (default 90d).")
)
@owner_option(marked("Only customers of this person."))
@option("--kind", "kinds", metavar="KIND", multiple=True, help=marked("Only this kind: lease_end …; may be repeated."))
@option(
    "--by", type=click.Choice(["month", "owner"]), default="month", help=marked("Group by month (default) or owner.")
)
@option(
    "--ics", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=marked("Write an iCalendar file.")
)
@out_option
@format_options
@no_sync_option
@pass_app
def calendar_command(
    app: App,
    *,
    customer: str | None,
    period: str,
    owner: str | None,
    kinds: tuple[str, ...],
    by: str,
    ics: Path | None,
    out: Path | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """List what comes up."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        entries = _choose(workspace, customer, period, owner, kinds)
        if ics is not None:
            write_text(ics, render_calendar(make_events(entries), _("notevault calendar"), datetime.now(UTC)))
        else:
            put_out(entries, FIELDS, output, make_plan(entries, workspace.today, by=by), out)
    say(ngettext("{count} date", "{count} dates", len(entries)).format(count=len(entries)))


def _choose(
    workspace: Workspace, customer: str | None, period: str, owner: str | None, kinds: tuple[str, ...]
) -> list[CalendarEntry]:
    catalog, settings, today = workspace.catalog, workspace.settings, workspace.today
    until = read_period(period, settings, today, prefer="future")[1]
    owners = find_owners(workspace, owner)
    lines = list_customers(catalog, settings, today)
    only = choose_customer(catalog, customer) if customer else None
    wanted = {settings.find_learned(kind) or kind for kind in kinds}
    chosen = [line for line in lines if only in (None, line.id) and (owners is None or line.owner in owners)]
    entries = list_calendar(catalog, settings, today, until=until, language=workspace.language, customers=chosen)
    return [
        entry for entry in entries if (owners is None or entry.owner in owners) and (not wanted or entry.kind in wanted)
    ]
