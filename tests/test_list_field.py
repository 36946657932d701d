import pytest

from notevault.edits import apply_edits
from notevault.errors import WriteRefusedError
from notevault.list_field import plan_add_items, plan_remove_items
from notevault.model import NotePath
from notevault.note import parse_note

BODY = "# 山田\n- aliases: [x]\n"


def _add(front: str, *items: str) -> str:
    note = parse_note(NotePath("a.md"), f"---\n{front}---\n{BODY}".encode())
    return apply_edits(note.text, plan_add_items(note, "aliases", items)).removesuffix(f"---\n{BODY}")[4:]


def _remove(front: str, *items: str) -> str:
    note = parse_note(NotePath("a.md"), f"---\n{front}---\n{BODY}".encode())
    return apply_edits(note.text, plan_remove_items(note, "aliases", items)).removesuffix(f"---\n{BODY}")[4:]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: a\n", "name: a\naliases: [B社, 'c: d']\n"),
        ("aliases:\nname: a\n", "aliases: [B社, 'c: d']\nname: a\n"),
        ("aliases: A  # why\n", "aliases: [A, B社, 'c: d']  # why\n"),
        ("aliases: []\n", "aliases: [B社, 'c: d']\n"),
        ("aliases: [A, 'x']\n", "aliases: [A, 'x', B社, 'c: d']\n"),
        ("aliases: [A, B社]\n", "aliases: [A, B社, 'c: d']\n"),
        ("aliases: [\n  A,  # one\n  B,\n]\n", "aliases: [\n  A,  # one\n  B, B社, 'c: d',\n]\n"),
        ("aliases:\n  - A # one\nname: a\n", "aliases:\n  - A # one\n  - B社\n  - 'c: d'\nname: a\n"),
        ("aliases:\n- A\n- B\n", "aliases:\n- A\n- B\n- B社\n- 'c: d'\n"),
    ],
)
def test_items_are_added_as_the_list_is_written(before: str, after: str) -> None:
    assert _add(before, "B社", "c: d", "B社") == after


def test_items_already_there_are_no_edit() -> None:
    assert _add("aliases: [A, B]\n", "B", "A") == "aliases: [A, B]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("aliases: [A, 'B', C]\n", "aliases: [A, C]\n"),
        ("aliases: [B]\nname: a\n", "name: a\n"),
        ("aliases: B\nname: a\n", "name: a\n"),
        ("aliases:\n  - A\n  - B # two\n  - C\nname: a\n", "aliases:\n  - A\n  - C\nname: a\n"),
        ("aliases: [A]\n", "aliases: [A]\n"),
        ("name: a\n", "name: a\n"),
    ],
)
def test_items_are_taken_out(before: str, after: str) -> None:
    assert _remove(before, "B") == after


@pytest.mark.parametrize("front", ["aliases: {a: b}\n", "aliases: &x [A]\nother: *x\n"])
def test_what_is_no_plain_list_is_refused(front: str) -> None:
    with pytest.raises(WriteRefusedError):
        _add(front, "B")


def test_windows_newlines_stay() -> None:
    note = parse_note(NotePath("a.md"), "---\r\naliases:\r\n  - A\r\n---\r\n本文\r\n".encode())
    text = apply_edits(note.text, plan_add_items(note, "aliases", ["B"]))
    assert text == "---\r\naliases:\r\n  - A\r\n  - B\r\n---\r\n本文\r\n"
