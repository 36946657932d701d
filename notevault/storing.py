"""What was understood of notes, as rows of the catalogue; many notes in one statement for each table."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, count
from typing import Final, NamedTuple

from notevault.catalog import Catalog, path_to_stored, signature_row
from notevault.database import chunked, marks
from notevault.exact_scan import put_sketches, remove_sketches
from notevault.extract.todos import make_todo_ids
from notevault.model import Diagnostic, Facts, Note, NotePath, Signature
from notevault.records import record
from notevault.sketch import Scanned
from notevault.text import normalize, without_surrogates

_Row = tuple[object, ...]


class Rows(NamedTuple):
    """What the catalogue keeps of one note: of each table the rows, without the note's number.

    Plain values, which go from process to process a few times as fast as what they were made of.
    """

    notes: tuple[_Row]
    """The note's own row, what it says of its content."""
    todos: tuple[_Row, ...]
    """Ids are made when the note has its own."""
    fields: tuple[_Row, ...]
    tags: tuple[_Row, ...]
    people: tuple[_Row, ...]
    learned: tuple[_Row, ...]
    competitors: tuple[_Row, ...]
    sections: tuple[_Row, ...]
    links: tuple[_Row, ...]
    diagnostics: tuple[_Row, ...]


@record
class TakenIn:
    """A note read and understood, ready to be stored."""

    note_id: int
    uid: str
    path: NotePath
    signature: Signature
    digest: str
    rows: Rows
    text: Scanned
    look_again: int = 1


def make_rows(note: Note, facts: Facts) -> Rows:
    """Return what the catalogue keeps of a note."""
    return Rows(
        notes=(_own_row(note, facts),),
        todos=tuple(
            (t.text, t.status.value, _iso(t.due), t.owner, t.priority, _iso(t.done_on), t.line, t.section)
            for t in facts.todos
        ),
        fields=tuple(
            (f.key, f.raw_key, f.position, f.value, normalize(f.value), f.number, _iso(f.day), f.line)
            for f in facts.fields
        ),
        tags=tuple((tag, normalize(tag)) for tag in facts.tags),
        people=tuple(
            (at, p.raw, p.name, p.title, p.department, p.company, p.email, p.phone, p.role)
            for at, p in enumerate(facts.contacts)
        ),
        learned=tuple((each.key, each.value, each.level, each.line) for each in facts.learned),
        competitors=tuple((name,) for name in facts.competitors),
        sections=tuple(_section_rows(note)),
        links=tuple((one.target, one.label, one.line, one.wiki, one.image) for one in note.links),
        diagnostics=_diagnostic_rows(note.diagnostics),
    )


def _own_row(note: Note, facts: Facts) -> _Row:
    return (
        *(note.encoding, without_surrogates(facts.title), facts.type, _iso(facts.day), facts.customer),
        *(facts.stage, facts.stage_raw, facts.owner, facts.channel, facts.deal, facts.amount, facts.currency),
        *(_iso(facts.close_day), int(not any(each.rule == "syntax" for each in note.diagnostics))),
    )


def _section_rows(note: Note) -> Iterator[_Row]:
    for at, section in enumerate(note.sections):
        body = note.text[section.body_span.start : section.body_span.end]
        yield at, section.level, section.heading, section.line, without_surrogates(body)


def _diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> tuple[_Row, ...]:
    return tuple(
        (d.rule, d.severity.value, d.line, d.column, d.message, d.hint, d.span and d.span.start, d.span and d.span.end)
        for d in diagnostics
    )


def put_notes(catalog: Catalog, batch: Sequence[TakenIn]) -> None:
    """Store notes, replacing all that was known of them; none has the path or the id of a note that stays.

    Of several with one number, a note that was read twice, the last counts.
    """
    notes = list({taken.note_id: taken for taken in batch}.values())
    catalog.remove_notes([taken.note_id for taken in notes])  # all out first: two notes may have changed places
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    catalog.execute_many(_NOTES, (_note_row(taken, moment) for taken in notes))
    catalog.execute_many(
        "INSERT INTO texts VALUES (?,?,?)", ((taken.note_id, taken.text.text, taken.text.normalized) for taken in notes)
    )
    for table, statement in _TABLES.items():
        catalog.execute_many(statement, _iter_numbered(notes, table))
    put_sketches(catalog, ((taken.note_id, taken.text.sketch) for taken in notes))
    _put_todos(catalog, notes)


def _note_row(taken: TakenIn, moment: str) -> _Row:
    (own,) = taken.rows.notes
    return (
        *(taken.note_id, taken.uid, path_to_stored(taken.path), *signature_row(taken.signature), taken.look_again),
        *(taken.digest, *own, own[_OWNER_OF_NOTE], moment),  # as written until owners are joined
    )


