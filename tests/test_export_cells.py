from notevault.export.cells import LONGEST_CELL, CellWriter
from notevault.export.columns import Column, Kind


def convert(kind: Kind, value: object, writer: CellWriter | None = None) -> str:
    cells = writer or CellWriter()
    (cell,) = cells.converter("t", Column(name="c", kind=kind))([value])  # type: ignore[list-item]
    return cell


def test_text_keeps_what_a_person_wrote() -> None:
    written = ' "引用", 5"\tTAB\n=1+1 🍣 𠮷 ﾔﾏﾀﾞ '
    assert convert(Kind.TEXT, written) == written


def test_line_is_trimmed_and_has_no_newline_or_tab() -> None:
    writer = CellWriter()
    assert convert(Kind.LINE, " 山田\t工業\n大阪 ", writer) == "山田 工業 大阪"
    assert writer.normalized == {"TAB in a line": 1, "LF in a line": 1}


def test_characters_that_importers_break_on_are_put_right_and_counted() -> None:
    writer = CellWriter()
    assert convert(Kind.TEXT, "a\x00b\rc\x0bd\x85e\u2028f\u2029g\x1bh\x0c", writer) == "ab\nc\nd\ne\nf\ngh\n"
    assert writer.normalized == {
        "NUL": 1, "CR": 1, "VT": 1, "NEL": 1, "U+2028": 1, "U+2029": 1, "U+001B": 1, "FF": 1,
    }  # fmt: skip


def test_windows_newlines_become_lf_without_remark() -> None:
    writer = CellWriter()
    assert convert(Kind.TEXT, "a\r\nb\r\n\rc", writer) == "a\nb\n\nc"
    assert writer.normalized == {"CR": 1}


def test_numbers_have_neither_exponent_nor_needless_point() -> None:
    shown = [convert(Kind.NUMBER, value) for value in (1200000.0, 1e22, 0.1, 1200.5, 7, float("inf"), None)]
    assert shown == ["1200000", "10000000000000000000000", "0.1", "1200.5", "7", "", ""]


def test_booleans_are_words_and_nothing_is_empty() -> None:
    assert [convert(Kind.BOOLEAN, value) for value in (True, 0, None)] == ["true", "false", ""]
    assert convert(Kind.DATE, "2026-11-20") == "2026-11-20"
    assert convert(Kind.INTEGER, 3) == "3"


def test_cell_too_long_for_common_readers_is_whole_and_counted() -> None:
    writer = CellWriter()
    assert len(convert(Kind.TEXT, "x" * (LONGEST_CELL + 1), writer)) == LONGEST_CELL + 1
    assert writer.long_cells == {"t.c": 1}


def test_long_text_of_short_cells_is_no_long_cell() -> None:
    writer = CellWriter()
    column = Column(name="c", kind=Kind.TEXT)
    assert len(writer.converter("t", column)(["x" * LONGEST_CELL, "y"])) == 2
    assert not writer.long_cells
