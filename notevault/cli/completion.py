"""``notevault completion SHELL``, and what the shell completes: customers, stages, owners, templates."""

import sqlite3
from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem, get_completion_class

from notevault.cli.base import App, command, marked
from notevault.errors import NotevaultError
from notevault.workspace import Workspace


@command(
    "completion",
    help=marked(
        'Print the completion script of SHELL. bash: put  eval "$(notevault completion bash)"  into ~/.bashrc; zsh the'
        " same into ~/.zshrc; fish: notevault completion fish > ~/.config/fish/completions/notevault.fish"
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, *, shell: str) -> None:
    """Print the script that click makes for the shell."""
    found = get_completion_class(shell)
    if found is None:
        raise click.BadParameter(shell)
    click.echo(found(ctx.find_root().command, {}, "notevault", "_NOTEVAULT_COMPLETE").source())


def complete_customers(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the customers whose name or another spelling begins with what was typed."""
    return _from_workspace(
        ctx,
        lambda workspace: (
            row[0]
            for row in workspace.catalog.select(
                "SELECT DISTINCT c.name FROM customers c JOIN customer_names n ON n.customer_id = c.id"
                " WHERE substr(n.name, 1, length(:typed)) = :typed ORDER BY c.name LIMIT 200",
                {"typed": typed},
            )
        ),
    )


def complete_stages(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the stages by key and name."""
    return _from_workspace(
        ctx,
        lambda workspace: (
            name
            for stage in workspace.settings.stages.values()
            for name in (stage.key, stage.ja, stage.en)
            if name.startswith(typed)
        ),
    )


def complete_owners(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the reps of the settings and of the notes."""
    return _from_workspace(
        ctx,
        lambda workspace: sorted(
            {key for key in workspace.settings.owners if key.startswith(typed)}
            | {
                row[0]
                for row in workspace.catalog.select("SELECT DISTINCT owner FROM notes WHERE owner IS NOT NULL")
                if row[0].startswith(typed)
            }
        ),
    )


def complete_templates(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Return the vault's templates."""
    return _from_workspace(ctx, lambda workspace: (name for name in workspace.templates if name.startswith(typed)))


def _from_workspace(ctx: click.Context, ask: Callable[[Workspace], Iterable[str]]) -> list[CompletionItem]:
    """Return what ``ask`` finds; completion never prints an error into a command line half typed."""
    try:
        with ctx.ensure_object(App).workspace() as workspace:
            return [CompletionItem(value) for value in dict.fromkeys(ask(workspace))]
    except (NotevaultError, OSError, sqlite3.Error):
        return []
