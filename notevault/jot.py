"""Jottings: one line each in the inbox note of the month, and lines turned into notes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from notevault.catalog import Catalog, stored_to_path
from notevault.config import Settings
from notevault.dates import parse_date
from notevault.edits import apply_edits
from notevault.errors import NotevaultError, WriteRefusedError
from notevault.insertion import plan_items
from notevault.journal import FileChange
from notevault.messages import gettext as _
from notevault.model import Edit, Note, NotePath, Section, Span
from notevault.names.key import name_key
from notevault.new_note import numbered_path, render_new_note
from notevault.note import encode_note, parse_note
from notevault.records import record
from notevault.template import Template
from notevault.text import LineIndex, normalize, printable_path
from notevault.vault import Vault

INBOX: Final = "inbox"
LONGEST: Final = 4000
_ITEM: Final = re.compile(r"(?P<bullet>[-*+][ \t]+)(?!\[.\](?:[ \t]|$))(?P<text>\S[^\r\n]*)")
_LINE: Final = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_STAMP: Final = re.compile(
    r"(?P<day>\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2})(?:[ T]\d{1,2}:\d{2})?[ \t\u3000]+(?=\S)"
)
_SHORTEST_NAME: Final = 2
_MOST_TRIES: Final = 1000


@record
class Jotting:
    """One line of an inbox that nobody has dealt with. Its fields are the contract of ``jot --list --json``."""

    n: int
    """Counted from the oldest, so that a new one changes no number."""
    date: date | None
    """The line's own, else its note's."""
    age: int | None
    """Days."""
    text: str
    path: str
    line: int


@record
class JotLine:
    """A jotting with its place in the note."""

    jotting: Jotting
    note: Note
    span: Span
    """The line with what is indented below it, and its line end."""
    body: str
    """Its text and what is indented below it, without the date in front."""


def plan_jot(vault: Vault, template: Template, settings: Settings, items: Sequence[str], today: date) -> FileChange:
    """Return the change that puts list items at the end of the inbox of the month; a missing inbox is made.

    Every other byte stays. Raises NotevaultError for an item that is no line, WriteRefusedError, UnreadableNoteError.
    """
    for item in items:
        if not item.strip() or len(item) > LONGEST or not item.isprintable():
            raise NotevaultError(_("a jotting is one line of up to {count} characters").format(count=LONGEST))
    new = render_new_note(template, {}, today=today, settings=settings)
    path = new.path
    try:
        before: bytes | None = vault.read(path)[0]
    except FileNotFoundError:
        before = None
    except OSError as error:
        raise WriteRefusedError(printable_path(path), error.strerror or str(error)) from error
    note = parse_note(path, before if before is not None else new.text.encode())
    edit = plan_items(note, list(items), _find_section(note, template))
    return FileChange(path=path, before=before, after=_encode(note, [edit]))


def stamp_line(text: str, when: datetime) -> str:
    """Return ``2026-11-22 14:05 text``."""
    return f"{when:%Y-%m-%d %H:%M} {' '.join(text.split())}"


def load_jottings(vault: Vault, catalog: Catalog, template: Template, today: date) -> tuple[JotLine, ...]:
    """Return the lines of all inboxes that are neither ToDos nor struck out, the oldest first.

    A note without a type is an inbox where it lies in the folder of the ``template``, to which ``jot`` adds lines.
    """
    first = template.path[0] if template.path else ""
    folder = first.rpartition("/")[0] + "/" if isinstance(first, str) and "/" in first else ""
    rows = catalog.select(
        "SELECT path, day FROM notes"
        " WHERE (type = :inbox OR type IS NULL AND :folder <> '' AND substr(path, 1, length(:folder)) = :folder)"
        " AND copy_of IS NULL ORDER BY coalesce(day, ''), path",
        {"inbox": INBOX, "folder": folder},
    )
    found: list[JotLine] = []
    for row in rows:
        try:
            note = parse_note(stored_to_path(row["path"]), vault.read(stored_to_path(row["path"]))[0])
        except (OSError, NotevaultError):  # status tells which notes cannot be read
            continue
        found += _lines_of(note, row["path"], date.fromisoformat(row["day"]) if row["day"] else None, today)
    found.sort(key=lambda one: one.jotting.date or date.min)
    return tuple(replace(one, jotting=replace(one.jotting, n=at)) for at, one in enumerate(found, start=1))


def choose_jotting(lines: Sequence[JotLine], wish: str) -> JotLine:
    """Return the jotting that a number or a part of its text names; raises NotevaultError."""
    if wish.isdecimal():
        found = [one for one in lines if one.jotting.n == int(wish)]
    else:
        found = [one for one in lines if normalize(wish) in normalize(one.jotting.text)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotevaultError(_("no jotting is '{wish}'").format(wish=wish), _("'notevault jot --list' shows them"))
    shown = "\n".join(f"  {one.jotting.n}  {one.jotting.text[:80]}" for one in found[:10])
    raise NotevaultError(_("'{wish}' may mean several:\n{jottings}").format(wish=wish, jottings=shown))


@record
class Promotion:
    """A note made of jottings; nothing is written yet."""

    title: str
    path: NotePath
    changes: tuple[FileChange, ...]
    remarks: tuple[str, ...] = ()


def plan_promotion(
    vault: Vault,
    catalog: Catalog,
    settings: Settings,
    template: Template,
    lines: Sequence[JotLine],
    *,
    values: Mapping[str, str],
    today: date,
    keep: bool = False,
) -> Promotion:
    """Return the note that the lines become, and the inboxes without them; with ``keep`` ticked and linked instead.

    Date and customer are taken from the lines where ``values`` do not give them. Raises NewNoteError, and what reading
    and writing raise.
    """
    given = dict(values)
    first = next((one.jotting.date for one in lines if one.jotting.date), None)
    if template.find_field("date") and not _is_given(template, given, "date"):
        given["date"] = (first or today).isoformat()
    if template.find_field("customer") and not _is_given(template, given, "customer"):
        customer = find_customer(catalog, " ".join(one.body for one in lines))
        if customer:
            given["customer"] = customer
    new = render_new_note(template, given, today=first or today, settings=settings)
    path = _free_path(vault, new.path)
    note = parse_note(path, new.text.encode())
    heading = template.sections[0].heading if template.sections else None
    section = next((one for one in note.sections if one.heading == heading), None)
    edit = plan_items(note, [_indented(one.body, note.newline) for one in lines], section)
    made = FileChange(path=path, before=None, after=_encode(note, [edit]))
    taken = tuple(_take_out(vault, notes, path, keep=keep) for notes in _by_note(lines))
    title = _("{count} jottings become {path}").format(count=len(lines), path=printable_path(path))
    remarks = () if "customer" in given or not template.find_field("customer") else (_("no customer is named yet"),)
    return Promotion(title=title, path=path, changes=(made, *taken), remarks=remarks)


def find_customer(catalog: Catalog, text: str) -> str | None:
    """Return the one customer whose name the text has in it, in any spelling; None for none or several."""
    key = name_key(text)
    names: dict[str, set[str]] = {}
    for row in catalog.select(
        "SELECT c.name, n.name AS spelling FROM customer_names n JOIN customers c ON c.id = n.customer_id"
    ):
        spelling = name_key(row["spelling"])
        if len(spelling) >= _SHORTEST_NAME and spelling in key:
            names.setdefault(spelling, set()).add(row["name"])
    longest = [name for name in names if not any(name != other and name in other for other in names)]
    found = {customer for name in longest for customer in names[name]}
    return found.pop() if len(found) == 1 else None


def _is_given(template: Template, given: Mapping[str, str], key: str) -> bool:
    wanted = template.find_field(key)
    return any(template.find_field(name) == wanted for name in given)


def _free_path(vault: Vault, path: NotePath) -> NotePath:
    for number in range(1, _MOST_TRIES):
        candidate = numbered_path(path, number)
        if vault.is_gone(candidate):
            return candidate
    raise WriteRefusedError(printable_path(path), _("all its numbered names are taken"))


def _find_section(note: Note, template: Template) -> Section | None:
    """Return the section for jottings: the template's first one, else the note's last one."""
    wanted = template.sections[0] if template.sections else None
    for section in note.sections:
        if wanted is not None and template.find_section(section.heading) == wanted:
            return section
    return note.sections[-1] if note.sections else None


def _lines_of(note: Note, stored: str, day: date | None, today: date) -> list[JotLine]:
    found: list[JotLine] = []
    lines = LineIndex(note.text)
    at, fence, comment = note.body_start, "", False
    while at < len(note.text) and (line := _LINE.match(note.text, at)):
        start, at = at, line.end()
        text = line[1]
        comment, hidden = _in_comment(text, comment)
        fence, in_fence = _in_fence(text, fence)
        item = None if hidden or in_fence else _ITEM.match(text)
        if item is not None:
            jotting, body = _read_item(item["text"].rstrip(), day, today)
            jotting = replace(jotting, path=stored, line=lines.position(start)[0])
            found.append(JotLine(jotting=jotting, note=note, span=Span(start=start, end=at), body=body))
        elif found and text[:1] in (" ", "\t") and text.strip() and found[-1].span.end == start:
            grown = Span(start=found[-1].span.start, end=at)
            found[-1] = replace(found[-1], span=grown, body=f"{found[-1].body}\n{text.strip()}")
    return found


def _in_comment(text: str, inside: bool) -> tuple[bool, bool]:  # noqa: FBT001 -- a state handed on
    """Return whether the next line begins inside a comment, and whether this one does."""
    opened, closed = text.rfind("<!--"), text.rfind("-->")
    return (opened > closed if opened != closed else inside), inside


def _in_fence(text: str, fence: str) -> tuple[str, bool]:
    """Return the fence that is open behind this line, and whether the line is part of one."""
    mark = text.lstrip()[:3]
    if fence:
        return ("" if mark == fence else fence), True
    return (mark, True) if mark in ("```", "~~~") else ("", False)


def _read_item(text: str, day: date | None, today: date) -> tuple[Jotting, str]:
    """Return a jotting without its place, and its text without the date in front."""
    stamp = _STAMP.match(text)
    own = parse_date(stamp["day"], day or today) if stamp else None
    said = own or day
    jotting = Jotting(n=0, date=said, age=(today - said).days if said else None, text=text, path="", line=1)
    return jotting, text[stamp.end() :] if stamp and own else text


def _indented(body: str, newline: str) -> str:
    return f"{newline}  ".join(body.split("\n"))


def _by_note(lines: Sequence[JotLine]) -> list[list[JotLine]]:
    notes: dict[NotePath, list[JotLine]] = {}
    for line in lines:
        notes.setdefault(line.note.path, []).append(line)
    return list(notes.values())


def _take_out(vault: Vault, lines: Sequence[JotLine], target: NotePath, *, keep: bool) -> FileChange:
    note = lines[0].note
    before = vault.read(note.path)[0]
    if parse_note(note.path, before).digest != note.digest:
        raise WriteRefusedError(printable_path(note.path), _("it has changed meanwhile"))
    edits = [_ticked(line, target) if keep else _edit(note, line.span.start, line.span.end, "") for line in lines]
    return FileChange(path=note.path, before=before, after=_encode(note, edits))


def _ticked(line: JotLine, target: NotePath) -> Edit:
    """Return the edit that makes a jotting a done task with a link to its note."""
    text = line.note.text[line.span.start : line.span.end]
    first = _LINE.match(text)
    item = _ITEM.match(text)
    if first is None or item is None:
        raise ValueError(text)
    new = f"{item['bullet']}[x] {item['text'].rstrip()} → [[{printable_path(target).removesuffix('.md')}]]"
    return _edit(line.note, line.span.start, line.span.start + len(first[1]), new)


def _edit(note: Note, start: int, end: int, text: str) -> Edit:
    return Edit(path=note.path, digest=note.digest, span=Span(start=start, end=end), text=text)


def _encode(note: Note, edits: Sequence[Edit]) -> bytes:
    """Return the note's bytes with the edits; raises WriteRefusedError where that would touch more than the lines."""
    path = printable_path(note.path)
    try:
        if parse_note(note.path, encode_note(note, note.text)).digest != note.digest:
            raise WriteRefusedError(path, _("some of its bytes cannot be written back as they are"))
        return encode_note(note, apply_edits(note.text, edits))
    except UnicodeEncodeError as error:
        reason = _("the new text cannot be written in {encoding}").format(encoding=note.encoding)
        raise WriteRefusedError(path, reason) from error
