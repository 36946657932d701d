"""``notevault search``."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.hits import LINE_FIELDS, Listing, print_listing
from notevault.cli.output import Column, Row, format_options, print_rows
from notevault.facets import FACETS, count_facets
from notevault.leaves import load_words
from notevault.messages import current_language, ngettext
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.question import Question, narrow_to_period
from notevault.records import record
from notevault.search import SearchResult, search
from notevault.workspace import Workspace

_HITS = 20


@record
class Wish:
    """What the command line asks for."""

    text: str
    limit: int | None
    paths: bool
    null: bool
    count: bool
    sort: str | None
    since: str | None
    by: str | None
    like: str | None
    line_format: str | None
    explain: bool
    why: str | None
    interactive: bool
    output: str | None

    @property
    def most(self) -> int | None:
        """How many hits to fetch, None for all."""
        if self.count:
            return 1
        return self.limit or (None if self.paths or self.null or self.line_format else _HITS)

    def refuse_what_does_not_go_together(self) -> None:
        """Raise UsageError for options of which only one can be answered."""
        kinds = {
            "--by": self.by, "--like": self.like, "--explain": self.explain, "--why": self.why, "-i": self.interactive
        }  # fmt: skip
        given = [name for name, value in kinds.items() if value]
        if self.sort and self.like:
            given.append("--sort")
        if len(given) > 1:
            raise click.UsageError(_("{options} do not go together").format(options=" " + ", ".join(given)).strip())


@command(
    "search",
    help=marked(
        "Find notes. Of free words one is enough; notes that hold more of them come first. Exits with 1 where nothing"
        " matches.\n"
        "\n"
        "\b\n"
        '  word  "exact words"  +must  -not  (also AND, NOT)\n'
        "  one OR other  (group)  begin*  alike~  @saved\n"
        "  field:value  field:from..to  field:>=value  (also <= > <)\n"
        "  customer: stage: owner: type: channel: deal: tag: amount:\n"
        "  date:2026-10..2026-11  date:last-month  due:<=friday\n"
        "  todo:open|overdue|done|none  has:amount  path:2026/\n"
        "  … and any other front matter key\n"
        "\n"
        "docs/searching.md tells it all."
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", metavar="[QUERY]...", nargs=-1, type=click.UNPROCESSED)
@option("-n", "--limit", type=click.IntRange(min=1), help=marked("Hits at most (default: 20; with -l, --format all)."))
@option(
    "--since", metavar="DATE|RANGE", help=marked("Only notes since then: 2026-10, last-month; or 2026-10..2026-11.")
)
@option("--sort", help=marked("relevance, date, amount, customer or path."))
@option("--by", type=click.Choice(FACETS), help=marked("Count all hits by this instead of listing them."))
@option("--like", metavar="NOTE", help=marked("Similar cases: notes like this one, best first; QUERY narrows them."))
@option("-i", "--interactive", is_flag=True, help=marked("Pick a hit as you type, and open it in $VISUAL or $EDITOR."))
@option("--explain", is_flag=True, help=marked("Say how the query was read and what each hit matched with."))
@option("--why", metavar="NOTE", help=marked("Say why this note is, or is not, among the hits."))
@option("-l", "--paths", is_flag=True, help=marked("Print only the paths of all hits, one a line."))
@option("-0", "--null", is_flag=True, help=marked("Like -l, with a NUL behind each path, for xargs -0."))
@option("--count", is_flag=True, help=marked("Print only how many notes match."))
@option(
    "--format",
    "line_format",
    metavar="LINE",
    help=marked("Print a line for each hit: '{date} {customer:20} {title}', with the names that --json prints."),
)
@format_options
@no_sync_option
@pass_app
@click.pass_context
def search_command(ctx: click.Context, app: App, /, *, words: tuple[str, ...], no_sync: bool, **options: Any) -> None:  # noqa: ANN401
    """Search and print."""
    wish = Wish(text=" ".join(words), **options)
    wish.refuse_what_does_not_go_together()
    # the dictionary takes as long to load as the disk to look at
    with app.fresh_workspace(sync=not no_sync, with_index=True, meanwhile=partial(load_words, wish.text)) as workspace:
        found = _answer(workspace, wish)
    ctx.exit(0 if found else 1)


def _answer(workspace: Workspace, wish: Wish) -> bool:
    """Print what was asked for; tell whether there is anything."""
    text = wish.text
    if wish.since is not None:
        text = narrow_to_period(text, wish.since, workspace.settings, workspace.today)
    question = Question(
        catalog=workspace.catalog,
        index=workspace.index,
        settings=workspace.settings,
        today=workspace.today,
        text=text,
    )
    if wish.interactive:
        from notevault.cli.picker import pick_and_open  # noqa: PLC0415 -- start-up time

        return pick_and_open(workspace, question)
    if wish.by:
        return _print_facets(workspace, question, wish.by, wish.output)
    if wish.like:
        return _print_similar(workspace, question, wish)
    if wish.why:
        from notevault.cli.search_explain import print_why  # noqa: PLC0415 -- start-up time

        return print_why(question, _find_note(workspace, wish.why), workspace.settings, wish.output)
    return _print_hits(workspace, question, wish)


def _find_note(workspace: Workspace, text: str) -> NotePath:
    from notevault.cli.show import find_path  # noqa: PLC0415 -- start-up time

    return find_path(workspace, text)


def _print_hits(workspace: Workspace, question: Question, wish: Wish) -> bool:
    line = _line(wish)
    result = search(
        question.catalog,
        question.index,
        question.text,
        settings=question.settings,
        today=question.today,
        limit=wish.most,
        sort=wish.sort,
    )
    if wish.explain:
        from notevault.cli.search_explain import print_explanation  # noqa: PLC0415 -- start-up time

        print_explanation(question, result, wish.output)
    else:
        print_listing(_listing(workspace, wish, line, hits=result.hits, total=result.total))
    _suggest(question, result)
    return result.total > 0


def _line(wish: Wish) -> Callable[[Row], str] | None:
    if wish.line_format is None:
        return None
    from notevault.cli.line_format import parse_line_format  # noqa: PLC0415 -- start-up time

    return parse_line_format(wish.line_format, LINE_FIELDS)


def _listing(workspace: Workspace, wish: Wish, line: Callable[[Row], str] | None, **found: Any) -> Listing:  # noqa: ANN401
    ends = "\0" if wish.null else "\n" if wish.paths else None
    return Listing(settings=workspace.settings, output=wish.output, ends=ends, count=wish.count, line=line, **found)


def _print_facets(workspace: Workspace, question: Question, by: str, output: str | None) -> bool:
    counted = count_facets(question, by)
    rows: list[Row] = [
        {"value": one.value, "label": _label(workspace, by, one.value), "notes": one.notes, "newest": one.newest}
        for one in counted
    ]
    headings = {
        "customer": _("customer"), "stage": _("stage"), "owner": _("owner"), "month": _("month"), "type": _("type")
    }  # fmt: skip
    columns = [
        Column(heading=headings[by], value=lambda row: row["label"] or _("(none)"), flexible=True),
        Column(heading=_("notes"), value=lambda row: str(row["notes"]), right=True),
        Column(heading=_("newest"), value=lambda row: row["newest"].isoformat() if row["newest"] else ""),
    ]
    print_rows(rows, columns, output, ("value", "label", "notes", "newest"))
    if not counted:
        say(_("No note matches."))
    return bool(counted)


def _label(workspace: Workspace, by: str, value: str | None) -> str | None:
    if by == "stage":
        return workspace.settings.say_stage(value, current_language()) or None
    owner = workspace.settings.owners.get(value or "") if by == "owner" else None
    return owner.name or value if owner else value


def _print_similar(workspace: Workspace, question: Question, wish: Wish) -> bool:
    from notevault.similar_notes import find_similar  # noqa: PLC0415 -- start-up time

    line = _line(wish)
    found = find_similar(question, _find_note(workspace, wish.like or ""), limit=wish.most)
    same = {"industry": _("same industry"), "product": _("same product"), "stage": _("same stage")}
    remarks = [", ".join([*note.words, *(same[one] for one in note.same)]) for note in found.notes]
    extra: list[Row] = [{"words": list(note.words), "same": list(note.same)} for note in found.notes]
    hits = [note.hit for note in found.notes]
    print_listing(_listing(workspace, wish, line, hits=hits, total=found.total, extra=extra, remarks=remarks))
    return found.total > 0


def _suggest(question: Question, result: SearchResult) -> None:
    """Say on stderr which words no note holds, and by what an empty answer was excluded."""
    if result.total and not result.missing:
        return
    from notevault.suggest import find_excluders, guess_words  # noqa: PLC0415 -- start-up time

    for guess in guess_words(question.catalog, question.index, result.missing):
        if guess.near:
            near = ", ".join(guess.near)
            say(_("No note holds '{word}'; did you mean: {near}?").format(word=guess.word, near=near), mood="yellow")
        else:
            say(_("No note holds '{word}'.").format(word=guess.word), mood="yellow")
    for one in find_excluders(question) if not result.total else ():
        told = ngettext("Without {part} there is {count} note.", "Without {part} there are {count} notes.", one.notes)
        say(told.format(part=one.part, count=one.notes), mood="yellow")
