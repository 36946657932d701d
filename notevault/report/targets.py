"""What was to be won in a period, what is won, what may come, what is missing, and who could fill the gap.

Targets stand in ``[targets]`` of the settings, in yen; deals in another currency are left out and counted as such.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.config import SETTINGS_NAME, TEAM, Settings, spelling_key
from notevault.dates import parse_range
from notevault.dates.working_days import count_working_days
from notevault.errors import NotevaultError, SettingsError
from notevault.messages import gettext as _
from notevault.records import record
from notevault.report.pipeline import PipelineDeal, PipelineFilter, list_deals
from notevault.report.rows import parse_iso

CURRENCY: Final = "JPY"
_MOST_FILLERS: Final = 10


@record
class Period:
    """A period of the settings."""

    name: str
    first: date
    last: date


@record
class Filler:
    """A customer that could fill a gap."""

    kind: str
    """``due``: an open deal that closes in the period; ``later``: one that closes after it or at no known day;
    ``again``: bought before and has no open deal."""
    customer: str
    deal: str | None
    deal_id: str
    stage: str | None
    close_date: date | None
    amount: float
    upside: float
    """What winning it adds to what is counted already."""


@record
class TargetLine:
    """One owner's target in a period. Its fields are the contract of ``pipeline --target --json``."""

    period: str
    first: date
    last: date
    owner: str
    """``team`` for all together."""
    target: float
    won: float
    weighted: float
    """Of open deals whose close date is not after the period."""
    missing: float
    """Target less won; 0 where it is reached."""
    gap: float
    """What is missing even if the open deals come in as weighted."""
    working_days_left: int
    """From today to the end of the period."""
    other_currencies: int
    """Deals left out because they are in another currency."""
    fillers: tuple[Filler, ...]
    """The ones nearest to a decision first; none where there is no gap."""


def choose_period(settings: Settings, today: date, wish: str = "") -> Period:
    """Return the period that ``wish`` names, else the shortest one that holds today.

    Raises NotevaultError where the settings have none such, SettingsError for a name that is no period.
    """
    periods = [_read_period(name, settings, today) for name in settings.targets]
    if not periods:
        raise NotevaultError(
            _("no targets are set"),
            _("add to notevault.toml a table {table} with lines like {line}").format(
                table=f'[targets."{today:%Y-%m}"]', line="sato = 10000000"
            ),
        )
    wanted = parse_range(wish, today, fiscal_start_month=settings.fiscal_year_start) if wish else None
    fitting = [
        period
        for period in periods
        if (
            period.first <= today <= period.last
            if not wish
            else spelling_key(period.name) == spelling_key(wish) or wanted == (period.first, period.last)
        )
    ]
    if not fitting:
        names = ", ".join(f"{period.name} ({period.first}..{period.last})" for period in periods)
        raise NotevaultError(_("no target is set for that period"), _("there are: {names}").format(names=names))
    return min(fitting, key=lambda period: (period.last - period.first, period.name))


def find_period(settings: Settings, today: date) -> Period | None:
    """Return the shortest period with targets that holds a day; raises SettingsError for a name that is no period."""
    periods = [_read_period(name, settings, today) for name in settings.targets]
    fitting = [period for period in periods if period.first <= today <= period.last]
    return min(fitting, key=lambda period: (period.last - period.first, period.name), default=None)


def list_targets(
    catalog: Catalog, settings: Settings, today: date, period: Period, *, deals: Sequence[PipelineDeal] | None = None
) -> tuple[TargetLine, ...]:
    """Return a line for each owner with a target in the period, the team's own last.

    ``deals`` are all deals, where the caller has them.
    """
    if deals is None:
        deals = list_deals(catalog, settings, today, PipelineFilter(states=None))
    closed = {row["id"]: parse_iso(row["closed"]) for row in catalog.select("SELECT id, closed FROM deals")}
    days_left = count_working_days(max(today, period.first), period.last, settings.timezone)
    busy = frozenset(deal.customer for deal in deals if deal.state == "open")
    frame = _Frame(period, closed, days_left, busy)
    of_owner: dict[str, list[PipelineDeal]] = defaultdict(list)
    for deal in deals:
        if deal.owner is not None:
            of_owner[spelling_key(deal.owner)].append(deal)
    lines = [
        _line(name, amount, list(deals) if name == TEAM else of_owner[_owner_key(name, settings)], frame)
        for name, amount in settings.targets[period.name].items()
    ]
    if len(lines) > 1 and all(line.owner != TEAM for line in lines):
        whole = sum(line.target for line in lines)
        lines.append(_line(TEAM, whole, list(deals), frame))
    return tuple(sorted(lines, key=lambda line: line.owner == TEAM))


