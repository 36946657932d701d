"""``notevault pipeline``."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from notevault.cli import pipeline_views
from notevault.cli.base import App, command, marked, no_sync_option, option, pass_app, say
from notevault.cli.completion import complete_customers, complete_owners, complete_stages
from notevault.cli.output import Column, Row, format_options, print_rows
from notevault.cli.report_options import out_option
from notevault.cli.wording import due_colour, name_stage, name_state, read_day
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.records import field_names
from notevault.report.choosing import choose_customers, choose_owners, choose_stages
from notevault.report.pipeline import (
    GROUPINGS,
    PipelineDeal,
    PipelineFilter,
    PipelineGroup,
    group_deals,
    list_deals,
    sum_money,
)
from notevault.report.rows import make_row
from notevault.report.say import say_money, say_sums
from notevault.report.stages import StageFlow
from notevault.workspace import Workspace

FIELDS = field_names(PipelineDeal)


@command(
    "pipeline",
    help=marked("Show the open deals by stage: how many, how much, how long there, and what comes next."),
)
@option("--owner", metavar="NAME", shell_complete=complete_owners, help=marked("Only those of this person."))
@option(
    "--customer",
    metavar="NAME",
    shell_complete=complete_customers,
    help=marked("Only those of this customer, in any spelling."),
)
@option("--stage", metavar="STAGE", shell_complete=complete_stages, help=marked("Only those in this stage."))
@option("--all", "everything", is_flag=True, help=marked("Deals won and lost too."))
@option(
    "--by",
    type=click.Choice(GROUPINGS),
    default="stage",
    show_default=True,
    help=marked("Add up by stage, by owner, or by month of the close date."),
)
@option(
    "--history", metavar="DEAL", help=marked("Show how this deal, or each of this customer, moved through the stages.")
)
@option("--flow", is_flag=True, help=marked("Show for each stage how many deals went on, and how long they took."))
@option("--since", metavar="DATE", help=marked("Show what has changed since this day."))
@option(
    "--target",
    metavar="[PERIOD]",
    is_flag=False,
    flag_value="",
    help=marked(
        "Show target, won, weighted and missing, and who could fill the gap; of the present period or of PERIOD."
    ),
)
@option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=marked("Write a page with plots that needs nothing else; - prints it."),
)
@out_option
@format_options
@no_sync_option
@pass_app
def pipeline_command(
    app: App,
    /,
    *,
    by: str,
    history: str | None,
    flow: bool,
    since: str | None,
    target: str | None,
    html: Path | None,
    out: Path | None,
    output: str | None,
    no_sync: bool,
    **options: object,
) -> None:
    """Add up and list, or print another view."""
    page = html or out
    if sum((history is not None, flow, since is not None, target is not None, page is not None)) > 1:
        raise click.UsageError(_("--history, --flow, --since, --target, --html and -o are different views; choose one"))
    with app.fresh_workspace(sync=not no_sync) as workspace:
        wanted = _read_filter(workspace, options)
        if history is not None:
            pipeline_views.print_histories(workspace, history, output)
        elif flow:
            pipeline_views.print_flow(workspace, wanted, output)
        elif since is not None:
            pipeline_views.print_changes(workspace, read_day(since, workspace.today, prefer="past"), wanted, output)
        elif target is not None:
            pipeline_views.print_targets(workspace, target, wanted, output)
        elif page is not None:
            pipeline_views.write_page(workspace, wanted, page, as_html=html is not None)
        else:
            _print_deals(workspace, wanted, by, output)


def _print_deals(workspace: Workspace, wanted: PipelineFilter, by: str, output: str | None) -> None:
    deals = list_deals(workspace.catalog, workspace.settings, workspace.today, wanted)
    groups = group_deals(deals, workspace.settings, by)
    ordered = [deal for group in groups for deal in group.deals]
    if output == "table" and deals:
        flows = pipeline_views.flows_of(workspace, wanted) if by == "stage" else {}
        rows = [_group_row(group, deals, flows.get(group.key)) for group in groups]
        print_rows(rows, _group_columns(workspace, by), output)
        click.echo()
    print_rows([make_row(deal) for deal in ordered], deal_columns(workspace), output, FIELDS)
    _summarize(deals)


def _read_filter(workspace: Workspace, options: dict[str, object]) -> PipelineFilter:
    catalog, settings = workspace.catalog, workspace.settings
    text = {name: str(value) for name, value in options.items() if isinstance(value, str)}
    stages = choose_stages(catalog, settings, text["stage"]) if "stage" in text else None
    # a stage that closes a deal was asked for by name
    everything = options["everything"] or stages is not None
    return PipelineFilter(
        states=None if everything else ("open",),
        owners=choose_owners(catalog, settings, text["owner"]) if "owner" in text else None,
        stages=stages,
        customers=choose_customers(catalog, text["customer"]).ids if "customer" in text else None,
    )


def deal_columns(workspace: Workspace, *, brief: bool = False) -> list[Column]:
    """Return the columns of a table of deals; ``brief`` ones are all of one customer."""
    settings, today = workspace.settings, workspace.today
    columns = [Column(heading=_("stage"), value=lambda row: _stage(row, workspace), colour=_stage_colour)]
    if not brief:
        columns.append(Column(heading=_("customer"), value=lambda row: row["customer"], flexible=True))
    else:
        columns.append(Column(heading=_("state"), value=lambda row: name_state(row["state"])))
    return [
        *columns,
        Column(heading=_("deal"), value=lambda row: row["deal"] or "-", flexible=True),
        Column(heading=_("amount"), value=lambda row: say_money(row["amount"], row["currency"]), right=True),
        Column(heading=_("owner"), value=lambda row: row["owner"] or ""),
        Column(
            heading=_("close date"),
            value=lambda row: row["close_date"] or "",
            colour=lambda row: "red" if "close-passed" in row["flags"] else None,
        ),
        Column(
            heading=_("days in stage"),
            value=lambda row: "" if row["days_in_stage"] is None else _days(row, settings.stages.get(row["stage"])),
            right=True,
            colour=_stage_colour,
        ),
        Column(heading=_("last contact"), value=lambda row: row["last_contact"] or ""),
        Column(heading=_("next ToDo"), value=_next_todo, flexible=True, colour=lambda row: _next_colour(row, today)),
    ]


def _stage(row: Row, workspace: Workspace) -> str:
    return name_stage(workspace.settings, row["stage"]) or "-"


def _days(row: Row, stage: object) -> str:
    longest = getattr(stage, "longest_days", None)
    return f"{row['days_in_stage']}/{longest}" if longest is not None else str(row["days_in_stage"])


def _stage_colour(row: Row) -> str | None:
    return "red" if row["overdue_stage"] else None


def _next_todo(row: Row) -> str:
    todo = row["next_todo"]
    if todo is None:
        return _("no next ToDo!") if row["state"] == "open" else ""
    return f"{todo['due'] or ''} {todo['text']}".strip()


def _next_colour(row: Row, today: date) -> str | None:
    todo = row["next_todo"]
    if todo is None:
        return "red" if row["state"] == "open" else None
    return due_colour(date.fromisoformat(todo["due"]) if todo["due"] else None, today)


def _group_row(group: PipelineGroup, deals: Sequence[PipelineDeal], flow: StageFlow | None) -> Row:
    share = len(group.deals) / max(len(deals), 1)
    bar = "█" * max(1, round(20 * share))
    return {"key": group.key, "deals": len(group.deals), "group": group, "flow": flow, "bar": bar}


def _group_columns(workspace: Workspace, by: str) -> list[Column]:
    heading = {"stage": _("stage"), "owner": _("owner"), "month": _("close month")}[by]
    name = (lambda row: name_stage(workspace.settings, row["key"]) or "-") if by == "stage" else _key
    flow = [
        Column(heading=_("go on"), value=lambda row: pipeline_views.say_share(row["flow"]), right=True),
        Column(heading=_("median days"), value=lambda row: pipeline_views.say_median(row["flow"]), right=True),
    ]
    return [
        Column(heading=heading, value=name),
        Column(heading=_("deals"), value=lambda row: str(row["deals"]), right=True),
        Column(heading=_("amount"), value=lambda row: say_sums(row["group"].sums), right=True),
        Column(heading=_("weighted"), value=lambda row: say_sums(row["group"].sums, weighted=True), right=True),
        Column(
            heading=_("without ToDo"),
            value=lambda row: str(row["group"].without_todo or ""),
            right=True,
            colour=lambda _row: "red",
        ),
        *(flow if by == "stage" else ()),
        Column(heading="", value=lambda row: row["bar"], flexible=True),
    ]


def _key(row: Row) -> str:
    return row["key"] or "-"


def _summarize(deals: Sequence[PipelineDeal]) -> None:
    if not deals:
        say(_("No deals."))
        return
    sums = sum_money(deals)
    parts = [ngettext("{count} deal", "{count} deals", len(deals)).format(count=len(deals))]
    if sums:
        parts.append(
            _("{amount}, weighted {weighted}").format(amount=say_sums(sums), weighted=say_sums(sums, weighted=True))
        )
    missing = sum(deal.state == "open" and deal.next_todo is None for deal in deals)
    if missing:
        parts.append(ngettext("{count} without next ToDo", "{count} without next ToDo", missing).format(count=missing))
    late = sum(deal.overdue_stage for deal in deals)
    if late:
        parts.append(_("{count} too long in their stage").format(count=late))
    passed = sum("close-passed" in deal.flags for deal in deals)
    if passed:
        parts.append(_("{count} past their close date").format(count=passed))
    say("; ".join(parts))
