"""One value of one template field: whether it is what the field's type says, and its one agreed spelling."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from notevault.config import Settings
from notevault.dates import normalize_date, normalize_datetime, parse_date, parse_month
from notevault.messages import gettext as _
from notevault.model import Mapping as MappingNode
from notevault.model import Node, Scalar, Sequence
from notevault.records import record
from notevault.template.pattern import compile_pattern
from notevault.template.rules import LIST_TYPES, FieldRule, FieldType
from notevault.text import closest, compose
from notevault.values import (
    normalize_bool,
    normalize_corporate_number,
    normalize_money,
    normalize_number,
    normalize_phone,
    parse_email,
    parse_money,
    parse_number,
    parse_url,
)

_SEPARATORS: Final = ",、，;；"
_HALF_WIDTH_KANA: Final = re.compile("[\uff61-\uff9f]+")
_FULL_WIDTH: Final = {ord("０") + at: ord("0") + at for at in range(10)} | {
    ord(full) + at: ord(half) + at for full, half in ("ＡA", "ａa") for at in range(26)
}
_FULL_WIDTH_JOINT: Final = re.compile("(?<=[0-9A-Za-z])[－．／＿＠＆](?=[0-9A-Za-z])")
_PLAIN_AMOUNT: Final = re.compile(r"-?[0-9]{1,24}(?:\.[0-9]{1,12})?\Z")


@record
class ValueFault:
    """Why a value is not what its field wants; ``rule`` is the id of the check rule that reports it."""

    rule: str
    message: str
    hint: str = ""


@record
class Reading:
    """A value read under its field's rule."""

    text: str
    """The agreed spelling; the text as written where there is none, or where the value is at fault."""
    fault: ValueFault | None = None


@record
class Reader:
    """What reading a value needs besides its rule."""

    settings: Settings
    today: date
    """What 11/20 and 来週金曜 are reckoned from: the note's own day where it has one."""


def read_value(rule: FieldRule, text: str, reader: Reader) -> Reading:
    """Return the agreed spelling of one value, or the fault. Blank text is nobody's fault."""
    written = text.strip()
    if not written:
        return Reading(text="")
    read = _READERS.get(rule.type, _read_any)
    reading = read(rule, written, reader)
    if reading.fault:
        return reading
    fault = _find_pattern_fault(rule, written, reading.text) or _find_range_fault(rule, reading.text, reader)
    return Reading(text=reading.text, fault=fault)


def normalize_width(text: str) -> str:
    """Return ``text`` with digits and Latin letters half-width, kana full-width, and runs of blanks as one space.

    Text of several lines stays as it is. ``normalize_width(normalize_width(x)) == normalize_width(x)``.
    """
    if text.isascii() or "\n" in text or "\r" in text:
        return text if "\n" in text or "\r" in text else " ".join(text.split())
    kana = _HALF_WIDTH_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    latin = _FULL_WIDTH_JOINT.sub(lambda found: unicodedata.normalize("NFKC", found[0]), kana.translate(_FULL_WIDTH))
    return " ".join(compose(latin).split())


def split_list(text: str) -> tuple[str, ...]:
    """Return the items of a list written in one value: ``a, b`` or 甲、乙."""
    for separator in _SEPARATORS[1:]:
        text = text.replace(separator, _SEPARATORS[0])
    return tuple(item.strip() for item in text.split(_SEPARATORS[0]) if item.strip())


def iter_scalars(rule: FieldRule, node: Node) -> Iterator[Scalar]:
    """Yield the scalars of a value that are to be read under ``rule``; a wrong shape is :func:`find_shape_fault`'s."""
    linked = find_wiki_link(node)
    if linked is not None:
        yield linked
    elif isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence) and (rule.type in LIST_TYPES or len(node.items) == 1):
        for item in node.items:
            inner = find_wiki_link(item) or item
            if isinstance(inner, Sequence) and inner.flow and len(inner.items) == 1:
                inner = inner.items[0]
            if isinstance(inner, Scalar):
                yield inner


def find_wiki_link(node: Node) -> Scalar | None:
    """Return the name in ``customer: [[name]]``, which YAML reads as a list in a list."""
    if not (isinstance(node, Sequence) and node.flow and len(node.items) == 1):
        return None
    inner = node.items[0]
    if not (isinstance(inner, Sequence) and inner.flow and len(inner.items) == 1):
        return None
    return inner.items[0] if isinstance(inner.items[0], Scalar) else None


def is_blank(node: Node) -> bool:
    """Say whether a value holds nothing: no text, ``[]``, ``{}``, or only such."""
    if isinstance(node, Scalar):
        return not node.text.strip() or (not node.style and node.text.strip() in ("~", "null"))
    if isinstance(node, Sequence):
        return all(is_blank(item) for item in node.items)
    return all(is_blank(value) for _key, value in node.entries)


