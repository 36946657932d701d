"""The keys, headings and values of the notes in question, read from the catalogue in the spelling they have there."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from notevault.catalog import Catalog
from notevault.check.rule import find_template
from notevault.config import Settings, spelling_key
from notevault.errors import UnknownNameError
from notevault.front_matter import parse_front_matter
from notevault.messages import gettext as _
from notevault.records import record
from notevault.template import Templates, heading_key
from notevault.template.values import is_blank
from notevault.text import closest, without_comments

_LONGEST_BODY: Final = 4000
"""So many characters of a section are looked at to say whether it is empty."""
_LONGEST_HEAD: Final = 65_600
"""No front matter that can be read is longer."""
_BLANK_VALUE: Final = re.compile(
    r"""^[^\s#\-:][^:\n]{0,200}:[ \t]{0,8}(?:''|""|\[[ \t]{0,8}\]|\{[ \t]{0,8}\}|~|null)?[ \t]{0,8}(?:#|\r?$)""",
    re.MULTILINE,
)


@record
class Scope:
    """Which notes are meant."""

    type: str | None = None
    """Canonical type; None for notes of any type."""
    folder: str = ""
    untyped: bool = False
    """Only notes that give no type."""


@record
class NoteEntry:
    """What a survey needs to know of a note besides its words."""

    id: int
    path: str
    """As the catalogue keeps it."""
    type: str | None
    day: str | None
    owner: str | None
    parsed: bool


@dataclass(slots=True, kw_only=True)
class KeyFacts:
    """One front matter key as spelled."""

    name: str
    notes: set[int] = field(default_factory=set)
    values: list[tuple[int, str]] = field(default_factory=list)
    """Note and value; a list gives one for each item."""
    several: set[int] = field(default_factory=set)
    """Notes in which it holds more than one value."""
    nested: set[int] = field(default_factory=set)
    """Notes in which it holds ``key: value`` pairs."""
    places: int = 0
    """Sum of the line numbers."""

    @property
    def filled(self) -> set[int]:
        """The notes that give it a value."""
        return {note_id for note_id, _value in self.values}


@dataclass(slots=True, kw_only=True)
class HeadingFacts:
    """One heading, in all spellings that differ only in numbering, brackets, width or case."""

    key: str
    spellings: Counter[str] = field(default_factory=Counter)
    levels: Counter[int] = field(default_factory=Counter)
    notes: set[int] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)
    places: int = 0

    @property
    def name(self) -> str:
        """The commonest spelling."""
        return min(self.spellings, key=lambda spelling: (-self.spellings[spelling], spelling))


@record
class Corpus:
    """The notes in question."""

    notes: dict[int, NoteEntry]
    keys: dict[str, KeyFacts]
    headings: dict[str, HeadingFacts]
    """By :func:`heading_key`."""


def make_scope(
    catalog: Catalog,
    settings: Settings,
    templates: Templates,
    name: str | None,
    *,
    folder: str = "",
    untyped: bool = False,
) -> Scope:
    """Return the scope for a type as a person names it; ``untyped`` takes the notes without a type for that one.

    Raises UnknownNameError for a type that neither a note nor a template has, and for a folder without notes.
    """
    canonical = None
    if name is not None:
        template = find_template(name, templates, settings)
        canonical = template.name if template else settings.find_type(name) or name
        used = [
            row[0] for row in catalog.select("SELECT DISTINCT type FROM notes WHERE type IS NOT NULL ORDER BY type")
        ]
        known = [*used, *templates]
        if not untyped and spelling_key(canonical) not in map(spelling_key, known):
            near = closest(name, known)
            raise UnknownNameError(_("type"), name, [near] if near else [])
    scope = Scope(type=canonical, folder=folder.strip("/"), untyped=untyped)
    if scope.folder and not any(_is_inside(row[0], scope.folder) for row in catalog.select("SELECT path FROM notes")):
        raise UnknownNameError(_("folder with notes"), folder, [])
    return scope


def has_types(catalog: Catalog) -> bool:
    """Say whether any note gives a type."""
    return bool(catalog.select("SELECT 1 FROM notes WHERE type IS NOT NULL LIMIT 1"))


