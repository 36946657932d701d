from random import Random

import pytest

from notevault.names.likeness import LikenessIndex
from notevault.names.resolver import CustomerResolver
from notevault.names.romaji import fold_kana, fold_latin, split_reading
from notevault.names.values import RegisteredCustomer

NAMES = (
    ("株式会社山田工業", "ヤマダコウギョウ", "Yamada Industries Co., Ltd."),
    ("山田興産株式会社", "ヤマダコウサン", ""),
    ("日の丸電気株式会社", "ヒノマルデンキ", "Hinomaru Electric Corporation"),
    ("株式会社海風フィナンシャルグループ", "ウミカゼフィナンシャルグループ", ""),
    ("青空ホールディングス株式会社", "アオゾラホールディングス", "Aozora Holdings, Inc."),
    ("ユービーエル株式会社", "ユービーエル", ""),
    ("中央可鍛工業株式会社", "チュウオウカタンコウギョウ", ""),
    ("アイガ測量株式会社", "アイガソクリョウ", "Asia Ground Survey Co.,Ltd."),
    ("株式会社港新聞社", "ミナトシンブンシャ", ""),
    ("ＪＫＲファーマ株式会社", "ジェーケーアールファーマ", "JKR Pharmaceuticals Co.,Ltd."),
    ("関北電力株式会社", "カンホクデンリョク", "The Kanhoku Electric Power Company, Incorporated"),
    ("株式会社セブン＆ナイン", "セブンアンドナイン", "Seven & Nine Co., Ltd."),
    ("三嶋キヤノン販売株式会社", "ミシマキヤノンハンバイ", ""),
    ("マックスバリウ東海株式会社", "マックスバリウトウカイ", "Maxvaliu Tokai Co., Ltd."),
    ("伏見海陸運送株式会社", "フシミカイリクウンソウ", ""),
)
INDEX = LikenessIndex(
    RegisteredCustomer(id=name, name=name, kana=kana, name_en=english or None) for name, kana, english in NAMES
)


@pytest.mark.parametrize(
    ("mention", "customer"),
    [
        ("ヤマダ工業", "株式会社山田工業"),
        ("山田興業", "山田興産株式会社"),
        ("日電", "日の丸電気株式会社"),
        ("海風FG", "株式会社海風フィナンシャルグループ"),
        ("アオゾラHD", "青空ホールディングス株式会社"),
        ("青空HD", "青空ホールディングス株式会社"),
        ("UBL", "ユービーエル株式会社"),
        ("中可鍛", "中央可鍛工業株式会社"),
        ("AGS", "アイガ測量株式会社"),
        ("Minato Newspaper Co.", "株式会社港新聞社"),
        ("JKR", "ＪＫＲファーマ株式会社"),
        ("KEPCO", "関北電力株式会社"),
        ("ケプコ", "関北電力株式会社"),
        ("7&9", "株式会社セブン＆ナイン"),
        ("三島キャノン販売", "三嶋キヤノン販売株式会社"),
        ("MV東海", "マックスバリウ東海株式会社"),
        ("FKUK", "伏見海陸運送株式会社"),
        ("hinomaru denki", "日の丸電気株式会社"),
        ("Yamada Kougyou", "株式会社山田工業"),
        ("株式会社山田工業", "株式会社山田工業"),
    ],
)
def test_the_right_customer_is_proposed_first(mention: str, customer: str) -> None:
    assert [candidate.customer for candidate in INDEX.find(mention)][:1] == [customer]


def test_likeness_lies_between_nothing_and_certainty() -> None:
    for mention in ("山田", "日の丸電気", "x", "株", "7", "&", "ー", "・・・", "", "山" * 1000):
        assert all(0 < candidate.likeness < 1 for candidate in INDEX.find(mention))


def test_likeness_never_decides() -> None:
    resolver = CustomerResolver([RegisteredCustomer(id="a", name="株式会社アインホールディングス")])
    found = resolver.explain("アジュバンホールディングス")
    assert found.customer is None
    assert resolver.explain("株式会社アイン・ホールディング").customer is None


def test_as_many_candidates_as_asked_for() -> None:
    assert len(INDEX.find("山田", limit=1)) == 1


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ショウジ", "Shoji"),
        ("ショウジ", "syouzi"),
        ("チュウオウ", "Chuo"),
        ("シンバシ", "Shimbashi"),
        ("ホッカイドウ", "Hokkaido"),
        ("フジ", "Fuji"),
    ],
)
def test_spellings_of_one_sound_are_one(kana: str, latin: str) -> None:
    assert fold_kana(kana) == fold_latin(latin.lower())


def test_a_reading_is_parted_at_usual_words() -> None:
    assert split_reading("秩父鉄道", "チチブテツドウ") == ["チチブ", "テツドウ"]
    assert split_reading("日本電設工業", "ニホンデンセツコウギョウ") == ["ニホン", "デンセツ", "コウギョウ"]
    assert split_reading("山田", "ヤマダ") == ["ヤマダ"]


def test_what_is_very_alike_is_found_however_many_are_near() -> None:
    dice = Random(7)  # noqa: S311 -- names, no secrets
    stems = [a + b for a in "山川田岡森北南青赤" for b in "田本井村山崎野"]
    kinds = ["工業", "商事", "物流", "建設", "印刷", "システムズ", "ホールディングス", "フーズ", ""]
    names = {dice.choice(stems) + dice.choice(kinds) for _ in range(150)} | {
        "UBL",
        "ユービーエル",
        "山工",
        "Yamada Kogyo",
    }
    customers = [RegisteredCustomer(id=name, name=name) for name in sorted(names)]
    index = LikenessIndex(customers)
    for name in sorted(names):
        every = index.find(name, limit=len(names), least=0.7)
        alone = [LikenessIndex([one]).find(name) for one in customers]
        wanted = {found[0].customer: found[0].likeness for found in alone if found and found[0].likeness > 0.7}
        assert {one.customer: one.likeness for one in every} == wanted
