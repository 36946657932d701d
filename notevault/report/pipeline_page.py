"""The pipeline as one page: figures, where the deals stand, how far they come, how they move, and each of them."""

from collections.abc import Sequence
from datetime import date

from notevault.config import TEAM, Settings
from notevault.messages import current_language, ngettext
from notevault.messages import gettext as _
from notevault.report.document import Block, Cell, Document, Drawing, Facts, Heading, Remark, Table, make_table
from notevault.report.html import render_block
from notevault.report.pipeline import PipelineDeal, group_deals, sum_money
from notevault.report.say import Words, say_period, say_sums
from notevault.report.stage_plots import Bar, plot_bars, plot_flow, plot_funnel
from notevault.report.stages import DealHistory, count_moves, count_reached, measure_flow
from notevault.report.targets import CURRENCY, TargetLine


def make_pipeline(
    deals: Sequence[PipelineDeal],
    histories: Sequence[DealHistory],
    settings: Settings,
    today: date,
    targets: Sequence[TargetLine] = (),
) -> Document:
    """Return the page; ``deals`` are listed, ``histories`` of all deals are what flow and funnel are made from."""
    words = Words(settings=settings, language=current_language())
    still_open = [deal for deal in deals if deal.state == "open"]
    blocks: list[Block] = [_figures(still_open)]
    if still_open:
        stages = _by_stage(still_open, words)
        bars = Drawing(markup=plot_bars(_bars(still_open, words)))
        blocks += [Heading(text=_("Where the open deals stand")), bars, stages]
    if targets:
        blocks += [Heading(text=_("Target {period}").format(period=targets[0].period)), *make_targets(targets, words)]
        blocks += _fillers(targets, words)
    if histories:
        reached, moves = count_reached(histories, settings), count_moves(histories)
        legend = render_block(Remark(text=_("Above: forward. Below: back, and lost. +n: opened there.")))
        blocks += [
            Drawing(heading=_("How far deals came"), markup=plot_funnel(reached, settings)),
            Drawing(heading=_("How deals moved between the stages"), markup=plot_flow(moves, settings) + legend),
            Heading(text=_("Time and conversion by stage")),
            _flow(histories, words),
        ]
    blocks += [Heading(text=_("Deals")), _deals(deals, words, today) if deals else Remark(text=_("No deals."))]
    return Document(title=_("Pipeline"), subtitle=str(today), blocks=tuple(blocks))


def make_targets(targets: Sequence[TargetLine], words: Words) -> list[Block]:
    """Return targets with what is won, coming and missing, as plot and table."""
    headings = (_("owner"), _("target"), _("won"), "%", _("weighted"), _("gap"))
    names = [_("team") if line.owner == TEAM else line.owner for line in targets]
    rows: list[Sequence[str | Cell]] = [
        (
            *(name, words.money(line.target, CURRENCY), words.money(line.won, CURRENCY)),
            f"{line.won / line.target:.0%}" if line.target else "",
            words.money(line.weighted, CURRENCY),
            Cell(text=words.money(line.gap, CURRENCY), tone="bad" if line.gap else "good"),
        )
        for name, line in zip(names, targets, strict=True)
    ]
    bars = [
        Bar(
            label=name,
            whole=line.target,
            part=line.won,
            remark=f"{words.money(line.won, CURRENCY)} / {words.money(line.target, CURRENCY)}",
        )
        for name, line in zip(names, targets, strict=True)
        if line.owner != TEAM or len(targets) == 1
    ]
    first = targets[0]
    left = first.working_days_left
    days = ngettext("{count} working day left", "{count} working days left", left).format(count=left)
    return [
        Drawing(markup=plot_bars(bars)),
        make_table(headings, rows, right=range(1, 6)),
        Remark(text=f"{say_period((first.first, first.last))}  {days}"),
    ]


def _fillers(targets: Sequence[TargetLine], words: Words) -> list[Block]:
    kinds = {"due": _("closes in time"), "later": _("closes later"), "again": _("bought before")}
    headings = (
        *(_("owner"), _("could fill the gap"), _("deal"), "", _("stage"), _("close date"), _("amount")),
        _("would add"),
    )
    rows = [
        (
            *(line.owner, each.customer, each.deal or "-", kinds[each.kind], words.stage(each.stage)),
            *(str(each.close_date or ""), words.money(each.amount, CURRENCY), words.money(each.upside, CURRENCY)),
        )
        for line in targets
        if line.owner != TEAM or len(targets) == 1
        for each in line.fillers
    ]
    return [make_table(headings, rows, right=(6, 7), flexible=(1, 2))] if rows else []


