"""The values that travel between the layers.

Every class here is frozen; nothing in this module touches disk, database or terminal.
Positions are half-open spans of code points in the note's decoded text, BOM cut off.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple, NewType

from notevault.records import record

NO_ACTIVITY: Final = frozenset({"customer", "manual", "team-meeting", "inbox"})
"""Types of notes that may name a customer without having spoken to it."""
NotePath = NewType("NotePath", str)
"""A note's place in the vault: relative, ``/`` between, spelled as on disk.

Names that are not UTF-8 carry surrogate escapes, as ``os.fsdecode`` makes them.
"""


@record
class Span:
    """Half-open range of code points in a note's text."""

    start: int
    end: int

    def __lt__(self, other: Span) -> bool:
        return (self.start, self.end) < (other.start, other.end)


class Severity(StrEnum):
    """How much a diagnostic matters; only ``ERROR`` makes ``check`` exit with 1 under ``warn``."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@record
class Edit:
    """Replace one span of one note by a new text; see :mod:`notevault.edits`."""

    path: NotePath
    digest: str
    """Digest of the bytes the span was measured on."""
    span: Span
    text: str


@record
class Diagnostic:
    """One thing a person should know about one note: trouble in a note is data, never an exception."""

    rule: str
    severity: Severity
    path: NotePath
    line: int
    """From 1; 1 where the whole note is meant."""
    column: int
    """From 1, in code points."""
    message: str
    hint: str = ""
    span: Span | None = None
    edits: tuple[Edit, ...] = ()


# --- front matter as written -------------------------------------------------------------------


@record
class Scalar:
    """A YAML scalar; always text, whatever YAML would make of it. ``style`` is YAML's sign for it, '' for none."""

    text: str
    span: Span
    style: str = ""


@record
class Sequence:
    """A YAML list, block or flow."""

    items: tuple[Node, ...]
    span: Span
    flow: bool = False


@record
class Mapping:
    """A YAML mapping; keys keep their order and are NFC."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span
    flow: bool = False


Node = Scalar | Sequence | Mapping


@record
class FrontMatter:
    """The block between the ``---`` lines. ``present`` is false where the note has none or it could not be read."""

    present: bool
    entries: tuple[tuple[Scalar, Node], ...] = ()
    span: Span | None = None
    """From the opening delimiter to the end of the closing line; also set for a block that did not parse."""
    raw: str = ""
    """Text between the delimiters, kept also when it did not parse."""


# --- a note as written -------------------------------------------------------------------------


@record
class Section:
    """A heading and what stands under it, up to the next heading of the same or a higher level."""

    heading: str
    level: int
    heading_span: Span
    body_span: Span
    """From the line after the heading to the next heading of any level."""
    line: int


@record
class Task:
    """A GFM task item outside code: ``- [ ] text``."""

    mark: str
    """The one character between the brackets."""
    text: str
    """The line after the brackets, as written, without trailing blanks."""
    span: Span
    """The whole line without its newline."""
    mark_span: Span
    text_span: Span
    line: int
    indent: int
    section: int | None
    """Position of the section it stands in, None before the first heading."""


@record
class Link:
    """``[[target|label]]``, ``[label](target)`` or ``![alt](target)``."""

    target: str
    label: str
    span: Span
    line: int
    wiki: bool
    image: bool


@record
class Note:
    """A note taken apart, for any bytes at all."""

    path: NotePath
    text: str
    """Decoded, without BOM, newlines as they are."""
    digest: str
    """SHA-256 of the bytes on disk, hex."""
    encoding: str
    """Codec that reads and writes it back unchanged: ``utf-8``, ``utf-16-le``, ``cp932`` …"""
    bom: bool
    newline: str
    """The commonest newline in it: LF, CRLF or CR."""
    front_matter: FrontMatter
    body_start: int
    sections: tuple[Section, ...]
    tasks: tuple[Task, ...]
    links: tuple[Link, ...]
    diagnostics: tuple[Diagnostic, ...]


# --- what a note says --------------------------------------------------------------------------


class TodoStatus(StrEnum):
    """State of a ToDo."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@record
class FieldFact:
    """One front matter value under its canonical key; a list gives one fact per item, a mapping one per ``key.sub``."""

    key: str
    """Canonical English key where the alias table knows it, else the key as written (NFC)."""
    raw_key: str
    position: int
    """0 for the first item of a list."""
    value: str
    number: float | None = None
    day: date | None = None
    line: int = 1


@record
class Todo:
    """A task item with its markers read."""

    text: str
    """Without due date, owner and priority markers."""
    status: TodoStatus
    due: date | None
    owner: str | None
    priority: str | None
    """``high``, ``medium``, ``low`` or None."""
    done_on: date | None
    line: int
    section: str | None


@record
class PersonMention:
    """A person as written in ``contacts:``: 山田太郎 部長."""

    raw: str
    name: str
    title: str | None = None
    department: str | None = None
    company: str | None = None
    email: str | None = None
    phone: str | None = None
    role: str | None = None


@record
class Learned:
    """An answer that a note brought: ``learned: {決裁者: 山田社長}``."""

    key: str
    value: str
    level: str | None = None
    line: int = 1


@record
class Facts:
    """What one note says, read on its own: no other note was asked."""

    title: str
    type: str | None
    day: date | None
    customer: str | None
    """The mention as written, without ``[[ ]]``."""
    stage: str | None
    """Key of a stage in the settings, else None; ``stage_raw`` keeps what was written."""
    stage_raw: str | None
    owner: str | None
    channel: str | None
    deal: str | None
    amount: float | None
    currency: str | None
    close_day: date | None
    fields: tuple[FieldFact, ...] = ()
    todos: tuple[Todo, ...] = ()
    contacts: tuple[PersonMention, ...] = ()
    competitors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    learned: tuple[Learned, ...] = ()
    note_id: str | None = None
    """Front matter ``id``."""


# --- the disk ----------------------------------------------------------------------------------


class Signature(NamedTuple):
    """What ``lstat`` says of a note; equal signatures mean "not looked at again".

    A tuple, because a walk makes one for every note there is.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int


@record
class Failure:
    """A note that could not be taken in, and why."""

    path: NotePath
    reason: str


@record
class SyncReport:
    """What one sync did. ``failed`` notes stay as they were in catalogue and index."""

    added: tuple[NotePath, ...] = ()
    changed: tuple[NotePath, ...] = ()
    removed: tuple[NotePath, ...] = ()
    renamed: tuple[tuple[NotePath, NotePath], ...] = ()
    failed: tuple[Failure, ...] = ()
    unchanged: int = 0
    seconds: float = 0.0
    finished: datetime | None = None
    warnings: tuple[str, ...] = field(default=())
