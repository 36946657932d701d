"""``notevault report coverage``."""

from collections.abc import Sequence
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers, complete_stages
from notevault.cli.document import put_document, write_document
from notevault.cli.output import Column, Row, format_options, print_rows
from notevault.cli.report_options import find_owners, out_option, owner_option
from notevault.cli.wording import name_stage
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.records import field_names
from notevault.report.choosing import choose_customer, choose_stages
from notevault.report.coverage import CustomerCoverage, HearingSheets
from notevault.report.coverage_page import make_checklist, make_heat_map, make_sheet
from notevault.report.customers import CustomerLine, list_customers
from notevault.report.document import Document
from notevault.report.rows import make_row
from notevault.workspace import Workspace

FIELDS = field_names(CustomerCoverage)


@command(
    "coverage",
    help=marked(
        "The hearing sheet: what is known of each customer, what is not, and what must be known at its stage. The"
        " questions are the template fields with required_from and [learned] of the settings."
    ),
)
@click.argument("customer", required=False, shell_complete=complete_customers)
@owner_option(marked("Only customers of this person."))
@option("--stage", metavar="STAGE", shell_complete=complete_stages, help=marked("Only customers in this stage."))
@option("--missing", is_flag=True, help=marked("Only customers of whom something is not known that must be."))
@option("--checklist", is_flag=True, help=marked("Print the open questions as a list to take along."))
@option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=marked("Write a heat map."))
@out_option
@format_options
@no_sync_option
@pass_app
def coverage_command(
    app: App,
    *,
    customer: str | None,
    owner: str | None,
    stage: str | None,
    missing: bool,
    checklist: bool,
    html: Path | None,
    out: Path | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """Fill the sheets in and print them."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        sheets_of = HearingSheets(
            workspace.catalog, workspace.settings, workspace.templates, workspace.today, language=workspace.language
        )
        sheets = [
            sheet
            for sheet in sheets_of.fill_in(_choose(workspace, customer, owner, stage))
            if sheet.missing or not missing
        ]
        if html is not None:
            write_document(_heat_map(workspace, sheets_of, sheets), html.with_suffix(html.suffix or ".html"))
        elif output != "table":
            print_rows([make_row(sheet) for sheet in sheets], (), output, FIELDS)
        elif checklist or out or customer:
            put_document(_make_page(workspace, sheets_of, sheets, checklist=checklist, single=bool(customer)), out)
        else:
            _print_table(workspace, sheets)


def _choose(workspace: Workspace, customer: str | None, owner: str | None, stage: str | None) -> list[CustomerLine]:
    catalog, settings = workspace.catalog, workspace.settings
    wanted = choose_customer(catalog, customer) if customer else None
    owners = find_owners(workspace, owner)
    stages = choose_stages(catalog, settings, stage) if stage else None
    lines = [
        line
        for line in list_customers(catalog, settings, workspace.today)
        if (wanted is None or line.id == wanted)
        and (owners is None or line.owner in owners)
        and (stages is None or line.stage in stages)
    ]
    if not lines:
        raise NotevaultError(_("no customer fits"))
    return lines


def _heat_map(workspace: Workspace, sheets_of: HearingSheets, sheets: Sequence[CustomerCoverage]) -> Document:
    return make_heat_map(sheets, sheets_of.asked, workspace.settings, workspace.language)


def _make_page(
    workspace: Workspace,
    sheets_of: HearingSheets,
    sheets: Sequence[CustomerCoverage],
    *,
    checklist: bool,
    single: bool,
) -> Document:
    if checklist:
        return make_checklist(sheets, workspace.settings, workspace.language, workspace.today)
    if single and sheets:
        return make_sheet(sheets[0], workspace.settings, workspace.language)
    return _heat_map(workspace, sheets_of, sheets)


def _print_table(workspace: Workspace, sheets: Sequence[CustomerCoverage]) -> None:
    columns = [
        Column(heading=_("customer"), value=lambda row: row["customer"], flexible=True),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("known"), value=lambda row: f"{row['known']}/{row['asked']}", right=True),
        Column(
            heading=_("needed now"), value=lambda row: _labels(row, due=True), flexible=True, colour=lambda _row: "red"
        ),
        Column(heading=_("ask again"), value=lambda row: _labels(row, due=False), flexible=True),
    ]
    print_rows([make_row(sheet) for sheet in sheets], columns, "table")
    say(
        _("{count} customers; of {missing} something is not known that must be").format(
            count=len(sheets), missing=sum(sheet.missing > 0 for sheet in sheets)
        )
    )


def _labels(row: Row, *, due: bool) -> str:
    """Return what is not known though due, or what is old or contradicted."""
    states = ("unknown",) if due else ("stale", "contradicted")
    return ", ".join(item["label"] for item in row["items"] if item["state"] in states and (item["due"] or not due))
