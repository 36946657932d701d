from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.pipeline import PipelineDeal, PipelineFilter, group_deals, list_deals, sum_money
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.synced import synced
from tests.team_vault import NOTES, SETTINGS

_ALL = PipelineFilter(states=None)


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as workspace:
        yield workspace


def _deals(team: Workspace, wanted: PipelineFilter) -> tuple[PipelineDeal, ...]:
    return list_deals(team.catalog, team.settings, TODAY, wanted)


def test_open_deals_come_in_the_order_of_the_process(team: Workspace) -> None:
    assert [(deal.customer, deal.stage) for deal in _deals(team, PipelineFilter())] == [
        ("株式会社山田工業", "proposal"),
        ("青嶺物流株式会社", "quote"),
    ]


def test_deal_stands_as_its_newest_notes_say(team: Workspace) -> None:
    (deal,) = _deals(team, PipelineFilter(stages=("proposal",)))
    assert (deal.deal, deal.amount, deal.currency, deal.weighted) == ("複合機入替", 1_200_000.0, "JPY", 480_000.0)
    assert (deal.owner, deal.close_date, deal.last_contact) == ("sato", date(2027, 1, 29), date(2026, 11, 20))
    assert (deal.opened, deal.stage_since, deal.days_in_stage) == (date(2026, 11, 5), date(2026, 11, 20), 2)
    assert (deal.overdue_stage, deal.notes) == (False, 2)


def test_next_todo_is_the_open_one_due_first(team: Workspace) -> None:
    (deal,) = _deals(team, PipelineFilter(stages=("proposal",)))
    assert deal.next_todo is not None
    assert (deal.next_todo.text, deal.next_todo.due) == ("古い宿題", date(2026, 11, 10))


def test_deal_too_long_in_its_stage_without_a_next_step_shows_both(team: Workspace) -> None:
    (deal,) = _deals(team, PipelineFilter(stages=("quote",)))
    assert (deal.days_in_stage, deal.overdue_stage, deal.next_todo) == (82, True, None)


def test_planned_visit_is_no_contact_yet(team: Workspace) -> None:
    (deal,) = _deals(team, PipelineFilter(stages=("quote",)))
    assert deal.last_contact == date(2026, 9, 1)


def test_closed_deals_are_shown_when_asked_for_and_have_no_days_in_stage(team: Workspace) -> None:
    won = _deals(team, _ALL)[-1]
    assert (won.customer, won.state, won.days_in_stage, won.weighted) == ("みなと陽会", "won", None, 3_000_000.0)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("stage", [("proposal", 1), ("quote", 1), ("won", 1)]),
        ("owner", [("ito", 2), ("sato", 1)]),
        ("month", [("2027-01", 1), ("", 2)]),
    ],
)
def test_deals_are_grouped(team: Workspace, by: str, groups: list[tuple[str, int]]) -> None:
    found = group_deals(_deals(team, _ALL), team.settings, by)
    assert [(group.key, len(group.deals)) for group in found] == groups
    assert sum(group.without_todo for group in found) == 1


def test_currencies_are_never_added_up(make_vault: MakeVault) -> None:
    note = "---\ndate: 2026-11-01\ncustomer: {}\nstage: 提案\namount: {}\n---\n"
    root = make_vault(
        {"a.md": note.format("A", "$1,000"), "b.md": note.format("B", "50万円"), "c.md": note.format("C", "")}
    )
    with synced(root) as workspace:
        deals = list_deals(workspace.catalog, workspace.settings, TODAY, PipelineFilter())
    assert [(each.currency, each.amount, each.weighted) for each in sum_money(deals)] == [
        ("JPY", 500_000.0, 200_000.0),
        ("USD", 1_000.0, 400.0),
    ]
    assert len(deals) == 3
