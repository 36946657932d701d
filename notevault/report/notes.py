"""Everything notevault understood of one note."""

import json
from datetime import date
from typing import Any, TypeVar

from notevault.catalog import Catalog, path_to_stored, stored_to_path
from notevault.errors import AmbiguousNameError, NotePathError
from notevault.messages import gettext as _
from notevault.model import NotePath, TodoStatus
from notevault.records import record
from notevault.report.rows import make_lookup, parse_iso
from notevault.text import normalize, printable_path

Day = date
_MOST_CANDIDATES = 10
_Reading = TypeVar("_Reading")


@record
class CustomerReading:
    """How the customer of a note was understood."""

    written: str
    name: str | None
    """None where it is not certain who is meant."""
    id: str | None
    reason: str
    candidates: tuple[str, ...]


@record
class FieldReading:
    """One front matter value."""

    key: str
    """Canonical."""
    raw_key: str
    value: str
    number: float | None
    day: date | None
    line: int


@record
class PersonReading:
    """A person as written, taken apart."""

    written: str
    name: str
    title: str | None
    department: str | None
    company: str | None
    email: str | None
    phone: str | None
    role: str | None


@record
class LearnedReading:
    """An answer that the note brought."""

    key: str
    value: str
    level: str | None
    line: int


@record
class TodoReading:
    """A ToDo of the note."""

    id: str
    text: str
    status: TodoStatus
    due: date | None
    owner: str | None
    priority: str | None
    done_on: date | None
    section: str | None
    line: int


@record
class SectionReading:
    """A heading."""

    heading: str
    level: int
    line: int
    characters: int
    """Of the text below it."""


@record
class LinkReading:
    """A link to another note or elsewhere."""

    target: str
    label: str
    line: int
    wiki: bool
    image: bool


@record
class DiagnosticReading:
    """What is wrong or odd."""

    rule: str
    severity: str
    line: int
    column: int
    message: str
    hint: str


@record
class NoteCard:
    """One note as understood. Its fields are the contract of ``show --json``."""

    path: str
    id: str
    title: str
    type: str | None
    date: Day | None
    customer: CustomerReading | None
    contacts: tuple[PersonReading, ...]
    owner: str | None
    channel: str | None
    deal: str | None
    deal_id: str | None
    stage: str | None
    stage_written: str | None
    amount: float | None
    currency: str | None
    close_date: Day | None
    fields: tuple[FieldReading, ...]
    learned: tuple[LearnedReading, ...]
    competitors: tuple[str, ...]
    tags: tuple[str, ...]
    sections: tuple[SectionReading, ...]
    todos: tuple[TodoReading, ...]
    links: tuple[LinkReading, ...]
    diagnostics: tuple[DiagnosticReading, ...]
    parsed: bool
    """False where the front matter could not be read; the text is searched all the same."""
    copy_of: str | None
    """Path of the note that this one is a conflict copy of."""
    encoding: str
    bytes: int
    taken_in: str
    """When it was last read, UTC."""


def find_note(catalog: Catalog, part: str) -> NotePath:
    """Return the note whose path holds ``part``, width and case aside; raises NotePathError, AmbiguousNameError."""
    key = normalize(printable_path(part))
    paths = [row[0] for row in catalog.select("SELECT path FROM notes ORDER BY path")]
    found = [path for path in paths if key and key in normalize(path)]
    whole = [path for path in found if normalize(path.rpartition("/")[2]) in (key, f"{key}.md", f"{key}.markdown")]
    if len(whole or found) == 1:
        return stored_to_path((whole or found)[0])
    if found:
        raise AmbiguousNameError(part, (whole or found)[: _MOST_CANDIDATES + 1])
    raise NotePathError(printable_path(part), _("no such note"))


