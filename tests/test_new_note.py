from datetime import date
from pathlib import Path

import pytest

from notevault.check import check_note
from notevault.model import NotePath, Severity
from notevault.new_note import NewNote, NewNoteError, numbered_path, render_new_note
from notevault.note import parse_note
from notevault.settings_reader import default_settings
from notevault.template import Template, Templates
from notevault.template.folder import load_templates, parse_template, shipped_templates

TODAY = date(2026, 11, 22)


def templates(language: str = "ja") -> Templates:
    return load_templates(Path(str(shipped_templates(language))), default_settings())


def make(template: Template, values: dict[str, str]) -> NewNote:
    return render_new_note(template, values, today=TODAY, settings=default_settings())


def test_a_new_meeting_holds_what_was_given_in_agreed_spelling() -> None:
    note = make(
        templates()["meeting"],
        {
            "取引先": "山田工業",
            "日付": "11/20",
            "接点": "往訪",
            "金額": "１２０万円",
            "contacts": "山田太郎 部長、鈴木花子",
        },
    )
    assert note.path == "meetings/2026/2026-11-20 山田工業.md"
    head, _, body = note.text.removeprefix("---\n").partition("---\n")
    assert head == (
        "type: meeting\ndate: 2026-11-20\ncustomer: 山田工業\nchannel: visit\n"
        "contacts: [山田太郎 部長, 鈴木花子]\namount: 1,200,000円\n"
    )
    assert body.startswith("# 山田工業 2026-11-20\n\n## 事実\n<!-- ")


def test_what_is_required_but_not_given_is_left_blank_with_a_hint() -> None:
    note = make(templates()["meeting"], {})
    assert "date: 2026-11-22\ncustomer:  # 会社名。書き方は問わない\nchannel:  # visit, online" in note.text
    assert "deal:" not in note.text
    assert note.path == "meetings/2026/2026-11-22.md"


def test_a_stage_asks_for_what_it_requires() -> None:
    note = make(templates("en")["meeting"], {"stage": "proposal"})
    assert "amount:  # total before tax" in note.text
    assert "close_date:" not in note.text


def test_every_fault_of_the_values_is_named_at_once() -> None:
    with pytest.raises(NewNoteError) as caught:
        make(templates("en")["meeting"], {"custmer": "x", "date": "2026-02-30", "channel": "vist", "type": "call"})
    assert caught.value.faults == (
        "the template 'meeting' has no field 'custmer' (did you mean 'customer'?)",
        "'2026-02-30' in 'date' is not a date such as 2026-11-20",
        "'vist' is not among the values of 'channel' (did you mean 'visit'?)",
        "the template 'meeting' has no field 'type'",
    )
    assert "fields of the template 'meeting': date, customer" in caught.value.hint


def test_one_field_given_in_two_spellings_is_a_fault() -> None:
    with pytest.raises(NewNoteError) as caught:
        make(templates()["meeting"], {"customer": "a", "顧客": "b"})
    assert caught.value.faults == ("'customer' is given twice",)


@pytest.mark.parametrize(
    "value", ["a: b", "- x", "@sato", "#1", "[[山田工業]]", "yes", "'", '"', "x\ny", "{customer}", "~", "---"]
)
def test_a_value_that_yaml_would_misread_comes_back_as_given(value: str) -> None:
    note = make(templates()["meeting"], {"customer": value, "channel": "visit"})
    read = parse_note(note.path, note.text.encode())
    assert not read.diagnostics
    found = {key.text: node for key, node in read.front_matter.entries}
    assert getattr(found["customer"], "text", None) == " ".join(value.split())


def test_a_key_that_only_the_settings_know_is_kept() -> None:
    note = make(templates()["meeting"], {"次回": "2026-12-01", "customer": "x"})
    assert "next_date: 2026-12-01\n" in note.text


def test_a_template_without_path_or_skeleton_still_makes_a_note() -> None:
    template = parse_template(
        "templates/x.md",
        "---\ntemplate: visit\nfields:\n  日付: {type: date}\n  顧客: {type: customer}\n"
        "sections:\n  事実: {required: true}\n---\n",
        default_settings(),
    )
    note = make(template, {"customer": "山田"})
    assert note.path == "visit/2026-11-22 山田.md"
    assert note.text == "---\ntype: visit\n日付: 2026-11-22\n顧客: 山田\n---\n## 事実\n"


def test_a_default_is_put_down_in_its_agreed_spelling() -> None:
    template = parse_template(
        "templates/x.md",
        "---\ntemplate: x\nfields:\n  channel: {type: choice, choices: {visit: [訪問]}, default: 訪問}\n---\n",
        default_settings(),
    )
    assert "channel: visit\n" in make(template, {}).text


def test_a_taken_name_is_counted_on() -> None:
    path = NotePath("a/b.md")
    assert [numbered_path(path, number) for number in (1, 2, 3)] == ["a/b.md", "a/b (2).md", "a/b (3).md"]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ["call", "customer", "inbox", "inquiry", "manual", "meeting", "team-meeting"])
def test_a_new_note_lacks_only_what_is_still_to_be_written(language: str, name: str) -> None:
    found = templates(language)
    note = make(found[name], {})
    diagnostics = check_note(parse_note(note.path, note.text.encode()), None, found, default_settings(), today=TODAY)
    assert {one.rule for one in diagnostics if one.severity is Severity.ERROR} <= {"field-missing", "section-empty"}
