"""Text to the terms that are indexed and searched.

Japanese goes through Sudachi (short units, normalised form, content words), Latin words are stemmed, codes, e-mail
addresses and URLs stay whole beside their parts. Index and query use the same functions; :func:`analysis_fingerprint`
changes whenever the same text could give other terms.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from notevault.index.stopwords import STOP_TERMS, STOP_WORDS
from notevault.index.variants import VARIANTS
from notevault.text import normalize, without_surrogates

ANALYSIS_VERSION: Final = 4
DICTIONARIES: Final = ("small", "core", "full")
"""Sudachi's dictionaries, the one that is taken first first."""
LONGEST_TERM: Final = 64
_FORMS_KEPT: Final = 100_000
_PIECES_KEPT: Final = 32_768
_PIECE_KEPT: Final = 160
"""Characters; longer sentences hardly come again."""
_SHORT_PARTICLE: Final = 3
"""から, ため; in longer words of kana a name may hide."""
_SUDACHI_BYTES: Final = 49_149 // 4
"""Sudachi refuses more bytes than 49,149; counted in characters, of at most four bytes each."""

_LETTERS: Final = "0-9a-zß-öø-ÿ"
"""Of folded text. Letters beyond Latin-1 would cost each start a table of all code points."""
_LATIN: Final = re.compile(rf"[{_LETTERS}]+(?:(?:://|[-._@/'&:%?=~#+]|’)[{_LETTERS}]+)*(?:\+\+|#)?")
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,/:][0-9]+)?(?:[/:][0-9]+)*")
_PARTS: Final = re.compile(rf"[{_LETTERS}]+")
_JOINTS: Final = str.maketrans("", "", "-._/'’&:")


def _base_of(letter: str) -> str:
    """Return what is left of an accented letter; of one beyond Latin-1 without accents (đ, ł, ı) what its name says."""
    base = unicodedata.normalize("NFD", letter)[0]
    if base.isascii() or letter <= "ÿ":
        return base
    _before, _letter_or_ligature, called = unicodedata.name(letter, "").partition("LATIN SMALL L")
    return called.partition(" ")[2].removeprefix("DOTLESS ")[:1].lower() or letter


_ACCENTED: Final = {
    code: base
    for code in (*range(0xE0, 0x250), *range(0x1E00, 0x1F00))  # the latter for Vietnamese
    if chr(code).islower() and (base := _base_of(chr(code))).isascii()
}
_FOLDS: Final = VARIANTS | _ACCENTED | str.maketrans(dict.fromkeys("‐‑‒–—―−─━", "-"))
_FOLDED: Final = frozenset(map(chr, _FOLDS))
_LONG_VOWEL: Final = re.compile("(?<=[ァ-ヺ])-")
_KANA: Final = re.compile("[ぁ-ゖァ-ヺ]")
_OTHER_SCRIPT: Final = re.compile("[0-9]|[^\x00-\x7fß-öø-ÿ]")

_CONTENT: Final = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "接尾辞"})
"""Parts of speech that say something; the rest is left to the exact scan."""


class Token(NamedTuple):
    """One term and the span of normalised text it was read from."""

    term: str
    start: int
    end: int


class _Tokenizers(threading.local):
    """One tokenizer a thread: it cannot be shared, nor pickled."""

    current: Any = None
    reading: Any = None


_tokenizers: Final = _Tokenizers()


@cache
def _dictionary_name() -> str:
    return next(name for name in DICTIONARIES if find_spec(f"sudachidict_{name}"))


@cache
def _dictionary() -> Any:  # noqa: ANN401 -- SudachiPy's classes carry no types
    from sudachipy import Dictionary  # noqa: PLC0415 -- 90 ms that a query in Latin letters does without

    return Dictionary(dict=_dictionary_name())


def _tokenizer() -> Any:  # noqa: ANN401
    if _tokenizers.current is None:
        _tokenizers.current = _dictionary().tokenizer(mode="A", fields={"normalized_form", "pos"})
    return _tokenizers.current


