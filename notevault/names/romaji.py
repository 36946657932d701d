"""Readings in Latin letters, folded until Hepburn, Kunrei and loose spellings of one reading agree.

Only for likeness: ショウジ, ``Shoji``, ``Syouzi`` and ``Shouji`` give one text, and so do a few different words.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from notevault.names.company_words import READINGS
from notevault.names.kanji import katakana

_ROWS: Final = {
    "アイウエオ": "", "カキクケコ": "k", "サシスセソ": "s", "タチツテト": "t", "ナニヌネノ": "n", "ハヒフヘホ": "h",
    "マミムメモ": "m", "ラリルレロ": "r", "ガギグゲゴ": "g", "ザジズゼゾ": "z", "ダヂヅデド": "d", "バビブベボ": "b",
    "パピプペポ": "p",
}  # fmt: skip
_OTHERS: Final = "ヤ:ya ユ:yu ヨ:yo ワ:wa ヰ:i ヱ:e ヲ:o ン:n ヴ:bu ヂ:zi ヅ:zu"
_KANA: Final = {
    kana: consonant + vowel for row, consonant in _ROWS.items() for kana, vowel in zip(row, "aiueo", strict=True)
} | dict(pair.split(":") for pair in _OTHERS.split())
_SMALL: Final = dict(zip("ァィゥェォャュョヮ", "aiueoauoa", strict=True))

_LETTER_NAMES: Final = """
a:エー b:ビー c:シー d:ディー e:イー f:エフ g:ジー h:エイチ i:アイ j:ジェイ k:ケー l:エル m:エム
n:エヌ o:オー p:ピー q:キュー
r:アール s:エス t:ティー u:ユー v:ブイ w:ダブリュー x:エックス y:ワイ z:ゼット &:アンド 1:ワン 2:ツー 3:スリー 4:フォー
5:ファイブ 6:シックス 7:セブン 8:エイト 9:ナイン 0:ゼロ
"""
_LETTERS: Final = dict(pair.split(":") for pair in _LETTER_NAMES.split())
_TRANSLATED: Final = """
railway:テツドウ railroad:テツドウ electric:デンキ electronics:エレクトロニクス industries:コウギョウ
industry:コウギョウ industrial:コウギョウ oil:セイユ newspaper:シンブン pharmaceutical:セイヤク
pharmaceuticals:セイヤク securities:ショウケン broadcasting:ホウソウ bank:ギンコウ investment:トウシ
construction:ケンセツ trading:ショウジ works:セイサクショ foods:ショクヒン food:ショクヒン chemical:カガク
chemicals:カガク steel:セイコウ paper:セイシ printing:インサツ shipping:カイウン insurance:ホケン life:セイメイ
gas:ガス power:デンリョク machinery:キカイ transportation:ウンユ transport:ウンユ logistics:ブツリュウ
warehouse:ソウコ communications:ツウシン university:ダイガク hospital:ビョウイン housing:ジュウタク
guarantee:ホショウ advisory:コモン central:チュウオウ tea:チャ textile:センイ cement:セメント medical:イリョウ
technology:ギジュツ research:ケンキュウ development:カイハツ city:シティ town:タウン tokyo:トウキョウ
japan:ニホン korea:カンコク export:ユシュツ import:ユニュウ europe:オウシュウ european:オウシュウ
china:チュウゴク brewery:シュゾウ brewing:シュゾウ fisheries:スイサン
"""
_TRANSCRIBED: Final = """
asset:アセット management:マネジメント investment:インベストメント investments:インベストメンツ
global:グローバル investors:インベスターズ holdings:ホールディングス holding:ホールディング media:メディア
capital:キャピタル partners:パートナーズ fund:ファンド trust:トラスト limited:リミテッド pacific:パシフィック
asia:アジア international:インターナショナル company:カンパニー corporation:コーポレーション club:クラブ
golf:ゴルフ course:コース system:システム systems:システムズ service:サービス services:サービス
technology:テクノロジー technologies:テクノロジーズ japan:ジャパン group:グループ engineering:エンジニアリング
design:デザイン solution:ソリューション solutions:ソリューションズ network:ネットワーク networks:ネットワークス
communications:コミュニケーションズ logistics:ロジスティクス hotel:ホテル hotels:ホテルズ resort:リゾート
resorts:リゾーツ plan:プラン create:クリエイト house:ハウス home:ホーム life:ライフ foods:フーズ food:フード
electronics:エレクトロニクス electric:エレクトリック industries:インダストリーズ works:ワークス bank:バンク
line:ライン road:ロード cypress:サイプレス ace:エース bus:バス railway:レイルウェイ digital:デジタル
data:データ consulting:コンサルティング creative:クリエイティブ marketing:マーケティング
financial:フィナンシャル finance:ファイナンス security:セキュリティ medical:メディカル care:ケア health:ヘルス
energy:エナジー power:パワー gas:ガス estate:エステート real:リアル office:オフィス support:サポート
soft:ソフト software:ソフトウェア tech:テック techno:テクノ net:ネット web:ウェブ studio:スタジオ
factory:ファクトリー store:ストア market:マーケット motor:モーター motors:モータース auto:オート car:カー
air:エア sky:スカイ star:スター sun:サン green:グリーン blue:ブルー first:ファースト new:ニュー union:ユニオン
world:ワールド future:フューチャー next:ネクスト link:リンク bridge:ブリッジ space:スペース advance:アドバンス
royal:ロイヤル grand:グランド prime:プライム premium:プレミアム select:セレクト smart:スマート human:ヒューマン
resource:リソース staff:スタッフ
"""
_ENGLISH: Final = tuple(
    dict(pair.split(":") for pair in (*other.split(), *first.split()))
    for first, other in ((_TRANSLATED, _TRANSCRIBED), (_TRANSCRIBED, _TRANSLATED))
)
"""Two readings of English words in company names: by meaning (railway, テツドウ) and by sound, else the other."""
_WORD: Final = "|".join(sorted(READINGS, key=len, reverse=True))
_LAST_WORD: Final = f"(?:{_WORD})$"
_FOLDS: Final = tuple(
    (pattern, into)
    for pattern, into in (
        ("tch", "t"), ("sh|sch", "s"), ("ch|ts", "t"), ("ph|f", "h"), ("th", "s"), ("j", "z"), ("l", "r"), ("v", "b"),
        ("x", "ks"), ("q|c", "k"), ("dz", "z"), ("(?<=[kstnhmrgzdbp])y(?=[auo])", ""), ("(?<=[ou])h(?![aiueo])", ""),
        ("m(?=[bp])", "n"), ("ou|oo|ow(?![aiueo])", "o"), ("uu", "u"), ("ei", "e"), (r"([a-z])\1+", r"\1"),
    )
)  # fmt: skip


_HEPBURN: Final = (("si", "shi"), ("ti", "chi"), ("tu", "tsu"), ("hu", "fu"), ("zi", "ji"))
_LONG_WORDS: Final = (("hd", "ホールディングス"), ("fg", "フィナンシャルグループ"))


def fold_latin(text: str) -> str:
    """Return Latin letters and digits with the spellings of one sound made one."""
    folded = "".join(sign for sign in text if sign.isascii() and sign.isalnum())
    for substitute, into in _folds():
        folded = substitute(into, folded)
    return folded


@cache
def _folds() -> list[tuple[Callable[[str, str], str], str]]:
    """Return the patterns, compiled when first asked for."""
    return [(re.compile(pattern).sub, into) for pattern, into in _FOLDS]


@lru_cache(maxsize=16384)
def fold_kana(text: str) -> str:
    """Return kana as :func:`fold_latin` gives it; other letters are left out, Latin ones kept."""
    return fold_latin(_spell(text))


def spell_hepburn(kana: str) -> str:
    """Return kana in Hepburn letters, long vowels as they are: チチブ is ``chichibu``."""
    spelled = _spell(kana)
    for plain, hepburn in _HEPBURN:
        spelled = spelled.replace(plain, hepburn)
    return spelled


def _spell(kana: str) -> str:
    out: list[str] = []
    for sign in katakana(kana):
        if sign in _SMALL:
            last = out[-1] if out else ""
            out[-1:] = [(last[:-1] if last[-1:] in "aiueo" else last) + _SMALL[sign]]
        elif sign in _KANA:
            out.append(_KANA[sign])
        elif sign.isascii():
            out.append(sign)
    return "".join(out)


@lru_cache(maxsize=16384)
def read_name(core: str) -> str:
    """Return the reading of a name in kana and Latin letters, with the usual words of company names; "" if unknown."""
    spelled = re.sub(_WORD, lambda match: READINGS[match[0]], core)
    return "" if _has_kanji(spelled) else fold_kana(spelled)


def read_letters(core: str) -> str:
    """Return the reading with Latin letters and digits by their names: sk is エスケー."""
    for short, long in _LONG_WORDS:
        core = core.removesuffix(short) + (long if core.endswith(short) else "")
    return read_name(_by_letters(core))


def read_english(words: str) -> tuple[str, ...]:
    """Return readings of an English name, its usual words by meaning and by sound, short ones letter by letter."""
    by_meaning, by_sound = _ENGLISH
    spelled = by_sound | {word: _by_letters(word) for word in words.split() if len(word) <= 3 and word not in by_sound}  # noqa: PLR2004 -- an acronym
    return tuple(
        fold_latin("".join(_spell(table[word]) if word in table else word for word in words.split()))
        for table in (by_meaning, by_sound, spelled)
    )


def _by_letters(word: str) -> str:
    return "".join(_LETTERS.get(sign, sign) for sign in word)


def split_reading(core: str, kana: str) -> list[str]:
    """Return a reading in words where a usual word ends or begins the written name: 秩父鉄道 is チチブ, テツドウ."""
    head: list[str] = []
    tail: list[str] = []
    for found in re.finditer(_WORD, core):
        reading = READINGS[found[0]]
        if found.start() == 0 and kana.startswith(reading):
            head, kana = [reading], kana.removeprefix(reading)
    while (found_last := re.search(_LAST_WORD, core)) and kana.endswith(READINGS[found_last[0]]):
        tail.insert(0, READINGS[found_last[0]])
        core, kana = core[: found_last.start()], kana.removesuffix(tail[0])
    return [*head, *([kana] if kana else []), *tail]


def _has_kanji(text: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in text)
