import pytest

from notevault.report.section_lines import quote_lines, unmark


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("- 納期は3月", "納期は3月"),
        ("  ・ 納期は3月 ", "納期は3月"),
        ("2) 納期は3月", "納期は3月"),
        ("> 納期は3月", "納期は3月"),
        ("価格 - 納期の順", "価格 - 納期の順"),
        ("A案 ・ B案", "A案 ・ B案"),
        ("前回比 12. 5 増", "前回比 12. 5 増"),
        ("-5% の値引き", "-5% の値引き"),
        ("-", ""),
    ],
)
def test_only_the_mark_that_a_line_begins_with_is_taken_off(line: str, said: str) -> None:
    assert unmark(line) == said


def test_a_section_is_quoted_without_comments_todos_and_empty_lines() -> None:
    body = "<!-- 事実だけ -->\n- 予算は未定\n\n- [ ] 見積を送る\n* [x]\n- \n来期に - たぶん - 決まる\n"
    assert quote_lines(body) == ("予算は未定", "来期に - たぶん - 決まる")


def test_a_long_run_of_blanks_takes_no_longer() -> None:
    assert quote_lines(" " * 1_000_000 + "x") == ("x",)
