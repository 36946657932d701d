"""Which mentions of people at one company are one person: one name, one address, a family name that fits one only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from notevault.names.people import person_key
from notevault.records import record

_SHORTEST_FAMILY_NAME: Final = 2
"""Characters; 林 alone may begin 林田."""


@record
class PersonSaid:
    """A person as one note has it."""

    name: str
    title: str | None = None
    email: str | None = None


def join_people(said: Sequence[PersonSaid]) -> list[str]:
    """Return for each mention the key of its person; nothing is guessed where a family name fits several.

    山田部長 is 山田太郎 where he alone of that name has that title, or 山田 where he is the only one of that name.
    """
    keys = [person_key(each.name) for each in said]
    by_email: dict[str, str] = {}
    for key, each in zip(keys, said, strict=True):
        if each.email:
            known = by_email.get(each.email.casefold())
            if known is None or (len(key) > len(known) and _may_be(known, key)):
                by_email[each.email.casefold()] = key
    names = _Names(keys, said)
    return [names.join(key, each, by_email) for key, each in zip(keys, said, strict=True)]


class _Names:
    """The keys of one company's people, by how they begin, with their titles."""

    def __init__(self, keys: Sequence[str], said: Sequence[PersonSaid]) -> None:
        self._titles: dict[str, set[str]] = defaultdict(set)
        for key, each in zip(keys, said, strict=True):
            self._titles[key] |= {each.title} if each.title else set()
        self._alike: dict[str, list[str]] = defaultdict(list)
        for key in self._titles:
            for start in key.split() if key.isascii() else [key[:_SHORTEST_FAMILY_NAME]]:
                self._alike[start].append(key)

    def join(self, key: str, each: PersonSaid, by_email: Mapping[str, str]) -> str:
        owner = by_email.get(each.email.casefold(), key) if each.email else key
        if owner != key and _may_be(key, owner):
            return owner
        start = key if key.isascii() else key[:_SHORTEST_FAMILY_NAME]
        fitting = [other for other in self._alike.get(start, ()) if _may_be(key, other)]
        if each.title:
            fitting = [other for other in fitting if each.title in self._titles[other]]
        return fitting[0] if len(fitting) == 1 else key


def _may_be(family: str, full: str) -> bool:
    """Say whether one key can be the family name of the other."""
    if family == full or len(family) < _SHORTEST_FAMILY_NAME:
        return False
    return family in full.split() if full.isascii() else full.startswith(family)
