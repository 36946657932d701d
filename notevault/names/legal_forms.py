"""Legal forms of companies and other bodies, in every usual abbreviation, as data.

Everything here is spelled as after NFKC, case folding and :data:`notevault.names.kanji.OLD_KANJI`.
"""

import re
from typing import Final

JAPANESE_FORMS: Final[dict[str, tuple[str, ...]]] = {
    "株式会社": (
        *("株式会社", "(株)", "[株]", "〔株〕", "株)", "(株", "カ)", "(カ)", "(カ"),
        *("カブシキガイシャ", "カブシキカイシャ", "かぶしきがいしゃ", "かぶしきかいしゃ"),
    ),
    "有限会社": (
        *("有限会社", "(有)", "有)", "ユ)", "(ユ)", "(ユ"),
        *("ユウゲンガイシャ", "ユウゲンカイシャ", "ゆうげんがいしゃ", "ゆうげんかいしゃ"),
    ),
    "合同会社": ("合同会社", "(同)", "(合)", "ド)", "(ド)", "ゴウドウガイシャ", "ゴウドウカイシャ", "ごうどうがいしゃ"),
    "合資会社": ("合資会社", "(資)", "ゴウシガイシャ", "ゴウシカイシャ"),
    "合名会社": ("合名会社", "(名)", "ゴウメイガイシャ", "ゴウメイカイシャ"),
    "相互会社": ("相互会社", "(相)", "ソウゴガイシャ", "ソウゴカイシャ"),
    "特定目的会社": ("特定目的会社", "(特目)"),
    "一般社団法人": ("一般社団法人", "(一社)", "イッパンシャダンホウジン"),
    "一般財団法人": ("一般財団法人", "(一財)", "イッパンザイダンホウジン"),
    "公益社団法人": ("公益社団法人", "(公社)", "コウエキシャダンホウジン"),
    "公益財団法人": ("公益財団法人", "(公財)", "コウエキザイダンホウジン"),
    "社団法人": ("社団法人", "(社)", "シャダンホウジン"),
    "財団法人": ("財団法人", "(財)", "ザイダンホウジン"),
    "特定非営利活動法人": (
        *("特定非営利活動法人", "認定npo法人", "npo法人", "(特非)", "(npo)"),
        *("トクテイヒエイリカツドウホウジン", "エヌピーオーホウジン"),
    ),
    "社会福祉法人": ("社会福祉法人", "(社福)", "(福)", "シャカイフクシホウジン"),
    "学校法人": ("学校法人", "(学)", "ガッコウホウジン"),
    "医療法人": (
        *("社会医療法人", "医療法人社団", "医療法人財団", "医療法人", "(医)", "(医社)", "(医財)"),
        *("イリョウホウジンシャダン", "イリョウホウジンザイダン", "イリョウホウジン"),
    ),
    "宗教法人": ("宗教法人", "(宗)", "シュウキョウホウジン"),
    "独立行政法人": ("国立研究開発法人", "地方独立行政法人", "独立行政法人", "(独)", "(地独)", "(国研)"),
    "国立大学法人": ("国立大学法人", "公立大学法人", "(大)"),
    "監査法人": ("有限責任監査法人", "監査法人", "(監)"),
    "税理士法人": ("税理士法人", "(税)"),
    "弁護士法人": ("弁護士法人", "(弁)"),
    "士業法人": ("司法書士法人", "行政書士法人", "社会保険労務士法人", "特許業務法人", "弁理士法人"),
    "協同組合": ("事業協同組合", "協同組合", "(協)", "キョウドウクミアイ"),
    "企業組合": ("企業組合", "(企)"),
    "有限責任組合": ("投資事業有限責任組合", "有限責任事業組合"),
    "投資法人": ("投資法人", "トウシホウジン"),
    "有限公司": ("股份有限公司", "有限公司", "ユウゲンコウシ"),
}
"""Kind to spellings; spellings of one kind are the same body, of two kinds are not."""

ENGLISH_FORMS: Final[dict[str, str]] = {
    "ltd": r"co(?:mpany)?[\s.,]*(?:ltd|limited)|private[\s.,]+limited|p(?:te|ty|vt)[\s.,]*(?:ltd|limited)|ltd|limited|"
    r"inc|incorporated|corporation|corp|company|co|k\.\s?k|kk|kabushiki\s?(?:kaisha|gaisha)",
    "llc": r"l\.\s?l\.\s?c|llc|g\.\s?k|godo\s?(?:kaisha|gaisha)",
    "lp": r"l\.\s?p|lp|l\.\s?l\.\s?p|llp",
    "plc": r"p\.\s?l\.\s?c|plc",
    "gmbh": r"gmbh",
    "ag": r"ag|a\.\s?g",
    "sa": r"s\.\s?a|s\.\s?p\.\s?a|s\.\s?[aà]\s?r\.\s?l|sarl|a/s|b\.\s?v|bv|n\.\s?v|nv|oyj?|ab",
}
"""Family to an expression; ``ltd`` is how the English names of 株式会社 and 有限会社 end, ``llc`` those of 合同会社."""

_SAME: Final = frozenset(
    frozenset(pair) for pair in (("ltd", "株式会社"), ("ltd", "有限会社"), ("llc", "合同会社"), ("lp", "有限責任組合"))
)

_SPELLINGS: Final = {spelling: kind for kind, spellings in JAPANESE_FORMS.items() for spelling in spellings}
_BY_FIRST: Final[dict[str, list[str]]] = {}
_BY_LAST: Final[dict[str, list[str]]] = {}
for _spelling in sorted(_SPELLINGS, key=len, reverse=True):
    _BY_FIRST.setdefault(_spelling[0], []).append(_spelling)
    _BY_LAST.setdefault(_spelling[-1], []).append(_spelling)
_LATIN_AFTER: Final = (
    r"[\s,.](?:" + "|".join(f"(?P<{family}>{words})" for family, words in ENGLISH_FORMS.items()) + r")\.?$"
)
_LATIN_LAST: Final = frozenset("abcdghjklnopsvy")
"""What an English legal form can end with."""


def find_form_before(text: str) -> tuple[str, int] | None:
    """Return kind and length of the legal form that a folded name begins with."""
    for spelling in _BY_FIRST.get(text[:1], ()):
        if text.startswith(spelling):
            return _SPELLINGS[spelling], len(spelling)
    return None


def find_form_after(text: str) -> tuple[str, int] | None:
    """Return kind and start of the legal form that a folded name ends with."""
    for spelling in _BY_LAST.get(text[-1:], ()):
        if text.endswith(spelling):
            return _SPELLINGS[spelling], len(text) - len(spelling)
    # compiled on first use: most runs meet no Latin name
    found = re.search(_LATIN_AFTER, text) if text[-1:] in _LATIN_LAST and not text[-20:].isalnum() else None
    return (found.lastgroup or "ltd", found.start()) if found else None


def split_after_form(text: str) -> tuple[str, str] | None:
    """Return what stands up to and after a legal form in the middle: 山田工業(株) and 大阪支店."""
    for spelling in _SPELLINGS:
        place = text.find(spelling, 1)
        end = place + len(spelling)
        if place > 0 and end < len(text) and "一" <= spelling.strip("([〔")[:1] <= "鿿":
            return text[:end], text[end:]
    return None


def are_compatible(one: str | None, other: str | None) -> bool:
    """Say whether two legal forms may be the same body's; a name without one goes with any."""
    return one is None or other is None or one == other or frozenset((one, other)) in _SAME
