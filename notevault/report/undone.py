"""What should have happened by now and did not: the promises of ToDos, stages, dates, rules, in one list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Protocol

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.records import record
from notevault.report.consult import list_consultations
from notevault.report.contacts import last_contacts
from notevault.report.customers import CustomerLine, list_customers
from notevault.report.missing import list_missing
from notevault.report.nurture import find_revisits
from notevault.report.pipeline import PipelineDeal, PipelineFilter, list_deals
from notevault.report.points import count_points
from notevault.report.todos import TodoFilter, list_todos

KINDS: Final = (
    *("todo", "not-written", "no-next-step", "too-long", "close-passed", "meeting", "consult", "revisit", "lead"),
    "silent",
)
RECENT_DAYS: Final = 90
"""A customer silent, or a lead lost sight of, for longer than this is a matter of ``report inventory``."""


@record
class Undone:
    """One thing that did not happen. Its fields are the contract of ``report undone --json``."""

    kind: str
    """Of :data:`KINDS`."""
    since: date | None
    """The day by which it should have happened; None for a deal that nobody planned a step for."""
    days: int | None
    """Since then."""
    owner: str | None
    customer: str | None
    deal: str | None
    text: str
    """The ToDo or question; the stage of a deal; what was written of a date; '' where the kind says it all."""
    path: str | None


def list_undone(
    catalog: Catalog, settings: Settings, today: date, *, owners: Sequence[str] | None = None
) -> tuple[Undone, ...]:
    """Return what did not happen, by kind, the longest ago first; of some owners or of all."""
    deals = list_deals(catalog, settings, today, PipelineFilter(states=None))
    spoken = last_contacts(catalog, today)
    customers = list_customers(catalog, settings, today, deals=deals, contacts=spoken)
    found = (
        *_todos(catalog, settings, today),
        *_deals(deals, settings, today),
        *_meetings(catalog, today, spoken),
        *_questions(catalog, today),
        *_revisits(catalog, today, deals, spoken),
        *_customers(catalog, settings, today, customers),
    )
    wanted = (each for each in found if owners is None or each.owner in owners)
    return tuple(sorted(wanted, key=_order))


def _order(each: Undone) -> tuple[object, ...]:
    return (KINDS.index(each.kind), -(each.days or 0), each.customer or "", each.deal or "", each.text)


def _todos(catalog: Catalog, settings: Settings, today: date) -> Iterable[Undone]:
    late = TodoFilter(overdue_on=today)
    for todo in list_todos(catalog, late):
        yield _undone("todo", todo.due, today, todo, text=todo.text, path=todo.path)
    for missing in list_missing(catalog, settings, today, late):
        yield _undone("not-written", missing.due, today, missing, text=missing.text)


def _deals(deals: Sequence[PipelineDeal], settings: Settings, today: date) -> Iterable[Undone]:
    for deal in deals:
        stage = settings.stages.get(deal.stage or "")
        words = deal.stage or ""
        if "no-todo" in deal.flags:
            yield _undone("no-next-step", None, today, deal, text=words)
        if "too-long" in deal.flags and stage is not None and stage.longest_days is not None and deal.stage_since:
            until = deal.stage_since + timedelta(days=stage.longest_days)
            yield _undone("too-long", until, today, deal, text=words)
        if "close-passed" in deal.flags:
            yield _undone("close-passed", deal.close_date, today, deal, text=words)


def _meetings(catalog: Catalog, today: date, spoken: Mapping[str, date]) -> Iterable[Undone]:
    """Yield meetings that a customer's newest note announces, whose day has passed without a note."""
    rows = catalog.select(
        "SELECT n.customer_id, c.name AS customer, nullif(d.name, '') AS deal, n.owner, f.day AS planned, n.path"
        " FROM fields f JOIN notes n ON n.id = f.note_id JOIN customers c ON c.id = n.customer_id"
        " LEFT JOIN deals d ON d.id = n.deal_id"
        " WHERE f.key = 'next_date' AND f.day < ? AND n.copy_of IS NULL AND f.day > coalesce(n.day, '')",
        (today.isoformat(),),
    )
    for row in rows:
        planned = date.fromisoformat(row["planned"])
        last = spoken.get(row["customer_id"])
        if last is None or last < planned:
            yield Undone(
                kind="meeting",
                since=planned,
                days=(today - planned).days,
                text="",
                **{key: row[key] for key in ("owner", "customer", "deal", "path")},
            )


def _questions(catalog: Catalog, today: date) -> Iterable[Undone]:
    for each in list_consultations(catalog, today):
        if each.asked is not None and each.asked < today:
            yield _undone("consult", each.asked, today, each, text=each.text, path=each.path)


def _revisits(
    catalog: Catalog, today: date, deals: Sequence[PipelineDeal], spoken: Mapping[str, date]
) -> Iterable[Undone]:
    due = find_revisits(catalog, today)
    rows = catalog.select(
        "SELECT d.id, d.customer_id, d.revisit, c.owner, n.path FROM deals d JOIN customers c ON c.id = d.customer_id"
        " LEFT JOIN notes n ON n.id = d.last_note_id WHERE d.state = 'lost'"
    )
    by_id = {deal.id: deal for deal in deals}
    for row in rows:
        day, last = due.get(row["id"]), spoken.get(row["customer_id"])
        if day is not None and (last is None or last < day):
            deal = by_id[row["id"]]
            owner = row["owner"] or deal.owner
            yield _undone("revisit", day, today, deal, text=row["revisit"], path=row["path"], owner=owner)


def _customers(
    catalog: Catalog, settings: Settings, today: date, customers: Sequence[CustomerLine]
) -> Iterable[Undone]:
    recent = (today - timedelta(days=RECENT_DAYS), today)
    for line in count_points(catalog, settings, today, recent, customers=customers):
        if line.status != "lead":  # it buys: whether it was seen often enough is settled
            continue
        if line.lead is not None and line.lead.state == "missed" and line.lead.until >= recent[0]:
            words = f"{line.lead.points:g}/{line.lead.needed:g}"
            yield _of_customer("lead", line.lead.until, today, (line.customer, line.owner), words)
    for customer in customers:
        if customer.last_contact is not None and customer.status != "former":
            silent_on = customer.last_contact + timedelta(days=settings.inventory.silent_days)
            if recent[0] <= silent_on <= today:
                yield _of_customer("silent", silent_on, today, (customer.name, customer.owner), "")


class _Owned(Protocol):
    """What a ToDo, a deal and a question have in common."""

    @property
    def owner(self) -> str | None: ...
    @property
    def customer(self) -> str | None: ...
    @property
    def deal(self) -> str | None: ...


def _undone(kind: str, since: date | None, today: date, one: _Owned, **more: str | None) -> Undone:
    return Undone(
        kind=kind,
        since=since,
        days=(today - since).days if since else None,
        owner=more.get("owner", one.owner),
        customer=one.customer,
        deal=one.deal,
        text=more["text"] or "",
        path=more.get("path"),
    )


def _of_customer(kind: str, since: date, today: date, who: tuple[str, str | None], text: str) -> Undone:
    return Undone(
        kind=kind,
        since=since,
        days=(today - since).days,
        customer=who[0],
        owner=who[1],
        deal=None,
        text=text,
        path=None,
    )
