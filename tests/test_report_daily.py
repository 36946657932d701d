import json
import re
from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.daily import Daily, find_part, make_daily
from notevault.report.daily_page import make_diary
from notevault.report.document import Items
from notevault.report.say import Words
from notevault.workspace import Workspace
from tests.conftest import MakeVault, Run
from tests.season_vault import make_season, read_season
from tests.synced import synced

FRIDAY = date(2026, 11, 20)


def _note(day: str, customer: str, body: str, more: str = "", owner: str = "sato") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n{more}---\n# x\n\n{body}"


NOTES = {
    "a.md": _note(
        "2026-11-20",
        "Yamada",
        "## 事実\n- 2台で説明した\n- 1月に決まる\n\n## 解釈\n反応は良い。\n\n## 行動\n- 電話で礼を言う\n"
        "- [ ] 提案書を作る due:2026-11-24\n\n## 相談\nどこまで下げてよいか。\n",
        "contacts: [山田太郎 部長]\nchannel: visit\nstage: 提案\nnext_date: 2026-11-24\n",
    ),
    "b.md": _note("2026-11-20", "Aomine", "## 内容\n電話した。\n", "channel: 電話\n", "ito"),
    "c.md": _note(
        "2026-11-10",
        "Yamada",
        "- [x] 資料を送る due:2026-11-19 ✅ 2026-11-20\n- [x] 前に済んだ ✅ 2026-11-12\n"
        "- [ ] 遅れている due:2026-11-18\n"
        "- [x] 後で済んだ due:2026-11-20 ✅ 2026-11-21\n- [ ] 来月 due:2026-12-20\n"
        "- [ ] 伊藤の仕事 @ito due:2026-11-01\n",
    ),
    "d.md": _note("2026-11-24", "Minato", "これから\n"),
    "e.md": _note("2026-11-25", "Minato", "その後\n"),
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def _day(team: Workspace, owner: str | None = "sato") -> Daily:
    return make_daily(team.catalog, team.settings, FRIDAY, owners=(owner,) if owner else None)


def test_contact_tells_fact_interpretation_and_action_apart(team: Workspace) -> None:
    (contact,) = _day(team).contacts
    assert (contact.facts, contact.interpretation) == (("2台で説明した", "1月に決まる"), ("反応は良い。",))
    assert (contact.action, contact.todos) == (("電話で礼を言う",), ("提案書を作る (2026-11-24)",))
    assert (contact.customer, contact.stage, contact.channel) == ("Yamada", "proposal", "visit")
    assert contact.contacts == ("山田太郎 部長",)


def test_todos_done_that_day_and_those_that_should_have_been(team: Workspace) -> None:
    diary = _day(team)
    assert [todo.text for todo in diary.done] == ["資料を送る"]
    assert [todo.text for todo in diary.not_done] == ["遅れている", "後で済んだ"]


def test_question_of_the_day_is_there(team: Workspace) -> None:
    assert [each.text for each in _day(team).consultations] == ["どこまで下げてよいか。"]


def test_next_dates_reach_over_the_weekend_and_a_holiday(team: Workspace) -> None:
    assert [(each.day, each.kind, each.customer) for each in _day(team).ahead] == [
        (date(2026, 11, 24), "next_date", "Yamada"),
        (date(2026, 11, 24), "note", "Minato"),
        (date(2026, 11, 24), "todo", "Yamada"),
    ]


def test_without_an_owner_it_is_everybodys_day(team: Workspace) -> None:
    diary = _day(team, None)
    assert [each.customer for each in diary.contacts] == ["Yamada", "Aomine"]
    assert [todo.text for todo in diary.not_done] == ["伊藤の仕事", "遅れている", "後で済んだ"]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("事実", "facts"),
        ("内容", "facts"),
        ("所感", "interpretation"),
        ("Next steps", "action"),
        ("相談事項", "consult"),
    ],
)
def test_heading_says_what_a_section_tells(heading: str, part: str) -> None:
    assert find_part(heading) == part


def test_contacts_of_each_day_equal_a_recount_from_the_files(make_vault: MakeVault) -> None:
    root = make_vault(make_season(7))
    notes = read_season(root)
    with synced(root) as team:
        for day in sorted({note.day for note in notes})[:25]:
            found = make_daily(team.catalog, team.settings, day, owners=("ito",)).contacts
            assert [each.path for each in found] == [
                note.path for note in notes if note.day == day and note.keys["owner"] == "ito"
            ]


def test_command_prints_markdown_to_paste(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    ran = run("report", "daily", "--owner", "sato", "--date", "2026-11-20", vault=root)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("# Daily report 2026-11-20\n\nsato\n\n## Contacts (1)\n\n### Yamada / Proposal\n")
    assert "- Facts\n  - 2台で説明した\n  - 1月に決まる\n- Interpretation\n  - 反応は良い。\n" in ran.stdout
    assert re.search(r"^- \[x\] 資料を送る", ran.stdout, re.MULTILINE)
    assert re.search(r"^- \[ \] 遅れている · Yamada · due 2026-11-18", ran.stdout, re.MULTILINE)
    row = json.loads(run("report", "daily", "--date", "2026-11-20", "--json", vault=root).stdout)
    assert [len(row[key]) for key in ("contacts", "done", "consultations", "ahead")] == [2, 1, 1, 3]
    assert run("report", "daily", "--date", "2026-11-20", "--csv", vault=root).stdout.count('"Yamada"') == 1
    assert "Contacts (0)" in run("report", "daily", "--date", "2026-11-22", vault=root).stdout


def test_next_meeting_is_not_called_by_the_minutes_that_announce_it(team: Workspace) -> None:
    page = make_diary(_day(team), Words(settings=team.settings, language="en"))
    (ahead,) = [block for block in page.blocks if isinstance(block, Items) and "2026-11-24" in block.items[0].text]
    assert ahead.items[0].text == "2026-11-24 · next meeting · Yamada"
