"""``notevault report consult``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.completion import complete_customers
from notevault.cli.output import format_options
from notevault.cli.report_options import find_owners, out_option, owner_option, put_out
from notevault.records import field_names
from notevault.report.choosing import choose_customer
from notevault.report.consult import Consultation, list_consultations
from notevault.report.consult_page import make_consultations
from notevault.report.say import Words


@command(
    "consult",
    help=marked(
        "Questions to the manager, from sections named Consultation, and how long they have waited. A line"
        " 'Answer (name date): ...' in the section answers one."
    ),
)
@click.argument("customer", required=False, shell_complete=complete_customers)
@option("--all", "answered", is_flag=True, help=marked("Answered ones too."))
@owner_option(marked("Only what this person asks."))
@out_option
@format_options
@no_sync_option
@pass_app
def consult_command(
    app: App,
    *,
    customer: str | None,
    answered: bool,
    owner: str | None,
    out: Path | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """List the consultations."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        found = list_consultations(
            workspace.catalog,
            workspace.today,
            answered=answered,
            owners=find_owners(workspace, owner),
            customers=(choose_customer(workspace.catalog, customer),) if customer else None,
        )
        words = Words(settings=workspace.settings, language=workspace.language)
        fields = field_names(Consultation)
        put_out(found, fields, output, make_consultations(found, words), out)
