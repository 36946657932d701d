"""Completion: the keys, values, names, days and sections that fit where the cursor is."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from notevault.lsp.days import offer_days, offer_months
from notevault.lsp.document import Document, without_line
from notevault.lsp.known import Known
from notevault.lsp.offers import Kind, Offer, choose
from notevault.lsp.place import Part, Place, find_place
from notevault.lsp.sections import offer_sections
from notevault.messages import current_language
from notevault.messages import gettext as _
from notevault.model import Span
from notevault.records import record
from notevault.scalars import quote_scalar
from notevault.template import FieldRule, FieldType
from notevault.template.rules import LIST_TYPES
from notevault.template.values import Reader, describe_type, read_value

TRIGGERS: Final = (":", " ", "@", "＠", "[", "#", ",", "、", "-")
"""Characters after which an editor asks without being told to."""
_LIST_SEPARATORS: Final = ",、，;；"


@record
class Completion:
    """One entry of the editor's list: ``text`` replaces ``span``."""

    offer: Offer
    shown: str
    """The spelling of the offer that fits what has been written."""
    span: Span
    text: str
    snippet: str = ""


def complete(document: Document, known: Known, offset: int) -> list[Completion]:
    """Return what may be written at an offset, the best first. Raises CacheError, CatalogDamagedError."""
    place = find_place(document, offset)
    if place is None:
        return []
    read = without_line(document, offset)
    rule = read.find_rule(place.key) if place.part is Part.VALUE else None
    if rule is not None and rule.type in LIST_TYPES:
        place = _last_item(place)
    chosen = choose(_offers(read, known, place, rule), place.written)
    return [
        Completion(
            offer=offer,
            shown=shown,
            span=place.span,
            text=_written(place, offer),
            snippet=offer.snippet,
        )
        for offer, shown in chosen
    ]


def _offers(document: Document, known: Known, place: Place, rule: FieldRule | None) -> Iterable[Offer]:
    today = document.vault.today
    match place.part:
        case Part.KEY:
            return _offer_keys(document)
        case Part.OWNER:
            return _offer_owners(document, known)
        case Part.DUE:
            return offer_days(today, place.written)
        case Part.LINK:
            return [*_offer_customers(known, as_links=True), *_offer_notes(known)]
        case Part.HEADING:
            return offer_sections(document)
        case Part.VALUE:
            return _offer_values(document, known, place, rule)


def _offer_values(document: Document, known: Known, place: Place, rule: FieldRule | None) -> Iterable[Offer]:
    if document.vault.settings.find_key(place.key) == "type":
        return _offer_types(document)
    if rule is None:
        return ()
    if rule.key == "owner" or (rule.type is FieldType.PERSON and rule.key != "contacts"):
        return _offer_owners(document, known)
    if rule.key == "deal":
        return [
            Offer(label=name, kind=Kind.TEXT, detail=_stage_label(document, stage))
            for name, stage in known.deals(document.facts.customer or "")
        ]
    offer = _BY_TYPE.get(rule.type)
    return offer(document, known, place, rule) if offer else ()


_OfferValues = Callable[[Document, Known, Place, FieldRule], Iterable[Offer]]


def _offer_people(document: Document, known: Known, _place: Place, rule: FieldRule) -> Iterable[Offer]:
    if rule.key == "attendees":
        return _offer_owners(document, known)
    return [Offer(label=name, kind=Kind.PERSON) for name in known.contacts(document.facts.customer or "")]


def _offer_choices(document: Document, _known: Known, _place: Place, rule: FieldRule) -> Iterable[Offer]:
    if rule.choices:
        return [_choice(choice.key, choice.also) for choice in rule.choices]
    channels = document.vault.settings.channels.values() if rule.key == "channel" else ()
    return [_choice(one.key, (one.ja, one.en, *one.also)) for one in channels]


def _choice(key: str, also: tuple[str, ...]) -> Offer:
    return Offer(label=key, kind=Kind.CHOICE, detail=", ".join(filter(None, also[:3])), spellings=also)


def _offer_stages(document: Document, _known: Known, _place: Place, rule: FieldRule) -> Iterable[Offer]:
    reader = Reader(settings=document.vault.settings, today=document.vault.today)
    language = document.vault.settings.language or current_language()
    for stage in document.vault.settings.stages.values():
        name = read_value(rule, stage.label(language), reader).text
        todos = ", ".join(todo.label(language) for todo in stage.todos)
        yield Offer(label=name, kind=Kind.CHOICE, detail=todos, spellings=(stage.key, stage.ja, stage.en, *stage.also))


def _offer_bools(_document: Document, _known: Known, _place: Place, _rule: FieldRule) -> Iterable[Offer]:
    return [
        Offer(label="true", kind=Kind.CHOICE, is_yaml=True, spellings=("yes", "はい")),
        Offer(label="false", kind=Kind.CHOICE, is_yaml=True, spellings=("no", "いいえ")),
    ]


