"""Prices of competitors, read from what notes say of them.

Only what can be set side by side is read: prices of one unit (1枚0.9円, 2,000円 per seat), a month's or year's fee, and
discounts. A sum of money for a whole offer says nothing without its terms and stays in the line that was heard.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_NUMBER: Final = r"(?P<value>\d[\d,]{0,12}(?:\.\d{1,4})?)"
_YEN: Final = r"\s?(?P<money>万円|円|yen|ドル)"
_UNITS: Final = r"枚|ページ|頁|台|名|人|個|本|件|箱|ライセンス|id|か月|ヶ月|ケ月|月"
_PATTERNS: Final = (
    ("unit", re.compile(rf"(?:1|一)(?P<unit>{_UNITS})(?:あたり|当たり|につき)?\s?{_NUMBER}{_YEN}")),
    ("fee", re.compile(rf"(?P<unit>月額|年額|初期費用|保守料)[はがを、:\s]{{0,3}}{_NUMBER}{_YEN}")),
    (
        "per",
        re.compile(rf"(?P<money>[$¥€]?){_NUMBER}(?: yen)?(?: per | an? |/)(?P<unit>page|seat|user|month|unit|device)"),
    ),
    ("page", re.compile(r"(?<![\d.,])(?P<value>\d{1,3}\.\d{1,3})\s?(?P<money>円|yen)")),
    (
        "discount",
        re.compile(
            r"(?<![\d.,])(?P<value>\d{1,2}(?:\.\d)?)\s?(?P<money>割|%|パーセント|percent)\s?(?:値?引|安|off|discount)"
        ),
    ),
)
_PAGE: Final = frozenset({"枚", "ページ", "頁", "page"})
_KIND: Final = re.compile(r"(?P<mono>モノクロ|白黒|mono\w*|black)|カラー|colou?r")
_OURS: Final = re.compile(r"当社|弊社|自社|我が社|our ")
_SENTENCE: Final = re.compile(r"[^。]+")
_MONEY: Final = re.compile(r"円|yen|ドル|割|%|パーセント|percent|/| per | an? ")
_DIGIT: Final = re.compile(r"\d")

Price = tuple[str, float, str]
"""Topic, value in one unit of money or percent, and the words as written."""


def read_prices(line: str, name: str, mentions: Mapping[str, re.Pattern[str]]) -> list[Price]:
    """Return what a normalized line says of the prices of ``name``; ``mentions`` finds every competitor, by name."""
    found: list[Price] = []
    for sentence in _SENTENCE.findall(line):
        if may_hold_price(sentence):
            for part in _parts_about(sentence, name, mentions):
                found += _read_part(part)
    return list(dict.fromkeys(found))


def may_hold_price(text: str) -> bool:
    """Say whether normalized text holds what every price has; quicker than reading it."""
    return _DIGIT.search(text) is not None and _MONEY.search(text) is not None


def _parts_about(sentence: str, name: str, mentions: Mapping[str, re.Pattern[str]]) -> Iterator[str]:
    """Yield the parts of a sentence from where it names ``name`` to where it names another."""
    places = sorted((match.start(), other) for other, shape in mentions.items() for match in shape.finditer(sentence))
    named = {other for _at, other in places}
    if name not in named:
        return
    parts = [
        sentence[at : (places[number + 1][0] if number + 1 < len(places) else len(sentence))]
        for number, (at, other) in enumerate(places)
        if other == name
    ]
    if not any(_read_part(part) for part in parts) and named == {name} and not _OURS.search(sentence):
        parts = [sentence]
    yield from parts


def _read_part(part: str) -> list[Price]:
    found: dict[int, Price] = {}
    for sort, pattern in _PATTERNS:
        for match in pattern.finditer(part):
            at = match.end("value")
            found.setdefault(at, (_topic(sort, match, part[: match.start()]), _value(match), match[0].strip()))
    return [found[at] for at in sorted(found)]


def _topic(sort: str, match: re.Match[str], before: str) -> str:
    if sort == "discount":
        return "discount"
    unit = "page" if sort == "page" else match["unit"]
    if unit not in _PAGE:
        return unit
    kinds = list(_KIND.finditer(before))
    return "page" if not kinds else "mono page" if kinds[-1]["mono"] else "colour page"


def _value(match: re.Match[str]) -> float:
    value = float(match["value"].replace(",", ""))
    return value * {"万円": 10_000, "割": 10}.get(match["money"], 1)
