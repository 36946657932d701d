"""Proof that index, catalogue and disk agree, note by note, and the mending of what does not.

Nothing is believed that can be computed again: every note is read, every stored digest and text compared, the terms of
up to a few thousand notes asked for in the text index, both ways, and the same notes understood anew.
"""

import random
from collections.abc import Callable, Iterator
from difflib import unified_diff
from typing import Final, TypeVar

from notevault.catalog import KnownNote, stored_to_path
from notevault.check import check_fingerprint
from notevault.check.rule import find_template
from notevault.copies import COPY_WORDS, find_original
from notevault.errors import CatalogDamagedError, IndexDamagedError, NotevaultError, SettingsError
from notevault.exact_scan import read_sketch
from notevault.indexed import prove_terms
from notevault.messages import gettext as _
from notevault.model import NotePath, SyncReport
from notevault.note import decode_note, digest_of
from notevault.reading import ReadNote, Wanted, read_note
from notevault.records import record
from notevault.sketch import prepare_text
from notevault.status import find_discord
from notevault.storing import find_differing_tables
from notevault.sync import sync
from notevault.text import printable_path
from notevault.upkeep import check_workspace, make_syncer
from notevault.workspace import Workspace

_LONGEST_DIFF: Final = 200
_OF_INDEX: Final = frozenset({"database", "index", "orphans", "terms"})
"""After these the text index is made anew: where one entry is wrong, others of its files may be."""
MOST_PROVED: Final = 2_000
"""Of more notes so many are chosen by chance for the proof of their terms, which takes longest."""


@record
class Finding:
    """One thing that is not as it should be."""

    kind: str
    """``database``, ``index``, ``orphans``, ``terms``, ``rules``, ``template``, ``checks``, ``note``, ``facts``,
    ``unreadable``, ``same-id``."""
    message: str
    path: NotePath | None = None
    mendable: bool = True
    """Whether repair puts it right; the others are for a person."""


@record
class ConflictCopy:
    """A conflict copy beside what it is a copy of."""

    path: NotePath
    original: NotePath | None
    """None where the original is gone: the copy counts as a note like any other."""
    diff: str
    """Unified, '' where both say the same."""


@record
class Examination:
    """What doctor found."""

    notes: int
    findings: tuple[Finding, ...]
    copies: tuple[ConflictCopy, ...]
    proved: int = 0
    """So many notes were compared with the text index term by term."""

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
        in_index = list(_examine_index(workspace))
        proved = 0
        if not in_index:
            proved, in_index = _examine_terms(workspace)
        findings += in_index
        findings += _examine_notes(workspace, progress)
        if find_discord(workspace) is None:
            findings += _examine_facts(workspace)
        findings += _examine_ids(workspace)
        return Examination(
            notes=workspace.catalog.note_count(),
            findings=tuple(findings),
            copies=tuple(iter_copies(workspace)),
            proved=proved,
        )


def _examine_database(workspace: Workspace) -> Iterator[Finding]:
    try:
        faults = workspace.catalog.integrity_faults()
    except CatalogDamagedError as error:
        faults = [error.message]
    for fault in faults:
        yield Finding(kind="database", message=_("catalogue: {fault}").format(fault=fault))


def _examine_rules(workspace: Workspace) -> Iterator[Finding]:
    if workspace.catalog.meta("last_scan") is None:
        yield Finding(kind="rules", message=_("nothing was taken in yet"))
    try:
        templates = workspace.templates
    except SettingsError as error:
        for fault in error.faults:
            yield Finding(kind="template", message=fault, mendable=False)
        return
    for (kind,) in workspace.catalog.select("SELECT DISTINCT type FROM notes"):
        template = find_template(kind, templates, workspace.settings)
        fingerprint = check_fingerprint(template, templates, workspace.settings)
        for row in workspace.catalog.select(
            "SELECT path FROM notes WHERE type IS ? AND checked IS NOT NULL AND checked NOT LIKE ? ORDER BY path",
            (kind, f"{fingerprint}%"),
        ):
            message = _("last checked against another version of its template or of the settings")
            yield Finding(kind="checks", message=message, path=stored_to_path(row["path"]))


