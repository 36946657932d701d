"""ToDos of the notes ticked, put off, handed over and added: each as one line changed, planned before it is written.

A ToDo with copies in several notes is changed in all of them. Nothing is written where a note has changed since it was
taken in.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Final

from notevault.catalog import Catalog, stored_to_path
from notevault.config import Settings, owner_key
from notevault.dates.working_days import next_working_day
from notevault.edits import apply_edits
from notevault.errors import FileChangedError, NotevaultError, UnknownNameError, WriteRefusedError
from notevault.extract.todos import parse_task_text, todo_status
from notevault.insertion import action_heading, find_action_section, find_section, plan_items, refuse_if_swallowed
from notevault.journal import FileChange
from notevault.markdown import parse_markdown
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Edit, Note, NotePath, Signature, Span, Task, TodoStatus
from notevault.note import encode_note, parse_note
from notevault.records import record
from notevault.report.choosing import choose_owners
from notevault.report.missing import find_newest_note, list_missing
from notevault.report.todos import TodoFilter, find_copies
from notevault.task_line import with_done_on, with_due, with_owner, without_done_on
from notevault.template import Template, Templates
from notevault.text import printable_path
from notevault.vault import Vault

_NEAR: Final = 3
_LONGEST_TEXT: Final = 1000


@record
class TaskLine:
    """A task line as it stands in a note."""

    note: Note
    task: Task
    reference: date
    """Days without a year are read as near this one."""


Rewrite = Callable[[TaskLine], tuple[str, str]]
"""Gives a line its new mark and text."""


@record
class LineChange:
    """One line before and after."""

    id: str
    path: NotePath
    line: int
    before: str
    after: str


@record
class TodoChanges:
    """What a command would write; nothing is written yet."""

    lines: tuple[LineChange, ...]
    edits: tuple[Edit, ...]
    unchanged: tuple[str, ...] = ()
    """Ids of ToDos that are as wished already."""


def mark_done(day: date | None) -> Rewrite:
    """Tick a ToDo; with a ``day`` it is written behind, where the note's encoding can."""

    def rewrite(line: TaskLine) -> tuple[str, str]:
        if todo_status(line.task.mark) is TodoStatus.DONE:
            return line.task.mark, line.task.text
        text = line.task.text
        if day is not None and _can_write("✅", line.note):
            text = with_done_on(text, day, line.reference)
        return "x", text

    return rewrite


def reopen(line: TaskLine) -> tuple[str, str]:
    """Open a ToDo again; a day of completion goes."""
    if todo_status(line.task.mark) is TodoStatus.OPEN:
        return line.task.mark, line.task.text
    return " ", without_done_on(line.task.text, line.reference)


def cancel(line: TaskLine) -> tuple[str, str]:
    """Call a ToDo off."""
    if todo_status(line.task.mark) is TodoStatus.CANCELLED:
        return line.task.mark, line.task.text
    return "-", without_done_on(line.task.text, line.reference)


def put_off(day: date) -> Rewrite:
    """Make a ToDo due on ``day``."""

    def rewrite(line: TaskLine) -> tuple[str, str]:
        in_emoji = sum(task.text.count("📅") for task in line.note.tasks)
        in_words = sum(task.text.count("due:") for task in line.note.tasks)
        return line.task.mark, with_due(line.task.text, day, line.reference, emoji=in_emoji > in_words)

    return rewrite


def hand_to(owner: str, settings: Settings) -> Rewrite:
    """Give a ToDo to an owner, by a key of the settings or as written."""

    def rewrite(line: TaskLine) -> tuple[str, str]:
        return line.task.mark, _with_owner(line.task.text, owner, settings, line.reference)

    return rewrite


def plan_changes(vault: Vault, catalog: Catalog, ids: Iterable[str], rewrite: Rewrite) -> TodoChanges:
    """Return what ``rewrite`` makes of these ToDos in all their places.

    Raises UnknownNameError, FileChangedError where a note is not as it was taken in, and what ``rewrite`` raises.
    """
    lines: list[LineChange] = []
    edits: list[Edit] = []
    unchanged: list[str] = []
    notes: dict[str, TaskLines] = {}
    wanted = list(dict.fromkeys(get_id(catalog, each) for each in ids))
    done: set[str] = set()
    for todo_id in wanted:
        places = [each for each in find_copies(catalog, todo_id) if each not in done]
        done.update(places)
        found = [_plan_line(vault, catalog, place, rewrite, notes) for place in places]
        changed = [each for each in found if each is not None]
        lines += [line for line, _edits in changed]
        edits += [edit for _line, of_line in changed for edit in of_line]
        if places and not changed:
            unchanged.append(todo_id)
    for of_note in notes.values():
        of_note.check([edit for edit in edits if edit.path == of_note.note.path])
    return TodoChanges(lines=tuple(lines), edits=tuple(edits), unchanged=tuple(unchanged))


