"""The key of a company name: what all its spellings have in common, and only they.

Two names with one key and compatible legal forms are one name. Likeness is :mod:`notevault.names.likeness`.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from notevault.names.kanji import OLD_KANJI, katakana
from notevault.names.legal_forms import find_form_after, find_form_before
from notevault.records import record

MAX_LENGTH: Final = 300
"""Longer text is cut before it is compared; no company is called so."""

_HONORIFICS: Final = ("御中", "様", "さま", "さん", "殿")
_AND: Final = re.compile(r"(?<=[^a-z0-9])and(?=[^a-z0-9]|$)")
_DASH_IN_KANA: Final = re.compile(r"(?<=[ァ-ヺぁ-ゖ])[-‐‑‒–—―−]")
_DROPPED: Final = re.compile(r"[^\w&+@]|_")
_EDGE: Final = " ,.、。・･:;\t\n\u3000"


@record
class NameParts:
    """A company name without width, case and blanks: its core and its legal form."""

    core: str
    """Letters, digits and ``&+@``; empty only for a blank name."""
    form: str | None = None
    """Kind of legal form as in :mod:`notevault.names.legal_forms`."""
    before: bool = False
    """Whether the legal form stands before the core (前株)."""


def fold_name(name: str) -> str:
    """Return a name in one width, case and kanji shape, blanks and punctuation as they are."""
    folded = name[:MAX_LENGTH].casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold()).translate(OLD_KANJI)
    bare = folded.strip(_EDGE)
    return bare if bare.strip() else "".join(folded.split())


def name_key(name: str) -> str:
    """Return the exact key of a company name: 株式会社 山田工業, ㈱山田工業 and 山田工業（株）御中 have one.

    Legal forms, blanks, punctuation and honorifics are left out as long as something remains; a blank name has the
    key "", no other has. ``name_key(name_key(x)) == name_key(x)``.
    """
    return parse_name(name).core


@lru_cache(maxsize=16384)
def parse_name(name: str) -> NameParts:
    """Return core and legal form of a company name."""
    parts = _take_apart(fold_name(name), NameParts(core=""))
    while (again := _take_apart(parts.core, parts)) != parts:  # blanks and dots gone, a form may show: 山田 株・式会社
        parts = again
    return parts


def _take_apart(text: str, known: NameParts) -> NameParts:
    form, before = known.form, known.before
    while True:
        rest, found = text, None
        if (shorter := _without_honorific(text)) != text and _letters(shorter):
            rest = shorter
        elif (found := find_form_before(text)) and _letters(text[found[1] :]):
            rest = text[found[1] :]
            form, before = (form, before) if form else (found[0], True)
        elif (found := find_form_after(text)) and _letters(text[: found[1]]):
            rest = text[: found[1]]
            form = form or found[0]
        if rest == text:
            return NameParts(core=_core(text), form=form, before=before)
        text = rest.strip(_EDGE)


def _without_honorific(text: str) -> str:
    if not text.endswith(_HONORIFICS):
        return text
    for word in _HONORIFICS:
        if text.endswith(word):
            return text.removesuffix(word).rstrip()
    return text


def kana_key(name: str) -> str:
    """Return the key of a reading: as :func:`name_key`, hiragana as katakana."""
    return katakana(name_key(name))


def _core(text: str) -> str:
    """Return the letters; where a name has none, its characters without blanks."""
    return _letters(text) or "".join(text.split())


def _letters(text: str) -> str:
    if text.isascii():
        text = text.removeprefix("the ") or text
        return _DROPPED.sub("", _AND.sub("&", text))
    return _DROPPED.sub("", _DASH_IN_KANA.sub("ー", _AND.sub("&", text)))
