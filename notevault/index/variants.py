"""Old and variant kanji and the form they are compared by.

Pairs of the table of old forms in 常用漢字表 (2010) and the variants that names are commonly written with.
Left out are pairs whose forms are both in use as words of their own (予/豫, 余/餘, 弁/辨, 芸/藝, 糸/絲, 虫/蟲, 欠/缺).
NFKC has mended the compatibility ideographs (U+F900 to U+FAFF) before.
"""

from typing import Final

_WRITTEN: Final = (
    "萬與兩竝乘亂爭亞佛假㑹會傳體倂俠價俁儉僞兔兒黨圓寫凛處劍劑剝剩勵勞效敕勸勳區醫單卽嚴參雙收敍臺𠮟號𠮷"
    "吳吿營囑嚙囊團圍圖國圈圡壓墮壘鹽塡增壞壤壯聲壹賣變奧奬姊娛壻孃學寶實冨寬寢對壽專將尙堯盡屆屬嶽峽峯嶋"
    "嶌崈嵜碕﨑巢卷帶歸廳廣廢貳彌强彈當徑從德悳徵應戀恆惠惱惡慘愼懷戰戲戶戾拂拔擇擔拜據擴擧挾插搜揭摑搖攝"
    "擊敎數齊齋斷旣舊曻晝晄晚曉曆曵曾椙條來枩樞栁榮桒櫻棧檜楳檢樓樂槪樣槇權橫歐歡步齒歷殘毆殼每氣澤淨淺濱"
    "濵淚濤凉渊渕淸渴濟涉澁溪溫灣濕滿潑瀧滯潛瀨燈爐點爲焰燒犧狀獨獵獻獸甁產畫疊癡發盜縣眞硏碎砺禮禰禱禪祕"
    "稱稻穗穩竊龍簞篭粹肅經繪繼續總綠緖緣繩縱纖繫飜聽膽脫腦臟舍舩蘆莖莊萊蔣藏薰藥藪籐虛蠶螢蠣蠻蟬蠟衞裝𥙿"
    "襃霸覺覽觀⻆觸譯證譽說讀諫謠讓豐贊踐轉輕辭邉邊遞遲遙郞鄕醉醬釀釋埜鉃鐵鑛錢鑄鍊錄鎭關鬪險隨隱雜靈靜靱"
    "頸頰賴顏顯顚餠舘驛驅騷驗驒髓髙髮鰺鷗鷄鹼麥麴麵黃黑默齡"
)
_COMPARED: Final = (
    "万与両並乗乱争亜仏仮会会伝体併侠価俣倹偽兎児党円写凜処剣剤剥剰励労効勅勧勲区医単即厳参双収叙台叱号吉"
    "呉告営嘱噛嚢団囲図国圏土圧堕塁塩填増壊壌壮声壱売変奥奨姉娯婿嬢学宝実富寛寝対寿専将尚尭尽届属岳峡峰島"
    "島崇崎崎崎巣巻帯帰庁広廃弐弥強弾当径従徳徳徴応恋恒恵悩悪惨慎懐戦戯戸戻払抜択担拝拠拡挙挟挿捜掲掴揺摂"
    "撃教数斉斎断既旧昇昼晃晩暁暦曳曽杉条来松枢柳栄桑桜桟桧梅検楼楽概様槙権横欧歓歩歯歴残殴殻毎気沢浄浅浜"
    "浜涙涛涼淵淵清渇済渉渋渓温湾湿満溌滝滞潜瀬灯炉点為焔焼犠状独猟献獣瓶産画畳痴発盗県真研砕礪礼祢祷禅秘"
    "称稲穂穏窃竜箪籠粋粛経絵継続総緑緒縁縄縦繊繋翻聴胆脱脳臓舎船芦茎荘莱蒋蔵薫薬薮藤虚蚕蛍蛎蛮蝉蝋衛装裕"
    "褒覇覚覧観角触訳証誉説読諌謡譲豊賛践転軽辞辺辺逓遅遥郎郷酔醤醸釈野鉄鉄鉱銭鋳錬録鎮関闘険随隠雑霊静靭"
    "頚頬頼顔顕顛餅館駅駆騒験騨髄高髪鯵鴎鶏鹸麦麹麺黄黒黙齢"
)

VARIANTS: Final[dict[int, int]] = dict(zip(map(ord, _WRITTEN), map(ord, _COMPARED), strict=True))
"""For ``str.translate``; one character for one, so that positions stay."""
