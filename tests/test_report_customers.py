from collections.abc import Iterator
from datetime import date

import pytest

from notevault.errors import AmbiguousNameError, UnknownNameError
from notevault.report.choosing import choose_customer, choose_deals, choose_owners, choose_stages
from notevault.report.customers import describe_customer, list_customers, list_questions
from notevault.report.matching import match_customer
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault
from tests.synced import synced
from tests.team_vault import NOTES, SETTINGS


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as workspace:
        yield workspace


def test_customers_come_by_last_contact(team: Workspace) -> None:
    lines = list_customers(team.catalog, team.settings, TODAY)
    assert [(line.name, line.last_contact) for line in lines] == [
        ("株式会社山田工業", date(2026, 11, 20)),
        ("みなと陽会", date(2026, 10, 10)),
        ("青嶺物流株式会社", date(2026, 9, 1)),
    ]


def test_line_counts_deals_todos_and_notes(team: Workspace) -> None:
    line = list_customers(team.catalog, team.settings, TODAY)[0]
    assert (line.status, line.owner, line.deals_open, line.stage) == ("account", "sato", 1, "proposal")
    assert (line.todos_open, line.notes, line.registered) == (3, 2, True)
    assert set(line.spellings) == {"㈱山田工業", "ヤマダさん"}


def test_customer_without_a_word_on_its_status_is_an_account_once_it_has_bought(team: Workspace) -> None:
    status = {line.name: line.status for line in list_customers(team.catalog, team.settings, TODAY)}
    assert (status["みなと陽会"], status["青嶺物流株式会社"]) == ("account", "lead")


def test_card_holds_people_deals_todos_and_notes(team: Workspace) -> None:
    card = describe_customer(team.catalog, team.settings, TODAY, choose_customer(team.catalog, "山田工業"))
    assert [(person.name, person.title) for person in card.contacts] == [("山田太郎", "部長")]
    assert [deal.deal for deal in card.deals] == ["複合機入替"]
    assert len(card.todos) == 3
    assert [note.path for note in card.notes] == ["m/2026-11-20 yamada.md", "m/2026-11-05 yamada.md"]
    assert card.names[0].name == "株式会社山田工業"
    assert card.path == "customers/yamada.md"


def test_unknown_name_offers_the_nearest(team: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="山口工業") as caught:
        choose_customer(team.catalog, "山口工業")
    assert "山田工業" in caught.value.hint


def test_part_of_several_names_is_not_guessed_at(make_vault: MakeVault) -> None:
    note = "---\ncustomer: {}\n---\n"
    with synced(make_vault({"1.md": note.format("山田工業"), "2.md": note.format("山田商事")})) as workspace:
        with pytest.raises(AmbiguousNameError) as caught:
            choose_customer(workspace.catalog, "山田")
        assert "山田商事, 山田工業" in caught.value.hint


def test_spelling_of_several_customers_is_a_question(make_vault: MakeVault) -> None:
    note = "---\ncustomer: {}\n---\n"
    files = {f"{at}.md": note.format(name) for at, name in enumerate(("株式会社みどり", "合同会社みどり", "みどり"))}
    with synced(make_vault(files)) as workspace:
        (question,) = list_questions(workspace.catalog)
    assert (question.mention, question.notes) == ("みどり", 1)
    assert set(question.candidates) == {"株式会社みどり", "合同会社みどり"}


@pytest.mark.parametrize("spelling", ["sato", "佐藤", "佐藤健一", "SATO"])
def test_owner_is_found_in_any_spelling(team: Workspace, spelling: str) -> None:
    assert choose_owners(team.catalog, team.settings, spelling) == ("sato",)


@pytest.mark.parametrize("spelling", ["提案", "proposal", "Proposal", "提案中"])
def test_stage_is_found_in_any_spelling(team: Workspace, spelling: str) -> None:
    assert choose_stages(team.catalog, team.settings, spelling) == ("proposal",)


def test_unknown_owner_stage_and_deal_are_errors(team: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="tanaka"):
        choose_owners(team.catalog, team.settings, "tanaka")
    with pytest.raises(UnknownNameError, match="熟考") as caught:
        choose_stages(team.catalog, team.settings, "熟考")
    assert "提案" in caught.value.hint
    with pytest.raises(UnknownNameError, match="サーバー"):
        choose_deals(team.catalog, "サーバー")


def test_part_of_a_deals_name_is_enough(team: Workspace) -> None:
    assert len(choose_deals(team.catalog, "複合機")) == 1


def test_match_says_why(team: Workspace) -> None:
    alias = match_customer(team.catalog, team.settings, "ヤマダさん")
    assert (alias.customer, alias.reason, alias.candidates) == ("株式会社山田工業", "alias", ())
    unregistered = match_customer(team.catalog, team.settings, "青嶺物流（株）")
    assert unregistered.customer == "青嶺物流株式会社"


def test_match_of_an_unknown_name_only_proposes(team: Workspace) -> None:
    match = match_customer(team.catalog, team.settings, "山口工業")
    assert (match.customer, match.reason) == (None, "unknown")
    assert match.candidates[0].customer == "株式会社山田工業"
    assert 0 < match.candidates[0].likeness < 1


def test_todo_copied_to_a_follow_up_note_is_one_todo(make_vault: MakeVault) -> None:
    note = "---\ntype: meeting\ndate: {}\ncustomer: Alder\ndeal: Copier\n---\n- [ ] Send it\n{}"
    files = {"a.md": note.format("2026-11-01", ""), "b.md": note.format("2026-11-10", "- [ ] Call\n")}
    with synced(make_vault(files)) as workspace:
        (line,) = list_customers(workspace.catalog, workspace.settings, TODAY)
        card = describe_customer(workspace.catalog, workspace.settings, TODAY, line.id)
    assert (line.todos_open, card.customer.todos_open, len(card.todos)) == (2, 2, 2)
