from collections.abc import Iterator
from datetime import date

import pytest

from notevault.report.missing import find_newest_note, list_missing
from notevault.report.todo_groups import count_by_owner, group_todos
from notevault.report.todos import TodoFilter, find_copies, list_todos
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.deal_vault import NOTES, SETTINGS
from tests.synced import synced


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as workspace:
        yield workspace


def _missing(team: Workspace, wanted: TodoFilter | None = None) -> list[tuple[str, str, date | None]]:
    found = list_missing(team.catalog, team.settings, TODAY, wanted)
    return [(each.customer, each.text, each.due) for each in found]


def test_standard_todo_that_nobody_wrote_is_missing_from_its_day_on(team: Workspace) -> None:
    found = _missing(team)
    assert ("山田工業", "Fix a date for the proposal", date(2026, 11, 17)) in found
    assert all(text != "Write the proposal" for customer, text, _due in found if customer == "山田工業")
    assert [due for _customer, _text, due in found] == sorted(due for _customer, _text, due in found if due)


def test_lost_deal_with_a_reason_needs_none_and_an_old_one_is_let_go(team: Workspace) -> None:
    assert all(text != "Write down the reason" for _customer, text, _due in _missing(team))


def test_won_deal_is_asked_for_its_delivery(team: Workspace) -> None:
    assert ("青嶺物流", "Fix the delivery date", date(2026, 11, 12)) in _missing(team)


def test_other_words_around_a_standard_todo_count_as_written(make_vault: MakeVault) -> None:
    head = "---\ndate: 2026-11-20\ncustomer: 山田\nstage: 提案\n---\n"
    note = head + "- [x] 急ぎで提案書を作成する件\n- [-] 提案の日程を決める\n"
    with synced(make_vault({"a.md": note})) as workspace:
        assert list_missing(workspace.catalog, workspace.settings, TODAY) == ()


def test_standard_todos_are_in_the_language_of_the_vault_and_count_in_either(make_vault: MakeVault) -> None:
    note = "---\ndate: 2026-11-20\ncustomer: Acme\nstage: Quote\n---\n{}"
    for language, texts in (
        ("en", {"Send the quote", "Ask when they decide on the quote"}),
        ("ja", {"見積書を提出する", "見積の回答期限を確認する"}),
    ):
        root = make_vault({"a.md": note.format("")}, settings=f'language = "{language}"\n')
        with synced(root) as workspace:
            assert {each.text for each in list_missing(workspace.catalog, workspace.settings, TODAY)} == texts
        (root / "a.md").write_text(
            note.format("- [ ] Send quote to Bill\n- [x] 見積の回答期限を確認する\n"), encoding="utf-8"
        )
        with synced(root) as workspace:
            assert list_missing(workspace.catalog, workspace.settings, TODAY) == ()


@pytest.mark.parametrize(
    ("wanted", "customers"),
    [
        (TodoFilter(owners=("ito",)), {"青嶺物流", "Harbor Light"}),
        (TodoFilter(stages=("lead",)), {"京東商事"}),
        (TodoFilter(overdue_on=TODAY), {"青嶺物流", "山田工業", "Harbor Light", "京東商事"}),
    ],
)
def test_filters_of_todos_choose_what_is_missing(team: Workspace, wanted: TodoFilter, customers: set[str]) -> None:
    found = {customer for customer, _text, _due in _missing(team, wanted)}
    assert found == customers


def test_newest_note_is_the_last_one_up_to_today(team: Workspace) -> None:
    ((customer,),) = team.catalog.select_tuples("SELECT id FROM customers WHERE name LIKE '%山田工業'")
    assert find_newest_note(team.catalog, TODAY, customer=customer) == "m/a4.md"
    assert find_newest_note(team.catalog, date(2026, 9, 30), customer=customer) == "m/a3.md"
    assert find_newest_note(team.catalog, date(2026, 1, 1), customer=customer) == "m/a1.md"
    assert find_newest_note(team.catalog, TODAY, customer="nobody") is None


def test_copied_todo_is_one_with_its_newest_due_date(team: Workspace) -> None:
    (todo,) = [each for each in list_todos(team.catalog, TodoFilter()) if each.text == "台数を確かめる"]
    assert (todo.path, todo.due, [copy.path for copy in todo.copies]) == ("m/a4.md", date(2026, 12, 1), ["m/a3.md"])
    assert find_copies(team.catalog, todo.copies[0].id) == (todo.copies[0].id, todo.id)
    assert list_todos(team.catalog, TodoFilter(overdue_on=TODAY)) == ()


def test_todos_of_other_deals_and_closed_ones_are_no_copies(make_vault: MakeVault) -> None:
    head = "---\ndate: 2026-11-0{0}\ncustomer: 山田\ndeal: {1}\nstage: 見積\n---\n"
    note = head + "- [{2}] 見積書を提出する\n- [{2}] 二度\n- [ ] 二度\n"
    files = {"a.md": note.format(1, "甲", " "), "b.md": note.format(2, "乙", " "), "c.md": note.format(3, "甲", "x")}
    with synced(make_vault(files)) as workspace:
        found = [(todo.text, todo.path, len(todo.copies)) for todo in list_todos(workspace.catalog, TodoFilter())]
    assert sorted(found) == [
        ("二度", "a.md", 0),
        ("二度", "b.md", 0),
        ("二度", "b.md", 0),
        ("二度", "c.md", 1),
        ("見積書を提出する", "a.md", 0),
        ("見積書を提出する", "b.md", 0),
    ]


def test_team_line_counts_open_overdue_and_missing(team: Workspace) -> None:
    lines = count_by_owner(
        list_todos(team.catalog, TodoFilter()), list_missing(team.catalog, team.settings, TODAY), date(2026, 11, 28)
    )
    ito, sato = lines
    assert (ito.owner, ito.open, ito.overdue, ito.oldest) == ("ito", 1, 1, date(2026, 11, 27))
    assert (sato.open, sato.overdue, sato.week) == (1, 0, 0)
    assert (ito.missing, sato.missing) == (3, 5)


def test_groups_by_due_date_go_from_overdue_to_undated(make_vault: MakeVault) -> None:
    body = "".join(f"- [ ] {day} due:{day}\n" for day in ("2026-11-21", "2026-11-22", "2026-11-29", "2026-11-30"))
    with synced(make_vault({"a.md": body + "- [ ] いつか\n- [x] 済み\n"})) as workspace:
        groups = group_todos(list_todos(workspace.catalog, TodoFilter(statuses=None)), "due", TODAY)
    assert [(group.key, len(group.todos)) for group in groups] == [
        ("overdue", 1),
        ("today", 1),
        ("next-week", 1),
        ("later", 1),
        ("undated", 1),
        ("closed", 1),
    ]
