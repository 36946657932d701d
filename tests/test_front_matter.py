"""Front matter: found, read with positions, and written without touching anything else."""

import json
import time
from collections.abc import Callable

import frontmatter
import pytest

from notevault.edits import apply_edits
from notevault.errors import WriteRefusedError
from notevault.front_matter import (
    HANDLERS,
    ParsedFrontMatter,
    parse_front_matter,
    plan_remove_key,
    plan_rename_key,
    plan_set_field,
    plan_set_scalar,
)
from notevault.model import Edit, Mapping, Node, Note, NotePath, Scalar, Sequence, Severity
from notevault.note import parse_note
from notevault.text import LineIndex
from tests.shared_data import shared_file


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    return [plain(item) for item in node.items]


def fields(parsed: ParsedFrontMatter) -> dict[str, object]:
    return {key.text: plain(value) for key, value in parsed.front_matter.entries}


def read(block: str) -> ParsedFrontMatter:
    return parse_front_matter(f"---\n{block}\n---\nBODY\n")


def note_of(text: str) -> Note:
    return parse_note(NotePath("a.md"), text.encode())


# --- reading -----------------------------------------------------------------------------------


AMBIGUOUS = ["NO", "yes", "12:30", "0123", "1_000", "0x1F", "2026-02-30", "2021-29-11", "~", "9" * 5000, "="]


@pytest.mark.parametrize("value", AMBIGUOUS)
def test_a_value_stays_the_text_that_was_written(value: str) -> None:
    assert fields(read(f"a: {value}")) == {"a": value}


@pytest.mark.parametrize("key", ["content", "handler", "1", "yes", "~", "<<", "商談段階"])
def test_any_word_may_be_a_key(key: str) -> None:
    assert fields(read(f"{key}: x")) == {key: "x"}


def test_lists_and_mappings_are_read_in_both_styles() -> None:
    parsed = read("a: [x, 'y z']\nb:\n- p\n- q: r\n  s: t\nc: {決裁者: 山田社長}\nd: |\n  one\n  two\n")
    assert fields(parsed) == {
        "a": ["x", "y z"],
        "b": ["p", {"q": "r", "s": "t"}],
        "c": {"決裁者": "山田社長"},
        "d": "one\ntwo\n",
    }


def test_every_span_shows_what_was_written() -> None:
    text = "\n---\r\n件名: 𠮷野家 😀\r\nlist: [ｱ, '“x”']\r\nlong: |\r\n  一\r\n  二\r\n\r\n"
    text += "empty:\r\nlast: {k: v}\r\n---\r\nB"
    parsed = parse_front_matter(text)
    shown = {key.text: text[value.span.start : value.span.end] for key, value in parsed.front_matter.entries}
    assert shown == {
        "件名": "𠮷野家 😀",
        "list": "[ｱ, '“x”']",
        "long": "|\r\n  一\r\n  二",
        "empty": "",
        "last": "{k: v}",
    }
    span = parsed.front_matter.span
    assert span is not None
    assert text[span.start : span.end].startswith("---\r\n件名")
    assert text[parsed.body_start :] == "B"


def test_a_block_list_ends_with_its_last_item() -> None:
    text = "---\na:\n  - x\n  - y  # why\n\nb: 1\n---\n"
    value = parse_front_matter(text).front_matter.entries[0][1]
    assert isinstance(value, Sequence)
    assert text[value.span.start : value.span.end] == "- x\n  - y"


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029", "\ufeff"])
def test_characters_that_yaml_takes_for_line_ends_stay_in_the_value(character: str) -> None:
    parsed = read(f"a: x{character}y\nb: {character}z")
    assert fields(parsed) == {"a": f"x{character}y", "b": f"{character}z"}


def test_keys_are_composed() -> None:
    assert fields(read("タ\u3099: 1")) == {"ダ": "1"}


