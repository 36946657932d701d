"""Other terms that a word of a query may stand in a note by: where Sudachi knows one spelling and the query is another.

A word without its kana, or with half of them (打合, 打ち合わ: 打ち合わせ), a verb for its noun (みつもり: 見積もり).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from notevault.index.analysis import Token, iter_tokens
from notevault.index.stopwords import STOP_WORDS

# as text, for to compile a range of twenty thousand kanji takes milliseconds
_HIRAGANA: Final = "[ぁ-ゖ]+"
_ENDINGS: Final = ("", "せ", "り", "い", "え", "き", "け", "し", "み", "れ", "ち")
"""With which a word of kanji alone becomes one that Sudachi knows: 打合 + せ."""
_FEWEST_KANJI: Final = 2
_LONGEST_MIXED: Final = 8
_VERB_TO_NOUN: Final = dict(zip("うくぐすつぬぶむる", "いきぎしちにびみり", strict=True))
_SMALL_KE: Final = "(?<=[一-鿿々])[ヶケ](?=[一-鿿々])"
_KE_OR_GA: Final = "(?<=[一-鿿々])[ヶケが](?=[一-鿿々])"
_LONGEST_PLACE: Final = 4
"""霞が関 may be 霞ヶ関, 課題が発生 is a sentence."""
_LETTERS_AND_NUMBER: Final = r"([a-z]{2,})[-.]?([0-9]+(?:\.[0-9]+)*)"
_NUMBER_AND_LETTERS: Final = r"([0-9]+(?:\.[0-9]+)?)-?([a-z]{2,})"
_NO_UNITS: Final = STOP_WORDS | {"st", "nd", "rd", "th"}


@lru_cache(maxsize=1024)
def other_terms(word: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return terms beside those of ``tokens`` that a normalised word of a query means."""
    known = {token.term for token in tokens}
    found = dict.fromkeys((*_with_all_kana(word, tokens), *_nouns(word, tokens)))
    return tuple(term for term in found if term not in known)


def other_needles(word: str) -> tuple[str, ...]:
    """Return other ways to write a place, a name or a code: 藤ケ沢, 藤ヶ沢, 藤が沢; iso9001, iso 9001."""
    if word.isascii():
        return _parted_otherwise(word)
    if "ヶ" not in word and "ケ" not in word and "が" not in word:
        return ()
    pattern = _KE_OR_GA if len(word) <= _LONGEST_PLACE else _SMALL_KE
    if not re.search(pattern, word):
        return ()
    return tuple(spelled for kana in "ヶケが" if (spelled := re.sub(pattern, kana, word)) != word)


def _parted_otherwise(word: str) -> tuple[str, ...]:
    """Return letters beside a number with all that may part them: windows11, windows 11; ver1.4, ver. 1.4; 500gb."""
    joints: tuple[str, ...]
    if found := re.fullmatch(_LETTERS_AND_NUMBER, word):
        joints = ("", " ", "-", ".", ". ")
    elif (found := re.fullmatch(_NUMBER_AND_LETTERS, word)) and found[2] not in _NO_UNITS:
        joints = ("", " ", "-")
    else:
        return ()
    return tuple(spelled for joint in joints if (spelled := f"{found[1]}{joint}{found[2]}") != word)


def _with_all_kana(word: str, tokens: Sequence[Token]) -> list[str]:
    if len(tokens) < 2 or not _is_mixed(word):  # noqa: PLR2004 -- one term: Sudachi knows the word
        return []
    kanji = re.sub(_HIRAGANA, "", word)
    if len(kanji) < _FEWEST_KANJI:
        return []
    terms = (_single_term(kanji + ending) for ending in _ENDINGS)
    return [
        term
        for term in dict.fromkeys(terms)
        if term and term != word and re.sub(_HIRAGANA, "", term) == kanji and _is_within(word, term)
    ]


def _is_mixed(word: str) -> bool:
    """Tell whether a word begins with a kanji and is short and all kanji and hiragana."""
    if len(word) > _LONGEST_MIXED or not _is_kanji(word[0]):
        return False
    return all(_is_kanji(char) or "ぁ" <= char <= "ゖ" for char in word)


def _is_kanji(char: str) -> bool:
    return "一" <= char <= "鿿" or char == "々"


def _nouns(word: str, tokens: Sequence[Token]) -> list[str]:
    """Return the noun of a verb that stands alone."""
    if len(tokens) != 1 or (tokens[0].start, tokens[0].end) != (0, len(word)):
        return []
    verb = tokens[0].term
    noun = verb[:-1] + _VERB_TO_NOUN.get(verb[-1:], "")
    return [noun] if len(noun) == len(verb) > _FEWEST_KANJI and _single_term(noun) == noun else []


def _single_term(text: str) -> str | None:
    tokens = list(iter_tokens(text))
    return tokens[0].term if len(tokens) == 1 and tokens[0].end - tokens[0].start == len(text) else None


def _is_within(word: str, term: str) -> bool:
    """Tell whether all letters of ``word`` stand in ``term`` in this order."""
    letters = iter(term)
    return all(letter in letters for letter in word)
