import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.snippet import LONGEST_SNIPPET, Needle, NormalizedText, Snippet, find_marks, make_snippet
from notevault.text import normalize


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[span.start : span.end] for span in snippet.marks]


def needles(*texts: str) -> list[Needle]:
    return [Needle(text=text) for text in texts]


@pytest.mark.parametrize(
    ("written", "sought", "expected"),
    [
        ("ﾃﾞｰﾀ移行", "データ", ["ﾃﾞｰﾀ"]),
        ("データ移行", "データ", ["データ"]),
        ("㈱山田", "(株)", ["㈱"]),
        ("ＡＫＧ－８４９２", "akg-8492", ["ＡＫＧ－８４９２"]),
        ("か\u3099いよう", "が", ["か\u3099"]),
        ("Straße", "strasse", ["Straße"]),
        ("a　　b", "a b", ["a　　b"]),
        ("𠮷野家と吉野家", "野家", ["野家", "野家"]),
        ("in the main", "in", ["in"]),
        ("受\u200b付の話", "受付", ["受\u200b付"]),
        ("葛\U000e0100城市", "葛城", ["葛\U000e0100城"]),
    ],
)
def test_marks_stand_on_the_text_as_written(written: str, sought: str, expected: list[str]) -> None:
    spans = find_marks(written, needles(sought))
    assert [written[span.start : span.end] for span in spans] == expected


def test_overlapping_marks_are_one() -> None:
    snippet = make_snippet("基幹システムの話", needles("基幹システム", "システム", "基幹"))
    assert marked(snippet) == ["基幹システム"]


def test_the_line_with_most_of_the_words_is_shown() -> None:
    text = "見積の話\n\n見積と契約の話\n契約の話\n"
    snippet = make_snippet(text, needles("見積", "契約"))
    assert (snippet.text, snippet.line, marked(snippet)) == ("見積と契約の話", 3, ["見積", "契約"])


def test_front_matter_is_shown_only_where_the_body_holds_nothing() -> None:
    text = "---\ndeal: 複合機\nowner: sato\n---\n# 訪問\n複合機を見た\n"
    body = text.index("# 訪問")
    assert make_snippet(text, needles("複合機"), body_start=body).line == 6
    assert make_snippet(text, needles("sato"), body_start=body).line == 3


def test_the_title_is_shown_only_where_nothing_below_it_matches() -> None:
    text = "# 複合機の見積\n\n複合機を見た\n"
    assert make_snippet(text, needles("複合機", "見積"), title="複合機の見積").line == 3
    assert make_snippet(text, needles("見積"), title="複合機の見積").line == 1
    assert make_snippet(text, needles("複合機", "見積"), title="別の題").line == 1


def test_the_title_is_shown_before_front_matter() -> None:
    text = "---\ndeal: 複合機\n---\n# 複合機\n話\n"
    assert make_snippet(text, needles("複合機"), body_start=text.index("# "), title="複合機").line == 4


def test_without_words_the_first_line_of_text_is_shown() -> None:
    text = "---\na: b\n---\n# 見出し\n\n<!-- 注 -->\n本文です\n"
    assert make_snippet(text, [], body_start=12) == Snippet(text="本文です", marks=(), line=7)
    assert make_snippet("", []) == Snippet(text="", marks=(), line=1)


def test_a_long_line_is_cut_to_whole_sentences_around_the_match() -> None:
    line = "最初の文です。" * 30 + "ここで見積を出した。" + "最後の文です。" * 30
    snippet = make_snippet(line, needles("見積"))
    assert marked(snippet) == ["見積"]
    assert len(snippet.text) <= LONGEST_SNIPPET + 2
    assert snippet.text.strip("…").endswith("。")
    assert snippet.text.startswith("…")


def test_a_sentence_without_an_end_is_cut_around_the_match() -> None:
    snippet = make_snippet("あ" * 1_000 + "見積" + "い" * 1_000, needles("見積"))
    assert marked(snippet) == ["見積"]
    assert len(snippet.text) <= LONGEST_SNIPPET + 2


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("aﾃﾞﾀがか\u3099㈱ﬁßÅ\u0301 　\n①x漢"), max_size=20), st.integers(0, 19), st.integers(1, 5)
)
def test_what_stands_in_the_normalised_text_is_found_in_the_written_one(text: str, start: int, length: int) -> None:
    normalized = NormalizedText(text)
    piece = normalized.text[start : start + length]
    if not piece.strip():
        return
    span = normalized.span(start, start + len(piece))
    assert 0 <= span.start < span.end <= len(text)
    assert piece.strip() in normalize(text[span.start : span.end])