@pytest.mark.parametrize("text", ["", "x", "# a\n---\na: b\n---\n", "--- a\n", " ---\na: b\n---\n", "{x}\n"])
def test_text_without_front_matter_is_all_body(text: str) -> None:
    parsed = parse_front_matter(text)
    assert not parsed.front_matter.present
    assert parsed.body_start == 0
    assert parsed.faults == ()


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\na: b\n---\n\u3000 x\n\n", "\u3000 x\n\n"),
        ("---\na: b\n...\nx", "x"),
        ("\n \n---  \na: b\n---\t\nx", "x"),
        ("---\ra: b\r---\rx", "x"),
        ("---\na: b\n---", ""),
        ("---\n---\nx", "x"),
        ("---\n# only a comment\n---\nx", "x"),
        ("---\na: '---'\nb: |\n  ---\n---\n---\n", "---\n"),
        ("--- yaml\na: b\n---\nx", "x"),
        ('+++\na = "b"\n+++\nx', "x"),
        ('{\n"a": "b"\n}\nx', "x"),
    ],
)
def test_the_body_begins_right_behind_the_closing_line(text: str, body: str) -> None:
    parsed = parse_front_matter(text)
    assert parsed.front_matter.present
    assert text[parsed.body_start :] == body


def test_what_is_never_closed_is_body_and_reported() -> None:
    parsed = parse_front_matter("---\na: b\n\ntext")
    assert (parsed.front_matter.present, parsed.body_start) == (False, 0)
    assert [fault.message for fault in parsed.faults] == ["the front matter is opened but never closed"]


@pytest.mark.parametrize("block", ["text between rules", "- a\n- b", "- [ ] call them", "一行目\n二行目"])
def test_text_between_two_rules_is_body_with_a_warning(block: str) -> None:
    parsed = read(block)
    assert (parsed.front_matter.present, parsed.body_start) == (False, 0)
    assert [fault.severity for fault in parsed.faults] == [Severity.WARNING]


@pytest.mark.parametrize("opening", ["----", "---coffee", "--- javascript"])
def test_what_only_other_programs_read_is_body_with_a_warning(opening: str) -> None:
    parsed = parse_front_matter(f"{opening}\na: b\n---\nx")
    assert (parsed.front_matter.present, parsed.body_start) == (False, 0)
    assert "opens no front matter" in parsed.faults[0].message


FAULTS = [
    ("会社：A社", 2, 3, "full-width one", "half-width colon"),
    ("a: b\n会社：A社", 3, 3, "full-width one", "half-width colon"),
    ("date: 1\nstage:won", 3, 6, "no space stands after the colon", "with a space"),
    ("顧客:\u3000山田\nb: c", 2, 4, "full-width or no-break space", "half-width space"),
    ("顧客:\xa0山田\nb: c", 2, 4, "full-width or no-break space", "half-width space"),
    ("件名: A社: 打合せ", 2, 7, "': ' stands inside the value", "quotes"),
    ("owner: @sato", 2, 8, "cannot start with '@'", "quotes"),
    ("a: `x`", 2, 4, "cannot start with '`'", "quotes"),
    ("a: *急ぎ*", 2, 4, "cannot start with '*'", "quotes"),
    ("a: *ref", 2, 4, "alias", "quotes"),
    ("a: &ref x", 2, 4, "anchor", "quotes"),
    ("a: !重要", 2, 4, "cannot start with '!'", "quotes"),
    ("a: !!python/object/apply:os.system [x]", 2, 4, "sign for a type", "quotes"),
    ("a: %x", 2, 4, "cannot start with '%'", "quotes"),
    ("a: - x", 2, 4, "cannot start with '-'", "quotes"),
    ("- @name", 2, 3, "cannot start with '@'", "quotes"),
    ('a: "A" と B', 2, 8, "after the closing quote", "whole value"),
    ("a: [東京] 支社", 2, 9, "after the closing quote", "whole value"),
    ("a: 'it", 2, 4, "not closed", "close the quote"),
    ("a: [x, y", 2, 4, "brackets on this line do not match", "quotes"),
    ("a:\n\tb: 1", 3, 1, "TAB", "spaces"),
    ("a: b\n  c: d", 3, 4, "indented", "spaces"),
    ("a: 1\n顧客 山田\nb: 2", 3, 1, "no 'key: value'", "lines"),
    ("created: {{date}}", 2, 11, "braces", "quotes"),
    ("{{x}}: 1", 2, 2, "braces", "quotes"),
    ("a: \x07", 2, 4, "U+0007", "delete"),
    ("a: 1\nb: 2\na: 3", 4, 1, "'a' appears twice, first on line 2", "line 4"),
    ("k: {タ\u3099: 1, ダ: 2}", 2, 12, "'ダ' appears twice, first on line 2", "line 2"),
    ("a: 1\n--- # again\nb: 2", 3, 1, "second document", "quotes"),
]


