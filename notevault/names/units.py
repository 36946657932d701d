"""Parts of a company in a mention: 大阪支店, 情報システム部, （東京）. Says where the company's name ends."""

import re
from collections.abc import Iterator
from typing import Final

from notevault.names.legal_forms import find_form_before, split_after_form

_PLACES: Final = """
北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山 石川 福井 山梨 長野 岐阜
静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本
大分 宮崎 鹿児島 沖縄 札幌 旭川 函館 帯広 釧路 盛岡 仙台 郡山 いわき 水戸 つくば 日立 宇都宮 前橋 高崎 太田
さいたま 大宮 川口 川越 所沢 船橋 柏 松戸 成田 八王子 立川 町田 武蔵野 多摩 横浜 川崎 相模原 横須賀 厚木 藤沢
平塚 小田原 長岡 上越 金沢 甲府 松本 上田 沼津 三島 浜松 名古屋 豊橋 豊田 岡崎 刈谷 一宮 四日市 津 大津 草津 堺
東大阪 豊中 吹田 高槻 枚方 神戸 姫路 尼崎 西宮 明石 倉敷 福山 呉 下関 宇部 周南 高松 松山 今治 北九州 久留米
小倉 佐世保 那覇 新宿 渋谷 品川 池袋 丸の内 日本橋 銀座 秋葉原 新橋 虎ノ門 六本木 赤坂 梅田 難波 本町 天王寺 栄
博多 天神 東北 北陸 関東 北関東 南関東 首都圏 甲信越 信越 中部 東海 近畿 関西 中国 四国 中四国 九州 東日本
西日本 北日本 南九州 城東 城南 城西 城北 中央 東部 西部 南部 北部 東 西 南 北 本
"""
PLACES: Final = frozenset(_PLACES.split())
_PLACE = "|".join(sorted(PLACES, key=len, reverse=True))
_BRANCH = r"支店|支社|支部|支局|営業所|営業部|出張所|事業所|事業部|事業本部|販売部|オフィス|本社|本店|本部"
_SITE = r"工場|研究所|センター|店|物流センター|倉庫|製作所"
_DEPARTMENT = r"部|課|室|係|局|チーム|(?:営業|開発|企画|技術|管理|総務|推進|システム|サービス|製造|購買)グループ"
_BARE_WORDS: Final = """
情シス 情報システム 総務 経理 人事 購買 調達 営業 企画 開発 製造 品証 品質保証 技術 設計 生産管理 資材 法務
広報 財務 物流 本社 本店 本部 支店 支社 営業所 工場
"""
_BARE: Final = frozenset(_BARE_WORDS.split())
_PERSON = (
    r".{1,12}(?:様|さん|さま|氏|殿|社長|会長|専務|常務|取締役|"
    r"部長|次長|課長|係長|主任|店長|所長|支店長|工場長|室長|担当)"
)
_NO_UNIT: Final = ("倶楽部", "教室", "茶室", "温室", "王室")
_UNIT: Final = (
    rf"(?:.{{0,12}}(?:{_BRANCH})|(?:{_PLACE})(?:第[一二三1-9])?(?:{_SITE})|.{{1,14}}(?:{_DEPARTMENT})|{_PERSON})"
)
_GLUED: Final = rf"(?:{_PLACE})(?:支店|支社|営業所|出張所|事業所)(?:.{{0,14}}(?:{_DEPARTMENT}))?"
_BRACKET: Final = r"[(\[【「]([^()\[\]【】「」]{1,40})[)\]】」]"


def is_unit(word: str) -> bool:
    """Say whether a word by itself names a part of a company, a place, or a person there."""
    return word in _BARE or is_place(word) or bool(re.fullmatch(_UNIT, word) and not word.endswith(_NO_UNIT))


def is_place(word: str) -> bool:
    """Say whether a word is a place that offices are named after; one character is too little to tell."""
    return len(word) > 1 and word in PLACES


def iter_splits(mention: str) -> Iterator[tuple[str, str]]:
    """Yield company and rest for every place where a folded mention may end the company's name, the longest name first.

    Only a rest that looks like a part of a company is cut off: 山田 工業 stays whole.
    """
    words = mention.split()
    for size in range(len(words) - 1, 0, -1):
        if all(is_unit(word) for word in words[size:]):
            yield " ".join(words[:size]), " ".join(words[size:])
    if len(words) == 1:
        for size in range(len(mention) - 2, 0, -1):
            rest = mention[size:]
            if re.fullmatch(_GLUED, rest) or (rest[0] == "の" and is_unit(rest[1:])):
                yield mention[:size], rest
    if (parts := split_after_form(mention)) and all(is_unit(word) for word in parts[1].split()):
        yield parts


def split_brackets(mention: str) -> tuple[str, str] | None:
    """Return a folded name without its first bracket, and what stands in it: 山田工業（大阪）, but not 山田工業(株)."""
    for found in re.finditer(_BRACKET, mention):
        if found.start() and not find_form_before(found[0]):
            return f"{mention[: found.start()].rstrip()} {mention[found.end() :].lstrip()}".strip(), found[1].strip()
    return None
