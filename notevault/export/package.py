"""An export of a whole vault in one profile: preflight, tables, descriptor, and what belongs beside them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.export.cell_checks import CellMaker
from notevault.export.cells import CellWriter
from notevault.export.csv_file import CsvWriter
from notevault.export.datapackage import DESCRIPTOR_NAME, Described, WrittenFile, personal_headers, render_descriptor
from notevault.export.doubles import (
    check_currencies,
    check_dates,
    check_doubles,
    check_left_out,
    check_lost,
    check_missed,
)
from notevault.export.extras import (
    GONE_HEADER,
    MERGED_HEADER,
    Departures,
    write_cards,
    write_pieces,
    write_plain_table,
)
from notevault.export.files import files_of, longest_texts
from notevault.export.findings import Findings
from notevault.export.folder import staged_folder
from notevault.export.guide import render_guide
from notevault.export.ledger import Entry, Key, Ledger
from notevault.export.mapping import Mapper, OutColumn
from notevault.export.order import LAST, ExportOrder, ExportReport, Progress
from notevault.export.pace import counting, uncollected
from notevault.export.profile import FileSpec, load_profile
from notevault.export.profile_rows import ProfileRows, Record
from notevault.export.reconcile import HEADER, Reconciliation
from notevault.export.sample import keep_sample
from notevault.export.source import Source
from notevault.export.store import Cells, RowStore
from notevault.export.tables import TABLES
from notevault.export.text_files import TextFiles, render_mapping
from notevault.export.workbook import write_safe_copies, write_workbook
from notevault.messages import gettext as _
from notevault.model import Severity

GENERIC: Final = "generic"
_STEP: Final = 100
"""Rows after which progress is told."""
_DAYS: Final = ("source_updated_at", "start_at", "occurred_at", "changed_at", "source_created_at")


class Export:
    """One export under way; its findings can be read until it is closed."""

    def __init__(self, catalog: Catalog, settings: Settings, root: Path, order: ExportOrder) -> None:
        self.order = order
        self.profile = order.profile
        self.files = files_of(order.profile)
        self._tables = {table.name: table for table in TABLES}
        self._catalog = catalog
        self._root = root
        self._cells = CellWriter()
        self._source = Source.of(catalog, settings, root, longest_texts(self.files))
        self._store = RowStore()
        self.findings = Findings(self._store, catalog)
        self._ledger = Ledger.load(order.ledger) if order.ledger else Ledger()
        self._mapper = Mapper(
            profile=order.profile,
            settings=settings,
            tables=self._tables,
            store=self._store,
            source=self._source,
            ledger=self._ledger,
            picklists=order.picklists,
        )
        self._figures = Reconciliation()
        self._counts: Counter[str] = Counter()
        self._characters: Counter[str] = Counter()
        self._redacted: list[str] = []
        self._columns: dict[str, tuple[OutColumn, ...]] = {}
        self._departures: Departures | None = None

    def close(self) -> None:
        """Throw the temporary rows away."""
        self._store.close()

    def run(self, progress: Progress | None) -> ExportReport:
        """Make every row once: checked, and written where the order says where to. Raises ExportFolderError."""
        with self._catalog.snapshot(), uncollected():
            advance = counting(self._catalog, progress)
            self._store.fill(TABLES, self._source, self._cells, advance)
            if self.order.sample:
                keep_sample(self._store, self._tables, self.order.sample)
            self._columns = {name: self._columns_of(name, file) for name, file in self.files.items()}
            check_doubles(self._store, self.findings, redact=self.order.redact)
            check_missed(self._catalog, self.findings)
            check_lost(self._store, self.findings)
            check_left_out(self._store, self.findings, self.files)
            check_currencies(self._store, self.findings, self.files)
            check_dates(self.findings, self.files)
            self._check_shape()
            if self.order.out is None:
                for name, file in self.files.items():
                    for _record in self._records(name, file, advance):
                        pass
            else:
                with staged_folder(self.order.out, self._root, force=self.order.force) as staging:
                    self._write(staging, advance)
                self._remember()
        return self._report()

    def preflight_head(self) -> dict[str, object]:
        """Return what stands in ``preflight.json`` above the findings."""
        return {
            "profile": self.profile.name,
            "counts": self.findings.counts(),
            "rules": self.findings.summary(),
            "rows": {name: self._counts[f"rows {name}"] for name in self.files},
            "characters": {f"{char} U+{ord(char):04X}": count for char, count in sorted(self._characters.items())},
            "personal": {name: personal_headers(columns) for name, columns in self._columns.items()},
        }

    def _columns_of(self, name: str, file: FileSpec) -> tuple[OutColumn, ...]:
        columns = self._mapper.columns(name, file)
        if self.order.redact:
            self._redacted += [f"{name}.{header}" for header in personal_headers(columns)]
            columns = tuple(column for column in columns if not column.personal)
        return columns

    def _check_shape(self) -> None:
        limit = self.profile.limits.columns
        for name, columns in self._columns.items():
            if limit and len(columns) > limit:
                message = _("{count} columns, the CRM takes {max}").format(count=len(columns), max=limit)
                self.findings.add("too-many-columns", Severity.ERROR, (name, ""), message)
            if self._source.remarks["whole_names"] and self.files[name].from_ == "contacts":
                message = _("{count} names could not be told apart; all of each is in the family name").format(
                    count=self._source.remarks["whole_names"]
                )
                self.findings.add("whole-name", Severity.INFO, (name, ""), message)
            if headers := personal_headers(columns):
                message = _("personal data: {list}").format(list=", ".join(headers))
                self.findings.add("personal", Severity.INFO, (name, ""), message)

    def _records(self, name: str, file: FileSpec, advance: Callable[[int], None]) -> Iterator[Record]:
        """Yield the records that belong into this export."""
        form, limits = self.profile.format, self.profile.limits
        maker = CellMaker(name, form, self._source.zone, self.findings)
        rows = ProfileRows(file, self._columns[name], maker, self._store, limits)
        rows.key = self._tables[file.from_].key
        rows.digested = self._ledger.path is not None
        is_whole = not (rows.digested or self.order.since)
        today = self.order.today.isoformat()
        count = self._figures.counter(name, file.object, self._store.columns[file.from_])
        made = done = 0
        for done, record in enumerate(rows, start=1):
            if not done % _STEP:
                advance(_STEP)
            if not is_whole:
                key = (file.from_, name, record.id)
                if rows.digested:
                    self._ledger.see(key)
                if not self._is_due(key, file, record):
                    continue
            if file.needs and self._is_waiting(name, file, record):
                continue
            if rows.digested:
                self._ledger.write(key, Entry(record.digest, "", today, record.name[:80]))
            made += len(record.rows)
            count(record.neutral)
            yield record
        advance(done % _STEP)
        self._counts[f"rows {name}"] += made
        self._characters.update(maker.characters)

    def _is_waiting(self, name: str, file: FileSpec, record: Record) -> bool:
        """Say whether the CRM has yet to give an id that this record needs."""
        headers = [*([file.mark] if file.mark else []), *(column.header for column in self._columns[name])]
        if all(cell for header, cell in zip(headers, record.rows[0], strict=True) if header in file.needs):
            return False
        message = _("waits for ids of the CRM: load what is before it, then read the success files with --ids")
        self.findings.add("waiting", Severity.INFO, (name, file.needs[0]), message, row=record.neutral, once=True)
        return True

    def _is_due(self, key: Key, file: FileSpec, record: Record) -> bool:
        before = self._ledger.find(*key)
        if file.operation == "insert" and not self.order.again:
            places = [key[1], *(name for name, other in self.files.items() if file.group and other.group == file.group)]
            loaded = next(filter(None, (self._ledger.find(key[0], name, key[2]) for name in places)), None)
            if loaded:
                self._counts["already"] += 1
                if loaded.digest != record.digest:
                    message = _("changed after it was exported; the CRM cannot update it, correct it there by hand")
                    self.findings.add("changed-after-load", Severity.WARNING, (key[1], ""), message, row=record.neutral)
                return False
        if self.order.since == LAST:
            if before and before.digest == record.digest:
                self._counts["unchanged"] += 1
                return False
        elif self.order.since and self._day_of(record.neutral) < self.order.since:
            self._counts["unchanged"] += 1
            return False
        return True

    def _day_of(self, row: Cells) -> str:
        """Return the newest day that a row, or the note it hangs on, has."""
        day = max((row.get(name, "")[:10] for name in _DAYS), default="")
        if day:
            return day
        if note := row.get("note_id") or row.get("activity_id"):
            return self._store.find_cell("notes", note, "occurred_at")[:10]
        return ""

    def _write(self, staging: Path, advance: Callable[[int], None]) -> None:
        written: list[WrittenFile] = []
        beside: list[WrittenFile] = []
        for name, file in self.files.items():
            header = [*([file.mark] if file.mark else []), *(column.header for column in self._columns[name])]
            writer = CsvWriter(staging, name, header, self.profile.format, self.profile.limits)
            texts = TextFiles(staging, name, self._columns[name], marked=bool(file.mark))
            for record in self._records(name, file, advance):
                # no table refers to itself; only the parts of a long text must follow each other
                is_whole = record.neutral.get("body_parts", "") in ("", "1")
                writer.add_record(texts.put(record), movable=is_whole)
            written += writer.close()
            self._warn_of_guesses(name, writer.misread)
            beside += texts.written()
            if self.profile.format.mapping == "sdl" and file.columns:
                lines = (line.encode() for line in render_mapping(self._columns[name]))
                beside.append(write_pieces(staging, f"{name}.sdl", lines, "text/plain"))
        tables = list(written)
        written += beside
        if not self.order.redact:
            written += write_cards(staging, self._store)
        written += self._write_departures(staging)
        written.append(write_plain_table(staging, "reconcile.csv", HEADER, self._figures.iter_rows()))
        written += self._write_copies(staging, [file.name for file in tables])
        personal = {name: personal_headers(columns) for name, columns in self._columns.items()}
        guide = render_guide(self.profile, self.files, tables, self.findings.counts(), personal)
        written.append(write_pieces(staging, "LOAD.md", [guide.encode()], "text/markdown"))
        pieces = (piece.encode() for piece in self.findings.render_json(self.preflight_head()))
        written.append(write_pieces(staging, "preflight.json", pieces, "application/json"))
        described = {name: self._described(name, tables) for name in self.files}
        (staging / DESCRIPTOR_NAME).write_bytes(render_descriptor(written, described, self.profile.format))

    def _warn_of_guesses(self, name: str, misread: list[tuple[str, str]]) -> None:
        for path, guess in misread:
            message = _("{path}: a program that guesses how it is written gets it wrong ({guess}); tell it").format(
                path=path, guess=guess
            )
            self.findings.add("sniffed", Severity.INFO, (name, ""), message)

    def _write_departures(self, staging: Path) -> list[WrittenFile]:
        if self._ledger.path is None or self.order.sample:
            return []
        self._departures = Departures(self._ledger, self.files, self._catalog)
        gone, merged = self._departures.gone, self._departures.merged
        if self.order.redact:  # the name is among the columns left out
            gone, merged = ([(*row[:4], "", *row[5:]) for row in rows] for rows in (gone, merged))
        return [
            write_plain_table(staging, "deletions.csv", GONE_HEADER, gone),
            write_plain_table(staging, "merges.csv", MERGED_HEADER, merged),
        ]

    def _write_copies(self, staging: Path, names: list[str]) -> list[WrittenFile]:
        form, copies = self.profile.format, []
        if self.order.safe_for_excel:
            copies += write_safe_copies(staging, names, form)
        if self.order.workbook:
            write_workbook(staging / "FOR-LOOKING-ONLY.xlsx", staging, names, form)
            copies.append("FOR-LOOKING-ONLY.xlsx")
        return [
            WrittenFile(file="", name=name, rows=0, size=0, sha256="", media_type="application/octet-stream")
            for name in copies
        ]

    def _described(self, name: str, tables: list[WrittenFile]) -> Described:
        file, columns = self.files[name], self._columns[name]
        table = self._tables[file.from_]
        headers = {column.header for column in columns}
        key = (file.id,) if file.id in headers and not file.lines else () if file.columns else table.key
        targets = {}
        for column in columns if not self.order.since else ():
            target = self._target(column.references, tables) if not column.spec.when else None
            if target:
                targets[column.header] = target
        title, about = (file.object or name, file.about) if file.columns else (table.title, table.about)
        return Described(
            spec=file,
            columns=columns,
            title=title,
            about=about,
            key=tuple(k for k in key if k in headers),
            targets=targets,
        )

    def _target(self, table: str, tables: list[WrittenFile]) -> tuple[str, str] | None:
        """Return the one file, with its column of ids, that holds every row of a table."""
        whole = [
            (name, file.id)
            for name, file in self.files.items()
            if file.from_ == table
            and not (file.where or file.unless or file.lines)
            and not (file.operation == "insert" and self._ledger.path)
            and not (file.columns and (file.id not in file.columns or file.columns[file.id].prefix))
        ]
        names = [file.file for file in tables]
        return next(((name, column) for name, column in whole if column and names.count(name) == 1), None)

    def _remember(self) -> None:
        if self._ledger.path is not None and not self.order.sample:
            self._ledger.update(self._departures.keys if self._departures else ())
            self._ledger.save()

    def _report(self) -> ExportReport:
        remarks = self._source.remarks
        return ExportReport(
            out=self.order.out,
            profile=self.profile.name,
            tables={name: self._counts[f"rows {name}"] for name in self.files},
            normalized=dict(sorted(self._cells.normalized.items())),
            long_cells=dict(sorted(self._cells.long_cells.items())),
            split_notes=remarks["split_notes"],
            whole_names=remarks["whole_names"],
            lead_deals=remarks["lead_deals"],
            conflict_copies=self._catalog.select("SELECT count(*) FROM notes WHERE copy_of IS NOT NULL")[0][0],
            findings=self.findings.counts(),
            unchanged=self._counts["unchanged"],
            already_loaded=self._counts["already"],
            deleted=len(self._departures.gone) if self._departures else 0,
            merged=len(self._departures.merged) if self._departures else 0,
            ledger=self._ledger.path if self.order.out and not self.order.sample else None,
            redacted=tuple(self._redacted),
        )


@contextmanager
def run_export(
    catalog: Catalog, settings: Settings, root: Path, order: ExportOrder, progress: Progress | None = None
) -> Iterator[tuple[ExportReport, Export]]:
    """Carry an order out, all or nothing, from one state of the catalogue; give the report, and the findings to read.

    Few rows are held at a time. Raises ExportFolderError, SettingsError, LedgerError, MissingExtraError.
    """
    export = Export(catalog, settings, root, order)
    try:
        yield export.run(progress), export
    finally:
        export.close()


def export_tables(
    catalog: Catalog,
    settings: Settings,
    out: Path,
    vault_root: Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Write the neutral tables to ``out`` and remember nothing; see :func:`run_export`."""
    today = datetime.now(UTC).date()
    order = ExportOrder(profile=load_profile(GENERIC, vault_root), out=out, today=today, force=force)
    with run_export(catalog, settings, vault_root, order, progress) as (report, _export):
        return report


__all__ = ["GENERIC", "Export", "export_tables", "files_of", "run_export"]
