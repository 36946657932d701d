"""The customers: all of them in a line each, or one with its people, deals, ToDos and notes."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings, spelling_key
from notevault.records import record
from notevault.report.choosing import CustomerChoice
from notevault.report.contacts import last_contacts
from notevault.report.pipeline import PipelineDeal, PipelineFilter, list_deals, newest_open
from notevault.report.rows import make_lookup, parse_iso
from notevault.report.todos import TodoFilter, TodoItem, join_copies, list_todos

NEWEST_NOTES: Final = 10
STATUS_WORDS: Final = {
    "lead": ("lead", "リード", "見込み", "見込", "見込客", "見込み客", "見込顧客", "未取引", "新規", "prospect"),
    "account": ("account", "取引先", "取引中", "既存", "既存顧客", "既存客", "顧客", "客先", "customer", "client"),
    "former": (
        "former",
        "旧取引先",
        "休眠",
        "休眠顧客",
        "解約",
        "取引終了",
        "取引停止",
        "元顧客",
        "廃業",
        "倒産",
        "dormant",
        "churned",
    ),
}
_STATUS_OF: Final = {spelling_key(word): status for status, words in STATUS_WORDS.items() for word in words}


@record
class CustomerLine:
    """One customer in a line. Its fields are the contract of ``customer list --json``."""

    id: str
    name: str
    status: str
    """``lead``, ``account`` or ``former``, or as written where that says none of them."""
    owner: str | None
    deals_open: int
    stage: str | None
    """Of its newest open deal."""
    last_contact: date | None
    todos_open: int
    notes: int
    """Without its own note."""
    spellings: tuple[str, ...]
    """Every other name that leads to it."""
    registered: bool
    """Has a note of its own, or stands in the settings."""


@record
class Contact:
    """A person at a customer."""

    name: str
    title: str | None
    department: str | None
    email: str | None
    phone: str | None
    role: str | None
    first_met: date | None
    last_met: date | None
    notes: int


@record
class NoteLine:
    """A note in a line."""

    path: str
    date: date | None
    type: str | None
    title: str
    stage: str | None
    owner: str | None


@record
class CustomerName:
    """A spelling that leads to a customer, and where it comes from."""

    name: str
    kind: str
    """``name``, ``alias``, ``kana``, ``english``, or ``written`` in notes only."""
    notes: int


@record
class CustomerCard:
    """One customer. Its fields are the contract of ``customer show --json``."""

    customer: CustomerLine
    path: str | None
    """Its own note."""
    kana: str | None
    name_en: str | None
    group: str | None
    corporate_number: str | None
    domain: str | None
    industry: str | None
    source: str | None
    names: tuple[CustomerName, ...]
    contacts: tuple[Contact, ...]
    deals: tuple[PipelineDeal, ...]
    todos: tuple[TodoItem, ...]
    notes: tuple[NoteLine, ...]
    """The newest ones."""


@record
class OpenQuestion:
    """A spelling that may be several customers."""

    mention: str
    notes: int
    candidates: tuple[str, ...]


def list_customers(
    catalog: Catalog,
    settings: Settings,
    today: date,
    *,
    deals: Sequence[PipelineDeal] | None = None,
    contacts: Mapping[str, date] | None = None,
) -> tuple[CustomerLine, ...]:
    """Return all customers, the ones spoken to last first.

    ``deals`` are all deals and ``contacts`` the last contacts of all customers, where the caller has them.
    """
    return _Lines(catalog, settings, today, deals=deals, contacts=contacts).make()


def list_questions(catalog: Catalog) -> tuple[OpenQuestion, ...]:
    """Return the spellings that may be several customers, those of most notes first."""
    names = make_lookup(catalog.select("SELECT id, name FROM customers"))
    rows = catalog.select(
        "SELECT m.mention, m.candidates, (SELECT count(*) FROM notes n WHERE n.customer_id IS NULL"
        " AND n.customer = m.mention AND n.copy_of IS NULL) AS notes FROM mentions m WHERE m.customer_id IS NULL"
    )
    found = [
        OpenQuestion(
            mention=row["mention"],
            notes=row["notes"],
            candidates=tuple(names.get(each, each) for each in json.loads(row["candidates"])),
        )
        for row in rows
        if row["notes"]
    ]
    return tuple(sorted(found, key=lambda question: (-question.notes, question.mention)))


def describe_customer(catalog: Catalog, settings: Settings, today: date, customer_id: str) -> CustomerCard:
    """Return what is known of a customer."""
    (line,) = _Lines(catalog, settings, today, only=customer_id).make()
    (row,) = catalog.select(
        "SELECT c.*, n.path FROM customers c LEFT JOIN notes n ON n.id = c.note_id WHERE c.id = ?", (customer_id,)
    )
    names = catalog.select(
        "SELECT name, kind, notes FROM customer_names WHERE customer_id = ? ORDER BY kind <> 'name', notes DESC, name",
        (customer_id,),
    )
    wanted = PipelineFilter(states=None, customers=(customer_id,))
    return CustomerCard(
        customer=line,
        path=row["path"],
        group=row["grp"],
        **{key: row[key] for key in ("kana", "name_en", "corporate_number", "domain", "industry", "source")},
        names=tuple(CustomerName(**dict(name)) for name in names),
        contacts=_load_contacts(catalog, customer_id),
        deals=list_deals(catalog, settings, today, wanted),
        todos=list_todos(catalog, TodoFilter(customers=CustomerChoice(ids=(customer_id,)))),
        notes=_load_notes(catalog, customer_id),
    )


class _Lines:
    """Counts by customer, asked once each: of all customers, or of ``only`` one."""

    def __init__(
        self,
        catalog: Catalog,
        settings: Settings,
        today: date,
        *,
        only: str | None = None,
        deals: Sequence[PipelineDeal] | None = None,
        contacts: Mapping[str, date] | None = None,
    ) -> None:
        self._catalog = catalog
        self._only = only
        wanted = PipelineFilter(states=None, customers=(only,) if only else None)
        self._deals: dict[str, list[PipelineDeal]] = defaultdict(list)
        owner_of = make_lookup(self._select("SELECT id, customer_id FROM deals WHERE {}"))
        for deal in list_deals(catalog, settings, today, wanted) if deals is None else deals:
            self._deals[owner_of[deal.id]].append(deal)
        self._contacts = last_contacts(catalog, today, customer=only) if contacts is None else contacts

    def make(self) -> tuple[CustomerLine, ...]:
        notes = make_lookup(
            self._select(
                "SELECT customer_id, count(*) FROM notes WHERE {} AND copy_of IS NULL AND type IS NOT 'customer'"
                " GROUP BY customer_id"
            )
        )
        todos = self._count_todos()
        owners = make_lookup(  # of the newest note: SQLite takes the other columns from the row of the maximum
            self._select(
                "SELECT customer_id, owner, max(coalesce(day, '') || path) FROM notes"
                " WHERE {} AND owner IS NOT NULL AND copy_of IS NULL GROUP BY customer_id"
            )
        )
        spellings: dict[str, list[str]] = defaultdict(list)
        for row in self._select(
            "SELECT customer_id, name FROM customer_names WHERE {} AND kind <> 'name' ORDER BY notes DESC, name"
        ):
            spellings[row[0]].append(row[1])
        lines = [
            self._line(dict(row), notes.get(row["id"], 0), todos.get(row["id"], 0), owners.get(row["id"]), spellings)
            for row in self._select("SELECT * FROM (SELECT *, id AS customer_id FROM customers) WHERE {}")
        ]
        by_name = sorted(lines, key=lambda line: (line.name, line.id))
        return tuple(sorted(by_name, key=lambda line: line.last_contact or date.min, reverse=True))

    def _count_todos(self) -> Counter[str]:
        """Return how many ToDos are open; one that was copied to a follow-up note is one."""
        rows = self._select(
            "SELECT t.id, t.text, t.status, n.customer_id, n.deal_id, n.id AS note_id, n.day, n.path, t.line"
            " FROM notes n JOIN todos t ON t.note_id = n.id"
            " WHERE {} AND t.status = 'open' AND n.copy_of IS NULL ORDER BY n.path, t.line"
        )
        return Counter(places[0]["customer_id"] for places in join_copies(rows) if places[0]["customer_id"])

    def _select(self, sql: str) -> list[sqlite3.Row]:
        condition = "customer_id = ?" if self._only else "customer_id IS NOT ?"
        return self._catalog.select(sql.format(condition), (self._only,))

    def _line(
        self, row: dict[str, object], notes: int, todos: int, owner: str | None, spellings: dict[str, list[str]]
    ) -> CustomerLine:
        customer_id = str(row["id"])
        deals = self._deals[customer_id]
        newest = newest_open(deals)
        own = str(row["owner"]) if row["owner"] else None
        return CustomerLine(
            id=customer_id,
            name=str(row["name"]),
            status=_find_status(str(row["status"] or ""), won=any(deal.state == "won" for deal in deals)),
            owner=own or owner,
            deals_open=sum(deal.state == "open" for deal in deals),
            stage=newest.stage if newest else None,
            last_contact=self._contacts.get(customer_id),
            todos_open=todos,
            notes=notes,
            spellings=tuple(spellings[customer_id]),
            registered=bool(row["registered"]),
        )


def _find_status(written: str, *, won: bool) -> str:
    """Return what the customer's note says; a company without one is an account once it has bought, else a lead."""
    if written:
        return _STATUS_OF.get(spelling_key(written), written)
    return "account" if won else "lead"


def _load_contacts(catalog: Catalog, customer_id: str) -> tuple[Contact, ...]:
    rows = catalog.select(
        "SELECT name, title, department, email, phone, role, first_met, last_met, notes FROM contacts"
        " WHERE customer_id = ? ORDER BY last_met DESC, notes DESC, name",
        (customer_id,),
    )
    return tuple(
        Contact(**{**dict(row), "first_met": parse_iso(row["first_met"]), "last_met": parse_iso(row["last_met"])})
        for row in rows
    )


def _load_notes(catalog: Catalog, customer_id: str) -> tuple[NoteLine, ...]:
    rows = catalog.select(
        "SELECT path, day AS date, type, title, coalesce(stage, stage_raw) AS stage, owner FROM notes"
        " WHERE customer_id = ? AND copy_of IS NULL AND type IS NOT 'customer' ORDER BY day DESC, path DESC LIMIT ?",
        (customer_id, NEWEST_NOTES),
    )
    return tuple(NoteLine(**{**dict(row), "date": parse_iso(row["date"])}) for row in rows)
