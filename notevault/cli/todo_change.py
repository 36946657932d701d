"""``notevault todo done``, ``reopen``, ``cancel``, ``defer``, ``assign``."""

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from notevault.cli.base import App, command, marked, option, pass_app, say
from notevault.cli.completion import complete_owners
from notevault.cli.output import print_json
from notevault.cli.wording import read_day
from notevault.edits import apply_edits, render_diff
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Edit
from notevault.note import decode_note
from notevault.text import printable_path, visible
from notevault.todo_edits import (
    LineChange,
    Rewrite,
    TodoChanges,
    are_dated,
    cancel,
    choose_new_owner,
    hand_to,
    mark_done,
    plan_changes,
    put_off,
    reopen,
)
from notevault.workspace import Workspace


def _complete_todos(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    try:
        with ctx.ensure_object(App).workspace() as workspace:
            rows = workspace.catalog.select(
                "SELECT id, text FROM todos WHERE status = 'open' AND substr(id, 1, length(:typed)) = :typed LIMIT 200",
                {"typed": typed},
            )
            return [CompletionItem(row["id"], help=row["text"]) for row in rows]
    except (NotevaultError, OSError):
        return []


def _ids(function: Any) -> Any:  # noqa: ANN401 -- click's own decorators
    return click.argument("ids", metavar="ID…", nargs=-1, required=True, shell_complete=_complete_todos)(function)


def _change_options(function: Any) -> Any:  # noqa: ANN401
    function = option("--json", "as_json", is_flag=True, help=marked("Print JSON."))(function)
    return option("--diff", is_flag=True, help=marked("Show what would be written, and write nothing."))(function)


@command("done", help=marked("Tick ToDos, in every note that has them; the rest of the note stays as it is."))
@_ids
@option(
    "--dated/--undated",
    default=None,
    help=marked("Write the day behind, or do not (default: as most ToDos of the vault have it)."),
)
@_change_options
@pass_app
def done_command(app: App, *, ids: tuple[str, ...], dated: bool | None, diff: bool, as_json: bool) -> None:
    """Tick."""

    def choose(workspace: Workspace) -> Rewrite:
        wanted = are_dated(workspace.catalog) if dated is None else dated
        return mark_done(workspace.today if wanted else None)

    _change(app, ids, choose, diff=diff, as_json=as_json)


@command("reopen", help=marked("Open ToDos again that are done or cancelled."))
@_ids
@_change_options
@pass_app
def reopen_command(app: App, *, ids: tuple[str, ...], diff: bool, as_json: bool) -> None:
    """Untick."""
    _change(app, ids, lambda _workspace: reopen, diff=diff, as_json=as_json)


@command("cancel", help=marked("Call ToDos off: they stay in the note as [-]."))
@_ids
@_change_options
@pass_app
def cancel_command(app: App, *, ids: tuple[str, ...], diff: bool, as_json: bool) -> None:
    """Call off."""
    _change(app, ids, lambda _workspace: cancel, diff=diff, as_json=as_json)


@command("defer", help=marked("Put ToDos off to DATE: 2026-12-04, 12/4, tomorrow, next-week, 来週金曜."))
@_ids
@click.argument("day", metavar="DATE")
@_change_options
@pass_app
def defer_command(app: App, *, ids: tuple[str, ...], day: str, diff: bool, as_json: bool) -> None:
    """Put off."""
    _change(app, ids, lambda workspace: put_off(read_day(day, workspace.today)), diff=diff, as_json=as_json)


@command("assign", help=marked("Hand ToDos over to OWNER."))
@_ids
@click.argument("owner", shell_complete=complete_owners)
@_change_options
@pass_app
def assign_command(app: App, *, ids: tuple[str, ...], owner: str, diff: bool, as_json: bool) -> None:
    """Hand over."""

    def choose(workspace: Workspace) -> Rewrite:
        return hand_to(choose_new_owner(workspace.catalog, workspace.settings, owner), workspace.settings)

    _change(app, ids, choose, diff=diff, as_json=as_json)


def _change(
    app: App, ids: tuple[str, ...], choose: Callable[[Workspace], Rewrite], *, diff: bool, as_json: bool
) -> None:
    with app.fresh_workspace() as workspace:
        changes = plan_changes(workspace.vault, workspace.catalog, ids, choose(workspace))
        if diff and not as_json:
            show_edits(workspace, changes.edits)
        elif not diff:
            workspace.vault.apply(changes.edits)
        if as_json:
            print_json({"changes": [_row(line) for line in changes.lines], "unchanged": list(changes.unchanged)})
        elif not diff:
            for line in changes.lines:
                _print_line(line)
        _summarize(changes, written=not diff)


def show_edits(workspace: Workspace, edits: tuple[Edit, ...]) -> None:
    """Print what edits would make of the notes, as a unified diff."""
    for path in dict.fromkeys(edit.path for edit in edits):
        text = decode_note(workspace.vault.read(path)[0]).text
        after = apply_edits(text, [edit for edit in edits if edit.path == path])
        for line in render_diff(printable_path(path), text, after).splitlines():
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            click.secho(visible(line), fg=colour)


def _print_line(line: LineChange) -> None:
    click.secho(f"{printable_path(line.path)}:{line.line}  {line.id}", bold=True)
    click.secho(f"- {visible(line.before.strip())}", fg="red")
    click.secho(f"+ {visible(line.after.strip())}", fg="green")


def _summarize(changes: TodoChanges, *, written: bool) -> None:
    for todo_id in changes.unchanged:
        say(_("{id} is so already; nothing to write").format(id=todo_id))
    places = len(changes.lines)
    if places and written:
        notes = len({line.path for line in changes.lines})
        message = ngettext("{count} line changed", "{count} lines changed", places).format(count=places)
        more = ngettext("in {count} note", "in {count} notes", notes).format(count=notes)
        say(f"{message} {more}", mood="green")


def _row(line: LineChange) -> dict[str, object]:
    return {
        "id": line.id,
        "path": printable_path(line.path),
        "line": line.line,
        "before": line.before,
        "after": line.after,
    }
