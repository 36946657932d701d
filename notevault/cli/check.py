"""``notevault check``."""

from typing import Any, Final

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app
from notevault.messages import gettext as _

FORMATS: Final = ("text", "json", "github", "sarif")
_PAGE_WIDTH: Final = 100


@command(
    "check",
    help=marked(
        "Hold notes against their templates: PATHs are notes or folders, none means all. Prints path:line:column:"
        " [rule] message. Exits with 1 where there are errors."
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@option("--fix", is_flag=True, help=marked("Put right what needs no question, then report what is left."))
@option("--diff", is_flag=True, help=marked("Show what --fix would change, and change nothing."))
@option("--select", metavar="RULE[,RULE]", multiple=True, help=marked("Only these rules."))
@option("--ignore", metavar="RULE[,RULE]", multiple=True, help=marked("Not these rules."))
@option("--remarks", is_flag=True, help=marked("List remarks too: what is right, but not spelled as agreed."))
@option("--format", "output", type=click.Choice(FORMATS), default="text", help=marked("How to print."))
@option("--json", "output", flag_value="json", help=marked("Print JSON."))
@option("--explain", metavar="RULE", help=marked("Print the page of a rule; 'list' prints all their names."))
@option("--stdin-filename", metavar="PATH", help=marked("Check the text on standard input as the note PATH."))
@no_sync_option
@pass_app
@click.pass_context
def check_command(ctx: click.Context, app: App, /, *, explain: str | None, **options: Any) -> None:  # noqa: ANN401
    """Check and report."""
    if explain:
        _explain(explain)
        return
    with app.workspace() as workspace:
        if not (options["no_sync"] or options["stdin_filename"]):
            workspace.look_early()
        from notevault.cli.check_call import CheckCall, Wish  # noqa: PLC0415 -- while the disk is looked at

        ctx.exit(CheckCall(workspace, Wish(**options)).run())


def _explain(name: str) -> None:
    from notevault.check import find_rule  # noqa: PLC0415 -- start-up time
    from notevault.check.registry import RULES  # noqa: PLC0415 -- start-up time
    from notevault.cli.help_text import wrap  # noqa: PLC0415 -- start-up time
    from notevault.cli.output import terminal_width  # noqa: PLC0415 -- start-up time

    if name == "list":
        for rule in RULES:
            click.echo(f"{rule.id:20} {rule.severity.value:8} {rule.explain()[0]}")
        return
    rule = find_rule(name)
    click.secho(f"{rule.id} ({rule.severity.value})", bold=True)
    for paragraph in rule.explain():
        click.echo("\n" + "\n".join(wrap(paragraph, min(terminal_width() or _PAGE_WIDTH, _PAGE_WIDTH))))
    if rule.examples:
        for heading, example in zip((_("Before:"), _("After:")), rule.examples, strict=True):
            click.echo(f"\n{heading}\n\n{example}")
