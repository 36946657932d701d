import re

import pytest

from notevault.template.pattern import LONGEST_VALUE, PatternError, compile_pattern

_DOMAIN = r"[a-z0-9-]+(\.[a-z0-9-]+)+"


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        (_DOMAIN, "yamada-kogyo.example.jp", True),
        (_DOMAIN, "yamada", False),
        (_DOMAIN, "yamada.", False),
        (r"\d{3}-\d{4}", "100-0001", True),
        (r"^\d{3}-\d{4}$", "1000001", False),
        (r"(見積|提案)-\d+", "提案-12", True),
        (r"(?:a|b)*", "", True),
        (r"a{2,}", "a", False),
        (r"a{2,}", "aaaa", True),
        (r"a{0,2}b", "aab", True),
        (r"a{0,2}b", "aaab", False),
        (r"[^-\]]+", "a]", False),
        (r"[a-c-]+", "b-a", True),
        (r"[\[]x", "[x", True),
        (r"[a-c-9]+", "-9b", True),
        (r"[\d\-]+", "1-2", True),
        (r"a.c", "a\nc", False),
        (r"\.", "x", False),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_a_pattern_fits_the_whole_value_or_not(pattern: str, value: str, fits: bool) -> None:  # noqa: FBT001
    assert compile_pattern(pattern).matches(value) is fits
    assert (re.fullmatch(pattern.removeprefix("^"), value) is not None) is fits


@pytest.mark.parametrize(
    ("pattern", "column"),
    [("a(b", 2), ("[a", 1), ("*a", 1), ("a**", 3), ("a{x}", 2), (r"a\1", 2), ("a)", 2), ("[z-a]", 6), ("a{9,1}", 7)],
)
def test_a_pattern_outside_the_dialect_is_refused_at_its_column(pattern: str, column: int) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert caught.value.column == column


@pytest.mark.parametrize("pattern", ["a" * 201, "(a{200}){200}", "(" * 50 + ")" * 50, "((a{9}){9}){9}"])
def test_a_pattern_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "a*a*a*a*a*a*b", "(a{0,9}){9}b"])
def test_a_pattern_that_backtracking_cannot_finish_ends_at_once(pattern: str) -> None:
    assert not compile_pattern(pattern).matches("a" * LONGEST_VALUE)


def test_a_value_longer_than_the_bound_never_fits() -> None:
    assert not compile_pattern("a*").matches("a" * (LONGEST_VALUE + 1))
