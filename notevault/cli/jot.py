"""``notevault jot``."""

import re
import sys
from datetime import UTC, datetime
from typing import Final

import click

from notevault.cli.base import App, command, marked, option, pass_app, say
from notevault.cli.changes import show_diff
from notevault.cli.completion import complete_templates
from notevault.cli.output import Column, format_options, print_rows
from notevault.cli.wording import read_length, read_values
from notevault.errors import FileChangedError, NotevaultError, NothingToUndoError, WriteRefusedError
from notevault.jot import (
    INBOX,
    JotLine,
    Jotting,
    choose_jotting,
    load_jottings,
    plan_jot,
    plan_promotion,
    stamp_line,
)
from notevault.journal import FileChange, open_journal
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import NotePath
from notevault.note import digest_of
from notevault.records import field_names
from notevault.report.rows import make_row
from notevault.template import Template
from notevault.template.folder import load_template
from notevault.text import printable_path
from notevault.workspace import Workspace

KIND: Final = "jot --promote"
FIELDS = field_names(Jotting)
_TRIES: Final = 20


@command(
    "jot",
    help=marked(
        "Put one line into today's inbox, with the time. --list shows the lines nobody has dealt with; --promote turns"
        " some into a note of a template and takes them out of the inbox."
    ),
)
@click.argument("text", nargs=-1)
@option("--list", "listing", is_flag=True, help=marked("List the jottings, the oldest first."))
@option("--older", metavar="AGE", help=marked("Only jottings older than this: 7d, 2w."))
@option("--promote", metavar="N|TEXT", multiple=True, help=marked("Turn a line into a note; may be repeated."))
@option(
    "--template", default="meeting", show_default=True, shell_complete=complete_templates, help=marked("Of that note.")
)
@option("-s", "--set", "values", metavar="KEY=VALUE", multiple=True, help=marked("Value of a field of that note."))
@option("--keep", is_flag=True, help=marked("Tick the line and link the note instead of taking the line out."))
@option("--diff", is_flag=True, help=marked("Show what would be written, and write nothing."))
@option("--undo", is_flag=True, help=marked("Take the last --promote back, byte for byte."))
@format_options
@pass_app
def jot_command(
    app: App, /, *, text: tuple[str, ...], listing: bool, older: str | None, promote: tuple[str, ...], **options: object
) -> None:
    """Jot down, list, or promote."""
    if options["undo"]:
        with app.workspace() as workspace:
            _undo(workspace)
    elif promote:
        with app.fresh_workspace() as workspace:
            _promote(workspace, promote, options)
    elif listing or older:
        with app.fresh_workspace() as workspace:
            _list(workspace, older, str(options["output"]))
    else:
        with app.workspace() as workspace:
            _jot(workspace, text, diff=bool(options["diff"]))


def _jot(workspace: Workspace, words: tuple[str, ...], *, diff: bool) -> None:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- start-up time

    lines = [" ".join(words)] if words else _from_stdin()
    now = datetime.now(UTC).astimezone(ZoneInfo(workspace.settings.timezone))
    when = datetime.combine(workspace.today, now.time())
    path = write_items(workspace, [stamp_line(line, when) for line in lines], diff=diff)
    if not diff:
        say(printable_path(path), mood="green")


def _from_stdin() -> list[str]:
    if sys.stdin.isatty():
        raise click.UsageError(_("say what to jot down: notevault jot TEXT"))
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()]
    if not lines:
        raise click.UsageError(_("say what to jot down: notevault jot TEXT"))
    return lines


def write_items(workspace: Workspace, items: list[str], *, diff: bool = False) -> NotePath:
    """Put list items into today's inbox and return its path; another writer in between is waited out."""
    template = _load_inbox(workspace)
    for attempt in range(_TRIES):
        change = plan_jot(workspace.vault, template, workspace.settings, items, workspace.today)
        if diff:
            show_diff([change])
            break
        try:
            _write(workspace, change)
        except (FileChangedError, WriteRefusedError):
            if attempt == _TRIES - 1 or not _is_overtaken(workspace, change):
                raise
        else:
            break
    return change.path


def _load_inbox(workspace: Workspace) -> Template:
    return load_template(INBOX, workspace.templates, workspace.settings, workspace.language)


def _is_overtaken(workspace: Workspace, change: FileChange) -> bool:
    """Say whether another process wrote the note between reading and writing."""
    try:
        return workspace.vault.read(change.path)[0] != change.before
    except FileNotFoundError:
        return change.before is not None


def _write(workspace: Workspace, change: FileChange) -> None:
    if change.before is None:
        workspace.vault.create(change.path, change.after)
    else:
        workspace.vault.write(change.path, change.after, expected_digest=digest_of(change.before))


def _list(workspace: Workspace, older: str | None, output: str) -> None:
    lines = load_jottings(workspace.vault, workspace.catalog, _load_inbox(workspace), workspace.today)
    least = read_length(older, workspace.today) if older else None
    shown = [one for one in lines if least is None or (one.jotting.age is not None and one.jotting.age > least)]
    columns = [
        Column(heading="n", value=lambda row: str(row["n"]), right=True),
        Column(heading=_("date"), value=lambda row: row["date"] or ""),
        Column(heading=_("days"), value=lambda row: "" if row["age"] is None else str(row["age"]), right=True),
        Column(heading=_("jotting"), value=lambda row: _without_date(row["text"]), flexible=True),
        Column(heading=_("place"), value=lambda row: f"{row['path']}:{row['line']}", flexible=True),
    ]
    print_rows([make_row(one.jotting) for one in shown], columns, output, FIELDS)
    count = len(shown)
    say(ngettext("{count} jotting", "{count} jottings", count).format(count=count) if count else _("No jottings."))


def _without_date(text: str) -> str:
    found = re.match(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)? ", text)
    return text[found.end() :] if found else text


def _promote(workspace: Workspace, wishes: tuple[str, ...], options: dict[str, object]) -> None:
    lines = load_jottings(workspace.vault, workspace.catalog, _load_inbox(workspace), workspace.today)
    chosen: list[JotLine] = []
    for wish in wishes:
        line = choose_jotting(lines, wish)
        if line not in chosen:
            chosen.append(line)
    name = str(options["template"])
    template = workspace.templates.find(name) or workspace.templates.get(workspace.settings.find_type(name) or name)
    if template is None:
        known = ", ".join(sorted(workspace.templates))
        raise NotevaultError(
            _("no template '{name}' in templates/").format(name=name), _("there are: {names}").format(names=known)
        )
    given = options["values"]
    promotion = plan_promotion(
        workspace.vault,
        workspace.catalog,
        workspace.settings,
        template,
        chosen,
        values=read_values(given) if isinstance(given, tuple) else {},
        today=workspace.today,
        keep=bool(options["keep"]),
    )
    for remark in promotion.remarks:
        say(remark, mood="yellow")
    if options["diff"]:
        show_diff(promotion.changes)
        return
    open_journal(workspace.cache).carry_out(workspace.vault, promotion.changes, kind=KIND, title=promotion.title)
    click.echo(workspace.vault.locate(promotion.path))
    say(_("take it back with: {undo}").format(undo="notevault jot --undo"))


def _undo(workspace: Workspace) -> None:
    entry = open_journal(workspace.cache).find_last((KIND,))
    if entry is None:
        raise NothingToUndoError(KIND)
    for path in open_journal(workspace.cache).undo(workspace.vault, entry):
        say(printable_path(path), mood="green")
