"""Other views of the deals: their history, the flow through the stages, what changed, targets, a page with plots."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from notevault.cli.base import say
from notevault.cli.document import write_document, write_text
from notevault.cli.output import Column, Row, print_rows
from notevault.cli.wording import name_stage, name_state
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.records import field_names
from notevault.report.document import render_markdown
from notevault.report.pipeline import PipelineFilter, list_deals
from notevault.report.pipeline_since import DealChange, list_changes
from notevault.report.rows import make_row
from notevault.report.say import say_money, say_sums
from notevault.report.stages import (
    DealHistory,
    StageFlow,
    choose_deals_or_customer,
    list_histories,
    measure_flow,
)
from notevault.report.targets import CURRENCY, TargetLine, choose_period, find_period, list_targets
from notevault.workspace import Workspace


def print_histories(workspace: Workspace, wish: str, output: str | None) -> None:
    """Print the moves of the deals that ``wish`` names, or of those of a customer."""
    deals = choose_deals_or_customer(workspace.catalog, wish)
    print_history_of(workspace, deals, output)


def print_history_of(workspace: Workspace, deals: tuple[str, ...], output: str | None) -> None:
    """Print the moves of deals; as CSV a line for each move."""
    histories = list_histories(workspace.catalog, workspace.settings, workspace.today, deals)
    if output == "csv":
        rows = [_flat(history) | make_row(move) for history in histories for move in history.moves]
        print_rows(rows, (), output, ("id", "customer", "deal", "owner", "state", "stage", "day", "kind", "path"))
        return
    if output != "table":
        print_rows([make_row(history) for history in histories], (), output)
        return
    for at, history in enumerate(histories):
        if at:
            click.echo()
        title = " / ".join(part for part in (history.customer, history.deal) if part)
        days = "" if history.days is None else ngettext("{count} day", "{count} days", history.days)
        state = name_state(history.state)
        click.secho(f"■ {_line(title)}  ({state}, {days.format(count=history.days)})", bold=True)
        print_rows([make_row(move) for move in history.moves], _move_columns(workspace), output)
    if not histories:
        say(_("No stage is known of it."))


def _flat(history: DealHistory) -> Row:
    names = ("id", "customer", "deal", "owner", "state")
    return {name: getattr(history, name) for name in names}


def _move_columns(workspace: Workspace) -> list[Column]:
    settings = workspace.settings
    return [
        Column(heading=_("date"), value=lambda row: row["day"] or ""),
        Column(heading=_("stage"), value=lambda row: name_stage(settings, row["stage"])),
        Column(heading=_("move"), value=_say_move, colour=lambda row: _MOVE_COLOURS.get(row["kind"])),
        Column(
            heading=_("days"),
            value=lambda row: "" if row["days"] is None else str(row["days"]),
            right=True,
            colour=lambda row: "red" if row["too_long"] else None,
        ),
        Column(
            heading=_("skipped"),
            value=lambda row: ", ".join(name_stage(settings, stage) for stage in row["skipped"]),
            flexible=True,
        ),
        Column(heading=_("note"), value=lambda row: row["path"], flexible=True),
    ]


_MOVE_COLOURS = {"back": "yellow", "lost": "red", "won": "green", "reopened": "yellow"}


def _say_move(row: Row) -> str:
    return say_kind(row["kind"])


def say_kind(kind: str) -> str:
    """Return what happened to a deal, in words."""
    return {
        "opened": _("opened"),
        "new": _("new"),
        "forward": _("forward"),
        "back": _("back"),
        "reopened": _("reopened"),
        "won": _("won"),
        "lost": _("lost"),
        "amount": _("other amount"),
    }.get(kind, kind)


def flows_of(workspace: Workspace, wanted: PipelineFilter) -> dict[str, StageFlow]:
    """Return the flow of each stage, over all deals of the owners and customers wanted, closed ones too."""
    return {flow.stage: flow for flow in measure_flow(_histories(workspace, wanted), workspace.settings)}


def _histories(workspace: Workspace, wanted: PipelineFilter) -> tuple[DealHistory, ...]:
    catalog, settings, today = workspace.catalog, workspace.settings, workspace.today
    if wanted.owners is None and wanted.customers is None:
        return list_histories(catalog, settings, today)
    everything = PipelineFilter(states=None, owners=wanted.owners, customers=wanted.customers)
    ids = tuple(deal.id for deal in list_deals(catalog, settings, today, everything))
    return list_histories(catalog, settings, today, ids)


def print_flow(workspace: Workspace, wanted: PipelineFilter, output: str | None) -> None:
    """Print for each stage what became of the deals that reached it."""
    flows = list(flows_of(workspace, wanted).values())
    columns = [
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("entered"), value=lambda row: str(row["entered"]), right=True),
        Column(heading=_("went on"), value=lambda row: str(row["advanced"]), right=True),
        Column(heading=_("lost"), value=lambda row: str(row["lost"] or ""), right=True),
        Column(heading=_("back"), value=lambda row: str(row["back"] or ""), right=True),
        Column(heading=_("still here"), value=lambda row: str(row["here"] or ""), right=True),
        Column(heading=_("go on"), value=lambda row: _percent(row["conversion"]), right=True),
        Column(heading=_("won in the end"), value=lambda row: _percent(row["won"]), right=True),
        Column(
            heading=_("median days"),
            value=_median_of_longest,
            right=True,
            colour=lambda row: "red" if (row["median_days"] or 0) > (row["longest_days"] or 10**6) else None,
        ),
    ]
    print_rows([make_row(flow) for flow in flows], columns, output, field_names(StageFlow))


def _median_of_longest(row: Row) -> str:
    if row["median_days"] is None:
        return ""
    longest = f"/{row['longest_days']}" if row["longest_days"] is not None else ""
    return f"{row['median_days']:g}{longest}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def say_share(flow: StageFlow | None) -> str:
    """Return the share of deals that go on from a stage."""
    return _percent(flow.conversion) if flow else ""


def say_median(flow: StageFlow | None) -> str:
    """Return how many days deals stay in a stage, by the median."""
    return f"{flow.median_days:g}" if flow and flow.median_days is not None else ""


def print_changes(workspace: Workspace, since: date, wanted: PipelineFilter, output: str | None) -> None:
    """Print what became of the deals since a day."""
    settings = workspace.settings
    found = list_changes(workspace.catalog, settings, workspace.today, since, wanted)
    columns = [
        Column(heading=_("change"), value=_say_move, colour=lambda row: _MOVE_COLOURS.get(row["kind"])),
        Column(heading=_("customer"), value=lambda row: row["customer"], flexible=True),
        Column(heading=_("deal"), value=lambda row: row["deal"] or "-", flexible=True),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(heading=_("before"), value=lambda row: name_stage(settings, row["stage_before"])),
        Column(heading=_("now"), value=lambda row: name_stage(settings, row["stage"])),
        Column(heading=_("amount before"), value=_amount_before, right=True),
        Column(heading=_("amount"), value=lambda row: say_money(row["amount"], row["currency"]), right=True),
        Column(heading=_("newest note"), value=lambda row: row["last_day"] or ""),
    ]
    print_rows([make_row(each) for each in found.changes], columns, output, field_names(DealChange))
    before = _("{count} open before {day}: {sums}").format(
        count=found.open_before, day=found.since, sums=say_sums(found.sums_before) or "-"
    )
    now = _("{count} open now: {sums}").format(count=found.open_now, sums=say_sums(found.sums_now) or "-")
    say(f"{before}; {now}")


def _amount_before(row: Row) -> str:
    return "" if row["amount_before"] == row["amount"] else say_money(row["amount_before"], row["currency"])


def print_targets(workspace: Workspace, wish: str, wanted: PipelineFilter, output: str | None) -> None:
    """Print targets and what is missing, and below who could fill the gaps."""
    period = choose_period(workspace.settings, workspace.today, wish)
    lines = list_targets(workspace.catalog, workspace.settings, workspace.today, period)
    lines = tuple(line for line in lines if _is_of(line, workspace, wanted))
    columns = [
        Column(heading=_("owner"), value=_owner_of),
        Column(heading=_("target"), value=_money("target"), right=True),
        Column(heading=_("won"), value=_money("won"), right=True),
        Column(heading="", value=lambda row: _percent(row["won"] / row["target"]) if row["target"] else "", right=True),
        Column(heading=_("missing"), value=_money("missing"), right=True),
        Column(heading=_("weighted"), value=_money("weighted"), right=True),
        Column(heading=_("gap"), value=_money("gap"), right=True, colour=lambda row: "red" if row["gap"] else "green"),
    ]
    print_rows([make_row(line) for line in lines], columns, output, field_names(TargetLine))
    if output == "table":
        for line in lines:
            _print_fillers(workspace, line)
    if lines:
        left = lines[0].working_days_left
        days = ngettext("{count} working day left", "{count} working days left", left).format(count=left)
        say(f"{period.name}: {period.first}..{period.last}, {days}")
    if other := max((line.other_currencies for line in lines), default=0):
        message = ngettext(
            "{count} deal in another currency is not counted",
            "{count} deals in other currencies are not counted",
            other,
        )
        say(message.format(count=other), mood="yellow")


def _money(key: str) -> Callable[[Row], str]:
    return lambda row: say_money(row[key], CURRENCY)


def _is_of(line: TargetLine, workspace: Workspace, wanted: PipelineFilter) -> bool:
    known = workspace.settings.find_owner(line.owner)
    return wanted.owners is None or (known.key if known else line.owner) in wanted.owners


def _owner_of(row: Row) -> str:
    return _("team") if row["owner"] == "team" else str(row["owner"])


def _print_fillers(workspace: Workspace, line: TargetLine) -> None:
    if not line.fillers or line.owner == "team":
        return
    kinds = {"due": _("closes in time"), "later": _("closes later"), "again": _("bought before")}
    columns = [
        Column(heading=_("could fill the gap"), value=lambda row: row["customer"], flexible=True),
        Column(heading=_("deal"), value=lambda row: row["deal"] or "-", flexible=True),
        Column(heading="", value=lambda row: kinds[row["kind"]]),
        Column(heading=_("stage"), value=lambda row: name_stage(workspace.settings, row["stage"])),
        Column(heading=_("close date"), value=lambda row: row["close_date"] or ""),
        Column(heading=_("amount"), value=lambda row: say_money(row["amount"], CURRENCY), right=True),
        Column(heading=_("would add"), value=lambda row: say_money(row["upside"], CURRENCY), right=True),
    ]
    click.echo()
    click.secho(f"■ {_line(line.owner)}", bold=True)
    print_rows([make_row(filler) for filler in line.fillers], columns, "table")


def write_page(workspace: Workspace, wanted: PipelineFilter, place: Path, *, as_html: bool) -> None:
    """Write the page, as HTML with plots or as Markdown, by what its name ends in; ``-`` prints it."""
    from notevault.report.html import render_html  # noqa: PLC0415 -- start-up time
    from notevault.report.pipeline_page import make_pipeline  # noqa: PLC0415

    catalog, settings, today = workspace.catalog, workspace.settings, workspace.today
    deals = list_deals(catalog, settings, today, wanted)
    targets = list_targets(catalog, settings, today, period) if (period := find_period(settings, today)) else ()
    targets = tuple(line for line in targets if _is_of(line, workspace, wanted))
    page = make_pipeline(deals, _histories(workspace, wanted), settings, today, targets)
    if str(place) == "-":
        click.echo(render_html(page, language=workspace.language) if as_html else render_markdown(page), nl=False)
    elif as_html:
        write_text(place, render_html(page, language=workspace.language))
    else:
        write_document(page, place)


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
