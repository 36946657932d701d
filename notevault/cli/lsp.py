"""``notevault lsp``."""

import click

from notevault.cli.base import command, marked, option
from notevault.errors import MissingExtraError
from notevault.messages import gettext as _

_OPTIONAL = ("attr", "attrs", "cattrs", "lsprotocol", "pygls")


@command(
    "lsp",
    help=marked(
        "Serve an editor over stdin and stdout (Language Server Protocol): diagnostics while typing, fixes, completion,"
        " hover, go to definition. Editors start it themselves; docs/editors.md shows how to set them up."
    ),
)
@option("--stdio", is_flag=True, expose_value=False, hidden=True, help=marked("Taken for the editors that pass it."))
@option(
    "--lang",
    type=click.Choice(["ja", "en"]),
    help=marked("Language of the messages (default: NOTEVAULT_LANG, the settings of each vault, the locale)."),
)
def lsp_command(lang: str | None) -> None:
    """Serve until the editor ends the session."""
    try:
        from notevault.lsp.server import make_server  # noqa: PLC0415 -- an optional part
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OPTIONAL:
            raise
        raise MissingExtraError("lsp", _("The language server")) from error
    make_server(lang).start_io()
