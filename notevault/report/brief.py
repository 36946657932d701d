"""Everything on one customer for who is about to visit it, takes it over, or was not there."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.model import TodoStatus
from notevault.names.key import name_key
from notevault.names.people import person_key
from notevault.records import record
from notevault.report.calendar import CalendarEntry, list_calendar
from notevault.report.coverage import CoverageItem, CustomerCoverage, HearingSheets
from notevault.report.customers import CustomerCard, describe_customer
from notevault.report.footprints import Footprints, load_footprints
from notevault.report.learned import CUSTOMER_TYPES, LearnedAnswer, label_key, load_answers, summarize_answers
from notevault.report.people import PersonLine, list_people
from notevault.report.pipeline import PipelineDeal
from notevault.report.rows import parse_iso
from notevault.report.todos import TodoItem
from notevault.template import Templates

CALENDAR_DAYS: Final = 180
_PROFILE: Final = (
    *("kana", "group", "corporate_number", "status", "converted", "industry", "size", "address", "phone", "website"),
    *("domain", "owner", "source"),
)
_NO_PROFILE: Final = frozenset(
    ("type", "name", "name_en", "aliases", "id", "tags", "template_version", "customer", "lang")
)


class Depth(StrEnum):
    """How much of it."""

    HEADLINE = "headline"
    SUMMARY = "summary"
    FULL = "full"


@record
class BriefOptions:
    """What kind of brief is wanted."""

    depth: Depth = Depth.SUMMARY
    since: date | None = None
    handover: bool = False
    group: bool = False
    """All units of the legal entity."""
    audience: str | None = None
    """Key of an audience of the settings."""


@record
class ProfileLine:
    """One field of the customer's own note."""

    key: str
    label: str
    value: str


@record
class ComingDate:
    """A day ahead."""

    date: date
    kind: str
    """``todo``, ``close_date``, ``next_date``, or a kind of the calendar."""
    text: str
    owner: str | None
    path: str | None


@record
class StageMove:
    """A deal reached a stage."""

    date: date | None
    deal: str
    stage: str


@record
class OwnerTime:
    """Who looked after the customer, by the notes."""

    owner: str
    first: date | None
    last: date | None
    notes: int


@record
class Brief:
    """One customer or group on one page. Its fields are the contract of ``brief --json``."""

    title: str
    today: date
    depth: str
    audience: str | None
    since: date | None
    units: tuple[CustomerCard, ...]
    """The customer; with ``--group`` every unit of the legal entity."""
    profile: tuple[ProfileLine, ...]
    people: tuple[PersonLine, ...]
    deals: tuple[PipelineDeal, ...]
    todos_ours: tuple[TodoItem, ...]
    todos_theirs: tuple[TodoItem, ...]
    """Open ones that a person of the customer owes."""
    footprints: Footprints
    learned: tuple[LearnedAnswer, ...]
    questions: tuple[CoverageItem, ...]
    """What should be asked, the due ones first."""
    dates: tuple[ComingDate, ...]
    calendar: tuple[CalendarEntry, ...]
    moves: tuple[StageMove, ...]
    owners: tuple[OwnerTime, ...]
    days_silent: int | None


