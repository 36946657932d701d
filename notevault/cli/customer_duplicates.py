"""``notevault customer duplicates``."""

from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.output import Column, Row, format_options, print_rows
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.records import field_names
from notevault.report.duplicates import DuplicatePair, find_duplicates
from notevault.report.rows import make_row

FIELDS = field_names(DuplicatePair)
_SHOWN = 50


@command(
    "duplicates",
    help=marked(
        "List pairs of customers that may be one, with what speaks for it: a shared name, number, mail domain, phone or"
        " person, or names alike. Nothing is merged; 'customer merge' does that."
    ),
)
@option("--least", type=float, default=0.3, metavar="SCORE", help=marked("Only pairs of at least this score (0 to 1)."))
@option("--no-alike", is_flag=True, help=marked("Leave out pairs that are only alike in name."))
@option("--all", "show_all", is_flag=True, help=marked("List all pairs, not only the first 50."))
@format_options
@no_sync_option
@pass_app
def duplicates_command(
    app: App, *, least: float, no_alike: bool, show_all: bool, output: str | None, no_sync: bool
) -> None:
    """List pairs, best first."""
    with app.fresh_workspace(sync=not no_sync) as workspace:
        found = find_duplicates(workspace.catalog, workspace.settings, alike=not no_alike)
    pairs = [pair for pair in found.pairs if pair.score >= least]
    shown = pairs if show_all or output != "table" else pairs[:_SHOWN]
    print_rows([make_row(pair) for pair in shown], _columns(), output, FIELDS)
    say(ngettext("{count} pair", "{count} pairs", len(pairs)).format(count=len(pairs)))
    if len(shown) < len(pairs):
        say(_("the first {count} are shown; --all shows all").format(count=len(shown)))
    if found.not_compared:
        say(_("{count} customers were not compared by likeness").format(count=found.not_compared), mood="yellow")
    if pairs:
        say(
            _("if they are one: notevault customer merge '{keep}' '{other}'").format(
                keep=pairs[0].keep.name, other=pairs[0].other.name
            )
        )
        say(_("if they are two: notevault customer distinct, with the same names"))


def _columns() -> list[Column]:
    return [
        Column(heading=_("score"), value=lambda row: f"{row['score']:.2f}", right=True),
        Column(heading=_("customer"), value=lambda row: _name(row["keep"]), flexible=True),
        Column(heading=_("may be the same"), value=lambda row: _name(row["other"]), flexible=True),
        Column(heading=_("evidence"), value=_evidence, flexible=True),
    ]


def _name(row: Row) -> str:
    return f"{row['name']} ({row['notes']})"


def _evidence(row: Row) -> str:
    return ", ".join(f"{say_evidence(each['kind'])}: {each['detail']}" for each in row["evidence"])


def say_evidence(kind: str) -> str:
    """Return a kind of evidence in words."""
    return {
        "name": _("same name"),
        "alias": _("same alias"),
        "kana": _("same reading"),
        "english": _("same English name"),
        "corporate_number": _("same corporate number"),
        "domain": _("same mail domain"),
        "email": _("same e-mail address"),
        "phone": _("same phone"),
        "person": _("same person"),
        "mention": _("both may be meant by"),
        "alike": _("alike"),
    }.get(kind, kind)
