"""What became of the deals since a day: new, forward, back, won, lost, reopened, another amount."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings, Stage
from notevault.records import record
from notevault.report.pipeline import PipelineDeal, PipelineFilter, list_deals, sum_money
from notevault.report.rows import parse_iso
from notevault.report.sums import Sum

KINDS: Final = ("won", "lost", "new", "reopened", "forward", "back", "amount")


@record
class DealChange:
    """A deal then and now. Its fields are the contract of ``pipeline --since --json``."""

    id: str
    customer: str
    deal: str | None
    owner: str | None
    kind: str
    """One of :data:`KINDS`."""
    stage_before: str | None
    stage: str | None
    amount_before: float | None
    amount: float | None
    currency: str | None
    last_day: date | None
    """When its newest note was written."""


@record
class PipelineChanges:
    """The open deals on the eve of a day, now, and what happened between."""

    since: date
    open_before: int
    sums_before: tuple[Sum, ...]
    open_now: int
    sums_now: tuple[Sum, ...]
    changes: tuple[DealChange, ...]


def list_changes(
    catalog: Catalog, settings: Settings, today: date, since: date, wanted: PipelineFilter
) -> PipelineChanges:
    """Return the net change of every deal wanted; what happened on ``since`` itself counts as change."""
    deals = list_deals(catalog, settings, today, replace(wanted, states=None))
    before = _deals_before(catalog, since)
    then = {deal.id: _as_it_was(deal, before[deal.id], settings) for deal in deals if deal.id in before}
    last_days = {row["id"]: parse_iso(row["last_day"]) for row in catalog.select("SELECT id, last_day FROM deals")}
    changes = [
        DealChange(
            id=deal.id,
            customer=deal.customer,
            deal=deal.deal,
            owner=deal.owner,
            kind=kind,
            stage_before=then[deal.id].stage if deal.id in then else None,
            stage=deal.stage,
            amount_before=then[deal.id].amount if deal.id in then else None,
            amount=deal.amount,
            currency=deal.currency,
            last_day=last_days.get(deal.id),
        )
        for deal in deals
        if (kind := _kind(then.get(deal.id), deal, settings))
    ]
    still_open = [deal for deal in deals if deal.state == "open"]
    was_open = [deal for deal in then.values() if deal.state == "open"]
    return PipelineChanges(
        since=since,
        open_before=len(was_open),
        sums_before=sum_money(was_open),
        open_now=len(still_open),
        sums_now=sum_money(still_open),
        changes=tuple(sorted(changes, key=lambda each: (KINDS.index(each.kind), -(each.amount or 0.0), each.id))),
    )


@dataclass(slots=True)
class _Then:
    """What the notes before the day say of a deal."""

    stage: str | None = None
    amount: float | None = None


def _deals_before(catalog: Catalog, since: date) -> dict[str, _Then]:
    """Return the deals that a note before ``since`` speaks of; an undated note counts as before."""
    found: dict[str, _Then] = defaultdict(_Then)
    rows = catalog.select(
        "SELECT deal_id, stage, stage_raw, amount FROM notes WHERE deal_id IS NOT NULL AND copy_of IS NULL"
        " AND (day IS NULL OR day < ?) ORDER BY day IS NOT NULL, day, path",
        (since.isoformat(),),
    )
    for row in rows:
        then = found[row["deal_id"]]
        then.stage = row["stage"] or row["stage_raw"] or then.stage
        then.amount = row["amount"] if row["amount"] is not None else then.amount
    return dict(found)


def _as_it_was(deal: PipelineDeal, then: _Then, settings: Settings) -> PipelineDeal:
    stage = settings.stages.get(then.stage or "")
    probability = stage.probability if stage else None
    weighted = None if then.amount is None or probability is None else then.amount * probability / 100
    return replace(
        deal,
        stage=then.stage,
        state=stage.state if stage else "open",
        amount=then.amount,
        probability=probability,
        weighted=weighted,
    )


def _kind(before: PipelineDeal | None, now: PipelineDeal, settings: Settings) -> str:
    """Return what happened, '' for nothing."""
    state_before = before.state if before else "open"
    if now.state != state_before:
        return now.state if now.state != "open" else "reopened"
    if before is None:
        return "new"
    if before.stage != now.stage:
        orders = [_order(settings.stages.get(deal.stage or "")) for deal in (before, now)]
        return "forward" if orders[0] <= orders[1] else "back"
    return "amount" if before.amount != now.amount else ""


def _order(stage: Stage | None) -> int:
    return stage.order if stage else -1
