"""How one note stands: whether searches find it as it is on disk, and if not, why.

Whether it answers a given query is :mod:`notevault.explain`'s work.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from sqlite3 import Row

from notevault.catalog import path_to_stored
from notevault.copies import find_original
from notevault.errors import IndexDamagedError, NotePathError, NotevaultError
from notevault.indexed import prove_terms
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import NotePath
from notevault.note import digest_of
from notevault.records import record
from notevault.status import find_discord
from notevault.text import closest, printable_path
from notevault.vault import VaultScan
from notevault.workspace import Workspace

_SHOWN_TERMS = 8


@record
class Observation:
    """One thing that was looked at."""

    about: str
    """``name``, ``file``, ``catalog``, ``front_matter``, ``copy``, ``index``, ``terms``."""
    message: str
    good: bool | None = True
    """None: worth knowing, and no hindrance."""


@record
class Standing:
    """Everything between a note and its being found."""

    path: NotePath
    observations: tuple[Observation, ...]

    @property
    def found(self) -> bool:
        """Whether searches find the note as it is on disk."""
        return all(each.good is not False for each in self.observations)


def examine_note(workspace: Workspace, path_text: str, *, base: Path | None = None) -> Standing:
    """Look at all that decides whether a note is found; ``path_text`` may name what is no note or is not there.

    Raises NotePathError for a place outside the vault.
    """
    path = workspace.vault.find_place(path_text, base=base)
    if path is None:
        raise NotePathError(printable_path(path_text), _("outside the vault"))
    with workspace.catalog.snapshot():
        return Standing(path=path, observations=tuple(_Examiner(workspace, path).observe()))


class _Examiner:
    def __init__(self, workspace: Workspace, path: NotePath) -> None:
        self.workspace = workspace
        self.path = path
        self.scan: VaultScan = workspace.vault.scan()
        rows = workspace.catalog.select(
            "SELECT n.id, n.digest, n.encoding, n.parsed, n.taken_in, o.path AS original"
            " FROM notes n LEFT JOIN notes o ON o.id = n.copy_of WHERE n.path = ?",
            (path_to_stored(path),),
        )
        self.row = rows[0] if rows else None
        self.digest: str | None = None

    def observe(self) -> Iterator[Observation]:
        """Yield what is seen, from the disk to the index; what cannot be seen beyond a hindrance is left out."""
        if reason := self._find_left_out():
            yield Observation(about="name", message=_("left out: {reason}").format(reason=reason), good=False)
            return
        yield from self._observe_file()
        yield from self._observe_catalog()
        if self.row is not None:
            yield from self._observe_text(self.row)
            yield from self._observe_index(self.row)

    def _find_left_out(self) -> str | None:
        """Return why the walk leaves this place out, by name, kind, or another name that is the same."""
        if reason := self.workspace.vault.find_ignore_reason(self.path):
            return reason
        above = tuple(self.path[:at] for at, char in enumerate(self.path) if char == "/")
        for ignored in self.workspace.vault.iter_ignored() if self.path not in self.scan.signatures else ():
            if ignored.path == self.path or ignored.path in above:
                return ignored.reason
        return next((error.reason for error in self.scan.errors if error.path == self.path), None)

    def _observe_file(self) -> Iterator[Observation]:
        place = self.workspace.vault.locate(self.path)
        if not os.path.lexists(place):
            known = [printable_path(path) for path in self.workspace.catalog.known_notes()]
            near = closest(printable_path(self.path), known)
            guess = " " + _("Did you mean '{near}'?").format(near=near) if near and self.row is None else ""
            yield Observation(about="file", message=_("no such file") + guess, good=False)
            return
        if place.is_dir():
            yield Observation(about="file", message=_("a folder"), good=False)
            return
        try:
            data, _signature = self.workspace.vault.read(self.path)
        except (OSError, NotevaultError) as error:
            reason = error.message if isinstance(error, NotevaultError) else error.strerror or str(error)
            yield Observation(about="file", message=_("cannot be read: {reason}").format(reason=reason), good=False)
        else:
            self.digest = digest_of(data)
            size = ngettext("readable, {count} byte", "readable, {count} bytes", len(data)).format(count=len(data))
            yield Observation(about="file", message=size)

    def _observe_catalog(self) -> Iterator[Observation]:
        digest = self.digest
        if self.row is None:
            if digest is not None:
                yield Observation(about="catalog", message=_("not taken in yet; run notevault sync"), good=False)
            return
        when = datetime.fromisoformat(self.row["taken_in"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        if digest is None:
            text = _("what was taken in {when} is still found").format(when=when)
            yield Observation(about="catalog", message=text, good=None)
        elif digest != self.row["digest"]:
            text = _("changed since it was taken in {when}; run notevault sync").format(when=when)
            yield Observation(about="catalog", message=text, good=False)
        else:
            yield Observation(about="catalog", message=_("taken in {when}").format(when=when))

    def _observe_text(self, row: Row) -> Iterator[Observation]:
        if row["encoding"] not in ("utf-8", "utf-8-sig"):
            yield Observation(about="file", message=_("read as {encoding}").format(encoding=row["encoding"]), good=None)
        if not row["parsed"]:
            faults = self.workspace.catalog.select(
                "SELECT line, message FROM diagnostics WHERE note_id = ? AND rule = 'syntax' ORDER BY line",
                (row["id"],),
            )
            text = _("front matter could not be read, so no field is known; the text is found")
            lines = "".join(
                "; " + _("line {line}: {message}").format(line=fault["line"], message=fault["message"])
                for fault in faults[:1]
            )
            yield Observation(about="front_matter", message=text + lines, good=None)
        if row["original"]:
            text = _("conflict copy of {path}: found, but not counted in lists and exports")
            yield Observation(about="copy", message=text.format(path=row["original"]), good=None)
        elif find_original(self.path) is not None:
            text = _("named like a conflict copy, but its original is gone: counts as a note of its own")
            yield Observation(about="copy", message=text, good=None)

    def _observe_index(self, row: Row) -> Iterator[Observation]:
        if discord := find_discord(self.workspace):
            yield Observation(about="index", message=discord + "; " + _("run notevault sync"), good=False)
            return
        try:
            stored = self.workspace.index.digests().get(row["id"])
            proofs = prove_terms(self.workspace.catalog, self.workspace.index, [row["id"]])
        except IndexDamagedError as error:
            yield Observation(about="index", message=error.message, good=False)
            return
        if stored != row["digest"]:
            text = _("not in the text index") if stored is None else _("another text in the text index")
            mend = _("run notevault doctor --repair")
            yield Observation(about="index", message=f"{text}; {mend}", good=False)
            return
        yield Observation(about="index", message=_("in the text index, with the text that was taken in"))
        for proof in proofs:
            if proof.holds:
                text = ngettext("{count} term leads to it", "{count} terms lead to it", proof.terms)
                yield Observation(about="terms", message=text.format(count=proof.terms))
            else:
                text = _("terms that do not lead to it: {terms}; run notevault doctor --repair")
                shown = ", ".join(proof.missing[:_SHOWN_TERMS]) or "…"
                yield Observation(about="terms", message=text.format(terms=shown), good=False)
