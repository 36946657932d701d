"""Where a name or a link leads: the customer's note, a note by its name, a file by its path."""

import os
import re
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote

from notevault.lsp.document import Document
from notevault.lsp.hover import find_mention
from notevault.lsp.known import Known
from notevault.model import Link, NotePath
from notevault.note import parse_note
from notevault.records import record
from notevault.template import heading_key
from notevault.text import path_key

_SUFFIX: Final = re.compile(r"\.(?:md|markdown)\Z", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")


@record
class Target:
    """A file, and the line in it, from 0."""

    path: Path
    line: int = 0


def find_target(document: Document, known: Known, offset: int) -> Target | None:
    """Return what the word at an offset leads to. Raises CacheError, CatalogDamagedError."""
    link = next((one for one in document.note.links if one.span.start <= offset < one.span.end), None)
    if link is not None and not link.wiki:
        return _follow_path(document, link)
    mention = find_mention(document, offset)
    return _find_named(document, known, mention[0]) if mention else None


def _find_named(document: Document, known: Known, written: str) -> Target | None:
    """Return the note of that path, file name or title, else the customer's note, as editors for linked notes do."""
    name, _hash, heading = written.partition("#")
    root = document.vault.root
    if not name.strip():
        return _at_heading(root / document.note.path, heading)
    wanted = _key(name)
    found: dict[int, Path] = {}
    for note in known.notes():
        key = _key(note.path)
        fits = (key == wanted, key.endswith(f"/{wanted}"), bool(note.title) and _key(note.title) == wanted)
        if any(fits):
            found.setdefault(fits.index(True), root / note.path)
    if found and min(found) < 2:  # noqa: PLR2004 -- its path or file name says so
        return _at_heading(found[min(found)], heading)
    if own := known.customer_note(name.strip()):
        return _at_heading(root / own, heading)
    return _at_heading(found[min(found)], heading) if found else None


def _follow_path(document: Document, link: Link) -> Target | None:
    """Return the file that ``[label](path)`` names: from the note's folder, else from the vault; never outside it."""
    if _ELSEWHERE.match(link.target):
        return None
    place, _hash, heading = link.target.partition("#")
    root = document.vault.root
    if not place:
        return _at_heading(root / document.note.path, unquote(heading))
    folder = root / PurePosixPath(document.note.path).parent
    for base in (root,) if place.startswith("/") else (folder, root):
        full = Path(os.path.normpath(base / unquote(place.partition("?")[0]).lstrip("/")))
        if full.is_relative_to(root) and full.is_file():
            return _at_heading(full, unquote(heading))
    return None


def _at_heading(path: Path, heading: str) -> Target:
    wanted = heading_key(heading.rpartition("#")[2]) if heading else ""
    if not wanted or not _SUFFIX.search(path.name):
        return Target(path=path)
    try:
        note = parse_note(NotePath(path.name), path.read_bytes())
    except OSError:
        return Target(path=path)
    lines = (section.line - 1 for section in note.sections if heading_key(section.heading) == wanted)
    return Target(path=path, line=next(lines, 0))


def _key(path: str) -> str:
    return _SUFFIX.sub("", path_key(path.strip().strip("/"))).casefold()
