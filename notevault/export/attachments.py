"""Files and links that notes name: with hash and size, resolved or said to be missing."""

import mimetypes
import os
import re
from collections.abc import Iterator
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from sqlite3 import Row as Found
from typing import Final, NamedTuple
from urllib.parse import unquote

from notevault.export.columns import Column, Kind, Row, Table, identity, reference
from notevault.export.source import Source
from notevault.text import path_key

_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")
_NOTE_SUFFIX: Final = re.compile(r"\.(?:md|markdown)\Z", re.IGNORECASE)
_CHUNK: Final = 1 << 20
_LINKS: Final = """
SELECT row_number() OVER (PARTITION BY l.note_id ORDER BY l.rowid) AS number, l.*,
       n.path, n.uid, n.customer_id, d.id AS deal
FROM links l JOIN notes n ON n.id = l.note_id LEFT JOIN deals d ON d.id = n.deal_id
WHERE n.copy_of IS NULL ORDER BY n.path, l.rowid
"""


class Target(NamedTuple):
    """Where a link leads."""

    kind: str
    """``url``, ``place`` (inside the note), ``note``, ``customer``, ``file`` or ``missing``."""
    id: str | None = None
    """Of the note or customer."""
    path: str | None = None
    """Inside the vault."""


def iter_links(source: Source) -> Iterator[Row]:
    """Yield every link of every note with what it leads to."""
    targets = _Targets(source)
    for found in source.catalog.iterate(_LINKS):
        target = targets.find(found)
        yield {
            "note_id": source.note_id(found["note_id"], found["uid"]),
            "position": found["number"],
            "target": found["target"],
            "label": found["label"],
            "kind": target.kind,
            "resolved_id": target.id,
            "resolved_path": target.path,
            "is_image": bool(found["image"]),
            "source_path": found["path"],
            "source_line": found["line"],
        }


def iter_attachments(source: Source) -> Iterator[Row]:
    """Yield every file that a note names, and those that are not there."""
    targets = _Targets(source)
    seen: set[tuple[str, str]] = set()
    for found in source.catalog.iterate(_LINKS):
        target = targets.find(found)
        if target.kind != "file" and not (target.kind == "missing" and _names_file(found)):
            continue
        path = target.path or found["target"]
        note_id = source.note_id(found["note_id"], found["uid"])
        if (note_id, path) in seen:
            continue
        seen.add((note_id, path))
        digest, size = targets.measure(target.path) if target.path else (None, None)
        parent_type, parent_id = source.parent(found["customer_id"], found["deal"])
        yield {
            "id": "f" + sha256(f"{note_id}\0{path}".encode()).hexdigest()[:12],
            "parent_type": parent_type,
            "parent_id": parent_id,
            "note_id": note_id,
            "path": path,
            "name": path.rpartition("/")[2],
            "sha256": digest,
            "bytes": size,
            "media_type": _media_types().guess_type(path)[0] or "application/octet-stream",
            "missing": digest is None,
            "source_path": found["path"],
            "source_line": found["line"],
        }


def _names_file(found: Found) -> bool:
    """Say whether a link that leads nowhere was meant for a file."""
    name = found["target"].rpartition("/")[2]
    return bool(found["image"]) or ("." in name and not found["wiki"] and not _NOTE_SUFFIX.search(name))


@cache
def _media_types() -> mimetypes.MimeTypes:
    return mimetypes.MimeTypes()  # what Python knows, not what this machine has configured


