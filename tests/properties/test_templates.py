import re
from datetime import date
from pathlib import Path, PureWindowsPath

from hypothesis import example, given, settings
from hypothesis import strategies as st

from notevault.check import check_note
from notevault.errors import SettingsError
from notevault.model import NotePath
from notevault.new_note import render_new_note
from notevault.note import parse_note
from notevault.settings_reader import default_settings
from notevault.template import heading_key
from notevault.template.folder import load_templates, parse_template, shipped_templates
from notevault.template.pattern import PatternError, compile_pattern
from notevault.template.placeholders import parse_placeholders, render_path, safe_name

_TODAY = date(2026, 11, 22)
_SETTINGS = default_settings()
_TEMPLATES = load_templates(Path(str(shipped_templates("ja"))), _SETTINGS)
_WORDS = st.sampled_from(
    [
        "---\n",
        "type: meeting\n",
        "type: customer\n",
        "date: ",
        "2026-11-20",
        "顧客: ",
        "[",
        "]",
        "{",
        "}",
        "stage: 提案\n",
        "## 事実\n",
        "# ",
        "- [ ] ",
        "<!--",
        "-->",
        "\n",
        "\r\n",
        ": ",
        "channel: 訪問\n",
        "amount: ",
        "120万円",
        "'",
        "x",
        "①",
    ]
)
_MARKDOWN = st.lists(st.one_of(_WORDS, st.text(max_size=3)), max_size=25).map("".join)


@given(_MARKDOWN)
@settings(max_examples=80)
def test_no_text_makes_a_check_raise(text: str) -> None:
    note = parse_note(NotePath("a.md"), text.encode("utf-8", "surrogatepass"))
    for diagnostic in check_note(note, None, _TEMPLATES, _SETTINGS, today=_TODAY):
        assert diagnostic.line >= 1
        assert diagnostic.column >= 1


@given(_MARKDOWN)
@settings(max_examples=150)
def test_no_template_makes_its_reader_raise_anything_but_a_settings_error(text: str) -> None:
    faults: tuple[str, ...] = ()
    try:
        parse_template("templates/x.md", f"---\ntemplate: x\nfields:\n  {text}", _SETTINGS)
    except SettingsError as error:
        faults = error.faults
    assert all(re.match(r"templates/x\.md:\d+:\d+: .", fault) for fault in faults)


@given(st.text(max_size=200))
def test_a_safe_name_is_one_everywhere_and_stays_as_it_is(text: str) -> None:
    name = safe_name(text)
    assert safe_name(name) == name
    assert 0 < len(name.encode()) <= 130
    assert PureWindowsPath(name).name == name
    assert name not in (".", "..")
    assert not re.search(r'[\x00-\x1f/\\:*?"<>|]', name)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_path_never_leaves_its_folder(customer: str, title: str) -> None:
    parts = parse_placeholders("meetings/{customer}/{date} {title}")
    path = render_path(parts, {"customer": customer, "title": title}, {"date": _TODAY})
    assert path.startswith("meetings/")
    assert path.count("/") <= 2
    assert ".." not in path.split("/")


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_new_note_reads_back_what_was_given(customer: str, deal: str) -> None:
    note = render_new_note(
        _TEMPLATES["meeting"], {"customer": customer, "deal": deal}, today=_TODAY, settings=_SETTINGS
    )
    read = parse_note(note.path, note.text.encode())
    assert not [one for one in read.diagnostics if one.rule == "syntax"]
    found = {key.text: getattr(node, "text", "") for key, node in read.front_matter.entries}
    assert found["customer"] == " ".join(customer.split())
    assert found.get("deal", "") == " ".join(deal.split())


@given(st.text("1.①■【】()第章 事実:#ｘ", max_size=12) | st.text(max_size=20))
@example("第 1:1")
def test_a_heading_key_taken_twice_is_the_same(heading: str) -> None:
    assert heading_key(heading_key(heading)) == heading_key(heading)


_PIECES = st.sampled_from(["a", "b", ".", r"\d", "[ab]", "[^a]", "(a|b)", "(ab)", "a{1,2}", "b{2}", "1"])
_PATTERNS = st.lists(st.tuples(_PIECES, st.sampled_from(["", "*", "+", "?"])), max_size=5).map(
    lambda pieces: "".join(piece + ("" if piece.endswith("}") else repeat) for piece, repeat in pieces)
)


@given(_PATTERNS, st.text("ab1", max_size=8))
def test_a_pattern_fits_what_a_regular_expression_fits(pattern: str, value: str) -> None:
    assert compile_pattern(pattern).matches(value) is (re.fullmatch(pattern, value) is not None)


@given(st.text(r"ab()[]{}|*+?\.^$-,0123", max_size=12))
def test_no_pattern_raises_anything_but_its_own_error(source: str) -> None:
    column = 1
    try:
        compile_pattern(source).matches("ab01")
    except PatternError as error:
        column = error.column
    assert 1 <= column <= len(source) + 1
