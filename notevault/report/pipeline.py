"""Deals by stage: how many, how much, how long, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.records import record
from notevault.report.contacts import last_contacts
from notevault.report.rows import parse_iso
from notevault.report.sums import Sum, add_up
from notevault.report.todos import join_copies

FLAGS: Final = ("no-todo", "todo-overdue", "too-long", "close-passed", "no-amount")
GROUPINGS: Final = ("stage", "owner", "month")
_ASKED_FROM: Final = 40.0
"""Percent; a deal likelier than this should have an amount."""


@record
class NextTodo:
    """The open ToDo of a deal that is due first."""

    id: str
    text: str
    due: date | None
    owner: str | None
    path: str
    line: int


@record
class PipelineDeal:
    """A deal as it stands today. Its fields are the contract of ``pipeline --json``."""

    id: str
    customer: str
    deal: str | None
    """None for the deal of a customer that nobody named."""
    stage: str | None
    """Key from the settings; as written where they do not know it."""
    state: str
    amount: float | None
    currency: str | None
    probability: float | None
    """Percent."""
    weighted: float | None
    owner: str | None
    close_date: date | None
    last_contact: date | None
    next_todo: NextTodo | None
    opened: date | None
    stage_since: date | None
    days_in_stage: int | None
    """None for a deal won or lost."""
    overdue_stage: bool
    """Open, and longer in its stage than the settings allow."""
    notes: int
    flags: tuple[str, ...] = ()
    """What to look at in an open deal; of :data:`FLAGS`."""


@record
class PipelineGroup:
    """The deals of one stage, owner or month."""

    key: str
    """"" where the deals have none."""
    deals: tuple[PipelineDeal, ...]
    sums: tuple[Sum, ...]

    @property
    def without_todo(self) -> int:
        """How many open deals nobody has planned a next step for."""
        return sum(deal.state == "open" and deal.next_todo is None for deal in self.deals)


@record
class PipelineFilter:
    """Which deals are wanted; None asks for all."""

    states: tuple[str, ...] | None = ("open",)
    owners: tuple[str, ...] | None = None
    stages: tuple[str, ...] | None = None
    customers: tuple[str, ...] | None = None


def list_deals(catalog: Catalog, settings: Settings, today: date, wanted: PipelineFilter) -> tuple[PipelineDeal, ...]:
    """Return the deals wanted in the order of the sales process, the largest of a stage first."""
    conditions, parameters = ["1"], []
    lists = (
        ("d.state", wanted.states),
        ("d.owner", wanted.owners),
        ("coalesce(d.stage, d.stage_raw)", wanted.stages),
        ("d.customer_id", wanted.customers),
    )
    for column, values in lists:
        if values is not None:
            conditions.append(f"{column} IN ({marks(values)})")
            parameters += list(values)
    rows = catalog.select(
        "SELECT d.*, c.name AS customer FROM deals d JOIN customers c ON c.id = d.customer_id"
        f" WHERE {' AND '.join(conditions)}",
        parameters,
    )
    only = wanted.customers[0] if wanted.customers and len(wanted.customers) == 1 else None
    todos = next_todos(catalog, customer=only)
    contacts = last_contacts(catalog, today, of="deal_id", customer=only)
    deals = [_make_deal(dict(row), settings, today, todos, contacts) for row in rows]
    return tuple(sorted(deals, key=lambda deal: _process_order(deal, settings)))


def group_deals(deals: Iterable[PipelineDeal], settings: Settings, by: str) -> tuple[PipelineGroup, ...]:
    """Return the deals by ``stage`` in process order, by ``owner``, or by ``month`` of their close date."""
    groups: dict[str, list[PipelineDeal]] = defaultdict(list)
    for deal in deals:
        groups[_group_key(deal, by)].append(deal)
    order = {key: stage.order for key, stage in settings.stages.items()} if by == "stage" else {}
    keys = sorted(groups, key=lambda key: (order.get(key, len(order)), not key, key))
    return tuple(PipelineGroup(key=key, deals=tuple(groups[key]), sums=sum_money(groups[key])) for key in keys)


def sum_money(deals: Iterable[PipelineDeal]) -> tuple[Sum, ...]:
    """Return amounts and weighted amounts by currency, the largest first."""
    found = add_up(
        Sum(currency=deal.currency or "", amount=deal.amount, weighted=deal.weighted or 0.0)
        for deal in deals
        if deal.amount is not None
    )
    return tuple(sorted(found, key=lambda each: (-each.amount, each.currency)))


def next_todos(catalog: Catalog, *, customer: str | None = None) -> dict[str, NextTodo]:
    """Return the open ToDo due first, by deal id; the undated come last. Of all deals, or those of one customer."""
    rows = catalog.select(
        "SELECT n.deal_id, n.customer_id, n.id AS note_id, n.day, t.id, t.text, t.status, t.due,"
        " coalesce(t.owner, n.owner) AS owner, n.path, t.line"
        " FROM todos t JOIN notes n ON n.id = t.note_id"
        " WHERE t.status = 'open' AND n.deal_id IS NOT NULL AND n.copy_of IS NULL"
        f" AND {'n.customer_id = ?' if customer else '? IS NULL'}"
        " ORDER BY n.day DESC, n.path, t.line",
        (customer,),
    )
    found: dict[str, NextTodo] = {}
    newest = [places[0] for places in join_copies(rows)]
    for row in sorted(newest, key=lambda row: (row["due"] is None, row["due"] or "")):
        if row["deal_id"] not in found:
            found[row["deal_id"]] = NextTodo(
                id=row["id"],
                text=row["text"],
                due=parse_iso(row["due"]),
                owner=row["owner"],
                path=row["path"],
                line=row["line"],
            )
    return found


def _make_deal(
    row: dict[str, object], settings: Settings, today: date, todos: dict[str, NextTodo], contacts: dict[str, date]
) -> PipelineDeal:
    known = settings.stages.get(str(row["stage"]))
    since = parse_iso(_text(row["stage_since"]))
    days = (today - since).days if since and row["state"] == "open" else None
    amount, probability = _number(row["amount"]), _number(row["probability"])
    weighted = None if amount is None or probability is None else amount * probability / 100
    too_long = known is not None and known.longest_days is not None and days is not None and days > known.longest_days
    deal_id = str(row["id"])
    close_date, todo = parse_iso(_text(row["close_day"])), todos.get(deal_id)
    seen = {
        "no-todo": todo is None,
        "todo-overdue": todo is not None and todo.due is not None and todo.due < today,
        "too-long": too_long,
        "close-passed": close_date is not None and close_date < today,
        "no-amount": amount is None and known is not None and known.probability >= _ASKED_FROM,
    }
    return PipelineDeal(
        id=deal_id,
        customer=str(row["customer"]),
        deal=_text(row["name"]),
        stage=_text(row["stage"]) or _text(row["stage_raw"]),
        state=str(row["state"]),
        amount=amount,
        currency=_text(row["currency"]),
        probability=probability,
        weighted=weighted,
        owner=_text(row["owner"]),
        close_date=close_date,
        last_contact=contacts.get(deal_id),
        next_todo=todo,
        opened=parse_iso(_text(row["opened"])),
        stage_since=since,
        days_in_stage=days,
        overdue_stage=too_long,
        notes=int(str(row["notes"])),
        flags=tuple(flag for flag in FLAGS if seen[flag]) if row["state"] == "open" else (),
    )


def _group_key(deal: PipelineDeal, by: str) -> str:
    match by:
        case "owner":
            return deal.owner or ""
        case "month":
            return deal.close_date.isoformat()[:7] if deal.close_date else ""
        case _:
            return deal.stage or ""


def _process_order(deal: PipelineDeal, settings: Settings) -> tuple[object, ...]:
    known = settings.stages.get(deal.stage or "")
    order = known.order if known else len(settings.stages)
    return (order, -(deal.amount or 0.0), deal.customer, deal.deal or "", deal.id)


def _text(value: object) -> str | None:
    return str(value) if value not in (None, "") else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def newest_open(deals: Sequence[PipelineDeal]) -> PipelineDeal | None:
    """Return the open deal that was opened last."""
    still_open = [deal for deal in deals if deal.state == "open"]
    return max(still_open, key=lambda deal: (deal.opened or date.min, deal.id), default=None)
