from collections.abc import Iterator
from datetime import date

import pytest

from notevault.errors import AmbiguousNameError, UnknownNameError
from notevault.report.pipeline import PipelineFilter
from notevault.report.pipeline_since import list_changes
from notevault.report.stages import (
    DealHistory,
    choose_deal,
    count_moves,
    count_reached,
    list_histories,
    measure_flow,
)
from notevault.report.targets import choose_period, list_targets
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.deal_vault import NOTES, SETTINGS
from tests.synced import synced


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as workspace:
        yield workspace


def _histories(team: Workspace) -> dict[str, DealHistory]:
    return {each.customer: each for each in list_histories(team.catalog, team.settings, TODAY)}


def test_history_tells_moves_with_days_back_steps_and_what_was_skipped(team: Workspace) -> None:
    history = _histories(team)["山田工業"]
    assert [(move.stage, move.kind, move.days, move.skipped) for move in history.moves] == [
        ("lead", "opened", 31, ()),
        ("proposal", "forward", 45, ("approach", "hearing")),
        ("hearing", "back", 56, ()),
        ("proposal", "forward", 12, ()),
    ]
    assert [move.too_long for move in history.moves] == [True, False, True, False]
    assert history.moves[-1].path == "m/a4.md"
    assert (history.state, history.days) == ("open", 144)


def test_deal_that_comes_back_from_lost_is_reopened(team: Workspace) -> None:
    history = _histories(team)["Harbor Light"]
    assert [move.kind for move in history.moves] == ["opened", "lost", "reopened"]
    assert [move.days for move in history.moves] == [31, None, 10]


def test_closed_deal_has_days_from_first_to_last_move(team: Workspace) -> None:
    won = _histories(team)["青嶺物流"]
    assert (won.state, won.days, [move.skipped for move in won.moves]) == ("won", 35, [(), ("closing",)])


def test_flow_says_what_became_of_the_deals_of_a_stage(team: Workspace) -> None:
    flows = {flow.stage: flow for flow in measure_flow(_histories(team).values(), team.settings)}
    quote = flows["quote"]
    assert (quote.entered, quote.advanced, quote.lost, quote.here, quote.conversion, quote.won) == (
        2,
        1,
        1,
        0,
        0.5,
        0.5,
    )
    assert quote.median_days == (35 + 61) / 2
    proposal = flows["proposal"]
    assert (proposal.entered, proposal.advanced, proposal.here) == (3, 1, 2)
    hearing = flows["hearing"]
    assert (hearing.entered, hearing.advanced, hearing.back) == (1, 1, 0)
    assert flows["approach"].conversion is None


def test_funnel_never_widens(team: Workspace) -> None:
    reached = count_reached(_histories(team).values(), team.settings)
    assert reached == {"lead": 6, "approach": 5, "hearing": 5, "proposal": 5, "quote": 3, "closing": 2, "won": 1}


def test_moves_are_counted_from_stage_to_stage(team: Workspace) -> None:
    moves = count_moves(_histories(team).values())
    assert moves["proposal", "hearing"] == 1
    assert moves["", "quote"] == 2
    assert sum(moves.values()) == sum(len(history.moves) for history in _histories(team).values())


@pytest.mark.parametrize(("name", "stage"), [("複合機", "proposal"), ("山田工業", "proposal"), ("PC", "lost")])
def test_deal_is_named_by_itself_or_by_its_customer(team: Workspace, name: str, stage: str) -> None:
    deal = choose_deal(team.catalog, name)
    assert team.catalog.select("SELECT stage FROM deals WHERE id = ?", (deal,))[0][0] == stage


def test_deal_that_nobody_knows_is_an_error(team: Workspace) -> None:
    with pytest.raises(UnknownNameError):
        choose_deal(team.catalog, "存在しない")


def test_customer_with_two_open_deals_is_ambiguous(make_vault: MakeVault) -> None:
    note = "---\ndate: 2026-11-0{}\ncustomer: 山田\ndeal: {}\nstage: 提案\n---\n"
    with (
        synced(make_vault({"a.md": note.format(1, "甲"), "b.md": note.format(2, "乙")})) as workspace,
        pytest.raises(AmbiguousNameError),
    ):
        choose_deal(workspace.catalog, "山田")


def test_changes_since_a_day_are_the_net_ones(team: Workspace) -> None:
    found = list_changes(team.catalog, team.settings, TODAY, date(2026, 11, 1), PipelineFilter())
    assert [(each.kind, each.customer, each.stage_before, each.stage) for each in found.changes] == [
        ("won", "青嶺物流", "quote", "won"),
        ("new", "白樺電子", None, "proposal"),
        ("new", "京東商事", None, "lead"),
        ("reopened", "Harbor Light", "lost", "closing"),
        ("forward", "山田工業", "hearing", "proposal"),
    ]
    assert (found.open_before, found.open_now) == (2, 4)
    assert found.changes[-1].amount_before == 1_000_000.0


def test_what_happened_on_the_day_itself_counts(team: Workspace) -> None:
    kinds = {
        day: {each.kind for each in list_changes(team.catalog, team.settings, TODAY, day, PipelineFilter()).changes}
        for day in (date(2026, 11, 19), date(2026, 11, 20))
    }
    assert kinds == {date(2026, 11, 19): {"new"}, date(2026, 11, 20): set()}


def test_target_is_compared_with_won_and_weighted(team: Workspace) -> None:
    period = choose_period(team.settings, TODAY)
    sato, ito, whole = list_targets(team.catalog, team.settings, TODAY, period)
    assert (sato.target, sato.won, sato.weighted, sato.missing, sato.gap) == (3e6, 0.0, 480_000.0, 3e6, 2_520_000.0)
    assert (ito.won, ito.missing, ito.gap, ito.other_currencies) == (900_000.0, 100_000.0, 100_000.0, 1)
    assert (whole.owner, whole.target, whole.won) == ("team", 4e6, 900_000.0)
    assert sato.working_days_left == 5


def test_gap_names_who_could_fill_it(team: Workspace) -> None:
    sato, ito, _whole = list_targets(team.catalog, team.settings, TODAY, choose_period(team.settings, TODAY))
    assert [(each.kind, each.customer, each.upside) for each in sato.fillers] == [
        ("due", "山田工業", 720_000.0),
        ("later", "白樺電子", 400_000.0),
    ]
    assert [(each.kind, each.customer) for each in ito.fillers] == [("again", "青嶺物流")]
