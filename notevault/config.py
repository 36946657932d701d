"""Settings: ``defaults.toml`` overlaid with the vault's ``notevault.toml``.

A setting is a field of a dataclass below: its type is checked, an unknown key is an error with "did you mean".
"""

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any, Final

from notevault.errors import SettingsError
from notevault.messages import gettext as _
from notevault.records import record
from notevault.terms import Audience, CalendarKind, Channel, LearnedField, Owner, Stage, StandardTodo
from notevault.text import closest, normalize
from notevault.toml_reader import TomlReader, toml_fault

__all__ = [
    "Audience",
    "CalendarKind",
    "Channel",
    "CheckSettings",
    "ExportSettings",
    "IndexSettings",
    "InventorySettings",
    "LearnedField",
    "NurtureSettings",
    "Owner",
    "PointsSettings",
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
TEAM: Final = "team"
"""In ``[targets]``: all owners together."""
ENGINES: Final = ("whoosh", "tantivy")
_STATES: Final = ("open", "won", "lost")


@record
class IndexSettings:
    """``[index]``."""

    engine: str = "whoosh"


@record
class CheckSettings:
    """``[check]``: rules by id; ``folders`` maps a folder to the rules ignored there."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@record
class SyncSettings:
    """``[sync]``; ``largest_note`` in bytes."""

    largest_note: int = 32 * 1024 * 1024


@record
class ExportSettings:
    """``[export]``: what our words are called in the CRM; ``fields`` maps a table to key → column."""

    ledger: str = "export/ledger-{profile}.csv"
    """Where it is remembered what was exported, from the vault on."""
    default_owner: str = ""
    """Who owns what nobody owns."""
    stages: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@record
class PointsSettings:
    """``[points]``: what a new lead should reach in its first days."""

    new_lead: float = 5.0
    days: int = 30


@record
class InventorySettings:
    """``[inventory]``: a customer without contact for so many days is silent; so many days before, it is warned of."""

    silent_days: int = 90
    warn_days: int = 30


@record
class NurtureSettings:
    """``[nurture]``: keys of a customer's note that say whether it may be sent mail."""

    consent: tuple[str, ...] = ()


@record
class Settings:
    """Everything a vault can set; see ``docs/settings.md``."""

    language: str = ""
    timezone: str = "Asia/Tokyo"
    fiscal_year_start: int = 4
    """Month in which the fiscal year begins."""
    me: str = ""
    """Who ``--mine`` means in a vault of one person; in a team's, NOTEVAULT_OWNER says it."""
    stages: Mapping[str, Stage] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    customers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owners: Mapping[str, Owner] = field(default_factory=dict)
    targets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Period → owner, or ``team`` for all together → amount to be won."""
    searches: Mapping[str, str] = field(default_factory=dict)
    learned: Mapping[str, LearnedField] = field(default_factory=dict)
    calendar: Mapping[str, CalendarKind] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    index: IndexSettings = field(default_factory=IndexSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    sync: SyncSettings = field(default_factory=SyncSettings)
    export: ExportSettings = field(default_factory=ExportSettings)
    points: PointsSettings = field(default_factory=PointsSettings)
    inventory: InventorySettings = field(default_factory=InventorySettings)
    nurture: NurtureSettings = field(default_factory=NurtureSettings)

    def find_stage(self, text: str) -> Stage | None:
        """Return the stage that ``text`` names by key, name in either language, or synonym."""
        return self.stages.get(_spellings(self, "stages").get(spelling_key(text), ""))

    def find_channel(self, text: str) -> Channel | None:
        """Return the channel that ``text`` names."""
        return self.channels.get(_spellings(self, "channels").get(spelling_key(text), ""))

    def find_owner(self, text: str) -> Owner | None:
        """Return the rep that ``text`` names by key, name, synonym or e-mail address."""
        known = _spellings(self, "owners")
        return self.owners.get(known.get(spelling_key(text)) or known.get(owner_key(text), ""))

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


_HONORIFIC: Final = re.compile(r"(?<=.)(?:さん|さま|様|氏|くん|君)\s*$")


def bare_owner(text: str) -> str:
    """Return a rep's name without さん, 様."""
    return _HONORIFIC.sub("", text)


def owner_key(text: str) -> str:
    """Return what spellings of one rep have in common: no honorific, width, case, blanks, ``-`` or ``_``."""
    return spelling_key(bare_owner(text))


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
        raise SettingsError([toml_fault(name, error)]) from error
    reader = TomlReader(name, source)
    merged = _overlay(_defaults(), given)
    settings = reader.read(merged, Settings, ())
    if isinstance(settings, Settings):
        _check_stages(settings, reader)
        _check_timezone(settings, reader)
        _check_engine(settings, reader)
        _check_targets(settings, reader)
    if reader.faults or not isinstance(settings, Settings):
        raise SettingsError(reader.faults)
    return _with_keys(settings)


@cache
def _defaults() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))


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


def _check_stages(settings: Settings, reader: TomlReader) -> None:
    for key, stage in settings.stages.items():
        if stage is not None and stage.state not in _STATES:
            reader.fault(
                ("stages", key, "state"), _("expected open, won or lost, found '{found}'").format(found=stage.state)
            )


def _check_timezone(settings: Settings, reader: TomlReader) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 -- start-up time

    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.fault(("timezone",), _("unknown time zone '{found}'").format(found=settings.timezone))


def _check_engine(settings: Settings, reader: TomlReader) -> None:
    found = settings.index.engine if settings.index else ENGINES[0]
    if found not in ENGINES:
        reader.fault(("index", "engine"), _("expected whoosh or tantivy, found '{found}'").format(found=found))


def _check_targets(settings: Settings, reader: TomlReader) -> None:
    named = {spelling_key(name): key for key, owner in settings.owners.items() for name in (key, *_names_of(owner))}
    for period, amounts in settings.targets.items():
        for name in (amounts or ()) if settings.owners else ():
            if spelling_key(name) not in {*named, TEAM}:
                near = closest(name, [*settings.owners, TEAM])
                guess = " (" + _("did you mean '{near}'?").format(near=near) + ")" if near else ""
                reader.fault(("targets", period, name), _("no owner is called '{name}'").format(name=name) + guess)


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
