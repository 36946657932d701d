"""``notevault search``."""

import sys
from pathlib import Path

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.output import Row, clip, format_options, print_csv, print_json, print_rows, terminal_width
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.search import Hit, SearchResult, search
from notevault.snippet import Snippet
from notevault.text import printable_path
from notevault.workspace import Workspace

FIELDS = ("path", "title", "type", "date", "customer", "stage", "owner", "score", "snippet", "line")
_HITS = 20


@command(
    "search",
    help=marked(
        'Find notes. Free words rank by how many of them a note holds; "exact words", +must, -not, OR, (…), 見積* and'
        " field:value (customer, stage, type, owner, channel, tag, date, amount, due, todo, has, path, any other front"
        " matter key; ranges as date:2026-10..2026-11 or amount:>=1000000). Exits with 1 where nothing matches."
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", metavar="QUERY...", nargs=-1, type=click.UNPROCESSED)
@option("-n", "--limit", type=click.IntRange(min=1), help=marked("Hits at most (default: 20; with -l all)."))
@option("-l", "--paths", is_flag=True, help=marked("Print only the paths of all hits, one a line."))
@option("-0", "--null", is_flag=True, help=marked("Like -l, with a NUL behind each path, for xargs -0."))
@option("--count", is_flag=True, help=marked("Print only how many notes match."))
@option("--sort", help=marked("relevance, date, amount, customer or path."))
@format_options
@no_sync_option
@pass_app
@click.pass_context
def search_command(
    ctx: click.Context,
    app: App,
    *,
    words: tuple[str, ...],
    limit: int | None,
    paths: bool,
    null: bool,
    count: bool,
    sort: str | None,
    output: str | None,
    no_sync: bool,
) -> None:
    """Search and print."""
    listing = paths or null
    with app.fresh_workspace(sync=not no_sync, with_index=True) as workspace:
        most = 1 if count else limit or (None if listing else _HITS)
        result = _search(workspace, " ".join(words), most, sort)
        if count:
            print_json({"count": result.total}) if output in ("json", "jsonl") else click.echo(result.total)
        elif listing:
            _print_paths(result, "\0" if null else "\n")
        else:
            _print(result, workspace, output)
    ctx.exit(0 if result.total else 1)


def _search(workspace: Workspace, text: str, limit: int | None, sort: str | None) -> SearchResult:
    return search(
        workspace.catalog,
        workspace.index,
        text,
        settings=workspace.settings,
        today=workspace.today,
        limit=limit,
        sort=sort,
    )


def hit_row(hit: Hit) -> Row:
    """Return a hit under its documented names."""
    return {
        "path": printable_path(hit.path),
        "title": hit.title,
        "type": hit.type,
        "date": hit.day,
        "customer": hit.customer,
        "stage": hit.stage,
        "owner": hit.owner,
        "score": round(hit.score, 4),
        "snippet": hit.snippet.text,
        "line": hit.line,
        "deal": hit.deal,
        "amount": hit.amount,
        "currency": hit.currency,
        "marks": [[span.start, span.end] for span in hit.snippet.marks],
    }


def _print_paths(result: SearchResult, end: str) -> None:
    for hit in result.hits:
        sys.stdout.write(printable_path(hit.path) + end)


def _print(result: SearchResult, workspace: Workspace, output: str | None) -> None:
    rows = [hit_row(hit) for hit in result.hits]
    if output == "csv":
        print_csv(rows, FIELDS)
    elif output in ("json", "jsonl"):
        print_rows(rows, (), output)
    else:
        for hit in result.hits:
            _print_hit(hit, workspace)
        _print_total(result)


def _print_hit(hit: Hit, workspace: Workspace) -> None:
    stage = workspace.settings.stages.get(hit.stage or "")
    facts = [
        hit.day.isoformat() if hit.day else None,
        hit.customer,
        stage.label(workspace.language) if stage else hit.stage,
        hit.owner,
    ]
    head = "  ".join(fact for fact in facts if fact)
    title = "" if hit.title in (hit.customer, Path(hit.path).stem) else hit.title
    width = terminal_width()
    line = "  ".join(part for part in (head, title) if part)
    click.secho(clip(_plain(line), width) if width else _plain(line), bold=True)
    click.secho(f"  {printable_path(hit.path)}:{hit.line}", fg="blue")
    if hit.snippet.text:
        click.echo("  " + _marked_snippet(hit.snippet))


def _marked_snippet(snippet: Snippet) -> str:
    pieces, at = [], 0
    for span in snippet.marks:
        pieces.append(_plain(snippet.text[at : span.start]))
        pieces.append(click.style(_plain(snippet.text[span.start : span.end]), fg="yellow", bold=True))
        at = span.end
    return "".join([*pieces, _plain(snippet.text[at:])])


def _plain(text: str) -> str:
    """Return text that cannot steer the terminal: notes may come from someone else."""
    return "".join(char if char.isprintable() else " " for char in text)


def _print_total(result: SearchResult) -> None:
    shown, total = len(result.hits), result.total
    if not total:
        say(_("No note matches."))
    elif shown < total:
        say(_("{shown} of {total} notes; -n shows more").format(shown=shown, total=total))
    else:
        say(ngettext("{count} note", "{count} notes", total).format(count=total))
