"""``notevault customer split``."""

import click

from notevault.cli.base import App, command, marked, option, pass_app
from notevault.cli.changes import carry_out, change_options, undo_last
from notevault.cli.completion import complete_customers
from notevault.customers import plan_split
from notevault.messages import gettext as _

KIND = "customer split"


@command(
    "split",
    help=marked(
        "Say that SPELLING is a customer of its own: it is no alias any more. Where it still leads to the old customer"
        " by itself, a note for the new one is made. With --as the new one has another name; notes named with --note"
        " are rewritten to it."
    ),
)
@click.argument("spelling", required=False, shell_complete=complete_customers)
@option("--as", "called", metavar="NAME", help=marked("What the new customer is called."))
@option("--note", "notes", metavar="PATH", multiple=True, help=marked("Note of the new customer; may be repeated."))
@change_options
@pass_app
@click.pass_context
def split_command(
    ctx: click.Context,
    app: App,
    *,
    spelling: str | None,
    called: str | None,
    notes: tuple[str, ...],
    yes: bool,
    undo: bool,
) -> None:
    """Split, or take the last split back."""
    with app.fresh_workspace() as workspace:
        if undo:
            ctx.exit(undo_last(workspace, KIND))
        if not spelling:
            raise click.UsageError(_("name the spelling that is a customer of its own"), ctx)
        paths = [workspace.vault.resolve(note) for note in notes]
        plan = plan_split(workspace, spelling, called=called, notes=paths)
        ctx.exit(carry_out(workspace, plan, kind=KIND, yes=yes))
