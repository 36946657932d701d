"""What concerns several rows at once: companies and persons that a CRM would merge, and notes that would be missed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from notevault.catalog import Catalog
from notevault.export.findings import Findings
from notevault.export.profile import FileSpec
from notevault.export.profile_rows import make_condition
from notevault.export.store import Cells, RowStore
from notevault.messages import gettext as _
from notevault.model import Severity
from notevault.names.key import name_key
from notevault.values import is_corporate_number

_TELLING: Final = frozenset({"body", "subject"})
_DATED: Final = frozenset(
    {"start_at", "occurred_at", "changed_at", "due_date", "completed_at", "source_created_at", "source_updated_at"}
)


def check_doubles(store: RowStore, findings: Findings, *, redact: bool = False) -> None:
    """Note companies and persons that share what CRMs tell them apart by; ``redact`` keeps persons' names out."""
    companies: list[tuple[str, str]] = [("accounts", "name"), ("leads", "company")]
    message = _("also '{other}' ({id}): a CRM with duplicate rules refuses one or merges both")
    for column, key, rule in (
        ("name", name_key, "duplicate-name"),
        ("corporate_number", str, "duplicate-number"),
        ("domain", str.lower, "duplicate-domain"),
        ("phone", _digits, "duplicate-phone"),
    ):
        rows = (
            (table, name if column == "name" else column, row, row[name])
            for table, name in companies
            for row in store.iter_rows(table, _filled(name if column == "name" else column))
        )
        _report_same(findings, rule, rows, key, message)
    contacts = (("contacts", "email", row, row["name"]) for row in store.iter_rows("contacts", _filled("email")))
    merged = (
        _("also ({id}): HubSpot and others merge both")
        if redact
        else _("also '{other}' ({id}): HubSpot and others merge both")
    )
    _report_same(findings, "duplicate-email", contacts, str.lower, merged, redact=redact)
    for table, _name in companies:
        for row in store.iter_rows(table, _filled("corporate_number")):
            if not is_corporate_number(row["corporate_number"]):
                note = _("the check digit of the corporate number is wrong")
                place = (table, "corporate_number")
                findings.add(
                    "corporate-number",
                    Severity.WARNING,
                    place,
                    note,
                    row=row,
                    source="corporate_number",
                    value=row["corporate_number"],
                )


def check_missed(catalog: Catalog, findings: Findings) -> None:
    """Note dates that nobody can read and customers that nobody can tell: such notes are no activities."""
    for found in catalog.iterate(
        "SELECT n.path, n.customer, (SELECT min(line) FROM fields WHERE note_id = n.id AND key = 'customer') AS line"
        " FROM notes n WHERE n.customer IS NOT NULL AND n.customer_id IS NULL AND n.copy_of IS NULL ORDER BY n.path"
    ):
        row = {"source_path": found["path"], "source_line": str(found["line"] or 1)}
        message = _("'{name}' may be several customers: the note belongs to none and is no activity").format(
            name=found["customer"]
        )
        place = ("activities", "account_id")
        findings.add("orphan", Severity.WARNING, place, message, row=row, value=found["customer"])
    for found in catalog.iterate(
        "SELECT n.path, f.value, f.line FROM notes n JOIN fields f ON f.note_id = n.id"
        " WHERE f.key = 'date' AND f.day IS NULL AND n.day IS NULL AND n.copy_of IS NULL AND f.position = 0"
        " ORDER BY n.path"
    ):
        row = {"source_path": found["path"], "source_line": str(found["line"])}
        message = _("the date '{value}' cannot be read: the note is exported, but as no activity").format(
            value=found["value"]
        )
        findings.add(
            "date-unreadable", Severity.WARNING, ("activities", "start_at"), message, row=row, value=found["value"]
        )


