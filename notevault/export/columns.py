"""What a table is: named columns of a kind, and one function that yields its rows.

A profile renames and recodes these columns, so everything a CRM may ask about one stands here.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from notevault.config import Settings
from notevault.export.source import Source
from notevault.records import record

Value = str | int | float | bool | None
Row = Mapping[str, Value]
"""Column → value; None is an empty cell. Days are ISO texts already, as the catalogue keeps them."""


class Kind(StrEnum):
    """What a column holds."""

    ID = "id"
    LINE = "line"
    """Text without newlines and outer blanks."""
    TEXT = "text"
    """Text with its newlines, as LF."""
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    """A day, or day and time with the offset from UTC where a time is known."""


@record
class Column:
    """One column of a table."""

    name: str
    kind: Kind = Kind.LINE
    about: str = ""
    """For the descriptor, in English."""
    required: bool = False
    references: str = ""
    """Table whose ``id`` this column holds."""
    choices: tuple[str, ...] | Callable[[Settings], tuple[str, ...]] = ()
    pattern: str = ""
    personal: bool = False
    """Says something about a person."""

    def allowed(self, settings: Settings) -> tuple[str, ...]:
        """Return the only values there may be; empty where any may be."""
        return self.choices(settings) if callable(self.choices) else self.choices


@record
class Table:
    """One file of an export."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Source], Iterator[Row]]
    key: tuple[str, ...] = ("id",)


def identity(about: str) -> Column:
    """Return the ``id`` column."""
    return Column(name="id", kind=Kind.ID, about=about, required=True)


def reference(name: str, table: str, about: str = "", *, required: bool = False) -> Column:
    """Return a column that holds ids of ``table``."""
    return Column(name=name, kind=Kind.ID, about=about, references=table, required=required)


def provenance() -> tuple[Column, ...]:
    """Return the columns that say which note a row comes from."""
    return (
        Column(name="source_path", about="Note the row comes from, inside the vault"),
        Column(name="source_created_at", kind=Kind.DATE, about="Day of the first note that knows of it"),
        Column(name="source_updated_at", kind=Kind.DATE, about="Day of the last note that knows of it"),
    )