def iter_notes(catalog: Catalog, settings: Settings, templates: Templates, scope: Scope) -> Iterator[NoteEntry]:
    """Yield the notes in question by path; copies that a sync tool left are not counted."""
    rows = catalog.select("SELECT id, path, type, day, owner, parsed FROM notes WHERE copy_of IS NULL ORDER BY path")
    wanted = spelling_key(scope.type) if scope.type else None
    for row in rows:
        if scope.folder and not _is_inside(row["path"], scope.folder):
            continue
        if scope.untyped and row["type"] is not None:
            continue
        if wanted is not None and not scope.untyped:
            template = find_template(row["type"], templates, settings)
            if spelling_key(template.name if template else row["type"] or "") != wanted:
                continue
        yield NoteEntry(
            id=row["id"],
            path=row["path"],
            type=row["type"],
            day=row["day"],
            owner=row["owner"],
            parsed=bool(row["parsed"]),
        )


def read_corpus(catalog: Catalog, notes: Sequence[NoteEntry]) -> Corpus:
    """Return what the notes hold."""
    wanted = {note.id: note for note in notes}
    keys = _read_keys(catalog, wanted)
    _add_blank_keys(catalog, wanted, keys)
    return Corpus(notes=wanted, keys=keys, headings=_read_headings(catalog, wanted))


def _is_inside(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def _read_keys(catalog: Catalog, wanted: dict[int, NoteEntry]) -> dict[str, KeyFacts]:
    keys: dict[str, KeyFacts] = {}
    rows = catalog.iterate(
        "SELECT note_id, raw_key, position, value, line FROM fields ORDER BY note_id, line, position"
    )
    last: tuple[int, str] | None = None
    for note_id, raw_key, position, value, line in rows:
        if note_id not in wanted:
            continue
        head, dot, _rest = raw_key.partition(".")
        name = head if head.strip() and _rest else raw_key
        facts = keys.get(name) or keys.setdefault(name, KeyFacts(name=name))
        if last != (note_id, name):
            facts.places += line
        last = (note_id, name)
        facts.notes.add(note_id)
        facts.values.append((note_id, value))
        if dot and _rest:
            facts.nested.add(note_id)
        elif position:
            facts.several.add(note_id)
    return keys


def _add_blank_keys(catalog: Catalog, wanted: dict[int, NoteEntry], keys: dict[str, KeyFacts]) -> None:
    """Count the keys without a value, which the catalogue leaves out; only notes that may have one are parsed."""
    for note_id, head in catalog.iterate("SELECT note_id, substr(text, 1, ?) FROM texts", (_LONGEST_HEAD,)):
        if note_id not in wanted or not head.startswith(("---", "+++", "{")) or not _BLANK_VALUE.search(head):
            continue
        for key, node in parse_front_matter(head).front_matter.entries:
            if key.text.strip() and is_blank(node):
                keys.setdefault(key.text, KeyFacts(name=key.text)).notes.add(note_id)


def _read_headings(catalog: Catalog, wanted: dict[int, NoteEntry]) -> dict[str, HeadingFacts]:
    headings: dict[str, HeadingFacts] = {}
    rows = catalog.iterate(
        "SELECT note_id, level, heading, substr(body, 1, ?) FROM sections ORDER BY note_id, position", (_LONGEST_BODY,)
    )
    of_note: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for note_id, level, heading, body in rows:
        if note_id in wanted and heading.strip():
            of_note[note_id].append((level, heading, body))
    for note_id, sections in of_note.items():
        for place, (level, heading, _body) in enumerate(sections):
            key = heading_key(heading)
            facts = headings.get(key) or headings.setdefault(key, HeadingFacts(key=key))
            if note_id not in facts.notes:
                facts.places += place
            facts.notes.add(note_id)
            facts.spellings[heading] += 1
            facts.levels[level] += 1
            if _has_words(sections, place):
                facts.filled.add(note_id)
    return headings


def _has_words(sections: Sequence[tuple[int, str, str]], place: int) -> bool:
    """Say whether anything but comments stands under a heading, its lower headings included."""
    level = sections[place][0]
    for at in range(place, len(sections)):
        if at > place and sections[at][0] <= level:
            return False
        if has_words(sections[at][2]):
            return True
    return False


def has_words(text: str) -> bool:
    """Say whether a text holds anything but blanks and HTML comments."""
    return bool(without_comments(text).strip())
