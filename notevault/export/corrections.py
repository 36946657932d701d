"""The way back: what was corrected in the CRM or in a spreadsheet, as changes to the notes' front matter.

Only front matter values are written, each at its own place; whatever else the file holds is said and left alone.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from notevault.catalog import Catalog, stored_to_path
from notevault.config import Settings
from notevault.edits import apply_edits
from notevault.errors import NotevaultError, UnknownNameError, UnreadableNoteError, WriteRefusedError
from notevault.export.cell_checks import CellMaker
from notevault.export.cells import CellWriter
from notevault.export.columns import Kind
from notevault.export.files import files_of
from notevault.export.findings import Findings
from notevault.export.ids import read_table
from notevault.export.ledger import Ledger
from notevault.export.mapping import Mapper, OutColumn
from notevault.export.profile import FormatSpec, Profile
from notevault.export.source import Source
from notevault.export.store import Cells, RowStore
from notevault.export.tables import TABLES
from notevault.front_matter import plan_set_field
from notevault.journal import FileChange
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.note import encode_text, parse_note
from notevault.records import record
from notevault.vault import Vault

_CUSTOMER_KEYS: Final = {
    "name": "name", "company": "name", "name_kana": "kana", "company_kana": "kana", "name_en": "name_en",
    "parent_group": "group", "type": "status", "source": "source",
    **{key: key for key in ("corporate_number", "domain", "website", "phone", "industry", "owner", "email", "size")},
}  # fmt: skip
KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "accounts": _CUSTOMER_KEYS,
    "leads": _CUSTOMER_KEYS,
    "opportunities": {
        "name": "deal", "stage": "stage", "stage_raw": "stage", "expected_close_date": "close_date",
        **{key: key for key in ("amount", "probability", "close_date", "owner", "lost_reason", "revisit")},
    },
    "activities": {
        "subject": "title", "start_at": "date", "location": "place",
        **{key: key for key in ("channel", "owner", "type")},
    },
    "notes": {"title": "title", "type": "type", "owner": "owner"},
}  # fmt: skip
"""Neutral table and column → front matter key that a correction is written to."""


class CorrectionsError(NotevaultError):
    """A file that cannot be told apart or compared."""


@record
class Correction:
    """One value that the file says differently."""

    id: str
    column: str
    ours: str
    theirs: str
    path: str
    """Note it is written to, "" where it cannot be."""
    key: str
    value: str
    """As it is written into the note."""
    why_not: str = ""


@record
class Corrections:
    """What a file says differently, and the changes that take it over."""

    file: str
    rows: int
    found: tuple[Correction, ...]
    changes: tuple[FileChange, ...]
    unknown: int
    """Rows whose id nobody knows."""
    cleared: int
    """Cells that are empty there and not here; nothing is taken away."""


@record
class CameBack:
    """A file that came back, and what it was exported with."""

    path: Path
    profile: Profile
    ledger: Ledger
    file: str = ""
    """File of the profile; "" where the name or the headers say it."""


class _Reader:
    """Compares one file with what an export would write now."""

    def __init__(self, catalog: Catalog, settings: Settings, store: RowStore, mapper: Mapper, name: str) -> None:
        files = files_of(mapper.profile)
        if name not in files:
            raise UnknownNameError(_("file"), name, list(files))
        self.file = files[name]
        self.columns = {column.header: column for column in mapper.columns(name, self.file)}
        self._catalog = catalog
        self._settings = settings
        self._store = store
        self._form = mapper.profile.format
        self._maker = CellMaker(name, self._form, mapper.zone, Findings(store, catalog))
        self._ledger = mapper.ledger
        self.counts: Counter[str] = Counter()

    def read(self, header: list[str], rows: list[list[str]], theirs: int | None) -> list[Correction]:
        at_id = header.index(self.file.id) if self.file.id in header else None
        if at_id is None and theirs is None:
            raise CorrectionsError(
                _("the file has no column '{column}' to know its rows by").format(column=self.file.id)
            )
        found: list[Correction] = []
        for cells in rows:
            row = self._find(cells, at_id, theirs)
            if row is None:
                self.counts["unknown"] += 1
                continue
            for header_name, cell in zip(header, cells, strict=False):
                column = self.columns.get(header_name)
                if column is not None and header_name != self.file.id and not column.spec.into_file:
                    found += self._compare(column, row, cell)
        return found

    def _find(self, cells: list[str], at_id: int | None, theirs: int | None) -> Cells | None:
        if at_id is not None and at_id < len(cells) and cells[at_id]:
            prefix = self.columns[self.file.id].spec.prefix
            return self._store.find_row(self.file.from_, cells[at_id].removeprefix(prefix))
        if theirs is not None and theirs < len(cells):
            ours = self._ledger.find_ours(self.file.from_, cells[theirs])
            return self._store.find_row(self.file.from_, ours) if ours else None
        return None

    def _compare(self, column: OutColumn, row: Cells, cell: str) -> list[Correction]:
        ours = self._maker.prepare(column)(row)
        theirs = cell.replace("\r\n", "\n").strip()
        if _is_same(column.kind, ours.strip(), theirs):
            return []
        if not theirs:
            self.counts["cleared"] += 1
            return []
        key = KEYS.get(self.file.from_, {}).get(column.source, "")
        spec = column.spec
        about = {"id": row["id"], "column": column.header, "ours": ours, "theirs": theirs}
        if not key or spec.join or spec.render or "." in spec.from_:
            return [
                Correction(**about, path="", key="", value="", why_not=_("it is made of several values or of text"))
            ]
        if self._is_derived(column, row):
            return [Correction(**about, path="", key=key, value="", why_not=_("it follows from the stage"))]
        value = self._value(column, row, theirs)
        if value is None:
            return [Correction(**about, path="", key=key, value="", why_not=_("it stands for no word of the notes"))]
        path = self._note_of(row, key)
        why_not = "" if path else _("no note holds it")
        return [Correction(**about, path=path, key=key, value=value, why_not=why_not)]

    def _value(self, column: OutColumn, row: Cells, theirs: str) -> str | None:
        """Return what the note should say, None where that cannot be told."""
        words = column.translation.words if column.translation else column.spec.recode
        if words:
            ours = [key for key, there in words.items() if there == theirs]
            if len(ours) != 1:
                known = theirs in words or not (column.translation or column.spec.other == "error")
                return theirs if not ours and known else None
            theirs = ours[0]
        if column.source == "stage" and (stage := self._settings.stages.get(theirs)):
            return stage.label(self._settings.language or "ja")
        if column.kind in (Kind.DATE, Kind.MOMENT):
            return _read_day(theirs, self._form, is_moment=column.kind is Kind.MOMENT)
        if column.kind is Kind.NUMBER:
            return _read_number(theirs, column.spec.scale, row.get("currency", "") if column.source == "amount" else "")
        return theirs

    def _is_derived(self, column: OutColumn, row: Cells) -> bool:
        """Say whether no note states the value: it comes from the stage, or from the day it was reached."""
        if self.file.from_ != "opportunities" or column.source not in ("probability", "close_date"):
            return False
        if column.source == "close_date":
            return row["state"] != "open"
        sql = "SELECT 1 FROM notes n JOIN fields f ON f.note_id = n.id WHERE n.deal_id = ? AND f.key = 'probability'"
        return not self._catalog.select(f"{sql} LIMIT 1", (row["id"],))

    def _note_of(self, row: Cells, key: str) -> str:
        """Return the note that says it: the customer's own, the activity's, or the deal's newest that names the key."""
        if self.file.from_ in ("accounts", "leads"):
            sql = "SELECT n.path FROM customers c JOIN notes n ON n.id = c.note_id WHERE c.id = ?"
            found = self._catalog.select(sql, (row["id"],))
        elif self.file.from_ == "opportunities":
            found = self._catalog.select(
                "SELECT n.path FROM notes n WHERE n.deal_id = ? AND n.copy_of IS NULL ORDER BY"
                " EXISTS (SELECT 1 FROM fields WHERE note_id = n.id AND key = ?) DESC, n.day DESC, n.path DESC LIMIT 1",
                (row["id"], key),
            )
        else:
            return row["source_path"]
        return str(found[0][0]) if found else ""


