import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from notevault.report.people import PersonLine, list_people
from notevault.workspace import Workspace
from tests.conftest import MakeVault, Run
from tests.synced import synced

NOTE = "---\ntype: meeting\ndate: {}\ncustomer: {}\nowner: {}\ncontacts: [{}]\n{}---\n{}"
FILES = {
    "1.md": NOTE.format("2026-03-01", "甲社", "sato", "中村健太郎 係長、小川", "", ""),
    "2.md": NOTE.format("2026-05-01", "甲社", "ito", "中村健太郎 課長", "", ""),
    "3.md": NOTE.format("2026-09-01", "乙社", "ito", "中村健太郎 部長、林 花子", "learned: {決裁者: 中村部長}\n", ""),
    "4.md": NOTE.format("2026-10-01", "甲社", "sato", "小川美咲", "learned: {異動: 小川美咲さんは4月から経理}\n", ""),
    "5.md": NOTE.format(
        "2026-10-05",
        "乙社",
        "ito",
        "林 花子【窓口】",
        "",
        "-----\n林 花子\n営業部\nTEL 03-1234-5678\nh@otsu.example\n-----\n",
    ),
}


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(FILES)


@pytest.fixture
def workspace(vault: Path) -> Iterator[Workspace]:
    with synced(vault) as opened:
        yield opened


def _people(workspace: Workspace) -> dict[tuple[str, str], PersonLine]:
    people = list_people(workspace.catalog, workspace.settings)
    return {(person.customer, person.name): person for person in people}


def test_people_are_joined_across_notes_and_signatures(workspace: Workspace) -> None:
    people = _people(workspace)
    assert set(people) == {("甲社", "中村健太郎"), ("甲社", "小川美咲"), ("乙社", "中村健太郎"), ("乙社", "林 花子")}
    hayashi = people["乙社", "林 花子"]
    assert (hayashi.role, hayashi.department, hayashi.email) == ("窓口", "営業部", "h@otsu.example")
    assert (hayashi.phone, hayashi.notes) == ("03-1234-5678", 2)
    assert people["甲社", "小川美咲"].notes == 2


def test_who_knows_whom_comes_with_the_last_meeting(workspace: Workspace) -> None:
    known = _people(workspace)["甲社", "中村健太郎"].known_by
    assert [(each.owner, each.notes, each.last_met) for each in known] == [
        ("ito", 1, date(2026, 5, 1)),
        ("sato", 1, date(2026, 3, 1)),
    ]


def test_who_has_moved(workspace: Workspace) -> None:
    people = _people(workspace)
    before, after = people["甲社", "中村健太郎"], people["乙社", "中村健太郎"]
    assert [(move.kind, move.text) for move in before.moves] == [("customer", "→ 乙社"), ("title", "係長 → 課長")]
    assert [move.text for move in after.moves] == ["← 甲社"]
    assert [move.kind for move in people["甲社", "小川美咲"].moves] == ["said"]
    assert people["乙社", "林 花子"].moves == ()


def test_one_customers_people_are_told_as_among_all(make_vault: MakeVault) -> None:
    moved = {
        "6.md": NOTE.format("2026-06-01", "丙社", "ito", "齋藤　學 課長、YAMADA Taro", "", ""),
        "7.md": NOTE.format("2026-07-01", "丁社", "ito", "斎藤学 部長、Taro Yamada", "", ""),
        "8.md": NOTE.format("2026-08-01", "戊社", "ito", "斎藤学 本部長、Hanako Yamada", "", ""),
    }
    with synced(make_vault(FILES | moved)) as workspace:
        everyone = list_people(workspace.catalog, workspace.settings)
        for customer in {person.customer_id for person in everyone}:
            own = tuple(person for person in everyone if person.customer_id == customer)
            assert list_people(workspace.catalog, workspace.settings, [customer]) == own
        assert sum(bool(person.moves) for person in everyone) > 4


def test_learned_decision_maker_is_a_role(workspace: Workspace) -> None:
    people = _people(workspace)
    assert people["乙社", "中村健太郎"].role == "decision maker"
    assert people["甲社", "中村健太郎"].role is None


def test_command(run: Run, vault: Path) -> None:
    ran = run("customer", "contacts", vault=vault)
    assert (ran.exit_code, ran.stderr) == (0, "4 people\n")
    assert "ito (1), sato (1)" in ran.stdout
    rows = json.loads(run("customer", "contacts", "乙社", "--json", vault=vault).stdout)
    assert {row["name"] for row in rows} == {"中村健太郎", "林 花子"}
    rows = json.loads(run("customer", "contacts", "--owner", "sato", "--moved", "--json", vault=vault).stdout)
    assert {row["name"] for row in rows} == {"中村健太郎", "小川美咲"}
    assert "→ 乙社" in run("customer", "contacts", "--moved", vault=vault).stdout
