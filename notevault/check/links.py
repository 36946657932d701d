"""The rule about links that lead nowhere."""

import os
import re
from collections.abc import Iterator
from functools import cached_property
from sqlite3 import Row
from typing import Final
from urllib.parse import unquote

from notevault.check.rule import VaultContext, VaultFinding
from notevault.messages import gettext as _
from notevault.model import Severity
from notevault.template import FieldType
from notevault.text import closest, path_key

_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|#|\^|\?")
_MOST_ASKED: Final = 20
_MOST_NAMES: Final = 2000
_SUFFIX: Final = re.compile(r"\.(?:md|markdown)\Z", re.IGNORECASE)


def check_link_broken(context: VaultContext) -> Iterator[VaultFinding]:
    """A link, or a field of type ``file``, leads to no note and no file of the vault.

    Looked up as editors do: ``[[name]]`` is a note's file name or title, a customer's name, or a file of that name
    anywhere in the vault; other links are paths from the note or from the vault. Links to the web and to places inside
    the note are not looked at. A ``[[name]]`` that has no note yet is a remark.

    Before::

        --> a.md
        See [the minutes](minutes/b.md).
        --> b.md
        Minutes.

    After::

        --> a.md
        See [the minutes](b.md).
    """
    targets = _Targets(context)
    for row in context.catalog.iterate(
        "SELECT n.path, l.target, l.line, l.wiki FROM links l JOIN notes n ON n.id = l.note_id WHERE n.copy_of IS NULL"
    ):
        if not targets.is_known(row["target"], row["path"], wiki=bool(row["wiki"])):
            near = targets.find_near(row["target"])
            yield VaultFinding(
                path=row["path"],
                line=row["line"],
                message=_("the link to '{target}' leads nowhere").format(target=row["target"]),
                hint=_("did you mean '{near}'?").format(near=near) if near else "",
                severity=Severity.INFO if row["wiki"] else None,
            )
    for kind, template in context.enforced.items():
        keys = {rule.name for rule in template.fields if rule.type is FieldType.FILE}
        for row in _iter_values(context, kind) if keys else ():
            rule = template.find_field(row["raw_key"])
            if rule and rule.name in keys and not targets.is_known(row["value"], row["path"], wiki=False):
                yield VaultFinding(
                    path=row["path"],
                    line=row["line"],
                    message=_("the file '{target}' is not there").format(target=row["value"]),
                )


def _iter_values(context: VaultContext, kind: str) -> Iterator[Row]:
    return context.catalog.iterate(
        "SELECT n.path, f.raw_key, f.value, f.line FROM notes n JOIN fields f ON f.note_id = n.id"
        " WHERE n.type = ? AND n.copy_of IS NULL",
        (kind,),
    )


class _Targets:
    """What a link may lead to; looked up on disk only where the catalogue knows no such note."""

    def __init__(self, context: VaultContext) -> None:
        self._context = context
        self._asked = 0

    def is_known(self, target: str, path: str, *, wiki: bool) -> bool:
        bare = target.strip()
        if not bare or _ELSEWHERE.match(bare):
            return True
        bare = bare.split("#")[0].split("^")[0].strip() if wiki else unquote(bare.split("#")[0].split("?")[0])
        if wiki and _key(bare) in self._names:
            return True
        folder = path.rpartition("/")[0]
        places = {_joined("", bare)} if bare.startswith("/") else {_joined(folder, bare), _joined("", bare)}
        if None in places or any(_key(place) in self._paths for place in places if place):
            return True  # what lies outside the vault is not ours to judge
        if self._context.root is None:
            return not wiki and not _SUFFIX.search(bare)
        root = os.fspath(self._context.root)
        if any(os.path.lexists(f"{root}/{place}") for place in places if place):
            return True
        return wiki and path_key(bare.rpartition("/")[2]).casefold() in self._files

    def find_near(self, target: str) -> str | None:
        """Return the note whose name is most like the target; only for the first few, as comparing takes its time."""
        self._asked += 1
        if self._asked > _MOST_ASKED or len(self._stems) > _MOST_NAMES:
            return None
        found = closest(_key(target).rpartition("/")[2], list(self._stems))
        return self._stems[found] if found else None

    @cached_property
    def _rows(self) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self._context.catalog.select("SELECT path, title FROM notes")]

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(_key(path) for path, _title in self._rows)

    @cached_property
    def _stems(self) -> dict[str, str]:
        return {_key(path).rpartition("/")[2]: path for path, _title in reversed(self._rows)}

    @cached_property
    def _names(self) -> frozenset[str]:
        """Everything that ``[[…]]`` may say: each end of a path, titles, names of customers."""
        found = set(self._stems)
        for path in self._paths:
            at = path.find("/")
            while at >= 0:
                found.add(path[at + 1 :])
                at = path.find("/", at + 1)
        names = self._context.catalog.select("SELECT name FROM customer_names UNION SELECT name FROM customers")
        titles = {_key(title) for _path, title in self._rows}
        return frozenset(found | self._paths | titles | {_key(row[0]) for row in names})

    @cached_property
    def _files(self) -> frozenset[str]:
        """Names of the vault's files that are no notes."""
        found: set[str] = set()
        for _folder, folders, files in os.walk(self._context.root or ""):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found.update(path_key(name).casefold() for name in files)
        return frozenset(found)


def _key(path: str) -> str:
    return _SUFFIX.sub("", path_key(path.strip().strip("/"))).casefold()


def _joined(folder: str, target: str) -> str | None:
    """Return the path from the vault's root, None where it leads out of the vault."""
    parts: list[str] = []
    for part in f"{folder}/{target}".replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
