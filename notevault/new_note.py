"""The text of a new note, from a template and the values given for its fields.

Writing the file, and finding another name where it is taken, is the vault's and the caller's work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from notevault.catalog import Catalog, stored_to_path
from notevault.config import Settings, Stage
from notevault.dates import parse_date
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.names.key import name_key
from notevault.names.resolver import FREE_MAIL
from notevault.records import record
from notevault.scalars import quote_scalar
from notevault.template import FieldRule, Template
from notevault.template.placeholders import Placeholder, parse_placeholders, render_path, render_placeholders
from notevault.template.rules import DATE_TYPES, LIST_TYPES, is_reached
from notevault.template.values import Reader, read_value, split_list
from notevault.text import closest
from notevault.values import find_domain

_SPELLINGS = ("written", "name")
_KEYS = ("type", "template_version")
"""What a new note gets from its template and nobody gives."""


@record
class NewNote:
    """A note that is not written yet."""

    path: NotePath
    text: str


@record
class KnownCustomer:
    """What is known of a customer for whom a note is to be made."""

    note: NotePath | None
    """The note that it has already."""
    spellings: tuple[str, ...]
    """How notes write its name otherwise."""
    owner: str | None
    """Who looks after it in most notes."""
    status: str
    """``account`` where a deal was won, else ``lead``."""
    source: str | None
    """How it came to be known, as the first note that says so has it."""
    domain: str | None
    """Mail domain of its people, where they have one."""


class NewNoteError(NotevaultError):
    """Values that do not fit the template; holds every fault found in one run."""

    def __init__(self, template: Template, faults: list[str]) -> None:
        fields = ", ".join(rule.name for rule in template.fields)
        super().__init__(
            "\n".join(faults),
            _("fields of the template '{template}': {fields}").format(template=template.name, fields=fields),
        )
        self.faults = tuple(faults)


def render_new_note(template: Template, values: Mapping[str, str], *, today: date, settings: Settings) -> NewNote:
    """Return path and text of a new note.

    Keys of ``values`` may be spelled in any way the template or the settings know; values may be written in any usual
    way and are put down in their agreed spelling. A field ``date`` that is not given is today. Fields that are required
    but not given stay blank with the template's hint as comment. Raises NewNoteError naming every fault.
    """
    given = _read_given(template, values, today, settings)
    stage = _find_stage(template, given, settings)
    texts, days = _placeholder_values(template, given, today)
    skeleton = _under_field_names(template, parse_placeholders(_skeleton(template)))
    text = "".join(
        [
            "---\n",
            f"type: {quote_scalar(template.name)}\n",
            *(
                _field_line(rule, given, reached=is_reached(stage, settings.stages.get(rule.required_from or "")))
                for rule in template.fields
            ),
            *(f"{quote_scalar(key)}: {quote_scalar(value)}\n" for key, value in _extra(template, given).items()),
            "---\n",
            render_placeholders(skeleton, texts, days),
        ]
    )
    parts = _under_field_names(template, template.path or (template.name, "/", *_default_name(template)))
    path = render_path(parts, texts, days).removesuffix(".md")
    return NewNote(path=NotePath(f"{path}.md"), text=text.rstrip("\n") + "\n")


def find_known_customer(catalog: Catalog, name: str) -> KnownCustomer | None:
    """Return what the notes say of a customer by any of its spellings; None where no note names it.

    Of several customers of that name nothing is said.
    """
    key = name_key(name)
    rows = catalog.select("SELECT customer_id, name, kind FROM customer_names") if key else []
    ids = {row["customer_id"] for row in rows if name_key(row["name"]) == key}
    if len(ids) != 1:
        return None
    (customer_id,) = ids
    note = catalog.select(
        "SELECT n.path FROM customers c JOIN notes n ON n.id = c.note_id WHERE c.id = ?", (customer_id,)
    )
    owners = catalog.select(
        "SELECT owner FROM notes WHERE customer_id = ? AND owner IS NOT NULL GROUP BY owner"
        " ORDER BY count(*) DESC, max(day) DESC LIMIT 1",
        (customer_id,),
    )
    spellings = (row["name"] for row in rows if row["customer_id"] == customer_id and row["kind"] in _SPELLINGS)
    return KnownCustomer(
        note=stored_to_path(note[0][0]) if note else None,
        spellings=tuple(sorted({spelling for spelling in spellings if spelling != name})),
        owner=owners[0][0] if owners else None,
        **_known_facts(catalog, customer_id),
    )


def _known_facts(catalog: Catalog, customer_id: str) -> dict[str, Any]:
    won = catalog.select("SELECT 1 FROM deals WHERE customer_id = ? AND state = 'won' LIMIT 1", (customer_id,))
    sources = catalog.select(
        "SELECT f.value FROM fields f JOIN notes n ON n.id = f.note_id WHERE f.key = 'source' AND n.customer_id = ?"
        " AND n.copy_of IS NULL ORDER BY n.day, n.path LIMIT 1",
        (customer_id,),
    )
    rows = catalog.select("SELECT email FROM contacts WHERE customer_id = ? AND email IS NOT NULL", (customer_id,))
    domains = {find_domain(row["email"]) for row in rows} - FREE_MAIL
    return {
        "status": "account" if won else "lead",
        "source": sources[0][0] if sources else None,
        "domain": domains.pop() if len(domains) == 1 else None,
    }


def fill_in_customer(template: Template, values: Mapping[str, str], known: KnownCustomer) -> dict[str, str]:
    """Return the values with what notes say of the customer, where the template asks and none is given.

    A spelling that holds a comma cannot stand in a list of values and is left out.
    """
    given = {rule.name for key in values if (rule := template.find_field(key))}
    spellings = [spelling for spelling in known.spellings if len(split_list(spelling)) == 1]
    filled = dict(values)
    said = {"aliases": "、".join(spellings)} | {
        key: getattr(known, key) for key in ("owner", "status", "source", "domain")
    }
    for key, value in said.items():
        rule = next((one for one in template.fields if one.key == key), None)
        if rule is not None and rule.name not in given and value and (not rule.choices or rule.find_choice(value)):
            filled[rule.name] = value
    return filled


def numbered_path(path: NotePath, number: int) -> NotePath:
    """Return ``a/b.md`` for 1, ``a/b (2).md`` for 2: the names to try in turn."""
    return path if number < 2 else NotePath(f"{path.removesuffix('.md')} ({number}).md")  # noqa: PLR2004


def _read_given(template: Template, values: Mapping[str, str], today: date, settings: Settings) -> dict[str, str]:
    """Return agreed spellings by field name; a key that only the settings know keeps its canonical name."""
    faults: list[str] = []
    given: dict[str, str] = {}
    reader = Reader(settings=settings, today=today)
    for key, value in values.items():
        rule = template.find_field(key)
        name = rule.name if rule else settings.find_key(key)
        if name is None or name in _KEYS:
            faults.append(_unknown_key(template, key))
        elif name in given:
            faults.append(_("'{field}' is given twice").format(field=name))
        else:
            given[name] = _read_one(rule, value, reader, faults) if rule else value.strip()
    for rule in template.fields:
        if not given.get(rule.name):
            default = rule.default or (today.isoformat() if rule.key == "date" and rule.type in DATE_TYPES else "")
            if default:
                given[rule.name] = _read_one(rule, default, reader, faults)
    if faults:
        raise NewNoteError(template, faults)
    return given


def _unknown_key(template: Template, key: str) -> str:
    message = _("the template '{template}' has no field '{field}'").format(template=template.name, field=key)
    spellings = [spelling for rule in template.fields for spelling in (rule.name, rule.key, *rule.also)]
    near = closest(key, spellings)
    return message + (" (" + _("did you mean '{near}'?").format(near=near) + ")" if near else "")


def _read_one(rule: FieldRule, value: str, reader: Reader, faults: list[str]) -> str:
    items = split_list(value) if rule.type in LIST_TYPES else (value,)
    read = [read_value(rule, item, reader) for item in items]
    for reading in read:
        if reading.fault:
            hint = f" ({reading.fault.hint})" if reading.fault.hint else ""
            faults.append(reading.fault.message + hint)
    texts = [_one_line(reading.text) for reading in read]
    return "、".join(texts) if rule.type in LIST_TYPES else texts[0]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _find_stage(template: Template, given: Mapping[str, str], settings: Settings) -> Stage | None:
    rule = template.find_field("stage")
    return settings.find_stage(given.get(rule.name if rule else "stage", ""))


def _field_line(rule: FieldRule, given: Mapping[str, str], *, reached: bool) -> str:
    value = given.get(rule.name, "")
    key = quote_scalar(rule.name)
    if value and rule.type in LIST_TYPES:
        return f"{key}: [{', '.join(quote_scalar(item, flow=True) for item in split_list(value))}]\n"
    if value:
        return f"{key}: {quote_scalar(value)}\n"
    if not (rule.required or reached):
        return ""
    comment = rule.hint or ", ".join(choice.key for choice in rule.choices)
    return f"{key}:  # {_one_line(comment)}\n" if comment else f"{key}:\n"


def _extra(template: Template, given: Mapping[str, str]) -> dict[str, str]:
    names = {rule.name for rule in template.fields}
    return {key: value for key, value in given.items() if key not in names and value}


def _placeholder_values(
    template: Template, given: Mapping[str, str], today: date
) -> tuple[dict[str, str], dict[str, date]]:
    """Return texts and days by field name; ``date`` is today where the template has no such field."""
    texts = {name: _unlinked(value) for name, value in given.items()}
    days = {} if template.find_field("date") else {"date": today}
    for rule in template.fields:
        if rule.type in DATE_TYPES and (day := parse_date(given.get(rule.name, ""), today)):
            days[rule.name] = day
    return texts, days


def _under_field_names(template: Template, parts: Sequence[str | Placeholder]) -> tuple[str | Placeholder, ...]:
    """Return the parts with every placeholder under the name that the template gives to its field."""
    named = []
    for part in parts:
        rule = template.find_field(part.name) if isinstance(part, Placeholder) else None
        named.append(replace(part, name=rule.name) if rule and isinstance(part, Placeholder) else part)
    return tuple(named)


def _unlinked(value: str) -> str:
    return value[2:-2].split("|", maxsplit=1)[0] if value.startswith("[[") and value.endswith("]]") else value


def _skeleton(template: Template) -> str:
    if template.skeleton.strip():
        return template.skeleton
    return "\n".join(f"{'#' * rule.level} {rule.heading}\n" for rule in template.sections)


def _default_name(template: Template) -> tuple[str | Placeholder, ...]:
    """Return what a note is called where the template has no path: day, then customer, title or name."""
    named = next((rule.name for rule in template.fields if rule.key in ("customer", "title", "name")), None)
    return parse_placeholders("{date}" + (f" {{{named}}}" if named else ""))