def _figures(deals: Sequence[PipelineDeal]) -> Facts:
    sums = sum_money(deals)
    flagged = {flag: sum(flag in deal.flags for deal in deals) for flag in ("no-todo", "too-long", "close-passed")}
    return Facts(
        rows=(
            (_("open deals"), str(len(deals))),
            (_("amount"), say_sums(sums) or "-"),
            (_("weighted"), say_sums(sums, weighted=True) or "-"),
            (_("without next ToDo"), str(flagged["no-todo"])),
            (_("too long in their stage"), str(flagged["too-long"])),
            (_("past their close date"), str(flagged["close-passed"])),
        )
    )


def _bars(deals: Sequence[PipelineDeal], words: Words) -> list[Bar]:
    """Return a bar for each stage: amount, and weighted in it, in the currency that most of the money is in."""
    currency = next((each.currency for each in sum_money(deals)), "")
    bars = []
    for group in group_deals(deals, words.settings, "stage"):
        known = next((each for each in group.sums if each.currency == currency), None)
        count = ngettext("{count} deal", "{count} deals", len(group.deals)).format(count=len(group.deals))
        remark = " · ".join(part for part in (say_sums(group.sums), count) if part)
        whole, part = (known.amount, known.weighted) if known else (0.0, 0.0)
        bars.append(Bar(label=words.stage(group.key) or "-", whole=whole, part=part, remark=remark))
    return bars


def _by_stage(deals: Sequence[PipelineDeal], words: Words) -> Table:
    rows = [
        (
            *(words.stage(group.key) or "-", str(len(group.deals)), say_sums(group.sums)),
            *(say_sums(group.sums, weighted=True), str(group.without_todo or "")),
        )
        for group in group_deals(deals, words.settings, "stage")
    ]
    headings = (_("stage"), _("deals"), _("amount"), _("weighted"), _("without ToDo"))
    return make_table(headings, rows, right=range(1, 5))


def _flow(histories: Sequence[DealHistory], words: Words) -> Table:
    rows: list[list[str | Cell]] = []
    for flow in measure_flow(histories, words.settings):
        late = flow.median_days is not None and flow.longest_days is not None and flow.median_days > flow.longest_days
        median = "" if flow.median_days is None else f"{flow.median_days:g}"
        rows.append(
            [
                words.stage(flow.stage),
                *(str(count) for count in (flow.entered, flow.advanced, flow.lost, flow.here)),
                "" if flow.conversion is None else f"{flow.conversion:.0%}",
                Cell(text=median, tone="bad" if late else ""),
                "" if flow.longest_days is None else str(flow.longest_days),
            ]
        )
    headings = (
        *(_("stage"), _("entered"), _("went on"), _("lost"), _("still here"), _("conversion"), _("median days")),
        _("longest allowed"),
    )
    return make_table(headings, rows, right=range(1, len(headings)))


def _deals(deals: Sequence[PipelineDeal], words: Words, today: date) -> Table:
    headings = (
        *(_("stage"), _("customer"), _("deal"), _("amount"), _("owner"), _("close date"), _("days in stage")),
        *(_("last contact"), _("next ToDo")),
    )
    rows: list[list[str | Cell]] = [
        [
            words.stage(deal.stage) or "-",
            deal.customer,
            deal.deal or "-",
            words.money(deal.amount, deal.currency),
            deal.owner or "",
            Cell(text=str(deal.close_date or ""), tone="bad" if "close-passed" in deal.flags else ""),
            Cell(text=_days(deal, words.settings), tone="bad" if deal.overdue_stage else ""),
            str(deal.last_contact or ""),
            _todo(deal, today),
        ]
        for deal in deals
    ]
    return make_table(headings, rows, right=(3, 6), flexible=(1, 2, 8))


def _todo(deal: PipelineDeal, today: date) -> Cell:
    todo = deal.next_todo
    if todo is None:
        return Cell(text=_("no next ToDo!"), tone="bad") if deal.state == "open" else Cell(text="")
    late = todo.due is not None and todo.due < today
    return Cell(text=f"{todo.due or ''} {todo.text}".strip(), tone="warn" if late else "")


def _days(deal: PipelineDeal, settings: Settings) -> str:
    if deal.days_in_stage is None:
        return ""
    known = settings.stages.get(deal.stage or "")
    return f"{deal.days_in_stage}/{known.longest_days}" if known and known.longest_days else str(deal.days_in_stage)
