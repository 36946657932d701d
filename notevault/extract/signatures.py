"""People who signed a mail that was pasted into a note: their name, title, company, address and phone."""

import re
from collections.abc import Iterator
from typing import Final

from notevault.config import Settings
from notevault.model import Note, PersonMention
from notevault.names.people import parse_signature
from notevault.names.resolver import FREE_MAIL
from notevault.values import find_domain

_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,190}\w")
_RULE: Final = re.compile(r"\s*(?:>\s*)?(?:[-=*_~#─━―◇◆□■○●+＝－]\s*){3,}\Z|\s*(?:>\s*)?--\s*\Z")
_PHONE: Final = re.compile(r"(?i)(?:tel|fax|phone|mobile|電話|携帯|直通|℡)\s*[.:：]?\s*[+(\d０-９]|〒\s*[\d０-９]")
_LONGEST_LINE: Final = 80
_ABOVE: Final = 8
_BELOW: Final = 5
_FEWEST_LINES: Final = 3
_MOST_ADDRESSES: Final = 20


def extract_signatures(note: Note, settings: Settings) -> tuple[PersonMention, ...]:
    """Return the people of the signatures in a note's body; our own, by the addresses of the settings, are left out.

    A signature is a block of short lines, one of them a mail address, set off by a rule or with a phone or address.
    """
    body = note.text[note.body_start :]
    if "@" not in body:
        return ()
    found: dict[str, PersonMention] = {}
    own = {domain for owner in settings.owners.values() if (domain := find_domain(owner.email or ""))} - FREE_MAIL
    for block in _iter_blocks(body.splitlines()):
        person = parse_signature(block)
        if person is None or not person.email or person.email.casefold() in found:
            continue
        if settings.find_owner(person.email) or find_domain(person.email) in own:
            continue
        found[person.email.casefold()] = person
    return tuple(found.values())


def _iter_blocks(lines: list[str]) -> Iterator[str]:
    addresses = (at for at, line in enumerate(lines) if "@" in line and _is_short(line) and _ADDRESS.search(line))
    for _count, at in zip(range(_MOST_ADDRESSES), addresses, strict=False):
        first = at
        while first > max(0, at - _ABOVE) and _belongs(lines[first - 1]):
            first -= 1
        last = at
        while last < min(len(lines) - 1, at + _BELOW) and _belongs(lines[last + 1]):
            last += 1
        block = lines[first : last + 1]
        around = [*lines[max(0, first - 1) : first], *lines[last + 1 : last + 2]]
        set_off = any(_RULE.match(line) for line in around)
        if len(block) >= _FEWEST_LINES and (set_off or any(_PHONE.search(line) for line in block)):
            yield "\n".join(line.lstrip("> \t") for line in block)


def _belongs(line: str) -> bool:
    return bool(line.strip()) and _is_short(line) and not _RULE.match(line)


def _is_short(line: str) -> bool:
    """Say whether a line may stand in a signature: no sentence, no list, no heading."""
    return (
        len(line) <= _LONGEST_LINE and "。" not in line and not line.lstrip().startswith(("#", "- ", "* ", "|", "```"))
    )
