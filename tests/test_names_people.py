import pytest

from notevault.model import PersonMention
from notevault.names.people import parse_person, parse_signature, person_key, split_people


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("山田太郎 部長", {"name": "山田太郎", "title": "部長"}),
        ("山田部長", {"name": "山田", "title": "部長"}),
        ("部長 山田", {"name": "山田", "title": "部長"}),
        ("鈴木花子様", {"name": "鈴木花子"}),
        ("髙橋　一郎　様", {"name": "髙橋 一郎"}),
        ("情報システム部 課長 鈴木花子", {"name": "鈴木花子", "title": "課長", "department": "情報システム部"}),
        ("情報システム部課長 鈴木", {"name": "鈴木", "title": "課長", "department": "情報システム部"}),
        ("営業部長 山田", {"name": "山田", "title": "営業部長"}),
        ("三輪 保守課長", {"name": "三輪", "title": "保守課長"}),
        ("佐藤さん(経理)", {"name": "佐藤", "department": "経理"}),
        ("経理の佐藤さん", {"name": "佐藤", "department": "経理"}),
        ("佐藤 (経理部 主任)", {"name": "佐藤", "department": "経理部", "title": "主任"}),
        ("Taro Yamada (CTO)", {"name": "Taro Yamada", "title": "CTO"}),
        ("Mr. John Smith, Sales Manager", {"name": "John Smith", "title": "Sales Manager"}),
        ("Yamada-san", {"name": "Yamada"}),
        ("Susan", {"name": "Susan"}),
        ("ジョン・スミス", {"name": "ジョン・スミス"}),
        ("山田太郎 <yamada@example.co.jp>", {"name": "山田太郎", "email": "yamada@example.co.jp"}),
        ("山田様 03-1234-5678", {"name": "山田", "phone": "03-1234-5678"}),
        ("山田社長【決裁者】", {"name": "山田", "title": "社長", "role": "決裁者"}),
        ("キーマン：佐藤課長", {"name": "佐藤", "title": "課長", "role": "キーマン"}),
        ("山田（窓口）", {"name": "山田", "role": "窓口"}),
        ("山田（キーパーソン）", {"name": "山田", "role": "キーマン"}),
        ("鈴木（反対派、製造部）", {"name": "鈴木", "role": "反対者", "department": "製造部"}),
        ("山田工業の山田部長", {"name": "山田", "title": "部長", "company": "山田工業"}),
        ("山田工業 山田太郎", {"name": "山田太郎", "company": "山田工業"}),
        ("株式会社 山田工業 山田太郎", {"name": "山田太郎", "company": "株式会社山田工業"}),
        (
            "㈱山田工業 営業部 部長 山田太郎様",
            {"name": "山田太郎", "title": "部長", "department": "営業部", "company": "㈱山田工業"},
        ),
        ("長谷部様", {"name": "長谷部"}),
        ("阿部", {"name": "阿部"}),
        ("阿部部長", {"name": "阿部", "title": "部長"}),
        ("小室 室長", {"name": "小室", "title": "室長"}),
        ("鈴木様ほか2名", {"name": "鈴木"}),
        ("[[山田太郎]]", {"name": "山田太郎"}),
        ("部長", {"name": "部長", "title": "部長"}),
        ("yamada@example.co.jp", {"name": "yamada@example.co.jp", "email": "yamada@example.co.jp"}),
        ("", {"name": ""}),
    ],
)
def test_a_line_about_a_person_is_taken_apart(line: str, said: dict[str, str]) -> None:
    assert parse_person(line) == PersonMention(raw=line, **said)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("山田様、鈴木様", ["山田様", "鈴木様"]),
        ("山田太郎 部長, 鈴木花子", ["山田太郎 部長", "鈴木花子"]),
        ("山田様（経理、総務）；鈴木", ["山田様（経理、総務）", "鈴木"]),
        ("山田部長 鈴木課長", ["山田部長", "鈴木課長"]),
        ("山田様・鈴木様", ["山田様", "鈴木様"]),
        ("山田様と鈴木様", ["山田様", "鈴木様"]),
        ("山田／鈴木", ["山田", "鈴木"]),
        ("山田\n鈴木", ["山田", "鈴木"]),
        ("ジョン・スミス", ["ジョン・スミス"]),
        ("山田 太郎", ["山田 太郎"]),
        ("情報システム部 課長 鈴木花子", ["情報システム部 課長 鈴木花子"]),
        ("Taro Yamada, CTO", ["Taro Yamada, CTO"]),
        ("山田太郎、部長、鈴木", ["山田太郎, 部長", "鈴木"]),
        ("山田様、他2名", ["山田様"]),
        ("、、", []),
        ("", []),
    ],
)
def test_a_list_of_people_is_parted(text: str, people: list[str]) -> None:
    assert split_people(text) == people


def test_a_title_after_a_comma_belongs_to_the_person_before_it() -> None:
    people = [parse_person(one) for one in split_people("Taro Yamada, CTO; 山田太郎、部長")]
    assert [(one.name, one.title) for one in people] == [("Taro Yamada", "CTO"), ("山田太郎", "部長")]


def test_spellings_of_one_person_have_one_key() -> None:
    assert person_key("髙橋 一郎 様") == person_key("高橋一郎") == person_key("高橋　一郎さん")
    assert person_key("Taro Yamada") == person_key("ＹＡＭＡＤＡ, Taro")
    assert person_key("斎藤") != person_key("斉藤")
    assert person_key("様") != ""
    assert person_key("・") != ""
    assert person_key(" ") == ""


SIGNATURE = """--------------------
株式会社山田工業
情報システム部 課長
鈴木 花子（スズキ ハナコ）
〒100-0001 東京都千代田区1-1
FAX: 03-1234-5679
TEL: 03-1234-5678 / FAX: 03-1234-5679
E-mail: suzuki@yamada.example
https://yamada.example/
--------------------"""


def test_a_signature_is_read() -> None:
    assert parse_signature(SIGNATURE) == PersonMention(
        raw=SIGNATURE,
        name="鈴木 花子",
        title="課長",
        department="情報システム部",
        company="株式会社山田工業",
        email="suzuki@yamada.example",
        phone="03-1234-5678",
    )


def test_lines_that_name_nobody_are_no_signature() -> None:
    assert parse_signature("--\nTEL: 03-1234-5678\n株式会社山田工業") is None
    assert parse_signature("") is None