def describe_note(catalog: Catalog, path: NotePath) -> NoteCard:
    """Return everything that is known of a note; raises NotePathError where it was not taken in."""
    rows = catalog.select(
        "SELECT n.*, o.path AS original, nullif(d.name, '') AS deal_name FROM notes n"
        " LEFT JOIN notes o ON o.id = n.copy_of LEFT JOIN deals d ON d.id = n.deal_id WHERE n.path = ?",
        (path_to_stored(path),),
    )
    if not rows:
        reasons = catalog.select("SELECT reason FROM failures WHERE path = ?", (path_to_stored(path),))
        reason = reasons[0][0] if reasons else _("not taken in yet; run notevault sync")
        raise NotePathError(printable_path(path), reason)
    (row,) = rows
    parts = _Parts(catalog, row["id"])
    return NoteCard(
        **{key: row[key] for key in ("path", "title", "type", "owner", "channel", "deal_id", "amount", "currency")},
        **{key: row[key] for key in ("encoding", "taken_in")},
        id=row["uid"],
        date=parse_iso(row["day"]),
        customer=_read_customer(catalog, row["customer"], row["customer_id"]),
        contacts=parts.contacts(),
        deal=row["deal_name"] or row["deal"],
        stage=row["stage"],
        stage_written=row["stage_raw"],
        close_date=parse_iso(row["close_day"]),
        fields=parts.fields(),
        learned=parts.learned(),
        competitors=parts.names("competitors", "name"),
        tags=parts.names("tags", "tag"),
        sections=parts.sections(),
        todos=parts.todos(),
        links=parts.links(),
        diagnostics=parts.diagnostics(),
        parsed=bool(row["parsed"]),
        copy_of=row["original"],
        bytes=row["size"],
    )


def _read_customer(catalog: Catalog, written: str | None, customer_id: str | None) -> CustomerReading | None:
    if written is None:
        return None
    names = make_lookup(catalog.select("SELECT id, name FROM customers"))
    rows = catalog.select("SELECT reason, candidates FROM mentions WHERE mention = ?", (written,))
    reason, candidates = (rows[0]["reason"], json.loads(rows[0]["candidates"])) if rows else ("", [])
    return CustomerReading(
        written=written,
        name=names.get(customer_id),
        id=customer_id,
        reason=reason,
        candidates=tuple(names.get(each, each) for each in candidates),
    )


class _Parts:
    """The tables that hang on one note."""

    def __init__(self, catalog: Catalog, note_id: int) -> None:
        self._catalog = catalog
        self._note_id = note_id

    def _rows(self, columns: str, table: str, order: str = "rowid") -> list[dict[str, Any]]:
        sql = f"SELECT {columns} FROM {table} WHERE note_id = ? ORDER BY {order}"
        return [dict(row) for row in self._catalog.select(sql, (self._note_id,))]

    def names(self, table: str, column: str) -> tuple[str, ...]:
        return tuple(str(row[column]) for row in self._rows(column, table))

    def contacts(self) -> tuple[PersonReading, ...]:
        columns = "raw AS written, name, title, department, company, email, phone, role"
        return tuple(_make(PersonReading, row) for row in self._rows(columns, "people", "position"))

    def fields(self) -> tuple[FieldReading, ...]:
        return tuple(_make(FieldReading, row) for row in self._rows("key, raw_key, value, number, day, line", "fields"))

    def learned(self) -> tuple[LearnedReading, ...]:
        return tuple(_make(LearnedReading, row) for row in self._rows("key, value, level, line", "learned"))

    def sections(self) -> tuple[SectionReading, ...]:
        columns = "heading, level, line, length(trim(body)) AS characters"
        return tuple(_make(SectionReading, row) for row in self._rows(columns, "sections", "position"))

    def todos(self) -> tuple[TodoReading, ...]:
        columns = "id, text, status, due, owner, priority, done_on, section, line"
        return tuple(_make(TodoReading, row) for row in self._rows(columns, "todos", "position"))

    def links(self) -> tuple[LinkReading, ...]:
        return tuple(_make(LinkReading, row) for row in self._rows("target, label, line, wiki, image", "links"))

    def diagnostics(self) -> tuple[DiagnosticReading, ...]:
        columns = 'rule, severity, line, col AS "column", message, hint'
        return tuple(_make(DiagnosticReading, row) for row in self._rows(columns, "diagnostics", "line, col"))


def _make(kind: type[_Reading], row: dict[str, Any]) -> _Reading:
    """Return a row as a value: days, flags and states as what they are."""
    for key in row.keys() & {"day", "due", "done_on"}:
        row[key] = parse_iso(row[key])
    for key in row.keys() & {"wiki", "image"}:
        row[key] = bool(row[key])
    if "status" in row:
        row["status"] = TodoStatus(row["status"])
    return kind(**row)
