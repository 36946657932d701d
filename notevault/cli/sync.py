"""``notevault sync``."""

import click

from notevault.cli.base import App, command, marked, option, pass_app, run_sync, say
from notevault.cli.output import print_json
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import SyncReport
from notevault.text import printable_path

_SHOWN = 20


@command(
    "sync",
    help=marked(
        "Bring the index up to date with the notes. Only new and changed notes are read. Exits with 1 where a note"
        " could not be read."
    ),
)
@option("--full", is_flag=True, help=marked("Read every note and compare contents, whatever the file dates say."))
@option("--allow-empty", is_flag=True, help=marked("Go on even where most notes are gone."))
@option("--json", "as_json", is_flag=True, help=marked("Print the report as JSON."))
@pass_app
@click.pass_context
def sync_command(ctx: click.Context, app: App, *, full: bool, allow_empty: bool, as_json: bool) -> None:
    """Sync and report."""
    with app.workspace() as workspace:
        report = run_sync(workspace, full=full, allow_empty=allow_empty)
    if as_json:
        print_json(report_row(report))
    else:
        _print_report(report)
    ctx.exit(1 if report.failed else 0)


def report_row(report: SyncReport) -> dict[str, object]:
    """Return the report under its documented names."""
    return {
        "added": [printable_path(path) for path in report.added],
        "changed": [printable_path(path) for path in report.changed],
        "removed": [printable_path(path) for path in report.removed],
        "renamed": [{"from": printable_path(old), "to": printable_path(new)} for old, new in report.renamed],
        "failed": [{"path": printable_path(failure.path), "reason": failure.reason} for failure in report.failed],
        "warnings": list(report.warnings),
        "unchanged": report.unchanged,
        "seconds": round(report.seconds, 3),
        "finished": report.finished,
    }


def _print_report(report: SyncReport) -> None:
    lists = ((_("added"), report.added), (_("changed"), report.changed), (_("removed"), report.removed))
    for label, paths in lists:
        for path in paths[:_SHOWN]:
            click.echo(f"{label}  {printable_path(path)}")
        if len(paths) > _SHOWN:
            click.echo(f"{label}  … {len(paths) - _SHOWN}")
    for old, new in report.renamed:
        click.echo(_("renamed  {old} → {new}").format(old=printable_path(old), new=printable_path(new)))
    for failure in report.failed:
        say(_("failed  {path}: {reason}").format(path=printable_path(failure.path), reason=failure.reason), mood="red")
    for warning in report.warnings:
        say(warning, mood="yellow")
    total = report.unchanged + len(report.added) + len(report.changed) + len(report.renamed)
    click.echo(
        ngettext("{count} note", "{count} notes", total).format(count=total)
        + ": "
        + _("{added} added, {changed} changed, {removed} removed, {failed} failed ({seconds:.1f} s)").format(
            added=len(report.added),
            changed=len(report.changed) + len(report.renamed),
            removed=len(report.removed),
            failed=len(report.failed),
            seconds=report.seconds,
        )
    )
