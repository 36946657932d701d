"""A seeded quarter of a team: the figures of the reports equal a plain recount from the notes' text."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import pytest

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.index.memory import MemoryIndex
from notevault.intake import Syncer
from notevault.report.pipeline import PipelineFilter, list_deals
from notevault.report.pipeline_since import list_changes
from notevault.report.stages import list_histories, measure_flow
from notevault.report.targets import choose_period, list_targets
from notevault.report.todo_groups import count_by_owner
from notevault.report.todos import TodoFilter, list_todos
from notevault.settings_reader import load_settings
from notevault.sync import sync
from notevault.vault import Vault
from tests.conftest import TODAY, MakeVault

_OWNERS = ("sato", "ito", "suzuki")
_STAGES = {
    "リード": 5,
    "アプローチ": 10,
    "ヒアリング": 20,
    "提案": 40,
    "見積": 60,
    "クロージング": 80,
    "受注": 100,
    "失注": 0,
}
_KEYS = dict(zip(_STAGES, ("lead", "approach", "hearing", "proposal", "quote", "closing", "won", "lost"), strict=True))
_SETTINGS = "[owners]\n" + "".join(f'{owner} = {{name = "{owner}"}}\n' for owner in _OWNERS)
_TARGETS = '[targets."2026-10..2026-11"]\n' + "".join(f"{owner} = 9000000\n" for owner in _OWNERS)
_SINCE = date(2026, 11, 1)


def _write_notes(seed: int) -> dict[str, str]:
    dice = Random(seed)  # noqa: S311 -- a seeded vault
    notes = {}
    for number in range(160):
        customer = dice.randrange(14)
        deal = dice.randrange(2)
        day = date(2026, 9, 1) + timedelta(days=dice.randrange(82))
        lines = ["---", "type: meeting", f"date: {day}", f"customer: 株式会社試験{customer:02}", f"deal: 案件{deal}"]
        lines.append(f"owner: {dice.choice(_OWNERS)}")
        if dice.random() < 0.7:
            lines.append(f"stage: {dice.choice(list(_STAGES))}")
        if dice.random() < 0.5:
            lines.append(f"amount: {dice.randrange(1, 50)}0,000円")
        lines += ["---", "## 行動"]
        for todo in range(dice.randrange(3)):
            due = f" due:{day + timedelta(days=dice.randrange(40))}" if dice.random() < 0.8 else ""
            owner = f" @{dice.choice(_OWNERS)}" if dice.random() < 0.4 else ""
            lines.append(f"- [{dice.choice(' xx-')}] 用事{number}-{todo}{owner}{due}")
        notes[f"m/{number:03}.md"] = "\n".join(lines) + "\n"
    return notes


@dataclass
class _Deal:
    stage: str = ""
    amount: int | None = None
    owner: str = ""
    moves: list[tuple[str, date]] = field(default_factory=list)


def _recount(notes: dict[str, str], before: date = date.max) -> dict[tuple[str, str], _Deal]:
    deals: dict[tuple[str, str], _Deal] = defaultdict(_Deal)
    for _day, _path, said in sorted((_field(text, "date"), path, text) for path, text in notes.items()):
        day = date.fromisoformat(_field(said, "date"))
        if day >= before:
            continue
        deal = deals[_field(said, "customer"), _field(said, "deal")]
        deal.owner = _field(said, "owner")
        if (stage := _field(said, "stage")) and stage != deal.stage:
            deal.stage = stage
            deal.moves.append((stage, day))
        if amount := _field(said, "amount"):
            deal.amount = int(amount.replace(",", "").removesuffix("円"))
    return deals


def _field(text: str, key: str) -> str:
    found = re.search(rf"^{key}: (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def _state(deal: _Deal) -> str:
    return {"受注": "won", "失注": "lost"}.get(deal.stage, "open")


class Counted(NamedTuple):
    """A vault taken in, and its notes as text."""

    catalog: Catalog
    settings: Settings
    notes: dict[str, str]


@pytest.fixture(params=[1, 2])
def counted(request: pytest.FixtureRequest, make_vault: MakeVault) -> Iterator[Counted]:
    notes = _write_notes(request.param)
    root = make_vault(notes, settings=_SETTINGS + _TARGETS)
    settings = load_settings(root)
    with Catalog.in_memory() as catalog:
        sync(Syncer(vault=Vault(root), catalog=catalog, index=MemoryIndex(), settings=settings))
        yield Counted(catalog, settings, notes)


def test_figures_equal_a_recount(counted: Counted) -> None:
    catalog, settings, notes = counted
    deals = _recount(notes)
    found = list_deals(catalog, settings, TODAY, PipelineFilter(states=None))
    assert {(deal.customer, deal.deal or ""): (deal.stage, deal.state, deal.amount, deal.owner) for deal in found} == {
        key: (_KEYS.get(deal.stage), _state(deal), deal.amount, deal.owner) for key, deal in deals.items()
    }
    weighted = sum((deal.amount or 0) * _STAGES[deal.stage] / 100 for deal in deals.values() if deal.stage)
    assert sum(deal.weighted or 0 for deal in found) == pytest.approx(weighted)


def test_todos_equal_a_recount(counted: Counted) -> None:
    catalog, _settings, notes = counted
    expected: dict[str, list[str | None]] = defaultdict(list)
    for text in notes.values():
        for line in re.findall(r"^- \[ \] .*$", text, re.MULTILINE):
            owner = re.search(r"@(\w+)", line)
            due = re.search(r"due:(\S+)", line)
            expected[owner[1] if owner else _field(text, "owner")].append(due[1] if due else None)
    lines = count_by_owner(list_todos(catalog, TodoFilter()), (), TODAY)
    assert {line.owner: (line.open, line.overdue, line.today, line.undated) for line in lines} == {
        owner: (
            len(dues),
            sum(due is not None and due < TODAY.isoformat() for due in dues),
            dues.count(TODAY.isoformat()),
            dues.count(None),
        )
        for owner, dues in expected.items()
    }


def test_flow_equals_a_recount(counted: Counted) -> None:
    catalog, settings, notes = counted
    deals = _recount(notes).values()
    order = list(_STAGES)
    for flow in measure_flow(list_histories(catalog, settings, TODAY), settings):
        stage = next(name for name, key in _KEYS.items() if key == flow.stage)
        entered = [deal for deal in deals if any(move == stage for move, _day in deal.moves)]
        advanced = 0
        for deal in entered:
            stages = [move for move, _day in deal.moves]
            later = stages[stages.index(stage) + 1 :]
            advanced += any(each != "失注" and order.index(each) > order.index(stage) for each in later)
        assert (flow.entered, flow.advanced) == (len(entered), advanced)
        assert flow.entered == flow.advanced + flow.lost + flow.back + flow.here


def test_changes_equal_the_difference_of_two_recounts(counted: Counted) -> None:
    catalog, settings, notes = counted
    before, now = _recount(notes, _SINCE), _recount(notes)
    found = list_changes(catalog, settings, TODAY, _SINCE, PipelineFilter())
    assert found.open_before == sum(_state(deal) == "open" for deal in before.values())
    assert found.open_now == sum(_state(deal) == "open" for deal in now.values())
    changed = {
        key
        for key, deal in now.items()
        if key not in before or (before[key].stage, before[key].amount) != (deal.stage, deal.amount)
    }
    assert {(each.customer, each.deal or "") for each in found.changes} == changed


def test_target_equals_a_recount(counted: Counted) -> None:
    catalog, settings, notes = counted
    period = choose_period(settings, TODAY)
    lines = {line.owner: line for line in list_targets(catalog, settings, TODAY, period)}
    for owner in _OWNERS:
        won = sum(
            deal.amount or 0
            for deal in _recount(notes).values()
            if deal.owner == owner and _state(deal) == "won" and deal.moves[-1][1] >= date(2026, 10, 1)
        )
        assert (lines[owner].won, lines[owner].missing) == (won, max(9_000_000 - won, 0))