@dataclass(frozen=True, slots=True)
class _Frame:
    period: Period
    closed: dict[str, date | None]
    days_left: int
    busy: frozenset[str]
    """Customers with an open deal, whoever's it is."""


def _line(name: str, target: float, deals: list[PipelineDeal], frame: _Frame) -> TargetLine:
    period = frame.period
    counted = [deal for deal in deals if (deal.currency or CURRENCY) == CURRENCY]
    won = [
        deal
        for deal in counted
        if deal.state == "won" and (day := frame.closed.get(deal.id)) and period.first <= day <= period.last
    ]
    coming = [deal for deal in counted if _comes_in(deal, period)]
    amount_won = sum(deal.amount or 0.0 for deal in won)
    weighted = sum(deal.weighted or 0.0 for deal in coming)
    gap = max(target - amount_won - weighted, 0.0)
    return TargetLine(
        period=period.name,
        first=period.first,
        last=period.last,
        owner=name,
        target=target,
        won=amount_won,
        weighted=weighted,
        missing=max(target - amount_won, 0.0),
        gap=gap,
        working_days_left=frame.days_left,
        other_currencies=sum(deal.amount is not None for deal in deals) - sum(d.amount is not None for d in counted),
        fillers=_fillers(counted, frame) if gap else (),
    )


def _comes_in(deal: PipelineDeal, period: Period) -> bool:
    return deal.state == "open" and deal.close_date is not None and deal.close_date <= period.last


def _fillers(deals: list[PipelineDeal], frame: _Frame) -> tuple[Filler, ...]:
    still_open = [deal for deal in deals if deal.state == "open" and deal.amount]
    found = [
        _filler(deal, "due", (deal.amount or 0.0) - (deal.weighted or 0.0))
        if _comes_in(deal, frame.period)
        else _filler(deal, "later", deal.amount or 0.0)
        for deal in still_open
    ]
    bought: dict[str, PipelineDeal] = {}
    for deal in deals:
        if deal.state == "won" and deal.amount and deal.customer not in frame.busy:
            known = bought.get(deal.customer)
            if known is None or (deal.stage_since or date.min) > (known.stage_since or date.min):
                bought[deal.customer] = deal
    found += [_filler(deal, "again", deal.amount or 0.0) for deal in bought.values()]
    order = ("due", "later", "again")
    found.sort(key=lambda each: (order.index(each.kind), -each.upside, each.customer))
    return tuple(found[:_MOST_FILLERS])


def _filler(deal: PipelineDeal, kind: str, upside: float) -> Filler:
    return Filler(
        kind=kind,
        customer=deal.customer,
        deal=deal.deal,
        deal_id=deal.id,
        stage=deal.stage,
        close_date=deal.close_date,
        amount=deal.amount or 0.0,
        upside=upside,
    )


def _owner_key(name: str, settings: Settings) -> str:
    known = settings.find_owner(name)
    return spelling_key(known.key if known else name)


def _read_period(name: str, settings: Settings, today: date) -> Period:
    found = parse_range(name, today, fiscal_start_month=settings.fiscal_year_start)
    if found is None or date.min in found or date.max in found:
        message = _("'{name}' is no period; try 2026-11, 2026Q4, 2026H1").format(name=name)
        raise SettingsError([f"{SETTINGS_NAME}: [targets] {message}"])
    return Period(name=name, first=found[0], last=found[1])
