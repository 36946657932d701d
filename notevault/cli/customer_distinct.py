"""``notevault customer distinct``."""

import click

from notevault.cli.base import App, command, marked, pass_app
from notevault.cli.changes import carry_out, change_options, undo_last
from notevault.cli.completion import complete_customers
from notevault.customers import plan_distinct
from notevault.messages import gettext as _

KIND = "customer distinct"


@command(
    "distinct",
    help=marked(
        "Say that two customers that look like one are two. The note of the one names the other under"
        " 'distinct_from', and 'customer duplicates' does not propose the pair again. The diff is shown first; --undo"
        " gives every byte back."
    ),
)
@click.argument("customer", required=False, shell_complete=complete_customers)
@click.argument("other", required=False, shell_complete=complete_customers)
@change_options
@pass_app
@click.pass_context
def distinct_command(
    ctx: click.Context, app: App, *, customer: str | None, other: str | None, yes: bool, undo: bool
) -> None:
    """Tell two customers apart, or take the last such decision back."""
    with app.fresh_workspace() as workspace:
        if undo:
            ctx.exit(undo_last(workspace, KIND))
        if not customer or not other:
            raise click.UsageError(_("name the two customers"), ctx)
        ctx.exit(carry_out(workspace, plan_distinct(workspace, customer, other), kind=KIND, yes=yes))
