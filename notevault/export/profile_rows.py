"""The rows of one file of a profile, with the id each has here and a digest of what it says."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Final, NamedTuple

from notevault.export.cell_checks import CellMaker, applies
from notevault.export.columns import Kind
from notevault.export.mapping import CRM_ID, OutColumn
from notevault.export.profile import FileSpec, LimitSpec
from notevault.export.render import render_lines
from notevault.export.store import Cells, RowStore
from notevault.messages import gettext as _
from notevault.model import Severity

_FORMULA: Final = frozenset("=+-@")
_SPREADSHEET: Final = _FORMULA | frozenset("0123456789")
_NEVER_RUN: Final = (Kind.DATE, Kind.MOMENT, Kind.BOOLEAN, Kind.INTEGER)
"""What a spreadsheet neither runs nor destroys."""
_DIGITS: Final = re.compile(r"0[0-9]+|[0-9]{12,}")


class Record(NamedTuple):
    """One record: its row, and further rows where it has lines."""

    id: str
    digest: str
    """Of what it says; "" where nobody asks for it, as ``name``."""
    name: str
    rows: tuple[list[str], ...]
    neutral: Cells


class ProfileRows:
    """Makes the records of one file."""

    def __init__(
        self, spec: FileSpec, columns: tuple[OutColumn, ...], maker: CellMaker, store: RowStore, limits: LimitSpec
    ) -> None:
        self.spec = spec
        self.columns = columns
        self.key: tuple[str, ...] = ("id",)
        """Neutral columns that tell records apart where they have no id."""
        self.digested = True
        """Whether records are told apart by what they say."""
        self._maker = maker
        self._store = store
        self._limits = limits
        self._makers = [maker.prepare(column) for column in columns]
        demands = [(at, maker.demand(column)) for at, column in enumerate(columns)]
        self._demands = [(at, *demand) for at, demand in demands if demand]
        self._of_lines = [column.spec.line for column in columns]
        places = {column.header: at for at, column in enumerate(columns)}
        self._moved = [
            (at, places[target], column.spec.max)
            for at, column in enumerate(columns)
            if (target := column.spec.overflow.partition("into:")[2]) in places
        ]
        own = {
            column.header
            for column in columns
            if any(CRM_ID in name for name in (column.spec.from_, *column.spec.first, *column.spec.join))
        }
        self._in_digest = [at for at, column in enumerate(columns) if column.header not in own]
        self._copy = None if spec.lines or self._moved else _copier(columns, maker)
        self._runnable = [
            at
            for at, column in enumerate(columns)
            if column.source and not (column.kind in _NEVER_RUN and maker.copies(column))
        ]
        self._texts = [at for at, column in enumerate(columns) if column.source in ("body", "description")]

    @property
    def header(self) -> list[str]:
        """The headers, the mark of records first where there is one."""
        return [*([self.spec.mark] if self.spec.mark else []), *(column.header for column in self.columns)]

    def __iter__(self) -> Iterator[Record]:
        condition, parameters = make_condition(self.spec)
        for row in self._store.iter_rows(self.spec.from_, condition, parameters):
            yield self._record(row)

    def _record(self, row: Cells) -> Record:
        if self._copy:
            rows = [self._copied(row, list(self._copy(row)))]
        else:
            lines = self._lines_of(row)
            rows = [self._cells(row, line, is_first=at == 0) for at, line in enumerate(lines)]
        self._review(row, rows[0])
        if self.spec.mark:
            rows = [["*" if at == 0 else "", *cells] for at, cells in enumerate(rows)]
        identifier = row.get("id") or "-".join([row[name] for name in self.key])
        if not self.digested:
            return Record(identifier, "", "", tuple(rows), row)
        name = row.get("name") or row.get("company") or row.get("subject") or row.get("title") or ""
        return Record(identifier, self._digest(rows), name, tuple(rows), row)

    def _copied(self, row: Cells, cells: list[str]) -> list[str]:
        for at, good, is_strict, check in self._demands:
            text = cells[at]
            if text not in good and (is_strict or not text):
                check(row, text)
        return cells

    def _digest(self, rows: list[list[str]]) -> str:
        """Return what the record says, without the CRM's own ids and the mark of its first row."""
        skipped = 1 if self.spec.mark else 0
        said = "\x1f".join("\x1e".join([cells[at + skipped] for at in self._in_digest]) for cells in rows)
        return sha256(said.encode()).hexdigest()[:20]

    def _lines_of(self, row: Cells) -> list[Cells | None]:
        if not self.spec.lines:
            return [None]
        return list(self._store.iter_rows(self.spec.lines, f'"{self.spec.by}" = ?', (row["id"],))) or [None]

    def _cells(self, row: Cells, line: Cells | None, *, is_first: bool) -> list[str]:
        if not self.spec.lines and not self._moved:
            return [make(row) for make in self._makers]
        cells = []
        for make, of_lines in zip(self._makers, self._of_lines, strict=True):
            if of_lines:
                cells.append(make(line) if line else "")
            else:
                cells.append(make(row) if is_first or not self.spec.blank_repeats else "")
        for at, target, longest in self._moved:
            if longest and len(cells[at]) > longest:
                self._move(row, cells, at, target)
        return cells

    def _move(self, row: Cells, cells: list[str], at: int, target: int) -> None:
        """Put a text that is too long whole on top of another column, and its beginning into its own."""
        column, other = self.columns[at], self.columns[target]
        if other.spec.render in ("html", "lines"):
            cells[target] = f"{render_lines(cells[at])}<br><br>{cells[target]}"
        else:
            cells[target] = f"{cells[at]}\n\n{cells[target]}".strip()
        message = _("too long for the CRM; the whole stands at the top of '{column}'").format(column=other.header)
        self._maker.report("moved", Severity.WARNING, column, row, message, value=cells[at])
        cells[at] = cells[at][: column.spec.max - 1] + "…"
        if other.spec.max and len(cells[target]) > other.spec.max:
            message = _("{length} characters, the CRM takes {max}: it would refuse or cut it").format(
                length=len(cells[target]), max=other.spec.max
            )
            self._maker.report("too-long", Severity.ERROR, other, row, message, value=cells[target])

    def _review(self, row: Cells, cells: list[str]) -> None:
        """Note what concerns the row as a whole."""
        for at in self._runnable:
            cell = cells[at]
            if not cell or cell[0] not in _SPREADSHEET:
                continue
            column = self.columns[at]
            if cell[0] in _FORMULA:
                message = _("begins as a formula does; importers take it as text, a spreadsheet runs it")
                self._maker.report("formula", Severity.INFO, column, row, message, value=cell, once=True)
            elif column.kind in (Kind.LINE, Kind.ID) and _DIGITS.fullmatch(cell):
                message = _("a spreadsheet that opens and saves the file destroys its zeros or digits")
                self._maker.report("digits", Severity.INFO, column, row, message, value=cell, once=True)
        if self._limits.record and sum(map(len, cells)) > self._limits.record:
            message = _("{length} characters in one record, the CRM takes {max}").format(
                length=sum(map(len, cells)), max=self._limits.record
            )
            self._maker.report("record-too-long", Severity.ERROR, self.columns[0], row, message)
        for at in self._texts if self.spec.from_ != "notes" else ():
            if row.get("body_parts" if "body_parts" in row else "description_parts", "") not in ("", "1"):
                message = _("only the first part of a long text; all of it stands in the notes")
                self._maker.report("continued", Severity.WARNING, self.columns[at], row, message)


def _copier(columns: Sequence[OutColumn], maker: CellMaker) -> Callable[[Cells], tuple[str, ...]] | None:
    """Return the function that gives all cells of a row at once, where each is a value as it is."""
    if len(columns) < 2 or not all(maker.copies(each) and isinstance(each.get, itemgetter) for each in columns):  # noqa: PLR2004
        return None
    return itemgetter(*[column.source for column in columns])


def make_condition(spec: FileSpec) -> tuple[str, list[str]]:
    """Return the SQL condition for the rows that belong into a file."""
    parts: list[str] = []
    parameters: list[str] = []
    for conditions, form in ((spec.where, "({})"), (spec.unless, "NOT ({})")):
        for name, allowed in conditions.items():
            values = [value for value in allowed if value != "*"]
            marks = ",".join("?" * len(values))
            either = [f'"{name}" IN ({marks})' if values else "0", f"\"{name}\" <> ''" if "*" in allowed else "0"]
            parts.append(form.format(" OR ".join(either)))
            parameters += values
    return " AND ".join(parts) or "1", parameters


Chooser = Callable[[Record], bool]
Conditions = Mapping[str, tuple[str, ...]]

__all__ = ["Chooser", "Conditions", "ProfileRows", "Record", "applies", "make_condition"]
