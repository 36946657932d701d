import pytest

from notevault.refine import template_text as text_of
from notevault.refine.template_text import TemplateTextError
from notevault.settings_reader import default_settings
from notevault.template.folder import parse_template

BLOCK = """---
# our meetings
template: meeting   # the name
version: 3
fields:
  # first the day
  date: {type: date, required: true}
  channel:
    type: choice
    choices:
      visit: [訪問]
      phone: []
  memo:   # anything
sections:
  事実: {required: true}
  解釈:
---
## 事実
<!-- what was said -->

## 解釈
text of ours
"""


def lines_changed(before: str, after: str) -> tuple[set[str], set[str]]:
    old, new = before.splitlines(), after.splitlines()
    return {line for line in old if line not in new}, {line for line in new if line not in old}


def readable(text: str) -> str:
    parse_template("templates/meeting.md", text, default_settings())
    return text


def test_a_value_is_replaced_and_nothing_else() -> None:
    after = readable(text_of.set_value(BLOCK, ("version",), "4"))
    assert after == BLOCK.replace("version: 3", "version: 4")


@pytest.mark.parametrize(
    ("place", "value", "old", "new"),
    [
        (("fields", "date", "required"), "false", "  date: {type: date, required: true}", "required: false}"),
        (("fields", "date", "hint"), "x", "  date: {type: date, required: true}", "required: true, hint: x}"),
        (("fields", "channel", "required"), "true", None, "    required: true"),
        (("fields", "memo", "type"), "text", "  memo:   # anything", "  memo: {type: text}   # anything"),
        (("sections", "解釈", "required"), "true", "  解釈:", "  解釈: {required: true}"),
        (("renamed", "所感"), "解釈", None, "  所感: 解釈"),
    ],
)
def test_an_attribute_is_set_where_its_entry_is(place: tuple[str, ...], value: str, old: str | None, new: str) -> None:
    after = readable(text_of.set_value(BLOCK, place, value))
    gone, come = lines_changed(BLOCK, after)
    assert gone == ({old} if old else set())
    assert any(line.endswith(new) for line in come)
    assert "# our meetings" in after
    assert "# first the day" in after


def test_entries_are_added_renamed_and_removed() -> None:
    added = readable(text_of.add_entry(BLOCK, ("fields",), "予算", "{type: money}"))
    assert "  memo:   # anything\n  予算: {type: money}\nsections:" in added
    renamed = readable(text_of.rename_entry(BLOCK, ("sections", "解釈"), "所感"))
    assert renamed == BLOCK.replace("  解釈:", "  所感:")
    removed = readable(text_of.remove_entry(BLOCK, ("fields", "channel")))
    assert "choices" not in removed
    assert "  date: {type: date, required: true}\n  memo:   # anything\n" in removed


@pytest.mark.parametrize("key", ["a", "b", "c"])
def test_an_entry_in_braces_is_removed_with_its_comma(key: str) -> None:
    text = "---\ntemplate: x\nrenamed: {a: 1, b: 2, c: 3}\n---\n"
    after = readable(text_of.remove_entry(text, ("renamed", key)))
    assert text_of.find_node(after, ("renamed", key)) is None
    assert len(after) == len(text) - len(", a: 1")


def test_lists_grow_in_the_form_they_have() -> None:
    grown = text_of.add_item(BLOCK, ("fields", "channel", "choices", "visit"), "来社")
    assert "      visit: [訪問, 来社]\n" in grown
    assert text_of.add_item(grown, ("fields", "channel", "choices", "visit"), "来社") == grown
    assert "      phone: [TEL]\n" in text_of.add_item(BLOCK, ("fields", "channel", "choices", "phone"), "TEL")
    assert "required: true, also: [日付]}" in text_of.add_item(BLOCK, ("fields", "date", "also"), "日付")
    block = "---\ntemplate: x\nalso:\n  - a\n---\n"
    assert text_of.add_item(block, ("also",), "b: c") == "---\ntemplate: x\nalso:\n  - a\n  - 'b: c'\n---\n"
    one = "---\ntemplate: x\nalso: a\n---\n"
    assert text_of.add_item(one, ("also",), "b") == "---\ntemplate: x\nalso: [a, b]\n---\n"


def test_a_list_of_choices_becomes_pairs_to_take_spellings() -> None:
    text = "---\ntemplate: x\nfields:\n  c: {type: choice, choices: [a, b]}\n---\n"
    assert "choices: {a: [], b: []}" in readable(text_of.with_mapping(text, ("fields", "c", "choices")))


def test_headings_of_the_skeleton_follow() -> None:
    assert text_of.add_heading(BLOCK, "行動", 2) == BLOCK + "\n## 行動\n"
    assert text_of.add_heading(BLOCK, "【事実】", 2) == BLOCK
    assert text_of.rename_heading(BLOCK, "解釈", "所感") == BLOCK.replace("## 解釈", "## 所感")
    assert text_of.remove_heading(BLOCK, "事実") == BLOCK.replace("## 事実\n<!-- what was said -->\n\n", "")
    assert text_of.remove_heading(BLOCK, "解釈") == BLOCK


def test_newlines_stay_those_of_the_file() -> None:
    after = text_of.add_entry(BLOCK.replace("\n", "\r\n"), ("fields",), "予算", "{type: money}")
    assert "\n" not in after.replace("\r\n", "")


def test_what_cannot_be_changed_in_place_is_refused() -> None:
    text = "---\ntemplate: x\nfields: none of it\n---\n"
    with pytest.raises(TemplateTextError, match="fields"):
        text_of.add_entry(text, ("fields",), "a", "{}")
    with pytest.raises(TemplateTextError):
        text_of.add_entry("# no rules\n", (), "a", "b")
