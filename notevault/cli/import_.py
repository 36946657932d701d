"""``notevault import``."""

from dataclasses import asdict
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.changes import carry_out, change_options, undo_last
from notevault.cli.output import print_json
from notevault.customers import CustomerPlan
from notevault.export.corrections import CameBack, Corrections, find_corrections
from notevault.export.ledger import Ledger
from notevault.export.profile import load_profile
from notevault.messages import gettext as _
from notevault.messages import ngettext

_KIND = "import"


@command(
    "import",
    help=marked(
        "Show what was corrected in the CRM or a spreadsheet, as a diff against the notes' front matter, and write it"
        " if told. FILE is an export that came back: the profile's columns, known by the column of this program's ids."
    ),
)
@click.argument(
    "file", metavar="FILE.csv", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@option("--profile", "-p", default="generic", metavar="NAME", help=marked("Profile that FILE was exported with."))
@option(
    "--file",
    "name",
    default="",
    metavar="NAME",
    help=marked("Which file of the profile this is, where its name does not say it."),
)
@option("--json", "as_json", is_flag=True, help=marked("Print every difference as JSON; write nothing."))
@change_options
@no_sync_option
@pass_app
def import_command(
    app: App,
    /,
    *,
    file: Path | None,
    profile: str,
    name: str,
    as_json: bool,
    yes: bool,
    undo: bool,
    no_sync: bool,
) -> int:
    """Compare, show, write; 1 where nothing was written for want of a yes."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        if undo:
            return undo_last(workspace, _KIND)
        if file is None:
            raise click.UsageError(_("name the file that came back: notevault import --profile NAME FILE.csv"))
        chosen = load_profile(profile, workspace.root)
        path = workspace.root / workspace.settings.export.ledger.replace("{profile}", chosen.name)
        back = CameBack(path=file, profile=chosen, ledger=Ledger.load(path), file=name)
        found = find_corrections(workspace.catalog, workspace.settings, workspace.vault, back)
        if as_json:
            print_json(_report(found))
            return 0
        plan = CustomerPlan(title=_title(found, file), changes=found.changes, remarks=_remarks(found))
        return carry_out(workspace, plan, kind=_KIND, yes=yes)


def _report(found: Corrections) -> dict[str, object]:
    return {
        "file": found.file,
        "rows": found.rows,
        "unknown": found.unknown,
        "cleared": found.cleared,
        "differences": [asdict(correction) for correction in found.found],
    }


def _title(found: Corrections, file: Path) -> str:
    count = len(found.found)
    return ngettext(
        "{file}: {count} value differs from the notes", "{file}: {count} values differ from the notes", count
    ).format(file=file.name, count=count)


def _remarks(found: Corrections) -> tuple[str, ...]:
    remarks = [
        _("{id} {column}: '{theirs}' is not taken over ({why})").format(
            id=each.id, column=each.column, theirs=each.theirs[:60], why=each.why_not
        )
        for each in found.found
        if each.why_not
    ]
    if found.unknown:
        remarks.append(_("{count} rows have an id that no note knows").format(count=found.unknown))
    if found.cleared:
        remarks.append(
            _("{count} cells are empty there; nothing is taken away from the notes").format(count=found.cleared)
        )
    return tuple(remarks)
