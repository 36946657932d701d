"""What a CRM takes, as one declarative TOML file: its files, columns, recodings, limits and dialect.

Profiles of this program stand in ``profiles/``, a vault's own in its folder ``export/``; one extends another.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from notevault.errors import SettingsError, UnknownNameError
from notevault.messages import gettext as _
from notevault.records import record
from notevault.text import closest
from notevault.toml_reader import TomlReader, toml_fault

PROFILE_FOLDER: Final = "export"
"""Folder of a vault for its own profiles and the ledgers."""
_DEEPEST: Final = 8


@record
class ColumnSpec:
    """One column of one file: where from, how recoded, what the CRM demands of it."""

    from_: str = ""
    """Column of the neutral table; ``account_id.name`` that of the row it refers to, ``@id`` the CRM's own id,
    ``learned.X`` the newest answer, ``field.X`` the newest value of a front matter key."""
    first: tuple[str, ...] = ()
    """The first of these that is not empty."""
    join: tuple[str, ...] = ()
    """All of these that are not empty, with ``between`` between them."""
    between: str = " "
    value: str = ""
    """A constant."""
    default: str = ""
    """Written where nothing is known; the preflight counts it."""
    recode: Mapping[str, str] = field(default_factory=dict)
    map: str = ""
    """Name of a map: stages, owners, channels, types, or one of ``[maps]``."""
    other: str = ""
    """What happens to a value that the map does not know: ``error`` (written as it is and reported), ``keep``,
    ``empty``. A map without this is ``error``, a recode ``keep``."""
    required: bool = False
    required_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Demanded only where these neutral columns have one of these values."""
    max: int = 0
    """Characters."""
    type: str = ""
    """text, line, number, integer, boolean, date, datetime, email, url, id; else that of the neutral column."""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    scale: float = 1.0
    prefix: str = ""
    render: str = ""
    """What Markdown becomes: ``text``, ``html`` or ``lines`` (text as HTML, with ``<br>`` alone); else it stays."""
    into_file: str = ""
    """Ending of a file of its own that each text is written to; the cell holds the file's path in the folder."""
    beside: bool = False
    """Helps people and programs; the CRM has no such field, or not always."""
    lookup: bool = False
    """The CRM finds the row it means by this name; two rows of one name make that fail."""
    overflow: str = "error"
    """What happens to text over ``max``: ``error`` (written whole and reported), ``part`` (the rest stands in the
    notes), ``into:Column`` (the whole goes to the top of that column)."""
    part: str = ""
    """``(i/n)`` is added where this text stands in several rows: ``suffix``."""
    at: str = ""
    """Time of day for a moment of which only the day is known; else that is an error."""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Written only where these neutral columns have one of these values."""
    match: bool = False
    """The CRM tells duplicates by it; the preflight counts rows without."""
    unique: bool = False
    line: bool = False
    """Taken from the row of ``lines``."""
    personal: bool = False
    about: str = ""


@record
class FileSpec:
    """One file: rows of one neutral table."""

    from_: str = ""
    object: str = ""
    """What the CRM calls it."""
    operation: str = "upsert"
    """``insert``: what was exported once is never exported again."""
    id: str = ""
    """Column that holds this program's id."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rows whose neutral columns have one of these values; "" is an empty cell, ``*`` any other."""
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: str = ""
    """Neutral table whose rows stand beside each record, a row each."""
    by: str = ""
    """Column of ``lines`` that refers to the record."""
    mark: str = ""
    """Header of a first column that is ``*`` in the first row of each record."""
    blank_repeats: bool = False
    """In further rows of a record, its own cells are empty."""
    group: str = ""
    """Files of one group hold each record in one of them; a record that moved to another was loaded all the same."""
    needs: tuple[str, ...] = ()
    """Columns without which a row waits for a later export: ids that the CRM has yet to give."""
    columns: Mapping[str, ColumnSpec] = field(default_factory=dict)
    about: str = ""


@record
class FormatSpec:
    """How files are written."""

    encoding: str = "utf-8"
    bom: bool = False
    delimiter: str = ","
    newline: str = "crlf"
    """Between rows; in cells it is LF."""
    quote: str = "all"
    """``all`` or ``needed``."""
    date: str = "%Y-%m-%d"
    datetime: str = "offset"
    """``offset``: ISO with the offset from UTC; ``utc``; or strftime in the vault's time zone."""
    true: str = "true"
    false: str = "false"
    tabs: bool = True
    """Tabs in text stay; else they become blanks."""
    forbidden: str = ""
    """Characters that the CRM does not take in values; each value with one is reported."""
    mapping: str = ""
    """``sdl``: a mapping file for Data Loader beside each table of the CRM."""


@record
class LimitSpec:
    """What one file may hold; 0 is no limit."""

    rows: int = 0
    bytes: int = 0
    columns: int = 0
    record: int = 0
    """Characters of one row."""


