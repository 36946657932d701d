"""What holds for every note, whatever its bytes."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.edits import apply_edits
from notevault.errors import WriteRefusedError
from notevault.front_matter import parse_front_matter, plan_remove_key, plan_rename_key, plan_set_field
from notevault.markdown import parse_markdown
from notevault.model import Mapping, Node, Note, NotePath, Scalar, Span
from notevault.note import decode_note, encode_note, parse_note
from notevault.scalars import quote_scalar

PATH = NotePath("a.md")
NEWLINES = ["\n", "\r\n", "\r"]
PIECES = [
    *NEWLINES,
    *"-:#[]{}'\"|>&*!%@`~?,. \t　：＃「」()<>\\+=_0a日𠮷é\ufeff\u2028\x00\x85",
    "---",
    "...",
    "+++",
    "---\n",
    "\n---\n",
    "```",
    "~~~",
    "<!--",
    "-->",
    "<pre>",
    "</pre>",
    "- [ ] ",
    "* [x] ",
    "1. ",
    "> ",
    "    ",
    "# ",
    "===",
    "key: ",
    "a: b\n",
    "a: 1\n",
    "件名: ",
    "- ",
    "[[",
    "]]",
    "](",
    "{{x}}",
    "&a ",
    "*a",
    "<<: ",
    "!!python/object ",
]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
notes = st.one_of(texts, st.builds("---\n{}\n---\n{}".format, texts, texts), st.text())
values = st.one_of(st.text(max_size=20), texts).filter(lambda value: "\n---" not in value)
simple_values = st.text(alphabet=string.ascii_letters + "日本語 ,'\"#:-[]{}", max_size=10)
fronts = st.dictionaries(st.sampled_from(["a", "b", "件名", "date", "x y"]), simple_values, max_size=4)


def parse(text: str) -> Note:
    return parse_note(PATH, text.encode("utf-8", "replace"))


def spans(node: Node) -> list[Span]:
    if isinstance(node, Scalar):
        return [node.span]
    if isinstance(node, Mapping):
        return [node.span, *(span for key, value in node.entries for span in [key.span, *spans(value)])]
    return [node.span, *(span for item in node.items for span in spans(item))]


@given(st.one_of(st.binary(), notes.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_no_bytes_make_it_raise_and_the_text_is_whole(data: bytes) -> None:
    note = parse_note(PATH, data)
    decoded = decode_note(data)
    assert note.text == decoded.text
    if not decoded.damaged and decoded.encoding != "cp932":
        assert encode_note(note, note.text) == data
    note.text.encode()


@given(notes)
def test_front_matter_and_body_are_the_whole_text(text: str) -> None:
    parsed = parse_front_matter(text)
    block = parsed.front_matter
    if block.span is None:
        assert parsed.body_start == 0
        assert block.raw == ""
    else:
        assert parsed.body_start == block.span.end
        assert text[: block.span.start].strip(" \t\r\n　") == ""
        head = text[block.span.start : block.span.end]
        assert block.raw in head
        assert head.replace(block.raw, "", 1).strip(" \t\r\n-+.yamljson") == ""
    for key, value in block.entries:
        for span in [key.span, *spans(value)]:
            assert 0 <= span.start <= span.end <= parsed.body_start
    for fault in parsed.faults:
        assert 0 <= fault.span.start <= fault.span.end <= len(text)


@given(notes)
def test_every_position_in_the_body_shows_its_own_text(text: str) -> None:
    start = parse_front_matter(text).body_start
    sections, tasks, links = parse_markdown(text, start)
    at = start
    for section in sections:
        assert at <= section.heading_span.start < section.heading_span.end <= section.body_span.start + 1
        assert section.heading in text[section.heading_span.start : section.heading_span.end]
        assert section.body_span.start <= section.body_span.end <= len(text)
        at = section.heading_span.end
    for task in tasks:
        assert text[task.mark_span.start : task.mark_span.end] == task.mark
        assert text[task.text_span.start : task.text_span.end] == task.text
        assert task.span.start < task.mark_span.start <= task.text_span.start <= task.span.end
        assert not set(text[task.span.start : task.span.end]) & {"\r", "\n"}
        assert task.section is None or sections[task.section].heading_span.end <= task.span.start
    for link in links:
        assert link.target in text[link.span.start : link.span.end]


@given(values, st.booleans())
def test_a_quoted_value_reads_back(value: str, flow: bool) -> None:  # noqa: FBT001 -- given by hypothesis
    written = quote_scalar(value, flow=flow) if not any("\ud800" <= c <= "\udfff" for c in value) else "''"
    parsed = parse_front_matter(f"---\n{{k: {written}}}\n---\n" if flow else f"---\nk: {written}\n---\n")
    node = parsed.front_matter.entries[0][1]
    assert isinstance(node, Scalar)
    assert node.text == value or written == "''"


@settings(max_examples=200)
@given(fronts, texts, st.sampled_from(NEWLINES), st.sampled_from(["a", "件名", "new", "x: y"]), simple_values)
def test_a_field_set_reads_back_and_nothing_else_moves(
    front: dict[str, str], body: str, newline: str, key: str, value: str
) -> None:
    lines = ["---", *(f"{quote_scalar(name)}: {quote_scalar(text)}   # why" for name, text in front.items()), "---", ""]
    note = parse(newline.join(lines) + body)
    edits = plan_set_field(note, key, value)
    after = parse_note(PATH, encode_note(note, apply_edits(note.text, edits)))
    assert {name.text: getattr(node, "text", None) for name, node in after.front_matter.entries} == {
        **front,
        key: value,
    }
    assert after.text[after.body_start :] == note.text[note.body_start :]
    for edit in edits:
        assert after.text.startswith(note.text[: edit.span.start])
        assert after.text.endswith(note.text[edit.span.end :])
    assert plan_set_field(after, key, value) == ()


@given(notes, simple_values)
def test_a_write_to_any_note_is_refused_or_right(text: str, value: str) -> None:
    note = parse(text)
    before = dict(note.front_matter.entries)
    for plan, key in [(plan_set_field, "a"), (plan_rename_key, "b"), (plan_remove_key, "a")]:
        try:
            if plan is plan_remove_key:
                edits = plan_remove_key(note, key)
            elif plan is plan_rename_key:
                edits = plan_rename_key(note, "a", key)
            else:
                edits = plan_set_field(note, key, value)
        except WriteRefusedError:
            continue
        after = parse_note(PATH, encode_note(note, apply_edits(note.text, edits)))
        assert after.text[after.body_start :] == note.text[note.body_start :]
        assert len(after.front_matter.entries) - len(before) in (-1, 0, 1)
