import pytest

from notevault.index.analysis import iter_tokens
from notevault.index.spellings import other_needles, other_terms


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("打合", "打ち合わせ"),
        ("打ち合わ", "打ち合わせ"),
        ("受取り", "受け取り"),
        ("みつもり", "見積もり"),
        ("支払う", "支払い"),
    ],
)
def test_a_word_is_taken_for_the_one_it_is_half_of(word: str, meant: str) -> None:
    assert meant in other_terms(word, tuple(iter_tokens(word)))


@pytest.mark.parametrize(
    "word", ["東京", "京東", "山田工業", "見積", "会議室", "システム", "課題が発生", "AI技術", "案"]
)
def test_a_word_that_is_whole_means_nothing_else(word: str) -> None:
    assert other_terms(word, tuple(iter_tokens(word))) == ()


def test_a_place_is_written_with_any_ke() -> None:
    assert set(other_needles("藤ケ沢建設")) == {"藤ヶ沢建設", "藤が沢建設"}
    assert set(other_needles("霞が関")) == {"霞ヶ関", "霞ケ関"}
    assert other_needles("課題が発生した") == ()


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("windows11", {"windows 11", "windows-11", "windows.11", "windows. 11"}),
        ("iso-9001", {"iso9001", "iso 9001", "iso.9001", "iso. 9001"}),
        ("ver1.4", {"ver 1.4", "ver-1.4", "ver.1.4", "ver. 1.4"}),
        ("500gb", {"500 gb", "500-gb"}),
        ("a4", set()),
        ("2nd", set()),
        ("20in", set()),
        ("8492", set()),
        ("akg", set()),
        ("gx-2026/118", set()),
    ],
)
def test_letters_and_a_number_are_parted_by_a_blank_or_not(word: str, others: set[str]) -> None:
    assert set(other_needles(word)) == others