def get_id(catalog: Catalog, text: str) -> str:
    """Return the id of the ToDo that ``text`` names; raises UnknownNameError with the nearest ids."""
    wanted = text.strip().lstrip("#").lower()
    if catalog.select("SELECT 1 FROM todos WHERE id = ?", (wanted,)):
        return wanted
    ids = [row[0] for row in catalog.select("SELECT id FROM todos WHERE status = 'open'")]
    raise UnknownNameError(_("ToDo"), text, get_close_matches(wanted, ids, n=_NEAR, cutoff=0.6))


def are_dated(catalog: Catalog) -> bool:
    """Say whether the vault's habit is to write down the day a ToDo was done."""
    ((dated, done),) = catalog.select("SELECT count(done_on), count(*) FROM todos WHERE status = 'done'")
    return bool(dated * 2 > done)


def choose_new_owner(catalog: Catalog, settings: Settings, text: str) -> str:
    """Return the owner to write for ``text``: a key of the settings, else a name that the notes use.

    Where the settings name nobody, any name will do. Raises UnknownNameError.
    """
    known = settings.find_owner(text)
    if known is not None:
        return known.key
    try:
        return choose_owners(catalog, settings, text)[0]
    except UnknownNameError:
        if settings.owners or not text.strip():
            raise
        return " ".join(text.split()).lstrip("@＠")


@record
class NewTodo:
    """A ToDo to be written into a note."""

    text: str
    due: date | None = None
    owner: str | None = None


def plan_add(
    note: Note, todos: Sequence[NewTodo], settings: Settings, *, template: Template | None = None, heading: str = ""
) -> Edit:
    """Return the edit that adds ToDos to a note, under ``heading`` or where its ToDos belong.

    Raises UnknownNameError for a heading that the note lacks, NotevaultError for a text that is no single ToDo,
    WriteRefusedError where the ToDos would not be read.
    """
    items = [render_todo(todo, settings) for todo in todos]
    section = find_section(note, heading, template) if heading else find_action_section(note, template)
    above = action_heading(template) if section is None else None
    edit = plan_items(note, [f"[ ] {item}" for item in items], section, heading=above)
    tasks = parse_markdown(apply_edits(note.text, [edit]), note.body_start)[1]
    before = [(task.mark, task.text) for task in note.tasks]
    at = sum(task.span.start < edit.span.start for task in note.tasks)
    after = [(task.mark, task.text) for task in tasks]
    refuse_if_swallowed(note, found=after == [*before[:at], *((" ", item) for item in items), *before[at:]])
    return edit


@record
class TodoPlan:
    """ToDos that a command would add; nothing is written yet."""

    title: str
    changes: tuple[FileChange, ...]
    remarks: tuple[str, ...] = ()


def plan_missing(
    vault: Vault, catalog: Catalog, settings: Settings, templates: Templates, *, deal: str, today: date
) -> TodoPlan | None:
    """Return what writes the missing standard ToDos of a deal into its newest note; None where none is missing.

    They are due when the stage asks for them, today at the earliest, and on a working day. Raises what
    :func:`plan_add` and reading raise.
    """
    missing = list_missing(catalog, settings, today, TodoFilter(deals=(deal,)))
    stored = find_newest_note(catalog, today, deal=deal)
    if not missing or stored is None:
        return None
    note = read_note(vault, stored_to_path(stored))
    ((note_type, owner),) = catalog.select_tuples("SELECT type, owner FROM notes WHERE path = ?", (stored,))
    todos = [
        NewTodo(
            text=each.text,
            due=next_working_day(max(each.due or today, today), settings.timezone),
            owner=each.owner if each.owner != owner else None,
        )
        for each in missing
    ]
    edit = plan_add(note, todos, settings, template=templates.get(note_type or ""))
    before = vault.read(note.path)[0]
    after = encode_note(note, apply_edits(note.text, [edit]))
    title = ngettext("{count} ToDo for {path}", "{count} ToDos for {path}", len(todos))
    return TodoPlan(
        title=title.format(count=len(todos), path=stored),
        changes=(FileChange(path=note.path, before=before, after=after),),
    )


