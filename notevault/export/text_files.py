"""What Data Loader wants beside a table: texts in files of their own, and which column goes to which field."""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from notevault.export.datapackage import WrittenFile
from notevault.export.mapping import OutColumn
from notevault.export.profile_rows import Record

_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_ESCAPED: Final = re.compile(r"[\s:=#!\\]")
_POLYMORPHIC: Final = {"Owner": "User"}


class TextFiles:
    """The texts of one table that stand in files of their own; its cells hold their paths."""

    def __init__(self, folder: Path, name: str, columns: Sequence[OutColumn], *, marked: bool) -> None:
        self._folder = folder
        self._name = name
        self._columns = [
            (at, column.spec.into_file) for at, column in enumerate(columns, start=marked) if column.spec.into_file
        ]
        self._paths: list[str] = []
        self._size = 0

    def put(self, record: Record) -> Sequence[Sequence[str]]:
        """Write the texts of a record; return its rows with the paths in their place."""
        if not self._columns:
            return record.rows
        rows = [list(row) for row in record.rows]
        for at, ending in self._columns:
            text = rows[0][at]
            for row in rows:
                row[at] = self._write(record.id, at, ending, text) if row[at] else ""
        return rows

    def written(self) -> list[WrittenFile]:
        """Return the files as one entry of the descriptor."""
        if not self._paths:
            return []
        return [
            WrittenFile(
                file="",
                name=f"{self._name}-texts",
                rows=0,
                size=self._size,
                sha256="",
                media_type="text/html",
                paths=tuple(self._paths),
            )
        ]

    def _write(self, identifier: str, at: int, ending: str, text: str) -> str:
        stem = identifier if _SAFE_NAME.fullmatch(identifier) else sha256(identifier.encode()).hexdigest()[:20]
        more = f"-{at}" if len(self._columns) > 1 else ""
        path = f"{self._name}-{stem}{more}.{ending}"
        if path not in self._paths[-1:]:
            data = text.encode()
            (self._folder / path).write_bytes(data)
            self._paths.append(path)
            self._size += len(data)
        return path


def render_mapping(columns: Sequence[OutColumn]) -> Iterator[str]:
    """Yield the lines of an ``.sdl`` file: column of the CSV = field of Salesforce.

    A column that only stands beside the fields is a comment.
    """
    for column in columns:
        line = f"{_ESCAPED.sub(_escape, column.header)}={_ESCAPED.sub(_escape, _field_of(column.header))}\n"
        yield f"# {line}" if column.spec.beside else line


def _field_of(header: str) -> str:
    """Return how Data Loader writes a relationship: ``Object:Relationship-Field``."""
    parent, _dot, field = header.rpartition(".")
    if not parent:
        return header
    kind, colon, relation = parent.partition(":")
    if colon:
        return f"{kind}:{relation}-{field}"
    return f"{_POLYMORPHIC.get(parent, parent)}:{parent}-{field}"


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"
