"""``notevault customer convert``."""

import click

from notevault.cli.base import App, command, marked, option, pass_app
from notevault.cli.changes import carry_out, change_options, undo_last
from notevault.cli.completion import complete_customers
from notevault.customers import plan_convert
from notevault.customers.convert import STATUSES
from notevault.messages import gettext as _

KIND = "customer convert"


@command(
    "convert",
    help=marked(
        "Say that a lead has become an account: its note gets the status and the day, and is made where there is none."
        " Its people, deals and notes stay as they are."
    ),
)
@click.argument("name", required=False, shell_complete=complete_customers)
@option(
    "--to",
    "status",
    type=click.Choice(STATUSES),
    default="account",
    help=marked("What it becomes: lead, account (default) or former."),
)
@change_options
@pass_app
@click.pass_context
def convert_command(ctx: click.Context, app: App, *, name: str | None, status: str, yes: bool, undo: bool) -> None:
    """Convert, or take the last conversion back."""
    with app.fresh_workspace() as workspace:
        if undo:
            ctx.exit(undo_last(workspace, KIND))
        if not name:
            raise click.UsageError(_("name the customer"), ctx)
        ctx.exit(carry_out(workspace, plan_convert(workspace, name, status=status), kind=KIND, yes=yes))
