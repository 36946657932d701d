"""``notevault todo plan``."""

import click

from notevault.cli.base import App, command, marked, pass_app, say
from notevault.cli.changes import carry_out, change_options, undo_last
from notevault.messages import gettext as _
from notevault.report.stages import choose_deal
from notevault.todo_edits import plan_missing

KIND = "todo plan"


@command(
    "plan",
    help=marked(
        "Add the standard ToDos of the stage that nobody wrote to the newest note of DEAL, with due dates on working"
        " days. DEAL is the name of a deal, or a customer with one open deal. The diff is shown first."
    ),
)
@click.argument("deal", required=False)
@change_options
@pass_app
@click.pass_context
def plan_command(ctx: click.Context, app: App, *, deal: str | None, yes: bool, undo: bool) -> None:
    """Plan, or take the last planning back."""
    with app.fresh_workspace() as workspace:
        if undo:
            ctx.exit(undo_last(workspace, KIND))
        if not deal:
            raise click.UsageError(_("name a deal, or a customer with one open deal"), ctx)
        catalog, settings = workspace.catalog, workspace.settings
        chosen = choose_deal(catalog, deal)
        plan = plan_missing(workspace.vault, catalog, settings, workspace.templates, deal=chosen, today=workspace.today)
        if plan is None:
            say(_("Every standard ToDo of the stage is written."))
        else:
            ctx.exit(carry_out(workspace, plan, kind=KIND, yes=yes))
