"""``notevault status``."""

import click

from notevault.cli.base import App, command, marked, option, pass_app
from notevault.cli.output import print_json
from notevault.messages import gettext as _
from notevault.status import Status, load_status
from notevault.text import printable_path

_SHOWN = 10
LARGE_VAULT = 20_000
"""From so many notes on Tantivy is worth its installing."""


@command(
    "status",
    help=marked(
        "Say what is indexed, what could not be read, and whether the index is fresh. Exits with 1 where it is not."
    ),
)
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@pass_app
@click.pass_context
def status_command(ctx: click.Context, app: App, *, as_json: bool) -> None:
    """Compare and report."""
    with app.workspace() as workspace:
        status = load_status(workspace.vault, workspace.catalog)
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
        "last_sync": status.last_sync,
        "pending": [printable_path(path) for path in status.pending],
        "failures": [{"path": printable_path(failure.path), "reason": failure.reason} for failure in status.failed],
        "not_parsed": status.not_parsed,
        "copies": status.copies,
    }


def _print(status: Status) -> None:
    click.echo(_("Vault      {path}").format(path=status.vault))
    click.echo(_("Index      {path}").format(path=status.cache))
    click.echo(_("Last sync  {when}").format(when=status.last_sync or _("never")))
    click.echo(_("Notes      {count}").format(count=status.notes))
    _print_list(_("Could not be read:"), [f"{printable_path(f.path)}: {f.reason}" for f in status.failed])
    _print_list(_("Front matter could not be read (searched as text; see notevault check):"), list(status.not_parsed))
    _print_list(_("Conflict copies:"), list(status.copies))
    if status.fresh:
        click.secho(_("Fresh: the index agrees with the files."), fg="green")
    else:
        click.secho(_("Not fresh: run notevault sync."), fg="yellow")
        _print_list(_("Changed since:"), [printable_path(path) for path in status.pending])


def _print_list(heading: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(f"{heading} {len(lines)}")
    for line in lines[:_SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > _SHOWN:
        click.echo("  " + _("… and {count} more").format(count=len(lines) - _SHOWN))