@pytest.mark.parametrize(("block", "line", "column", "message", "hint"), FAULTS)
def test_a_fault_says_where_it_is_and_how_to_mend_it(
    block: str, line: int, column: int, message: str, hint: str
) -> None:
    text = f"---\n{block}\n---\nBODY"
    parsed = parse_front_matter(text)
    fault = parsed.faults[0]
    assert LineIndex(text).position(fault.span.start) == (line, column)
    assert message in fault.message
    assert hint in fault.hint
    assert fault.severity is Severity.ERROR or parsed.body_start == 0


@pytest.mark.parametrize("block", [fault[0] for fault in FAULTS if not fault[0].startswith("- ")])
def test_a_block_with_a_fault_keeps_its_text_and_leaves_the_body_alone(block: str) -> None:
    text = f"---\n{block}\n---\nBODY"
    parsed = parse_front_matter(text)
    assert parsed.front_matter.raw == f"{block}\n"
    assert text[parsed.body_start :] == "BODY"


def test_of_a_field_that_appears_twice_the_first_is_kept() -> None:
    assert fields(read("a: 1\nb: 2\na: 3")) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(("block", "column"), [("a: #1 deal", 4), ("a: A社 #2", 7), ("a: 'x' #y", 8)])
def test_a_value_swallowed_by_a_comment_is_a_warning(block: str, column: int) -> None:
    parsed = read(block)
    assert parsed.front_matter.present
    assert [(fault.severity, fault.span.start - 3) for fault in parsed.faults] == [(Severity.WARNING, column)]


@pytest.mark.parametrize("block", ["a: x # meant", "# a", "a: # fill in\nb: 1", "a: x#y", "a: '#x'", "a: |\n  x #y"])
def test_a_comment_that_was_meant_is_no_fault(block: str) -> None:
    assert read(block).faults == ()


def test_a_wide_space_before_a_key_is_a_warning() -> None:
    assert [fault.severity for fault in read("\u3000顧客: 山田").faults] == [Severity.WARNING]


HOSTILE: list[Callable[[], str]] = [
    lambda: "a: " + "[" * 60_000,
    lambda: "{" * 60_000,
    lambda: "- " * 30_000,
    lambda: "? " * 30_000,
    lambda: "a: &a [x,x]\n" + "\n".join(f"b{i}: &b{i} [*a,*a,*a]" for i in range(100)),
    lambda: "a: &a {x: 1}\nb: {<<: [*a, *a]}",
    lambda: "\n".join(f"k{i}: v" for i in range(6000)),
    lambda: "a: " + "x" * 70_000,
    lambda: "a" + ":" * 60_000,
    lambda: "a: " + ": " * 30_000,
    lambda: "\u3000" * 60_000 + "a: [",
    lambda: " " * 60_000 + "a: [",
]


@pytest.mark.parametrize("make", HOSTILE)
def test_hostile_yaml_is_refused_in_bounded_time(make: Callable[[], str]) -> None:
    started = time.process_time()
    parsed = read(make())
    assert parsed.faults
    assert not parsed.front_matter.entries
    assert time.process_time() - started < 2  # milliseconds; the bound is for loaded machines


@pytest.mark.parametrize(
    "make", [lambda: "a = " + "[" * 60_000, lambda: "a = " + "{a=" * 20_000, lambda: "a." * 30_000 + "a=1"]
)
def test_hostile_toml_is_refused_in_bounded_time(make: Callable[[], str]) -> None:
    started = time.process_time()
    parsed = parse_front_matter(f"+++\n{make()}\n+++\nx")
    assert parsed.faults
    assert time.process_time() - started < 2


def test_toml_is_read_as_text() -> None:
    parsed = parse_front_matter(
        '+++\ndate = 2026-11-20\nn = 1.50\nok = true\ntags = ["a", "b"]\n[who]\nname = "x"\n+++\nB'
    )
    assert fields(parsed) == {"date": "2026-11-20", "n": "1.50", "ok": "true", "tags": ["a", "b"], "who": {"name": "x"}}


