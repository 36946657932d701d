"""``notevault doctor``."""

import click

from notevault.cli.base import App, command, marked, option, pass_app, progress_bar, say
from notevault.cli.output import print_json
from notevault.doctor import Examination, Finding, examine, repair
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.text import printable_path


@command(
    "doctor",
    help=marked(
        "Prove that text index, catalogue and notes agree, note by note, and show conflict copies beside their"
        " originals. Exits with 1 where they do not agree."
    ),
)
@option("--repair", "mend", is_flag=True, help=marked("Mend what does not agree; notes are never written."))
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@pass_app
@click.pass_context
def doctor_command(ctx: click.Context, app: App, *, mend: bool, as_json: bool) -> None:
    """Examine, mend where asked to, and report."""
    with app.workspace() as workspace:
        with progress_bar(_("Comparing notes")) as progress:
            found = examine(workspace, progress=progress)
        mended = mend and any(finding.mendable for finding in found.findings)
        if mended:
            for finding in found.findings:
                say(_line(finding), mood="yellow")
            with progress_bar(_("Reading notes")) as progress:
                repair(workspace, found, progress=progress)
            found = examine(workspace)
    if as_json:
        print_json(_row(found))
    else:
        _print(found, mended=mended)
    ctx.exit(0 if found.clean else 1)


def _row(found: Examination) -> dict[str, object]:
    return {
        "clean": found.clean,
        "notes": found.notes,
        "proved_by_terms": found.proved,
        "findings": [
            {
                "kind": finding.kind,
                "path": printable_path(finding.path) if finding.path is not None else None,
                "message": finding.message,
                "mendable": finding.mendable,
            }
            for finding in found.findings
        ],
        "copies": [
            {
                "path": printable_path(copy.path),
                "original": printable_path(copy.original) if copy.original else None,
                "diff": copy.diff,
            }
            for copy in found.copies
        ],
    }


def _line(finding: Finding) -> str:
    place = f"{printable_path(finding.path)}: " if finding.path is not None else ""
    return f"{place}{finding.message}"


def _print(found: Examination, *, mended: bool) -> None:
    for copy in found.copies:
        original = printable_path(copy.original) if copy.original else _("its original is gone")
        click.echo(_("conflict copy  {path} ({original})").format(path=printable_path(copy.path), original=original))
        for line in copy.diff.splitlines():
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            click.secho(f"  {line}", fg=colour)
    for finding in found.findings:
        click.echo(_line(finding))
    if 0 < found.proved < found.notes:
        say(_("Compared term by term: {count} notes, chosen by chance.").format(count=found.proved))
    notes = ngettext("{count} note", "{count} notes", found.notes).format(count=found.notes)
    if found.clean:
        text = _("Text index, catalogue and notes agree.")
        click.secho(f"{notes}. {_('Mended.')} {text}" if mended else f"{notes}. {text}", fg="green")
    elif any(finding.mendable for finding in found.findings):
        say(_("Mend with: notevault doctor --repair"), mood="yellow")
    else:
        say(_("The rest is for you to put right."), mood="yellow")
