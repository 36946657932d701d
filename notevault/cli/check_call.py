"""One call of ``notevault check``: what is checked, put right and reported."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

import click

from notevault.check import CheckOptions, check_note, make_selection
from notevault.check.cached import check_vault, find_stale, load_diagnostics
from notevault.check.customers import remembered_in, resolved_by
from notevault.check.fix import NoteFix, apply_fixes, plan_fixes
from notevault.check.registry import RULE_IDS
from notevault.check.rule import VaultContext
from notevault.cli.base import bring_up_to_date, run_check, say
from notevault.cli.findings import FIXABLE, print_findings
from notevault.errors import NotePathError
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Diagnostic, Failure, NotePath, Severity
from notevault.records import record
from notevault.text import printable_path
from notevault.workspace import Workspace


@record
class Wish:
    """What the options said."""

    paths: tuple[str, ...]
    fix: bool
    diff: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    remarks: bool
    output: str | None
    stdin_filename: str | None
    no_sync: bool


class CheckCall:
    """One call of the command."""

    def __init__(self, workspace: Workspace, wish: Wish) -> None:
        self.workspace = workspace
        self.wish = wish
        chosen, ignored = _split(wish.select), _split(wish.ignore)
        self.remarks = wish.remarks or bool(chosen) or wish.output == "json"
        self.selection = make_selection(workspace.settings, RULE_IDS, select=chosen, ignore=ignored)

    def run(self) -> int:
        """Do what the options ask for and return the exit code."""
        if self.wish.stdin_filename is not None:
            return self._report(self._check_stdin(self.wish.stdin_filename))
        places = _places(self.workspace, self.wish.paths)
        if self.wish.paths and not places:
            return 0
        sync = not self.wish.no_sync
        if not (self.wish.fix or self.wish.diff):
            return self._report(self._check(places, remarks=self.remarks, sync=sync))
        found = self._check(places, remarks=True, sync=sync)
        fixes, unread = self._plan(found)
        if self.wish.diff:
            for fix in fixes:
                click.echo(fix.diff, nl=False)
            _say_fixes(fixes, written=False)
            return 1 if fixes or _has_errors(found) else 0
        report = apply_fixes(self.workspace.vault, fixes)
        _say_fixes(report.written, written=True)
        _say_refused((*unread, *report.refused))
        code = self._report(self._check(places, remarks=self.remarks, sync=True) if report.written else found)
        return 1 if report.refused else code

    def _check(self, places: list[NotePath], *, remarks: bool, sync: bool) -> list[Diagnostic]:
        workspace = self.workspace
        templates = workspace.templates  # read while the disk is looked at
        if sync:
            bring_up_to_date(workspace)
        if find_stale(workspace.catalog, templates, workspace.settings):
            run_check(workspace)
        context = VaultContext(
            workspace.catalog, workspace.templates, workspace.settings, today=workspace.today, root=workspace.root
        )
        across = check_vault(context, self.selection, remarks=remarks)
        return load_diagnostics(workspace.catalog, self.selection, places, across=across, remarks=remarks)

    def _plan(self, found: list[Diagnostic]) -> tuple[tuple[NoteFix, ...], tuple[Failure, ...]]:
        workspace = self.workspace
        paths = dict.fromkeys(diagnostic.path for diagnostic in found if diagnostic.rule in FIXABLE)
        options = CheckOptions(selection=self.selection, find_customer=remembered_in(workspace.catalog))
        return plan_fixes(
            workspace.vault, paths, workspace.templates, workspace.settings, today=workspace.today, options=options
        )

    def _check_stdin(self, name: str) -> list[Diagnostic]:
        from notevault.names.resolver import CustomerResolver  # noqa: PLC0415 -- start-up time
        from notevault.note import parse_note  # noqa: PLC0415 -- start-up time
        from notevault.registered import load_registered  # noqa: PLC0415 -- start-up time

        workspace = self.workspace
        path = _note_path(workspace.root, name)
        note = parse_note(path, sys.stdin.buffer.read())
        known = {one.entry.id: one.entry for one in load_registered(workspace.catalog, workspace.settings)}
        find_customer = resolved_by(CustomerResolver(known.values()), known)
        options = CheckOptions(selection=self.selection, find_customer=find_customer, with_edits=False)
        return list(
            check_note(note, None, workspace.templates, workspace.settings, today=workspace.today, options=options)
        )

    def _report(self, found: list[Diagnostic]) -> int:
        if not self.remarks:
            found = [diagnostic for diagnostic in found if diagnostic.severity is not Severity.INFO]
        print_findings(
            found,
            self.workspace.root,
            self.wish.output or "text",
            offer_fix=not self.wish.fix and self.wish.stdin_filename is None,
        )
        return 1 if _has_errors(found) else 0


def _split(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _places(workspace: Workspace, named: Iterable[str]) -> list[NotePath]:
    """Return the notes and folders that the paths name; files that are no notes are passed over."""
    places = []
    for name in named:
        full = next((base / name for base in (Path.cwd(), workspace.root) if (base / name).is_dir()), None)
        if full is not None:
            places.append(_note_path(workspace.root, str(full)))
            continue
        try:
            places.append(workspace.vault.resolve(name, base=Path.cwd()))
        except NotePathError as error:
            if not any((base / name).exists() for base in (Path.cwd(), workspace.root)):
                raise
            say(_("passed over: {reason}").format(reason=error.message), mood="yellow")
    return places


def _note_path(root: Path, name: str) -> NotePath:
    """Return a path from here as one in the vault, whether something is there or not."""
    full = Path(os.path.abspath(name))  # noqa: PTH100 -- links in it are the vault's own affair
    for base in (root.absolute(), root.resolve()):
        if full.is_relative_to(base):
            inside = PurePath(full).relative_to(base).as_posix()
            return NotePath("" if inside == "." else inside)
    raise NotePathError(printable_path(name), _("outside the vault"))


def _has_errors(found: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in found)


def _say_fixes(fixes: Sequence[NoteFix], *, written: bool) -> None:
    rules = [rule for fix in fixes for rule in fix.rules]
    notes = len(fixes)
    if not rules:
        say(_("Nothing can be put right without a question."))
        return
    shown = ", ".join(f"{rule} {rules.count(rule)}" for rule in dict.fromkeys(rules))
    said = (
        ngettext("{count} note put right: {rules}", "{count} notes put right: {rules}", notes)
        if written
        else ngettext("{count} note can be put right: {rules}", "{count} notes can be put right: {rules}", notes)
    )
    say(said.format(count=notes, rules=shown), mood="green")


def _say_refused(refused: Iterable[Failure]) -> None:
    for failure in refused:
        say(failure.reason, mood="yellow")
