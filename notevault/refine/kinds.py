"""Of what type the values of a key are, judged by the readers that a template would hold them to."""

import re
from collections import Counter
from datetime import date
from typing import Final

from notevault.config import Settings
from notevault.names.people import parse_person
from notevault.records import record
from notevault.refine.corpus import Corpus, KeyFacts
from notevault.template import FieldRule, FieldType
from notevault.template.rules import LIST_TYPES
from notevault.template.values import Reader, read_value, split_list

MOST_VALUES: Final = 600
"""So many different values of a key are read, the commonest first."""
LEAST_SHARE: Final = 0.95
"""Of all values so many must fit a type."""
_FIRST_LOOK: Final = 20
_LEAST_FIRST: Final = 0.5
"""Where fewer of the commonest values fit a type, the others are not read."""
_LONGEST_CHOICE: Final = 30
_MOST_CHOICES: Final = 12
_LEAST_USES: Final = 3
"""A choice-like key uses each of its values so often on average."""
_SEVERAL_SHARE: Final = 0.02
_PLAIN_NUMBER: Final = re.compile(r"[-+]?[\d,.]+\Z")
_MONEY_SIGN: Final = re.compile(r"[円¥￥$€£万億]|JPY|USD|EUR", re.IGNORECASE)
_TIME: Final = re.compile(r"\d\s*[:：]\s*\d\d|\d\s*時")
_STRICT: Final = (
    FieldType.CORPORATE_NUMBER,
    FieldType.EMAIL,
    FieldType.URL,
    FieldType.DATE,
    FieldType.MONTH,
    FieldType.PHONE,
    FieldType.NUMBER,
    FieldType.MONEY,
    FieldType.BOOL,
)
"""In this order: the first that fits is taken."""
_OF_KEY: Final = {
    "customer": FieldType.CUSTOMER,
    "contacts": FieldType.PEOPLE,
    "attendees": FieldType.PEOPLE,
    "owner": FieldType.PERSON,
    "stage": FieldType.STAGE,
    "amount": FieldType.MONEY,
    "title": FieldType.TEXT,
    "deal": FieldType.TEXT,
    "name": FieldType.TEXT,
    "tags": FieldType.LIST,
    "competitors": FieldType.LIST,
    "aliases": FieldType.LIST,
}
_GROUPS: Final = (
    {FieldType.DATE, FieldType.DATETIME, FieldType.MONTH},
    {FieldType.NUMBER, FieldType.MONEY},
    {
        FieldType.TEXT,
        FieldType.ANY,
        FieldType.CHOICE,
        FieldType.LIST,
        FieldType.PERSON,
        FieldType.PEOPLE,
        FieldType.CUSTOMER,
        FieldType.STAGE,
    },
)


@record
class Kind:
    """A type, and what part of the values fits it (0 to 1)."""

    type: FieldType
    share: float


def infer_kinds(corpus: Corpus, settings: Settings, today: date) -> dict[str, Kind]:
    """Return the type of every key by its name."""
    return {name: infer_kind(facts, settings, today) for name, facts in corpus.keys.items()}


def infer_kind(facts: KeyFacts, settings: Settings, today: date) -> Kind:
    """Return the type that the values of a key have.

    A type is taken where :data:`LEAST_SHARE` of the values fit it: what the settings say of the key first, then the
    strict types, a choice, a person, a list, a text.
    """
    counts = Counter(value for _note, value in facts.values)
    if not counts or len(facts.nested) * 2 > len(facts.notes):
        return Kind(type=FieldType.ANY, share=1.0)
    several = len(facts.several) > _SEVERAL_SHARE * len(facts.notes)
    reader = Reader(settings=settings, today=today)
    canonical = settings.find_key(facts.name) or ""
    expected = _OF_KEY.get(canonical)
    if expected is not None and (not several or expected in LIST_TYPES):
        share = fitting_share(FieldRule(name=facts.name, key=canonical, type=expected), counts, reader)
        if share >= LEAST_SHARE:
            return Kind(type=expected, share=share)
    if several:
        return Kind(type=FieldType.LIST, share=1.0)
    first = Counter(dict(counts.most_common(_FIRST_LOOK)))
    for kind in _STRICT:
        rule = FieldRule(name=facts.name, key=facts.name, type=kind)
        if not _is_plausible(kind, counts) or fitting_share(rule, first, reader) < _LEAST_FIRST:
            continue
        share = fitting_share(rule, counts, reader)
        if share >= LEAST_SHARE:
            return Kind(type=_with_time(kind, counts), share=share)
    return _infer_words(counts, reader)


def fitting_share(rule: FieldRule, counts: Counter[str], reader: Reader) -> float:
    """Return what part of the values can be read under ``rule``; of many values the commonest are read."""
    looked_at = counts.most_common(MOST_VALUES)
    total = sum(count for _value, count in looked_at)
    fitting = sum(count for value, count in looked_at if fits(rule, value, reader))
    return fitting / total if total else 1.0


def fits(rule: FieldRule, value: str, reader: Reader) -> bool:
    """Say whether one value can be read under ``rule``."""
    return read_value(rule, value, reader).fault is None


def are_compatible(one: FieldType, other: FieldType) -> bool:
    """Say whether two keys of these types may be one field."""
    return one is other or any(one in group and other in group for group in _GROUPS)


def looks_like_choices(counts: Counter[str]) -> bool:
    """Say whether few short values are used again and again."""
    if not counts or len(counts) > _MOST_CHOICES or max(map(len, counts)) > _LONGEST_CHOICE:
        return False
    return counts.total() >= _LEAST_USES * len(counts) and any(not _PLAIN_NUMBER.match(value) for value in counts)


def _is_plausible(kind: FieldType, counts: Counter[str]) -> bool:
    """Say whether a type is more than an accident: not every number is a sum of money, not every 12 a month."""
    if kind is FieldType.MONEY:
        return any(_MONEY_SIGN.search(value) for value in counts)
    if kind in (FieldType.DATE, FieldType.MONTH):
        return not all(_PLAIN_NUMBER.match(value) for value in counts)
    if kind is FieldType.BOOL:
        return not all(_PLAIN_NUMBER.match(value) for value in counts)
    return True


def _with_time(kind: FieldType, counts: Counter[str]) -> FieldType:
    if kind is FieldType.DATE and any(_TIME.search(value) for value in counts):
        return FieldType.DATETIME
    return kind


def _infer_words(counts: Counter[str], reader: Reader) -> Kind:
    total = counts.total()
    stages = sum(count for value, count in counts.items() if reader.settings.find_stage(value)) / total
    if stages >= LEAST_SHARE and len(counts) > 1:
        return Kind(type=FieldType.STAGE, share=stages)
    if looks_like_choices(counts):
        return Kind(type=FieldType.CHOICE, share=1.0)
    looked_at = counts.most_common(MOST_VALUES)
    people = sum(count for value, count in looked_at if _is_person(value)) / sum(count for _v, count in looked_at)
    if people >= LEAST_SHARE:
        return Kind(type=FieldType.PERSON, share=people)
    lists = sum(count for value, count in looked_at if len(split_list(value)) > 1 and len(value) <= 4 * _LONGEST_CHOICE)
    if lists * 2 > total:
        return Kind(type=FieldType.LIST, share=lists / total)
    return Kind(type=FieldType.TEXT, share=1.0)


def _is_person(value: str) -> bool:
    """Say whether a value names a person with a title or a form of address; a bare word may be anything."""
    person = parse_person(value[:60])
    return bool(person.name) and (person.title is not None or value.rstrip().endswith(("さん", "様", "氏")))
