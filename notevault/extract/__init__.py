"""One note → its facts, without asking any other note."""

import re
from datetime import date
from pathlib import PurePosixPath

from notevault.config import Settings, bare_owner
from notevault.dates import parse_date
from notevault.extract.fields import extract_fields
from notevault.extract.signatures import extract_signatures
from notevault.extract.todos import extract_todos
from notevault.model import Facts, FieldFact, Learned, Note, NotePath, PersonMention
from notevault.names.people import parse_person, split_people
from notevault.text import normalize, printable_path
from notevault.values import parse_money

__all__ = ["extract_facts", "find_path_day"]

_PATH_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")
_LIST_MARKS = re.compile(r"\s*[、,，;；/／]\s*")
_TYPE_CHANNEL = {"call": "phone"}


def extract_facts(note: Note, settings: Settings, reference: date) -> Facts:
    """Return what the note says.

    A day without a year is read as near the note's own day, that one as near ``reference``.
    """
    path_day = find_path_day(note.path)
    fields = extract_fields(note, settings, path_day or reference)
    values = _Values(fields)
    day = values.day("date") or path_day
    note_type = values.named("type") or values.first("type")
    note_type = (settings.find_type(note_type) or note_type) if note_type else None
    owner, stage, channel = values.first("owner"), values.first("stage"), values.first("channel")
    known_owner = settings.find_owner(owner) if owner else None
    known_stage = settings.find_stage(stage) if stage else None
    known_channel = settings.find_channel(channel) if channel else None
    money = parse_money(values.first("amount") or "")
    title = _find_title(note, values)
    return Facts(
        title=title,
        type=note_type,
        day=day,
        customer=(values.first("name") or title) if note_type == "customer" else values.first("customer"),
        stage=known_stage.key if known_stage else None,
        stage_raw=stage,
        owner=known_owner.key if known_owner else bare_owner(owner) if owner else None,
        channel=known_channel.key if known_channel else channel or _TYPE_CHANNEL.get(note_type or ""),
        deal=values.first("deal"),
        amount=float(money.amount) if money else None,
        currency=money.currency if money else None,
        close_day=values.day("close_date"),
        fields=fields,
        todos=extract_todos(note, settings, day or reference),
        contacts=(*_extract_people(values), *extract_signatures(note, settings)),
        competitors=_split_all(values.all("competitors")),
        tags=tuple(tag.lstrip("#＃") for tag in _split_all(values.all("tags"))),
        learned=_extract_learned(fields),
        note_id=values.first("id"),
    )


def find_path_day(path: NotePath) -> date | None:
    """Return the day that the file name carries, if any."""
    match = _PATH_DAY.search(PurePosixPath(path).name)
    return parse_date("-".join(match.groups()), date.min) if match else None


class _Values:
    """Facts by canonical key."""

    def __init__(self, fields: tuple[FieldFact, ...]) -> None:
        self._fields: dict[str, list[FieldFact]] = {}
        for fact in fields:
            self._fields.setdefault(fact.key, []).append(fact)

    def first(self, key: str) -> str | None:
        found = self._fields.get(key)
        return found[0].value if found else None

    def named(self, key: str) -> str | None:
        """Return the first value under the canonical spelling of a key, not under another one such as 区分."""
        return next((fact.value for fact in self._fields.get(key, ()) if fact.raw_key == key), None)

    def all(self, key: str) -> list[str]:
        return [fact.value for fact in self._fields.get(key, ())]

    def day(self, key: str) -> date | None:
        found = self._fields.get(key)
        return found[0].day if found else None


def _find_title(note: Note, values: _Values) -> str:
    given = values.first("title") or values.first("name")
    if given:
        return given
    top = next((section for section in note.sections if section.level == 1 and section.heading), None)
    if top:
        return top.heading
    return printable_path(PurePosixPath(note.path).stem)


def _extract_people(values: _Values) -> tuple[PersonMention, ...]:
    return tuple(parse_person(person) for written in values.all("contacts") for person in split_people(written))


def _split_all(values: list[str]) -> tuple[str, ...]:
    found = (part for value in values for part in _LIST_MARKS.split(value) if part)
    return tuple({normalize(part): part for part in found}.values())


def _extract_learned(fields: tuple[FieldFact, ...]) -> tuple[Learned, ...]:
    found: dict[str, Learned] = {}
    for fact in fields:
        head, _dot, name = fact.key.partition(".")
        if head != "learned" or not name:
            continue
        key, _dot, part = name.rpartition(".")
        if part == "level" and key in found:
            old = found[key]
            found[key] = Learned(key=old.key, value=old.value, level=fact.value, line=old.line)
        elif part in ("value", "level"):
            found[key] = Learned(key=key, value=fact.value if part == "value" else "", line=fact.line)
        else:
            found[name] = Learned(key=name, value=fact.value, line=fact.line)
    return tuple(found.values())
