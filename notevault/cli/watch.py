"""``notevault watch``."""

import signal
import sys
import threading
from datetime import datetime

import click

from notevault.cli.base import App, command, marked, option, pass_app, say
from notevault.cli.wording import name_stage
from notevault.config import Settings
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Severity, SyncReport
from notevault.text import printable_path
from notevault.watching import Happening, Remark, Saved, Swept

_SHOWN = 10
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@command(
    "watch",
    help=marked(
        "Keep the index up to date while notes are written, and say in one line what each save did. Stops with ^C."
    ),
)
@option(
    "--poll",
    type=click.FloatRange(min=0.2),
    metavar="SECONDS",
    help=marked("Look for changes this often instead of listening to the file system."),
)
@option("--install", is_flag=True, help=marked("Have it start with your session; what is written is shown first."))
@option("--uninstall", is_flag=True, help=marked("Stop and remove what --install made."))
@option("-y", "--yes", is_flag=True, help=marked("Install or uninstall without asking."))
@pass_app
@click.pass_context
def watch_command(
    ctx: click.Context, app: App, *, poll: float | None, install: bool, uninstall: bool, yes: bool
) -> None:
    """Watch until stopped."""
    if install or uninstall:
        if install and uninstall:
            raise click.UsageError(_("{one} does not go with {other}").format(one="--install", other="--uninstall"))
        ctx.exit(_change_service(app, uninstall=uninstall, yes=yes, poll=poll))
    from notevault.watch import Watcher  # noqa: PLC0415 -- start-up time of the other commands

    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell had it ignored
        signal.signal(number, _interrupt)
    with app.workspace() as workspace:
        workspace.today  # noqa: B018 -- faults in NOTEVAULT_TODAY are told now
        say(_("Watching {path}; stop with ^C.").format(path=workspace.root))
        try:
            Watcher(workspace, lambda happening: _print(happening, workspace.settings), poll=poll).run(
                threading.Event()
            )
        except KeyboardInterrupt:
            say(_("Stopped."))


def _change_service(app: App, *, uninstall: bool, yes: bool, poll: float | None) -> int:
    from notevault.cli import watch_service  # noqa: PLC0415 -- start-up time

    with app.workspace() as workspace:
        service = watch_service.find_service(workspace.root, poll=poll)
    return 0 if (watch_service.uninstall if uninstall else watch_service.install)(service, yes=yes) else 1


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _print(happening: Happening, settings: Settings) -> None:
    match happening:
        case Saved():
            _print_saved(happening, settings)
        case Swept(report=report):
            _print_report(report)
        case Remark():
            say(f"{_clock()}  {happening.message}", mood="yellow" if happening.trouble else None)
            if happening.hint:
                say(f"          {happening.hint}")
    if sys.stdout is not None:  # a Windows task has no console
        sys.stdout.flush()


def _print_saved(saved: Saved, settings: Settings) -> None:
    path = printable_path(saved.path)
    if saved.former is not None:
        path = f"{printable_path(saved.former)} → {path}"
    said = [saved.customer, name_stage(settings, saved.stage), _todos(saved.todos), saved.reason]
    line = f"{_clock()}  {_what(saved.what)}  {path}"
    said_line = " · ".join(part for part in said if part)
    click.echo(f"{line}  {said_line}" if said_line else line)
    for diagnostic in saved.diagnostics:
        place = f"{printable_path(diagnostic.path)}:{diagnostic.line}:{diagnostic.column}"
        rule = click.style(f"[{diagnostic.rule}]", fg=_COLOURS[diagnostic.severity])
        click.echo(f"  {place}: {rule} {diagnostic.message}")


def _print_report(report: SyncReport) -> None:
    lists = (("added", report.added), ("changed", report.changed), ("removed", report.removed))
    for what, paths in lists:
        for path in paths[:_SHOWN]:
            click.echo(f"{_clock()}  {_what(what)}  {printable_path(path)}")
        if len(paths) > _SHOWN:
            click.echo(f"{_clock()}  {_what(what)}  … {len(paths) - _SHOWN}")
    for old, new in report.renamed[:_SHOWN]:
        click.echo(f"{_clock()}  {_what('renamed')}  {printable_path(old)} → {printable_path(new)}")
    if len(report.renamed) > _SHOWN:
        click.echo(f"{_clock()}  {_what('renamed')}  … {len(report.renamed) - _SHOWN}")
    for failure in report.failed[:_SHOWN]:
        say(f"{_clock()}  {_what('failed')}  {printable_path(failure.path)}: {failure.reason}", mood="red")


def _clock() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")


def _what(what: str) -> str:
    words = {
        "added": _("added"),
        "changed": _("changed"),
        "renamed": _("renamed"),
        "removed": _("removed"),
        "failed": _("failed"),
    }
    return words[what]


def _todos(count: int) -> str:
    return ngettext("{count} open ToDo", "{count} open ToDos", count).format(count=count) if count else ""
