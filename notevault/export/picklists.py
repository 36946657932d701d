"""The values that a CRM's picklists allow, from a CSV that was exported from it."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.note import decode_note

_FILE_HEADERS: Final = frozenset({"file", "object", "table", "entity", "オブジェクト"})
_COLUMN_HEADERS: Final = frozenset({"column", "field", "field api name", "property", "項目", "項目名"})
_VALUE_HEADERS: Final = frozenset({"value", "api name", "label", "values", "internal value", "値", "選択リスト値"})
Picklists = dict[tuple[str, str], tuple[str, ...]]
"""File, or "" for any, and column → values."""


class PicklistError(NotevaultError):
    """A list of allowed values that cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}",
            _("expected CSV with the headers file, column, value; or one column whose header is the CRM's column"),
        )


def load_picklists(paths: Iterable[Path]) -> Picklists:
    """Read lists: rows of file (optional), column and value; or a single column named as the CRM's is.

    Raises PicklistError.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for path in paths:
        for key, value in _read(path):
            found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def _read(path: Path) -> list[tuple[tuple[str, str], str]]:
    try:
        text = decode_note(path.read_bytes()).text
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise PicklistError(path, error.strerror or str(error)) from error
    except csv.Error as error:
        raise PicklistError(path, str(error)) from error
    if not rows:
        raise PicklistError(path, _("the file is empty"))
    header = [name.strip() for name in rows[0]]
    if len(header) == 1:
        return [(("", header[0]), row[0].strip()) for row in rows[1:] if row and row[0].strip()]
    folded = [name.casefold() for name in header]
    column, value = _position(folded, _COLUMN_HEADERS), _position(folded, _VALUE_HEADERS)
    if column is None or value is None:
        raise PicklistError(path, _("no column of that kind: {headers}").format(headers=", ".join(header)))
    file = _position(folded, _FILE_HEADERS)
    return [
        ((row[file].strip() if file is not None else "", row[column].strip()), row[value].strip())
        for row in rows[1:]
        if len(row) > max(column, value, file or 0) and row[value].strip()
    ]


def _position(folded: list[str], names: frozenset[str]) -> int | None:
    return next((at for at, name in enumerate(folded) if name in names), None)
