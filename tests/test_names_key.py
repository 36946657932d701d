import pytest

from notevault.names.key import kana_key, name_key, parse_name
from notevault.names.legal_forms import ENGLISH_FORMS, JAPANESE_FORMS, are_compatible, split_after_form


@pytest.mark.parametrize(
    "name",
    [
        *(
            "株式会社山田工業",
            "㈱山田工業",
            "(株)山田工業",
            "（株）山田工業",
            "山田工業㈱",
            "山田工業（株）",
            "山田工業 株式会社",
            "㍿山田工業",
        ),
        *(
            "株式会社　山田 工業",
            "山田工業",
            "山田工業御中",
            "株式会社山田工業 様",
            "山田・工業",
            "「山田工業」",
            "有限会社山田工業",
        ),
        *("株式會社山田工業", "山田工業、", "山田工業さん", " 山田工業 "),
    ],
)
def test_spellings_of_one_name_have_one_key(name: str) -> None:
    assert name_key(name) == "山田工業"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ﾔﾏﾀﾞ工業", "ヤマダ工業"),
        ("ＹＫＴ株式会社", "ykt"),
        ("ＳＫ－０３㈱", "sk03"),
        ("髙島屋", "高島屋"),
        ("株式会社廣澤鐵工所", "広沢鉄工所"),
        ("霞ヶ関ホテル", "霞ケ関ホテル"),
        ("コ－ポレ－ション", "コーポレーション"),
        ("コ‐ポレ−ション", "コーポレーション"),
        ("カ）ヤマダ", "ヤマダ"),
        ("医療法人社団 山田会", "山田会"),
        ("特定非営利活動法人Ｃｉｇ塾", "cig塾"),
        ("ＮＰＯ法人Ｃｉｇ塾", "cig塾"),
        ("Yamada Co., Ltd.", "yamada"),
        ("YAMADA CO.,LTD", "yamada"),
        ("Yamada Company, Limited", "yamada"),
        ("Yamada K.K.", "yamada"),
        ("Yamada Inc", "yamada"),
        ("Senjin Capital Pty Ltd", "senjincapital"),
        ("The Yamada Corporation", "yamada"),
        ("Eli Lilly and Company", "elililly&"),
        ("ELI LILLY & CO.", "elililly&"),
        ("Smith and Sons LLC", "smith&sons"),
        ("Taco", "taco"),
        ("Spa Resort Hawaiians", "sparesorthawaiians"),
        ("M.T.E", "mte"),
    ],
)
def test_width_case_old_kanji_and_legal_forms_do_not_matter(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    "name",
    ["株式会社", "(株)", "㈱", "有限会社", "LLC", "Co., Ltd.", "様", "御中", "・・・", "。", "株式会社 様", "The"],
)
def test_no_name_loses_its_key(name: str) -> None:
    assert name_key(name) != ""


def test_only_a_blank_name_has_the_empty_key() -> None:
    assert name_key(" \u3000\n") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("斎藤商店", "斉藤商店"),
        ("三嶋商事", "三島商事"),
        ("サーバー", "サバ"),
        ("はごろも", "ハゴロモ"),
        ("フリュー", "フリー"),
        ("A&B", "AB"),
    ],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_kind_and_place_of_the_legal_form_are_kept() -> None:
    assert (parse_name("㈱山田").form, parse_name("㈱山田").before) == ("株式会社", True)
    assert (parse_name("山田合同会社").form, parse_name("山田合同会社").before) == ("合同会社", False)
    assert parse_name("Yamada LLC").form == "llc"
    assert parse_name("山田").form is None


def test_a_reading_has_one_key_in_both_syllabaries() -> None:
    assert kana_key("やまだこうぎょう カブシキガイシャ") == kana_key("ﾔﾏﾀﾞｺｳｷﾞｮｳ") == "ヤマダコウギョウ"


def test_legal_forms_of_two_kinds_are_two_companies() -> None:
    assert are_compatible("株式会社", None)
    assert are_compatible("株式会社", "ltd")
    assert are_compatible("合同会社", "llc")
    assert not are_compatible("株式会社", "合同会社")
    assert not are_compatible("株式会社", "llc")


def test_a_name_ends_with_its_legal_form() -> None:
    assert split_after_form("山田工業(株)大阪支店") == ("山田工業(株)", "大阪支店")
    assert split_after_form("山田工業株式会社") is None
    assert split_after_form("株式会社山田工業") is None


@pytest.mark.parametrize("spelling", [spelling for spellings in JAPANESE_FORMS.values() for spelling in spellings])
def test_every_spelling_of_a_legal_form_is_cut_off_on_both_sides(spelling: str) -> None:
    assert name_key(f"{spelling}山川") == "山川"
    assert name_key(f"山川{spelling}") == "山川"


@pytest.mark.parametrize(
    "form", ["Co Ltd", "Inc.", "Corp.", "LLC", "L.P.", "PLC", "GmbH", "AG", "S.A.", "B.V.", "Oyj", "Sarl", "G.K."]
)
def test_english_legal_forms_are_cut_off(form: str) -> None:
    assert name_key(f"Yamakawa {form}") == "yamakawa"
    assert parse_name(f"Yamakawa {form}").form in ENGLISH_FORMS