def _iter_numbered(notes: Iterable[TakenIn], table: str) -> Iterator[_Row]:
    for taken in notes:
        for row in getattr(taken.rows, table):
            yield taken.note_id, *row


def remove_notes(catalog: Catalog, note_ids: Collection[int]) -> None:
    """Forget notes with all that was known of them."""
    if note_ids:
        catalog.remove_notes(note_ids)
        remove_sketches(catalog, note_ids)


def put_diagnostics(catalog: Catalog, note_id: int, diagnostics: Iterable[Diagnostic]) -> None:
    """Replace the diagnostics of a note."""
    catalog.execute("DELETE FROM diagnostics WHERE note_id = ?", (note_id,))
    catalog.execute_many(_TABLES["diagnostics"], [(note_id, *row) for row in _diagnostic_rows(diagnostics)])


_COLUMNS: Final[Mapping[str, str]] = {
    "notes": "encoding, title, type, day, customer, stage, stage_raw, owner_raw, channel, deal, amount, currency,"
    " close_day, parsed",
    "todos": "text, status, due, owner_raw, priority, done_on, line, section",
    "fields": "key, raw_key, position, value, normalized, number, day, line",
    "tags": "tag, normalized",
    "people": "position, raw, name, title, department, company, email, phone, role",
    "learned": "key, value, level, line",
    "competitors": "name",
    "sections": "position, level, heading, line, body",
    "links": "target, label, line, wiki, image",
    "diagnostics": "rule, severity, line, col, message, hint, start, stop",
}
"""By table what a note alone decides, in the order of :class:`Rows`."""


def _insert(table: str, before: str = "note_id", after: str = "") -> str:
    columns = ", ".join(filter(None, (before, _COLUMNS[table], after)))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks(columns.split(', '))})"


def _owner_in(table: str) -> int:
    return _COLUMNS[table].split(", ").index("owner_raw")


_NOTES: Final = _insert(
    "notes", "id, uid, path, size, mtime_ns, ctime_ns, inode, device, stamp, look_again, digest", "owner, taken_in"
)
_OWNER_OF_NOTE: Final = _owner_in("notes")
_TODOS: Final = _insert("todos", "id, note_id, position", "owner")
_OWNER_OF_TODO: Final = _owner_in("todos")
_TABLES: Final[Mapping[str, str]] = {table: _insert(table) for table in _COLUMNS if table not in ("notes", "todos")}


def find_differing_tables(catalog: Catalog, note_id: int, rows: Rows) -> list[str]:
    """Return the tables in which something else stands for a note than what was understood of it just now.

    What depends on other notes is not compared, nor are diagnostics, which may be those of a check.
    """
    differing = []
    for table, columns in _COLUMNS.items():
        if table == "diagnostics":
            continue
        key, order = ("id", "id") if table == "notes" else ("note_id", "position" if table == "todos" else "rowid")
        sql = f"SELECT {columns} FROM {table} WHERE {key} = ? ORDER BY {order}"
        if catalog.select_tuples(sql, (note_id,)) != [*getattr(rows, table)]:
            differing.append(table)
    return differing


def _put_todos(catalog: Catalog, notes: Sequence[TakenIn]) -> None:
    """Store the notes' ToDos; an id that another one already has gets a suffix."""
    ids = [make_todo_ids([str(todo[0]) for todo in taken.rows.todos], taken.uid) for taken in notes]
    taken_ids = _find_taken_ids(catalog, list(chain.from_iterable(ids)))
    rows: list[_Row] = []
    for taken, wishes in zip(notes, ids, strict=True):
        for position, (wish, todo) in enumerate(zip(wishes, taken.rows.todos, strict=True)):
            todo_id = wish
            if todo_id in taken_ids:
                todo_id = next(each for n in count(2) if not _is_taken(catalog, each := f"{wish}-{n}", taken_ids))
            taken_ids.add(todo_id)
            rows.append((todo_id, taken.note_id, position, *todo, todo[_OWNER_OF_TODO]))
    catalog.execute_many(_TODOS, rows)


def _find_taken_ids(catalog: Catalog, wishes: Sequence[str]) -> set[str]:
    """Return which of these ids ToDos of other notes have."""
    found: set[str] = set()
    for chunk in chunked(wishes):
        found.update(
            row[0] for row in catalog.select_tuples(f"SELECT id FROM todos WHERE id IN ({marks(chunk)})", chunk)
        )
    return found


def _is_taken(catalog: Catalog, candidate: str, taken_ids: Collection[str]) -> bool:
    return candidate in taken_ids or bool(catalog.select("SELECT 1 FROM todos WHERE id = ?", (candidate,)))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
