"""``notevault report team``."""

from datetime import date
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.document import put_document
from notevault.cli.new import create_note
from notevault.cli.output import format_options, print_json, print_rows
from notevault.cli.report_options import out_option
from notevault.cli.wording import read_day, read_values
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.records import field_names
from notevault.report.rows import make_row
from notevault.report.say import Words
from notevault.report.team import TEAM_MEETING, Measure, TeamMeeting, plan_meeting
from notevault.report.team_page import make_agenda, render_agenda_note
from notevault.template.folder import load_template
from notevault.workspace import Workspace


@command(
    "team",
    help=marked(
        "The agenda of the sales meeting with its figures: targets, contacts and ToDos by owner, deals won, lost, moved"
        " and standing still, open questions, and what became of the last meeting's measures. --write makes a note of"
        " the template team-meeting from it. --csv lists the measures."
    ),
)
@option("--date", "day", default="today", metavar="DATE", help=marked("Day of the meeting (default: today)."))
@option("--since", metavar="DATE", help=marked("From when on (default: the last meeting, else a week ago)."))
@option("--write", is_flag=True, help=marked("Write the meeting's note and print its path."))
@option(
    "-s",
    "--set",
    "values",
    metavar="KEY=VALUE",
    multiple=True,
    help=marked("With --write: value of a field; may be repeated."),
)
@out_option
@format_options
@no_sync_option
@pass_app
def team_command(
    app: App,
    /,
    *,
    day: str,
    since: str | None,
    write: bool,
    values: tuple[str, ...],
    out: Path | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """Plan the meeting."""
    if values and not write:
        raise click.UsageError(_("--set goes with --write"))
    with app.fresh_workspace(sync=not no_sync) as workspace:
        meeting = _plan(workspace, day, since)
        words = Words(settings=workspace.settings, language=workspace.language)
        if write:
            note = _write(workspace, meeting, words, read_values(values))
            click.echo(workspace.vault.locate(note))
        elif output == "json":
            print_json(make_row(meeting))
        elif output != "table":
            fields = field_names(Measure)
            print_rows([make_row(each) for each in meeting.measures], (), output, fields)
        else:
            put_document(make_agenda(meeting, words), out)


def _plan(workspace: Workspace, day: str, since: str | None) -> TeamMeeting:
    today = workspace.today
    first: date | None = read_day(since, today, prefer="past") if since else None
    return plan_meeting(
        workspace.catalog,
        workspace.settings,
        read_day(day, today, prefer="future"),
        language=workspace.language,
        since=first,
    )


def _write(workspace: Workspace, meeting: TeamMeeting, words: Words, values: dict[str, str]) -> NotePath:
    template = load_template(TEAM_MEETING, workspace.templates, workspace.settings, workspace.language)
    note = render_agenda_note(meeting, template, values, workspace.settings, words)
    return create_note(workspace, note)
