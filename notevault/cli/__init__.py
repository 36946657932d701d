"""The command line: parse options, call one function, print, set the exit code."""

import os
import re
import sys
from pathlib import Path
from typing import Final

import click

from notevault import __version__
from notevault.cli.base import App, Group, marked, option, print_error, say
from notevault.errors import NotevaultError
from notevault.messages import find_language, lend_to_click, use_language
from notevault.messages import gettext as _

COMMANDS: Final = {
    "init": "notevault.cli.init",
    "new": "notevault.cli.new",
    "jot": "notevault.cli.jot",
    "sync": "notevault.cli.sync",
    "watch": "notevault.cli.watch",
    "status": "notevault.cli.status",
    "doctor": "notevault.cli.doctor",
    "search": "notevault.cli.search",
    "show": "notevault.cli.show",
    "todo": "notevault.cli.todo",
    "customer": "notevault.cli.customer",
    "brief": "notevault.cli.brief",
    "pipeline": "notevault.cli.pipeline",
    "report": "notevault.cli.report",
    "check": "notevault.cli.check",
    "schema": "notevault.cli.schema",
    "survey": "notevault.cli.survey",
    "refine": "notevault.cli.refine",
    "migrate": "notevault.cli.migrate",
    "export": "notevault.cli.export",
    "import": "notevault.cli.import_",
    "lsp": "notevault.cli.lsp",
    "completion": "notevault.cli.completion",
}
_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LANGUAGE: Final = re.compile(r"""^[ \t]*language[ \t]*=[ \t]*["'](\w*)["']""", re.MULTILINE)


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click's own
    if value and not ctx.resilient_parsing:
        click.echo(f"notevault, version {__version__}")
        ctx.exit()


@click.group(
    "notevault",
    cls=Group,
    lazy=COMMANDS,
    help=marked(
        "Sales meeting minutes as plain Markdown files: search them, see what is not yet done, hold them to a format,"
        " hand them to a CRM."
    ),
    context_settings={"max_content_width": 100},
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help=marked("Show the version and exit."),
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Hold what the common options said."""
    ctx.ensure_object(App)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 findings, 2 could not run, 3 a bug, 130 interrupted."""
    given = sys.argv[1:] if arguments is None else arguments
    _prepare_streams()
    use_language(find_language(_option(given, "--lang"), _vault_language(given)))
    lend_to_click()
    try:
        code = cli.main(args=given, prog_name="notevault", standalone_mode=False)
    except NotevaultError as error:
        print_error(error)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say(_("Interrupted."))
        code = 130
    except SystemExit:  # click's way to end where the reader of our output has gone, as head does
        code = 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:  # noqa: BLE001 -- the one place that turns a bug into exit code 3
        code = _report_bug(error)
    sys.exit(code if isinstance(code, int) else 0)


def _prepare_streams() -> None:
    """Print any text on any terminal: what its encoding lacks becomes an escape."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _option(given: list[str], name: str) -> str | None:
    for position, word in enumerate(given):
        if word == name and position + 1 < len(given):
            return given[position + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None


def _vault_language(given: list[str]) -> str | None:
    """Return the language that the vault's settings name; their faults are reported later, by who needs them."""
    named = _option(given, "--vault") or os.environ.get("NOTEVAULT_VAULT")
    start = Path(named) if named else Path.cwd()
    for folder in (start, *start.absolute().parents):
        try:
            source = (folder / "notevault.toml").read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return None
        found = _LANGUAGE.search(_TABLE.split(source, 1)[0])  # to read all of the file costs 10 ms
        return found[1] if found else None
    return None


def _report_bug(error: Exception) -> int:
    import tempfile  # noqa: PLC0415 -- only where it is needed
    import traceback  # noqa: PLC0415

    with tempfile.NamedTemporaryFile(
        "w", prefix="notevault-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as log:
        log.write(f"notevault {__version__}, Python {sys.version}, {sys.platform}\n")
        traceback.print_exception(error, file=log)
    say(_("This is a bug in notevault: {error}").format(error=f"{type(error).__name__}: {error}"), mood="red")
    say(_("The details are in {path}").format(path=log.name))
    say(_("Please report it with that file; your notes were not touched by the crash."))
    return 3
