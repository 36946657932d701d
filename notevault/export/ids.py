"""The ids that a CRM gave: read from its success files and kept in the ledger."""

import csv
import io
from pathlib import Path
from typing import Final

from notevault.errors import NotevaultError
from notevault.export.files import files_of
from notevault.export.ledger import Ledger
from notevault.export.profile import FileSpec, Profile
from notevault.messages import gettext as _
from notevault.note import decode_note

_THEIRS: Final = (
    "sf__id", "id", "record id", "hs_object_id", "crm_id", "レコードid", "レコード番号", "$id", "record_id", ".id",
)  # fmt: skip


_LOOKED_AT: Final = 100
"""Rows that tell whose ids they are."""


class SuccessFileError(NotevaultError):
    """A success file from which no ids can be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}",
            _("it needs the column with this program's ids and one with the CRM's; the profile's [ids] names them"),
        )


def learn_ids(profile: Profile, ledger: Ledger, path: Path) -> int:
    """Keep the CRM's ids of a success file; returns how many are news. Raises SuccessFileError."""
    header, rows = read_table(path)
    folded = [name.strip().casefold() for name in header]
    ours = _find_ours(profile, ledger, folded, path, rows)
    theirs = _find_theirs(profile, folded, ours[0])
    if theirs is None:
        raise SuccessFileError(path, _("no column holds the CRM's ids: {headers}").format(headers=", ".join(header)))
    at, name, file = ours
    prefix = _prefix_of(file)
    learned = 0
    for row in rows:
        if len(row) > max(at, theirs) and row[at].strip() and row[theirs].strip():
            learned += ledger.learn_id(file.from_, name, row[at].strip().removeprefix(prefix), row[theirs].strip())
    return learned


def read_table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a CSV of any common encoding and delimiter. Raises SuccessFileError."""
    try:
        text = decode_note(path.read_bytes()).text
        first = text.partition("\n")[0]
        delimiter = max(",\t;", key=first.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except OSError as error:
        raise SuccessFileError(path, error.strerror or str(error)) from error
    except csv.Error as error:
        raise SuccessFileError(path, str(error)) from error
    if not rows:
        raise SuccessFileError(path, _("the file is empty"))
    return rows[0], [row for row in rows[1:] if row]


def _find_ours(
    profile: Profile, ledger: Ledger, folded: list[str], path: Path, rows: list[list[str]]
) -> tuple[int, str, FileSpec]:
    """Return position, file name and file whose ids the column holds.

    The name of the success file tells, and where it tells nothing (Data Loader: success112226.csv), what was exported.
    """
    wanted = path.stem.casefold()
    files = files_of(profile)
    named = sorted((name for name in files if name.casefold() in wanted), key=len, reverse=True)
    found = []
    for name in named or files:
        headers = (files[name].id, *profile.ids.ours)
        places = [folded.index(header.casefold()) for header in headers if header.casefold() in folded]
        if places:
            found.append((places[0], name, files[name]))
    if not found:
        raise SuccessFileError(path, _("no column holds this program's ids"))
    return max(found, key=lambda each: _count_known(ledger, each, rows))


def _count_known(ledger: Ledger, place: tuple[int, str, FileSpec], rows: list[list[str]]) -> int:
    """Return how many of the first rows were exported into this file."""
    at, name, file = place
    ids = [row[at].strip().removeprefix(_prefix_of(file)) for row in rows[:_LOOKED_AT] if len(row) > at]
    return sum(ledger.find(file.from_, name, each) is not None for each in ids)


def _prefix_of(file: FileSpec) -> str:
    return file.columns[file.id].prefix if file.id in file.columns else ""


def _find_theirs(profile: Profile, folded: list[str], ours: int) -> int | None:
    names = [*(name.casefold() for name in profile.ids.theirs), *_THEIRS]
    return next((folded.index(name) for name in names if name in folded and folded.index(name) != ours), None)
