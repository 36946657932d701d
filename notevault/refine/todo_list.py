"""What a migration leaves to people, written into a note as ToDos."""

from collections.abc import Iterable
from pathlib import Path

from notevault.errors import NotePathError
from notevault.model import NotePath
from notevault.note import decode_note, digest_of, encode_text, parse_note
from notevault.text import printable_path
from notevault.vault import Vault


def write_todo_list(vault: Vault, path: NotePath, needs: Iterable[tuple[NotePath, str]]) -> int:
    """Add one ToDo for each need at the end of a note, made where it is missing; returns how many were added.

    A ToDo that stands there already, ticked or not, is not added again. Raises NotevaultError.
    """
    try:
        data, _signature = vault.read(path)
    except FileNotFoundError:
        data = None
    note = parse_note(path, data or b"")
    known = {task.text for task in note.tasks}
    lines = [text for text in (_line(target, need) for target, need in needs) if text not in known]
    lines = list(dict.fromkeys(lines))
    if not lines:
        return 0
    added = note.newline.join(f"- [ ] {line}" for line in lines) + note.newline
    if data is None:
        vault.create(path, added.encode())
        return len(lines)
    decoded = decode_note(data)
    gap = "" if decoded.text.endswith(("\n", "\r")) or not decoded.text else note.newline
    new = encode_text(decoded.text + gap + added, decoded.encoding, bom=decoded.bom)
    vault.write(path, new, expected_digest=digest_of(data))
    return len(lines)


def resolve_todo_note(vault: Vault, place: str) -> NotePath:
    """Return the note that a person named for the list; it need not be there yet. Raises NotePathError."""
    try:
        return vault.resolve(place, base=vault.root)
    except NotePathError:
        reason = vault.find_ignore_reason(NotePath(place))
        if reason or Path(place).is_absolute() or ".." in Path(place).parts:
            raise
        return NotePath(Path(place).as_posix())


def _line(path: NotePath, need: str) -> str:
    name = printable_path(path)
    return f"{' '.join(need.split())} [{Path(name).stem}](<{name}>)"
