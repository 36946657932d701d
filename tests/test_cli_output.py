import pytest

from notevault.cli.output import display_width, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("the quick brown fox", 10, ["the quick", "brown fox"]),
        ("社長「3台を2台」", 9, ["社長「3台", "を2台」"]),
        ("総額1,200,000円です", 11, ["総額", "1,200,000円", "です"]),
        ("ああああ。、", 8, ["あああ", "あ。、"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("", 5, []),
    ],
)
def test_lines_break_at_blanks_and_between_wide_characters(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines
    assert all(display_width(line) <= width for line in lines)
