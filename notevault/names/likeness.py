"""Customers alike to a mention: abbreviations, readings, initials, slips of the pen. It proposes; it never decides.

Every customer has a few short texts (name, aliases, reading, English name); shared pairs of characters and a
subsequence test pick some of them, and only those are compared closely.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from heapq import nsmallest
from math import log
from typing import Final

from notevault.names.kanji import ALIKE_KANJI, LARGE_KANA, katakana
from notevault.names.key import fold_name, kana_key, name_key, parse_name
from notevault.names.romaji import (
    fold_kana,
    fold_latin,
    read_english,
    read_letters,
    read_name,
    spell_hepburn,
    split_reading,
)
from notevault.names.values import Candidate, RegisteredCustomer
from notevault.records import record

_COMPARED: Final = 60
"""So many customers are compared closely for each mention and kind of text."""
_NOISE: Final = 0.2
"""What is no more alike than this is not worth showing."""
_ABBREVIATION: Final = 8
"""So many characters an abbreviation has at most."""
_JAPANESE: Final = re.compile(r"[^a-z0-9&+@]{2,}")
_SHORTENED: Final = tuple(
    (pattern, into)
    for pattern, into in (
        ("ホールディングズ?|ホールディングス?|holdings?", "hd"),
        ("フィナンシャル・?グループ|financialgroup", "fg"),
        ("グループ|group", "g"),
        ("コーポレーション|corporation", "corp"),
        ("ドットコム", "com"),
        ("アンド|and(?=[^a-z])", "&"),
    )
)


@record
class _Text:
    """One text of one customer, in one of the alphabets."""

    customer: str
    text: str
    core: str = ""
    """Without legal form, where ``text`` has one."""
    starts: frozenset[int] = frozenset((0,))
    """Where its words begin."""


_Measure = Callable[[str, _Text], tuple[float, str]]


class LikenessIndex:
    """The texts of all customers, by the pairs of characters in them."""

    def __init__(self, customers: Iterable[RegisteredCustomer]) -> None:
        written: list[_Text] = []
        spoken: list[_Text] = []
        english: list[_Text] = []
        for customer in sorted(customers, key=lambda one: one.id):
            names = (customer.name, *customer.aliases)
            written += [_Text(customer=customer.id, text=loose(core)) for name in names if (core := name_key(name))]
            spoken += [_Text(customer=customer.id, text=text) for text in sorted(_readings(customer))]
            english += _english(customer)
        self._written, self._spoken, self._english = _Grams(written), _Grams(spoken), _Grams(english)

    def find(self, mention: str, *, limit: int = 5, least: float = _NOISE) -> tuple[Candidate, ...]:
        """Return up to ``limit`` customers that are at least so alike, the most alike first."""
        best: dict[str, Candidate] = {}
        for grams, wanted, measure in self._questions(mention):
            closely = least > _NOISE and grams is not self._english
            for text in grams.reaching(wanted, least) if closely else grams.near(wanted):
                likeness, why = measure(wanted, text)
                known = best.get(text.customer)
                if likeness > least and (known is None or likeness > known.likeness):
                    best[text.customer] = Candidate(customer=text.customer, likeness=round(likeness, 3), why=why)
        return tuple(nsmallest(limit, best.values(), key=lambda one: (-one.likeness, one.customer)))

    def _questions(self, mention: str) -> list[tuple["_Grams", str, _Measure]]:
        core, words = name_key(mention), _spaced(mention)
        found: list[tuple[_Grams, str, _Measure]] = [(self._written, loose(core), _compare_written)]
        if core.isascii():
            spoken = {read_letters(core), read_name(core), *read_english(_spaced(parse_name(words).core or words))}
            spoken |= set(read_english(words))
            found.append((self._english, words.replace(" ", ""), _compare_english))
        else:
            spoken = {read_letters(core), read_name(core)}
            found += [(self._english, heard, _compare_heard) for heard in _as_heard(read_name(core))]
            found += [(self._written, loose(part), _compare_part) for part in _JAPANESE.findall(core) if part != core]
        found += [(self._spoken, reading, _compare_spoken) for reading in sorted(spoken) if reading]
        return found


class _Grams:
    """Texts, found by shared pairs of characters or as what a mention shortens."""

    def __init__(self, texts: list[_Text]) -> None:
        self._texts = texts
        postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        holding: dict[str, bytearray] = defaultdict(lambda: bytearray(len(texts) // 8 + 1))
        for place, text in enumerate(texts):
            for gram in _pairs(text.text):
                postings[gram].append(place)
            for sign in set(text.text):
                holding[sign][place >> 3] |= 1 << (place & 7)
        self._postings = dict(postings)
        self._sizes = [len(_pairs(text.text)) for text in texts]
        self._holding = {sign: int.from_bytes(bits, "little") for sign, bits in holding.items()}
        """Sign → the places of the texts that hold it, as the bits of a number."""

    def near(self, wanted: str) -> list[_Text]:
        """Return the texts worth comparing."""
        if not wanted:
            return []
        scores: dict[int, float] = defaultdict(float)
        for gram in _pairs(wanted):
            places = self._postings.get(gram, ())
            weight = log(1 + len(self._texts) / len(places)) if places else 0.0
            for place in places:
                scores[place] += weight
        best = nsmallest(
            _COMPARED, scores, key=lambda place: (-scores[place] / (len(self._texts[place].text) + 8), place)
        )
        chosen = dict.fromkeys(best)
        if 1 < len(wanted) <= _ABBREVIATION:
            chosen.update(dict.fromkeys(self._shortened_by(wanted)))
        return [self._texts[place] for place in chosen]

    def reaching(self, wanted: str, least: float) -> list[_Text]:
        """Return every text that :func:`_compare` may find at least so alike; ``least`` is 0.7 or more.

        Such a text shares most pairs with ``wanted``, or all pairs of one of the two, or all but two where ``wanted``
        is it with three pieces left.
        """
        counts: dict[int, int] = defaultdict(int)
        pairs = _pairs(wanted) if wanted else ()
        for gram in pairs:
            for place in self._postings.get(gram, ()):
                counts[place] += 1
        size, sizes = len(pairs), self._sizes
        enough = size if len(wanted) <= _ABBREVIATION else size - 2
        found = {
            place
            for place, count in counts.items()
            if count >= enough or count >= sizes[place] or 1.7 * (count + 1) >= least * (size + sizes[place] + 2)
        }
        if 1 < len(wanted) <= _ABBREVIATION:
            found.update(self._shortened_by(wanted))
        return [self._texts[place] for place in sorted(found)]

    def _shortened_by(self, wanted: str) -> list[int]:
        """Return the texts that hold the characters in this order; linear in their length."""
        signs = ["kcq" if sign in "kcq" else sign for sign in wanted]
        places = -1
        for sign in set(signs):
            held = 0
            for each in sign:
                held |= self._holding.get(each, 0)
            places &= held
        found = []
        while places:
            lowest = places & -places
            places ^= lowest
            found.append(lowest.bit_length() - 1)
        return [place for place in found if _in_order(signs, self._texts[place].text)]


@cache
def _shortenings() -> list[tuple[Callable[[str, str], str], str]]:
    """Return the patterns, compiled when first asked for."""
    return [(re.compile(pattern).sub, into) for pattern, into in _SHORTENED]


def _in_order(signs: list[str], text: str) -> bool:
    at = -1
    for sign in signs:
        if len(sign) == 1:
            at = text.find(sign, at + 1)
        else:
            at = min((place for each in sign if (place := text.find(each, at + 1)) >= 0), default=-1)
        if at < 0:
            return False
    return True


@lru_cache(maxsize=16384)
def loose(core: str) -> str:
    """Return a key with what people mix up made one: small and large kana, long vowels, HD and ホールディングス."""
    for substitute, into in _shortenings():
        core = substitute(into, core)
    return katakana(core).translate(LARGE_KANA).translate(ALIKE_KANJI).replace("ー", "")


def _readings(customer: RegisteredCustomer) -> set[str]:
    names = {read_letters(name_key(name)) for name in (customer.name, *customer.aliases)}
    return (names | {fold_kana(kana_key(customer.kana or ""))}) - {""}


def _english(customer: RegisteredCustomer) -> list[_Text]:
    """Return English names with legal forms, which acronyms take in (KEPCO), and the reading as if it were one."""
    names = [_spaced(name) for name in (customer.name_en or "", *customer.aliases) if name.isascii()]
    if customer.kana:
        spoken = split_reading(name_key(customer.name), kana_key(customer.kana))
        names.append(" ".join([*(spell_hepburn(word) for word in spoken), "kk"]))
    texts = []
    for name in filter(None, names):
        words = name.removeprefix("the ").split()
        starts = frozenset(sum(map(len, words[:place])) for place in range(len(words)))
        core = "".join(_spaced(parse_name(name).core).split())
        texts.append(_Text(customer=customer.id, text="".join(words), core=core, starts=starts))
    return texts


def _spaced(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold_name(name)).strip()


def _as_heard(reading: str) -> tuple[str, ...]:
    """Return a reading, and without the vowels that a foreign word has only in kana: ケプコ is KEPCO."""
    return tuple(dict.fromkeys(filter(None, (reading, re.sub(r"u(?=[^aiueo]|$)", "", reading)))))


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}


def _dice(one: str, other: str) -> float:
    mine, theirs = _pairs(f"^{one}"), _pairs(f"^{other}")
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _compare_written(wanted: str, text: _Text) -> tuple[float, str]:
    return _compare(wanted, text.text)


def _compare_part(wanted: str, text: _Text) -> tuple[float, str]:
    likeness, _why = _compare(wanted, text.text)
    return 0.75 * likeness, "part"


def _compare_spoken(wanted: str, text: _Text) -> tuple[float, str]:
    likeness, why = _compare(wanted, text.text)
    return 0.95 * likeness, why if why == "abbreviation" else "reading"


def _compare_heard(wanted: str, text: _Text) -> tuple[float, str]:
    likeness, _why = _compare_english(wanted, text, spelled=fold_latin)
    return 0.85 * likeness, "reading"


def _compare_english(wanted: str, text: _Text, spelled: Callable[[str], str] = str) -> tuple[float, str]:
    if wanted in {text.text, text.core}:
        return 0.98, "english"
    likeness, why = _compare(spelled(wanted), spelled(text.text))
    likeness = max(likeness, _compare(spelled(wanted), spelled(text.core))[0])
    if len(wanted) > 2 and any(text.text.startswith(wanted, start) for start in text.starts):  # noqa: PLR2004
        likeness = max(likeness, 0.7 + 0.25 * len(wanted) / len(text.text))
    return max((0.92 * likeness, why if why == "abbreviation" else "english"), (_initials(wanted, text), "initials"))


def _compare(wanted: str, whole: str) -> tuple[float, str]:
    if wanted == whole:
        return 0.99, "name"
    best = (0.85 * _dice(wanted, whole), "name")
    if min(len(wanted), len(whole)) < 2:  # noqa: PLR2004 -- one character is no abbreviation
        return best
    share = len(wanted) / len(whole)
    if whole.startswith(wanted):
        word = _ends_word(whole, len(wanted))
        return max(best, (0.62 + 0.33 * share + (0.15 * (1 - share) if word else 0), "prefix"))
    if wanted in whole:
        return max(best, ((0.56 if whole.endswith(wanted) else 0.5) + 0.33 * share, "part"))
    if whole in wanted:
        return max(best, (0.5 + 0.33 / share, "part"))
    return max(best, (_abbreviation(wanted, whole), "abbreviation")) if share < 1 else best


def _ends_word(text: str, place: int) -> bool:
    """Say whether Latin letters end and other letters go on: jcr in JCRファーマ."""
    return text[place - 1].isascii() != text[place].isascii()


def _abbreviation(wanted: str, whole: str) -> float:
    """Return how well ``wanted`` is ``whole`` with characters left out: few gaps, the first character kept."""
    place, gaps, first = -1, 0, -1
    for sign in wanted:
        found = whole.find(sign, place + 1)
        if found < 0:
            return 0.0
        gaps += found != place + 1 and place >= 0
        first = found if first < 0 else first
        place = found
    kept = len(wanted) / len(whole)
    return max(0.0, 0.5 + 0.25 * kept + (0.12 if first == 0 else 0.0) - 0.06 * gaps)


def _initials(wanted: str, text: _Text) -> float:
    """Return how well ``wanted`` is made of the beginnings of the words of an English name, in order.

    A letter that begins a word counts 1, one that follows its neighbour 0.8, one from within a word 0.3.
    """
    name = text.text.replace("c", "k").replace("q", "k")
    wanted = wanted.replace("c", "k").replace("q", "k")
    if not 1 < len(wanted) <= 6 or wanted[0] != name[:1]:  # noqa: PLR2004 -- the length of an acronym
        return 0.0
    best = {0: 1.0}
    """Place of the letter read last, and the most that the letters so far count."""
    for sign in wanted[1:]:
        following: dict[int, float] = {}
        for place, letter in enumerate(name):
            if letter == sign:
                counts = [
                    count + (1 if place in text.starts else 0.8 if place == before + 1 else 0.3)
                    for before, count in best.items()
                    if before < place
                ]
                following |= {place: max(counts)} if counts else {}
        best = following
    if not best:
        return 0.0
    count = max(best.values())
    words = max(sum(start < len(text.core) for start in text.starts), 1)
    return 0.35 + 0.3 * count / len(wanted) + 0.25 * min(count / max(words, len(wanted)), 1)
