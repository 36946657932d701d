"""``notevault report undone``."""

from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.output import format_options
from notevault.cli.report_options import find_owners, out_option, owner_option, put_out
from notevault.records import field_names
from notevault.report.say import Words
from notevault.report.undone import KINDS, Undone, list_undone
from notevault.report.undone_page import make_undone


@command(
    "undone",
    help=marked(
        "What should have happened by now and did not, in one list: ToDos overdue, standard ToDos nobody wrote, deals"
        " without a next step, too long in a stage or past their close date, announced meetings without a note,"
        " questions without an answer, lost deals not looked at again, leads and customers nobody spoke to."
    ),
)
@option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    metavar="KIND",
    multiple=True,
    help=marked(
        "Only these; may be repeated: todo, not-written, no-next-step, too-long, close-passed, meeting, consult,"
        " revisit, lead, silent."
    ),
)
@owner_option(marked("Only what this person has to do."))
@out_option
@format_options
@no_sync_option
@pass_app
def undone_command(
    app: App, *, kinds: tuple[str, ...], owner: str | None, out: Path | None, output: str | None, no_sync: bool
) -> None:
    """List what did not happen."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        owners = find_owners(workspace, owner)
        found = list_undone(workspace.catalog, workspace.settings, workspace.today, owners=owners)
        chosen = [each for each in found if not kinds or each.kind in kinds]
        words = Words(settings=workspace.settings, language=workspace.language)
        put_out(chosen, field_names(Undone), output, make_undone(chosen, words), out)
