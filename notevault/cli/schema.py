"""``notevault schema``."""

import click

from notevault.cli.base import App, command, marked, pass_app
from notevault.cli.completion import complete_templates
from notevault.cli.output import print_json
from notevault.errors import UnknownNameError
from notevault.messages import gettext as _
from notevault.text import closest


@command(
    "schema",
    help=marked(
        "Print the JSON Schema of a template's front matter, for editors that complete and check YAML by one. TYPE is a"
        " template's name or title."
    ),
)
@click.argument("template", metavar="TYPE", shell_complete=complete_templates)
@pass_app
def schema_command(app: App, *, template: str) -> None:
    """Print the schema."""
    from notevault.template.json_schema import make_json_schema  # noqa: PLC0415 -- start-up time

    with app.workspace() as workspace:
        found = workspace.templates.find(template)
        found = found or workspace.templates.get(workspace.settings.find_type(template) or "")
        if found is None:
            near = closest(template, sorted(workspace.templates))
            raise UnknownNameError(_("template"), template, [near] if near else sorted(workspace.templates))
        print_json(make_json_schema(found, workspace.settings))
