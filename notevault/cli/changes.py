"""Changes to the vault's files: shown as a diff, agreed to, carried out, taken back."""

import sys
from collections.abc import Sequence
from typing import Any, Protocol

import click

from notevault.cli.base import marked, option, say
from notevault.edits import render_diff
from notevault.errors import NothingToUndoError
from notevault.journal import FileChange, open_journal
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.note import decode_note
from notevault.text import printable_path, visible
from notevault.workspace import Workspace


class Plan(Protocol):
    """What a command would write; nothing is written yet."""

    @property
    def title(self) -> str:
        """What it does, in words."""

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """Every file before and after."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know before saying yes."""


def change_options(function: Any) -> Any:  # noqa: ANN401 -- click's own decorators
    """Add ``--yes`` and ``--undo``."""
    function = option("--undo", is_flag=True, help=marked("Take the last such change back, byte for byte."))(function)
    return option("-y", "--yes", is_flag=True, help=marked("Write without asking."))(function)


def carry_out(workspace: Workspace, plan: Plan, *, kind: str, yes: bool) -> int:
    """Show what would be written, ask, write; return the exit code: 1 where nothing was written for want of a yes."""
    say(plan.title)
    for remark in plan.remarks:
        say(f"  {remark}", mood="yellow")
    if not plan.changes:
        say(_("Nothing has to be written."))
        return 0
    show_diff(plan.changes)
    if not yes and not _agreed(len(plan.changes)):
        say(_("Nothing was written; --yes writes it."))
        return 1
    open_journal(workspace.cache).carry_out(workspace.vault, plan.changes, kind=kind, title=plan.title)
    count = len(plan.changes)
    say(
        ngettext(
            "{count} file written; take it back with: {undo}", "{count} files written; take it back with: {undo}", count
        ).format(count=count, undo=f"notevault {kind} --undo"),
        mood="green",
    )
    return 0


def undo_last(workspace: Workspace, kind: str) -> int:
    """Take the last change of this kind back; raises NothingToUndoError, FileChangedError."""
    entry = open_journal(workspace.cache).find_last((kind,))
    if entry is None:
        raise NothingToUndoError(kind)
    paths = open_journal(workspace.cache).undo(workspace.vault, entry)
    say(_("Taken back: {title}").format(title=entry.title), mood="green")
    for path in paths:
        say(f"  {printable_path(path)}")
    return 0


def show_diff(changes: Sequence[FileChange]) -> None:
    """Print a unified diff of all files on stdout."""
    for change in changes:
        before = decode_note(change.before).text if change.before is not None else ""
        diff = render_diff(printable_path(change.path), before, decode_note(change.after).text)
        for line in diff.splitlines():
            colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            click.secho(visible(line), fg=colour)


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    question = ngettext("Write {count} file?", "Write {count} files?", count).format(count=count)
    return click.confirm(question, err=True)
