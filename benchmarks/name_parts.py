"""Parts that the names of generated companies, people and sales reps are composed of.

Company names are two rare characters and a line of business, so that they read like a company and belong to none.
"""

FIRST_CHARACTERS = """
蒼:アオ 汐:シオ 燈:トモ 朧:オボロ 菫:スミレ 鶫:ツグミ 梟:フクロ 橙:ダイ 琥:コ 瑠:ル 璃:リ 珀:ハク 暁:アカツキ
宵:ヨイ 虹:ニジ 雫:シズク 霞:カスミ 霰:アラレ 霜:シモ 凪:ナギ 澪:ミオ 渦:ウズ 淵:フチ 巌:イワオ 礫:コイシ 弦:ツル
紬:ツムギ 楓:カエデ 藍:アイ 狐:キツネ 狸:タヌキ 貂:テン 鼬:イタチ 蛍:ホタル 蜻:アキツ 繭:マユ 鶉:ウズラ 鵯:ヒヨ
椋:ムク 柊:ヒイラギ 樅:モミ 棗:ナツメ 蕗:フキ 薊:アザミ 蓬:ヨモギ 菖:アヤメ 煌:キラ 灯:アカリ 焔:ホムラ 篝:カガリ
櫂:カイ 舫:モヤイ 艫:ヘサキ 漣:サザナミ 汀:ミギワ 霙:ミゾレ 靄:モヤ 筏:イカダ 箒:ホウキ 鞠:マリ
"""

SECOND_CHARACTERS = """
嶺:ミネ 凪:ナギ 守:モリ 橋:ハシ 瀬:セ 浦:ウラ 窪:クボ 畑:ハタ 峠:トウゲ 坂:サカ 越:ゴエ 里:サト 塚:ツカ 洲:ス 津:ツ
戸:ト 根:ネ 淵:フチ 舞:マイ 丘:オカ 宮:ミヤ 室:ムロ 森:モリ 堀:ホリ 江:エ 垣:ガキ 掛:カケ 倉:クラ 代:シロ 岬:ミサキ
路:ジ 台:ダイ
"""

BUSINESSES = """
精機:セイキ 電装:デンソウ 物流:ブツリュウ 製作所:セイサクショ 建材:ケンザイ 食品:ショクヒン 印刷:インサツ
化成:カセイ 商事:ショウジ 商会:ショウカイ システム:システム テクノ:テクノ 工業:コウギョウ 産業:サンギョウ
運輸:ウンユ 倉庫:ソウコ 鉄工:テッコウ 金属:キンゾク 樹脂:ジュシ 硝子:ガラス 製紙:セイシ 紙器:シキ 繊維:センイ
縫製:ホウセイ 染工:センコウ 醸造:ジョウゾウ 製菓:セイカ 水産:スイサン 農園:ノウエン 牧場:ボクジョウ 木材:モクザイ
家具:カグ 建設:ケンセツ 工務店:コウムテン 設備:セツビ 電機:デンキ 通信:ツウシン 情報:ジョウホウ 測器:ソッキ
計装:ケイソウ 薬品:ヤクヒン 薬局:ヤッキョク 医療器:イリョウキ 歯科器材:シカキザイ 介護サービス:カイゴサービス
学園:ガクエン 出版:シュッパン 広告:コウコク 観光:カンコウ 交通:コウツウ 自動車:ジドウシャ 部品:ブヒン 油脂:ユシ
燃料:ネンリョウ 環境:カンキョウ 警備:ケイビ ビルサービス:ビルサービス 不動産:フドウサン リース:リース フーズ:フーズ
ロジテック:ロジテック マテリアル:マテリアル エンジニアリング:エンジニアリング
"""

