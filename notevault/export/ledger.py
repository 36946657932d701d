"""What was exported under which id and digest, and the ids that the CRM gave: a plain CSV that outlives every cache."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from notevault.atomic import ChangedMeanwhileError, create_file, replace_file
from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.note import digest_of

_HEADER: Final = ("table", "file", "id", "digest", "crm_id", "exported", "name")


class LedgerError(NotevaultError):
    """A ledger that cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            _("{path}: the list of what was exported cannot be used: {reason}").format(path=path, reason=reason),
            _("mend or move that file; without it everything counts as new"),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of one file as it was last exported; of ``digest`` "" only the CRM's id is known."""

    digest: str
    crm_id: str = ""
    exported: str = ""
    name: str = ""


class Ledger:
    """The entries of one profile, by table, file and id."""

    def __init__(self, path: Path | None = None, *, existed: bool = False) -> None:
        self.path = path
        self.existed = existed
        self.entries: dict[tuple[str, str, str], Entry] = {}
        self._crm_ids: dict[tuple[str, str], str] = {}
        self._before = b""

    @classmethod
    def load(cls, path: Path) -> "Ledger":
        """Read the ledger; an empty one where there is no file. Raises LedgerError."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            raise LedgerError(path, error.strerror or str(error)) from error
        ledger = cls(path, existed=True)
        ledger._before = data
        try:
            rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
            for row in rows:
                entry = Entry(row["digest"], row["crm_id"], row["exported"], row["name"])
                ledger.put(row["table"], row["file"], row["id"], entry)
        except (KeyError, TypeError, ValueError, csv.Error) as error:
            raise LedgerError(path, str(error)) from error
        return ledger

    def put(self, table: str, file: str, identifier: str, entry: Entry) -> None:
        """Remember an entry."""
        self.entries[table, file, identifier] = entry
        if entry.crm_id:
            self._crm_ids[table, identifier] = entry.crm_id

    def find(self, table: str, file: str, identifier: str) -> Entry | None:
        """Return what was exported into this file."""
        entry = self.entries.get((table, file, identifier))
        return entry if entry and entry.digest else None

    def crm_id(self, table: str, identifier: str) -> str:
        """Return the CRM's id of a row, where it is known."""
        return self._crm_ids.get((table, identifier), "")

    def find_ours(self, table: str, crm_id: str) -> str | None:
        """Return our id for the CRM's."""
        return next((ours for (of, ours), theirs in self._crm_ids.items() if of == table and theirs == crm_id), None)

    def learn_id(self, table: str, file: str, identifier: str, crm_id: str) -> bool:
        """Keep the CRM's id of a row; returns whether it is news."""
        if self.crm_id(table, identifier) == crm_id:
            return False
        before = self.entries.get((table, file, identifier), Entry(""))
        self.put(table, file, identifier, Entry(before.digest, crm_id, before.exported, before.name))
        return True

    def update(self, written: Mapping[tuple[str, str, str], Entry], gone: set[tuple[str, str, str]]) -> None:
        """Take in what was exported just now, and forget what was exported as deleted."""
        for key in gone:
            self.entries.pop(key, None)
        for (table, file, identifier), entry in written.items():
            crm_id = entry.crm_id or self.crm_id(table, identifier)
            self.put(table, file, identifier, Entry(entry.digest, crm_id, entry.exported, entry.name))

    def save(self) -> None:
        """Write the ledger whole. Raises LedgerError, also where another run has written it meanwhile."""
        if self.path is None:
            return
        out = io.StringIO(newline="")
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(self._rows())
        data = out.getvalue().encode()
        try:
            if data == self._before and self.existed:
                return
            if self.existed:
                replace_file(str(self.path), data, digest_of(self._before))
            else:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                create_file(str(self.path), data)
        except ChangedMeanwhileError as error:
            raise LedgerError(self.path, _("another export has changed it meanwhile")) from error
        except OSError as error:
            raise LedgerError(self.path, error.strerror or str(error)) from error
        self.existed, self._before = True, data

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for (table, file, identifier), entry in sorted(self.entries.items()):
            yield (table, file, identifier, entry.digest, entry.crm_id, entry.exported, entry.name)
