"""Settings: ``defaults.toml`` overlaid with the vault's ``notevault.toml``.

The type of each is checked, an unknown key is an error with "did you mean".
"""

import dataclasses
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from notevault.config import SETTINGS_NAME, TEAM, Settings, names_of, spelling_key
from notevault.errors import SettingsError
from notevault.messages import gettext as _
from notevault.text import closest
from notevault.toml_reader import TomlReader, toml_fault

_MERGED_DEEP: Final = ("channels", "learned", "calendar", "audiences")
ENGINES: Final = ("whoosh", "tantivy")
_STATES: Final = ("open", "won", "lost")


def load_settings(root: Path) -> Settings:
    """Read the vault's settings over the defaults. Raises SettingsError naming every fault with its line."""
    try:
        data = (root / SETTINGS_NAME).read_bytes()
    except FileNotFoundError:
        return default_settings()
    except OSError as error:
        raise SettingsError([f"{SETTINGS_NAME}: {error.strerror}"]) from error
    return decode_settings(data)


def decode_settings(data: bytes) -> Settings:
    """Read settings from the bytes of a file. Raises SettingsError."""
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError([f"{SETTINGS_NAME}: " + _("not UTF-8 (byte {at})").format(at=error.start)]) from error
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
    named = {spelling_key(name): key for key, owner in settings.owners.items() for name in (key, *names_of(owner))}
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