LEGAL_FORMS = (
    ("株式会社", ("㈱", "(株)", "（株）"), "Co., Ltd."),
    ("有限会社", ("㈲", "(有)", "（有）"), "Ltd."),
    ("合同会社", ("(同)",), "LLC"),
)
"""Written out, abbreviated, in English; the first is by far the commonest."""
SURNAMES = """ 佐藤:Sato 鈴木:Suzuki 高橋:Takahashi 田中:Tanaka 伊藤:Ito 渡辺:Watanabe 山本:Yamamoto 中村:Nakamura
小林:Kobayashi 加藤:Kato 吉田:Yoshida 山田:Yamada 佐々木:Sasaki 山口:Yamaguchi 松本:Matsumoto 井上:Inoue 木村:Kimura
林:Hayashi 斎藤:Saito 清水:Shimizu 山崎:Yamazaki 阿部:Abe 森:Mori 池田:Ikeda 橋本:Hashimoto 石川:Ishikawa 前田:Maeda
藤田:Fujita 小川:Ogawa 岡田:Okada 後藤:Goto 長谷川:Hasegawa 村上:Murakami 近藤:Kondo 石井:Ishii 坂本:Sakamoto
遠藤:Endo 青木:Aoki 藤井:Fujii 西村:Nishimura 福田:Fukuda 太田:Ota 三浦:Miura 岡本:Okamoto 松田:Matsuda
中川:Nakagawa 中野:Nakano 原田:Harada 小野:Ono 田村:Tamura 竹内:Takeuchi 金子:Kaneko 和田:Wada 中山:Nakayama
石田:Ishida 上田:Ueda 森田:Morita 柴田:Shibata 酒井:Sakai 工藤:Kudo 横山:Yokoyama 宮崎:Miyazaki 宮本:Miyamoto
内田:Uchida 高木:Takagi 安藤:Ando 谷口:Taniguchi 髙田:Takada 渡邊:Watanabe 齋藤:Saito 濱口:Hamaguchi 桑原:Kuwabara
堀内:Horiuchi 辻本:Tsujimoto 熊谷:Kumagai 大久保:Okubo 五十嵐:Igarashi
"""

GIVEN_NAMES = """
太郎:Taro 花子:Hanako 健一:Kenichi 美咲:Misaki 大輔:Daisuke 陽子:Yoko 翔太:Shota 真由美:Mayumi 拓也:Takuya
恵子:Keiko 直樹:Naoki 由美:Yumi 浩二:Koji 彩:Aya 誠:Makoto 智子:Tomoko 隆:Takashi 裕子:Yuko 和也:Kazuya 千尋:Chihiro
修:Osamu 麻衣:Mai 学:Manabu 奈々:Nana 亮:Ryo 久美子:Kumiko 剛:Tsuyoshi 里奈:Rina 悠斗:Yuto 幸子:Sachiko 慎吾:Shingo
理恵:Rie 徹:Toru 香織:Kaori 圭介:Keisuke 優子:Yuko
"""

REPS = """
sato:佐藤 suzuki:鈴木 takahashi:高橋 tanaka:田中 ito:伊藤 watanabe:渡辺 yamamoto:山本 nakamura:中村 kobayashi:小林
kato:加藤 yoshida:吉田 sasaki:佐々木 matsumoto:松本 inoue:井上 kimura:木村 hayashi:林 shimizu:清水 mori:森
hashimoto:橋本 ogawa:小川
"""

SYLLABLES = """
キャ:kya キュ:kyu キョ:kyo シャ:sha シュ:shu ショ:sho チャ:cha チュ:chu チョ:cho リュ:ryu リョ:ryo ジャ:ja ジュ:ju
ジョ:jo ギャ:gya ギュ:gyu ギョ:gyo ミャ:mya ビュ:byu ヒュ:hyu フォ:fo フィ:fi ティ:ti ア:a イ:i ウ:u エ:e オ:o カ:ka
キ:ki ク:ku ケ:ke コ:ko サ:sa シ:shi ス:su セ:se ソ:so タ:ta チ:chi ツ:tsu テ:te ト:to ナ:na ニ:ni ヌ:nu ネ:ne ノ:no
ハ:ha ヒ:hi フ:fu ヘ:he ホ:ho マ:ma ミ:mi ム:mu メ:me モ:mo ヤ:ya ユ:yu ヨ:yo ラ:ra リ:ri ル:ru レ:re ロ:ro ワ:wa
ン:n ガ:ga ギ:gi グ:gu ゲ:ge ゴ:go ザ:za ジ:ji ズ:zu ゼ:ze ゾ:zo ダ:da デ:de ド:do バ:ba ビ:bi ブ:bu ベ:be ボ:bo
パ:pa ピ:pi プ:pu ペ:pe ポ:po ー: ッ:
"""
"""Katakana to Latin letters, pairs of characters first."""
