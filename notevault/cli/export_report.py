"""What an export says: its preflight as a table, its report in sentences or as JSON."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

import click

from notevault.cli.base import say
from notevault.cli.output import Column, print_json, render_table, terminal_width
from notevault.export import ExportReport
from notevault.export.findings import Finding, Findings
from notevault.messages import gettext as _
from notevault.messages import ngettext

_SHOWN: Final = 200
_COLOURS: Final = {"error": "red", "warning": "yellow"}


def report_row(report: ExportReport) -> dict[str, object]:
    """Return the report under its documented names."""
    return {
        "out": str(report.out) if report.out else None,
        "profile": report.profile,
        "tables": dict(report.tables),
        "findings": dict(report.findings),
        "normalized": dict(report.normalized),
        "long_cells": dict(report.long_cells),
        "split_notes": report.split_notes,
        "whole_names": report.whole_names,
        "lead_deals": report.lead_deals,
        "conflict_copies": report.conflict_copies,
        "unchanged": report.unchanged,
        "already_loaded": report.already_loaded,
        "deleted": report.deleted,
        "merged": report.merged,
        "ledger": str(report.ledger) if report.ledger else None,
        "redacted": list(report.redacted),
    }


def print_findings(findings: Findings) -> None:
    """Print the preflight as a table on stdout, the worst first."""
    rows = [_row(finding) for finding in islice(findings.iter_all(), _SHOWN)]
    columns = [
        Column(
            heading=_("severity"), value=lambda row: row["severity"], colour=lambda row: _COLOURS.get(row["severity"])
        ),
        Column(heading=_("rule"), value=lambda row: row["rule"]),
        Column(heading=_("column"), value=lambda row: row["column"]),
        Column(heading=_("where"), value=lambda row: row["where"], flexible=True),
        Column(heading=_("what"), value=lambda row: row["message"], flexible=True),
        Column(heading=_("rows"), value=lambda row: row["count"], right=True),
    ]
    click.echo(render_table(rows, columns, terminal_width()), nl=False)
    total = sum(1 for _finding in findings.iter_all())
    if total > _SHOWN:
        say(_("… and {count} more; --json and --html list all").format(count=total - _SHOWN))


def _row(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "column": f"{finding.file}.{finding.column}" if finding.column else finding.file,
        "where": f"{finding.path}:{finding.line}" if finding.path else finding.id,
        "message": finding.message,
        "count": str(finding.count),
    }


def print_explained(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    """Print every column of a profile."""
    if as_json:
        print_json(rows)
        return
    shown = [{key: _word(value) for key, value in row.items()} for row in rows]
    columns = [
        Column(heading=_("file"), value=lambda row: row["file"]),
        Column(heading=_("column"), value=lambda row: row["column"]),
        Column(heading=_("from"), value=lambda row: row["from"], flexible=True),
        Column(heading=_("recoded"), value=lambda row: row["recoded"], flexible=True),
        Column(heading=_("required"), value=lambda row: row["required"]),
        Column(heading=_("max"), value=lambda row: row["max"], right=True),
        Column(heading=_("type"), value=lambda row: row["type"]),
    ]
    click.echo(render_table(shown, columns, terminal_width()), nl=False)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def print_report(report: ExportReport) -> None:
    """Print rows by file on stdout, the rest in sentences."""
    for table, rows in report.tables.items():
        click.echo(f"{rows:>8}  {table}.csv")
    if report.out:
        click.echo(str(report.out))
    for remark in filter(None, [*_remarks(report), *_remarks_on_changes(report)]):
        say(remark)
    found = report.findings
    summary = _("Preflight: {error} errors, {warning} warnings, {info} remarks").format(**found)
    mood = "red" if found["error"] else "yellow" if found["warning"] else None
    say(summary + (_(" (preflight.json)") if report.out else ""), mood=mood)


def _remarks(report: ExportReport) -> list[str]:
    return [
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
            "The text of {count} long note stands in several rows of the notes.",
            "The text of {count} long notes stands in several rows of the notes.",
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
    ]


def _remarks_on_changes(report: ExportReport) -> list[str]:
    return [
        _("Characters that importers do not take were put right: {list}").format(list=_listed(report.normalized))
        if report.normalized
        else "",
        _("Cells that some importers find too long, written whole: {list}").format(list=_listed(report.long_cells))
        if report.long_cells
        else "",
        _("{count} rows are as they were and were left out.").format(count=report.unchanged)
        if report.unchanged
        else "",
        _(
            "{count} rows can be loaded only once, were exported before, and were left out; --again exports them."
        ).format(count=report.already_loaded)
        if report.already_loaded
        else "",
        _("Since the last export {deleted} rows went away and {merged} were merged: deletions.csv, merges.csv").format(
            deleted=report.deleted, merged=report.merged
        )
        if report.deleted or report.merged
        else "",
        _("Columns with personal data were left out: {list}").format(list=", ".join(report.redacted))
        if report.redacted
        else "",
    ]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} × {count}" for name, count in counts.items())
