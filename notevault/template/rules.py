"""Templates: the agreed formats, as frozen values.

A template file is Markdown: its front matter holds the rules, its body is the skeleton of a new note.
Reading a file is :mod:`notevault.template.reader`'s work; holding notes to the rules is :mod:`notevault.check`'s.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from notevault.config import Settings, Stage, spelling_key
from notevault.records import record
from notevault.template.placeholders import Placeholder
from notevault.text import normalize

_NUMBERING: Final = r"(?:第?[\d.]{1,9}[章節.)、:\s]+|\([\da-z]\)|[①-⑳]|[■□◆◇●○◎▼▽▲△★☆※【\[<〈《「『・]+)\s*"
_LONGEST_HEADING: Final = 200
_ENDING: Final = ":】]>〉》」』 "


class FieldType(StrEnum):
    """What a field holds; ``any`` where the template names no type."""

    ANY = "any"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    MONTH = "month"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    LIST = "list"
    PERSON = "person"
    PEOPLE = "people"
    CUSTOMER = "customer"
    STAGE = "stage"
    BOOL = "bool"
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    CORPORATE_NUMBER = "corporate_number"
    FILE = "file"


LIST_TYPES: Final = frozenset({FieldType.LIST, FieldType.PEOPLE})
DATE_TYPES: Final = frozenset({FieldType.DATE, FieldType.DATETIME})


class Enforce(StrEnum):
    """``off``: only what nobody can read is reported; ``warn``: each rule's own severity; ``strict``: all errors."""

    OFF = "off"
    WARN = "warn"
    STRICT = "strict"


class TodoDemand(StrEnum):
    """When a section must hold a ToDo: always, or while the note's stage is an open one."""

    ALWAYS = "always"
    OPEN_DEAL = "open_deal"


class Level(StrEnum):
    """Whose matter a question is: the president's, the key persons', the staff's."""

    COMPANY = "company"
    BUSINESS = "business"
    FUNCTION = "function"


@record
class Choice:
    """One allowed value and its other spellings."""

    key: str
    also: tuple[str, ...] = ()


@record
class FieldRule:
    """What a template says of one front matter key."""

    name: str
    """As the template spells it: the spelling that new notes get."""
    key: str
    """Canonical key of the settings where they know it, else ``name``."""
    type: FieldType = FieldType.ANY
    required: bool = False
    required_from: str | None = None
    """Key of a stage: required once the note's stage is this one or a later one."""
    unique: bool = False
    default: str = ""
    choices: tuple[Choice, ...] = ()
    pattern: str = ""
    minimum: str = ""
    """``min`` as written; for numbers, money and dates."""
    maximum: str = ""
    hint: str = ""
    also: tuple[str, ...] = ()
    stale_after: int = 0
    """Days after which an answer is asked again; 0: as the settings say."""
    level: str = ""
    """``company``, ``business`` or ``function``; empty: as the settings say."""

    def find_choice(self, text: str) -> str | None:
        """Return the key of the choice that ``text`` spells."""
        wanted = spelling_key(text)
        named = (choice.key for choice in self.choices if spelling_key(choice.key) == wanted)
        other = (choice.key for choice in self.choices if wanted in map(spelling_key, choice.also))
        return next(named, None) or next(other, None)


@record
class SectionRule:
    """What a template says of one heading."""

    heading: str
    required: bool = False
    required_from: str | None = None
    also: tuple[str, ...] = ()
    min_chars: int = 0
    """Characters without blanks and HTML comments."""
    todo: TodoDemand | None = None
    level: int = 2
    prompt: str = ""
    """What the skeleton has under the heading."""


@record
class Template:
    """One agreed format."""

    name: str
    title: str = ""
    version: int = 1
    file: str = ""
    """Where it was read from: ``templates/meeting.md``."""
    also: tuple[str, ...] = ()
    path: tuple[str | Placeholder, ...] = ()
    enforce: Enforce = Enforce.WARN
    fields: tuple[FieldRule, ...] = ()
    sections: tuple[SectionRule, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Key or heading of an earlier version → what it is called now."""
    extends: str = ""
    skeleton: str = ""
    digest: str = ""
    """SHA-256 of the file and of every file it extends, hex."""
    field_spellings: Mapping[str, str] = field(default_factory=dict)
    """:func:`spelling_key` of every way to write a key → field name; made by :func:`spell_fields`."""

    def find_field(self, key: str) -> FieldRule | None:
        """Return the rule of the field that ``key`` spells, in either language."""
        name = self.field_spellings.get(spelling_key(key))
        return next((rule for rule in self.fields if rule.name == name), None) if name else None

    def find_section(self, heading: str) -> SectionRule | None:
        """Return the rule of the section that ``heading`` spells; the template's own spelling goes before others'."""
        wanted = heading_key(heading)
        for rule in self.sections:
            if heading_key(rule.heading) == wanted:
                return rule
        return next((rule for rule in self.sections if wanted in map(heading_key, rule.also)), None)


@record
class Templates(Mapping[str, Template]):
    """The templates of a vault by name."""

    by_name: Mapping[str, Template] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Template:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)

    @property
    def fingerprint(self) -> str:
        """Digest that changes when any template does."""
        lines = "".join(f"{name} {self.by_name[name].digest}\n" for name in sorted(self.by_name))
        return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()

    def find(self, text: str) -> Template | None:
        """Return the template that ``text`` names: its name, title or another name of it."""
        wanted = spelling_key(text)
        for template in self.by_name.values():
            if spelling_key(template.name) == wanted:
                return template
        named = (one for one in self.by_name.values() if wanted in map(spelling_key, (one.title, *one.also)))
        return next(named, None) if wanted else None


def is_reached(here: Stage | None, wanted: Stage | None) -> bool:
    """Say whether a note at the stage ``here`` owes what is required from ``wanted`` on.

    A lost deal may have ended before any stage: it owes only what is required from a lost stage on.
    """
    if here is None or wanted is None:
        return False
    if here.state == "lost" or wanted.state == "lost":
        return here.state == wanted.state
    return here.order >= wanted.order


@lru_cache(maxsize=4096)
def heading_key(heading: str) -> str:
    """Return what spellings of one heading have in common: no numbering, brackets, width, case, blanks, final colon."""
    key = _without_numbering(normalize(heading[:_LONGEST_HEADING]))
    while (again := _without_numbering(key)) != key:  # blanks gone, a number or an accent may show
        key = again
    return key


def _without_numbering(text: str) -> str:
    bare = text
    while found := re.match(_NUMBERING, bare):
        if found.end() == len(bare):
            break
        bare = bare[found.end() :]
    return spelling_key(bare.rstrip(_ENDING)) or spelling_key(bare)


def spell_fields(fields: tuple[FieldRule, ...], settings: Settings) -> dict[str, str]:
    """Return every spelling of the fields' keys: their names, then ``also``, then the settings' aliases."""
    names = {spelling_key(rule.name): rule.name for rule in reversed(fields)}
    also = {spelling_key(other): rule.name for rule in reversed(fields) for other in (*rule.also, rule.key)}
    known = {
        spelling_key(other): rule.name
        for rule in reversed(fields)
        for other in settings.keys.get(rule.key, ())
        if settings.find_key(other) == rule.key
    }
    return known | also | names
