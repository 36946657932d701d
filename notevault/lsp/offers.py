"""What may be written at a place, and which of it fits what has been written so far."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from notevault.config import spelling_key
from notevault.names.kanji import katakana
from notevault.records import record

MOST_OFFERS: Final = 100


class Kind(StrEnum):
    """What an offer is; editors show a sign for it."""

    KEY = "key"
    CHOICE = "choice"
    CUSTOMER = "customer"
    PERSON = "person"
    DAY = "day"
    NOTE = "note"
    SECTION = "section"
    TEXT = "text"


@record
class Offer:
    """One thing that may be written."""

    label: str
    kind: Kind
    text: str = ""
    """What is written; the label where empty."""
    detail: str = ""
    about: str = ""
    spellings: tuple[str, ...] = ()
    """Other ways to ask for it."""
    is_yaml: bool = False
    """The text means what YAML takes it for, and is not to be quoted: true is yes."""
    snippet: str = ""
    """For editors that know snippets: ``text`` with stops."""


def choose(offers: Iterable[Offer], written: str) -> list[tuple[Offer, str]]:
    """Return the offers that fit, each with the spelling that does: beginnings first, the order kept otherwise.

    Width, case, blanks and kana do not matter. Where the label itself fits, it is the spelling.
    """
    wanted = _key(written)
    if not wanted:
        return [(offer, offer.label) for offer, _at in zip(offers, range(MOST_OFFERS), strict=False)]
    beginning: list[tuple[Offer, str]] = []
    inside: list[tuple[Offer, str]] = []
    for offer in offers:
        spellings = (offer.label, *((offer.text,) if offer.text else ()), *offer.spellings)
        places = [(_key(spelling).find(wanted), spelling) for spelling in spellings]
        starting = next((spelling for at, spelling in places if at == 0), None)
        if starting is not None:
            beginning.append((offer, starting))
        elif (within := next((spelling for at, spelling in places if at > 0), None)) is not None:
            inside.append((offer, within))
    return [*beginning, *inside][:MOST_OFFERS]


@lru_cache(maxsize=65_536)
def _key(text: str) -> str:
    """Return what spellings have in common; kept, because every keystroke asks for those of all customers."""
    return katakana(spelling_key(text))
