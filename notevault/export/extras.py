"""The files beside the tables: cards, calendar, figures to compare, what went away, the guide."""

import csv
import io
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from notevault.catalog import Catalog
from notevault.export.cards import iter_calendar, iter_vcards
from notevault.export.datapackage import WrittenFile
from notevault.export.ledger import Ledger
from notevault.export.profile import FileSpec
from notevault.export.store import RowStore
from notevault.names.key import name_key
from notevault.registered import make_customer_id

GONE_HEADER: Final = ("file", "object", "id", "crm_id", "name")
MERGED_HEADER: Final = ("file", "object", "id", "crm_id", "name", "how", "into_id", "into_crm_id")


def write_pieces(folder: Path, name: str, pieces: Iterable[bytes], media_type: str) -> WrittenFile:
    """Write a file piece by piece."""
    digest, size = sha256(), 0
    with (folder / name).open("xb") as stream:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            stream.write(piece)
    return WrittenFile(file="", name=name, rows=0, size=size, sha256=digest.hexdigest(), media_type=media_type)


def write_plain_table(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> WrittenFile:
    """Write a small CSV of texts, in the neutral dialect whatever the profile's is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    listed = list(rows)
    writer.writerows(listed)
    data = out.getvalue().encode()
    (folder / name).write_bytes(data)
    return WrittenFile(
        file="",
        name=name,
        rows=len(listed),
        size=len(data),
        sha256=sha256(data).hexdigest(),
        plain_header=tuple(header),
    )


def write_cards(folder: Path, store: RowStore) -> list[WrittenFile]:
    """Write ``contacts.vcf`` and ``activities.ics``."""
    return [
        write_pieces(folder, "contacts.vcf", iter_vcards(store, store.iter_rows("contacts")), "text/vcard"),
        write_pieces(folder, "activities.ics", iter_calendar(store, store.iter_rows("activities")), "text/calendar"),
    ]


class Departures:
    """What the ledger knows and this export no longer holds: gone, merged into another, or turned into an account."""

    def __init__(self, ledger: Ledger, files: dict[str, FileSpec], catalog: Catalog) -> None:
        missed = [
            (key, entry)
            for key, entry in ledger.missed(files)
            if not (_has_alike(key[1], files) and ledger.has_seen(key[0], key[2]))
        ]
        self.keys = [key for key, _entry in missed]
        self.gone: list[tuple[str, ...]] = []
        self.merged: list[tuple[str, ...]] = []
        into = _successors(catalog) if any(key[0] in ("accounts", "leads") for key in self.keys) else {}
        for (table, file, identifier), entry in missed:
            named = (file, files[file].object or file, identifier, ledger.crm_id(table, identifier), entry.name)
            if table == "leads" and ledger.has_seen("accounts", identifier):
                self.merged.append((*named, "converted", identifier, ledger.crm_id("accounts", identifier)))
            elif ledger.has_seen(table, identifier):
                self.gone.append(named)  # now in another file of the same table
            elif identifier in into:
                other = into[identifier]
                theirs = ledger.crm_id("accounts", other) or ledger.crm_id("leads", other)
                self.merged.append((*named, "merged", other, theirs))
            else:
                self.gone.append(named)


def _has_alike(name: str, files: dict[str, FileSpec]) -> bool:
    """Say whether another file of the group holds the same objects: what moved there stays what it is in the CRM."""
    file = files[name]
    alike = [other for other, spec in files.items() if spec.group == file.group and spec.object == file.object]
    return bool(file.group and file.object) and alike != [name]


def _successors(catalog: Catalog) -> dict[str, str]:
    """Return former customer id → the customer whose name or note now says what it was called."""
    known = {row[0] for row in catalog.select_tuples("SELECT id FROM customers")}
    into = {
        make_customer_id(name_key(name)): customer
        for customer, name in catalog.select_tuples("SELECT customer_id, name FROM customer_names")
    }
    into |= dict(
        catalog.select_tuples(
            "SELECT f.value, n.customer_id FROM fields f JOIN notes n ON n.id = f.note_id"
            " WHERE f.key = 'id' AND n.type = 'merged-customer' AND n.customer_id IS NOT NULL"
        )
    )
    return {former: customer for former, customer in into.items() if former not in known and former != customer}
