"""Report values as rows: field → plain value, in the order of the documented contract."""

import sqlite3
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

Row = dict[str, Any]


def make_row(value: object) -> Row:
    """Return the fields of a report value, nested values likewise."""
    if not is_dataclass(value):
        raise TypeError(type(value))
    return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}


def _plain(value: object) -> object:
    if is_dataclass(value):
        return make_row(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def make_lookup(pairs: Iterable[sqlite3.Row]) -> dict[Any, Any]:
    """Return first column → second column; the last row of a key wins."""
    return {row[0]: row[1] for row in pairs}


def parse_iso(day: str | None) -> date | None:
    """Return a day of the catalogue."""
    return date.fromisoformat(day) if day else None
