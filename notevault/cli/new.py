"""``notevault new``."""

import sys

import click

from notevault.cli.base import App, bring_up_to_date, command, marked, option, pass_app, say
from notevault.cli.completion import complete_templates
from notevault.cli.wording import read_values
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.new_note import NewNote, fill_in_customer, find_known_customer, numbered_path, render_new_note
from notevault.template import Template
from notevault.text import closest, printable_path
from notevault.workspace import Workspace

_MOST_TRIES = 1000


@command(
    "new",
    help=marked(
        "Write a new note from TEMPLATE, open it in $VISUAL or $EDITOR where this is a terminal, and print its path."
    ),
)
@click.argument("template", shell_complete=complete_templates)
@option("-s", "--set", "values", metavar="KEY=VALUE", multiple=True, help=marked("Value of a field; may be repeated."))
@option("--print-path", is_flag=True, help=marked("Only print the path; open no editor."))
@pass_app
def new_command(app: App, *, template: str, values: tuple[str, ...], print_path: bool) -> None:
    """Write the note, then open it."""
    with app.workspace() as workspace:
        path = _write(workspace, template, read_values(values))
        place = workspace.vault.locate(path)
    click.echo(place)
    if not print_path and _is_terminal():
        click.edit(filename=str(place))


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _with_what_is_known(workspace: Workspace, template: Template, values: dict[str, str]) -> dict[str, str]:
    """Fill in how notes spell the customer and who looks after it; tell where it has a note already."""
    rule = next((one for one in template.fields if one.key == "name"), None)
    name = next((value for key, value in values.items() if rule and template.find_field(key) is rule), "")
    if not name:
        return values
    bring_up_to_date(workspace)
    known = find_known_customer(workspace.catalog, name)
    if known is None:
        return values
    if known.note is not None:
        say(_("{customer} has a note already: {path}").format(customer=name, path=known.note), mood="yellow")
        return values
    return fill_in_customer(template, values, known)


def _write(workspace: Workspace, name: str, values: dict[str, str]) -> NotePath:
    templates = workspace.templates
    template = templates.find(name) or templates.get(workspace.settings.find_type(name) or "")
    if template is None:
        known = sorted(templates)
        near = closest(name, [*known, *(one.title for one in templates.values() if one.title)])
        raise NotevaultError(
            _("no template '{name}' in templates/").format(name=name),
            _("did you mean '{near}'?").format(near=near)
            if near
            else _("there are: {names}").format(names=", ".join(known)),
        )
    if template.name == "customer":
        values = _with_what_is_known(workspace, template, values)
    return create_note(workspace, render_new_note(template, values, today=workspace.today, settings=workspace.settings))


def create_note(workspace: Workspace, note: NewNote) -> NotePath:
    """Write a new note under its name, or under the first numbered one that is free, and return its path."""
    for number in range(1, _MOST_TRIES):
        path = numbered_path(note.path, number)
        if workspace.vault.is_gone(path):
            workspace.vault.create(path, note.text.encode())
            return path
    raise NotevaultError(_("{path} and all its numbered names are taken").format(path=printable_path(note.path)))
