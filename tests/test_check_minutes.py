"""Fact, interpretation, action: what is taken for empty words, and what is not."""

from datetime import date

import pytest

from notevault.check import check_note
from notevault.check.minutes import Role, role_of
from notevault.model import NotePath
from notevault.note import parse_note
from notevault.settings_reader import default_settings
from notevault.template import SectionRule, Templates
from notevault.template.folder import parse_template

_TEMPLATE = """---
template: meeting
fields: {date: {}, customer: {}, contacts: {}, owner: {}}
sections: {事実: {}, 解釈: {}, 行動: {}}
---
"""
TEMPLATES = Templates(by_name={"meeting": parse_template("templates/meeting.md", _TEMPLATE, default_settings())})
_FRONT = "---\ntype: meeting\ncustomer: 株式会社山田工業\ncontacts: [山田太郎 部長]\nowner: 佐藤\n---\n"


def rules(body: str) -> set[str]:
    note = parse_note(NotePath("a.md"), (_FRONT + body).encode())
    found = check_note(note, None, TEMPLATES, default_settings(), today=date(2026, 11, 22))
    return {one.rule for one in found}


@pytest.mark.parametrize(
    "facts",
    [
        "訪問した。",
        "訪問しました",
        "定期訪問を実施。",
        "株式会社山田工業を訪問した。",
        "- 山田太郎部長と面談。",
        "本日、お客様先に訪問しました。",
        "11月20日に打合せを行った。",
        "ご挨拶に伺いました。",
        "電話した",
        "Visited the customer.",
        "Met with them at the office",
        "Courtesy visit",
    ],
)
def test_that_there_was_a_visit_is_no_fact_worth_writing(facts: str) -> None:
    assert "fact-thin" in rules(f"## 事実\n{facts}\n")


@pytest.mark.parametrize(
    "facts",
    [
        "訪問したが不在だった。",
        "訪問して見積を渡した。",
        "来期に2台を入れ替えたい。",
        "山田部長に予算を聞いた。",
        "前回の訪問から印刷枚数が半分になった",
        "Daniel wants eleven access points.",
        "Visited the warehouse; the reader fails on wet boxes.",
        "- AKG-8492",
        "",
        "<!-- 見聞きしたこと -->",
    ],
)
def test_anything_more_is(facts: str) -> None:
    assert "fact-thin" not in rules(f"## 事実\n{facts}\n")


@pytest.mark.parametrize(
    ("actions", "speaks"),
    [
        ("提案書を作成する", True),
        ("- 提案書を作成する", True),
        ("- [ ] 提案書を作成する due:2026-11-27", False),
        ("- [x] 提案書を作成した", False),
        ("提案書の件\n- [ ] 作成する due:2026-11-27", False),
        ("なし", False),
        ("- 特になし。", False),
        ("None.", False),
        ("", False),
    ],
)
def test_steps_in_prose_are_no_todos(actions: str, *, speaks: bool) -> None:
    assert ("action-prose" in rules(f"## 行動\n{actions}\n")) is speaks


def test_only_open_todos_are_looked_at() -> None:
    assert rules("## 行動\n- [x] 送った\n- [-] やめた\n") == set()
    assert rules("## 行動\n- [ ] 送る\n") == {"todo-due"}
    assert rules("## 事実\n- [ ] 送る due:2026-11-27\n- [x] 見た\n") == {"todo-misplaced"}


def test_a_todo_without_owner_takes_the_notes() -> None:
    note = parse_note(
        NotePath("a.md"), b"---\ntype: meeting\n---\n- [ ] x due:2026-11-27\n- [ ] y @sato due:2026-11-27\n"
    )
    found = check_note(note, None, TEMPLATES, default_settings(), today=date(2026, 11, 22))
    assert [(one.rule, one.line) for one in found] == [("todo-owner", 4)]


@pytest.mark.parametrize(
    ("heading", "also", "role"),
    [
        ("事実", (), Role.FACT),
        ("1. Facts", (), Role.FACT),
        ("面談内容", ("事実",), Role.FACT),
        ("所感", ("雨",), Role.INTERPRETATION),
        ("Next steps", (), Role.ACTION),
        ("相談", (), None),
    ],
)
def test_a_section_is_known_by_its_heading_or_another_spelling(
    heading: str, also: tuple[str, ...], role: Role | None
) -> None:
    assert role_of(SectionRule(heading=heading, also=also)) is role
