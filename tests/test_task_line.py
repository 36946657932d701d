from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.extract.todos import parse_task_text
from notevault.task_line import TaskTextError, with_done_on, with_due, with_owner, without_done_on
from notevault.text import normalize

_DAY = date(2026, 12, 4)
_NEAR = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("送る", "送る due:2026-12-04"),
        ("送る due:2026-11-27 @sato", "送る due:2026-12-04 @sato"),
        ("送る 📅 2026-11-27", "送る 📅 2026-12-04"),
        ("送る [due:: 2026-11-27] !high", "送る [due:: 2026-12-04] !high"),
        ("送る（期限: 11/27）", "送る（期限: 12/4）"),
        ("送る（期限：11/27(金)）", "送る（期限：12/4(金)）"),
        ("送る 期限:2026/11/27", "送る 期限:2026/12/4"),
        ("送る 期限:2026/11/05", "送る 期限:2026/12/04"),
        ("11/27までに送る", "12/4までに送る"),
        ("11月27日まで 送る", "12月4日まで 送る"),
        ("来週金曜までに送る", "12/4までに送る"),
        ("送る 期限:令和8年11月27日", "送る 期限:令和8年12月4日"),
        ("送る @sato 2026-11-27", "送る @sato 2026-12-04"),
        ("送る 11/27 14:00 @sato", "送る 12/4 14:00 @sato"),
        ("送る（11/27(金)）", "送る（12/4(金)）"),
        ("call Tom on Nov 27 #work", "call Tom on 12/4 #work"),
        ("送る ^block-1", "送る due:2026-12-04 ^block-1"),
        ("due:someday 送る", "due:someday 送る due:2026-12-04"),
    ],
)
def test_due_date_is_replaced_in_its_own_spelling(before: str, after: str) -> None:
    assert with_due(before, _DAY, _NEAR) == after


def test_day_far_from_the_note_is_written_with_its_year() -> None:
    assert with_due("11/27までに送る", date(2028, 2, 1), _NEAR) == "2028-02-01までに送る"


def test_new_due_date_is_an_emoji_where_that_is_the_habit() -> None:
    assert with_due("送る", _DAY, _NEAR, emoji=True) == "送る 📅 2026-12-04"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("送る", "送る @ito"),
        ("送る @sato due:2026-11-27", "送る @ito due:2026-11-27"),
        ("送る 担当:佐藤", "送る 担当:伊藤"),
        ("送る（担当：佐藤さん）", "送る（担当：伊藤）"),
        ("送る [owner:: sato]", "送る [owner:: ito]"),
        ("a@b.example へ送る", "a@b.example へ送る @ito"),
    ],
)
def test_owner_is_replaced_in_the_script_of_the_one_before(before: str, after: str) -> None:
    names = ("ito", "伊藤")
    assert with_owner(before, names, _NEAR) == after


def test_name_with_a_blank_is_written_so_that_it_is_read_back() -> None:
    assert with_owner("送る", ("Ann Lee",), _NEAR) == "送る [owner:: Ann Lee]"


def test_day_of_completion_is_added_and_taken_away() -> None:
    done = with_done_on("送る due:2026-11-27", _NEAR, _NEAR)
    assert done == "送る due:2026-11-27 ✅ 2026-11-20"
    assert without_done_on(done, _NEAR) == "送る due:2026-11-27"


def test_owner_that_cannot_be_read_back_is_refused() -> None:
    with pytest.raises(TaskTextError):
        with_owner("送る", ("]",), _NEAR)


_PIECES = st.sampled_from(
    [
        "送る",
        "due:2026-11-27",
        "📅 2026-11-27",
        "（期限: 11/27）",
        "@sato",
        "担当:佐藤",
        "!high",
        "✅ 2026-11-20",
        "11/27まで",
        "11/27",
        "2026-11-27.",
        "on 12/1",
        "（11/27）",
        *["a, b", "[due:: 2026-11-27]", "^id-1", "`code`", "（", "）", "優先度:高", "#tag", "[[山田工業]]", "", "　"],
    ]
)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(_PIECES, min_size=1, max_size=6), day=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_only_what_was_asked_for_is_read_differently(pieces: list[str], day: date) -> None:
    text = " ".join(pieces).strip()
    before = parse_task_text(text, _NEAR)
    try:
        after = parse_task_text(with_due(text, day, _NEAR), _NEAR)
    except TaskTextError:
        return
    assert after.due == day
    assert normalize(after.text) == normalize(before.text)
    assert (after.owner, after.priority, after.done_on) == (before.owner, before.priority, before.done_on)