def find_shape_fault(rule: FieldRule, node: Node) -> ValueFault | None:
    """Return what is wrong with the shape of a value: a list or ``{…}`` where one value belongs."""
    if rule.type is FieldType.ANY or isinstance(node, Scalar) or find_wiki_link(node) is not None:
        return None
    if isinstance(node, Sequence):
        if rule.type in LIST_TYPES or len(node.items) <= 1:
            return None
        message = _("'{field}' takes one value, found a list of {count}").format(field=rule.name, count=len(node.items))
        return ValueFault(rule="field-type", message=message, hint=_("write one value"))
    if rule.type in (FieldType.PERSON, FieldType.PEOPLE) and isinstance(node, MappingNode):
        return None
    message = _("'{field}' takes {wanted}, found 'key: value' pairs").format(
        field=rule.name, wanted=describe_type(rule)
    )
    return ValueFault(rule="field-type", message=message, hint=_("put the value in quotes if it holds a colon"))


def describe_type(rule: FieldRule) -> str:
    """Return what a field takes, in words: "a date such as 2026-11-20"."""
    if rule.type is FieldType.CHOICE:
        return _("one of {choices}").format(choices=", ".join(choice.key for choice in rule.choices))
    return {
        FieldType.ANY: _("anything"),
        FieldType.TEXT: _("text"),
        FieldType.DATE: _("a date such as 2026-11-20"),
        FieldType.DATETIME: _("a date with time such as 2026-11-20T14:00"),
        FieldType.MONTH: _("a month such as 2027-03"),
        FieldType.NUMBER: _("a number such as 1200"),
        FieldType.MONEY: _("an amount such as 1,200,000"),
        FieldType.LIST: _("a list such as [a, b]"),
        FieldType.PERSON: _("a person's name"),
        FieldType.PEOPLE: _("a list of names such as [a, b]"),
        FieldType.CUSTOMER: _("a customer's name"),
        FieldType.STAGE: _("a stage of the settings"),
        FieldType.BOOL: _("yes or no"),
        FieldType.URL: _("a web address such as https://example.com/"),
        FieldType.EMAIL: _("an e-mail address"),
        FieldType.PHONE: _("a phone number such as 03-1234-5678"),
        FieldType.CORPORATE_NUMBER: _("a corporate number of 13 digits with a right check digit"),
        FieldType.FILE: _("the path of a file"),
    }[rule.type]


def _type_fault(rule: FieldRule, written: str) -> Reading:
    message = _("'{value}' in '{field}' is not {wanted}").format(
        value=written, field=rule.name, wanted=describe_type(rule)
    )
    return Reading(text=written, fault=ValueFault(rule="field-type", message=message))


def _read_any(_rule: FieldRule, written: str, _reader: Reader) -> Reading:
    return Reading(text=written)


def _read_text(_rule: FieldRule, written: str, _reader: Reader) -> Reading:
    return Reading(text=normalize_width(written))


def _read_file(_rule: FieldRule, written: str, _reader: Reader) -> Reading:
    """Return the path with ``/`` between its parts; a name in ``[[ ]]`` stays one."""
    path = unicodedata.normalize("NFC", written)
    return Reading(text=path if path.startswith("[[") else path.replace("\\", "/").removeprefix("./") or path)


def _read_money(rule: FieldRule, written: str, _reader: Reader) -> Reading:
    """Return the amount as people write it; plain digits stay, other tools count with them."""
    normal = written if _PLAIN_AMOUNT.match(written) else normalize_money(written)
    return _type_fault(rule, written) if normal is None else Reading(text=normal)


def _read_date(rule: FieldRule, written: str, reader: Reader) -> Reading:
    if parse_date(written, reader.today) is None:
        return _type_fault(rule, written)
    return Reading(text=normalize_date(written, reader.today) or written)


def _read_datetime(rule: FieldRule, written: str, reader: Reader) -> Reading:
    if parse_date(written, reader.today) is None:
        return _type_fault(rule, written)
    normal = normalize_datetime(written, reader.today) or normalize_date(written, reader.today)
    return Reading(text=normal or written)


def _read_month(rule: FieldRule, written: str, reader: Reader) -> Reading:
    """Read 2027-03, 3月 and a whole date; 3月 is every year's March and is never given a year."""
    month = parse_month(written, reader.today)
    if month is None:
        return Reading(text=written) if parse_date(written, reader.today) else _type_fault(rule, written)
    years_later = reader.today.replace(year=reader.today.year + 4, day=1)
    if parse_month(written, years_later) != month:
        return Reading(text=written)
    return Reading(text=f"{month[0]:04}-{month[1]:02}")


