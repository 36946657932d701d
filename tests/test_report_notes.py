from collections.abc import Iterator
from datetime import date

import pytest

from notevault.errors import AmbiguousNameError, NotePathError
from notevault.model import NotePath, TodoStatus
from notevault.report.notes import describe_note, find_note
from notevault.workspace import Workspace
from tests.conftest import MakeVault
from tests.synced import synced
from tests.team_vault import NOTES, SETTINGS


@pytest.fixture
def team(make_vault: MakeVault) -> Iterator[Workspace]:
    with synced(make_vault(NOTES, settings=SETTINGS)) as workspace:
        yield workspace


def test_card_holds_everything_understood_of_a_note(team: Workspace) -> None:
    card = describe_note(team.catalog, NotePath("m/2026-11-05 yamada.md"))
    assert card.customer is not None
    assert (card.customer.written, card.customer.name) == ("㈱山田工業", "株式会社山田工業")
    assert (card.type, card.date, card.owner, card.deal) == ("meeting", date(2026, 11, 5), "sato", "複合機入替")
    assert (card.stage, card.stage_written, card.amount, card.currency) == ("hearing", "ヒアリング", 1_000_000.0, "JPY")
    assert [person.name for person in card.contacts] == ["山田太郎"]
    assert [(todo.text, todo.status) for todo in card.todos] == [
        ("資料を送る", TodoStatus.DONE),
        ("古い宿題", TodoStatus.OPEN),
    ]
    assert (card.encoding, card.parsed) == ("utf-8", True)


def test_note_that_did_not_parse_has_a_card_too(team: Workspace) -> None:
    card = describe_note(team.catalog, NotePath("bad.md"))
    assert (card.parsed, card.title, card.customer) == (False, "壊れた", None)
    assert [todo.text for todo in card.todos] == ["直す"]
    assert "syntax" in {diagnostic.rule for diagnostic in card.diagnostics}


def test_part_of_a_path_finds_the_note(team: Workspace) -> None:
    assert find_note(team.catalog, "11-20 yamada") == "m/2026-11-20 yamada.md"
    assert find_note(team.catalog, "yamada") == "customers/yamada.md"


def test_part_of_several_paths_is_not_guessed_at(team: Workspace) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        find_note(team.catalog, "aomine")
    assert "m/2026-09-01 aomine.md" in caught.value.hint


def test_path_of_no_note_is_an_error(team: Workspace) -> None:
    with pytest.raises(NotePathError):
        find_note(team.catalog, "nothing")
    with pytest.raises(NotePathError, match="not taken in"):
        describe_note(team.catalog, NotePath("nothing.md"))