def check_lost(store: RowStore, findings: Findings) -> None:
    """Note files that are not there, links that lead nowhere, and closed deals without a day."""
    for row in store.iter_rows("attachments", "missing = 'true'"):
        message = _("the file '{path}' is not there").format(path=row["path"])
        findings.add(
            "attachment-missing", Severity.WARNING, ("attachments", "path"), message, row=row, value=row["path"]
        )
    for row in store.iter_rows("links", "kind = 'missing'"):
        message = _("the link leads nowhere; it is exported as text")
        findings.add("link-unresolved", Severity.INFO, ("links", "target"), message, row=row, value=row["target"])
    for row in store.iter_rows("opportunities", "state <> 'open' AND close_date = ''"):
        message = _("won or lost, but no day is known: CRMs demand one")
        findings.add(
            "closed-without-date",
            Severity.WARNING,
            ("opportunities", "close_date"),
            message,
            row=row,
            source="close_date",
        )
    for row in store.iter_rows("opportunities", "stage = '' AND stage_raw <> ''"):
        message = _("'{value}' is no stage of notevault.toml").format(value=row["stage_raw"])
        findings.add(
            "stage-unknown",
            Severity.WARNING,
            ("opportunities", "stage"),
            message,
            row=row,
            source="stage",
            value=row["stage_raw"],
        )


def check_left_out(store: RowStore, findings: Findings, files: Mapping[str, FileSpec]) -> None:
    """Note rows of neutral tables that no file of the profile takes: they would be lost without a word."""
    minutes = any(file.from_ == "activities" and _carries_body(file) for file in files.values())
    for table in store.columns:
        if table == "findings" or any(file.lines == table for file in files.values()):
            continue
        taken = [make_condition(file) for file in files.values() if table == file.from_]
        condition = " OR ".join(f"({sql})" for sql, _parameters in taken) or "0"
        parameters = [value for _sql, values in taken for value in values]
        if table == "notes" and minutes:  # their text goes with the activity
            condition += " OR (activity_id <> '' AND body_part = '1')"
        left = store.count(table, f"NOT ({condition})", parameters)
        if left and not taken:
            message = _("{count} rows of {table} go into no file of this profile").format(count=left, table=table)
            findings.add("left-out", Severity.WARNING, (table, ""), message)
            continue
        message = _("it hangs on nothing that the CRM knows and goes into no file of this profile")
        for row in store.iter_rows(table, f"NOT ({condition})", parameters) if left else ():
            value = row.get("title") or row.get("subject") or row.get("name", "")
            findings.add("left-out", Severity.WARNING, (table, ""), message, row=row, source="customer", value=value)


def _carries_body(file: FileSpec) -> bool:
    return not file.columns or any("body" in (spec.from_, *spec.first, *spec.join) for spec in file.columns.values())


def check_dates(findings: Findings, files: Mapping[str, FileSpec]) -> None:
    """Note files of what happened that say no day: the CRM shows the day of the import instead."""
    for name, file in files.items():
        sources = {each for spec in file.columns.values() for each in (spec.from_, *spec.first, *spec.join)}
        if sources & _TELLING and not sources & _DATED:
            message = _("no column says the day it happened: the CRM will show the day of the import")
            findings.add("history-lost", Severity.WARNING, (name, ""), message)


def check_currencies(store: RowStore, findings: Findings, files: Mapping[str, FileSpec]) -> None:
    """Note amounts in another currency than most, where a file says amounts and no currency."""
    counted = list(
        store.select(
            "SELECT currency FROM opportunities WHERE amount <> '' AND currency <> ''"
            " GROUP BY 1 ORDER BY count(*) DESC, 1"
        )
    )
    for name, file in files.items() if len(counted) > 1 else ():
        sources = [each for spec in file.columns.values() for each in (spec.from_, *spec.first, *spec.join)]
        if file.from_ != "opportunities" or "amount" not in sources or "currency" in sources:
            continue
        message = _("the amount is in {currency}, but the file says no currency: the CRM takes it for {main}")
        for row in store.iter_rows("opportunities", "amount <> '' AND currency NOT IN (?, '')", counted[0]):
            said = message.format(currency=row["currency"], main=counted[0][0])
            place = (name, "amount")
            findings.add("currency", Severity.ERROR, place, said, row=row, source="amount", value=row["amount"])


def _report_same(
    findings: Findings,
    rule: str,
    rows: Iterator[tuple[str, str, Cells, str]],
    key: Callable[[str], str],
    message: str,
    *,
    redact: bool = False,
) -> None:
    first: dict[str, tuple[str, str]] = {}
    for table, column, row, name in rows:
        same = key(row[column])
        if not same:
            continue
        if same in first:
            other, identifier = first[same]
            findings.add(
                rule, Severity.WARNING, (table, column), message.format(other=other, id=identifier),
                row=row, source=column, value="" if redact else row[column],
            )  # fmt: skip
        else:
            first[same] = (name, row["id"])


def _filled(column: str) -> str:
    return f"\"{column}\" <> ''"


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit())
