"""Characters that are one and the same in a name, written in an older or another shape."""

from typing import Final

_OLD_AND_NEW: Final = (
    "亞亜 惡悪 壓圧 圍囲 醫医 爲為 壹壱 隱隠 榮栄 營営 衞衛 驛駅 悅悦 圓円 鹽塩 緣縁 艷艶 應応 歐欧 毆殴 櫻桜 奧奥 "
    "橫横 溫温 穩穏 假仮 價価 畫画 會会 壞壊 懷懐 繪絵 擴拡 殼殻 覺覚 學学 嶽岳 樂楽 渴渇 罐缶 卷巻 陷陥 勸勧 寬寛 "
    "關関 闗関 歡歓 觀観 氣気 歸帰 龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟 狹狭 鄕郷 曉暁 區区 驅駆 勳勲 "
    "薰薫 徑径 莖茎 惠恵 揭掲 溪渓 經経 繼継 螢蛍 輕軽 鷄鶏 藝芸 擊撃 缺欠 儉倹 劍剣 圈圏 檢検 權権 獻献 縣県 險険 "
    "顯顕 驗験 嚴厳 效効 廣広 恆恒 黃黄 鑛鉱 號号 國国 黑黒 歲歳 濟済 碎砕 齋斎 劑剤 雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 "
    "殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 舍舎 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 將将 稱称 "
    "燒焼 證証 奬奨 條条 狀状 乘乗 淨浄 剩剰 疊畳 繩縄 壤壌 孃嬢 讓譲 釀醸 觸触 囑嘱 寢寝 愼慎 晉晋 眞真 盡尽 圖図 "
    "粹粋 醉酔 穗穂 隨随 髓髄 樞枢 數数 瀨瀬 聲声 靜静 齊斉 攝摂 竊窃 專専 戰戦 淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 "
    "壯壮 搜捜 插挿 爭争 窗窓 總総 聰聡 莊荘 裝装 騷騒 增増 臟臓 藏蔵 屬属 續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 "
    "擇択 澤沢 單単 擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁 徵徴 聽聴 敕勅 鎭鎮 遞逓 鐵鉄 轉転 點点 "
    "傳伝 燈灯 當当 黨党 盜盗 稻稲 鬪闘 德徳 獨独 讀読 屆届 貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 發発 髮髪 拔抜 "
    "蠻蛮 祕秘 濱浜 濵浜 甁瓶 拂払 佛仏 竝並 變変 邊辺 邉辺 瓣弁 辨弁 辯弁 舖舗 步歩 寶宝 豐豊 沒没 飜翻 每毎 萬万 "
    "滿満 麵麺 默黙 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥 瑤瑶 來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟 "
    "綠緑 壘塁 勵励 禮礼 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼 郞郎 祿禄 錄録 灣湾 堯尭 巖巌 槇槙 檜桧 凜凛 髙高 﨑崎 "
    "栁柳 桒桑 𠮷吉 曻昇 德徳 淸清 靑青 晴晴 猪猪 都都 福福 祥祥 神神 祐祐 禎禎 穀穀 者者 諸諸 隆隆 館館 鶴鶴"
)

OLD_KANJI: Final = str.maketrans({pair[0]: pair[-1] for pair in _OLD_AND_NEW.split()} | {"ヶ": "ケ", "ヵ": "カ"})
"""Old shapes (旧字体) and glyph variants to today's, small ヶ to ケ; 斎 and 斉 stay two characters, as 嶋 and 島 do."""

ALIKE_KANJI: Final = str.maketrans("嶋嶌冨渕舘峯嵜碕薗埜斎嵩籠靱渡髭", "島島富淵館峰崎崎園野斉崇篭靭渡髭")
"""Characters that people mix up though names differ by them; for likeness only."""

LARGE_KANA: Final = str.maketrans("ァィゥェォッャュョヮヰヱヴ", "アイウエオツヤユヨワイエブ")
"""Small kana as large; for likeness only."""

_HIRAGANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_KATAKANA: Final = {large: small for small, large in _HIRAGANA.items()}


def hiragana(text: str) -> str:
    """Return the text with katakana as hiragana; what has none (ヷ, ー) stays."""
    return text.translate(_KATAKANA)


def katakana(text: str) -> str:
    """Return the text with hiragana as katakana."""
    return text.translate(_HIRAGANA)
