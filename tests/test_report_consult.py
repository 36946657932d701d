import json
from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.consult import list_consultations, split_answer
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.synced import synced

_HEAD = "---\ntype: {type}\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n---\n# x\n\n"


def _note(day: str, owner: str, body: str, customer: str = "Keen School", type_: str = "meeting") -> str:
    return _HEAD.format(type=type_, day=day, customer=customer, owner=owner) + body


NOTES = {
    "a.md": _note("2026-11-02", "sato", "## 事実\n会った\n\n## 相談\n値引きしてよいか。\n\n二行目。\n"),
    "b.md": _note("2026-11-20", "ito", "## 相談事項\n- 納期を延ばせるか\n", "Slow Estate"),
    "c.md": _note(
        "2026-10-19", "sato", "## 相談\n一日だけにするか。\n\n回答（高橋 2026-10-21）: 一日だけ。\n交代で出る。\n"
    ),
    "d.md": _note("2026-09-01", "ito", "## Consultation\nMay we?\n\nAnswer (Takahashi 9/11): Yes.\n"),
    "e.md": _note("2026-11-21", "ito", "## 相談\n<!-- 決めてほしいこと -->\n"),
    "f.md": _note("2026-11-21", "ito", "## 相談\n特になし。\n"),
    "team.md": "---\ntype: team-meeting\ndate: 2026-11-16\nowner: takahashi\n---\n## 相談\n展示会に出るか。\n",
    "manual.md": "---\ntype: manual\n---\n## 相談の仕方\nまず書く。\n",
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def test_open_ones_come_oldest_first_with_their_age(team: Workspace) -> None:
    found = list_consultations(team.catalog, TODAY)
    assert [(each.path, each.days, each.owner, each.text) for each in found] == [
        ("a.md", 20, "sato", "値引きしてよいか。 二行目。"),
        ("team.md", 6, "takahashi", "展示会に出るか。"),
        ("b.md", 2, "ito", "納期を延ばせるか"),
    ]
    assert found[0].line == 12


def test_answered_ones_follow_with_who_and_when(team: Workspace) -> None:
    answered = list_consultations(team.catalog, TODAY, answered=True)[3:]
    assert [(each.answered_by, each.answered_on, each.days, each.answer) for each in answered] == [
        ("高橋", date(2026, 10, 21), 2, "一日だけ。 交代で出る。"),
        ("Takahashi", date(2026, 9, 11), 10, "Yes."),
    ]


def test_of_one_person(team: Workspace) -> None:
    assert [each.path for each in list_consultations(team.catalog, TODAY, owners=("ito",))] == ["b.md"]


@pytest.mark.parametrize(
    ("body", "question", "answer"),
    [
        ("聞く？\n回答: はい", "聞く？", "はい"),
        ("聞く？\n- 返事（課長）：だめ", "聞く？", "だめ"),
        ("聞く？\n**回答（高橋 2026-10-21）**: はい", "聞く？", "はい"),
        ("先方の回答が遅い。どうするか", "先方の回答が遅い。どうするか", None),
        ("回答期限は守れるか", "回答期限は守れるか", None),
        ("1回目\n回答: まだ\n回答: はい", "1回目", "まだ はい"),
        ("なし", "", None),
        ("回答（" * 5000, "回答（" * 5000, None),
    ],
)
def test_line_that_answers(body: str, question: str, answer: str | None) -> None:
    text, found = split_answer(body, TODAY)
    assert (text, found.text if found else None) == (question, answer)


def test_every_line_of_the_files_that_asks_is_accounted_for(team: Workspace) -> None:
    asked = {
        path
        for path, text in NOTES.items()
        if "manual" not in path and "## " in text and any(word in text for word in ("か。", "るか", "May we?"))
    }
    assert {each.path for each in list_consultations(team.catalog, TODAY, answered=True)} == asked


def test_command_in_every_form(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    ran = run("report", "consult", vault=root)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("Consultations\n\nOpen (3)\n• 値引きしてよいか。 二行目。\n")
    assert "20 days open" in ran.stdout
    assert "Answered (2)" in run("report", "consult", "--all", vault=root).stdout
    rows = json.loads(run("report", "consult", "Slow Estate", "--json", vault=root).stdout)
    assert [(row["path"], row["days"], row["answer"]) for row in rows] == [("b.md", 2, None)]
    assert run("report", "consult", "--csv", vault=root).stdout.count("\n") == 4
    assert run("report", "consult", "-o", root.parent / "c.html", vault=root).exit_code == 0
    assert "値引きしてよいか" in (root.parent / "c.html").read_text(encoding="utf-8")
