"""``notevault refine``."""

import shlex
import sys

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_templates
from notevault.cli.output import print_json
from notevault.edits import render_diff
from notevault.errors import UnknownNameError
from notevault.messages import gettext as _
from notevault.refine.corpus import Scope, has_types, make_scope
from notevault.refine.fit import Fit, measure_fit
from notevault.refine.migrate import make_rules
from notevault.refine.proposals import Action, Part, Proposal
from notevault.refine.refine import (
    Refinement,
    apply_proposals,
    make_refinement,
    preview_templates,
    write_template,
)
from notevault.report.rows import make_row
from notevault.text import closest
from notevault.workspace import Workspace


@command(
    "refine",
    help=marked(
        "Propose the next version of the template TYPE from what its notes hold, each change with its evidence; write"
        " what is accepted. Without a template of that name a first one is made."
    ),
)
@click.argument("type_name", metavar="TYPE", shell_complete=complete_templates)
@option(
    "--for-untyped", is_flag=True, help=marked("Look at the notes that give no type (the default where none does).")
)
@option("--folder", default="", metavar="FOLDER", help=marked("Only notes in this folder of the vault."))
@option("--accept-all", is_flag=True, help=marked("Accept every proposal without asking."))
@option("--accept", "chosen", multiple=True, metavar="ID", help=marked("Accept this proposal; may be repeated."))
@option("--dry-run", is_flag=True, help=marked("Show proposals and the new text; write nothing."))
@option("--json", "as_json", is_flag=True, help=marked("Print the proposals as JSON; write nothing."))
@no_sync_option
@pass_app
def refine_command(
    app: App,
    *,
    type_name: str,
    for_untyped: bool,
    folder: str,
    accept_all: bool,
    chosen: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    no_sync: bool,
) -> None:
    """Propose, let choose, write."""
    if not (accept_all or chosen or dry_run or as_json or (sys.stdin.isatty() and sys.stdout.isatty())):
        raise click.UsageError(_("nobody is here to ask: say --accept-all, --accept ID, --dry-run or --json"))
    with app.fresh_workspace(sync=not no_sync) as workspace:
        catalog, settings, templates = workspace.catalog, workspace.settings, workspace.templates
        untyped = for_untyped or not has_types(catalog)
        scope = make_scope(catalog, settings, templates, type_name, folder=folder, untyped=untyped)
        refinement = make_refinement(catalog, settings, templates, scope, workspace.root, today=workspace.today)
        if as_json:
            _print_json(workspace, refinement, scope)
            return
        if not refinement.proposals:
            say(_("Nothing to refine: {notes} notes looked at.").format(notes=refinement.notes))
            return
        accepted = _choose(refinement, chosen, ask=not (accept_all or chosen or dry_run))
        _finish(workspace, refinement, scope, accepted, dry_run=dry_run)


def _finish(
    workspace: Workspace, refinement: Refinement, scope: Scope, accepted: tuple[Proposal, ...], *, dry_run: bool
) -> None:
    """Write the template, or show what would be written."""
    if not accepted:
        say(_("Nothing accepted, nothing written."))
        return
    text = apply_proposals(refinement, accepted, workspace.settings)
    fit = _fit(workspace, refinement, scope, text)
    if dry_run:
        click.echo(render_diff(refinement.file, "" if refinement.digest is None else refinement.text, text), nl=False)
    else:
        write_template(workspace.root, refinement, text)
        say(_("{file} is version {version} now.").format(file=refinement.file, version=refinement.version))
    say(
        _("Of {notes} notes looked at, {now} pass it as they are and {after} once migrated.").format(
            notes=fit.looked_at, now=fit.now, after=fit.after
        )
    )
    if not dry_run:
        options = [" --for-untyped"] if scope.untyped else []
        options += [f" --folder {shlex.quote(scope.folder)}"] if scope.folder else []
        say(_("Next: {command}").format(command=f"notevault migrate {refinement.name}{''.join(options)}"))


def _fit(workspace: Workspace, refinement: Refinement, scope: Scope, text: str) -> Fit:
    templates = preview_templates(workspace.root, refinement, text, workspace.settings)
    rules = make_rules(
        templates[refinement.name], templates, workspace.settings, today=workspace.today, give_type=scope.untyped
    )
    return measure_fit(workspace.vault, workspace.catalog, rules, scope)


def _choose(refinement: Refinement, chosen: tuple[str, ...], *, ask: bool) -> tuple[Proposal, ...]:
    known = {proposal.id: proposal for proposal in refinement.proposals}
    for wish in chosen:
        if wish not in known:
            near = closest(wish, list(known))
            raise UnknownNameError(_("proposal"), wish, [near] if near else [])
    if chosen:
        return tuple(proposal for proposal in refinement.proposals if proposal.id in chosen)
    total = len(refinement.proposals)
    accepted = []
    rest: bool | None = None if ask else True
    for number, proposal in enumerate(refinement.proposals, start=1):
        click.echo(f"[{number}/{total}] {say_proposal(proposal)}\n        {proposal.why}")
        answer = rest
        if answer is None:
            typed = click.prompt(
                _("        accept? y yes, n no, a all from here, q stop"),
                type=click.Choice(["y", "n", "a", "q"]),
                default="y",
                show_choices=False,
            )
            rest = {"a": True, "q": False}.get(typed)
            answer = typed in ("y", "a")
        if answer:
            accepted.append(proposal)
    return tuple(accepted)


def say_proposal(proposal: Proposal) -> str:
    """Return a proposal as a sentence."""
    name, to = proposal.name, proposal.to or ""
    match proposal.action:
        case Action.ADD if proposal.part is Part.FIELD:
            sentence = _("add the field '{name}' ({type})").format(name=name, type=proposal.type or "any")
        case Action.ADD:
            sentence = _("add the section '{name}'").format(name=name)
        case Action.RENAME:
            sentence = _("rename '{name}' to '{to}'").format(name=name, to=to)
        case Action.REQUIRE:
            sentence = _("require '{name}'").format(name=name)
        case Action.RELAX:
            sentence = _("make '{name}' optional").format(name=name)
        case Action.RETYPE:
            sentence = _("give '{name}' the type {type}").format(name=name, type=proposal.type or "any")
        case Action.CHOICES:
            sentence = _("more choices for '{name}'").format(name=name)
        case Action.DROP:
            sentence = _("drop '{name}'").format(name=name)
    extra = [_("required")] if proposal.action is Action.ADD and proposal.required else []
    extra += [_("also {names}").format(names=", ".join(proposal.also))] if proposal.also else []
    if proposal.choices:
        shown = (one.choice + (f" = {', '.join(one.also)}" if one.also else "") for one in proposal.choices)
        extra.append(_("choices: {choices}").format(choices="; ".join(shown)))
    return sentence + "".join(f"; {one}" for one in extra)


def _print_json(workspace: Workspace, refinement: Refinement, scope: Scope) -> None:
    text = apply_proposals(refinement, refinement.proposals, workspace.settings)
    fit = _fit(workspace, refinement, scope, text)
    print_json(
        {
            "template": refinement.name,
            "file": refinement.file,
            "is_new": refinement.digest is None,
            "version": refinement.version,
            "notes": refinement.notes,
            "proposals": [{"id": one.id, **make_row(one)} for one in refinement.proposals],
            "fit": make_row(fit),
            "text": text,
        }
    )
