"""Settings: ``defaults.toml`` overlaid with the vault's ``notevault.toml``.

A setting is a field of a dataclass below: its type is checked, an unknown key is an error with "did you mean".
"""

import dataclasses
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from notevault.errors import SettingsError
from notevault.messages import gettext as _
from notevault.terms import Audience, CalendarKind, Channel, LearnedField, Owner, Stage, StandardTodo
from notevault.text import closest, normalize

__all__ = [
    "Audience",
    "CalendarKind",
    "Channel",
    "CheckSettings",
    "IndexSettings",
    "LearnedField",
    "Owner",
    "Settings",
    "Stage",
    "StandardTodo",
    "SyncSettings",
    "default_settings",
    "load_settings",
    "parse_settings",
    "spelling_key",
]

SETTINGS_NAME: Final = "notevault.toml"
_MERGED_DEEP: Final = ("channels", "learned", "calendar", "audiences")
_STATES: Final = ("open", "won", "lost")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """``[index]``."""

    engine: str = "whoosh"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """``[check]``: rules by id; ``folders`` maps a folder to the rules ignored there."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSettings:
    """``[sync]``; ``largest_note`` in bytes."""

    largest_note: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a vault can set; see ``docs/settings.md``."""

    language: str = ""
    timezone: str = "Asia/Tokyo"
    fiscal_year_start: int = 4
    """Month in which the fiscal year begins."""
    stages: Mapping[str, Stage] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    customers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owners: Mapping[str, Owner] = field(default_factory=dict)
    searches: Mapping[str, str] = field(default_factory=dict)
    learned: Mapping[str, LearnedField] = field(default_factory=dict)
    calendar: Mapping[str, CalendarKind] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    index: IndexSettings = field(default_factory=IndexSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    sync: SyncSettings = field(default_factory=SyncSettings)

    def find_stage(self, text: str) -> Stage | None:
        """Return the stage that ``text`` names by key, name in either language, or synonym."""
        return self.stages.get(_spellings(self, "stages").get(spelling_key(text), ""))

    def find_channel(self, text: str) -> Channel | None:
        """Return the channel that ``text`` names."""
        return self.channels.get(_spellings(self, "channels").get(spelling_key(text), ""))

    def find_owner(self, text: str) -> Owner | None:
        """Return the rep that ``text`` names by key, name, synonym or e-mail address."""
        return self.owners.get(_spellings(self, "owners").get(spelling_key(text), ""))

    def find_type(self, text: str) -> str | None:
        """Return the canonical note type that ``text`` spells, else None."""
        return _spellings(self, "types").get(spelling_key(text))

    def find_learned(self, text: str) -> str | None:
        """Return the key of the learned field or known front matter key that ``text`` spells, else None."""
        return _spellings(self, "learned").get(spelling_key(text)) or self.find_key(text)

    def find_key(self, text: str) -> str | None:
        """Return the canonical front matter key that ``text`` spells, else None."""
        return _spellings(self, "keys").get(spelling_key(text))


def spelling_key(text: str) -> str:
    """Return what spellings of one key, stage or choice have in common: no width, case, blanks, ``-`` or ``_``."""
    return normalize(text).replace(" ", "").replace("-", "").replace("_", "")


def load_settings(root: Path) -> Settings:
    """Read the vault's settings over the defaults. Raises SettingsError naming every fault with its line."""
    path = root / SETTINGS_NAME
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return default_settings()
    except UnicodeDecodeError as error:
        raise SettingsError([f"{SETTINGS_NAME}: " + _("not UTF-8 (byte {at})").format(at=error.start)]) from error
    except OSError as error:
        raise SettingsError([f"{SETTINGS_NAME}: {error.strerror}"]) from error
    return parse_settings(source, SETTINGS_NAME)


@cache
def default_settings() -> Settings:
    """Return the settings of a vault that sets nothing."""
    return parse_settings("", SETTINGS_NAME)


def parse_settings(source: str, name: str) -> Settings:
    """Read settings from TOML text; ``name`` stands in the messages."""
    try:
        given = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([_toml_fault(name, error)]) from error
    reader = _Reader(name, source)
    merged = _overlay(_defaults(), given)
    settings = reader.read(merged, Settings, ())
    if isinstance(settings, Settings):
        _check_stages(settings, reader)
        _check_timezone(settings, reader)
    if reader.faults or not isinstance(settings, Settings):
        raise SettingsError(reader.faults)
    return _with_keys(settings)


@cache
def _defaults() -> dict[str, Any]:
    return tomllib.loads(files("notevault").joinpath("defaults.toml").read_text(encoding="utf-8"))


def _overlay(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = dict(defaults)
    for key, value in given.items():
        base = defaults.get(key)
        if key == "stages" or not isinstance(value, dict) or not isinstance(base, dict):
            merged[key] = value
        elif key in ("keys", "types"):
            merged[key] = base | {name: _joined(base.get(name, []), more) for name, more in value.items()}
        elif key in _MERGED_DEEP:
            merged[key] = base | {
                name: {**base.get(name, {}), **more} if isinstance(more, dict) else more for name, more in value.items()
            }
        else:
            merged[key] = base | value
    return merged


def _joined(base: list[str], more: object) -> object:
    return [*base, *more] if isinstance(more, list) else more


class _Reader:
    """Turns TOML values into the dataclasses above and gathers every fault."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.lines = source.splitlines()
        self.faults: list[str] = []

    def fault(self, where: tuple[str, ...], message: str) -> None:
        self.faults.append(f"{self.name}:{self._line(where)}: [{'.'.join(where)}] {message}")

    def _line(self, where: tuple[str, ...]) -> int:
        """Return the line of the last key of ``where``, searched from its table on; 1 where it is not found."""
        at = 0
        for depth, key in enumerate(where):
            spelled = re.escape(key)
            shape = re.compile(rf"""^\s*\[+.*["'.\[]?{spelled}["']?[\].]|(^|[\s{{,.])["']?{spelled}["']?\s*[=.]""")
            found = next((n for n in range(at, len(self.lines)) if shape.search(self.lines[n])), None)
            if found is None:
                return at + 1
            at = found if depth < len(where) else at
        return at + 1

    def read(self, value: object, wanted: Any, where: tuple[str, ...]) -> Any:  # noqa: ANN401, PLR0911 -- types are values here
        """Return ``value`` as ``wanted``, or None after noting a fault."""
        origin = typing.get_origin(wanted)
        if dataclasses.is_dataclass(wanted):
            return self._record(value, wanted, where)
        if origin in (types.UnionType, typing.Union):
            return self.read(value, next(arg for arg in typing.get_args(wanted) if arg is not types.NoneType), where)
        if origin is tuple:
            return self._list(value, typing.get_args(wanted)[0], where)
        if origin is Mapping:
            return self._table(value, typing.get_args(wanted)[1], where)
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
            return value
        self.fault(where, _("expected {wanted}, found {found}").format(wanted=_shape(wanted), found=repr(value)))
        return None

    def _list(self, value: object, item: object, where: tuple[str, ...]) -> tuple[object, ...] | None:
        if not isinstance(value, list):
            self.fault(where, _("expected a list, found {found}").format(found=repr(value)))
            return None
        return tuple(self.read(entry, item, where) for entry in value)

    def _table(self, value: object, item: object, where: tuple[str, ...]) -> dict[str, object] | None:
        if not isinstance(value, dict):
            self.fault(where, _("expected a table, found {found}").format(found=repr(value)))
            return None
        return {key: self.read(entry, item, (*where, key)) for key, entry in value.items()}

    def _record(self, value: object, wanted: Any, where: tuple[str, ...]) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            self.fault(where, _("expected a table, found {found}").format(found=repr(value)))
            return None
        known = _fields(wanted)
        for key in value.keys() - known.keys():
            near = closest(key, list(known))
            guess = _("did you mean '{near}'?").format(near=near) if near else ", ".join(known)
            self.fault((*where, key), _("unknown setting '{key}'").format(key=key) + f" ({guess})")
        values = {key: self.read(value[key], known[key], (*where, key)) for key in known if key in value}
        return wanted(**{key: entry for key, entry in values.items() if entry is not None})


@cache
def _fields(wanted: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: kind for name, kind in typing.get_type_hints(wanted).items() if name not in ("key", "order")}


def _shape(wanted: Any) -> str:  # noqa: ANN401
    return {str: _("text in quotes"), int: _("a whole number"), float: _("a number"), bool: "true / false"}[wanted]


def _toml_fault(name: str, error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    place = f"{found[1]}:{found[2]}" if found else "1"
    return f"{name}:{place}: " + _("not valid TOML: {reason}").format(reason=str(error).split(" (at ")[0])


def _check_stages(settings: Settings, reader: _Reader) -> None:
    for key, stage in settings.stages.items():
        if stage is not None and stage.state not in _STATES:
            reader.fault(
                ("stages", key, "state"), _("expected open, won or lost, found '{found}'").format(found=stage.state)
            )


def _check_timezone(settings: Settings, reader: _Reader) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 -- start-up time

    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.fault(("timezone",), _("unknown time zone '{found}'").format(found=settings.timezone))


def _with_keys(settings: Settings) -> Settings:
    stages = {
        key: dataclasses.replace(stage, key=key, order=order)
        for order, (key, stage) in enumerate(settings.stages.items())
    }
    keyed: dict[str, Any] = {
        table: {key: dataclasses.replace(entry, key=key) for key, entry in getattr(settings, table).items()}
        for table in (*_MERGED_DEEP, "owners")
    }
    return dataclasses.replace(settings, stages=stages, **keyed)


_spelling_tables: dict[tuple[int, str], tuple[Settings, dict[str, str]]] = {}


def _spellings(settings: Settings, table: str) -> dict[str, str]:
    """Return spelling → key, made once per settings object; the entry keeps it alive, so that its id stays its own."""
    cached = _spelling_tables.get((id(settings), table))
    if cached is None:
        cached = _spelling_tables[id(settings), table] = (settings, _make_spellings(getattr(settings, table)))
    return cached[1]


def _make_spellings(entries: Mapping[str, Any]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for key, entry in entries.items():
        names = entry if isinstance(entry, tuple) else _names_of(entry)
        for name in names:
            if name:
                spellings.setdefault(spelling_key(name), key)
    return spellings | {spelling_key(key): key for key in entries}


def _names_of(entry: Stage | Channel | Owner | LearnedField) -> tuple[str, ...]:
    if isinstance(entry, Owner):
        return (entry.name, *entry.also, entry.email)
    return (entry.ja, entry.en, *entry.also)
