import json
from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.nurture import NurtureDeal, list_nurture, rank_by_signals
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.season_vault import make_season, read_season
from tests.synced import synced


def _note(day: str, customer: str, more: str, owner: str = "sato") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n{more}---\n"


NOTES = {
    "card.md": "---\ntype: customer\nname: Print House\nowner: ito\nメール配信: 可\n---\n",
    "a1.md": _note(
        "2026-01-29", "Print House", "stage: 提案\namount: 210万円\ncompetitors: [オルカ]\ncontacts: [関口勉 部長]\n"
    ),
    "a2.md": _note(
        "2026-03-05",
        "Print House",
        "stage: 失注\nlost_reason: 関係\nrevisit: 2026-11\ncontacts: [関口勉 部長 <s@p.example>]\n",
    ),
    "b.md": _note("2026-07-09", "Groupware Co", "stage: 失注\nlost_reason: 価格\nrevisit: 2027-04\namount: 165万円\n"),
    "b2.md": _note("2026-10-01", "Groupware Co", "deal: Another\nstage: 提案\n"),
    "b3.md": _note("2026-12-24", "Groupware Co", "deal: Another\n"),
    "c.md": _note("2026-05-01", "Nowhere", "stage: 失注\n"),
    "d.md": _note("2026-02-01", "Yearless", "stage: 失注\nrevisit: 9月\n"),
    "e.md": _note("2026-06-01", "Turned", "deal: T\nstage: 失注\n"),
    "e2.md": _note("2026-08-01", "Turned", "deal: T\nstage: 提案\n"),
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def _found(team: Workspace, owners: tuple[str, ...] | None = None) -> tuple[NurtureDeal, ...]:
    return list_nurture(team.catalog, team.settings, TODAY, owners=owners)


def test_due_ones_come_first_and_undated_ones_last(team: Workspace) -> None:
    assert [(each.customer, each.revisit_on, each.due) for each in _found(team)] == [
        ("Yearless", date(2026, 9, 1), True),
        ("Print House", date(2026, 11, 1), True),
        ("Groupware Co", date(2027, 4, 1), False),
        ("Nowhere", None, False),
    ]


def test_deal_says_why_it_was_lost_and_whom_to_ask_for(team: Workspace) -> None:
    print_house = _found(team)[1]
    assert (print_house.lost_on, print_house.reason, print_house.amount) == (date(2026, 3, 5), "関係", 2_100_000.0)
    assert (print_house.contact, print_house.title, print_house.email) == ("関口勉", "部長", "s@p.example")
    assert (print_house.consent, print_house.competitors, print_house.owner) == ("可", ("オルカ",), "ito")
    assert (print_house.path, print_house.revisit) == ("a2.md", "2026-11")


def test_contacts_since_the_loss_are_signals_and_planned_ones_are_not(team: Workspace) -> None:
    found = {each.customer: (each.signals, each.deals_open) for each in _found(team)}
    assert found == {"Yearless": (0, 0), "Print House": (0, 0), "Groupware Co": (1, 1), "Nowhere": (0, 0)}
    assert rank_by_signals(_found(team))[0].customer == "Groupware Co"


def test_silent_customers_are_ranked_among_the_lost_by_newer_notes_that_name_them(make_vault: MakeVault) -> None:
    files = {
        "quiet.md": _note("2026-01-10", "Quiet Mills", ""),
        "former.md": _note("2026-01-10", "Gone Ltd", ""),
        "gone.md": "---\ntype: customer\nname: Gone Ltd\nstatus: former\n---\n",
        "fresh.md": _note("2026-11-10", "Fresh Inc", ""),
        "lost.md": _note("2026-05-01", "Lost Works", "stage: 失注\n"),
        "inbox.md": "---\ntype: inbox\ndate: 2026-11-01\n---\n- 2026-11-03 Quiet Mills moves\n- quiet mills again\n"
        "- 2027-01-01 Quiet Mills tomorrow\n",
        "team.md": "---\ntype: team-meeting\ndate: 2026-04-01\n---\nLost Works, before it was lost\n",
    }
    with synced(make_vault(files)) as team:
        found = rank_by_signals(list_nurture(team.catalog, team.settings, TODAY, with_silent=True))
    assert [(each.customer, each.kind, each.signals) for each in found] == [
        ("Quiet Mills", "silent", 2),
        ("Lost Works", "lost", 0),
    ]
    assert (found[0].silent_on, found[0].deal, found[0].due) == (date(2026, 4, 10), None, False)


def test_deals_of_one_owner(team: Workspace) -> None:
    assert [each.customer for each in _found(team, ("ito",))] == ["Print House"]


@pytest.mark.parametrize("seed", range(3))
def test_lost_deals_equal_a_recount_from_the_files(make_vault: MakeVault, seed: int) -> None:
    files = {path: text for path, text in make_season(seed, notes=50).items() if "deal: " in text}
    root = make_vault(files)
    stages = {note.keys["deal"]: note.keys["stage"] for note in read_season(root) if "stage" in note.keys}
    with synced(root) as team:
        found = _found(team)
    assert {each.deal for each in found} == {deal for deal, stage in stages.items() if stage == "lost"}
    assert len(found) == len({each.deal for each in found})


def test_command_in_every_form(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    ran = run("report", "nurture", vault=root)
    assert ran.exit_code == 0
    assert "Look again now (2)" in ran.stdout
    rows = json.loads(run("report", "nurture", "--due", "--json", vault=root).stdout)
    assert [row["customer"] for row in rows] == ["Yearless", "Print House"]
    lines = run("report", "nurture", "--by", "signals", "--csv", vault=root).stdout.splitlines()
    assert lines[0].startswith('"customer","deal","owner","amount"')
    assert lines[1].startswith('"Groupware Co"')
    assert run("report", "nurture", "-o", root.parent / "n.html", vault=root).exit_code == 0
    assert "関口勉" in (root.parent / "n.html").read_text(encoding="utf-8")
