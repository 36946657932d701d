"""``notevault status --why NOTE``."""

import click

from notevault.cli.base import say
from notevault.cli.output import print_json
from notevault.messages import gettext as _
from notevault.standing import examine_note
from notevault.text import printable_path
from notevault.workspace import Workspace


def print_standing(workspace: Workspace, place: str, *, as_json: bool) -> bool:
    """Print why a note is found or not; return whether it is."""
    standing = examine_note(workspace, place)
    path = printable_path(standing.path)
    if as_json:
        seen = [{"about": each.about, "good": each.good, "message": each.message} for each in standing.observations]
        print_json({"path": path, "found": standing.found, "observations": seen})
        return standing.found
    text = _("{path} is found as it is on disk") if standing.found else _("{path} is not found as it is on disk")
    click.secho(text.format(path=path), fg="green" if standing.found else "yellow")
    marks = {True: "✓", False: "✗", None: "·"}
    for each in standing.observations:
        click.echo(f"  {marks[each.good]} {each.message}")
    if standing.found:
        say(_('For one query: notevault search QUERY --why "{path}"').format(path=path))
    return standing.found
