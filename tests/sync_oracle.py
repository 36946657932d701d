"""What catalogue and index say, in a form that two ways of getting there can be compared by."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from notevault.catalog import Catalog
from notevault.index import NoteIndex, WeighedTerm
from notevault.index.analysis import analyze
from notevault.index.memory import MemoryIndex
from notevault.intake import Syncer
from notevault.settings_reader import default_settings
from notevault.sync import sync
from notevault.vault import Vault

_OF_ONE_NOTE = ("fields", "sections", "tags", "people", "learned", "competitors", "links", "diagnostics", "texts")
_JOINED = ("mentions", "customers", "customer_names", "contacts", "deals", "stage_events")
_OWN = frozenset({"id", "uid", "look_again", "taken_in", "stamp", "inode", "device", "ctime_ns", "mtime_ns", "size"})
"""Columns of a note that say how it was stored, not what it is."""
_QUERIES = ("見積", "山田工業", "提案 納期", "quarterly report", "複合機")

Picture = dict[str, Any]


def picture(catalog: Catalog, index: NoteIndex) -> Picture:
    """Return everything stored, notes by path instead of by number."""
    notes = [dict(row) for row in catalog.select("SELECT * FROM notes")]
    paths = {note["id"]: note["path"] for note in notes}
    found: Picture = {
        "notes": {
            note["path"]: {
                key: paths.get(value, value) if key == "copy_of" else value
                for key, value in note.items()
                if key not in _OWN
            }
            for note in notes
        },
        "todos": sorted(
            str([paths[row["note_id"]], *[row[key] for key in row.keys() if key not in ("id", "note_id")]])  # noqa: SIM118
            for row in catalog.select("SELECT * FROM todos")
        ),
    }
    for table in (*_OF_ONE_NOTE, *_JOINED):
        rows = [dict(row) for row in catalog.select(f"SELECT * FROM {table}")]
        for row in rows:
            row |= {key: paths.get(value, value) for key, value in row.items() if key.endswith("note_id")}
        found[table] = sorted(repr(sorted(row.items())) for row in rows)
    found["indexed"] = {paths.get(note_id, note_id): digest for note_id, digest in index.digests().items()}
    found["uids"] = len({note["uid"] for note in notes}) == len(notes)
    for query in _QUERIES:
        matches = index.search([WeighedTerm(term) for term in analyze(query)])
        found[query] = {paths.get(note_id, note_id): round(score, 6) for note_id, score in matches.scores.items()}
    return found


def rebuilt(vault: Vault, make_index: Callable[[], NoteIndex] = MemoryIndex) -> Picture:
    """Return the picture that a first sync gives."""
    index = make_index()
    with Catalog.in_memory() as catalog:
        sync(Syncer(vault=vault, catalog=catalog, index=index, settings=default_settings()), allow_empty=True)
        return picture(catalog, index)


def digests_on_disk(root: Path) -> dict[str, str]:
    """Return the digest of every note there is."""
    from hashlib import sha256  # noqa: PLC0415

    vault = Vault(root)
    return {path: sha256(vault.read(path)[0]).hexdigest() for path in vault.iter_files()}
