"""Proof that index, catalogue and disk agree, note by note, and the mending of what does not.

Nothing is believed that can be computed again: every note is read, every stored digest compared.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Final

from notevault.catalog import stored_to_path
from notevault.copies import COPY_WORDS, find_original
from notevault.errors import CatalogDamagedError, IndexDamagedError, NotevaultError, SettingsError
from notevault.intake import UNDER_WAY
from notevault.messages import gettext as _
from notevault.model import NotePath, SyncReport
from notevault.note import decode_note, digest_of
from notevault.plan import extraction_fingerprint
from notevault.sync import sync
from notevault.text import printable_path
from notevault.upkeep import make_syncer
from notevault.workspace import Workspace

_LONGEST_DIFF: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be."""

    kind: str
    """``database``, ``index``, ``rules``, ``template``, ``note``, ``unreadable``, ``same-id``."""
    message: str
    path: NotePath | None = None
    mendable: bool = True
    """Whether repair puts it right; the others are for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictCopy:
    """A conflict copy beside what it is a copy of."""

    path: NotePath
    original: NotePath | None
    """None where the original is gone: the copy counts as a note like any other."""
    diff: str
    """Unified, '' where both say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What doctor found."""

    notes: int
    findings: tuple[Finding, ...]
    copies: tuple[ConflictCopy, ...]

    @property
    def clean(self) -> bool:
        """Whether index, catalogue and disk agree and nothing is left to a person but conflict copies."""
        return not self.findings


Progress = Callable[[int, int], None]


def examine(workspace: Workspace, *, progress: Progress | None = None) -> Examination:
    """Compare everything with everything; nothing is changed."""
    findings = list(_examine_database(workspace))
    if findings:
        return Examination(notes=0, findings=tuple(findings), copies=())
    with workspace.catalog.snapshot():
        findings += _examine_rules(workspace)
        findings += _examine_index(workspace)
        findings += _examine_notes(workspace, progress)
        findings += _examine_ids(workspace)
        return Examination(
            notes=workspace.catalog.note_count(), findings=tuple(findings), copies=tuple(iter_copies(workspace))
        )


def _examine_database(workspace: Workspace) -> Iterator[Finding]:
    try:
        faults = workspace.catalog.integrity_faults()
    except CatalogDamagedError as error:
        faults = [error.message]
    for fault in faults:
        yield Finding(kind="database", message=_("catalogue: {fault}").format(fault=fault))


def _examine_rules(workspace: Workspace) -> Iterator[Finding]:
    catalog = workspace.catalog
    if catalog.meta("last_scan") is None:
        yield Finding(kind="rules", message=_("nothing was taken in yet"))
    elif catalog.meta("extraction") != extraction_fingerprint(workspace.settings):
        yield Finding(kind="rules", message=_("what is stored was made under other settings"))
    try:
        workspace.templates  # noqa: B018 -- read to see whether they can be
    except SettingsError as error:
        for fault in error.faults:
            yield Finding(kind="template", message=fault, mendable=False)


def _examine_index(workspace: Workspace) -> Iterator[Finding]:
    catalog, index = workspace.catalog, workspace.index
    fingerprint = index.fingerprint
    if not fingerprint:
        yield Finding(kind="index", message=_("the text index is missing or its files are not those last written"))
        return
    if catalog.meta("index") != fingerprint:
        yield Finding(kind="index", message=_("the text index is not the one that the catalogue belongs to"))
        return
    if catalog.meta(UNDER_WAY):
        yield Finding(kind="index", message=_("a sync was interrupted between text index and catalogue"))
    try:
        indexed = index.digests()
    except IndexDamagedError as error:
        yield Finding(kind="index", message=error.message)
        return
    for row in catalog.select("SELECT id, path, digest FROM notes ORDER BY path"):
        stored = indexed.pop(row["id"], None)
        if stored != row["digest"]:
            message = _("not in the text index") if stored is None else _("another text in the text index")
            yield Finding(kind="index", message=message, path=stored_to_path(row["path"]))
    if indexed:
        text = _("the text index holds {count} notes that the catalogue does not know")
        yield Finding(kind="index", message=text.format(count=len(indexed)))


def _examine_notes(workspace: Workspace, progress: Progress | None) -> Iterator[Finding]:
    scan = workspace.vault.scan()
    known = workspace.catalog.known_notes()
    for failure in scan.errors:
        yield Finding(kind="unreadable", message=failure.reason, path=failure.path, mendable=False)
    unseen = tuple(f"{folder}/" for folder in scan.unreadable)
    for path in sorted(known.keys() - scan.signatures.keys()):
        if path not in scan.unreadable and not path.startswith(unseen) and NotePath("") not in scan.unreadable:
            yield Finding(kind="note", message=_("still known though the file is gone"), path=path)
    for at, path in enumerate(sorted(scan.signatures), 1):
        note = known.get(path)
        try:
            digest = digest_of(workspace.vault.read(path)[0])
        except (OSError, NotevaultError) as error:
            reason = error.message if isinstance(error, NotevaultError) else error.strerror or str(error)
            yield Finding(kind="unreadable", message=reason, path=path, mendable=False)
            continue
        if note is None:
            yield Finding(kind="note", message=_("not taken in"), path=path)
        elif note.digest != digest:
            yield Finding(kind="note", message=_("changed since it was taken in"), path=path)
        elif note.look_again < 0:
            yield Finding(kind="note", message=_("to be taken in anew"), path=path)
        if progress and at % 100 == 0:
            progress(at, len(scan.signatures))


def _examine_ids(workspace: Workspace) -> Iterator[Finding]:
    for path, other in find_same_ids(workspace):
        message = _("has the same id as {other}; give one of them another").format(other=printable_path(other))
        yield Finding(kind="same-id", message=message, path=path, mendable=False)


def find_same_ids(workspace: Workspace) -> list[tuple[NotePath, NotePath]]:
    """Return notes whose front matter ``id`` belongs to another note, with that one; conflict copies left out."""
    rows = workspace.catalog.select(
        "SELECT n.path, o.path AS other FROM fields f JOIN notes n ON n.id = f.note_id JOIN notes o ON o.uid = f.value"
        " WHERE f.key = 'id' AND f.position = 0 AND n.uid <> f.value AND n.copy_of IS NULL ORDER BY n.path"
    )
    return [(stored_to_path(row["path"]), stored_to_path(row["other"])) for row in rows]


def iter_copies(workspace: Workspace) -> Iterator[ConflictCopy]:
    """Yield every conflict copy with what it says otherwise than its original."""
    likely = " OR ".join("n.path LIKE ?" for _word in COPY_WORDS)
    rows = workspace.catalog.select(
        f"SELECT n.path, o.path AS original FROM notes n LEFT JOIN notes o ON o.id = n.copy_of WHERE {likely}"
        " ORDER BY n.path",
        [f"%{word}%" for word in COPY_WORDS],
    )
    for row in rows:
        path = stored_to_path(row["path"])
        if find_original(path) is None:
            continue
        original = stored_to_path(row["original"]) if row["original"] else None
        diff = _diff(workspace, original, path) if original else ""
        yield ConflictCopy(path=path, original=original, diff=diff)


def _diff(workspace: Workspace, original: NotePath, copy: NotePath) -> str:
    try:
        before, after = (decode_note(workspace.vault.read(path)[0]).text.splitlines() for path in (original, copy))
    except (OSError, NotevaultError):
        return ""
    names = printable_path(original), printable_path(copy)
    lines = list(unified_diff(before, after, *names, lineterm=""))
    more = [f"… {len(lines) - _LONGEST_DIFF}"] if len(lines) > _LONGEST_DIFF else []
    return "\n".join(lines[:_LONGEST_DIFF] + more)


def repair(workspace: Workspace, found: Examination, *, progress: Progress | None = None) -> SyncReport:
    """Throw away what is damaged, read every note, take in what differs. Raises LockedError, VaultEmptiedError."""
    kinds = {finding.kind for finding in found.findings if finding.path is None}
    if "database" in kinds:
        workspace.discard(CatalogDamagedError(workspace.cache, _("damaged")))
    if kinds & {"database", "index"}:
        workspace.discard(IndexDamagedError(workspace.cache, _("damaged")))
    with workspace.lock():
        catalog = workspace.catalog
        with catalog.transaction():
            for finding in found.findings:
                if finding.kind == "index" and finding.path is not None:
                    note_id = catalog.find_note_id(finding.path)
                    catalog.read_anew("id = ?", (note_id,))
        return sync(make_syncer(workspace), full=True, progress=progress)
