import pytest

from notevault.refine.alike import Name, find_meaning, fold_name, group_names, text_likeness


def likeness(one: str, other: str) -> float:
    return text_likeness(fold_name(one), fold_name(other))


def names(**notes: set[int]) -> list[Name]:
    return [Name(name=name, notes=frozenset(found)) for name, found in notes.items()]


def grouped(*given: Name) -> dict[str, set[str]]:
    return {group.leader.name: {name.name for name, _why in group.others} for group in group_names(given)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("次回アクション", "次のアクション"),
        ("おわりに", "おわり"),
        ("決裁者名", "決裁者"),
        ("ご担当", "担当"),
        ("面談内容", "面談"),
        ("ｱｸｼｮﾝ", "アクション"),
        ("競合について", "競合"),
        ("Category", "categories"),
        ("next_action", "Next Actions"),
        ("問題", "問題点"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert likeness(one, other) > 0.6
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("受注日", "失注日"),
        ("次回予定", "次回予算"),
        ("開始日", "終了日"),
        ("第1回", "第2回"),
        ("見積金額", "金額"),
        ("次回訪問日", "訪問日"),
        ("Action", "Action Menu"),
        ("Note", "Keynote"),
        ("JavaScript", "JavaScriptデバッガー"),
        ("title", "日付"),
        ("", "日付"),
    ],
)
def test_names_that_differ_in_meaning_are_not(one: str, other: str) -> None:
    assert likeness(one, other) == 0


def test_names_side_by_side_in_one_note_are_two_things() -> None:
    apart = names(次回アクション={1, 2, 3}, 次のアクション={4, 5})
    assert grouped(*apart) == {"次回アクション": {"次のアクション"}}
    together = names(次回アクション={1, 2, 3, 4}, 次のアクション={4, 5})
    assert grouped(*together) == {}


def test_names_of_one_meaning_are_grouped_whatever_they_look_like() -> None:
    meant = [
        Name(name=name, notes=frozenset({at}), meaning=find_meaning(name))
        for at, name in enumerate(["次回アクション", "次のアクション", "ネクスト", "所感", "感想"])
    ]
    assert [(group.leader.name, [name.name for name, _why in group.others]) for group in group_names(meant)] == [
        ("ネクスト", ["次のアクション", "次回アクション"]),
        ("感想", ["所感"]),
    ]


def test_names_that_are_known_to_mean_two_things_are_never_one() -> None:
    given = [
        Name(name="受注予定日", notes=frozenset({1}), meaning="close_date"),
        Name(name="受注予定日時", notes=frozenset({2}), meaning="date"),
    ]
    assert group_names(given) == ()


def test_the_same_values_are_evidence() -> None:
    values = frozenset({"青嶺物流", "山田工業", "京東商事"})
    given = [
        Name(name="顧客", notes=frozenset({1, 2, 3}), values=values),
        Name(name="クライアント様", notes=frozenset({4, 5}), values=values),
        Name(name="色", notes=frozenset({6}), values=frozenset({"赤", "青"})),
    ]
    assert grouped(*given) == {"顧客": {"クライアント様"}}


def test_a_named_leader_leads_however_rare() -> None:
    given = names(次回アクション=set(range(50)), 次のアクション={90})
    assert group_names(given, leaders=("次のアクション",))[0].leader.name == "次のアクション"


def test_hostile_names_take_bounded_time() -> None:
    long = [Name(name="あ" * 5000 + str(at), notes=frozenset({at})) for at in range(300)]
    assert group_names(long) == ()
