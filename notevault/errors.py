"""Situations that the user can put right.

One class per situation; the constructor takes values and builds the sentence, ``hint`` says the next step.
Trouble inside a note is a :class:`notevault.model.Diagnostic` instead; a bug is left to rise.
"""

from collections.abc import Sequence
from pathlib import Path

from notevault.messages import gettext as _

_LONGEST_SHOWN = 200
_MOST_SHOWN = 10


class NotevaultError(Exception):
    """What was found, what was expected, what to do. Exit code 2 unless a subclass says otherwise."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class VaultNotFoundError(NotevaultError):
    """No ``notevault.toml`` here or above."""

    def __init__(self, start: Path) -> None:
        super().__init__(
            _("No vault here: neither {path} nor a folder above it holds a notevault.toml").format(path=start),
            _("make one with 'notevault init', or name one with --vault DIR or NOTEVAULT_VAULT"),
        )


class NotePathError(NotevaultError):
    """A path that names no note of this vault."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            _("{path}: {reason}").format(path=path, reason=reason),
            _("name a note by its path inside the vault; 'notevault search -l' lists paths"),
        )


class FileChangedError(NotevaultError):
    """The note is not the one the edit was planned on."""

    def __init__(self, path: object) -> None:
        super().__init__(
            _("{path} has changed since it was read; nothing was written").format(path=path),
            _("run the command again"),
        )


class UnreadableNoteError(NotevaultError):
    """A note that is there but cannot or must not be read; ``reason`` is the sentence without the path."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(_("{path} cannot be read: {reason}").format(path=path, reason=reason))
        self.reason = reason


class WriteRefusedError(NotevaultError):
    """A write that would endanger the user's bytes."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(_("{path} was not written: {reason}").format(path=path, reason=reason))


class JournalError(NotevaultError):
    """What a command writes cannot be remembered, so nothing is written."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            _("{path}: how to take the change back cannot be remembered: {reason}").format(path=path, reason=reason),
            _("nothing was changed; name another folder for derived data with NOTEVAULT_CACHE"),
        )


class NothingToUndoError(NotevaultError):
    """No change of this kind is remembered."""

    def __init__(self, kind: str) -> None:
        super().__init__(_("there is no '{kind}' to take back").format(kind=kind))


class SettingsError(NotevaultError):
    """``notevault.toml`` or a template cannot be used; holds every fault found in one run."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults), _("mend the lines named above; nothing was changed"))
        self.faults = tuple(faults)


class QueryError(NotevaultError):
    """A query that cannot be understood; ``column`` is the offending character, from 1."""

    def __init__(self, query: str, column: int, reason: str, hint: str = "") -> None:
        shown = query if len(query) <= _LONGEST_SHOWN else query[:_LONGEST_SHOWN] + "…"
        shown = "".join(
            char if char.isprintable() or char == "\u3000" else "\N{REPLACEMENT CHARACTER}" for char in shown
        )
        pointer = f"\n  {shown}\n  {_caret(shown, column)}" if column <= len(shown) + 1 else ""
        super().__init__(_("query, character {column}: {reason}").format(column=column, reason=reason) + pointer, hint)
        self.query = query
        self.column = column


class LockedError(NotevaultError):
    """Another process writes to this vault's index."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            _("another notevault is writing to this vault's index: {holder}").format(holder=holder),
            _("wait for it, or stop it, and run the command again"),
        )


class VaultEmptiedError(NotevaultError):
    """Most notes are gone at once; more likely an unplugged share than a wish."""

    def __init__(self, root: Path, known: int, found: int) -> None:
        super().__init__(
            _("{root} holds {found} notes, {known} are known; the index was left as it is").format(
                root=root, found=found, known=known
            ),
            _("look whether the folder is there whole; if the notes were meant to go: notevault sync --allow-empty"),
        )


class CacheError(NotevaultError):
    """The folder for derived data cannot be used."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            _("{path}: the folder for derived data cannot be used: {reason}").format(path=path, reason=reason),
            _("name another one with NOTEVAULT_CACHE"),
        )


class CatalogDamagedError(NotevaultError):
    """The catalogue cannot be read; it is made anew from the notes."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            _("{path}: the catalogue cannot be read: {reason}").format(path=path, reason=reason),
            _("nothing is lost; 'notevault doctor --repair' makes it anew from the notes"),
        )


class IndexDamagedError(NotevaultError):
    """The text index cannot be read; sync makes it anew from the notes."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            _("{path}: the text index cannot be read: {reason}").format(path=path, reason=reason),
            _("nothing is lost; 'notevault sync' makes it anew from the notes"),
        )


class MissingExtraError(NotevaultError):
    """An optional part that is not installed."""

    def __init__(self, extra: str, feature: str) -> None:
        super().__init__(
            _("{feature} needs an optional part that is not installed").format(feature=feature),
            f"pip install 'notevault[{extra}]'",
        )


class UnknownNameError(NotevaultError):
    """A name in an option that leads nowhere; ``near`` are names most like it."""

    def __init__(self, kind: str, name: str, near: Sequence[str]) -> None:
        hint = _("did you mean: {names}?").format(names=", ".join(near)) if near else ""
        super().__init__(_("no {kind} is called '{name}'").format(kind=kind, name=name), hint)


class AmbiguousNameError(NotevaultError):
    """A name in an option that may mean several."""

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        shown = ", ".join(candidates[:_MOST_SHOWN]) + (" …" if len(candidates) > _MOST_SHOWN else "")
        super().__init__(
            _("'{name}' may mean several").format(name=name), _("name one of: {names}").format(names=shown)
        )


def _caret(shown: str, column: int) -> str:
    from wcwidth import wcswidth  # noqa: PLC0415 -- only where a query failed

    width: int = wcswidth(shown[: column - 1])
    return " " * max(width, 0) + "^"
