"""Words that stand with a person's name: titles, departments, roles, honorifics, as data."""

import re
from typing import Final

_TITLE_WORDS: Final = """
代表取締役社長 代表取締役会長 代表取締役副社長 代表取締役専務 代表取締役 取締役社長 取締役会長 取締役副社長
専務取締役 常務取締役 社外取締役 取締役 代表理事 代表社員 共同代表 代表 副社長 社長 副会長 会長 名誉会長
専務執行役員 常務執行役員 上席執行役員 執行役員 専務 常務 監査役 相談役 顧問 理事長 副理事長 専務理事 常務理事
理事 監事 事務局長 事務長 院長 副院長 園長 校長 教頭 学長 学部長 学科長 准教授 教授 助教 副本部長 本部長
副事業部長 事業部長 統括部長 担当部長 副部長 部長代理 部長補佐 部長 次長 担当課長 副課長 課長代理 課長補佐
課長心得 課長 副室長 室長 係長 班長 主任 主査 主幹 主事 参事 参与 職長 局長 副局長 支店長 副支店長 支店長代理
支社長 副支社長 営業所長 出張所長 事業所長 研究所長 副所長 所長 副工場長 工場長 センター長 副センター長
グループ長 グループリーダー チームリーダー チーム長 サブリーダー リーダー ユニット長 副店長 店長 委員長
オーナー 創業者 店主 女将 ゼネラルマネージャー ゼネラルマネジャー シニアマネージャー シニアマネジャー
プロジェクトマネージャー マネージャー マネジャー シニアディレクター ディレクター プロデューサー チーフ
スーパーバイザー 主席研究員 主任研究員 研究員 チーフエンジニア エンジニア シニアコンサルタント コンサルタント
弁護士 税理士 公認会計士 社会保険労務士 社労士 行政書士 司法書士 秘書 担当者 担当 医師 師長 看護師長 薬剤師
市長 町長 村長 副市長
"""
_TITLE: Final = "|".join(sorted(_TITLE_WORDS.split(), key=len, reverse=True))
_LATIN_TITLE: Final = (
    r"(?:(?:senior|executive|managing|general|deputy|assistant|vice|representative|project|regional|acting|group|"
    r"chief|sales|marketing|technical|account|product|it|hr)[ -])*"
    r"(?:president|chairman|chairwoman|chair|director|manager|officer|leader|head|chief|engineer|consultant|founder|"
    r"co-founder|owner|partner|secretary|buyer|c[a-z]{1,2}o|e?s?vp|gm|pm)"
    r"(?:[ ,]+(?:of|for)? ?[a-z& ]{2,30})?"
)
TITLE: Final = rf"(?i:{_TITLE}|{_LATIN_TITLE})"
TITLE_AT_END: Final = rf"(?:{_TITLE})$"

_FIELDS_OF_WORK: Final = """
営業 販売 総務 経理 財務 会計 人事 労務 購買 調達 資材 企画 経営企画 商品企画 開発 研究 研究開発 技術 生産技術
設計 製造 生産 生産管理 工務 工事 施工 品質 品質保証 品質管理 品証 保全 設備 管理 業務 物流 配送 広報 宣伝 法務
知財 監査 情報 情報システム 情シス 情報管理 システム IT 電算 DX推進 推進 事業 海外 国際 国内 法人 法人営業
カスタマー サポート マーケティング 店舗 秘書 社長 医事 看護 薬剤 事務 教務 学務 用度 外来
保守 運用 検査 品管 配車 運行 車両 出荷 仕入 受付 庶務 税務 環境 安全 施設 営繕 積算 建築 土木 販促 商品 商品管理
顧客管理 貿易 加工 組立 調剤 栄養 リハビリ 地域連携 入試 情報企画 デジタル推進
"""
FIELDS_OF_WORK: Final = frozenset(_FIELDS_OF_WORK.split())
"""What departments are called without 部 or 課."""
DEPARTMENT: Final = (
    r"(?i).{2,30}(?:部|課|室|係|局)|(?:本社|本店|本部)|"
    r".{1,30}(?:本部|事業部|支店|支社|支部|営業所|出張所|事業所|研究所|工場|センター|グループ|チーム|ユニット)|"
    r".{2,30} (?:dep(?:t|artment)\.?|div(?:ision|\.)?|section|office|team)"
)
"""A name such as 阿部 or 長谷部 ends like a department; :func:`is_department` tells them apart."""

ROLES: Final = {
    "決裁者": "決裁者", "決裁権者": "決裁者", "決済者": "決裁者", "最終決裁者": "決裁者", "意思決定者": "決裁者",
    "キーマン": "キーマン", "キーパーソン": "キーマン", "窓口": "窓口", "窓口担当": "窓口", "連絡窓口": "窓口",
    "推進者": "推進者", "推進派": "推進者", "賛成派": "推進者", "支援者": "推進者", "味方": "推進者",
    "反対者": "反対者", "反対派": "反対者",
    "影響者": "影響者", "起案者": "起案者", "評価者": "評価者", "利用者": "利用者", "現場": "利用者",
    "decision maker": "decision maker", "decision-maker": "decision maker", "key person": "key person",
    "key man": "key person", "champion": "champion", "gatekeeper": "gatekeeper", "influencer": "influencer",
    "blocker": "blocker", "economic buyer": "decision maker", "end user": "end user",
}  # fmt: skip
"""What a person is in a deal, as written, to the one word for it."""

HONORIFIC: Final = r"(?i)(?:様|さま|さん|氏|殿|先生|君|くん|[ -](?:san|sama))$"
SALUTATION: Final = r"(?i)(?:mr|mrs|ms|miss|dr|prof)\.?\s+(?=\S)"


def is_department(word: str) -> bool:
    """Say whether a word is a department or a site; 阿部, 長谷部 and 小室 are people."""
    if word in FIELDS_OF_WORK or word in {"本社", "本店", "本部"}:
        return True
    if not re.fullmatch(DEPARTMENT, word):
        return False
    return len(word) > 3 or word[:-1] in FIELDS_OF_WORK or word[-1] not in "部室"  # noqa: PLR2004 -- a family name


def find_role(word: str) -> str | None:
    """Return the one word for a role, or None where the word is none."""
    return ROLES.get(word.strip().lower())
