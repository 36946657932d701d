"""What every command shares: lazily translated help, the vault, freshness, and the way errors end.

:data:`notevault.cli.COMMANDS` names the module of each command; it is imported only when called, and defines
``<name>_command``.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import click

from notevault.errors import CatalogDamagedError, IndexDamagedError, LockedError, NotevaultError, VaultEmptiedError
from notevault.messages import gettext, ngettext
from notevault.messages import gettext as _
from notevault.model import SyncReport
from notevault.text import printable_path
from notevault.workspace import VaultChoice, Workspace, open_workspace

PATIENCE: Final = 2.0
"""Seconds that an answer waits for another writer before it is given from the last state."""


def marked(message: str) -> str:
    """Mark a sentence for translation where it is written, to be translated when it is shown."""
    return message


class App:
    """What the options before and after the command's name said."""

    def __init__(self) -> None:
        self.vault: Path | None = None

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        """Open the vault that the user means."""
        start = VaultChoice(option=self.vault).start()
        with open_workspace(start, report=lambda message: say(message, mood="yellow")) as workspace:
            yield workspace

    @contextmanager
    def fresh_workspace(
        self, *, sync: bool = True, with_index: bool = False, meanwhile: Callable[[], object] | None = None
    ) -> Iterator[Workspace]:
        """Open the vault, up to date; ``with_index`` where the text index is asked.

        ``meanwhile`` makes ready what the answer needs, while the disk is looked at.
        """
        with self.workspace() as workspace:
            if sync:
                workspace.look_early()
                if meanwhile:
                    meanwhile()
                bring_up_to_date(workspace, with_index=with_index)
            yield workspace


pass_app = click.make_pass_decorator(App, ensure=True)


class Option(click.Option):
    """An option whose help is translated when shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's line of the help."""
        source, self.help = self.help, gettext(self.help or "")
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = source


HELP_OPTIONS: Final = ["-h", "--help"]


class Context(click.Context):
    """A context that knows ``-h``, and whose help pages fit the terminal where characters are twice as wide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- handed on to click
        # click remembers the option that it made first, whatever context asks for it later
        super().__init__(*args, **{"help_option_names": HELP_OPTIONS, **kwargs})

    def make_formatter(self) -> click.HelpFormatter:
        """Return the formatter of help pages."""
        from notevault.cli.help_text import HelpFormatter  # noqa: PLC0415 -- start-up time

        return HelpFormatter(width=self.terminal_width, max_width=self.max_content_width)


class _Translated(click.Command):
    """Something whose help is translated when it is shown."""

    context_class = Context

    @cached_property
    def _help(self) -> Option:
        # click's own asks for its translation at every start
        return Option(
            HELP_OPTIONS,
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
            help=marked("Show this message and exit."),
        )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:  # noqa: ARG002 -- click's own
        """Return ``-h`` and ``--help``."""
        return self._help

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the chosen language."""
        source, self.help = self.help, gettext(self.help or "")
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = source

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 -- wrapped, not cut
        """Return the first sentence in the chosen language."""
        return _first_sentence(gettext(self.help or ""))


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click's own
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class Command(_Translated):
    """A command that takes ``--vault`` and ``--lang`` too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- handed on to click
        super().__init__(*args, **kwargs)
        own = {parameter.name for parameter in self.params}
        self.params += [parameter for parameter in common_options() if parameter.name not in own]

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's own
        """Run the command; where derived data turn out to be damaged, make them anew and run it once more."""
        try:
            return super().invoke(ctx)
        except (CatalogDamagedError, IndexDamagedError) as damage:
            with ctx.ensure_object(App).workspace() as workspace:
                workspace.discard(damage)
                run_sync(workspace)
        return super().invoke(ctx)


class Group(_Translated, click.Group):
    """A group of commands; those of ``lazy`` (name → module) are imported when called."""

    command_class = Command

    def __init__(self, *args: Any, lazy: dict[str, str] | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.params += common_options()
        self._lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which a newcomer meets them."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return its ``<name>_command``."""
        if cmd_name in self._lazy:
            module = importlib.import_module(self._lazy[cmd_name])
            found: click.Command = getattr(module, f"{cmd_name}_command")
            return found
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, offering the nearest name for an unknown one."""
        from notevault.text import closest  # noqa: PLC0415 -- only where needed

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = closest(args[0], self.list_commands(ctx)) if args else None
            if near and "did you mean" not in error.message.lower():
                guess = _("Did you mean '{near}'?").format(near=near)
                raise click.UsageError(f"{error.message} {guess}", ctx) from error
            raise


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    for end in ("。", ". "):
        paragraph = paragraph.split(end)[0]
    return paragraph.rstrip(".")


class _Folder(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click only
    """A folder's path, to be completed; click's own asks for a translation at every start."""

    name = "directory"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Path:  # noqa: ANN401
        """Return the path."""
        return Path(value)

    def shell_complete(self, _ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
        """Have the shell complete folders."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 -- only where it is needed

        return [CompletionItem(incomplete, type="dir")]