class _Targets:
    """What links may lead to."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._root = os.path.realpath(source.root) if source.root else ""
        self.measure = cache(self._measure)

    def find(self, found: Found) -> Target:
        target = found["target"].strip()
        if _ELSEWHERE.match(target):
            return Target("url")
        bare = target.split("#")[0].split("^")[0].strip() if found["wiki"] else unquote(target.split("#")[0])
        if not bare:
            return Target("place")
        folder = found["path"].rpartition("/")[0]
        for place in dict.fromkeys((_joined(folder, bare), _joined("", bare))):
            if place is not None and (reached := self._at(place)):
                return reached
        if not found["wiki"]:
            return Target("missing")
        return self._named(bare)

    def _at(self, place: str) -> Target | None:
        for spelled in (place, f"{place}.md"):
            if note := self._notes.get(path_key(spelled)):
                return Target("note", *note)
        return Target("file", None, place) if self._is_file(place) else None

    def _named(self, bare: str) -> Target:
        key = path_key(_NOTE_SUFFIX.sub("", bare.rpartition("/")[2])).casefold()
        if customer := self._customers.get(key):
            return Target("customer", customer)
        if note := self._stems.get(key):
            return Target("note", *note)
        if path := self._files.get(path_key(bare.rpartition("/")[2]).casefold()):
            return Target("file", None, path)
        return Target("missing")

    def _is_file(self, place: str) -> bool:
        if not self._root:
            return False
        full = os.path.realpath(os.path.join(self._root, place))  # noqa: PTH118 -- names as the system gives them
        return full.startswith(self._root + os.sep) and Path(full).is_file()

    def _measure(self, path: str) -> tuple[str | None, int | None]:
        """Return SHA-256 and size of a file, None for one that cannot be read."""
        digest, size = sha256(), 0
        try:
            with (Path(self._root) / path).open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except OSError:
            return None, None
        return digest.hexdigest(), size

    @cached_property
    def _notes(self) -> dict[str, tuple[str, str]]:
        rows = self._source.catalog.select_tuples("SELECT path, id, uid FROM notes WHERE copy_of IS NULL")
        return {path_key(path): (self._source.note_id(number, uid), path) for path, number, uid in rows}

    @cached_property
    def _stems(self) -> dict[str, tuple[str, str]]:
        stems: dict[str, tuple[str, str]] = {}
        for path, note in self._notes.items():
            stems.setdefault(_NOTE_SUFFIX.sub("", path.rpartition("/")[2]).casefold(), note)
        for title, path in self._source.catalog.select_tuples(
            "SELECT title, path FROM notes WHERE copy_of IS NULL ORDER BY path"
        ):
            stems.setdefault(path_key(title).casefold(), self._notes[path_key(path)])
        return stems

    @cached_property
    def _customers(self) -> dict[str, str]:
        rows = self._source.catalog.select_tuples("SELECT name, customer_id FROM customer_names ORDER BY notes")
        return {path_key(name).casefold(): customer for name, customer in rows}

    @cached_property
    def _files(self) -> dict[str, str]:
        """Files anywhere in the vault by name, hidden folders left out."""
        files: dict[str, str] = {}
        for folder, folders, names in os.walk(self._root) if self._root else ():
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            relative = os.path.relpath(folder, self._root).replace(os.sep, "/")
            for name in sorted(names):
                if not _NOTE_SUFFIX.search(name):
                    files.setdefault(path_key(name).casefold(), name if relative == "." else f"{relative}/{name}")
        return files


def _joined(folder: str, target: str) -> str | None:
    """Return the path inside the vault, None for one outside."""
    parts: list[str] = [] if target.startswith("/") else [part for part in folder.split("/") if part]
    for part in target.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or None


ATTACHMENTS: Final = Table(
    name="attachments",
    title="Attachments (添付)",
    about="Files that notes name, with what tells whether they arrived whole.",
    rows=iter_attachments,
    columns=(
        identity("Note and path"),
        Column(name="parent_type", choices=("opportunity", "account", "lead")),
        Column(name="parent_id", kind=Kind.ID),
        reference("note_id", "notes", required=True),
        Column(name="path", required=True, about="Inside the vault; as written where the file is missing"),
        Column(name="name"),
        Column(name="sha256"),
        Column(name="bytes", kind=Kind.INTEGER),
        Column(name="media_type"),
        Column(name="missing", kind=Kind.BOOLEAN, required=True),
        Column(name="source_path"),
        Column(name="source_line", kind=Kind.INTEGER),
    ),
)

LINKS: Final = Table(
    name="links",
    title="Links (リンク)",
    about="Links in notes and what they lead to.",
    rows=iter_links,
    key=("note_id", "position"),
    columns=(
        reference("note_id", "notes", required=True),
        Column(name="position", kind=Kind.INTEGER, required=True),
        Column(name="target"),
        Column(name="label"),
        Column(name="kind", choices=("url", "place", "note", "customer", "file", "missing"), required=True),
        Column(name="resolved_id", kind=Kind.ID, about="Note or customer"),
        Column(name="resolved_path"),
        Column(name="is_image", kind=Kind.BOOLEAN),
        Column(name="source_path"),
        Column(name="source_line", kind=Kind.INTEGER),
    ),
)
