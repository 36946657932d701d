"""What a CRM would refuse, cut or misread, gathered while rows are made; kept in the run's temporary database."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from notevault.catalog import Catalog
from notevault.export.store import Cells, RowStore
from notevault.model import Severity
from notevault.records import record

_CUSTOMER: Final = ("customer", "name")
_FIELDS_OF: Final = {
    "stage_raw": ("stage",), "start_at": ("date",), "occurred_at": ("date",), "location": ("place",),
    "subject": ("title",), "name": _CUSTOMER, "company": _CUSTOMER, "account_id": _CUSTOMER, "lead_id": _CUSTOMER,
    "last_name": ("contacts",), "opportunity_id": ("deal",), "expected_close_date": ("close_date",),
    "state": ("address",), "city": ("address",), "street": ("address",), "postal_code": ("address", "postal_code"),
}  # fmt: skip
"""Neutral column → front matter keys whose line is shown, the first that the note has, where they differ."""
_OF_CONTACTS: Final = frozenset({"name", "email", "phone", "mobile", "title", "department", "role"})
_COLUMNS: Final = ("rule", "severity", "file", "id", "column", "message", "value", "path", "line", "count")
_SHOWN: Final = 120
_HELD: Final = 1000


@record
class Finding:
    """One thing about one cell or, where ``count`` is above 1, about so many alike."""

    rule: str
    severity: Severity
    file: str
    id: str
    column: str
    message: str
    value: str
    path: str
    line: int
    """From 1; 0 where no line is meant."""
    count: int

    def as_row(self) -> dict[str, object]:
        """Return the finding under its documented names."""
        return {name: getattr(self, name) for name in _COLUMNS}


class Findings:
    """The findings of one run; remarks that repeat are kept once, with their number."""

    def __init__(self, store: RowStore, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog
        self._pending: list[list[str]] = []
        self._alike: dict[tuple[str, ...], list[str]] = {}
        self._find_line = lru_cache(4096)(self._look_up_line)
        store.make_table("findings", _COLUMNS)

    def add(
        self,
        rule: str,
        severity: Severity,
        place: tuple[str, str],
        message: str,
        *,
        row: Cells | None = None,
        source: str = "",
        value: str = "",
        once: bool = False,
    ) -> None:
        """Note a finding; ``place`` is file and column, ``source`` the neutral column the value comes from.

        With ``once`` the same sentence about the same column is kept once, with the first place and the number.
        """
        file, column = place
        if once and (seen := self._alike.get((rule, file, column, message))):
            seen[-1] = str(int(seen[-1]) + 1)
            return
        row = row or {}
        path = row.get("source_path", "")
        shown = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
        line = str(self._line_of(row, path, source))
        entry = [rule, severity.value, file, row.get("id", ""), column, message, shown, path, line, "1"]
        if once:
            self._alike[rule, file, column, message] = entry
            return
        self._pending.append(entry)
        if len(self._pending) >= _HELD:
            self._flush_pending()

    def counts(self) -> dict[str, int]:
        """Return the number of findings by severity."""
        self._flush()
        counted = {severity.value: 0 for severity in Severity}
        for severity, count in self._store.select(
            "SELECT severity, sum(CAST(count AS INTEGER)) FROM findings GROUP BY 1"
        ):
            counted[severity] = int(count)
        return counted

    def iter_all(self) -> Iterator[Finding]:
        """Yield every finding, the worst first."""
        self._flush()
        order = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, file, rule, rowid"
        for row in self._store.select(f"SELECT * FROM findings ORDER BY {order}"):
            values = dict(zip(_COLUMNS, row, strict=True))
            yield Finding(
                rule=values["rule"],
                severity=Severity(values["severity"]),
                file=values["file"],
                id=values["id"],
                column=values["column"],
                message=values["message"],
                value=values["value"],
                path=values["path"],
                line=int(values["line"]),
                count=int(values["count"]),
            )

    def summary(self) -> dict[str, dict[str, int]]:
        """Return rule → severity → number."""
        self._flush()
        found: dict[str, dict[str, int]] = {}
        sql = "SELECT rule, severity, sum(CAST(count AS INTEGER)) FROM findings GROUP BY 1, 2 ORDER BY 1, 2"
        for rule, severity, count in self._store.select(sql):
            found.setdefault(rule, {})[severity] = int(count)
        return found

    def render_json(self, head: dict[str, object]) -> Iterator[str]:
        """Yield ``preflight.json`` in pieces, some findings at a time."""
        yield json.dumps({**head, "findings": []}, ensure_ascii=False, indent=2)[: -len("]\n}")]
        between = "\n    "
        for finding in self.iter_all():
            yield between + json.dumps(finding.as_row(), ensure_ascii=False)
            between = ",\n    "
        yield "\n  ]\n}\n"

    def _flush_pending(self) -> None:
        pending, self._pending = self._pending, []
        self._store.add_rows("findings", pending)

    def _flush(self) -> None:
        self._flush_pending()
        alike, self._alike = self._alike, {}
        self._store.add_rows("findings", alike.values())

    def _line_of(self, row: Cells, path: str, source: str) -> int:
        if not path:
            return 0
        if line := row.get("source_line"):
            return int(line)
        if "name_split" in row and source in _OF_CONTACTS:
            keys: tuple[str, ...] = ("contacts", source)
        elif "stage_raw" in row and source == "name":
            keys = ("deal",)
        else:
            keys = _FIELDS_OF.get(source, (source,))
        return self._find_line(path, keys)

    def _look_up_line(self, path: str, keys: tuple[str, ...]) -> int:
        for key in keys:
            found = self._catalog.select(
                "SELECT min(line) FROM fields WHERE note_id = (SELECT id FROM notes WHERE path = ?) AND key = ?",
                (path, key),
            )
            if found[0][0]:
                return int(found[0][0])
        return 1