def find_corrections(catalog: Catalog, settings: Settings, vault: Vault, back: CameBack) -> Corrections:
    """Compare a file from the CRM with the notes, and plan what takes its corrections over.

    Raises CorrectionsError, SuccessFileError.
    """
    profile = back.profile
    header, rows = read_table(back.path)
    name = back.file or _file_of(profile, back.path, header)
    with RowStore.opened() as store, catalog.snapshot():
        source = Source.of(catalog, settings, vault.root)
        store.fill(TABLES, source, CellWriter(), lambda _rows: None)
        tables = {table.name: table for table in TABLES}
        mapper = Mapper(
            profile=profile, settings=settings, tables=tables, store=store, source=source, ledger=back.ledger
        )
        reader = _Reader(catalog, settings, store, mapper, name)
        folded = [head.strip().casefold() for head in header]
        theirs = next((folded.index(head.casefold()) for head in profile.ids.theirs if head.casefold() in folded), None)
        found = reader.read(header, rows, theirs)
    changes, refused = _plan(catalog, vault, found)
    return Corrections(
        file=name,
        rows=len(rows),
        found=tuple(refused.get(id(correction), correction) for correction in found),
        changes=tuple(changes),
        unknown=reader.counts["unknown"],
        cleared=reader.counts["cleared"],
    )


