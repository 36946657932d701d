"""Front matter values under their canonical keys."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from notevault.config import Settings
from notevault.dates import parse_date
from notevault.model import FieldFact, Mapping, Node, Note, Scalar, Sequence
from notevault.text import LineIndex
from notevault.values import parse_money

_DEEPEST = 3
_LONGEST_VALUE = 200


def extract_fields(note: Note, settings: Settings, reference: date) -> tuple[FieldFact, ...]:
    """Return one fact for each value; ``[[name]]`` is read as the name, empty values are left out."""
    lines = LineIndex(note.text)
    facts = []
    for key, node in note.front_matter.entries:
        canonical = settings.find_key(key.text) or unicodedata.normalize("NFC", key.text)
        line = lines.position(key.span.start)[0]
        for position, (sub, text) in enumerate(_iter_values(node, "", _DEEPEST)):
            facts.append(_make_fact(canonical + sub, key.text + sub, position, text, line=line, reference=reference))
    return tuple(facts)


def unlink(text: str) -> str:
    """Return the name that ``[[name]]`` or ``[[name|label]]`` stands for, stripped; other text as it is."""
    stripped = text.strip()
    if stripped.startswith("[[") and stripped.endswith("]]"):
        return stripped[2:-2].split("|")[0].split("#")[0].strip()
    return stripped


def _iter_values(node: Node, key: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(node, Scalar):
        if text := unlink(node.text):
            yield key, text
    elif depth == 0:
        return
    elif isinstance(node, Mapping):
        for entry, value in node.entries:
            yield from _iter_values(value, f"{key}.{entry.text}", depth - 1)
    else:
        for item in _linked_items(node):
            yield from _iter_values(item, key, depth - 1)


def _linked_items(node: Sequence) -> tuple[Node, ...]:
    """Return the items; YAML reads an unquoted ``[[name]]`` as a list in a list."""
    return tuple(
        item.items[0] if isinstance(item, Sequence) and item.flow and len(item.items) == 1 else item
        for item in node.items
    )


def _make_fact(key: str, raw_key: str, position: int, value: str, *, line: int, reference: date) -> FieldFact:
    number, day = _read_value(value, reference) if len(value) <= _LONGEST_VALUE else (None, None)
    return FieldFact(key=key, raw_key=raw_key, position=position, value=value, number=number, day=day, line=line)


@lru_cache(maxsize=16_384)
def _read_value(value: str, reference: date) -> tuple[float | None, date | None]:
    """Return the number and the day that a value names; the same values stand in note after note."""
    money = parse_money(value) if any(map(str.isdigit, value)) else None
    return float(money.amount) if money else None, parse_date(value, reference)
