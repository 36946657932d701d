import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.team_vault import NOTES, SETTINGS


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


def test_note_is_shown_by_path_and_by_part_of_it(run: Run, vault: Path) -> None:
    whole = run("show", "m/2026-11-20 yamada.md", vault=vault)
    assert whole.exit_code == 0
    for words in ("株式会社山田工業", "its registered name", "Proposal (提案)", "1,200,000円", "提案書を作成する"):
        assert words in whole.stdout
    assert run("show", "11-20 yamada", vault=vault).stdout == whole.stdout


def test_note_is_found_from_the_current_folder(run: Run, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(vault / "m")
    assert json.loads(run("show", "2026-11-20 yamada.md", "--json").stdout)["path"] == "m/2026-11-20 yamada.md"


def test_json_holds_todos_with_ids_and_the_customer_with_its_reason(run: Run, vault: Path) -> None:
    card = json.loads(run("show", "2026-11-05 yamada", "--json", vault=vault).stdout)
    ids = {row["id"] for row in json.loads(run("todo", "--all", "--json", vault=vault).stdout)}
    assert {todo["id"] for todo in card["todos"]} <= ids
    assert (card["customer"]["written"], card["customer"]["name"]) == ("㈱山田工業", "株式会社山田工業")
    assert card["customer"]["reason"]


def test_note_that_did_not_parse_is_shown(run: Run, vault: Path) -> None:
    ran = run("show", "bad.md", vault=vault)
    assert ran.exit_code == 0
    assert "could not be read" in ran.stdout
    assert "直す" in ran.stdout


@pytest.mark.parametrize("text", ["nothing", "aomine", "../outside.md"])
def test_text_that_names_no_note_or_several_is_one_clear_message(run: Run, vault: Path, text: str) -> None:
    ran = run("show", text, vault=vault)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: ")
