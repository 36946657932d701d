"""Made-up customers: names with readings, the spellings in use, their people, and the rep who looks after them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks import name_parts
from benchmarks.wording import Dice, Pack, Zipf

REPS: Final = tuple((key, name) for key, name in (pair.split(":") for pair in name_parts.REPS.split()))
"""Sales reps: key and family name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a customer."""

    family: str
    given: str
    title: str
    department: str

    def full(self) -> str:
        """Return name and title as in ``contacts``."""
        name = f"{self.given} {self.family}" if self.family.isascii() else f"{self.family}{self.given}"
        return f"{name} {self.title}".rstrip()

    def spoken(self) -> str:
        """Return the name as it appears inside a sentence."""
        if self.family.isascii():
            return f"{self.given} {self.family}"
        return f"{self.family}{self.title or 'さん'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A company, or one site of it."""

    name: str
    """Registered name with its legal form, and the site."""
    group: str
    """Name of the legal entity for a site, else empty."""
    kana: str
    business: str
    domain: str
    rep: int
    people: tuple[Person, ...]
    spellings: Zipf[str]
    """As written in minutes, the registered name first."""
    aliases: tuple[str, ...]
    """Spellings that only a register can resolve."""
    has_note: bool


def make_customers(dice: Dice, pack: Pack, count: int, *, with_note: float) -> list[Customer]:
    """Return companies with different names; a share of ``with_note`` have a note of their own."""
    cores = _iter_cores(dice)
    customers: list[Customer] = []
    for _ in range(count):
        if len(customers) > 10 and dice.chance(0.04):
            parent = dice.pick(customers)
            site = f"{parent.name} {pack.places.draw(dice)}"
            if not parent.group and all(customer.name != site for customer in customers[-50:]):
                customers.append(_site(dice, pack, parent, site))
                continue
        customers.append(_company(dice, pack, next(cores), has_note=dice.chance(with_note)))
    return list({customer.name: customer for customer in customers}.values())


def latin(kana: str) -> str:
    """Return katakana in Latin letters, words as in the reading."""
    for syllable, letters in _SYLLABLES:
        kana = kana.replace(syllable, letters)
    return kana


def half_width(kana: str) -> str:
    """Return katakana in half-width form, voicing marks as characters of their own."""
    return unicodedata.normalize("NFD", kana).translate(_HALF)


_SYLLABLES: Final = [tuple(pair.split(":")) for pair in name_parts.SYLLABLES.split()]
_HALF: Final = {ord(unicodedata.normalize("NFKC", chr(code))): chr(code) for code in range(0xFF66, 0xFF9E)} | {
    0x3099: "ﾞ",
    0x309A: "ﾟ",
}


def _iter_cores(dice: Dice) -> Iterator[tuple[str, str, str]]:
    """Yield place, business and reading of both, the reading's parts apart by a blank; never a pair twice."""
    firsts = [part.split(":") for part in name_parts.FIRST_CHARACTERS.split()]
    seconds = [part.split(":") for part in name_parts.SECOND_CHARACTERS.split()]
    businesses = Zipf([part.split(":") for part in name_parts.BUSINESSES.split()], 0.4)
    seen: set[str] = set()
    while True:
        first, second, business = dice.pick(firsts), dice.pick(seconds), businesses.draw(dice)
        core = first[0] + second[0] + business[0]
        if first[0] != second[0] and core not in seen:
            seen.add(core)
            yield first[0] + second[0], business[0], f"{first[1]}{second[1]} {business[1]}"


def _company(dice: Dice, pack: Pack, core: tuple[str, str, str], *, has_note: bool) -> Customer:
    place, business, reading = core
    form, short_forms, foreign_form = name_parts.LEGAL_FORMS[0 if dice.chance(0.8) else dice.number(1, 2)]
    front = dice.chance(0.6)
    short, bare = dice.pick(short_forms), place + business
    foreign = " ".join(word.capitalize() for word in latin(reading).split())
    written = (form + bare, short + bare) if front else (bare + form, bare + short)
    if pack.language == "en":
        written = (f"{foreign} {foreign_form}", f"{foreign}, {foreign_form}")
        bare = foreign
    spaced = f"{short} {bare}" if front else f"{bare} {short}"
    aliases = (half_width(reading.replace(" ", "")), foreign.upper(), reading.split(" ")[0] + business)
    known = aliases if has_note and pack.language == "ja" else ()
    return Customer(
        name=written[0],
        group="",
        kana=reading.replace(" ", ""),
        business=business if pack.language == "ja" else foreign.rpartition(" ")[2],
        domain="-".join(latin(reading).split()) + ".example",
        rep=dice.number(0, len(REPS) - 1),
        people=_people(dice, pack),
        spellings=Zipf((written[0], bare, written[1], f"[[{bare}]]", spaced, f"{bare}様", *known), 1.6)
        if pack.language == "ja"
        else Zipf((written[0], bare, written[1], bare.upper()), 1.6),
        aliases=aliases if pack.language == "ja" else (),
        has_note=has_note,
    )


def _site(dice: Dice, pack: Pack, parent: Customer, name: str) -> Customer:
    bare = f"{parent.spellings.items[1]} {name.rpartition(' ')[2]}"
    return Customer(
        name=name,
        group=parent.name,
        kana=parent.kana,
        business=parent.business,
        domain=parent.domain,
        rep=parent.rep,
        people=_people(dice, pack),
        spellings=Zipf((name, bare), 1.0),
        aliases=(),
        has_note=True,
    )


def _people(dice: Dice, pack: Pack) -> tuple[Person, ...]:
    column = 0 if pack.language == "ja" else 1
    return tuple(
        Person(
            family=_SURNAMES.draw(dice)[column],
            given=_GIVEN.draw(dice)[column],
            title=pack.titles.draw(dice) if dice.chance(0.7) else "",
            department=pack.departments.draw(dice),
        )
        for _ in range(dice.small(1, 6))
    )


_SURNAMES: Final = Zipf([tuple(pair.split(":")) for pair in name_parts.SURNAMES.split()])
_GIVEN: Final = Zipf([tuple(pair.split(":")) for pair in name_parts.GIVEN_NAMES.split()], 0.5)