@record
class IdsSpec:
    """How the CRM's success files name ids."""

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    """Headers, compared without case."""


@record
class GuideSpec:
    """Sentences for ``LOAD.md``."""

    ja: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@record
class Profile:
    """One way out."""

    name: str = ""
    title: str = ""
    extends: str = ""
    ledger: bool = True
    """What was exported is remembered without being asked to."""
    all_tables: bool = False
    """Every neutral table as it is."""
    format: FormatSpec = field(default_factory=FormatSpec)
    limits: LimitSpec = field(default_factory=LimitSpec)
    ids: IdsSpec = field(default_factory=IdsSpec)
    guide: GuideSpec = field(default_factory=GuideSpec)
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, FileSpec] = field(default_factory=dict)


def profile_names(root: Path) -> tuple[str, ...]:
    """Return the names of this program's profiles and of the vault's own."""
    own = [path.stem for path in (root / PROFILE_FOLDER).glob("*.toml")]
    return tuple(sorted({*_builtin_names(), *own}))


def load_profile(name: str, root: Path) -> Profile:
    """Read a profile with what it extends; the vault's own hides one of this program.

    Raises UnknownNameError, SettingsError naming every fault with its line.
    """
    merged = _load_merged(name, root, ())
    reader = TomlReader(f"{name}.toml", "")
    profile = reader.read({**merged, "name": name}, Profile, ())
    if reader.faults or not isinstance(profile, Profile):
        raise SettingsError(reader.faults)
    return profile


def _builtin_names() -> list[str]:
    folder = files("notevault").joinpath("export", "profiles")
    return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml"))


def _load_merged(name: str, root: Path, seen: tuple[str, ...]) -> dict[str, Any]:
    shown, source, is_own = _read_source(name, root, skip_own=name in seen)
    raw = _parse(shown, source)
    base = raw.get("extends", "")
    if not base:
        return raw
    if len(seen) >= _DEEPEST or (base in seen and not (base == name and is_own)):
        raise SettingsError([f"{shown}: " + _("profiles extend each other in a circle: {names}").format(names=base)])
    return _overlay(_load_merged(base, root, (*seen, name)), raw)


def _read_source(name: str, root: Path, *, skip_own: bool) -> tuple[str, str, bool]:
    own = root / PROFILE_FOLDER / f"{name}.toml"
    if not skip_own and Path(name).name == name and own.is_file():
        try:
            return f"{PROFILE_FOLDER}/{name}.toml", own.read_bytes().decode("utf-8-sig"), True
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([f"{PROFILE_FOLDER}/{name}.toml: {error}"]) from error
    if name not in _builtin_names():
        known = profile_names(root)
        near = closest(name, known)
        raise UnknownNameError(_("profile"), name, [near] if near else list(known))
    entry = files("notevault").joinpath("export", "profiles", f"{name}.toml")
    return f"{name}.toml", entry.read_text(encoding="utf-8"), False


def _parse(shown: str, source: str) -> dict[str, Any]:
    """Return the values of one file; every fault of it is named with its line."""
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([toml_fault(shown, error)]) from error
    reader = TomlReader(shown, source)
    reader.read(_without_removals(_spelled_out(raw)), Profile, ())
    if reader.faults:
        raise SettingsError(reader.faults)
    return _spelled_out(raw)


def _spelled_out(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the values with ``Column = "source"`` written as a table."""
    tables = raw.get("files")
    if not isinstance(tables, dict):
        return raw
    return {**raw, "files": {name: _spelled_out_file(file) for name, file in tables.items()}}


def _spelled_out_file(file: object) -> object:
    if not isinstance(file, dict) or not isinstance(file.get("columns"), dict):
        return file
    columns = {
        header: {"from": column} if isinstance(column, str) else column for header, column in file["columns"].items()
    }
    return {**file, "columns": columns}


def _without_removals(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the values without ``name = false``, which takes a file or column of the profile below away."""
    return {
        key: _without_removals(value) if isinstance(value, dict) else value
        for key, value in raw.items()
        if value is not False or key in _FLAGS
    }


_FLAGS: Final = frozenset(
    (
        *("required", "bom", "tabs", "ledger", "all_tables", "match", "unique", "line", "personal", "blank_repeats"),
        *("lookup", "beside"),
    )
)


def _overlay(base: dict[str, Any], over: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        if value is False and key not in _FLAGS:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(base.get(key), dict) and not _is_column(base[key], value):
            merged[key] = _overlay(base[key], value, depth + 1)
        else:
            merged[key] = value
    return merged


def _is_column(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Say whether this is a column that names another source: it replaces the one below, whole."""
    sources = {"from", "first", "join", "value"}
    return "columns" not in after and bool(sources & after.keys()) and bool(sources & before.keys())