def _file_of(profile: Profile, path: Path, header: list[str]) -> str:
    """Return the file of the profile that this is: named like it, else sharing most headers with it."""
    files = files_of(profile)
    named = [name for name in files if path.stem.casefold().startswith(name.casefold())]
    if named:
        return max(named, key=len)
    shared = {name: len(set(header) & set(spec.columns)) for name, spec in files.items() if spec.id in header}
    best = max(shared, key=lambda name: shared[name], default="")
    if not best:
        raise CorrectionsError(
            _("{path}: it cannot be told which file of the profile this is").format(path=path),
            _("name it: --file {names}").format(names="|".join(files)),
        )
    return best


def _plan(catalog: Catalog, vault: Vault, found: list[Correction]) -> tuple[list[FileChange], dict[int, Correction]]:
    """Return the changes, note by note, and the corrections that a note refuses."""
    by_note: dict[str, list[Correction]] = {}
    for correction in found:
        if correction.path:
            by_note.setdefault(correction.path, []).append(correction)
    changes: list[FileChange] = []
    refused: dict[int, Correction] = {}
    for stored, corrections in sorted(by_note.items()):
        path = stored_to_path(stored)
        try:
            before, _signature = vault.read(path)
        except (OSError, UnreadableNoteError) as error:
            refused |= {id(each): _refused(each, str(error)) for each in corrections}
            continue
        after = before
        for correction in corrections:
            try:
                after = _set(path, after, _spelled(catalog, stored, correction.key), correction.value)
            except WriteRefusedError as error:
                refused[id(correction)] = _refused(correction, error.message)
        if after != before:
            changes.append(FileChange(path=path, before=before, after=after))
    return changes, refused


def _set(path: NotePath, data: bytes, key: str, value: str) -> bytes:
    note = parse_note(path, data)
    if encode_text(note.text, note.encoding, bom=note.bom) != data:
        raise WriteRefusedError(path, _("some of its bytes cannot be written back as they are"))
    return encode_text(apply_edits(note.text, plan_set_field(note, key, value)), note.encoding, bom=note.bom)


def _spelled(catalog: Catalog, path: str, key: str) -> str:
    """Return the key as the note spells it."""
    found = catalog.select(
        "SELECT raw_key FROM fields WHERE note_id = (SELECT id FROM notes WHERE path = ?) AND key = ? LIMIT 1",
        (path, key),
    )
    return str(found[0][0]) if found else key


def _refused(correction: Correction, why: str) -> Correction:
    return Correction(
        id=correction.id,
        column=correction.column,
        ours=correction.ours,
        theirs=correction.theirs,
        path="",
        key=correction.key,
        value="",
        why_not=why,
    )


def _is_same(kind: Kind, ours: str, theirs: str) -> bool:
    if ours == theirs:
        return True
    try:
        if kind in (Kind.NUMBER, Kind.INTEGER):
            return Decimal(ours or "0") == Decimal(theirs.replace(",", "") or "0") and bool(ours) == bool(theirs)
    except InvalidOperation:
        return False
    if kind is Kind.DATE:
        return ours.replace("/", "-") == theirs.replace("/", "-")
    if kind is Kind.BOOLEAN:
        return ours.casefold() == theirs.casefold()
    return False


def _read_day(theirs: str, form: FormatSpec, *, is_moment: bool) -> str | None:
    for pattern in (form.date, "%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(theirs, pattern).date().isoformat()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    if not is_moment:
        return None
    try:
        moment = datetime.fromisoformat(theirs)
    except ValueError:
        return None
    return moment.isoformat(timespec="minutes")


def _read_number(theirs: str, scale: float, currency: str) -> str | None:
    try:
        number = Decimal(theirs.replace(",", "")) / Decimal(repr(scale))
    except (InvalidOperation, ZeroDivisionError):
        return None
    plain = format(number.normalize(), "f")
    if currency == "JPY":
        return f"{Decimal(plain):,f}円"
    return f"{plain} {currency}".strip()


__all__ = ["KEYS", "Correction", "Corrections", "CorrectionsError", "find_corrections"]
