"""``notevault status``."""

from datetime import datetime

import click

from notevault.cli.base import App, command, marked, option, pass_app, say
from notevault.cli.output import print_json
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.presence import WatcherState
from notevault.status import Status, iter_left_out, load_status
from notevault.text import printable_path
from notevault.vault import Ignored

_SHOWN = 10
LARGE_VAULT = 20_000
"""From so many notes on Tantivy is worth its installing."""


@command(
    "status",
    help=marked(
        "Say what is indexed, what could not be read, who watches, and whether the index is fresh. Exits with 1 where"
        " it is not."
    ),
)
@option("--ignored", is_flag=True, help=marked("List what is in the vault and not taken for a note, with the reason."))
@option(
    "--why",
    metavar="NOTE",
    help=marked("Say why a note is found or not, from its file to its terms; exits with 1 where it is not."),
)
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@pass_app
@click.pass_context
def status_command(ctx: click.Context, app: App, *, ignored: bool, why: str | None, as_json: bool) -> None:
    """Compare and report."""
    if ignored and why:
        raise click.UsageError(_("{one} does not go with {other}").format(one="--ignored", other="--why"))
    with app.workspace() as workspace:
        if ignored:
            _print_ignored(list(iter_left_out(workspace)), as_json=as_json)
            ctx.exit(0)
        if why is not None:
            from notevault.cli.status_why import print_standing  # noqa: PLC0415 -- start-up time

            ctx.exit(0 if print_standing(workspace, why, as_json=as_json) else 1)
        status = load_status(workspace)
        engine = workspace.settings.index.engine
    if as_json:
        print_json({**_row(status), "engine": engine})
    else:
        _print(status)
        if engine == "whoosh" and status.notes > LARGE_VAULT:
            click.echo(
                _("With so many notes search is faster with: pip install 'notevault[tantivy]', and in notevault.toml:")
            )
            click.echo('  index.engine = "tantivy"')
    ctx.exit(0 if status.fresh else 1)


def _row(status: Status) -> dict[str, object]:
    return {
        "vault": str(status.vault),
        "cache": str(status.cache),
        "notes": status.notes,
        "failed": len(status.failed),
        "fresh": status.fresh,
        "out_of_step": status.out_of_step,
        "last_sync": status.last_sync,
        "last_reconcile": status.last_scan,
        "watcher": _watcher_row(status.watcher) if status.watcher else None,
        "pending": [printable_path(path) for path in status.pending],
        "failures": [{"path": printable_path(failure.path), "reason": failure.reason} for failure in status.failed],
        "not_parsed": status.not_parsed,
        "copies": status.copies,
        "in_the_cloud_only": [printable_path(path) for path in status.placeholders],
    }


def _watcher_row(watcher: WatcherState) -> dict[str, object]:
    return {
        "pid": watcher.pid,
        "since": watcher.since,
        "alive": watcher.alive,
        "silent": watcher.silent,
        "mode": watcher.mode,
        "pending": watcher.pending,
    }


def _print(status: Status) -> None:
    click.echo(_("Vault      {path}").format(path=status.vault))
    click.echo(_("Index      {path}").format(path=status.cache))
    click.echo(_("Last sync  {when}").format(when=_local(status.last_sync) or _("never")))
    click.echo(_("Whole walk {when}").format(when=_local(status.last_scan) or _("never")))
    click.echo(_("Watched    {watcher}").format(watcher=_describe_watcher(status.watcher)))
    click.echo(_("Notes      {count}").format(count=status.notes))
    _print_list(_("Could not be read:"), [f"{printable_path(f.path)}: {f.reason}" for f in status.failed])
    _print_list(_("Front matter could not be read (searched as text; see notevault check):"), list(status.not_parsed))
    _print_list(_("Conflict copies:"), list(status.copies))
    _print_list(
        _("In the cloud only (what was known of them is still found):"), list(map(printable_path, status.placeholders))
    )
    if status.fresh:
        click.secho(_("Fresh: the index agrees with the files."), fg="green")
    else:
        click.secho(_("Not fresh: run notevault sync."), fg="yellow")
        if status.out_of_step:
            click.echo(f"  {status.out_of_step}")
        _print_list(_("Changed since:"), [printable_path(path) for path in status.pending])


def _local(moment: str | None) -> str:
    """Return a stored moment as the clock on the wall shows it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _describe_watcher(watcher: WatcherState | None) -> str:
    if watcher is None:
        return _("by nobody")
    names = {"pid": watcher.pid, "since": _local(watcher.since)}
    if not watcher.alive:
        return _("by nobody; process {pid}, which watched since {since}, died").format(**names)
    if watcher.silent:
        return _("by process {pid} since {since}, which has been silent for long").format(**names)
    if watcher.mode == "events":
        return _("by process {pid} since {since}").format(**names)
    return _("by process {pid} since {since}, looking from time to time").format(**names)


def _print_ignored(ignored: list[Ignored], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [{"path": printable_path(one.path), "folder": one.is_folder, "reason": one.reason} for one in ignored]
        )
        return
    for one in ignored:
        click.echo(f"{printable_path(one.path)}{'/' if one.is_folder else ''}: {one.reason}")
    if ignored:
        text = ngettext("{count} is not taken for a note", "{count} are not taken for notes", len(ignored))
        say(text.format(count=len(ignored)))
    else:
        say(_("Everything here is a note."))


def _print_list(heading: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(f"{heading} {len(lines)}")
    for line in lines[:_SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > _SHOWN:
        click.echo("  " + _("… and {count} more").format(count=len(lines) - _SHOWN))
