"""``notevault customer match``."""

import sys

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers
from notevault.cli.output import display_width, print_json
from notevault.cli.wording import say_reason
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.matching import Match, match_customers
from notevault.report.rows import make_row

_CANDIDATES = 5


@command(
    "match",
    help=marked(
        "Say which customer a spelling means, and why. Where that is not certain the likely ones are listed; nothing is"
        " guessed. Exits with 1 where no customer is certain."
    ),
)
@click.argument("names", nargs=-1, metavar="NAME…", shell_complete=complete_customers)
@option("--stdin", "from_stdin", is_flag=True, help=marked("Read more spellings from the input, one a line."))
@option(
    "--limit",
    type=click.IntRange(0, 50),
    default=_CANDIDATES,
    metavar="N",
    help=marked("List at most so many candidates (default 5)."),
)
@option("--json", "as_json", is_flag=True, help=marked("Print JSON: one object for one name, else a list."))
@no_sync_option
@pass_app
@click.pass_context
def match_command(
    ctx: click.Context,
    app: App,
    *,
    names: tuple[str, ...],
    from_stdin: bool,
    limit: int,
    as_json: bool,
    no_sync: bool,
) -> None:
    """Resolve spellings."""
    mentions = [*names, *(_read_lines() if from_stdin else ())]
    if not mentions:
        raise click.UsageError(_("name at least one spelling, or read them with --stdin"), ctx)
    with app.fresh_workspace(sync=not no_sync) as workspace:
        matches = match_customers(workspace.catalog, workspace.settings, mentions, limit=limit)
    if as_json:
        rows = [make_row(match) for match in matches]
        print_json(rows if from_stdin or len(names) > 1 else rows[0])
    else:
        _print_matches(matches)
    unsure = sum(match.customer is None for match in matches)
    if unsure and len(matches) > 1:
        say(
            ngettext("{count} spelling is not certain", "{count} spellings are not certain", unsure).format(
                count=unsure
            )
        )
    ctx.exit(1 if unsure else 0)


def _read_lines() -> list[str]:
    written = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    return [line.strip() for line in written.splitlines() if line.strip()]


def _print_matches(matches: tuple[Match, ...]) -> None:
    width = max(display_width(match.mention) for match in matches)
    for match in matches:
        mention = match.mention + " " * (width - display_width(match.mention))
        click.echo(f"{mention} → {match.customer or '?'}  ({say_reason(match.reason)})")
        for candidate in match.candidates:
            place = f"({candidate.place})" if candidate.place else ""
            click.echo(f"  {candidate.likeness:.2f}  {candidate.customer}{place}  ({say_likeness(candidate.why)})")


def say_likeness(why: str) -> str:
    """Return what is alike, in words."""
    return {
        "name": _("alike in name"),
        "prefix": _("beginning of the name"),
        "part": _("part of the name"),
        "abbreviation": _("abbreviation"),
        "reading": _("alike in sound"),
        "initials": _("initials"),
        "english": _("alike in its English name"),
        "alias": _("alike to an alias"),
    }.get(why, why)