def common_options() -> list[click.Parameter]:
    """Return ``--vault`` and ``--lang``, accepted before and after a command's name."""
    return [
        Option(
            ["--vault"],
            type=_Folder(),
            metavar="DIR",
            expose_value=False,
            callback=_choose_vault,
            help=marked("Folder of the vault (default: the nearest one upward, or NOTEVAULT_VAULT)."),
        ),
        Option(
            ["--lang"],
            type=click.Choice(["ja", "en"]),
            expose_value=False,
            help=marked("Language of the messages (default: NOTEVAULT_LANG, the vault's settings, the locale)."),
        ),
    ]


def _choose_vault(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    app = ctx.ensure_object(App)
    if value is not None:
        app.vault = value


def option(*names: str, help: str, **kwargs: Any) -> Callable[[Any], Any]:  # noqa: A002, ANN401 -- click's own words
    """Declare an option; wrap ``help`` in :func:`marked`."""
    return click.option(*names, cls=Option, help=help, **kwargs)


def command(name: str, *, help: str, **kwargs: Any) -> Callable[[Any], click.Command]:  # noqa: A002, ANN401
    """Declare a command; wrap ``help`` in :func:`marked`."""
    return click.command(name, cls=Command, help=help, **kwargs)


def no_sync_option(function: Any) -> Any:  # noqa: ANN401
    """Add ``--no-sync``."""
    return option(
        "--no-sync", is_flag=True, help=marked("Answer from the last state without looking at the files first.")
    )(function)


def say(message: str, *, mood: str | None = None) -> None:
    """Speak to the person, on stderr; ``mood`` is a colour."""
    click.secho(message, err=True, fg=mood)


def bring_up_to_date(workspace: Workspace, *, with_index: bool = False) -> None:
    """Take in changes; where that is not possible say so and go on with the last state."""
    if not workspace.has_news(with_index=with_index):
        return
    try:
        report = run_sync(workspace, patience=PATIENCE)
    except LockedError:
        say(_("Another notevault is updating the index; this answer is from the state before."), mood="yellow")
    except VaultEmptiedError as error:
        say(f"{error.message}\n  {error.hint}", mood="yellow")
    else:
        for failure in report.failed[:3]:
            say(f"{printable_path(failure.path)}: {failure.reason}", mood="yellow")
        if (unsaid := len(report.failed) - 3) > 0:  # enough to notice; status lists all
            say(
                ngettext(
                    "… and {count} more note (notevault status)", "… and {count} more notes (notevault status)", unsaid
                ).format(count=unsaid),
                mood="yellow",
            )


def run_sync(
    workspace: Workspace, *, full: bool = False, allow_empty: bool = False, patience: float = 10.0
) -> SyncReport:
    """Sync with a progress bar where it takes long and a person watches; ``patience`` in seconds for another writer."""
    from notevault.upkeep import sync_workspace  # noqa: PLC0415 -- start-up time

    with progress_bar(_("Reading notes")) as progress:
        return sync_workspace(workspace, full=full, allow_empty=allow_empty, progress=progress, patience=patience)


def run_check(workspace: Workspace) -> None:
    """Bring the diagnostics up to date, with a progress bar; from the last state where another process writes."""
    from notevault.upkeep import check_workspace  # noqa: PLC0415 -- start-up time

    try:
        with progress_bar(_("Checking notes")) as progress:
            check_workspace(workspace, progress=progress)
    except LockedError:
        say(_("Another notevault is updating the index; this answer is from the state before."), mood="yellow")


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function of (done, to do) that draws a bar once the first call shows that more is to come."""
    with ExitStack() as stack:
        bars: list[Any] = []

        def progress(done: int, todo: int) -> None:
            if not bars and todo > done:
                bar = click.progressbar(length=todo, label=label, file=sys.stderr)
                bars.append(stack.enter_context(bar))
            if bars:
                bars[0].update(done - bars[0].pos)

        yield progress


def print_error(error: NotevaultError) -> None:
    """Print what was found and what to do, on stderr."""
    say(_("Error: {message}").format(message=error.message), mood="red")
    if error.hint:
        say("  " + error.hint)