def read_note(vault: Vault, path: NotePath) -> Note:
    """Read a note to be edited; raises UnreadableNoteError, FileChangedError where it is gone, WriteRefusedError."""
    return _read(vault, path)[0]


def render_todo(todo: NewTodo, settings: Settings) -> str:
    """Return what stands behind the brackets; raises NotevaultError for a text that is no single ToDo."""
    text = " ".join(todo.text.split())
    if not text or len(text) > _LONGEST_TEXT or not text.isprintable():
        raise NotevaultError(
            _("the text of a ToDo is one line of up to {count} characters").format(count=_LONGEST_TEXT)
        )
    # days with a year only: they are read alike near any day
    reference = todo.due or date(2000, 1, 1)
    said = parse_task_text(text, reference)
    if todo.owner is not None:
        if said.owner is not None:
            raise NotevaultError(_("'{text}' names an owner already").format(text=text))
        text = _with_owner(text, todo.owner, settings, reference)
    if todo.due is not None:
        if said.due is not None:
            raise NotevaultError(_("'{text}' says a due date already").format(text=text))
        text = with_due(text, todo.due, reference)
    return text


def _with_owner(text: str, owner: str, settings: Settings, reference: date) -> str:
    known = settings.owners.get(owner)
    names = dict.fromkeys((owner, *known.also, known.name) if known else (owner,))

    def is_owner(name: str) -> bool:
        found = settings.find_owner(name)
        return found.key == owner if found else owner_key(name) == owner_key(owner)

    return with_owner(text, [name for name in names if name], reference, is_owner=is_owner)


class TaskLines:
    """The tasks of one note on disk, as the catalogue knows it."""

    def __init__(self, vault: Vault, catalog: Catalog, stored_path: str) -> None:
        self.note, signature = _read(vault, stored_to_path(stored_path))
        (row,) = catalog.select("SELECT digest, day FROM notes WHERE path = ?", (stored_path,))
        if row["digest"] != self.note.digest:
            raise FileChangedError(printable_path(self.note.path))
        self.reference = date.fromisoformat(row["day"]) if row["day"] else _day_of(signature)

    def check(self, edits: Sequence[Edit]) -> None:
        """Raise WriteRefusedError where the edits would change what else the note says."""
        if not edits:
            return
        tasks = parse_markdown(apply_edits(self.note.text, edits), self.note.body_start)[1]
        before = [(task.line, task.indent, task.section) for task in self.note.tasks]
        if [(task.line, task.indent, task.section) for task in tasks] != before:
            raise WriteRefusedError(printable_path(self.note.path), _("the line would no longer be a ToDo"))


def _plan_line(
    vault: Vault, catalog: Catalog, todo_id: str, rewrite: Rewrite, notes: dict[str, TaskLines]
) -> tuple[LineChange, list[Edit]] | None:
    (row,) = catalog.select(
        "SELECT n.path, t.position FROM todos t JOIN notes n ON n.id = t.note_id WHERE t.id = ?", (todo_id,)
    )
    found = notes.get(row["path"])
    if found is None:
        found = notes[row["path"]] = TaskLines(vault, catalog, row["path"])
    note, task = found.note, found.note.tasks[row["position"]]
    mark, text = rewrite(TaskLine(note=note, task=task, reference=found.reference))
    wishes = ((task.mark_span, task.mark, mark), (task.text_span, task.text, text))
    edits = [_edit(note, span, new) for span, old, new in wishes if new != old]
    if not edits:
        return None
    shift = task.span.start
    line = note.text[task.span.start : task.span.end]
    spans = [Edit(path=e.path, digest=e.digest, span=_moved(e.span, shift), text=e.text) for e in edits]
    after = apply_edits(line, spans)
    return LineChange(id=todo_id, path=note.path, line=task.line, before=line, after=after), edits


def _moved(span: Span, shift: int) -> Span:
    return Span(start=span.start - shift, end=span.end - shift)


def _edit(note: Note, span: Span, text: str) -> Edit:
    return Edit(path=note.path, digest=note.digest, span=span, text=text)


def _read(vault: Vault, path: NotePath) -> tuple[Note, Signature]:
    try:
        data, signature = vault.read(path)
    except FileNotFoundError as error:
        raise FileChangedError(printable_path(path)) from error
    except OSError as error:
        raise WriteRefusedError(printable_path(path), error.strerror or str(error)) from error
    return parse_note(path, data), signature


def _can_write(text: str, note: Note) -> bool:
    try:
        text.encode(note.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _day_of(signature: Signature) -> date:
    return datetime.fromtimestamp(signature.mtime_ns / 1e9, UTC).date()
