import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from notevault.report.points import CustomerPoints, count_points, group_points
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.season_vault import make_season, read_season
from tests.synced import synced

POINTS = {"visit": 3.0, "訪問": 3.0, "phone": 1.0, "電話": 1.0, "email": 0.5}
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))


def _note(day: str, customer: str, channel: str, owner: str = "sato", more: str = "") -> str:
    return f"---\ntype: meeting\ndate: {day}\ncustomer: {customer}\nchannel: {channel}\nowner: {owner}\n{more}---\n"


NOTES = {
    "old.md": "---\ntype: customer\nname: Old Friends\nstatus: 取引先\nowner: ito\n---\n",
    "1.md": _note("2026-10-02", "Keen School", "電話"),
    "2.md": _note("2026-10-05", "Keen School", "訪問"),
    "3.md": _note("2026-10-31", "Keen School", "visit", "ito"),
    "4.md": _note("2026-10-20", "Slow Estate", "フォーム"),
    "5.md": _note("2026-11-18", "Slow Estate", "メール"),
    "6.md": _note("2026-11-19", "Slow Estate", "visit"),
    "7.md": _note("2026-11-10", "Fresh Trade", "phone"),
    "8.md": _note("2026-11-30", "Fresh Trade", "visit"),
    "9.md": _note("2026-10-10", "Old Friends", "visit", "ito"),
    "10.md": _note("2026-03-01", "Past Lead", "visit"),
    "11.md": _note("2026-11-01", "Past Lead", "visit"),
    "team.md": "---\ntype: team-meeting\ndate: 2026-11-16\ncustomer: Fresh Trade\n---\n",
}


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES)) as workspace:
        yield workspace


def _points(team: Workspace, owners: tuple[str, ...] | None = None) -> dict[str, CustomerPoints]:
    found = count_points(team.catalog, team.settings, TODAY, QUARTER, owners=owners)
    return {line.customer: line for line in found}


def test_contacts_count_by_channel_and_planned_ones_do_not(team: Workspace) -> None:
    assert {name: (line.points, line.contacts) for name, line in _points(team).items()} == {
        "Keen School": (7.0, 3),
        "Slow Estate": (4.0, 3),
        "Fresh Trade": (1.0, 1),
        "Old Friends": (3.0, 1),
        "Past Lead": (3.0, 1),
    }


def test_new_lead_reaches_its_points_on_the_day_that_brings_them(team: Workspace) -> None:
    rule = _points(team)["Keen School"].lead
    assert rule is not None
    assert (rule.state, rule.points, rule.reached_on) == ("reached", 7.0, date(2026, 10, 31))
    assert (rule.began, rule.until, rule.missing) == (date(2026, 10, 2), date(2026, 10, 31), 0.0)


def test_contact_after_the_first_month_saves_nobody(team: Workspace) -> None:
    rule = _points(team)["Slow Estate"].lead
    assert rule is not None
    assert (rule.state, rule.until, rule.points, rule.missing) == ("missed", date(2026, 11, 18), 1.0, 4.0)


def test_lead_still_in_its_month_is_on_the_way(team: Workspace) -> None:
    rule = _points(team)["Fresh Trade"].lead
    assert rule is not None
    assert (rule.state, rule.until, rule.missing) == ("on-the-way", date(2026, 12, 9), 4.0)


def test_accounts_and_leads_of_another_time_are_not_judged(team: Workspace) -> None:
    found = _points(team)
    assert (found["Old Friends"].lead, found["Past Lead"].lead) == (None, None)


def test_owner_sees_own_contacts_while_the_rule_counts_everybodys(team: Workspace) -> None:
    found = _points(team, ("ito",))
    assert {name: line.points for name, line in found.items()} == {"Keen School": 3.0, "Old Friends": 3.0}
    assert found["Keen School"].lead is not None
    assert found["Keen School"].lead.points == 7.0


def test_rule_is_the_one_of_the_settings(make_vault: MakeVault) -> None:
    with synced(make_vault(NOTES, settings="[points]\nnew_lead = 4\ndays = 7\n")) as team:
        rule = _points(team)["Keen School"].lead
    assert rule is not None
    assert (rule.state, rule.needed, rule.reached_on, rule.until) == (
        *("reached", 4.0, date(2026, 10, 5)),
        date(2026, 10, 8),
    )


def test_points_by_month_and_owner(team: Workspace) -> None:
    months = group_points(team.catalog, team.settings, TODAY, QUARTER, by="month")
    assert [(group.key, group.points, group.contacts, group.customers) for group in months] == [
        ("2026-10", 10.5, 5, 3),
        ("2026-11", 7.5, 4, 3),
    ]
    owners = group_points(team.catalog, team.settings, TODAY, QUARTER, by="owner")
    assert [(group.key, group.points) for group in owners] == [("sato", 12.0), ("ito", 6.0)]


@pytest.mark.parametrize("seed", range(3))
def test_figures_equal_a_recount_from_the_files(make_vault: MakeVault, seed: int) -> None:
    root = make_vault(make_season(seed))
    notes = [note for note in read_season(root) if note.day <= TODAY]
    period = (date(2026, 6, 15), date(2026, 9, 14))
    wanted: Counter[str] = Counter()
    for note in notes:
        if period[0] <= note.day <= period[1]:
            wanted[note.keys["customer"]] += int(POINTS[note.keys["channel"]] * 2)
    with synced(root) as workspace:
        found = count_points(workspace.catalog, workspace.settings, TODAY, period)
        assert {line.customer: line.points * 2 for line in found if line.contacts} == dict(wanted)
        everything = count_points(workspace.catalog, workspace.settings, TODAY, (date.min, date.max))
    for line in everything:
        own = [note for note in notes if note.keys["customer"] == line.customer]
        month = [note for note in own if note.day < own[0].day + timedelta(days=30)]
        assert line.lead is not None
        assert line.lead.points == sum(POINTS[note.keys["channel"]] for note in month)


def test_command_in_every_form(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(NOTES)
    shown = run("report", "points", "--period", "2026-10-01..2026-12-31", vault=root)
    assert shown.exit_code == 0
    assert "New leads: 1 of 3 reached their points" in shown.stdout
    assert "4 still needed until 2026-12-09" in shown.stdout
    rows = json.loads(run("report", "points", "--new", "--period", "2026-10..2026-11", "--json", vault=root).stdout)
    assert {row["customer"]: row["lead"]["state"] for row in rows} == {
        "Keen School": "reached",
        "Slow Estate": "missed",
        "Fresh Trade": "on-the-way",
    }
    assert run("report", "points", "--csv", vault=root).stdout.startswith('"id","customer","status"')
    assert "Visit" in run("report", "points", "--by", "channel", vault=root).stdout
    for name, start in (("p.md", "# Contact points"), ("p.html", "<!DOCTYPE html>")):
        assert run("report", "points", "-o", root.parent / name, vault=root).exit_code == 0
        assert (root.parent / name).read_text(encoding="utf-8").startswith(start)


def test_unknown_period_is_an_error_that_names_good_ones(run: Run, make_vault: MakeVault) -> None:
    ran = run("report", "points", "--period", "sometime", vault=make_vault(NOTES))
    assert ran.exit_code == 2
    assert "2026-Q3" in ran.stderr
