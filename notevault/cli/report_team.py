"""``notevault report team``."""

from datetime import date
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.cli.document import print_document, write_document
from notevault.cli.new import create_note
from notevault.cli.output import format_options, print_json, print_rows
from notevault.cli.report_options import out_option
from notevault.cli.wording import read_day
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.report.rows import make_row
from notevault.report.say import Words
from notevault.report.team import TEAM_MEETING, Measure, TeamMeeting, plan_meeting
from notevault.report.team_page import make_agenda, render_agenda_note
from notevault.template import Template
from notevault.template.folder import parse_template, shipped_templates
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
            note = _write(workspace, meeting, words, dict(_split(value) for value in values))
            click.echo(workspace.vault.locate(note))
        elif output == "json":
            print_json(make_row(meeting))
        elif output != "table":
            fields = tuple(Measure.__dataclass_fields__)
            print_rows([make_row(each) for each in meeting.measures], (), output, fields)
        elif out is not None:
            write_document(make_agenda(meeting, words), out)
        else:
            print_document(make_agenda(meeting, words))


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


def _split(value: str) -> tuple[str, str]:
    key, equals, text = value.partition("=")
    if not equals or not key.strip():
        raise click.BadParameter(_("expected KEY=VALUE, found '{found}'").format(found=value))
    return key.strip(), text.strip()


def _write(workspace: Workspace, meeting: TeamMeeting, words: Words, values: dict[str, str]) -> NotePath:
    note = render_agenda_note(meeting, _load_template(workspace), values, workspace.settings, words)
    return create_note(workspace, note)


def _load_template(workspace: Workspace) -> Template:
    """Return the vault's template for team meetings, else the one that ships."""
    own = workspace.templates.get(TEAM_MEETING)
    if own is not None:
        return own
    text = shipped_templates(workspace.language).joinpath(f"{TEAM_MEETING}.md").read_text(encoding="utf-8")
    return parse_template(f"templates/{TEAM_MEETING}.md", text, workspace.settings)
