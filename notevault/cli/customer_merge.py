"""``notevault customer merge``."""

import click

from notevault.cli.base import App, command, marked, option, pass_app
from notevault.cli.changes import carry_out, change_options, undo_last
from notevault.cli.completion import complete_customers
from notevault.customers import plan_merge
from notevault.messages import gettext as _

KIND = "customer merge"


@command(
    "merge",
    help=marked(
        "Say that OTHER is the customer KEEP. The names of OTHER become aliases in the note of KEEP, made if there is"
        " none; what the notes say of either is one customer's from then on. The diff is shown first; --undo gives"
        " every byte back."
    ),
)
@click.argument("keep", required=False, shell_complete=complete_customers)
@click.argument("other", required=False, shell_complete=complete_customers)
@option("--rewrite", is_flag=True, help=marked("Also write the name of KEEP into the notes that name OTHER."))
@change_options
@pass_app
@click.pass_context
def merge_command(
    ctx: click.Context, app: App, *, keep: str | None, other: str | None, rewrite: bool, yes: bool, undo: bool
) -> None:
    """Merge, or take the last merge back."""
    with app.fresh_workspace() as workspace:
        if undo:
            ctx.exit(undo_last(workspace, KIND))
        if not keep or not other:
            raise click.UsageError(_("name the customer to keep and the one that is the same"), ctx)
        ctx.exit(carry_out(workspace, plan_merge(workspace, keep, other, rewrite=rewrite), kind=KIND, yes=yes))
