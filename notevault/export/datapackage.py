"""The descriptor beside the tables: Data Package v2, with types, keys and limits that a validator can hold them to."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from notevault.export.columns import Kind
from notevault.export.mapping import CRM_ID, OutColumn
from notevault.export.profile import FileSpec, FormatSpec
from notevault.records import record

DESCRIPTOR_NAME: Final = "datapackage.json"
PACKAGE_NAME: Final = "notevault-export"

_PROFILE: Final = "https://datapackage.org/profiles/2.0"
_MOMENT: Final = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2})?"
_TYPES: Final = {
    Kind.NUMBER: "number",
    Kind.INTEGER: "integer",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
}


@record
class WrittenFile:
    """One file as it was written."""

    file: str
    """The file of the profile it belongs to."""
    name: str
    rows: int
    size: int
    """Bytes."""
    sha256: str
    media_type: str = "text/csv"
    plain_header: tuple[str, ...] = ()
    """Columns of a table of plain texts that no profile describes."""
    paths: tuple[str, ...] = ()
    """Many files that are one thing."""


@record
class Described:
    """One file of a profile as the descriptor needs it."""

    spec: FileSpec
    columns: tuple[OutColumn, ...]
    title: str
    about: str
    key: tuple[str, ...] = ()
    targets: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Header → file and column that it refers to."""


def render_descriptor(files: Iterable[WrittenFile], described: Mapping[str, Described], form: FormatSpec) -> bytes:
    """Return ``datapackage.json``; the same tables give the same bytes."""
    listed = list(files)
    names = _resource_names(listed, described)
    of_files = {file.file: names[file.name] for file in reversed(listed) if file.file}
    descriptor = {
        "$schema": f"{_PROFILE}/datapackage.json",
        "name": PACKAGE_NAME,
        "title": "notevault export",
        "resources": [_resource(file, names[file.name], described.get(file.file), of_files, form) for file in listed],
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def _resource_names(files: Sequence[WrittenFile], described: Mapping[str, Described]) -> dict[str, str]:
    """Return file name → name of its resource: small ASCII letters, as validators ask, and no name twice."""
    names: dict[str, str] = {}
    for file in files:
        known = described.get(file.file)
        stem = file.name.rpartition(".")[0] if known or file.plain_header else file.name
        ascii_only = known is None or stem.isascii()
        base = _resource_name(stem) if ascii_only or known is None else known.spec.from_
        name, number = base, 1
        while name in names.values():
            number += 1
            name = f"{base}-{number}"
        names[file.name] = name
    return names


def _resource(
    file: WrittenFile, name: str, described: Described | None, of_files: Mapping[str, str], form: FormatSpec
) -> dict[str, Any]:
    common = {"bytes": file.size, "hash": f"sha256:{file.sha256}"} if file.sha256 else {}
    head = {"$schema": f"{_PROFILE}/dataresource.json", "name": name}
    if described is None:
        plain = {"mediatype": file.media_type, **common}
        if not file.plain_header:
            return {**head, "path": list(file.paths) or file.name, **plain}
        fields = [{"name": header, "type": "string"} for header in file.plain_header]
        schema = {"$schema": f"{_PROFILE}/tableschema.json", "fields": fields}
        return {
            **head,
            "type": "table",
            "path": file.name,
            "format": "csv",
            "encoding": "utf-8",
            **plain,
            "schema": schema,
        }
    return {
        **head,
        "type": "table",
        "path": file.name,
        "title": described.title,
        "description": described.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8" if form.bom else form.encoding,
        **common,
        "rows": file.rows,
        "dialect": _dialect(form),
        "schema": _schema(described, of_files, form),
    }


def _dialect(form: FormatSpec) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILE}/tabledialect.json",
        "header": True,
        "delimiter": form.delimiter,
        "lineTerminator": "\n" if form.newline == "lf" else "\r\n",
        "quoteChar": '"',
        "doubleQuote": True,
    }


def _resource_name(stem: str) -> str:
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-._") else "-" for char in stem.lower())
    return safe.strip("-") or "table"


def _schema(described: Described, of_files: Mapping[str, str], form: FormatSpec) -> dict[str, Any]:
    keys = [
        {"fields": [header], "reference": {"resource": of_files[file], "fields": [column]}}
        for header, (file, column) in described.targets.items()
    ]
    mark = [{"name": described.spec.mark, "type": "string"}] if described.spec.mark else []
    return {
        "$schema": f"{_PROFILE}/tableschema.json",
        "fields": [*mark, *(_field(column, described.spec, form) for column in described.columns)],
        "missingValues": [""],
        **({"primaryKey": list(described.key)} if described.key else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _field(column: OutColumn, file: FileSpec, form: FormatSpec) -> dict[str, Any]:
    """Return a field with what holds for it; what the CRM demands and the notes may lack is said apart."""
    spec = column.spec
    is_neutral = not file.columns
    constraints: dict[str, Any] = {}
    target: dict[str, Any] = {}
    if spec.required:
        (constraints if is_neutral or spec.unique else target)["required"] = True
    if spec.unique and not file.lines:
        constraints["unique"] = True
    if spec.max:
        target["maxLength"] = spec.max
    if column.choices:
        (constraints if is_neutral else target)["enum"] = list(column.choices)
    if pattern := _MOMENT if column.kind is Kind.MOMENT and is_neutral else column.pattern if is_neutral else "":
        constraints["pattern"] = pattern
    return {
        "name": column.header,
        "type": _type_of(column, form),
        **({"description": column.about} if column.about else {}),
        **({"constraints": constraints} if constraints else {}),
        **({"target": target} if target else {}),
        **({"personal": True} if column.personal else {}),
    }


def _type_of(column: OutColumn, form: FormatSpec) -> str:
    """Return the type of what is written, which a recoded column no longer has."""
    spec = column.spec
    if spec.map or spec.recode or spec.prefix or spec.default or CRM_ID in spec.from_:
        return "string"
    if column.kind is Kind.DATE and form.date != "%Y-%m-%d":
        return "string"
    if column.kind is Kind.BOOLEAN and (form.true, form.false) != ("true", "false"):
        return "string"
    return _TYPES.get(column.kind, "string")


def personal_headers(columns: Sequence[OutColumn]) -> list[str]:
    """Return the columns that say something about persons."""
    return [column.header for column in columns if column.personal]
