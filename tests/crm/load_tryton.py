"""Runs inside Tryton's own virtualenv: import an export through Model.import_data, and read every field back.

``load_tryton.py CONFIG FOLDER SUCCESS`` reads ``FOLDER/*.csv`` in the order of ``datapackage.json``, writes the ids
that Tryton gave to ``SUCCESS/*.csv`` and prints one JSON object: rows, records before and after, refused, different.
"""

import contextlib
import csv
import datetime as dt
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import trytond.config as tryton_config

config = getattr(tryton_config, "config", tryton_config)
config.update_etc(sys.argv[1])

from trytond.exceptions import TrytonException  # noqa: E402 -- the configuration comes first
from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction  # noqa: E402

DATABASE = "crm"
BATCH = 500
KEYS = {"party.party": "code", "sale.opportunity": "number"}
NAMES = {**KEYS, "currency.currency": "code"}
"""What a row calls a record by."""


def load(folder: Path, success: Path) -> dict[str, Any]:
    """Import every file that goes to a model, and compare."""
    result: dict[str, Any] = {"rows": 0, "refused": [], "different": [], "records": {}}
    resources = json.loads((folder / "datapackage.json").read_bytes())["resources"]
    for resource in resources:
        model = resource.get("title", "")
        if resource.get("type") != "table" or "." not in model:
            continue
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, strict=True)
        result["rows"] += len(rows)
        created = _import(model, header, rows, result)
        _compare(model, header, rows, created, result)
        _write_ids(model, header, rows, success / resource["path"])
    return result


def count_all() -> dict[str, Any]:
    """Return the number of records by model."""
    with Transaction().start(DATABASE, 0, readonly=True):
        models = ("party.party", "party.address", "party.contact_mechanism", "party.identifier", "party.relation")
        return {
            name: Pool(DATABASE).get(name).search([], count=True) for name in (*models, "sale.opportunity", "ir.note")
        }


def _import(model: str, header: list[Any], rows: list[Any], result: dict[str, Any]) -> list[Any]:
    """Import in batches; where one is refused, row by row, so that each refused row is named. Return new ids."""
    created = []
    for at in range(0, len(rows), BATCH):
        batch = rows[at : at + BATCH]
        try:
            created += _import_rows(model, header, batch)
        except (TrytonException, ValueError, KeyError, TypeError):
            for row in batch:
                try:
                    created += _import_rows(model, header, [row])
                except (TrytonException, ValueError, KeyError, TypeError) as error:
                    result["refused"].append({"model": model, "row": row[:6], "why": str(error)[:300]})
    return created


def _import_rows(model: str, header: list[Any], rows: list[Any]) -> list[Any]:
    with Transaction().start(DATABASE, 1, context=_context()) as transaction:
        of_model = Pool(DATABASE).get(model)
        before = max((record.id for record in of_model.search([], order=[("id", "DESC")], limit=1)), default=0)
        of_model.import_data(header, [list(row) for row in rows])
        transaction.commit()
        found = of_model.search([("id", ">", before)], order=[("id", "ASC")])
        return [record.id for record in found]


def _context() -> dict[str, Any]:
    return {"company": 1, "active_test": False}


def _compare(model: str, header: list[Any], rows: list[Any], created: list[Any], result: dict[str, Any]) -> None:
    """Read each record back, by its key or else in the order of creation, and compare field by field."""
    with Transaction().start(DATABASE, 1, readonly=True, context=_context()):
        of_model = Pool(DATABASE).get(model)
        key = KEYS.get(model)
        if key:
            by_key = {getattr(record, key): record for record in of_model.search([])}
            records = [by_key.get(row[header.index(key)]) for row in rows]
        else:
            records = [of_model(identifier) for identifier in created]
        if len(records) != len(rows):
            result["different"].append(f"{model}: {len(rows)} rows, {len(records)} records")
            return
        for record, row in zip(records, rows, strict=True):
            for name, wanted in zip(header, row, strict=True):
                found = _text(record, name) if record else None
                if name != "id" and not _same(found, wanted):
                    result["different"].append(f"{model}.{name}: {wanted[:60]!r} came back as {str(found)[:60]!r}")


def _text(record: object, name: str) -> str:
    value = getattr(record, name)
    if value is None:
        return ""
    if hasattr(value, "__name__") and hasattr(value, "id"):
        related = getattr(value, NAMES.get(value.__name__, "rec_name"))
        return f"{value.__name__},{related}" if name == "resource" else str(related)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _same(found: str | None, wanted: str) -> bool:
    if found == wanted:
        return True
    with contextlib.suppress(ArithmeticError, TypeError):
        return Decimal(str(found)) == Decimal(wanted)
    return False


def _write_ids(model: str, header: list[Any], rows: list[Any], path: Path) -> None:
    key = KEYS.get(model)
    if key is None:
        return
    wanted = {row[header.index(key)] for row in rows}
    with Transaction().start(DATABASE, 0, readonly=True, context=_context()):
        found = [(getattr(record, key), record.id) for record in Pool(DATABASE).get(model).search([])]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([key, "id"])
        writer.writerows(pair for pair in found if pair[0] in wanted)


def main() -> None:
    """Import, compare, print what was found."""
    Pool.start()
    Pool(DATABASE).init()
    before = count_all()
    result = load(Path(sys.argv[2]), Path(sys.argv[3]))
    result["records"] = {"before": before, "after": count_all()}
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
