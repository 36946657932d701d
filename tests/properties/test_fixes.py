"""Whatever a note says: fixing twice is fixing once, and what is not spelled anew stays as it is."""

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.check import check_note
from notevault.check.fix import plan_fix
from notevault.edits import apply_edits
from notevault.model import NotePath
from notevault.note import parse_note
from notevault.settings_reader import default_settings
from notevault.template import FieldRule, FieldType
from notevault.template.folder import load_templates
from notevault.template.values import Reader, normalize_width, read_value

_TEMPLATES = load_templates(Path(__file__).parents[2] / "templates" / "ja", default_settings())
_SETTINGS = default_settings()
_TODAY = date(2026, 11, 22)

_KEYS = st.sampled_from(
    [
        "date",
        "日付",
        "customer",
        "顧客",
        "channel",
        "接点",
        "stage",
        "ステージ",
        "amount",
        "金額",
        "close_date",
        "contacts",
        "先方",
        "revisit",
        "tags",
        "template_version",
        "面談内容",
        "custmer",
        "次回",
        "phone",
        "learned",
    ]
)
_VALUES = st.one_of(
    st.sampled_from(
        [
            "2026-11-20",
            "令和8年11月20日",
            "R8.11.20",
            "11/20(金)",
            "来週金曜",
            "120万円",
            "￥1,200,000",
            "1.2億",
            "訪問",
            "TEL",
            "提案中",
            "３月",
            "[山田\u3000太郎, ｽｽﾞｷ]",
            "'訪問'  # x",
            "{決裁者: 山田}",
            "",
            "1",
            "[[山田]]",
            "|\n  a\n  b",
            '"\\t"',
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
_LINES = st.one_of(
    st.sampled_from(
        [
            "## 事実",
            "## 1. 事実",
            "### 【行動】",
            "行動：\n----",
            "## 面談内容",
            "## Facts",
            "- [ ] 送る 11/27まで",
            "訪問した",
            "",
            "```",
            "<!--",
            "-->",
            "> - [ ] x",
            "<<<<<<< a",
            "=======",
            ">>>>>>> b",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
_NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def notes(draw: st.DrawFn) -> bytes:
    newline = draw(_NEWLINES)
    fields = draw(st.lists(st.tuples(_KEYS, _VALUES), max_size=6))
    lines = ["---", "type: meeting", *(f"{key}: {value}" for key, value in fields), "---", *draw(st.lists(_LINES))]
    text = newline.join(lines).replace("\n", newline)
    return draw(st.sampled_from(["", "\ufeff"])).encode() + text.encode()


@given(notes(), st.sampled_from(["a.md", "2026-11-20 山田.md"]))
@settings(max_examples=60, deadline=None)
def test_fixing_twice_is_fixing_once(data: bytes, path: str) -> None:
    note = parse_note(NotePath(path), data)
    fix = plan_fix(note, _TEMPLATES, _SETTINGS, today=_TODAY)
    if fix is None:
        return
    assert apply_edits(note.text, fix.edits) == fix.after
    assert plan_fix(parse_note(note.path, fix.after.encode()), _TEMPLATES, _SETTINGS, today=_TODAY) is None


@given(notes())
@settings(max_examples=60, deadline=None)
def test_each_edit_leaves_every_other_field_as_it_was(data: bytes) -> None:
    note = parse_note(NotePath("2026-11-20.md"), data)
    for diagnostic in check_note(note, None, _TEMPLATES, _SETTINGS, today=_TODAY):
        if diagnostic.edits:
            after = parse_note(note.path, apply_edits(note.text, diagnostic.edits).encode())
            assert len(after.front_matter.entries) == len(note.front_matter.entries)
            assert len(after.diagnostics) <= len(note.diagnostics)
            assert len(after.tasks) == len(note.tasks)


@given(st.sampled_from(list(FieldType)), _VALUES)
@settings(max_examples=300, deadline=None)
def test_reading_the_agreed_spelling_changes_nothing(kind: FieldType, text: str) -> None:
    rule = FieldRule(name="x", key="channel" if kind is FieldType.CHOICE else "x", type=kind)
    reader = Reader(settings=_SETTINGS, today=_TODAY)
    once = read_value(rule, text, reader)
    if once.fault is None:
        assert read_value(rule, once.text, reader) == once


@given(st.text())
def test_width_is_normalised_once(text: str) -> None:
    assert normalize_width(normalize_width(text)) == normalize_width(text)
