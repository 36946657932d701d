"""``notevault migrate``."""

import click

from notevault.check.rule import find_template
from notevault.cli.base import (
    App,
    bring_up_to_date,
    command,
    marked,
    no_sync_option,
    option,
    pass_app,
    progress_bar,
    say,
)
from notevault.cli.completion import complete_templates
from notevault.cli.output import print_json
from notevault.edits import render_diff
from notevault.errors import UnknownNameError
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Failure, NotePath
from notevault.refine.corpus import make_scope
from notevault.refine.migrate import make_rules
from notevault.refine.run import (
    MigrationPlan,
    Written,
    iter_needs,
    plan_migration,
    undo_migration,
    write_migration,
)
from notevault.refine.todo_list import resolve_todo_note, write_todo_list
from notevault.text import closest, printable_path
from notevault.workspace import Workspace

_SHOWN = 20


@command(
    "migrate",
    help=marked(
        "Bring the notes of TYPE to the newest version of its template: names of keys and headings, spellings of"
        " values, defaults. Prints a diff; --write writes, --undo puts every byte back. Exits with 1 where a note could"
        " not be written."
    ),
)
@click.argument("type_name", metavar="TYPE", shell_complete=complete_templates)
@option("--write", is_flag=True, help=marked("Write the notes. Stopped at any point, the next run goes on."))
@option("--undo", is_flag=True, help=marked("Put back what the last migration of this type wrote."))
@option("--for-untyped", is_flag=True, help=marked("Take the notes that give no type, and give them this one."))
@option("--folder", default="", metavar="FOLDER", help=marked("Only notes in this folder of the vault."))
@option("--todos", metavar="NOTE", help=marked("Add what needs a person to this note, as ToDos."))
@option("--json", "as_json", is_flag=True, help=marked("Print JSON instead of the diff."))
@no_sync_option
@pass_app
@click.pass_context
def migrate_command(
    ctx: click.Context,
    app: App,
    *,
    type_name: str,
    write: bool,
    undo: bool,
    for_untyped: bool,
    folder: str,
    todos: str | None,
    as_json: bool,
    no_sync: bool,
) -> None:
    """Plan, and write or undo where asked."""
    if write and undo:
        raise click.UsageError(_("--write and --undo exclude each other"))
    with app.fresh_workspace(sync=not (no_sync or undo)) as workspace:
        if undo:
            written = _undo(workspace, type_name)
            ctx.exit(1 if written.failed else 0)
        todo_note = resolve_todo_note(workspace.vault, todos) if todos is not None else None
        plan = _plan(workspace, type_name, folder, todo_note, for_untyped=for_untyped)
        if as_json:
            print_json(_row(plan))
        elif not write:
            _print_diffs(plan)
        failed = [*plan.failed, *(_write(workspace, type_name, plan) if write else ())]
        _say_needs(plan, as_json=as_json)
        if todo_note is not None:
            added = write_todo_list(workspace.vault, todo_note, iter_needs(plan.needing))
            say(_("{count} ToDos added to {path}").format(count=added, path=printable_path(todo_note)))
        if write or todo_note is not None:
            bring_up_to_date(workspace)
    _say_failures(failed)
    ctx.exit(1 if failed else 0)


def _plan(
    workspace: Workspace, type_name: str, folder: str, todo_note: NotePath | None, *, for_untyped: bool
) -> MigrationPlan:
    catalog, settings, templates = workspace.catalog, workspace.settings, workspace.templates
    template = find_template(type_name, templates, settings)
    if template is None:
        near = closest(type_name, list(templates))
        raise UnknownNameError(_("template"), type_name, [near] if near else [])
    scope = make_scope(catalog, settings, templates, template.name, folder=folder, untyped=for_untyped)
    rules = make_rules(template, templates, settings, today=workspace.today, give_type=scope.untyped)
    with progress_bar(_("Planning")) as progress:
        plan = plan_migration(workspace.vault, catalog, rules, scope, without=todo_note, progress=progress)
    if not plan.looked_at and not for_untyped:
        say(_("No note has the type '{type}'; --for-untyped takes those without one.").format(type=template.name))
    return plan


def _write(workspace: Workspace, type_name: str, plan: MigrationPlan) -> tuple[Failure, ...]:
    template = find_template(type_name, workspace.templates, workspace.settings)
    assert template is not None  # noqa: S101 -- the plan was made with it
    rules = make_rules(template, workspace.templates, workspace.settings, today=workspace.today)
    try:
        with workspace.lock(), progress_bar(_("Writing")) as progress:
            written = write_migration(workspace.vault, workspace.cache, rules, plan.changing, progress=progress)
    except KeyboardInterrupt:
        say(_("Stopped. Run the command again to go on, or with --undo to put everything back."))
        raise
    say(ngettext("{count} note written", "{count} notes written", len(written.notes)).format(count=len(written.notes)))
    if written.notes:
        say(_("To put everything back: {command}").format(command=f"notevault migrate {type_name} --undo"))
    return written.failed


def _undo(workspace: Workspace, type_name: str) -> Written:
    template = find_template(type_name, workspace.templates, workspace.settings)
    name = template.name if template else type_name
    with workspace.lock(), progress_bar(_("Putting back")) as progress:
        written = undo_migration(workspace.vault, workspace.cache, name, progress=progress)
    count = len(written.notes)
    say(ngettext("{count} note put back", "{count} notes put back", count).format(count=count))
    _say_failures(written.failed)
    bring_up_to_date(workspace)
    return written


def _print_diffs(plan: MigrationPlan) -> None:
    for note in plan.changing:
        click.echo(render_diff(printable_path(note.path), note.text_before, note.text_after), nl=False)
    count = len(plan.changing)
    say(
        ngettext(
            "{count} of {total} notes would change; --write writes it",
            "{count} of {total} notes would change; --write writes them",
            count,
        ).format(count=count, total=plan.looked_at)
    )


def _say_needs(plan: MigrationPlan, *, as_json: bool) -> None:
    needs = list(iter_needs(plan.needing))
    if not needs or as_json:
        return
    count = len(plan.needing)
    say(ngettext("{count} note needs a person:", "{count} notes need a person:", count).format(count=count))
    for path, need in needs[:_SHOWN]:
        say(f"  {printable_path(path)}: {need}", mood="yellow")
    if len(needs) > _SHOWN:
        say("  " + _("… and {count} more (--json, or --todos NOTE)").format(count=len(needs) - _SHOWN))


def _say_failures(failed: tuple[Failure, ...] | list[Failure]) -> None:
    for failure in failed:
        say(f"{printable_path(failure.path)}: {failure.reason}", mood="red")


def _row(plan: MigrationPlan) -> dict[str, object]:
    return {
        "looked_at": plan.looked_at,
        "notes": [
            {
                "path": printable_path(note.path),
                "changes": [{"what": one.move.value, "old": one.old, "new": one.new} for one in note.changes],
                "needs": list(note.needs),
            }
            for note in plan.notes
        ],
        "failed": [{"path": printable_path(one.path), "reason": one.reason} for one in plan.failed],
    }
