from collections.abc import Iterator
from datetime import date

import pytest

from notevault.model import TodoStatus
from notevault.report.choosing import choose_customers
from notevault.report.todos import TodoFilter, count_todos, list_todos
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.synced import synced
from tests.team_vault import NOTES, SETTINGS


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as workspace:
        yield workspace


def _texts(team: Workspace, wanted: TodoFilter) -> list[str]:
    return [todo.text for todo in list_todos(team.catalog, wanted)]


def test_open_todos_of_all_notes_come_by_due_date_and_undated_ones_last(team: Workspace) -> None:
    texts = _texts(team, TodoFilter())
    assert texts[:3] == ["古い宿題", "納品の立会い", "提案書を作成する"]
    assert sorted(texts[3:]) == ["いつか聞く", "名刺を配る", "直す"]


def test_todo_tells_its_owner_customer_deal_and_stage(team: Workspace) -> None:
    found = {todo.text: todo for todo in list_todos(team.catalog, TodoFilter(statuses=None))}
    todo = found["提案書を作成する"]
    assert (todo.owner, todo.customer, todo.deal, todo.stage) == ("ito", "株式会社山田工業", "複合機入替", "proposal")
    assert (todo.priority, todo.path, todo.line) == ("high", "m/2026-11-20 yamada.md", 11)
    assert found["いつか聞く"].owner == "sato"
    assert found["古い宿題"].stage == "proposal"
    assert (found["直す"].customer, found["直す"].owner, found["直す"].deal) == (None, None, None)


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        (TodoFilter(overdue_on=TODAY), ["古い宿題"]),
        (TodoFilter(due=(TODAY, TODAY)), ["納品の立会い"]),
        (TodoFilter(due=(date(2026, 11, 22), date(2026, 11, 27))), ["納品の立会い", "提案書を作成する"]),
        (TodoFilter(owners=("ito",)), ["提案書を作成する"]),
        (TodoFilter(stages=("won",)), ["納品の立会い"]),
        (TodoFilter(statuses=(TodoStatus.DONE,)), ["資料を送る"]),
        (TodoFilter(statuses=(TodoStatus.CANCELLED,)), ["やめたこと"]),
        (TodoFilter(owners=()), []),
    ],
)
def test_filters_let_through_what_they_say(team: Workspace, wanted: TodoFilter, texts: list[str]) -> None:
    assert _texts(team, wanted) == texts


def test_any_spelling_of_a_customer_finds_its_todos(team: Workspace) -> None:
    for spelling in ("株式会社山田工業", "㈱山田工業", "山田工業", "ヤマダさん", "山田"):
        choice = choose_customers(team.catalog, spelling)
        assert _texts(team, TodoFilter(customers=choice)) == ["古い宿題", "提案書を作成する", "いつか聞く"]


def test_ambiguous_spelling_finds_the_notes_written_so_too(make_vault: MakeVault) -> None:
    note = "---\ncustomer: {}\n---\n- [ ] {}\n"
    files = {f"{name}.md": note.format(name, name) for name in ("株式会社みどり", "合同会社みどり", "みどり")}
    with synced(make_vault(files)) as workspace:
        choice = choose_customers(workspace.catalog, "みどり")
        found = {todo.text for todo in list_todos(workspace.catalog, TodoFilter(customers=choice))}
    assert found == {"株式会社みどり", "合同会社みどり", "みどり"}


def test_count_says_what_is_open_overdue_due_today_and_closed(team: Workspace) -> None:
    count = count_todos(list_todos(team.catalog, TodoFilter(statuses=None)), TODAY)
    assert (count.open, count.overdue, count.today, count.closed) == (6, 1, 1, 2)
