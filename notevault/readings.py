"""Names found by how they are read, for who types them in kana or Latin letters."""

from collections.abc import Iterable, Mapping
from re import fullmatch, search
from typing import Final

from notevault.catalog import Catalog
from notevault.index.analysis import read_aloud
from notevault.names.kanji import katakana
from notevault.names.key import name_key
from notevault.names.romaji import fold_kana, fold_latin
from notevault.text import normalize

_SHORTEST_READING: Final = 2
_SHORTEST_SPELLED: Final = 4
"""Latin letters; fewer begin too many readings."""
_MOST_READ: Final = 5_000
"""Names; to read one takes some 20 microseconds."""
_KANJI: Final = "[一-鿿々]"
_KATAKANA: Final = r"[ァ-ヺー・]+"


def name_by_key(names: Iterable[str]) -> dict[str, str]:
    """Return names by what is the same in all their spellings."""
    return {_key(name): name for name in names}


def _key(name: str) -> str:
    return name_key(name) or normalize(name)


def find_read_like(catalog: Catalog, names: Mapping[str, str], word: str) -> list[str]:
    """Return those of the names whose reading begins as a normalised word in kana or Latin letters says.

    ``names`` are by their keys. やまだ: 山田工業; たかはし: takahashi, 高橋; takahasi: 高橋. What customers are
    registered with comes first.
    """
    reading = katakana(word)
    if len(reading) >= _SHORTEST_READING and fullmatch(_KATAKANA, reading):
        begin, say = reading, katakana
    elif len(word) >= _SHORTEST_SPELLED and word.isascii() and word.isalpha():
        begin, say = fold_latin(word), fold_kana
    else:
        return []
    found = [name for name, kana in _readings(catalog, names) if say(kana).startswith(begin)]
    spoken = fold_kana(reading)
    found += [name for name in names.values() if name.isascii() and fold_latin(normalize(name)) == spoken]
    return list(dict.fromkeys(found))


def _readings(catalog: Catalog, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return customers with the readings they are registered with, and names in kanji with those of the dictionary."""
    rows = catalog.select_tuples("SELECT name, kana FROM customers WHERE kana IS NOT NULL ORDER BY name")
    registered = [(name, normalize(kana).replace(" ", "")) for name, kana in rows if _key(name) in names]
    in_kanji = [(name, key) for key, name in sorted(names.items()) if search(_KANJI, key)][:_MOST_READ]
    return registered + [(name, read_aloud(key)) for name, key in in_kanji]
