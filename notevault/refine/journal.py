"""What a migration is about to change, with every byte needed to put it back; written before each note.

One file a migration in the folder for derived data, one JSON object a line. A line that a crash cut off belongs to a
note that was not written yet. Unlike :mod:`notevault.journal`, which takes a command back whole or not at all, this one
grows with ten thousand notes, is gone on with after a stop, and takes back each note that is still as it was left.
"""

import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from notevault.config import spelling_key
from notevault.model import NotePath
from notevault.note import digest_of
from notevault.records import record

FOLDER: Final = "migrations"
_SUFFIX: Final = ".jsonl"
_UNDONE: Final = ".undone"


@record
class Entry:
    """One note as it was, and the digest it was to get."""

    path: NotePath
    before: bytes
    after_digest: str

    @property
    def before_digest(self) -> str:
        """The digest that the note had."""
        return digest_of(self.before)


class MigrationJournal:
    """The journal of one migration, open for more."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @classmethod
    def open(cls, cache: Path, type_name: str, version: int) -> Self:
        """Go on with the last journal of this type and version where it was not finished, else begin a new one."""
        last = find_last(cache, type_name)
        if last is not None and not is_finished(last) and next(_iter_lines(last)).get("version") == version:
            journal = cls(last)
            journal._mend()
            return journal
        folder = cache / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        journal = cls(folder / f"{stamp}{_SUFFIX}")
        journal._append([{"type": type_name, "version": version, "started": stamp}])
        return journal

    def record(self, entries: Sequence[Entry]) -> None:
        """Put notes down, safely on disk, before they are written."""
        self._append(
            [
                {
                    "path": entry.path,
                    "before": b64encode(zlib.compress(entry.before, 6)).decode(),
                    "after_digest": entry.after_digest,
                }
                for entry in entries
            ]
        )

    def skip(self, path: NotePath) -> None:
        """Put down that a note was left as it was."""
        self._append([{"skipped": path}])

    def finish(self) -> None:
        """Put down that every note has been written."""
        self._append([{"finished": datetime.now(UTC).isoformat(timespec="seconds")}])

    def close_undone(self) -> None:
        """Put the journal aside: what it holds has been put back."""
        self.file.rename(self.file.with_name(self.file.name + _UNDONE))

    def entries(self) -> tuple[Entry, ...]:
        """Return the notes that were to be written, in order, those left out again not among them."""
        found: list[Entry] = []
        for line in _iter_lines(self.file):
            if "path" in line:
                before = zlib.decompress(b64decode(line["before"]))
                found.append(Entry(path=NotePath(line["path"]), before=before, after_digest=line["after_digest"]))
            elif "skipped" in line:
                last = max((at for at, entry in enumerate(found) if entry.path == line["skipped"]), default=None)
                if last is not None:
                    del found[last]
        return tuple(found)

    def _mend(self) -> None:
        """Cut off the line that a crash left unfinished, so that the next one stands on a line of its own."""
        data = self.file.read_bytes()
        if data and not data.endswith(b"\n"):
            with self.file.open("r+b") as stream:
                stream.truncate(data.rfind(b"\n") + 1)

    def _append(self, lines: Sequence[dict[str, object]]) -> None:
        data = "".join(json.dumps(line) + "\n" for line in lines).encode()
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with open(descriptor, "ab") as stream:  # noqa: PTH123 -- a descriptor, made with its mode
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())


def find_last(cache: Path, type_name: str) -> Path | None:
    """Return the newest journal of a type that has not been undone."""
    wanted = spelling_key(type_name)
    for file in sorted((cache / FOLDER).glob(f"*{_SUFFIX}"), reverse=True):
        first = next(_iter_lines(file), {})
        if spelling_key(str(first.get("type", ""))) == wanted:
            return file
    return None


def is_finished(file: Path) -> bool:
    """Say whether the migration came to its end."""
    last: dict[str, Any] = {}
    for line in _iter_lines(file):
        last = line
    return "finished" in last


def _iter_lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield json.loads(line)
