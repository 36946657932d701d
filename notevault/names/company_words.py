"""The usual words of Japanese company names and how they are read, as data."""

from typing import Final

_BUSINESS_WORDS: Final = """
工業:コウギョウ 興業:コウギョウ 鉱業:コウギョウ 建設:ケンセツ 商事:ショウジ 製作所:セイサクショ 電機:デンキ
電気:デンキ 商店:ショウテン 物産:ブッサン 産業:サンギョウ 運輸:ウンユ 運送:ウンソウ 不動産:フドウサン
銀行:ギンコウ 証券:ショウケン 化学:カガク 化成:カセイ 製薬:セイヤク 鉄道:テツドウ 電鉄:デンテツ
自動車:ジドウシャ 食品:ショクヒン 印刷:インサツ 技研:ギケン 精機:セイキ 精密:セイミツ 機械:キカイ 金属:キンゾク
鉄工所:テッコウショ 鉄工:テッコウ 設備:セツビ 設計:セッケイ 商会:ショウカイ 物流:ブツリュウ 倉庫:ソウコ
通信:ツウシン 放送:ホウソウ 新聞:シンブン 出版:シュッパン 病院:ビョウイン 薬局:ヤッキョク 製菓:セイカ
製粉:セイフン 酒造:シュゾウ 水産:スイサン 観光:カンコウ 交通:コウツウ 旅行:リョコウ 保険:ホケン 生命:セイメイ
電力:デンリョク 石油:セキユ 製紙:セイシ 繊維:センイ 紡績:ボウセキ 製鋼:セイコウ 製鉄:セイテツ 造船:ゾウセン
重工業:ジュウコウギョウ 重工:ジュウコウ 電子:デンシ 電工:デンコウ 電設:デンセツ 情報:ジョウホウ 総合:ソウゴウ
研究所:ケンキュウジョ 日本:ニホン 東京:トウキョウ 大阪:オオサカ 名古屋:ナゴヤ 横浜:ヨコハマ 京都:キョウト
神戸:コウベ 三菱:ミツビシ 三井:ミツイ 住友:スミトモ 貿易:ボウエキ 開発:カイハツ 投資:トウシ 信託:シンタク
技術:ギジュツ 材料:ザイリョウ 塗料:トリョウ 鋼管:コウカン 製鋼所:セイコウジョ 本店:ホンテン 商工:ショウコウ
薬品:ヤクヒン 薬:ヤク 組:グミ 社:シャ 屋:ヤ 堂:ドウ 会:カイ
"""
READINGS: Final = dict(pair.split(":") for pair in _BUSINESS_WORDS.split())
_ENDINGS: Final = tuple(word for word in READINGS if len(word) > 1)


def ends_like_company(name: str) -> bool:
    """Say whether a name ends in a usual word of company names: 山田工業, but neither 山田 nor 工業."""
    return name.endswith(_ENDINGS) and name not in READINGS
