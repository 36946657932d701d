"""Sentences from a vocabulary: seeded draws, skewed like real word use, and slots filled from a note's own theme."""

from bisect import bisect
from calendar import month_name
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, product
from random import Random
from string import Formatter
from types import ModuleType
from typing import Final, Generic, TypeVar

from benchmarks import words_en, words_ja

T = TypeVar("T")
Sentence = tuple[tuple[str, str], ...]
"""Pairs of literal text and the slot behind it, the slot empty at the end of a sentence."""

LANGUAGES: Final = ("ja", "en")
_VOCABULARIES: Final[dict[str, ModuleType]] = {"ja": words_ja, "en": words_en}


class Dice:
    """Draws that depend on the seed alone, not on the Python version: only ``Random.random`` is used."""

    __slots__ = ("unit",)

    def __init__(self, *seed: object) -> None:
        self.unit = Random(":".join(map(str, seed))).random

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.unit() < probability

    def number(self, low: int, high: int) -> int:
        """Return a whole number between both bounds, all equally likely."""
        return low + int(self.unit() * (high - low + 1))

    def small(self, low: int, high: int) -> int:
        """Return a whole number between both bounds, low ones more likely."""
        return low + int(self.unit() ** 2.5 * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, all equally likely."""
        return items[int(self.unit() * len(items))]

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """Return the items in a new order."""
        return [item for _, item in sorted(((self.unit(), item) for item in items), key=lambda pair: pair[0])]


class Zipf(Generic[T]):
    """Items of which the n-th is drawn in proportion to ``1 / (n + 2.7) ** exponent`` (Mandelbrot)."""

    __slots__ = ("_bounds", "items")

    def __init__(self, items: Sequence[T], exponent: float = 0.9) -> None:
        self.items = tuple(items)
        self._bounds = tuple(accumulate((rank + 2.7) ** -exponent for rank in range(len(self.items))))

    def draw(self, dice: Dice) -> T:
        """Return one item."""
        bounds = self._bounds
        return self.items[bisect(bounds, dice.unit() * bounds[-1], 0, len(bounds) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The vocabulary of one language, ready to be drawn from."""

    language: str
    topics: Zipf[str]
    terms: Zipf[str]
    products: Zipf[str]
    codes: Zipf[str]
    places: Zipf[str]
    departments: Zipf[str]
    systems: Zipf[str]
    rivals: Zipf[str]
    titles: Zipf[str]
    deal_names: Zipf[str]
    loss_reasons: Zipf[str]
    facts: Zipf[Sentence]
    readings: Zipf[Sentence]
    actions: Zipf[Sentence]
    todos: Zipf[Sentence]
    consults: Zipf[Sentence]
    team: Zipf[Sentence]
    jots: Zipf[Sentence]
    learned: Zipf[tuple[str, Sentence]]
    stages: tuple[str, ...]
    channels: tuple[str, ...]
    team_titles: tuple[str, ...]
    sources: tuple[str, ...]
    headings: dict[str, str]
    keys: dict[str, str]
    """Key in the house's spelling → key as some reps write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What one deal or one talk is about; its words return from note to note."""

    topics: tuple[str, ...]
    terms: tuple[str, ...]
    products: tuple[str, ...]
    codes: tuple[str, ...]
    persons: tuple[str, ...]
    rival: str
    amount: int
    """Yen."""


@cache
def load_pack(language: str) -> Pack:
    """Return the vocabulary of ``ja`` or ``en``."""
    source = _VOCABULARIES[language]
    gap = "" if language == "ja" else " "
    learned = [line.split("=", 1) for line in _lines(source.LEARNED)]
    return Pack(
        language=language,
        topics=_compound(source.TOPIC_HEADS, source.TOPIC_TAILS, gap),
        terms=Zipf(source.TERMS.split()),
        products=_compound(source.PRODUCT_HEADS, source.PRODUCT_TAILS, ""),
        codes=Zipf(_codes(source.CODE_HEADS.split()), 0.8),
        places=Zipf(source.PLACES.split()),
        departments=Zipf(source.DEPARTMENTS.split()),
        systems=Zipf(_lines(source.SYSTEMS) if language == "en" else source.SYSTEMS.split()),
        rivals=Zipf(_lines(source.RIVALS) if language == "en" else source.RIVALS.split()),
        titles=Zipf(source.TITLES.split()),
        deal_names=_compound(source.DEAL_OBJECTS, source.DEAL_VERBS, gap),
        loss_reasons=Zipf(source.LOSS_REASONS.split()),
        facts=_sentences(source.FACTS),
        readings=_sentences(source.READINGS),
        actions=_sentences(source.ACTIONS),
        todos=_sentences(source.TODOS),
        consults=_sentences(source.CONSULTS),
        team=_sentences(source.TEAM),
        jots=_sentences(source.JOTS),
        learned=Zipf([(key, parse_sentence(value)) for key, value in learned], 0.6),
        stages=tuple(source.STAGES.split()),
        channels=tuple(source.CHANNELS.split()),
        team_titles=tuple(_lines(source.TEAM_TITLES)),
        sources=tuple(source.SOURCES.split()),
        headings=source.HEADINGS,
        keys=source.KEYS,
    )


def parse_sentence(text: str) -> Sentence:
    """Return a sentence taken apart at its slots."""
    return tuple((literal, slot or "") for literal, slot, _, _ in Formatter().parse(text))


def render_amount(dice: Dice, yen: int, *, language: str, plain: bool = False) -> str:
    """Return an amount as people write it; ``plain`` keeps to spellings without a comma."""
    if language == "en":
        plain_forms = (str(yen), f"{yen / 1_000_000:.2f}M", f"{yen // 1000}k")
        return dice.pick(plain_forms if plain else (*plain_forms, f"¥{yen:,}", f"JPY {yen:,}"))
    man = yen // 10_000
    forms = [f"{man}万円", f"{man}万円", f"{yen}円", f"{man}万円".translate(_WIDE), f"{yen / 1_000_000:g}M"]
    if man >= 10_000:
        forms.append(f"{man // 10_000}億{man % 10_000}万円" if man % 10_000 else f"{man // 10_000}億円")
    if not plain:
        forms += [f"{yen:,}円", f"{yen:,}円", f"¥{yen:,}", f"{yen // 1000:,}千円"]
    return dice.pick(forms)


_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")


def make_theme(dice: Dice, pack: Pack, persons: tuple[str, ...]) -> Theme:
    """Return a subject to talk about with the given people."""
    return Theme(
        topics=tuple(pack.topics.draw(dice) for _ in range(4)),
        terms=tuple(pack.terms.draw(dice) for _ in range(6)),
        products=tuple(pack.products.draw(dice) for _ in range(2)),
        codes=tuple(pack.codes.draw(dice) for _ in range(2)),
        persons=persons,
        rival=pack.rivals.draw(dice),
        amount=dice.small(20, 3_000) * 10_000,
    )


class Speaker:
    """Says sentences about one theme on one day; no sentence pattern twice in a note."""

    def __init__(self, dice: Dice, pack: Pack, theme: Theme, day: date) -> None:
        self.dice, self.pack, self.theme, self.day = dice, pack, theme, day
        self._said: set[Sentence] = set()
        self._slots: dict[str, Callable[[], str]] = {
            "topic": lambda: self._themed(theme.topics, pack.topics),
            "term": lambda: self._themed(theme.terms, pack.terms),
            "product": lambda: self._themed(theme.products, pack.products),
            "code": lambda: self._themed(theme.codes, pack.codes),
            "person": lambda: dice.pick(theme.persons),
            "rival": lambda: theme.rival if dice.chance(0.7) else pack.rivals.draw(dice),
            "dept": lambda: pack.departments.draw(dice),
            "place": lambda: pack.places.draw(dice),
            "system": lambda: pack.systems.draw(dice),
            "count": lambda: str(dice.small(2, 60)),
            "count12": lambda: str(dice.number(1, 12)),
            "hours": lambda: str(dice.small(2, 90)),
            "percent": self._percent,
            "money": self._money,
            "when": self._when,
            "month": lambda: f"{self._later(40, 900):%Y-%m}",
        }

    def say(self, sentences: Zipf[Sentence]) -> str:
        """Return one sentence of a kind."""
        for _ in range(4):
            sentence = sentences.draw(self.dice)
            if sentence not in self._said:
                break
        self._said.add(sentence)
        return self.fill(sentence)

    def fill(self, sentence: Sentence) -> str:
        """Return a sentence with its slots filled."""
        slots = self._slots
        return "".join([literal + slots[slot]() if slot else literal for literal, slot in sentence])

    def _themed(self, own: tuple[str, ...], common: Zipf[str]) -> str:
        return self.dice.pick(own) if self.dice.chance(0.6) else common.draw(self.dice)

    def _later(self, low: int, high: int) -> date:
        return self.day + timedelta(days=self.dice.number(low, high))

    def _percent(self) -> str:
        figure = str(self.dice.small(1, 16) * 5)
        return figure + ("%" if self.dice.chance(0.8) else "％")

    def _money(self) -> str:
        yen = self.theme.amount * self.dice.number(60, 140) // 1_000_000 * 10_000 or 100_000
        return render_amount(self.dice, yen, language=self.pack.language, plain=True)

    def _when(self) -> str:
        day = self._later(5, 400)
        if self.pack.language == "en":
            return self.dice.pick((f"{month_name[day.month]} {day.year}", month_name[day.month], f"{day:%Y-%m-%d}"))
        forms = (f"{day.month}月", f"{day.year}年{day.month}月", f"{day.month}/{day.day}", f"{day.month}月{day.day}日")
        return self.dice.pick((*forms, "来期", "年度末", "来月中旬", "今月末"))


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


def _sentences(text: str) -> Zipf[Sentence]:
    return Zipf([parse_sentence(line) for line in _lines(text)], 0.5)


def _compound(heads: str, tails: str, gap: str) -> Zipf[str]:
    """Return every head with every tail, in a mixed order that is always the same."""
    return Zipf(Dice(heads, tails).shuffle([head + gap + tail for head, tail in product(heads.split(), tails.split())]))


def _codes(heads: Sequence[str]) -> list[str]:
    """Return product codes in the shapes catalogues use."""
    dice = Dice("codes")
    shapes: tuple[Callable[[str], str], ...] = (
        lambda head: f"{head}-{dice.number(1000, 9999)}",
        lambda head: f"{head}-{dice.number(100, 990)}{dice.pick('ABCDEX')}",
        lambda head: f"{head}{dice.number(10, 99) * 100}",
    )
    return list(dict.fromkeys(dice.pick(shapes)(dice.pick(heads)) for _ in range(5_000)))
