"""The descriptor beside the tables: Data Package v2, with types, keys and limits that a validator can hold them to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from notevault.config import Settings
from notevault.export.columns import Column, Kind, Table

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


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """One table as it was written."""

    table: Table
    name: str
    rows: int
    size: int
    """Bytes."""
    sha256: str


def render_descriptor(files: Iterable[WrittenFile], settings: Settings) -> bytes:
    """Return ``datapackage.json``; the same tables give the same bytes."""
    descriptor = {
        "$schema": f"{_PROFILE}/datapackage.json",
        "name": PACKAGE_NAME,
        "title": "notevault export",
        "resources": [_resource(file, settings) for file in files],
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(file: WrittenFile, settings: Settings) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILE}/dataresource.json",
        "name": file.table.name,
        "type": "table",
        "path": file.name,
        "title": file.table.title,
        "description": file.table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "dialect": {
            "$schema": f"{_PROFILE}/tabledialect.json",
            "header": True,
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "schema": _schema(file.table, settings),
    }


def _schema(table: Table, settings: Settings) -> dict[str, Any]:
    keys = [
        {"fields": [column.name], "reference": {"resource": column.references, "fields": ["id"]}}
        for column in table.columns
        if column.references
    ]
    return {
        "$schema": f"{_PROFILE}/tableschema.json",
        "fields": [_field(column, settings) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        **({"foreignKeys": keys} if keys else {}),
    }


def _field(column: Column, settings: Settings) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if pattern := _MOMENT if column.kind is Kind.MOMENT else column.pattern:
        constraints["pattern"] = pattern
    if allowed := column.allowed(settings):
        constraints["enum"] = list(allowed)
    return {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        **({"description": column.about} if column.about else {}),
        **({"constraints": constraints} if constraints else {}),
        **({"personal": True} if column.personal else {}),
    }