def _examine_index(workspace: Workspace) -> Iterator[Finding]:
    catalog, index = workspace.catalog, workspace.index
    discord = find_discord(workspace)
    if discord is not None:
        outdated = bool(index.fingerprint) and catalog.meta("index") == index.fingerprint
        yield Finding(kind="rules" if outdated else "index", message=discord)
        if not outdated:
            return
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
        yield Finding(kind="orphans", message=text.format(count=len(indexed)))


def _examine_terms(workspace: Workspace) -> tuple[int, list[Finding]]:
    """Return how many notes were compared term by term, and which are not found by what they say."""
    paths = dict(workspace.catalog.select_tuples("SELECT id, path FROM notes"))
    try:
        proofs = prove_terms(workspace.catalog, workspace.index, _choose(sorted(paths)))
    except IndexDamagedError as error:
        return 0, [Finding(kind="index", message=error.message)]
    text = _("{missing} of its terms do not lead to it in the text index, {strange} that it does not have do")
    return len(proofs), [
        Finding(
            kind="terms",
            message=text.format(missing=len(proof.missing), strange=proof.strange),
            path=stored_to_path(paths[proof.note_id]),
        )
        for proof in proofs
        if not proof.holds
    ]


_Each = TypeVar("_Each")


def _choose(everything: list[_Each]) -> list[_Each]:
    """Return all of a few, or some by chance, others each time."""
    return random.sample(everything, MOST_PROVED) if len(everything) > MOST_PROVED else everything


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
        try:
            data = workspace.vault.read(path)[0]
        except (OSError, NotevaultError) as error:
            reason = error.message if isinstance(error, NotevaultError) else error.strerror or str(error)
            yield Finding(kind="unreadable", message=reason, path=path, mendable=False)
            continue
        if message := _compare(workspace, known.get(path), data):
            yield Finding(kind="note", message=message, path=path)
        if progress and at % 100 == 0:
            progress(at, len(scan.signatures))


def _compare(workspace: Workspace, known: KnownNote | None, data: bytes) -> str | None:
    """Return in what the catalogue differs from a note's bytes."""
    if known is None:
        return _("not taken in")
    if known.digest != digest_of(data):
        return _("changed since it was taken in")
    if known.look_again < 0:
        return _("to be taken in anew")
    stored = workspace.catalog.select_tuples("SELECT text, normalized FROM texts WHERE note_id = ?", (known.id,))
    expected = prepare_text(decode_note(data).text)
    if not stored or (*stored[0], read_sketch(workspace.catalog, known.id)) != expected:
        return _("the text that is stored is not the note's")
    return None


def _examine_facts(workspace: Workspace) -> Iterator[Finding]:
    """Understand some notes anew and compare what is stored of them, row by row."""
    known = workspace.catalog.known_notes()
    for path in _choose(sorted(known)):
        outcome = read_note(workspace.vault, workspace.settings, Wanted(path))
        if not isinstance(outcome, ReadNote) or outcome.digest != known[path].digest:
            continue  # told of already
        if tables := find_differing_tables(workspace.catalog, known[path].id, outcome.rows):
            message = _("what is stored of it is not what it says: {tables}").format(tables=", ".join(tables))
            yield Finding(kind="facts", message=message, path=path)


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
    kinds = {finding.kind for finding in found.findings}
    if "database" in kinds:
        workspace.discard(CatalogDamagedError(workspace.cache, _("damaged")))
    if kinds & _OF_INDEX:
        workspace.discard(IndexDamagedError(workspace.cache, _("damaged")))
    with workspace.lock():
        syncer = make_syncer(workspace)
        with workspace.catalog.transaction():
            for finding in found.findings:
                if finding.kind in ("note", "facts") and finding.path is not None:
                    note_id = workspace.catalog.find_note_id(finding.path)
                    workspace.catalog.read_anew("id = ?", (note_id,))
        report = sync(syncer, full=True, progress=progress)
    if any(finding.kind == "checks" for finding in found.findings):
        check_workspace(workspace, progress=progress)
    return report
