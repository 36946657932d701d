import pytest

from notevault.export.persons import split_person_name


@pytest.mark.parametrize(
    ("written", "last", "first", "how"),
    [
        ("山田 太郎", "山田", "太郎", "written"),
        ("山田　太郎", "山田", "太郎", "written"),
        ("山田太郎", "山田", "太郎", "dictionary"),
        ("佐々木健", "佐々木", "健", "dictionary"),
        ("港陽子", "港", "陽子", "dictionary"),
        ("堀", "堀", "", "whole"),
        ("五十嵐", "五十嵐", "", "whole"),
        ("Laura Reed", "Reed", "Laura", "written"),
        ("Reed, Laura", "Reed", "Laura", "written"),
        ("Anna Maria Jensen-Holm", "Jensen-Holm", "Anna Maria", "written"),
        ("Cher", "Cher", "", "whole"),
        ("ジョン・スミス", "スミス", "ジョン", "written"),
        ("看護師長の堀さん", "看護師長の堀さん", "", "whole"),
    ],
)
def test_names_are_split_only_where_that_can_be_told(written: str, last: str, first: str, how: str) -> None:
    assert split_person_name(written) == (last, first, how)


def test_no_character_of_a_name_is_lost() -> None:
    for written in ("山田太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "・", ",", "x" * 500, "𠮷田🍣"):
        last, first, _how = split_person_name(written)
        assert set(written.split(" ")[0]) <= set(last + first)
