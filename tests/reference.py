"""Write docs/commands.md from the commands' own help (``make docs``); name every setting."""

import dataclasses
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

import click

from notevault import config
from notevault.cli import cli
from notevault.cli.base import HELP_OPTIONS
from notevault.messages import use_language

DOCS = Path(__file__).resolve().parent.parent / "docs"
_WIDTH = 100


def render_commands() -> str:
    """Return the page of all commands."""
    use_language("en")
    pieces = ["# Commands\n\n`notevault COMMAND --help` prints the same, in the language chosen.\n"]
    for path, command in iter_commands(cli, ()):
        context = click.Context(command, info_name=" ".join(("notevault", *path)), terminal_width=_WIDTH,
                                max_content_width=_WIDTH,
                                help_option_names=HELP_OPTIONS)  # fmt: skip
        text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        title = " ".join(("notevault", *path))
        pieces.append(f"\n## `{title}`\n\n```text\n{text}\n```\n")
    return "".join(pieces)


def iter_commands(group: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it."""
    yield path, group
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None and not command.hidden:
                yield from iter_commands(command, (*path, name))


def iter_settings(wanted: type = config.Settings, prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of every setting; ``*`` stands for a name that the team chooses."""
    hints = typing.get_type_hints(wanted)
    for field in dataclasses.fields(wanted):
        if field.name in ("key", "order") and prefix:
            continue
        yield from _iter_setting(hints[field.name], f"{prefix}{field.name}")


def _iter_setting(kind: object, name: str) -> Iterator[str]:
    arguments = typing.get_args(kind)
    inner = arguments[-1] if arguments else kind
    if typing.get_origin(kind) is tuple:
        inner = arguments[0]
    nested = name + (".*" if "Mapping" in str(kind) else "")
    if isinstance(inner, type) and dataclasses.is_dataclass(inner):
        yield from iter_settings(inner, f"{nested}.")
    elif arguments and typing.get_args(inner) and "Mapping" in str(kind):
        yield from _iter_setting(inner, nested)
    else:
        yield name


def main() -> None:
    """Write the page of commands."""
    (DOCS / "commands.md").write_text(render_commands(), encoding="utf-8", newline="\n")
    sys.stdout.write("docs/commands.md written\n")


if __name__ == "__main__":
    main()
