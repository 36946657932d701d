"""Which rules are silent where: settings, options of one call, and the note's own front matter.

``notevault.toml`` has ``[check]`` with ``select``, ``ignore`` and ``[check.folders]``; a note has ``check: off`` and
``check_ignore: [rule, …]``. ``all`` names every rule.
"""

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath
from typing import Final

from notevault.config import Settings
from notevault.errors import SettingsError, UnknownNameError
from notevault.messages import gettext as _
from notevault.records import record
from notevault.text import closest, path_key

ALL: Final = "all"
OFF_KEY: Final = "check"
IGNORE_KEY: Final = "check_ignore"
_OFF: Final = frozenset(("off", "no", "false", "オフ", "なし", "しない"))


@record
class Selection:
    """The rules that speak; made by :func:`make_selection`."""

    rules: frozenset[str]
    folders: tuple[tuple[str, frozenset[str]], ...] = ()
    """Rules that are silent in a folder and below it."""

    def at(self, path: str) -> frozenset[str]:
        """Return the rules that speak of the note at ``path``."""
        if not self.folders:
            return self.rules
        parents = {str(parent) for parent in PurePosixPath(path_key(path)).parents}
        return self.rules.difference(*(rules for folder, rules in self.folders if folder in parents))


def make_selection(
    settings: Settings, known: Collection[str], *, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> Selection:
    """Return the rules of the settings, narrowed by the options of one call.

    Raises SettingsError or UnknownNameError where a rule has no such name.
    """
    check, everything = settings.check, frozenset(known)
    try:
        wanted, silent = expand_rules(check.select, known), expand_rules(check.ignore, known)
        folders = tuple(
            (path_key(str(PurePosixPath(folder))), expand_rules(rules, known))
            for folder, rules in check.folders.items()
        )
    except UnknownNameError as error:
        raise SettingsError([f"notevault.toml: [check] {error.message} {error.hint}".rstrip()]) from error
    asked = expand_rules(select, known) if select else everything
    return Selection(
        rules=((wanted or everything) & asked) - silent - expand_rules(ignore, known),
        folders=folders,
    )


def expand_rules(names: Iterable[str], known: Collection[str]) -> frozenset[str]:
    """Return the rules that ``names`` mean. Raises UnknownNameError for the first that means none."""
    found: set[str] = set()
    for name in names:
        if name != ALL and name not in known:
            near = closest(name, sorted(known))
            raise UnknownNameError(_("check rule"), name, [near] if near else [])
        found |= set(known) if name == ALL else {name}
    return frozenset(found)


def read_switches(values: Iterable[tuple[str, str]], known: Collection[str]) -> frozenset[str]:
    """Return the rules that a note silences, from its fields as (key, value); unknown names silence nothing."""
    silent: set[str] = set()
    for key, value in values:
        if key == OFF_KEY and value.strip().casefold() in _OFF:
            return frozenset(known)
        if key == IGNORE_KEY:
            names = [name.strip() for name in value.replace("、", ",").split(",")]
            silent |= set(known) if ALL in names else set(names) & set(known)
    return frozenset(silent)
