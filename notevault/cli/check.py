"""``notevault check``."""

from collections import Counter
from pathlib import Path

import click

from notevault.check.cached import load_diagnostics
from notevault.cli.base import App, bring_up_to_date, command, marked, no_sync_option, option, pass_app, run_check, say
from notevault.cli.output import print_json
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Diagnostic, Severity
from notevault.text import printable_path

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@command(
    "check",
    help=marked(
        "Hold notes against their templates: PATHs are notes or folders, none means all. Prints path:line:column:"
        " [rule] message. Exits with 1 where there are errors."
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@option("--json", "as_json", is_flag=True, help=marked("Print JSON."))
@no_sync_option
@pass_app
@click.pass_context
def check_command(ctx: click.Context, app: App, *, paths: tuple[str, ...], as_json: bool, no_sync: bool) -> None:
    """Check and report."""
    with app.workspace() as workspace:
        if not no_sync:
            bring_up_to_date(workspace)
        run_check(workspace)
        places = [workspace.vault.resolve(path, base=Path.cwd()) for path in paths]
        found = load_diagnostics(workspace.catalog, [printable_path(place) for place in places])
    if as_json:
        print_json([diagnostic_row(diagnostic) for diagnostic in found])
    else:
        _print(found)
    ctx.exit(1 if any(diagnostic.severity is Severity.ERROR for diagnostic in found) else 0)


def diagnostic_row(diagnostic: Diagnostic) -> dict[str, object]:
    """Return a diagnostic under its documented names."""
    return {
        "path": printable_path(diagnostic.path),
        "line": diagnostic.line,
        "column": diagnostic.column,
        "rule": diagnostic.rule,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint or None,
    }


def _print(found: list[Diagnostic]) -> None:
    for diagnostic in found:
        place = f"{printable_path(diagnostic.path)}:{diagnostic.line}:{diagnostic.column}"
        rule = click.style(f"[{diagnostic.rule}]", fg=_COLOURS[diagnostic.severity])
        hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
        click.echo(f"{place}: {rule} {diagnostic.message}{hint}")
    counts = Counter(diagnostic.severity for diagnostic in found)
    if not found:
        say(_("Nothing to complain about."), mood="green")
        return
    errors, warnings, infos = (counts[severity] for severity in Severity)
    say(
        ", ".join(
            (
                ngettext("{count} error", "{count} errors", errors).format(count=errors),
                ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
                ngettext("{count} remark", "{count} remarks", infos).format(count=infos),
            )
        )
    )
