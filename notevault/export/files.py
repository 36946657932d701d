"""The files of a profile, in load order, and how much text their shortest columns hold."""

import dataclasses
from typing import Final

from notevault.export.columns import Table
from notevault.export.profile import FileSpec, Profile
from notevault.export.tables import TABLES

_TEXTS: Final = ("body", "description")
_ROOM: Final = 300
"""Characters for what is joined with a text: its title, its date."""


def files_of(profile: Profile) -> dict[str, FileSpec]:
    """Return the files of a profile in load order."""
    tables: tuple[Table, ...] = TABLES if profile.all_tables else ()
    neutral = {table.name: FileSpec(from_=table.name, id="id" if table.key == ("id",) else "") for table in tables}
    given = {
        name: file if file.from_ else dataclasses.replace(file, from_=name) for name, file in profile.files.items()
    }
    return neutral | given


def longest_texts(files: dict[str, FileSpec]) -> dict[str, int]:
    """Return how long a text of each table may be for the shortest column it goes to; HTML needs room for its tags."""
    longest: dict[str, int] = {}
    for file in files.values():
        for spec in file.columns.values():
            if spec.max and any(name in _TEXTS for name in (spec.from_, *spec.first, *spec.join)):
                room = spec.max // 2 if spec.render == "html" else spec.max - (_ROOM if spec.join else 0)
                longest[file.from_] = min(longest.get(file.from_, room), room)
    return longest