def test_a_fault_in_toml_says_where_it_is() -> None:
    text = '+++\na = "b"\nc = d\n+++\nB'
    fault = parse_front_matter(text).faults[0]
    assert LineIndex(text).position(fault.span.start)[0] == 3


def test_the_handlers_serve_python_frontmatter() -> None:
    text = "---\na: NO\ncontent: x\n---\nBODY"
    assert frontmatter.parse(text, handler=HANDLERS[0]) == ({"a": "NO", "content": "x"}, "BODY")
    post = frontmatter.Post("B")
    post["a"] = "NO"
    written = frontmatter.dumps(post, handler=HANDLERS[0])
    assert written == "---\na: 'NO'\n---\n\nB"
    assert frontmatter.parse("---\nnever closed", handler=HANDLERS[0]) == ({}, "---\nnever closed")


# docs/front-matter.md gives the reasons
NOT_READ = {
    "extra-dash.txt",
    "all.yaml",
    "autodetect-coffee-fn.md",
    "autodetect-coffee.md",
    "autodetect-coffeescript.md",
    "autodetect-cson-fn.md",
    "autodetect-cson.md",
    "autodetect-javascript.md",
    "lang-coffee-bad.md",
    "lang-javascript-fn.md",
    "lang-javascript-object-fn.md",
    "delims-and-lang.md",
    "delims-custom.md",
    "delims-semi-colons.md",
}
WITHOUT_FRONT_MATTER = {"no-frontmatter.txt", "empty.md", "hasnt-matter.md"}
READ_AS_YAML = {"lang-coffee-fn.md", "lang-coffee.md", "lang-cson-fn.md", "lang-cson.md"}


def as_text(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return str(value)


def test_the_files_of_other_readers_are_read_as_they_read_them_or_the_difference_is_known() -> None:
    count = 0
    for line in shared_file("front-matter-files.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        name = case["name"].rsplit("/", 1)[-1]
        parsed = parse_front_matter(case["text"])
        assert parsed.front_matter.present == (name not in NOT_READ | WITHOUT_FRONT_MATTER), name
        if name in NOT_READ:
            assert parsed.body_start == 0, name
            assert parsed.faults or name.startswith("delims-"), name
        elif "expected_meta" in case:
            found = json.loads(json.dumps(fields(parsed)).replace('"true"', '"yes"'))
            assert found == as_text(case["expected_meta"]), name
            assert case["text"][parsed.body_start :].strip() == case["expected_body"].strip(), name
        count += 1
    assert count == 41


# --- writing -----------------------------------------------------------------------------------


def after(note: Note, edits: tuple[Edit, ...]) -> str:
    return apply_edits(note.text, edits)


NOTE = (
    "---\r\n# 商談\r\nb: 'x'   # why\r\na:   1\r\nlist: [p, q]\r\nmemo: |\r\n  長い\r\n  文\r\nempty:\r\n---\r\n"
    "\u3000本文\r\n\r\n"
)


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        ("a", "2", "a:   1", "a:   2"),
        ("b", "y", "b: 'x'   # why", "b: y   # why"),
        ("b", "A社: 打合せ", "b: 'x'   #", "b: 'A社: 打合せ'   #"),
        ("empty", "x", "empty:\r\n", "empty: x\r\n"),
        ("memo", "短い", "memo: |\r\n  長い\r\n  文\r\n", "memo: 短い\r\n"),
        ("new", "山田", "empty:\r\n---", "empty:\r\nnew: 山田\r\n---"),
        ("new: key", "no", "empty:\r\n---", "empty:\r\n'new: key': 'no'\r\n---"),
        ("a", "two\nlines", "a:   1", 'a:   "two\\nlines"'),
        ("a", "", "a:   1", "a:   ''"),
    ],
)
def test_setting_a_field_changes_its_own_place_only(key: str, value: str, old: str, new: str) -> None:
    note = note_of(NOTE)
    text = after(note, plan_set_field(note, key, value))
    assert text == NOTE.replace(old, new, 1)
    assert fields(parse_front_matter(text))[key] == value


