import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from notevault.report.inventory import CustomerStock, take_inventory
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.season_vault import CUSTOMERS, make_season, read_season
from tests.synced import synced

QUARTER = (date(2026, 10, 1), date(2026, 12, 31))


def _note(day: str, customer: str, more: str = "", owner: str = "sato") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nowner: {owner}\n{more}---\n"


NOTES = {
    "quiet1.md": _note("2026-07-02", "Quiet", "stage: ヒアリング\namount: 50万円\n"),
    "quiet2.md": _note("2026-07-10", "Quiet"),
    "soon.md": _note("2026-09-10", "Soon", owner="ito"),
    "won1.md": _note("2026-09-20", "Winner", "deal: A\nstage: 見積\namount: 300万円\n"),
    "won2.md": _note("2026-10-10", "Winner", "deal: A\nstage: 受注\n"),
    "lost1.md": _note("2026-10-15", "Loser", "deal: B\nstage: 提案\namount: 210万円\n", "ito"),
    "lost2.md": _note("2026-11-01", "Loser", "deal: B\nstage: 失注\nlost_reason: 価格\n", "ito"),
    "back1.md": _note("2026-06-01", "Back"),
    "back2.md": _note("2026-11-05", "Back"),
    "old.md": _note("2025-01-10", "Old"),
    "coming.md": _note("2026-12-01", "Coming"),
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def _stock(team: Workspace, period: tuple[date, date] = QUARTER) -> dict[str, CustomerStock]:
    return {each.customer: each for each in take_inventory(team.catalog, team.settings, TODAY, period)}


def test_each_customer_is_what_the_period_made_it(team: Workspace) -> None:
    assert {name: each.marks for name, each in _stock(team).items()} == {
        "Old": ("dormant",),
        "Quiet": ("silent",),
        "Soon": ("going-silent",),
        "Winner": ("won", "active"),
        "Loser": ("lost", "active"),
        "Back": ("regained", "active"),
    }


def test_silence_begins_on_its_ninetieth_day(team: Workspace) -> None:
    quiet, soon = _stock(team)["Quiet"], _stock(team)["Soon"]
    assert (quiet.last_contact, quiet.silent_on, quiet.days) == (date(2026, 7, 10), date(2026, 10, 8), 135)
    assert (soon.silent_on, soon.days) == (date(2026, 12, 9), 73)


def test_value_won_lost_and_at_risk(team: Workspace) -> None:
    stock = _stock(team)
    assert [each.amount for each in stock["Winner"].won] == [3_000_000.0]
    assert ([each.amount for each in stock["Loser"].lost], stock["Loser"].lost_reasons) == ([2_100_000.0], ("価格",))
    assert [each.amount for each in stock["Quiet"].open] == [500_000.0]


def test_period_of_the_past_is_told_as_it_ended(team: Workspace) -> None:
    stock = _stock(team, (date(2026, 7, 1), date(2026, 9, 30)))
    assert {name: each.marks for name, each in stock.items()} == {
        "Old": ("dormant",),
        "Back": ("silent",),
        "Quiet": ("active", "going-silent"),
        "Soon": ("active",),
        "Winner": ("active",),
    }


def test_days_of_silence_are_a_setting(make_vault: MakeVault) -> None:
    settings = "[inventory]\nsilent_days = 10\nwarn_days = 5\n"
    with synced(
        make_vault({"a.md": _note("2026-11-10", "A"), "b.md": _note("2026-11-15", "B")}, settings=settings)
    ) as team:
        stock = _stock(team)
    assert {name: each.marks for name, each in stock.items()} == {
        "A": ("active", "silent"),
        "B": ("active", "going-silent"),
    }


@pytest.mark.parametrize("seed", range(3))
def test_marks_equal_a_recount_from_the_files(make_vault: MakeVault, seed: int) -> None:
    root = make_vault(make_season(seed, notes=30), settings="[inventory]\nsilent_days = 40\n")
    since, until = date(2026, 8, 1), date(2026, 10, 31)
    with synced(root) as team:
        stock = _stock(team, (since, until))
    notes = [note for note in read_season(root) if note.day <= until]
    for customer in CUSTOMERS:
        days = [note.day for note in notes if note.keys["customer"] == customer]
        if not days:
            assert customer not in stock
            continue
        silent_on = days[-1] + timedelta(days=40)
        marks = set(stock[customer].marks)
        assert ("active" in marks) == (days[-1] >= since)
        assert ("silent" in marks) == (since <= silent_on <= until)
        assert ("dormant" in marks) == (silent_on < since)
        assert ("regained" in marks) == any((b - a).days >= 40 and b >= since for a, b in pairwise(days))


def test_command_in_every_form(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    period = ("--period", "2026-10-01..2026-12-31")
    ran = run("report", "inventory", *period, vault=root)
    assert ran.exit_code == 0
    assert "1 customer 2,100,000円" in ran.stdout
    rows = json.loads(run("report", "inventory", *period, "--only", "silent", "--json", vault=root).stdout)
    assert [row["customer"] for row in rows] == ["Quiet"]
    assert run("report", "inventory", *period, "--owner", "ito", "--csv", vault=root).stdout.count("\n") == 3
    assert run("report", "inventory", "-o", root.parent / "i.md", vault=root).exit_code == 0
    assert (root.parent / "i.md").read_text(encoding="utf-8").startswith("# Inventory of customers")