@lru_cache(maxsize=8192)
def read_aloud(text: str) -> str:
    """Return text in katakana as Sudachi reads it; what it cannot read stays as it is."""
    if _tokenizers.reading is None:
        _tokenizers.reading = _dictionary().tokenizer(mode="C", fields={"reading_form"})
    known = without_surrogates(text[:_SUDACHI_BYTES])
    return "".join(morpheme.reading_form() or morpheme.surface() for morpheme in _tokenizers.reading.tokenize(known))


@cache
def _content_ids() -> frozenset[int]:
    pos_of, found, number = _dictionary().pos_of, set(), 0
    while (pos := pos_of(number)) is not None:
        if pos[0] in _CONTENT and pos[1] != "助動詞語幹":
            found.add(number)
        number += 1
    return frozenset(found)


@cache
def analysis_fingerprint() -> str:
    """Return what decides the terms of a text: this module's version and the dictionary with its build."""
    spec = find_spec(f"sudachidict_{_dictionary_name()}")
    digest = sha256()
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / "resources" / "system.dic"
        digest.update(str(path.stat().st_size).encode())
        with path.open("rb") as stream:
            digest.update(stream.read(4096))  # the header tells version, time and checksums of the build
    return f"{ANALYSIS_VERSION}-{_dictionary_name()}-{digest.hexdigest()[:12]}"


def fold(text: str) -> str:
    """Return normalised ``text`` with variant kanji, accented letters and dashes written one way, each in its place."""
    if text.isascii():
        return text
    if not _FOLDED.isdisjoint(text):  # to translate costs ten times as much as to look
        text = text.translate(_FOLDS)
    text = without_surrogates(text, "\ufffd")  # bytes that were no text
    return _LONG_VOWEL.sub("ー", text) if "-" in text else text


def analyze(text: str) -> list[str]:
    """Return the terms of ``text``, in its order, with repetitions.

    Text that holds kana also gives the Japanese form of its Latin words (server: サーバー); a query does without.
    """
    terms: list[str] = []
    latin: list[str] = []
    kana = False
    for piece in _piece_pattern().findall(text):
        found = _analyze_known(piece) if len(piece) <= _PIECE_KEPT else _analyze_piece(piece)
        terms += found.terms
        latin += found.latin
        kana = kana or found.kana
    if kana:
        terms += filter(None, map(loanword, latin))
    return terms


@cache
def _piece_pattern() -> re.Pattern[str]:
    """Return what matches a sentence or a line, without the marks it may begin with; a query has no use for it."""
    return re.compile(r"[^\s#>*。-][^\n。]*")


class _Piece(NamedTuple):
    """The terms of a sentence or line, its Latin words, and whether it holds kana."""

    terms: tuple[str, ...]
    latin: tuple[str, ...]
    kana: bool


def _analyze_piece(piece: str) -> _Piece:
    folded = fold(normalize(piece))
    terms: list[str] = []

    def take_latin(match: re.Match[str]) -> str:
        word = match.group()
        if _NUMBER.fullmatch(word):
            return word
        terms.extend(_latin_terms(word))
        return " "

    rest = _LATIN.sub(take_latin, folded)
    latin = tuple(_PARTS.findall(folded)) if terms else ()
    if _has_japanese(rest):
        tokenize, contents, forms = _tokenizer().tokenize, _content_ids(), _forms
        for chunk in _iter_chunks(rest):
            found = [forms[m.normalized_form()] for m in tokenize(chunk) if m.part_of_speech_id() in contents]
            terms += filter(None, found)
    return _Piece(tuple(terms), latin, _KANA.search(folded) is not None)


_analyze_known: Final = lru_cache(maxsize=_PIECES_KEPT)(_analyze_piece)
"""Headings, prompts, names and set phrases come again in every note of a team."""


