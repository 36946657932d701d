"""The quick look at text never overlooks a name or a figure."""

from hypothesis import example, given
from hypothesis import strategies as st

from notevault.report.lead import find_figure, find_lead, leading_lines
from notevault.text import normalize

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@given(
    before=_TEXT, written=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=6), after=_TEXT
)
@example(before="", written="ά", after="")
@example(before="", written="각", after="")
@example(before="", written="𞤀", after="")
def test_line_that_holds_a_name_in_any_writing_is_seen(before: str, written: str, after: str) -> None:
    name = normalize(written)
    line = f"{before}\n{written}\n{after}"
    if name and name in normalize(line):
        assert find_lead([name]).search(line)


@given(_TEXT)
@example("①")
@example("½")
@example("㍘")
@example("٣")
def test_figure_in_any_writing_is_seen(text: str) -> None:
    if any(char.isdecimal() for char in normalize(text)):
        assert find_figure().search(text)


@given(text=st.text("aAｱア \n\x0cb", max_size=40), start=st.integers(0, 10))
def test_text_searched_as_a_whole_gives_what_its_lines_give(text: str, start: int) -> None:
    lead = find_lead(["ab", "ア"])
    numbers = [(number, line) for number, line in enumerate(text.split("\n"), 1) if lead.search(line)]
    assert list(leading_lines(text, lead)) == numbers
    at = text.find("\n", start)
    if at >= 0:
        skipped = text.count("\n", 0, at + 1)
        assert list(leading_lines(text, lead, at)) == [each for each in numbers if each[0] > skipped]
