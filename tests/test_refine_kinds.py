from datetime import date

import pytest

from notevault.refine.corpus import KeyFacts
from notevault.refine.kinds import infer_kind
from notevault.settings_reader import default_settings

TODAY = date(2026, 11, 22)


def kind_of(name: str, *values: str, several: bool = False) -> str:
    facts = KeyFacts(name=name, notes=set(range(len(values))), values=list(enumerate(values)))
    if several:
        facts.several = set(facts.notes)
    return infer_kind(facts, default_settings(), TODAY).type.value


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("x", ["2026-11-20", "令和8年11月20日", "11/20(金)"], "date"),
        ("x", ["2026-11-20 14:00", "2026-11-21"], "datetime"),
        ("x", ["2027-03", "3月"], "month"),
        ("x", ["120万円", "￥1,200,000", "3,000"], "money"),
        ("x", ["12", "1,200", "３"], "number"),
        ("x", ["12月", "30台"], "text"),
        ("x", ["はい", "いいえ"], "bool"),
        ("x", ["1", "0"], "number"),
        ("x", ["03-1234-5678", "090-1234-5678"], "phone"),
        ("x", ["a@example.jp"], "email"),
        ("x", ["https://example.jp/a"], "url"),
        ("x", ["訪問", "電話", "訪問", "訪問", "電話", "訪問"], "choice"),
        ("段階", ["提案", "見積", "提案中"], "stage"),
        ("x", ["山田太郎 部長", "鈴木花子さん"], "person"),
        ("x", ["三台の複合機を入れ替えたい", "紙の請求書をやめたい"], "text"),
        ("x", ["甲、乙", "丙、丁", "戊"], "list"),
        ("会社", ["山田工業", "青嶺物流"], "customer"),
        ("担当", ["sato", "ito"], "person"),
        ("金額", ["未定", "別途"], "text"),
        ("x", [], "any"),
    ],
)
def test_the_type_of_values_is_inferred(name: str, values: list[str], kind: str) -> None:
    assert kind_of(name, *values) == kind


def test_one_odd_value_among_many_does_not_change_the_type() -> None:
    assert kind_of("x", *["2026-11-20"] * 30, "未定") == "date"
    assert kind_of("x", *["2026-11-20"] * 5, "未定") != "date"


def test_a_key_with_several_values_in_one_note_is_a_list() -> None:
    assert kind_of("x", "2026-11-20", "2026-11-21", several=True) == "list"
    assert kind_of("先方", "山田太郎", "鈴木花子", several=True) == "people"
