"""File changes from edits of notes and of the settings."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from notevault.config import SETTINGS_NAME
from notevault.edits import apply_edits
from notevault.errors import WriteRefusedError
from notevault.journal import FileChange
from notevault.messages import gettext as _
from notevault.model import Edit, Note, NotePath
from notevault.note import encode_text, parse_note
from notevault.records import record
from notevault.vault import Vault

EditPlan = Callable[[Note], tuple[Edit, ...]]
_TABLE: Final = re.compile(r"^[ \t]*\[customers\][ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\Z)", re.MULTILINE)
_NEXT_TABLE: Final = re.compile(r"^[ \t]*\[", re.MULTILINE)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
_LONGEST_ENTRY: Final = 10_000


@record
class CustomerPlan:
    """What a decision would write; nothing is written yet."""

    title: str
    changes: tuple[FileChange, ...]
    remarks: tuple[str, ...] = ()
    """What a person should know before saying yes."""


def edit_note(vault: Vault, path: NotePath, plans: Sequence[EditPlan]) -> FileChange | None:
    """Return the change that the plans make to one note, one after the other; None where they change nothing.

    Raises WriteRefusedError, UnreadableNoteError, OSError.
    """
    before, _signature = vault.read(path)
    after = edit_bytes(path, before, plans)
    return FileChange(path=path, before=before, after=after) if after != before else None


def edit_bytes(path: NotePath, data: bytes, plans: Sequence[EditPlan]) -> bytes:
    """Return a note's bytes after the plans; raises WriteRefusedError."""
    note = parse_note(path, data)
    if encode_text(note.text, note.encoding, bom=note.bom) != data:
        raise WriteRefusedError(path, _("some of its bytes cannot be written back as they are"))
    for plan in plans:
        data = encode_text(apply_edits(note.text, plan(note)), note.encoding, bom=note.bom)
        note = parse_note(path, data)
    return data


def edit_settings(vault: Vault, spellings: Mapping[str, Sequence[str] | None]) -> FileChange | None:
    """Return the change that gives customers of the settings these spellings; None removes a customer.

    Raises WriteRefusedError where the file is written in a way that could not stay as it is.
    """
    path = NotePath(SETTINGS_NAME)
    before, _signature = vault.read(path)
    text = before.decode("utf-8-sig")
    bom = before[: len(before) - len(text.encode())]
    expected = tomllib.loads(text)
    table: dict[str, object] = dict(expected.get("customers", {}))
    for name, items in spellings.items():
        text = _set_entry(text, name, items)
        table.pop(name, None)
        if items is not None:
            table[name] = list(items)
    after = bom + text.encode()
    if tomllib.loads(text) != {**expected, "customers": table}:
        raise WriteRefusedError(path, _("its table [customers] is written in a way that is not changed"))
    return FileChange(path=path, before=before, after=after) if after != before else None


def _set_entry(text: str, name: str, items: Sequence[str] | None) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    key = name if _BARE_KEY.match(name) else _quote(name)
    value = None if items is None else f"[{', '.join(map(_quote, items))}]"
    table = _TABLE.search(text)
    if table is None:
        gap = newline if text and not text.endswith(("\n", "\r")) else ""
        return f"{text}{gap}{newline}[customers]{newline}{key} = {value}{newline}" if value else text
    end = _NEXT_TABLE.search(text, table.end())
    found = _find_entry(text, name, table.end(), end.start() if end else len(text))
    if found is None:
        return f"{text[: table.end()]}{key} = {value}{newline}{text[table.end() :]}" if value else text
    start, value_start, value_end, stop = found
    return text[:value_start] + value + text[value_end:] if value else text[:start] + text[stop:]


def _find_entry(text: str, name: str, start: int, stop: int) -> tuple[int, int, int, int] | None:
    """Return where the entry's line, its array, the array's end and the end of its last line are."""
    keys = "|".join(re.escape(each) for each in (name, _quote(name), f"'{name}'"))
    found = re.compile(rf"^[ \t]*(?:{keys})[ \t]*=[ \t]*", re.MULTILINE).search(text, start, stop)
    if found is None:
        return None
    for bracket in re.finditer(r"\]", text[found.end() : min(stop, found.end() + _LONGEST_ENTRY)]):
        end = found.end() + bracket.end()
        try:
            tomllib.loads(f"x = {text[found.end() : end]}")
        except tomllib.TOMLDecodeError:
            continue
        line_end = text.find("\n", end)
        return found.start(), found.end(), end, line_end + 1 if line_end >= 0 else len(text)
    return None


def _quote(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(char):04x}" if ord(char) < ord(" ") or ord(char) == 0x7F else char  # noqa: PLR2004 -- delete
        for char in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
