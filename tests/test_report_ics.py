from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from notevault.model import TodoStatus
from notevault.report.ics import escape_text, fold_line, render_todos
from notevault.report.todos import TodoItem

_TODO = TodoItem(
    id="abcdef",
    text="A; B, C\\D",
    status=TodoStatus.OPEN,
    due=date(2026, 11, 27),
    owner="sato",
    priority="low",
    customer=None,
    deal=None,
    stage=None,
    path="a.md",
    line=1,
)


def test_calendar_text_is_escaped_folded_and_ends_lines_with_crlf() -> None:
    text = render_todos([_TODO], datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC))
    assert text.count("\n") == text.count("\r\n")
    assert "SUMMARY:A\\; B\\, C\\\\D\r\n" in text
    assert "DTSTAMP:20261122T030405Z\r\n" in text
    assert "PRIORITY:9\r\n" in text


def test_newlines_and_controls_cannot_begin_a_property() -> None:
    assert escape_text("a\r\nATTENDEE:x\x00\x07") == "a\\nATTENDEE:x"


@given(st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=200))
def test_folded_lines_are_short_and_unfold_to_the_same(line: str) -> None:
    folded = fold_line(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line