def iter_tokens(normalized: str) -> Iterator[Token]:
    """Yield the terms of text that :func:`notevault.text.normalize` gave, with their spans in it."""
    folded = fold(normalized)
    rest: list[str] = []
    at = 0
    for match in _LATIN.finditer(folded):
        word = match.group()
        if _NUMBER.fullmatch(word):
            continue  # numbers are Sudachi's: 120万 and 1,200,000 meet
        rest += (folded[at : match.start()], " " * len(word))
        at = match.end()
        for term in _latin_terms(word):
            yield Token(term, match.start(), match.end())
    rest.append(folded[at:])
    yield from _iter_japanese("".join(rest))


@lru_cache(maxsize=65_536)
def _latin_terms(word: str) -> tuple[str, ...]:
    if "://" in word or "@" in word:
        parts = [term for part in _PARTS.findall(word) for term in _latin_terms(part)]
        return tuple(dict.fromkeys((word[:LONGEST_TERM], *parts)))
    word = word.removesuffix("'s").removesuffix("’s")
    parts = _PARTS.findall(word)
    if len(parts) == 1:
        return () if word in STOP_WORDS else (_stem(word)[:LONGEST_TERM],)
    joined = word.translate(_JOINTS)
    separate = [term for part in parts if len(part) > 1 or not joined.isalpha() for term in _latin_terms(part)]
    # and/or, 時刻10:30 are no words of their own
    whole = [] if "/" in word or ":" in word else [_stem(joined)[:LONGEST_TERM]]
    return tuple(dict.fromkeys((*whole, *separate)))


def _stem(word: str) -> str:
    return _stemmer()(word) if word.isascii() and word.isalpha() else word


@cache
def _stemmer() -> Any:  # noqa: ANN401 -- the stemmer comes without types
    from whoosh.lang.porter2 import stem  # noqa: PLC0415 -- a query without Latin words does without

    return stem


@lru_cache(maxsize=65_536)
def loanword(word: str) -> str | None:
    """Return the Japanese form that Sudachi knows a Latin word by, None where it knows none."""
    if not word.isalpha() or not word.isascii() or len(word) < 3 or word in STOP_WORDS:  # noqa: PLR2004
        return None
    for spelled in (word, word.removesuffix("s")):
        morphemes = _tokenizer().tokenize(spelled)
        if len(morphemes) == 1 and not (form := str(morphemes[0].normalized_form())).isascii():
            return form
    return None


def _has_japanese(text: str) -> bool:
    """Tell whether there is anything for Sudachi: other letters than Latin ones, or numbers."""
    return _OTHER_SCRIPT.search(text) is not None


class _Forms(dict[str, str]):
    """Terms by Sudachi's normal forms; '' for one that is none."""

    def __missing__(self, form: str) -> str:
        term = "" if form in STOP_TERMS else normalize(form)[:LONGEST_TERM]
        if len(self) < _FORMS_KEPT:
            self[form] = term
        return term


_forms: Final = _Forms()


def _iter_japanese(folded: str) -> Iterator[Token]:
    if not _has_japanese(folded):
        return
    contents = _content_ids()
    base = 0
    for chunk in _iter_chunks(folded):
        for morpheme in _tokenizer().tokenize(chunk):
            if morpheme.part_of_speech_id() in contents and (term := _forms[morpheme.normalized_form()]):
                yield Token(term, base + morpheme.begin(), base + morpheme.end())
        base += len(chunk)


def _iter_chunks(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > _SUDACHI_BYTES:
        end = start + _SUDACHI_BYTES
        cut = max(text.rfind(" ", start, end), text.rfind("。", start, end)) + 1
        yield text[start : (start := cut if cut > start else end)]
    yield text[start:]


def is_function_word(normalized: str) -> bool:
    """Tell whether a word of a query asks for nothing by itself: の, of, ``-``; alone it is still looked for."""
    if normalized in STOP_WORDS or not any(map(str.isalnum, normalized)):
        return True
    return len(normalized) <= _SHORT_PARTICLE and not next(iter_tokens(normalized), None)
