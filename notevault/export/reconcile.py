"""Counts and sums to compare after the import: by file, owner and stage."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Final

from notevault.export.moments import DAY_LENGTH
from notevault.export.store import Cells

HEADER: Final = ("file", "object", "owner", "stage", "rows", "amount", "currency", "first_date", "last_date")
_DATES: Final = ("start_at", "occurred_at", "changed_at", "close_date", "due_date", "source_updated_at")


class Reconciliation:
    """The figures of one export, gathered while it is written."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str, str, str], _Figures] = defaultdict(_Figures)

    def counter(self, file: str, kind: str, columns: Collection[str]) -> Callable[[Cells], None]:
        """Return what counts a record of one file by the neutral values it was made of; they have these columns."""
        groups = self._groups
        dates = tuple(name for name in _DATES if name in columns)
        has_owner, has_stage, has_amount = ("owner" in columns, "stage" in columns, "amount" in columns)

        def count(row: Cells) -> None:
            owner = row["owner"] if has_owner else ""
            stage = row["stage"] or row.get("stage_raw", "") if has_stage else ""
            amount = row["amount"] if has_amount else ""
            figures = groups[file, kind, owner, stage, row.get("currency", "") if amount else ""]
            figures.rows += 1
            if amount:
                figures.add_amount(amount)
            for name in dates:
                if found := row[name]:
                    figures.add_day(found[:DAY_LENGTH])
                    break

        return count

    def iter_rows(self) -> Iterator[list[str]]:
        """Yield the table: totals of each file first (owner ``*``), then each group."""
        totals: dict[tuple[str, str, str], _Figures] = defaultdict(_Figures)
        for (file, kind, _owner, _stage, currency), figures in self._groups.items():
            totals[file, kind, currency].merge(figures)
        whole: dict[tuple[str, str], int] = defaultdict(int)
        for (file, kind, _currency), figures in totals.items():
            whole[file, kind] += figures.rows
        for (file, kind), rows in whole.items():
            yield [file, kind, "*", "*", str(rows), "", "", "", ""]
        for (file, kind, currency), figures in sorted(totals.items()):
            if currency:
                yield [file, kind, "*", "*", *figures.cells(currency)]
        for (file, kind, owner, stage, currency), figures in sorted(self._groups.items()):
            yield [file, kind, owner, stage, *figures.cells(currency)]


class _Figures:
    def __init__(self) -> None:
        self.rows = 0
        self.amount = Decimal(0)
        self.first = self.last = ""

    def add_amount(self, amount: str) -> None:
        with suppress(InvalidOperation):  # shown by the preflight
            self.amount += Decimal(amount)

    def add_day(self, day: str) -> None:
        self.last = max(self.last, day)
        if not self.first or day < self.first:
            self.first = day

    def merge(self, other: "_Figures") -> None:
        self.rows += other.rows
        self.amount += other.amount
        self.first = min(filter(None, (self.first, other.first)), default="")
        self.last = max(self.last, other.last)

    def cells(self, currency: str) -> list[str]:
        amount = format(self.amount.normalize(), "f") if currency else ""
        return [str(self.rows), amount, currency, self.first, self.last]
