import pytest
from hypothesis import given
from hypothesis import strategies as st

from notevault.lsp.positions import PositionMap, Unit

TEXT = "a日𠮷b\r\nc\u2028d\n\re"


@pytest.mark.parametrize(
    ("unit", "column"),
    [(Unit.UTF8, 1 + 3 + 4), (Unit.UTF16, 1 + 1 + 2), (Unit.UTF32, 3)],
)
def test_columns_are_counted_in_the_unit_of_the_editor(unit: Unit, column: int) -> None:
    positions = PositionMap(TEXT, unit)
    assert positions.position(TEXT.index("b")) == (0, column)
    assert positions.offset(0, column) == TEXT.index("b")


def test_lines_end_where_the_protocol_ends_them() -> None:
    positions = PositionMap(TEXT)
    assert positions.position(TEXT.index("d")) == (1, 2)
    assert positions.position(TEXT.index("e")) == (3, 0)


def test_a_position_behind_the_line_is_its_end() -> None:
    positions = PositionMap("ab\r\ncd\n")
    assert positions.offset(0, 99) == 2
    assert positions.offset(99, 0) == len("ab\r\ncd\n")


def test_a_position_inside_a_surrogate_pair_is_before_the_character() -> None:
    assert PositionMap("𠮷").offset(0, 1) == 0


def test_a_mark_at_the_beginning_is_not_counted_in_offsets() -> None:
    positions = PositionMap("\ufeffab\ncd", skipped=1)
    assert positions.position(0) == (0, 1)
    assert positions.offset(0, 2) == 1
    assert positions.offset(0, 0) == 0
    assert positions.line_span(1) == (3, 5)


@given(st.text(alphabet="a日𠮷é\u2028\x85\x0c\n\r\ud800"), st.sampled_from(Unit))
def test_there_and_back_is_the_same_offset(text: str, unit: Unit) -> None:
    positions = PositionMap(text, unit)
    inside = [at for at in range(len(text) + 1) if not (0 < at < len(text) and text[at - 1 : at + 1] == "\r\n")]
    assert [positions.offset(*positions.position(at)) for at in inside] == inside


@given(st.text(alphabet="a𠮷\n\r"), st.integers(-3, 9), st.integers(-3, 9), st.sampled_from(Unit))
def test_any_position_is_an_offset_of_the_text(text: str, line: int, character: int, unit: Unit) -> None:
    assert 0 <= PositionMap(text, unit).offset(line, character) <= len(text)
