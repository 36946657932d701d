"""The quick look at a line never overlooks a name."""

from hypothesis import given
from hypothesis import strategies as st

from notevault.report.lead import find_lead
from notevault.text import normalize

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@given(
    before=_TEXT, written=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=6), after=_TEXT
)
def test_line_that_holds_a_name_in_any_writing_is_seen(before: str, written: str, after: str) -> None:
    name = normalize(written)
    line = f"{before}\n{written}\n{after}"
    if name and name in normalize(line):
        assert find_lead([name]).search(line)
