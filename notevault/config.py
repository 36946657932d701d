"""What a vault can set: a setting is a field of a class below. :mod:`notevault.settings_reader` reads them."""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from notevault.records import record
from notevault.terms import Audience, CalendarKind, Channel, LearnedField, Owner, Stage, StandardTodo
from notevault.text import normalize

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
    "spelling_key",
]

SETTINGS_NAME: Final = "notevault.toml"
TEAM: Final = "team"
"""In ``[targets]``: all owners together."""


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

    def say_stage(self, stage: str | None, language: str) -> str:
        """Return a stage's name in a language; one that is not known as written."""
        known = self.stages.get(stage or "")
        return known.label(language) if known else stage or ""

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
        names = entry if isinstance(entry, tuple) else names_of(entry)
        for name in names:
            if name:
                spellings.setdefault(spelling_key(name), key)
    return spellings | {spelling_key(key): key for key in entries}


def names_of(entry: Stage | Channel | Owner | LearnedField) -> tuple[str, ...]:
    """Return what an entry may be called beside its key."""
    if isinstance(entry, Owner):
        return (entry.name, *entry.also, entry.email)
    return (entry.ja, entry.en, *entry.also)
