"""Taking stock of customers (棚卸し): won, active, silent, lost or regained in a period, and about to go silent.

A customer is silent from the day on that ends ``[inventory] silent_days`` days without contact. One may be several
things at once: won in October, and silent since.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.records import record
from notevault.report.activity import contact_days
from notevault.report.customers import CustomerLine, list_customers
from notevault.report.pipeline import PipelineDeal, PipelineFilter, list_deals, sum_money
from notevault.report.rows import make_lookup
from notevault.report.sums import Sum

MARKS: Final = ("won", "lost", "regained", "active", "going-silent", "silent", "dormant")
"""``silent`` since a day of the period; ``dormant`` since before it."""


@record
class CustomerStock:
    """One customer at the end of a period. Its fields are the contract of ``report inventory --json``."""

    id: str
    customer: str
    status: str
    owner: str | None
    marks: tuple[str, ...]
    """Of :data:`MARKS`."""
    last_contact: date
    days: int
    """Without contact."""
    silent_on: date
    """The day that made, or will make, it silent."""
    won: tuple[Sum, ...]
    """Of deals won in the period and still won at its end."""
    lost: tuple[Sum, ...]
    lost_reasons: tuple[str, ...]
    open: tuple[Sum, ...]
    """Of deals open today: what silence puts at risk."""


@record
class _History:
    """What happened with one customer."""

    days: Sequence[date]
    """Of its contacts."""
    deals: Sequence[PipelineDeal]
    ends: Mapping[str, tuple[str, date]]
    """Deal id → state at the end of the period, and since when."""
    reasons: Mapping[str, str]

    def brought_to(self, state: str, since: date) -> tuple[PipelineDeal, ...]:
        """Return the deals that the period brought to ``state``."""
        kept = [(deal, self.ends[deal.id]) for deal in self.deals if deal.id in self.ends]
        return tuple(deal for deal, (found, day) in kept if found == state and day >= since)


def take_inventory(
    catalog: Catalog, settings: Settings, today: date, period: tuple[date, date], *, owners: Sequence[str] | None = None
) -> tuple[CustomerStock, ...]:
    """Return the customers spoken to by the end of the period, those without contact longest first."""
    since, until = period[0], min(period[1], today)
    days = contact_days(catalog, until)
    deals = list_deals(catalog, settings, today, PipelineFilter(states=None))
    customer_of = make_lookup(catalog.select("SELECT id, customer_id FROM deals"))
    reasons = make_lookup(catalog.select("SELECT id, lost_reason FROM deals WHERE lost_reason <> ''"))
    ends = _states_at(catalog, settings, until)
    by_customer: dict[str, list[PipelineDeal]] = defaultdict(list)
    for deal in deals:
        by_customer[customer_of[deal.id]].append(deal)
    found = [
        _make(
            line,
            _History(days=days[line.id], deals=by_customer[line.id], ends=ends, reasons=reasons),
            settings,
            since,
            until,
        )
        for line in list_customers(catalog, settings, today, deals=deals)
        if line.id in days and (owners is None or line.owner in owners)
    ]
    return tuple(sorted(found, key=lambda each: (each.last_contact, each.customer)))


def _states_at(catalog: Catalog, settings: Settings, until: date) -> dict[str, tuple[str, date]]:
    """Return deal id → its state at the end of ``until``, and since when."""
    states: dict[str, tuple[str, date]] = {}
    for row in catalog.select(
        "SELECT deal_id, stage, day FROM stage_events WHERE day IS NOT NULL AND day <= ? ORDER BY deal_id, position",
        (until.isoformat(),),
    ):
        stage = settings.stages.get(row["stage"])
        state, day = (stage.state if stage else "open"), date.fromisoformat(row["day"])
        before = states.get(row["deal_id"])
        if before is None or before[0] != state:
            states[row["deal_id"]] = (state, day)
    return states


def _make(line: CustomerLine, history: _History, settings: Settings, since: date, until: date) -> CustomerStock:
    rule = settings.inventory
    days, last = history.days, history.days[-1]
    silent_on, gap = last + timedelta(days=rule.silent_days), timedelta(days=rule.silent_days)
    won, lost = history.brought_to("won", since), history.brought_to("lost", since)
    holds = {
        "won": bool(won),
        "lost": bool(lost),
        "regained": any(later >= since and later - earlier >= gap for earlier, later in pairwise(days)),
        "active": last >= since,
        "going-silent": until < silent_on <= until + timedelta(days=rule.warn_days),
        "silent": since <= silent_on <= until,
        "dormant": silent_on < since,
    }
    return CustomerStock(
        id=line.id,
        customer=line.name,
        status=line.status,
        owner=line.owner,
        marks=tuple(mark for mark in MARKS if holds[mark]),
        last_contact=last,
        days=(until - last).days,
        silent_on=silent_on,
        won=sum_money(won),
        lost=sum_money(lost),
        lost_reasons=tuple(dict.fromkeys(history.reasons[deal.id] for deal in lost if deal.id in history.reasons)),
        open=sum_money(deal for deal in history.deals if deal.state == "open"),
    )
