"""A template as JSON Schema (draft 2020-12), for editors that complete and check YAML by one.

It says less than ``check``: whether 11/20 is a date, or who a customer is, no schema can tell. A front matter that the
schema refuses, ``check`` refuses too, but for spellings that differ from a listed one in width or case.
"""

from collections.abc import Iterable
from typing import Any, Final

from notevault.config import Settings, Stage
from notevault.template.rules import LIST_TYPES, FieldRule, FieldType, Template, is_reached
from notevault.template.values import describe_type
from notevault.values import parse_number

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_TEXT: Final = ("string", "number", "boolean")
"""What YAML may make of a text: 2026 is a number to it, yes a boolean."""
_SCALARS: Final[dict[FieldType, tuple[str, ...]]] = {
    FieldType.DATE: ("string",),
    FieldType.DATETIME: ("string",),
    FieldType.MONTH: ("string", "number"),
    FieldType.NUMBER: ("number", "string"),
    FieldType.MONEY: ("number", "string"),
    FieldType.BOOL: ("boolean", "string", "number"),
    FieldType.PHONE: ("string", "number"),
    FieldType.CORPORATE_NUMBER: ("string", "number"),
    FieldType.URL: ("string",),
    FieldType.EMAIL: ("string",),
    FieldType.FILE: ("string",),
}
_EXAMPLES: Final[dict[FieldType, tuple[object, ...]]] = {
    FieldType.DATE: ("2026-11-20",),
    FieldType.DATETIME: ("2026-11-20T14:00",),
    FieldType.MONTH: ("2027-03",),
    FieldType.MONEY: (1200000, "1,200,000円"),
    FieldType.PHONE: ("03-1234-5678",),
    FieldType.URL: ("https://example.com/",),
    FieldType.EMAIL: ("yamada@example.co.jp",),
}


def make_json_schema(template: Template, settings: Settings) -> Schema:
    """Return the schema of a note's front matter.

    Every spelling of a key is a property; of a required field one spelling must be there. What is required from a stage
    on is asked for where the stage is written so.
    """
    spellings = {rule.name: list(_spell_key(rule, template, settings)) for rule in template.fields}
    properties: Schema = {key: {"enum": _type_names(template, settings)} for key in ("type",)}
    for rule in template.fields:
        for at, key in enumerate(spellings[rule.name]):
            properties.setdefault(key, _property(rule, settings, is_alias=at > 0))
    required = [_present(spellings[rule.name]) for rule in template.fields if rule.required]
    schema = {
        "$schema": DIALECT,
        "title": template.title or template.name,
        "description": f"{template.file} (version {template.version})",
        "type": "object",
        "properties": properties,
        "required": ["type"],
    }
    conditions = [*required, *_staged(template, spellings, settings)]
    return {**schema, "allOf": conditions} if conditions else schema


def _type_names(template: Template, settings: Settings) -> list[str]:
    known = settings.find_type(template.name)
    names = [template.name, template.title, *template.also, *(settings.types.get(known, ()) if known else ())]
    return list(dict.fromkeys(name for name in names if name))


def _spell_key(rule: FieldRule, template: Template, settings: Settings) -> Iterable[str]:
    names = dict.fromkeys((rule.name, *rule.also, rule.key, *settings.keys.get(rule.key, ())))
    return (name for name in names if template.find_field(name) is rule)


def _property(rule: FieldRule, settings: Settings, *, is_alias: bool) -> Schema:
    found = _value(rule, settings)
    described = ". ".join(part for part in (rule.hint, describe_type(rule)) if part)
    found["description"] = described
    if rule.type in _EXAMPLES:
        found["examples"] = list(_EXAMPLES[rule.type])
    if rule.default:
        found["default"] = rule.default
    if is_alias:
        found["deprecated"] = True
        found["description"] = f"{rule.name}: {described}"
    return found


def _value(rule: FieldRule, settings: Settings) -> Schema:
    """Return the shape of a value; blank is allowed, the requirement is asked elsewhere."""
    if rule.type is FieldType.ANY:
        return {}
    one = _one(rule, settings)
    if rule.type in LIST_TYPES:
        item = {"anyOf": [one, {"type": "object"}, {"type": "array"}]} if rule.type is FieldType.PEOPLE else one
        return {"anyOf": [{"type": "array", "items": item}, one, {"type": ["null", "object"]}]}
    link = [{"type": "array", "maxItems": 1}]  # [[name]] is a list in a list to YAML
    pairs = [{"type": "object"}] if rule.type is FieldType.PERSON else []
    return {"anyOf": [one, {"type": "null"}, *link, *pairs]}


def _one(rule: FieldRule, settings: Settings) -> Schema:
    if rule.type is FieldType.STAGE:
        return {"enum": [name for stage in settings.stages.values() for name in _stage_names(stage)]}
    if rule.type is FieldType.CHOICE:
        names = [choice.key for choice in rule.choices] + [name for one in rule.choices for name in one.also]
        if not rule.choices:
            channels = settings.channels.values()
            names = [name for one in channels for name in (one.key, one.ja, one.en, *one.also) if name]
        return {"enum": list(dict.fromkeys(names))}
    found: Schema = {"type": list(_SCALARS.get(rule.type, _TEXT))}
    if rule.type is FieldType.NUMBER:
        found |= _bound("minimum", rule.minimum) | _bound("maximum", rule.maximum)
    return found


def _bound(name: str, written: str) -> Schema:
    number = parse_number(written) if written else None
    return {name: int(number) if number == int(number) else float(number)} if number is not None else {}


def _stage_names(stage: Stage) -> list[str]:
    return list(dict.fromkeys(name for name in (stage.ja, stage.en, stage.key, *stage.also) if name))


def _present(keys: list[str]) -> Schema:
    """Return the schema "one of these keys is there and not blank"."""
    ways = [{"required": [key], "properties": {key: {"not": {"enum": [None, ""]}}}} for key in keys]
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _staged(template: Template, spellings: dict[str, list[str]], settings: Settings) -> Iterable[Schema]:
    stage_field = template.find_field("stage")
    for rule in template.fields if stage_field else ():
        wanted = settings.stages.get(rule.required_from or "")
        names = [
            name for stage in settings.stages.values() if is_reached(stage, wanted) for name in _stage_names(stage)
        ]
        if stage_field is None or not names or rule.required:
            continue
        at_stage = [{"required": [key], "properties": {key: {"enum": names}}} for key in spellings[stage_field.name]]
        yield {"if": {"anyOf": at_stage}, "then": _present(spellings[rule.name])}