class BriefMaker:
    """Gathers briefs from one vault."""

    def __init__(self, catalog: Catalog, settings: Settings, templates: Templates, today: date, language: str) -> None:
        self._catalog = catalog
        self._settings = settings
        self._today = today
        self._language = language
        self._sheets = HearingSheets(catalog, settings, templates, today, language=language)

    def make(self, customer_id: str, options: BriefOptions) -> Brief:
        """Return the brief of a customer."""
        catalog, settings, today = self._catalog, self._settings, self._today
        ids = _find_units(catalog, customer_id) if options.group else (customer_id,)
        cards = [describe_customer(catalog, settings, today, each) for each in ids]
        deals = tuple(deal for card in cards for deal in card.deals)
        people = list_people(catalog, settings, ids)
        todos = sorted((todo for card in cards for todo in card.todos), key=lambda todo: todo.due or date.max)
        theirs = tuple(todo for todo in todos if self._is_theirs(todo, people))
        lines = [card.customer for card in cards]
        sheets = self._sheets.fill_in(lines)
        footprints = load_footprints(
            catalog, ids, since=options.since, lines=None if options.depth is Depth.FULL else 3
        )
        until = today.fromordinal(today.toordinal() + CALENDAR_DAYS)
        calendar = list_calendar(catalog, settings, today, until=until, language=self._language, customers=lines)
        last = max((card.customer.last_contact for card in cards if card.customer.last_contact), default=None)
        return Brief(
            title=(cards[0].group or cards[0].customer.name) if options.group else cards[0].customer.name,
            today=today,
            depth=options.depth.value,
            audience=options.audience,
            since=options.since,
            units=tuple(cards),
            profile=self._profile(ids[0]),
            people=people,
            deals=deals,
            todos_ours=tuple(todo for todo in todos if todo not in theirs),
            todos_theirs=theirs,
            footprints=footprints,
            learned=self._learned(ids),
            questions=_questions(sheets),
            dates=self._dates(ids, deals, todos, calendar),
            calendar=calendar,
            moves=self._moves(ids),
            owners=self._owners(ids),
            days_silent=(today - last).days if last else None,
        )

    def _is_theirs(self, todo: TodoItem, people: Sequence[PersonLine]) -> bool:
        """Say whether a person of the customer has to do it: as owner, or named so at the beginning."""
        if todo.text.startswith(("先方", "お客様", "客先", "(先方)", "（先方）", "customer:", "Customer:")):
            return True
        if not todo.owner or self._settings.find_owner(todo.owner):
            return False
        key = person_key(todo.owner)
        return any(key and person_key(person.name).startswith(key) for person in people)

    def _profile(self, customer_id: str) -> tuple[ProfileLine, ...]:
        rows = self._catalog.select(
            "SELECT f.key, f.value FROM fields f JOIN notes n ON n.id = f.note_id"
            f" WHERE n.customer_id = ? AND n.type IN ({marks(CUSTOMER_TYPES)}) AND n.copy_of IS NULL"
            " ORDER BY n.type <> 'customer', n.path, f.rowid",
            (customer_id, *CUSTOMER_TYPES),
        )
        values: dict[str, list[str]] = {}
        for row in rows:
            if row["key"] not in _NO_PROFILE and row["key"] not in self._settings.calendar:
                values.setdefault(row["key"], []).append(row["value"])
        keys = [*(key for key in _PROFILE if key in values), *(key for key in values if key not in _PROFILE)]
        return tuple(
            ProfileLine(
                key=key,
                label=label_key(self._settings, key, self._language),
                value=("、" if self._language == "ja" else ", ").join(dict.fromkeys(values[key])),
            )
            for key in keys
        )

    def _learned(self, ids: Sequence[str]) -> tuple[LearnedAnswer, ...]:
        answers = load_answers(self._catalog, self._settings, ids)
        found: list[LearnedAnswer] = []
        for each in ids:
            said = answers.get(each, {})
            found += summarize_answers(said, self._settings, self._sheets.questions, self._today)
        return tuple(found)

    def _dates(
        self,
        ids: Sequence[str],
        deals: Sequence[PipelineDeal],
        todos: Sequence[TodoItem],
        calendar: Sequence[CalendarEntry],
    ) -> tuple[ComingDate, ...]:
        rows = self._catalog.select(
            "SELECT f.day, f.value, n.owner, n.path FROM fields f JOIN notes n ON n.id = f.note_id"
            f" WHERE f.key = 'next_date' AND f.day >= ? AND n.customer_id IN ({marks(ids)}) AND n.copy_of IS NULL",
            (self._today.isoformat(), *ids),
        )
        found = [
            ComingDate(date=day, kind="next_date", text=row["value"], owner=row["owner"], path=row["path"])
            for row in rows
            if (day := parse_iso(row["day"]))
        ]
        found += [
            ComingDate(
                date=deal.close_date, kind="close_date", text=deal.deal or deal.customer, owner=deal.owner, path=None
            )
            for deal in deals
            if deal.state == "open" and deal.close_date and deal.close_date >= self._today
        ]
        found += [
            ComingDate(date=todo.due, kind="todo", text=todo.text, owner=todo.owner, path=todo.path)
            for todo in todos
            if todo.due and todo.due >= self._today and todo.status is TodoStatus.OPEN
        ]
        found += [
            ComingDate(
                date=entry.day, kind=entry.kind, text=entry.topic or entry.value, owner=entry.owner, path=entry.path
            )
            for entry in calendar
        ]
        return tuple(sorted(found, key=lambda one: (one.date, one.kind, one.text)))

    def _moves(self, ids: Sequence[str]) -> tuple[StageMove, ...]:
        rows = self._catalog.select(
            "SELECT e.day, e.stage, d.name FROM stage_events e JOIN deals d ON d.id = e.deal_id"
            f" WHERE d.customer_id IN ({marks(ids)}) ORDER BY e.day, d.name, e.position",
            ids,
        )
        return tuple(StageMove(date=parse_iso(row["day"]), deal=row["name"], stage=row["stage"]) for row in rows)

    def _owners(self, ids: Sequence[str]) -> tuple[OwnerTime, ...]:
        rows = self._catalog.select(
            "SELECT owner, min(day) AS first, max(day) AS last, count(*) AS notes FROM notes"
            f" WHERE customer_id IN ({marks(ids)}) AND owner IS NOT NULL AND copy_of IS NULL AND day IS NOT NULL"
            " GROUP BY owner ORDER BY last DESC, owner",
            ids,
        )
        return tuple(
            OwnerTime(
                owner=row["owner"], first=parse_iso(row["first"]), last=parse_iso(row["last"]), notes=row["notes"]
            )
            for row in rows
        )


def _find_units(catalog: Catalog, customer_id: str) -> tuple[str, ...]:
    """Return the customer and every other one of its group or corporate number."""
    rows = catalog.select("SELECT id, grp, corporate_number, name FROM customers ORDER BY name, id")
    (own,) = (row for row in rows if row["id"] == customer_id)
    group, number = name_key(own["grp"] or ""), own["corporate_number"]
    units = [
        row["id"]
        for row in rows
        if (group and name_key(row["grp"] or "") == group) or (number and row["corporate_number"] == number)
    ]
    return tuple(dict.fromkeys((customer_id, *units)))


def _questions(sheets: Sequence[CustomerCoverage]) -> tuple[CoverageItem, ...]:
    items = [item for sheet in sheets for item in sheet.items if item.is_open]
    return tuple(sorted(items, key=lambda item: not item.due))
