"""Old and variant kanji and the form that search compares them by.

What :mod:`notevault.names.kanji` tells of names, and of 常用漢字表 (2010) and daily use what names have no need of.
"""

from typing import Final

from notevault.names.kanji import ALIKE_KANJI, OLD_KANJI

_ONLY_IN_WORDS: Final = (
    "㑹会 倂併 俠侠 俁俣 兔兎 凛凜 剝剥 卽即 𠮟叱 吳呉 吿告 嚙噛 囊嚢 圡土 塡填 姊姉 娛娯 壻婿 尙尚 崈崇 巢巣 "
    "强強 悳徳 戶戸 戾戻 摑掴 敎教 旣既 晄晃 晚晩 曆暦 曵曳 曾曽 椙杉 枩松 楳梅 槪概 歷歴 淚涙 濤涛 凉涼 渊淵 "
    "涉渉 潑溌 焰焔 產産 硏研 砺礪 禰祢 禱祷 簞箪 篭籠 繫繋 脫脱 舩船 蘆芦 萊莱 蔣蒋 藪薮 籐藤 蠣蛎 蟬蝉 蠟蝋 "
    "𥙿裕 襃褒 ⻆角 說説 諫諌 醬醤 鉃鉄 鍊錬 頸頚 頰頬 顏顔 顚顛 餠餅 驒騨 鰺鯵 鷗鴎 鹼鹸 麴麹 "
)
_KANA: Final = frozenset(map(ord, "ヶヵ"))
"""Left to Sudachi, which reads 1ヶ月 as it is written."""

_KANJI: Final = str.maketrans({pair[0]: pair[1] for pair in _ONLY_IN_WORDS.split()})

_ONE_STEP: Final = {
    old: chr(new) if isinstance(new, int) else new
    for old, new in (ALIKE_KANJI | OLD_KANJI | _KANJI).items()
    if old not in _KANA
}


def _end(char: str) -> str:
    """Return where a chain of forms ends; of two that are each other's form, the one that comes first."""
    seen: list[str] = []
    while char not in seen:
        seen.append(char)
        char = _ONE_STEP.get(ord(char), char)
    return min(seen[seen.index(char) :])


VARIANTS: Final = {
    old: end for old, new in _ONE_STEP.items() if (end := _end(chr(old)) if ord(new) in _ONE_STEP else new) != chr(old)
}
"""For ``str.translate``; one character for one, so that positions stay, and to the end of a chain: 齋 and 斎 to 斉."""
