import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.text import without_comments


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a <!-- b --> c", "a  c"),
        ("<!-- a\n\nb -->c<!---->", "c"),
        ("a <!-- never closed", "a <!-- never closed"),
        ("a --> b <!-- c --> d", "a --> b  d"),
        ("<!--> a -->", ""),
    ],
)
def test_comments_are_left_out(text: str, left: str) -> None:
    assert without_comments(text) == left


@given(st.lists(st.sampled_from(["<!--", "-->", "<!", "-", ">", "a", "\n"])).map("".join))
@settings(max_examples=200)
def test_a_comment_ends_where_it_is_first_closed(text: str) -> None:
    assert without_comments(text) == re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def test_comments_that_never_end_take_no_longer() -> None:
    text = "<!--" * 1_000_000
    assert without_comments(text) == text
