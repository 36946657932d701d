"""``notevault init``."""

import os
from pathlib import Path

import click

from notevault.adopt import Adoption, KeyUse, adopt
from notevault.cli.base import command, marked, option
from notevault.cli.output import print_json
from notevault.errors import NotevaultError
from notevault.messages import find_language, ngettext, use_language
from notevault.messages import gettext as _
from notevault.text import printable_path

_SHOWN = 15


@command(
    "init",
    help=marked(
        "Start a vault in DIR (default: here): settings and templates. Looks at the notes that are there already and"
        " says which front matter keys it understands. Writes nothing into notes and overwrites no file."
    ),
)
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=".")
@option("--lang", type=click.Choice(["ja", "en"]), help=marked("Language of templates and messages."))
@option("--json", "as_json", is_flag=True, help=marked("Print what was found and written as JSON."))
def init_command(*, directory: Path, lang: str | None, as_json: bool) -> None:
    """Start a vault and report."""
    language = find_language(lang, None)
    use_language(language)
    try:
        adoption = adopt(directory, language, _local_timezone(language))
    except OSError as error:
        raise NotevaultError(f"{error.filename or directory}: {error.strerror}") from error
    if as_json:
        print_json(_row(adoption))
    else:
        _print(adoption)


def _print(adoption: Adoption) -> None:
    for name in adoption.written:
        click.echo(_("made   {name}").format(name=name))
    for name in adoption.kept:
        click.echo(_("kept   {name} (was there already)").format(name=name))
    if adoption.seen.notes:
        _print_notes(adoption)
    click.echo()
    click.echo(_("Next: notevault new meeting -s customer=…   or write notes in any editor, then: notevault search …"))


def _print_notes(adoption: Adoption) -> None:
    count = adoption.seen.notes
    click.echo()
    click.echo(
        ngettext("{count} note is here already", "{count} notes are here already", count).format(count=count)
        + ", "
        + _("{count} of them without front matter.").format(count=adoption.seen.without_front_matter)
    )
    for path in adoption.seen.unreadable[:_SHOWN]:
        click.echo("  " + _("cannot be read: {path}").format(path=printable_path(path)))
    known = [use for use in adoption.seen.keys if use.means]
    unknown = [use for use in adoption.seen.keys if not use.means]
    if known:
        click.echo(_("Front matter keys that are understood:"))
        for use in known[:_SHOWN]:
            click.echo(
                f"  {use.key} → {use.means}  ({use.notes})" if use.key != use.means else f"  {use.key}  ({use.notes})"
            )
        _print_rest(known)
    if unknown:
        click.echo(
            _("Other keys (kept, and searched as key:value; name their meaning under [keys] in notevault.toml):")
        )
        for use in unknown[:_SHOWN]:
            guess = " " + _("like '{near}'?").format(near=use.near) if use.near else ""
            click.echo(f"  {use.key}  ({use.notes}){guess}")
        _print_rest(unknown)


def _print_rest(uses: list[KeyUse]) -> None:
    if len(uses) > _SHOWN:
        click.echo("  " + _("… and {count} more").format(count=len(uses) - _SHOWN))


def _row(adoption: Adoption) -> dict[str, object]:
    return {
        "root": str(adoption.root),
        "written": adoption.written,
        "kept": adoption.kept,
        "notes": adoption.seen.notes,
        "unreadable": [printable_path(path) for path in adoption.seen.unreadable],
        "without_front_matter": adoption.seen.without_front_matter,
        "keys": [{"key": use.key, "means": use.means, "notes": use.notes} for use in adoption.seen.keys],
    }


def _local_timezone(language: str) -> str:
    """Return the machine's time zone by its name where it says one, else that of the language."""
    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named and not named.startswith("/"):
        return named
    try:
        link = str(Path("/etc/localtime").readlink())
    except OSError:
        link = ""
    _head, found, name = link.partition("zoneinfo/")
    if found and "/" in name:
        return name
    return "Asia/Tokyo" if language == "ja" else "UTC"