def _read_stage(rule: FieldRule, written: str, reader: Reader) -> Reading:
    stages = reader.settings.stages.values()
    language = reader.settings.language or ("en" if written.isascii() else "ja")
    stage = reader.settings.find_stage(written)
    if stage is not None:
        is_label = written in (stage.key, stage.ja, stage.en)
        return Reading(text=written if is_label else stage.label(language))
    names = [name for one in stages for name in (one.ja, one.en, one.key, *one.also) if name]
    return _unknown("stage-unknown", rule, written, names, [one.label(language) for one in stages])


def _read_choice(rule: FieldRule, written: str, reader: Reader) -> Reading:
    if not rule.choices and rule.key == "channel":
        channel = reader.settings.find_channel(written)
        if channel is not None:
            return Reading(text=channel.key)
        names = [name for one in reader.settings.channels.values() for name in (one.key, one.ja, one.en, *one.also)]
        return _unknown("choice-unknown", rule, written, names, list(reader.settings.channels))
    found = rule.find_choice(written)
    if found is not None:
        return Reading(text=found)
    names = [name for choice in rule.choices for name in (choice.key, *choice.also)]
    return _unknown("choice-unknown", rule, written, names, [choice.key for choice in rule.choices])


def _unknown(check: str, rule: FieldRule, written: str, names: list[str], shown: list[str]) -> Reading:
    message = _("'{value}' is not among the values of '{field}'").format(value=written, field=rule.name)
    near = closest(written, names)
    listed = ", ".join(shown)
    hint = _("did you mean '{near}'?").format(near=near) if near else _("one of {choices}").format(choices=listed)
    return Reading(text=written, fault=ValueFault(rule=check, message=message, hint=hint))


def _normalized_by(normalize: Callable[[str], str | None]) -> "_ReadValue":
    def read(rule: FieldRule, written: str, _reader: Reader) -> Reading:
        normal = normalize(written)
        return _type_fault(rule, written) if normal is None else Reading(text=normal)

    return read


_ReadValue = Callable[[FieldRule, str, Reader], Reading]
_READERS: Final[Mapping[FieldType, _ReadValue]] = {
    FieldType.TEXT: _read_text,
    FieldType.LIST: _read_text,
    FieldType.PERSON: _read_text,
    FieldType.PEOPLE: _read_text,
    FieldType.FILE: _read_file,
    FieldType.DATE: _read_date,
    FieldType.DATETIME: _read_datetime,
    FieldType.MONTH: _read_month,
    FieldType.STAGE: _read_stage,
    FieldType.CHOICE: _read_choice,
    FieldType.NUMBER: _normalized_by(normalize_number),
    FieldType.MONEY: _read_money,
    FieldType.BOOL: _normalized_by(normalize_bool),
    FieldType.URL: _normalized_by(parse_url),
    FieldType.EMAIL: _normalized_by(parse_email),
    FieldType.PHONE: _normalized_by(normalize_phone),
    FieldType.CORPORATE_NUMBER: _normalized_by(normalize_corporate_number),
}


def _find_pattern_fault(rule: FieldRule, written: str, normal: str) -> ValueFault | None:
    if not rule.pattern or any(compile_pattern(rule.pattern).matches(text) for text in (written, normal)):
        return None
    message = _("'{value}' in '{field}' does not have the agreed form {pattern}").format(
        value=written, field=rule.name, pattern=rule.pattern
    )
    return ValueFault(rule="field-pattern", message=message, hint=rule.hint)


def _find_range_fault(rule: FieldRule, text: str, reader: Reader) -> ValueFault | None:
    found = measure(rule, text, reader.today)
    least = measure(rule, rule.minimum, reader.today) if rule.minimum else None
    most = measure(rule, rule.maximum, reader.today) if rule.maximum else None
    if found is None or not ((least is not None and found < least) or (most is not None and found > most)):
        return None
    if least is not None and found < least:
        message = _("'{value}' in '{field}' is below {bound}").format(value=text, field=rule.name, bound=rule.minimum)
    else:
        message = _("'{value}' in '{field}' is above {bound}").format(value=text, field=rule.name, bound=rule.maximum)
    return ValueFault(rule="field-range", message=message)


def measure(rule: FieldRule, text: str, today: date) -> Decimal | None:
    """Return a number that orders the values of a field with ``min`` or ``max``; None for other types."""
    if rule.type is FieldType.MONEY:
        money = parse_money(text)
        return money.amount if money else None
    if rule.type is FieldType.NUMBER:
        return parse_number(text)
    if rule.type in (FieldType.DATE, FieldType.DATETIME):
        day = parse_date(text, today)
        return Decimal(day.toordinal()) if day else None
    if rule.type is FieldType.MONTH:
        month = parse_month(text, today)
        return Decimal(month[0] * 12 + month[1]) if month else None
    return None