def _offer_used(_document: Document, known: Known, _place: Place, rule: FieldRule) -> Iterable[Offer]:
    return [Offer(label=value, kind=Kind.TEXT) for value in known.values(rule.key)]


_BY_TYPE: Final[dict[FieldType, _OfferValues]] = {
    FieldType.CUSTOMER: lambda _document, known, _place, _rule: _offer_customers(known),
    FieldType.PEOPLE: _offer_people,
    FieldType.CHOICE: _offer_choices,
    FieldType.STAGE: _offer_stages,
    FieldType.BOOL: _offer_bools,
    FieldType.LIST: _offer_used,
    FieldType.DATE: lambda document, _known, place, _rule: offer_days(document.vault.today, place.written),
    FieldType.DATETIME: lambda document, _known, place, _rule: offer_days(document.vault.today, place.written),
    FieldType.MONTH: lambda document, _known, _place, _rule: offer_months(document.vault.today),
}


def _offer_keys(document: Document) -> Iterable[Offer]:
    """Return the fields that the note has not got; without a template those that notevault knows, ``type`` first."""
    settings, template = document.vault.settings, document.template
    keys = [key.text for key, _node in document.note.front_matter.entries]
    there = {settings.find_key(key) or key for key in keys} | set(keys)
    if "type" not in there:
        yield Offer(label="type", kind=Kind.KEY, detail=", ".join(document.vault.templates))
    if template is None:
        for key, also in settings.keys.items():
            if key not in there | {"type"}:
                yield Offer(label=key, kind=Kind.KEY, spellings=also)
        return
    there |= {rule.name for key in keys if (rule := template.find_field(key))}
    for rule in sorted(template.fields, key=lambda rule: not rule.required):
        if rule.name not in there:
            yield Offer(
                label=rule.name,
                kind=Kind.KEY,
                detail=rule.hint or describe_type(rule),
                about=describe_type(rule) if rule.hint else "",
                spellings=(*rule.also, rule.key, *settings.keys.get(rule.key, ())),
            )


def _offer_types(document: Document) -> Iterable[Offer]:
    vault = document.vault
    for template in vault.templates.values():
        spellings = (template.title, *template.also, *vault.settings.types.get(template.name, ()))
        yield Offer(label=template.name, kind=Kind.CHOICE, detail=template.title, spellings=spellings)
    if not vault.templates:
        for name, also in vault.settings.types.items():
            yield Offer(label=name, kind=Kind.CHOICE, spellings=also)


def _offer_customers(known: Known, *, as_links: bool = False) -> list[Offer]:
    """Return every customer; the registered name is what is written, whatever spelling was asked for."""
    return [
        Offer(
            label=one.name,
            kind=Kind.CUSTOMER,
            detail="" if one.registered or as_links else _("without a note of its own"),
            spellings=one.spellings,
        )
        for one in known.customers()
    ]


def _offer_notes(known: Known) -> list[Offer]:
    found: dict[str, Offer] = {}
    for note in known.notes():
        stem = note.path.rpartition("/")[2].rpartition(".")[0]
        found.setdefault(stem, Offer(label=stem, kind=Kind.NOTE, detail=note.path, spellings=(note.title,)))
    return list(found.values())


def _offer_owners(document: Document, known: Known) -> list[Offer]:
    owners = document.vault.settings.owners
    if not owners:
        return [Offer(label=name, kind=Kind.PERSON) for name in known.values("owner")]
    return [
        Offer(label=one.key, kind=Kind.PERSON, detail=one.name, spellings=(one.name, *one.also, one.email))
        for one in owners.values()
    ]


def _stage_label(document: Document, stage: str) -> str:
    known = document.vault.settings.stages.get(stage)
    return known.label(current_language()) if known else stage


def _last_item(place: Place) -> Place:
    """Return the place of the item being written in a list without brackets: 山田、鈴|."""
    if place.in_list or place.in_link or place.quote:
        return place
    at = max(place.written.rfind(separator) for separator in _LIST_SEPARATORS) + 1
    at += len(place.written[at:]) - len(place.written[at:].lstrip())
    if not at:
        return place
    span = Span(start=place.span.start + at, end=place.span.end)
    return replace(place, span=span, written=place.written[at:], needs_blank=False)


def _written(place: Place, offer: Offer) -> str:
    """Return the text as its place wants it: quoted in YAML, closed in a link, with a colon behind a key."""
    text = offer.text or offer.label
    if place.in_link:
        return text if place.rest.startswith("]") else f"{text}]]"
    if place.part is Part.KEY:
        return quote_scalar(text) + ("" if place.rest.lstrip().startswith(":") else ": ")
    if place.part is not Part.VALUE:
        return text
    if place.quote:
        inside = text.replace("'", "''") if place.quote == "'" else text.replace("\\", "\\\\").replace('"', '\\"')
        return inside if place.quote in place.rest else inside + place.quote
    return " " * place.needs_blank + (text if offer.is_yaml else quote_scalar(text, flow=place.in_list))
