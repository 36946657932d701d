"""Names of persons as family and given name, where that can be told and not only guessed."""

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f.'’\-\s]+")
_LONGEST: Final = 40


class PersonName(NamedTuple):
    """A name in two parts; ``how`` says what told them apart."""

    last: str
    first: str
    how: str
    """``written``: a blank, comma or middle dot; ``dictionary``: Sudachi knows both; ``whole``: not told apart."""


SPLITS: Final = ("written", "dictionary", "whole")


def split_person_name(name: str) -> PersonName:
    """Return family and given name of 山田太郎, 山田 太郎, Laura Reed, ジョン・スミス.

    A name in doubt is all family name.
    """
    name = " ".join(name.split())
    if "," in name:
        last, _comma, first = name.partition(",")
        if last.strip() and first.strip():
            return PersonName(last.strip(), first.strip(), "written")
    if _LATIN.fullmatch(name):
        first, _blank, last = name.rpartition(" ")
        return PersonName(last, first, "written" if first else "whole")
    if "・" in name:
        first, _dot, last = name.rpartition("・")
        if first and last:
            return PersonName(last, first, "written")
    last, _blank, first = name.partition(" ")
    if first:
        return PersonName(last, first, "written")
    return _split_by_dictionary(name) if len(name) <= _LONGEST else PersonName(name, "", "whole")


@lru_cache(maxsize=4096)
def _split_by_dictionary(name: str) -> PersonName:
    morphemes = [(morpheme.surface(), morpheme.part_of_speech()[2:4]) for morpheme in _tokenizer().tokenize(name)]
    if len(morphemes) == 2:  # noqa: PLR2004 -- family and given name
        (last, of_last), (first, of_first) = morphemes
        is_last, is_first = of_last == ("人名", "姓"), of_first == ("人名", "名")
        if (is_last and is_first) or (len(name) > 2 and (is_first or (is_last and of_first[0] == "人名"))):  # noqa: PLR2004
            return PersonName(last, first, "dictionary")
    return PersonName(name, "", "whole")


@cache
def _tokenizer() -> Any:  # noqa: ANN401 -- SudachiPy's classes carry no types
    from sudachipy import Dictionary, SplitMode  # noqa: PLC0415 -- start-up time

    # the smallest first: it is installed everywhere, and the same vault is to give the same names everywhere
    name = next(name for name in ("small", "core", "full") if find_spec(f"sudachidict_{name}"))
    return Dictionary(dict=name).tokenizer(mode=SplitMode.C)
