"""How deals moved through the stages: the history of each, and for each stage how many go on and how long it takes.

All of it comes from the stage events, which are the notes that say a stage other than the one before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings, Stage
from notevault.database import marks
from notevault.errors import AmbiguousNameError, UnknownNameError
from notevault.records import record
from notevault.report.choosing import choose_customer, choose_deals
from notevault.report.rows import parse_iso

KINDS: Final = ("opened", "forward", "back", "reopened", "won", "lost")


@record
class StageMove:
    """One move of a deal."""

    stage: str
    day: date | None
    kind: str
    """One of :data:`KINDS`."""
    skipped: tuple[str, ...]
    """Stages that lie between and were not said."""
    days: int | None
    """How long it stayed, up to today where it is still there; None for won, lost and undated."""
    too_long: bool
    """Longer than the settings allow."""
    path: str
    """The note that says so."""


@record
class DealHistory:
    """A deal with its moves, the oldest first. Its fields are the contract of ``pipeline --history --json``."""

    id: str
    customer: str
    deal: str | None
    owner: str | None
    state: str
    days: int | None
    """From the first move to the last for a closed deal, to today for an open one."""
    moves: tuple[StageMove, ...]


@record
class StageFlow:
    """What became of the deals that reached a stage. Its fields are the contract of ``pipeline --flow --json``."""

    stage: str
    entered: int
    """Deals that were ever in it."""
    advanced: int
    """Of these, those that went on to a later stage or were won."""
    lost: int
    """Those lost from here."""
    back: int
    """Those that went back from here, or stand in an earlier stage now."""
    here: int
    """Those that are in it today."""
    conversion: float | None
    """Advanced, as a share of those that are no longer here; None where all are."""
    won: float | None
    """Share won of the closed ones that were ever in it."""
    median_days: float | None
    """Of the stays that have ended."""
    longest_days: int | None
    """What the settings allow."""


def choose_deal(catalog: Catalog, text: str) -> str:
    """Return the id of the one deal that ``text`` names, by deal or by customer; raises UnknownNameError, Ambiguous….

    Where several are called so, the one that is open.
    """
    found = choose_deals_or_customer(catalog, text)
    rows = catalog.select(
        "SELECT d.id, d.name, d.state, c.name AS customer FROM deals d JOIN customers c ON c.id = d.customer_id"
        f" WHERE d.id IN ({marks(found)}) ORDER BY d.opened DESC",
        found,
    )
    still_open = [row for row in rows if row["state"] == "open"]
    chosen = still_open or list(rows)
    if len(chosen) > 1:
        raise AmbiguousNameError(text, [f"{row['customer']} {row['name']} ({row['id']})" for row in chosen])
    return str(chosen[0]["id"])


def choose_deals_or_customer(catalog: Catalog, text: str) -> tuple[str, ...]:
    """Return the ids of the deals that ``text`` names, or of those of the customer; raises UnknownNameError."""
    try:
        return choose_deals(catalog, text)
    except UnknownNameError as unknown:
        try:
            customer = choose_customer(catalog, text)
        except UnknownNameError:
            raise unknown from None
        rows = catalog.select("SELECT id FROM deals WHERE customer_id = ?", (customer,))
        if not rows:
            raise
        return tuple(row[0] for row in rows)


def list_histories(
    catalog: Catalog, settings: Settings, today: date, deals: Sequence[str] | None = None
) -> tuple[DealHistory, ...]:
    """Return the history of these deals, or of all, the one moved last first."""
    events: dict[str, list[dict[str, object]]] = defaultdict(list)
    wanted, parameters = ("1", ()) if deals is None else (f"e.deal_id IN ({marks(deals)})", tuple(deals))
    for row in catalog.select(
        "SELECT e.deal_id, e.stage, e.day, n.path FROM stage_events e JOIN notes n ON n.id = e.note_id"
        f" WHERE {wanted} ORDER BY e.deal_id, e.position",
        parameters,
    ):
        events[row["deal_id"]].append(dict(row))
    wanted = wanted.replace("e.deal_id", "d.id")
    rows = catalog.select(
        "SELECT d.id, d.name, d.owner, d.state, c.name AS customer"
        f" FROM deals d JOIN customers c ON c.id = d.customer_id WHERE {wanted} ORDER BY d.last_day DESC, d.id",
        parameters,
    )
    return tuple(_history(dict(row), events[row["id"]], settings, today) for row in rows if events[row["id"]])


def measure_flow(histories: Iterable[DealHistory], settings: Settings) -> tuple[StageFlow, ...]:
    """Return a line for each open stage of the settings, in their order."""
    by_stage: dict[str, list[DealHistory]] = defaultdict(list)
    for history in histories:
        for stage in dict.fromkeys(move.stage for move in history.moves):
            by_stage[stage].append(history)
    return tuple(
        _flow(stage, by_stage[stage.key], settings) for stage in settings.stages.values() if stage.state == "open"
    )


def count_reached(histories: Iterable[DealHistory], settings: Settings) -> dict[str, int]:
    """Return for each open stage, and for won, how many deals came at least that far, in the order of the process."""
    counts: Counter[int] = Counter()
    won = 0
    for history in histories:
        stages = [settings.stages.get(move.stage) for move in history.moves]
        is_won = any(stage is not None and stage.state == "won" for stage in stages)
        won += is_won
        orders = [stage.order for stage in stages if stage is not None and stage.state == "open"]
        for stage in settings.stages.values():
            counts[stage.order] += is_won or max(orders, default=-1) >= stage.order
    reached = {stage.key: counts[stage.order] for stage in settings.stages.values() if stage.state == "open"}
    return reached | {stage.key: won for stage in settings.stages.values() if stage.state == "won"}


def count_moves(histories: Iterable[DealHistory]) -> Counter[tuple[str, str]]:
    """Return how often deals went from one stage to another; from ``""`` where they were opened."""
    moves: Counter[tuple[str, str]] = Counter()
    for history in histories:
        before = ""
        for move in history.moves:
            moves[before, move.stage] += 1
            before = move.stage
    return moves


def _history(deal: dict[str, object], events: list[dict[str, object]], settings: Settings, today: date) -> DealHistory:
    days = [parse_iso(str(event["day"])) if event["day"] else None for event in events]
    ends = [*days[1:], None if deal["state"] != "open" else today]
    moves: list[StageMove] = []
    before: Stage | None = None
    for event, day, end in zip(events, days, ends, strict=True):
        stage = settings.stages.get(str(event["stage"]))
        stayed = (end - day).days if day and end and (stage is None or stage.state == "open") else None
        longest = stage.longest_days if stage else None
        moves.append(
            StageMove(
                stage=str(event["stage"]),
                day=day,
                kind=_kind(before, stage),
                skipped=_skipped(before, stage, settings),
                days=stayed,
                too_long=stayed is not None and longest is not None and stayed > longest,
                path=str(event["path"]),
            )
        )
        before = stage
    known = [day for day in (*days, today if deal["state"] == "open" else None) if day]
    return DealHistory(
        id=str(deal["id"]),
        customer=str(deal["customer"]),
        deal=str(deal["name"]) or None,
        owner=str(deal["owner"]) if deal["owner"] else None,
        state=str(deal["state"]),
        days=(known[-1] - known[0]).days if known else None,
        moves=tuple(moves),
    )


def _kind(before: Stage | None, stage: Stage | None) -> str:
    if stage is not None and stage.state != "open":
        return stage.state
    if before is None or stage is None:
        return "opened" if before is None else "forward"
    if before.state != "open":
        return "reopened"
    return "forward" if stage.order > before.order else "back"


def _skipped(before: Stage | None, stage: Stage | None, settings: Settings) -> tuple[str, ...]:
    """Return the open stages between two; losing a deal skips none."""
    if before is None or stage is None or stage.state == "lost" or before.state != "open":
        return ()
    return tuple(
        between.key
        for between in settings.stages.values()
        if between.state == "open" and before.order < between.order < stage.order
    )


def _flow(stage: Stage, histories: Sequence[DealHistory], settings: Settings) -> StageFlow:
    fates = Counter(_fate(history, stage, settings) for history in histories)
    left = len(histories) - fates["here"]
    stays = [
        move.days
        for history in histories
        for move, is_last in _with_last(history.moves)
        if move.stage == stage.key and not is_last and move.days is not None
    ]
    closed = [history for history in histories if history.state != "open"]
    won = sum(history.state == "won" for history in closed)
    return StageFlow(
        stage=stage.key,
        entered=len(histories),
        advanced=fates["advanced"],
        lost=fates["lost"],
        back=fates["back"],
        here=fates["here"],
        conversion=fates["advanced"] / left if left else None,
        won=won / len(closed) if closed else None,
        median_days=float(median(stays)) if stays else None,
        longest_days=stage.longest_days,
    )


def _with_last(moves: Sequence[StageMove]) -> list[tuple[StageMove, bool]]:
    return [(move, at == len(moves) - 1) for at, move in enumerate(moves)]


def _fate(history: DealHistory, stage: Stage, settings: Settings) -> str:
    """Return what became of a deal since it first reached the stage: advanced, lost, here or back."""
    first = next(at for at, move in enumerate(history.moves) if move.stage == stage.key)
    later = [settings.stages.get(move.stage) for move in history.moves[first + 1 :]]
    if any(each and each.state != "lost" and (each.order > stage.order or each.state == "won") for each in later):
        return "advanced"
    if history.state == "lost":
        return "lost"
    return "here" if history.moves[-1].stage == stage.key else "back"
