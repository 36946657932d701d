"""A seeded year of a team of 20: every report's figures equal those of a slow script that reads the files itself."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.team import generate_team
from notevault.report.competitors import list_competitors
from notevault.report.consult import list_consultations
from notevault.report.daily import make_daily
from notevault.report.digest import make_digest
from notevault.report.inventory import take_inventory
from notevault.report.nurture import list_nurture
from notevault.report.pipeline import PipelineFilter, list_deals
from notevault.report.points import count_points, group_points
from notevault.report.targets import choose_period, list_targets
from notevault.report.team import plan_meeting
from notevault.report.todo_groups import count_by_owner
from notevault.report.todos import TodoFilter, list_todos
from notevault.report.undone import list_undone
from notevault.upkeep import sync_workspace
from notevault.workspace import Workspace, open_workspace
from tests.conftest import TODAY
from tests.team_recount import LONGEST, STAGES, Recount, read_day

_PERIOD = (date(2026, 6, 1), date(2026, 9, 30))
_SILENT = 90


class Year(NamedTuple):
    """A vault taken in, and the same counted from the files."""

    workspace: Workspace
    files: Recount


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    root: Path = tmp_path_factory.mktemp("year") / "vault"
    generate_team(root, 500, seed=3, plain=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NOTEVAULT_CACHE", str(root.parent / "cache"))
        with open_workspace(root, today=TODAY) as workspace:
            sync_workspace(workspace)
            yield Year(workspace, Recount(root))


def test_points(year: Year) -> None:
    catalog, settings = year.workspace.catalog, year.workspace.settings
    inside = [each for each in year.files.contacts if _PERIOD[0] <= each.day <= _PERIOD[1]]
    wanted: dict[str, float] = defaultdict(float)
    for each in inside:
        wanted[each.customer] += each.points
    found = count_points(catalog, settings, TODAY, _PERIOD)
    assert {line.customer: line.points for line in found if line.contacts} == wanted
    for by, key in (
        ("owner", lambda each: each.owner),
        ("month", lambda each: str(each.day)[:7]),
        ("channel", lambda each: each.keys["channel"]),
    ):
        groups = group_points(catalog, settings, TODAY, _PERIOD, by=by)
        assert {group.key: group.contacts for group in groups} == Counter(key(each) for each in inside)


def test_leads(year: Year) -> None:
    found = count_points(year.workspace.catalog, year.workspace.settings, TODAY, (date.min, date.max))
    assert any(line.lead for line in found)
    for line in found:
        if line.lead is not None:
            own = [each for each in year.files.contacts if each.customer == line.customer]
            month = [each for each in own if each.day < own[0].day + timedelta(days=30)]
            points = sum(each.points for each in month)
            assert line.lead.points == points
            over = own[0].day + timedelta(days=30) <= TODAY
            assert line.lead.state == ("reached" if points >= 5 else "missed" if over else "on-the-way")


def test_consultations(year: Year) -> None:
    wanted: Counter[tuple[str, bool]] = Counter()
    for each in year.files.contacts:
        if "## 相談\n" in each.body:
            asked = each.body.split("## 相談\n")[1]
            wanted[each.path, "回答（" in asked] += 1
    found = list_consultations(year.workspace.catalog, TODAY, answered=True)
    assert Counter((each.path, each.answer is not None) for each in found) == wanted


def test_pipeline(year: Year) -> None:
    found = list_deals(year.workspace.catalog, year.workspace.settings, TODAY, PipelineFilter(states=None))
    deals = year.files.deals
    assert {(deal.customer, deal.deal): (deal.stage, deal.state, deal.amount, deal.owner) for deal in found} == {
        key: (deal.stage, deal.state, deal.amount, deal.owner) for key, deal in deals.items()
    }
    chance = dict(STAGES.values())
    weighted = sum((deal.amount or 0) * chance[deal.stage] / 100 for deal in deals.values())
    assert sum(deal.weighted or 0 for deal in found) == pytest.approx(weighted)
    last = {(deal.customer, deal.deal): deal.last_contact for deal in found}
    for key in deals:
        assert last[key] == max(one.day for one in year.files.contacts if (one.customer, one.deal) == key)


def test_targets(year: Year) -> None:
    catalog, settings = year.workspace.catalog, year.workspace.settings
    for wish, first in (("2026-11", date(2026, 11, 1)), ("2026-Q4", None)):
        period = choose_period(settings, TODAY, wish)
        assert first is None or period.first == first
        lines = {line.owner: line.won for line in list_targets(catalog, settings, TODAY, period)}
        won: dict[str, float] = defaultdict(float)
        for deal in year.files.deals.values():
            if deal.state == "won" and deal.closed and period.first <= deal.closed <= period.last:
                won[deal.owner] += deal.amount or 0
        assert {owner: amount for owner, amount in lines.items() if amount and owner != "team"} == {
            owner: amount for owner, amount in won.items() if amount
        }
        assert lines["team"] == sum(won.values())


def test_todos(year: Year) -> None:
    tasks = year.files.open_tasks()
    lines = count_by_owner(list_todos(year.workspace.catalog, TodoFilter()), (), TODAY)
    found = {line.owner: (line.open, line.overdue, line.undated) for line in lines}
    wanted: dict[str | None, list[date | None]] = defaultdict(list)
    for task in tasks:
        wanted[task.owner].append(task.due)
    assert found == {
        owner: (len(dues), sum(due is not None and due < TODAY for due in dues), dues.count(None))
        for owner, dues in wanted.items()
    }


def test_competitors(year: Year) -> None:
    named: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for each in year.files.contacts:
        if "competitors" in each.keys:
            named[each.keys["competitors"].strip("[]")].append((each.path, each.customer, each.deal))
    found = list_competitors(year.workspace.catalog, year.workspace.settings, TODAY)
    assert {each.name: each.notes for each in found} == {name: len(rows) for name, rows in named.items()}
    for one in found:
        deals = [year.files.deals[key] for key in {row[1:] for row in named[one.name]}]
        states = Counter(deal.state for deal in deals)
        assert (one.deals_open, one.deals_won, one.deals_lost) == (states["open"], states["won"], states["lost"])
        assert sum(total.amount for total in one.lost) == sum(d.amount or 0 for d in deals if d.state == "lost")


def test_inventory(year: Year) -> None:
    since, until = _PERIOD
    found = take_inventory(year.workspace.catalog, year.workspace.settings, TODAY, _PERIOD)
    customers = {each.customer for each in year.files.contacts if each.day <= until}
    assert {each.customer for each in found} == customers
    for each in found:
        days = year.files.days_of(each.customer, until)
        silent_on = days[-1] + timedelta(days=_SILENT)
        marks = {
            "active": days[-1] >= since,
            "silent": since <= silent_on <= until,
            "dormant": silent_on < since,
            "regained": any((b - a).days >= _SILENT and b >= since for a, b in pairwise(days)),
        }
        assert {mark: mark in each.marks for mark in marks} == marks


def test_nurture(year: Year) -> None:
    lost = {key: deal for key, deal in year.files.deals.items() if deal.state == "lost"}
    found = list_nurture(year.workspace.catalog, year.workspace.settings, TODAY)
    assert {(each.customer, each.deal): (each.lost_on, each.reason, each.revisit) for each in found} == {
        key: (deal.closed, deal.reason, deal.revisit) for key, deal in lost.items()
    }
    for each in found:
        days = year.files.days_of(each.customer, TODAY)
        assert each.lost_on is not None
        assert each.signals == sum(day > each.lost_on for day in days)


def test_daily(year: Year) -> None:
    tasks = [task for each in year.files.files for task in each.tasks]
    still_open = year.files.open_tasks()
    for day in sorted({each.day for each in year.files.contacts})[::12]:
        diary = make_daily(year.workspace.catalog, year.workspace.settings, day)
        contacts = [each.path for each in year.files.contacts if each.day == day]
        assert [each.path for each in diary.contacts] == contacts
        done = Counter(task.path for task in tasks if task.mark == "x" and task.done == day)
        assert Counter(each.path for each in diary.done) == done
        late = [task for task in still_open if task.due and task.due <= day]
        late += [task for task in tasks if task.mark == "x" and task.done and task.done > day >= (task.due or date.max)]
        assert Counter(each.path for each in diary.not_done) == Counter(task.path for task in late)


def test_digest(year: Year) -> None:
    days = (date(2026, 10, 1), date(2026, 11, 20))
    digest = make_digest(year.workspace.catalog, year.workspace.settings, days, language="ja")
    assert [each.path for each in digest.contacts] == [
        each.path for each in year.files.contacts if days[0] <= each.day <= days[1]
    ]
    moves = Counter(
        (deal.customer, deal.name, before or None, stage)
        for deal in year.files.deals.values()
        for day, before, stage in deal.moves
        if days[0] <= day <= days[1]
    )
    assert Counter((move.customer, move.deal, move.before, move.stage) for move in digest.moves) == moves
    overdue = [task for task in year.files.open_tasks() if task.due is not None and task.due < days[1]]
    assert len(digest.overdue) == len(overdue)
    asked = [each for each in year.files.contacts if "## 相談\n" in each.body and days[0] <= each.day <= days[1]]
    assert len(digest.asked) == len(asked)
    learned = year.files.learned(*days)
    assert len(learned) > 20
    assert Counter((each.path, each.value) for each in digest.learned) == Counter(
        (path, value) for path, _question, value in learned
    )


def test_team(year: Year) -> None:
    meeting = plan_meeting(year.workspace.catalog, year.workspace.settings, TODAY, language="ja")
    meetings = [each for each in year.files.files if each.kind == "team-meeting"]
    assert meeting.last is not None
    assert (meeting.last.day, meeting.last.path) == (meetings[-1].day, meetings[-1].path)
    contacts = [each for each in year.files.contacts if meetings[-1].day <= each.day <= TODAY]
    assert {each.owner: (each.contacts, each.points) for each in meeting.figures if each.owner} == {
        owner: (len(own), sum(each.points for each in own))
        for owner in {each.owner for each in contacts}
        if (own := [each for each in contacts if each.owner == owner])
    }
    states = {" ": "open", "x": "done", "-": "cancelled"}
    last = Counter(states[task.mark] for task in meetings[-1].tasks)
    assert Counter(each.status for each in meeting.measures if not each.carried) == last
    older = [task for each in meetings[:-1] for task in each.tasks if task.mark == " "]
    assert sum(each.carried for each in meeting.measures) == len(older)


def test_undone(year: Year) -> None:
    found = Counter(each.kind for each in list_undone(year.workspace.catalog, year.workspace.settings, TODAY))
    with_step = {(task.customer, task.deal) for task in year.files.open_tasks() if task.customer}
    deals = year.files.open_deals()
    assert found["no-next-step"] == sum((deal.customer, deal.name) not in with_step for deal in deals) > 0
    assert found["close-passed"] == sum(deal.close is not None and deal.close < TODAY for deal in deals) > 0
    stays = [(deal, (TODAY - deal.moves[-1][0]).days) for deal in deals if deal.moves]
    assert found["too-long"] == sum(days > LONGEST[deal.stage] for deal, days in stays) > 0
    assert found["todo"] == sum(task.due is not None and task.due < TODAY for task in year.files.open_tasks())
    asked = [each.body.split("## 相談\n")[1] for each in year.files.contacts if "## 相談\n" in each.body]
    assert found["consult"] == sum("回答（" not in each for each in asked)
    customers = {each.customer for each in year.files.contacts}
    recent = TODAY - timedelta(days=90)
    silent = [year.files.days_of(name, TODAY)[-1] + timedelta(days=_SILENT) for name in customers]
    assert found["silent"] == sum(recent <= day <= TODAY for day in silent)
    again = [deal for deal in year.files.deals.values() if deal.state == "lost" and deal.revisit]
    assert found["revisit"] == sum(
        (first := read_day(f"{deal.revisit}-01")) <= TODAY
        and max(year.files.days_of(deal.customer, TODAY), default=date.min) < first
        for deal in again
    )


def test_undone_meetings_and_leads(year: Year) -> None:
    found = list_undone(year.workspace.catalog, year.workspace.settings, TODAY)
    planned = [(each, read_day(each.keys["next_date"])) for each in year.files.files if "next_date" in each.keys]
    missed = Counter(
        (each.path, day)
        for each, day in planned
        if each.day < day < TODAY and max(year.files.days_of(each.customer, TODAY)) < day
    )
    assert missed
    assert Counter((each.path, each.since) for each in found if each.kind == "meeting") == missed
    late = []
    bought = {deal.customer for deal in year.files.deals.values() if deal.state == "won"} - year.files.leads()
    for customer in {each.customer for each in year.files.contacts} - year.files.accounts() - bought:
        own = [each for each in year.files.contacts if each.customer == customer]
        until = own[0].day + timedelta(days=29)
        points = sum(each.points for each in own if each.day <= until)
        if points < 5 and TODAY - timedelta(days=90) <= until < TODAY:
            late.append((customer, until))
    assert late
    assert Counter((each.customer, each.since) for each in found if each.kind == "lead") == Counter(late)


def test_generated_team_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    written = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate_team(tmp_path / name, 60, seed=seed)
        files = sorted((tmp_path / name).rglob("*.*"))
        written.append([(path.relative_to(tmp_path / name), path.read_bytes()) for path in files])
    assert written[0] == written[1] != written[2]
    assert len(written[0]) == 61
