"""What was understood of notes, as rows of the catalogue; many notes in one statement for each table."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Final

from notevault.catalog import Catalog, path_to_stored, signature_row
from notevault.database import chunked, marks
from notevault.exact_scan import put_sketches, remove_sketches
from notevault.model import Diagnostic, Facts, Note, Signature
from notevault.records import record
from notevault.sketch import Scanned
from notevault.text import normalize, without_surrogates

_Row = tuple[object, ...]


@record
class TakenIn:
    """A note read and understood, ready to be stored."""

    note_id: int
    uid: str
    signature: Signature
    note: Note
    text: Scanned
    facts: Facts
    diagnostics: tuple[Diagnostic, ...]
    look_again: int = 1


def put_notes(catalog: Catalog, batch: Sequence[TakenIn]) -> None:
    """Store notes, replacing all that was known of them; none has the path or the id of a note that stays.

    Of several with one number, a note that was read twice, the last counts.
    """
    notes = list({taken.note_id: taken for taken in batch}.values())
    catalog.remove_notes([taken.note_id for taken in notes])  # all out first: two notes may have changed places
    for statement, make_rows in _TABLES:
        catalog.execute_many(statement, (row for taken in notes for row in make_rows(taken)))
    put_sketches(catalog, ((taken.note_id, taken.text.sketch) for taken in notes))
    _put_todos(catalog, notes)


def remove_notes(catalog: Catalog, note_ids: Collection[int]) -> None:
    """Forget notes with all that was known of them."""
    if note_ids:
        catalog.remove_notes(note_ids)
        remove_sketches(catalog, note_ids)


def put_diagnostics(catalog: Catalog, note_id: int, diagnostics: Iterable[Diagnostic]) -> None:
    """Replace the diagnostics of a note."""
    catalog.execute("DELETE FROM diagnostics WHERE note_id = ?", (note_id,))
    catalog.execute_many(_DIAGNOSTICS, _iter_diagnostics(note_id, diagnostics))


def _note_row(taken: TakenIn) -> Iterator[_Row]:
    facts, note = taken.facts, taken.note
    yield (
        *(taken.note_id, taken.uid, path_to_stored(note.path), *signature_row(taken.signature), taken.look_again),
        *(note.digest, note.encoding, without_surrogates(facts.title), facts.type, _iso(facts.day), facts.customer),
        *(facts.stage, facts.stage_raw, facts.owner, facts.channel, facts.deal, facts.amount, facts.currency),
        *(_iso(facts.close_day), int(not any(each.rule == "syntax" for each in taken.diagnostics))),
        facts.owner,  # until it is joined
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _text_row(taken: TakenIn) -> Iterator[_Row]:
    yield taken.note_id, taken.text.text, taken.text.normalized


def _field_rows(taken: TakenIn) -> Iterator[_Row]:
    for f in taken.facts.fields:
        yield taken.note_id, f.key, f.raw_key, f.position, f.value, normalize(f.value), f.number, _iso(f.day), f.line


def _tag_rows(taken: TakenIn) -> Iterator[_Row]:
    return ((taken.note_id, tag, normalize(tag)) for tag in taken.facts.tags)


def _people_rows(taken: TakenIn) -> Iterator[_Row]:
    for at, p in enumerate(taken.facts.contacts):
        yield taken.note_id, at, p.raw, p.name, p.title, p.department, p.company, p.email, p.phone, p.role


def _learned_rows(taken: TakenIn) -> Iterator[_Row]:
    return ((taken.note_id, each.key, each.value, each.level, each.line) for each in taken.facts.learned)


def _competitor_rows(taken: TakenIn) -> Iterator[_Row]:
    return ((taken.note_id, name) for name in taken.facts.competitors)


def _section_rows(taken: TakenIn) -> Iterator[_Row]:
    text = taken.note.text
    for at, section in enumerate(taken.note.sections):
        body = text[section.body_span.start : section.body_span.end]
        yield taken.note_id, at, section.level, section.heading, section.line, without_surrogates(body)


def _link_rows(taken: TakenIn) -> Iterator[_Row]:
    return ((taken.note_id, one.target, one.label, one.line, one.wiki, one.image) for one in taken.note.links)


def _diagnostic_rows(taken: TakenIn) -> Iterator[_Row]:
    return _iter_diagnostics(taken.note_id, taken.diagnostics)


def _iter_diagnostics(note_id: int, diagnostics: Iterable[Diagnostic]) -> Iterator[_Row]:
    for d in diagnostics:
        span = (d.span.start, d.span.end) if d.span else (None, None)
        yield note_id, d.rule, d.severity.value, d.line, d.column, d.message, d.hint, *span


_NOTES: Final = (
    "INSERT INTO notes (id, uid, path, size, mtime_ns, ctime_ns, inode, device, stamp, look_again, digest,"
    " encoding, title, type, day, customer, stage, stage_raw, owner_raw, channel, deal, amount, currency,"
    " close_day, parsed, owner, taken_in) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_DIAGNOSTICS: Final = "INSERT INTO diagnostics VALUES (?,?,?,?,?,?,?,?,?)"
_TABLES: Final[tuple[tuple[str, Callable[[TakenIn], Iterator[_Row]]], ...]] = (
    (_NOTES, _note_row),
    ("INSERT INTO texts VALUES (?,?,?)", _text_row),
    ("INSERT INTO fields VALUES (?,?,?,?,?,?,?,?,?)", _field_rows),
    ("INSERT INTO tags VALUES (?,?,?)", _tag_rows),
    ("INSERT INTO people VALUES (?,?,?,?,?,?,?,?,?,?,NULL)", _people_rows),
    ("INSERT INTO learned VALUES (?,?,?,?,?)", _learned_rows),
    ("INSERT INTO competitors VALUES (?,?)", _competitor_rows),
    ("INSERT INTO sections VALUES (?,?,?,?,?,?)", _section_rows),
    ("INSERT INTO links VALUES (?,?,?,?,?,?)", _link_rows),
    (_DIAGNOSTICS, _diagnostic_rows),
)


_OF_NOTE: Final = (
    "encoding, title, type, day, customer, stage, stage_raw, owner_raw, channel, deal, amount, currency, close_day,"
    " parsed"
)
_COMPARED: Final[Mapping[str, tuple[str, Callable[[TakenIn], Iterator[_Row]]]]] = {
    "fields": ("*", _field_rows),
    "tags": ("*", _tag_rows),
    "people": ("note_id, position, raw, name, title, department, company, email, phone, role", _people_rows),
    "learned": ("*", _learned_rows),
    "competitors": ("*", _competitor_rows),
    "sections": ("*", _section_rows),
    "links": ("*", _link_rows),
}


def find_differing_tables(catalog: Catalog, taken: TakenIn) -> list[str]:
    """Return the tables in which something else stands for a note than what was understood of it just now.

    What depends on other notes is not compared, nor are diagnostics, which may be those of a check.
    """
    note_id = (taken.note_id,)
    # of a note's own row: what follows its file's signature and digest, up to what is joined
    own = next(_note_row(taken))[11:-2]
    differing = (
        [] if catalog.select_tuples(f"SELECT {_OF_NOTE} FROM notes WHERE id = ?", note_id) == [own] else ["notes"]
    )
    todos = [
        (
            each.text,
            each.status.value,
            _iso(each.due),
            each.owner,
            each.priority,
            _iso(each.done_on),
            each.line,
            each.section,
        )
        for each in taken.facts.todos
    ]
    columns = "text, status, due, owner_raw, priority, done_on, line, section"
    if catalog.select_tuples(f"SELECT {columns} FROM todos WHERE note_id = ? ORDER BY position", note_id) != todos:
        differing.append("todos")
    for table, (columns, make_rows) in _COMPARED.items():
        stored = catalog.select_tuples(f"SELECT {columns} FROM {table} WHERE note_id = ? ORDER BY rowid", note_id)
        if stored != [tuple(row) for row in make_rows(taken)]:
            differing.append(table)
    return differing


def _put_todos(catalog: Catalog, notes: Sequence[TakenIn]) -> None:
    """Store the notes' ToDos; an id that another one already has gets a suffix."""
    taken_ids = _find_taken_ids(catalog, [todo.id for taken in notes for todo in taken.facts.todos])
    rows: list[_Row] = []
    for taken in notes:
        for position, todo in enumerate(taken.facts.todos):
            todo_id = todo.id
            if todo_id in taken_ids:
                todo_id = next(each for n in count(2) if not _is_taken(catalog, each := f"{todo.id}-{n}", taken_ids))
            taken_ids.add(todo_id)
            rows.append(
                (
                    *(todo_id, taken.note_id, position, todo.text, todo.status.value, _iso(todo.due)),
                    *(todo.owner, todo.owner, todo.priority, _iso(todo.done_on), todo.line, todo.section),
                )
            )
    catalog.execute_many("INSERT INTO todos VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", rows)


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