def test_setting_what_is_there_is_no_edit() -> None:
    assert plan_set_field(note_of(NOTE), "b", "x") == ()


def test_a_note_without_front_matter_gets_a_block() -> None:
    note = note_of("# 題\r\n本文\r\n")
    assert (
        after(note, plan_set_field(note, "date", "2026-11-20")) == "---\r\ndate: 2026-11-20\r\n---\r\n# 題\r\n本文\r\n"
    )


def test_an_empty_block_gets_its_first_field() -> None:
    note = note_of("---\n---\nx")
    assert after(note, plan_set_field(note, "a", "b")) == "---\na: b\n---\nx"


def test_a_field_joins_an_indented_block() -> None:
    note = note_of("---\n  a: 1\n---\nx")
    assert after(note, plan_set_field(note, "b", "2")) == "---\n  a: 1\n  b: 2\n---\nx"


def test_a_value_inside_braces_is_quoted_for_its_place() -> None:
    note = note_of("---\nlearned: {決裁者: 山田, b: 1}\n---\nx")
    learned = note.front_matter.entries[0][1]
    assert isinstance(learned, Mapping)
    target = learned.entries[0][1]
    assert isinstance(target, Scalar)
    assert (
        after(note, plan_set_scalar(note, target, "山田, 佐藤")) == "---\nlearned: {決裁者: '山田, 佐藤', b: 1}\n---\nx"
    )


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("---\na: [1, 2]\n---\n", "a", "is a list"),
        ("---\na:\n  b: 1\n---\n", "a", "is a list or has fields"),
        ("---\na: b: c\n---\n", "a", "has a fault"),
        ("---\na: 1\na: 2\n---\n", "a", "has a fault"),
        ("---\na: 1\n", "a", "has a fault"),
        ("---\n{a: 1}\n---\n", "b", "braces"),
        ('+++\na = "b"\n+++\n', "a", "TOML"),
        ("---\na: b\n  c\n---\n", "d", ""),
    ],
)
def test_what_cannot_be_written_safely_is_refused(text: str, key: str, reason: str) -> None:
    note = note_of(text)
    if not reason:
        assert fields(parse_front_matter(after(note, plan_set_field(note, key, "x")))) == {"a": "b c", "d": "x"}
        return
    with pytest.raises(WriteRefusedError, match=reason):
        plan_set_field(note, key, "x")


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    note = parse_note(NotePath("a.md"), "---\n件名: 打合せ\n---\n本文の文字".encode("cp932"))
    with pytest.raises(WriteRefusedError, match="cp932"):
        plan_set_field(note, "件名", "😀")


def test_a_key_is_renamed_in_place() -> None:
    note = note_of(NOTE)
    assert after(note, plan_rename_key(note, "list", "担当: 者")) == NOTE.replace("list:", "'担当: 者':")
    assert plan_rename_key(note, "none", "x") == ()
    with pytest.raises(WriteRefusedError, match="already"):
        plan_rename_key(note, "a", "b")


def test_json_is_rewritten_value_by_value_only() -> None:
    note = note_of('{\n"a": "b",\n"c": ""\n}\nx')
    assert after(note, plan_set_field(note, "a", "d")) == '{\n"a": "d",\n"c": ""\n}\nx'
    for plan in (plan_remove_key, lambda of, key: plan_set_field(of, f"{key}2", "x")):
        with pytest.raises(WriteRefusedError, match="braces"):
            plan(note, "a")


@pytest.mark.parametrize("text", ["{\nfunction()\n}\nx", "{\n", "{\na: b"])
def test_text_that_begins_with_a_brace_is_body(text: str) -> None:
    parsed = parse_front_matter(text)
    assert (parsed.front_matter.present, parsed.body_start, parsed.faults) == (False, 0, ())


def test_a_field_is_removed_with_its_lines() -> None:
    note = note_of(NOTE)
    assert after(note, plan_remove_key(note, "memo")) == NOTE.replace("memo: |\r\n  長い\r\n  文\r\n", "")
    assert after(note, plan_remove_key(note, "b")) == NOTE.replace("b: 'x'   # why\r\n", "")
    assert plan_remove_key(note, "none") == ()
