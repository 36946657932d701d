"""``notevault export``."""

from collections.abc import Mapping
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, progress_bar, say
from notevault.cli.output import print_json
from notevault.export import ExportReport, export_tables
from notevault.messages import gettext as _
from notevault.messages import ngettext


@command(
    "export",
    help=marked(
        "Write everything as relational CSV tables with stable ids for a CRM: accounts, leads, contacts, opportunities,"
        " activities, notes, attendees, stage history, tasks, and datapackage.json that describes them. An earlier"
        " export in the same folder is replaced."
    ),
)
@option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=marked("Folder to write: a new or empty one, or one that holds an earlier export."),
)
@option("--force", is_flag=True, help=marked("Write into DIR although it holds other files; those stay."))
@option("--json", "as_json", is_flag=True, help=marked("Print the report as JSON."))
@no_sync_option
@pass_app
def export_command(app: App, *, out: Path, force: bool, as_json: bool, no_sync: bool) -> None:
    """Export and report."""
    with app.fresh_workspace(sync=not no_sync) as workspace, progress_bar(_("Writing tables")) as progress:
        report = export_tables(
            workspace.catalog, workspace.settings, out, workspace.root, force=force, progress=progress
        )
    if as_json:
        print_json(report_row(report))
    else:
        _print_report(report)


def report_row(report: ExportReport) -> dict[str, object]:
    """Return the report under its documented names."""
    return {
        "out": str(report.out),
        "tables": dict(report.tables),
        "normalized": dict(report.normalized),
        "long_cells": dict(report.long_cells),
        "split_notes": report.split_notes,
        "whole_names": report.whole_names,
        "lead_deals": report.lead_deals,
        "conflict_copies": report.conflict_copies,
    }


def _print_report(report: ExportReport) -> None:
    for table, rows in report.tables.items():
        click.echo(f"{rows:>8}  {table}.csv")
    click.echo(str(report.out))
    remarks = [
        ngettext(
            "{count} conflict copy was left out.", "{count} conflict copies were left out.", report.conflict_copies
        ).format(count=report.conflict_copies)
        if report.conflict_copies
        else "",
        ngettext(
            "{count} deal at the stage lead, without name and amount, is exported as a lead.",
            "{count} deals at the stage lead, without name and amount, are exported as leads.",
            report.lead_deals,
        ).format(count=report.lead_deals)
        if report.lead_deals
        else "",
        ngettext(
            "The text of {count} long note stands in several rows of notes.csv.",
            "The text of {count} long notes stands in several rows of notes.csv.",
            report.split_notes,
        ).format(count=report.split_notes)
        if report.split_notes
        else "",
        ngettext(
            "The name of {count} person cannot be told apart into family and given name; all of it is in last_name.",
            "The names of {count} persons cannot be told apart into family and given name; all of it is in last_name.",
            report.whole_names,
        ).format(count=report.whole_names)
        if report.whole_names
        else "",
        _("Characters that importers do not take were put right: {list}").format(list=_listed(report.normalized))
        if report.normalized
        else "",
        _("Cells that some importers find too long, written whole: {list}").format(list=_listed(report.long_cells))
        if report.long_cells
        else "",
    ]
    for remark in filter(None, remarks):
        say(remark)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} × {count}" for name, count in counts.items())
