"""Understanding notes one by one: read, taken apart, facts extracted, terms weighed.

No note is compared with another here and nothing is stored, so that many can be read in several processes.
"""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from notevault.config import Settings
from notevault.errors import NotevaultError, UnreadableNoteError
from notevault.extract import extract_facts
from notevault.index import Weights, weigh
from notevault.model import Facts, Note, NotePath, Signature
from notevault.names.key import name_key
from notevault.note import digest_of, parse_note
from notevault.records import record
from notevault.sketch import Scanned, prepare_text
from notevault.storing import Rows, make_rows
from notevault.text import normalize
from notevault.vault import Vault


@record
class ReadNote:
    """A note as read just now."""

    path: NotePath
    signature: Signature
    digest: str
    claim: str | None
    """Front matter ``id``."""
    about: tuple[str, ...]
    """By what a note with day and customer is known on every machine; empty for another one."""
    rows: Rows
    text: Scanned
    weights: Weights
    """Of its terms, for the text index."""
    understood: tuple[Note, Facts] | None
    """What the rows were made of; None from another process."""


class Unchanged(NamedTuple):
    """A note that holds what it was said to hold."""

    path: NotePath
    signature: Signature


class Unreadable(NamedTuple):
    """A note that could not be read, and why."""

    path: NotePath
    reason: str


Outcome = ReadNote | Unchanged | Unreadable | None
"""None: gone since it was seen; the next look finds that."""


class Wanted(NamedTuple):
    """A note to be read; nothing is made of it where digest and day are those of ``held``."""

    path: NotePath
    held: tuple[str, date] | None = None


def read_note(vault: Vault, settings: Settings, wanted: Wanted) -> Outcome:
    """Read one note and understand it."""
    path = wanted.path
    try:
        data, signature = vault.read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Unreadable(path, error.strerror or str(error))
    except UnreadableNoteError as error:
        return Unreadable(path, error.reason)
    except NotevaultError as error:
        return Unreadable(path, error.message)
    if _is_held(wanted, data, signature):
        return Unchanged(path, signature)
    note = parse_note(path, data)
    facts = extract_facts(note, settings, day_of(signature))
    return ReadNote(
        path=path,
        signature=signature,
        digest=note.digest,
        claim=facts.note_id,
        about=_about(facts),
        rows=make_rows(note, facts),
        text=prepare_text(note.text),
        weights=weigh(
            note.text,
            title=facts.title,
            customer=facts.customer,
            headings=(section.heading for section in note.sections),
        ),
        understood=(note, facts),
    )


def find_unchanged(vault: Vault, wanted: Iterable[Wanted]) -> list[Unchanged]:
    """Return those of the notes that hold what they were said to hold; the others are left to :func:`read_note`."""
    found = []
    for each in wanted:
        try:
            data, signature = vault.read(each.path)
        except (OSError, NotevaultError):
            continue
        if _is_held(each, data, signature):
            found.append(Unchanged(each.path, signature))
    return found


def _is_held(wanted: Wanted, data: bytes, signature: Signature) -> bool:
    return wanted.held is not None and wanted.held == (digest_of(data), day_of(signature))


def _about(facts: Facts) -> tuple[str, ...]:
    if not (facts.day and facts.customer):
        return ()
    deal, title = name_key(facts.deal or ""), normalize(facts.title)
    return facts.type or "", facts.day.isoformat(), name_key(facts.customer), deal, title


def count_cores() -> int:
    """Return how many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def day_of(signature: Signature) -> date:
    """Return the day by which days without a year are read."""
    try:
        return datetime.fromtimestamp(signature.mtime_ns / 1e9, UTC).date()
    except (OverflowError, OSError, ValueError):  # a file time beyond the calendar
        return date(1970, 1, 1)
