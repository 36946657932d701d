from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.team_vault import NOTES, SETTINGS

YAMADA = "customers/yamada.md"


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


def test_merge_shows_the_diff_and_writes_nothing_without_a_yes(run: Run, vault: Path) -> None:
    ran = run("customer", "merge", "山田工業", "青嶺物流", vault=vault)
    assert ran.exit_code == 1
    assert "+aliases: [ヤマダさん, 青嶺物流株式会社]" in ran.stdout
    assert "--yes" in ran.stderr
    assert (vault / YAMADA).read_text(encoding="utf-8") == NOTES[YAMADA]


def test_merge_and_undo(run: Run, vault: Path) -> None:
    ran = run("customer", "merge", "山田工業", "青嶺物流", "--yes", vault=vault)
    assert (ran.exit_code, "customer merge --undo" in ran.stderr) == (0, True)
    assert "株式会社山田工業" in run("customer", "match", "青嶺物流", vault=vault).stdout
    ran = run("customer", "merge", "--undo", vault=vault)
    assert (ran.exit_code, "青嶺物流株式会社 is 株式会社山田工業" in ran.stderr) == (0, True)
    assert (vault / YAMADA).read_text(encoding="utf-8") == NOTES[YAMADA]
    assert run("customer", "merge", "--undo", vault=vault).exit_code == 2


def test_undo_takes_back_its_own_kind_only(run: Run, vault: Path) -> None:
    run("customer", "merge", "山田工業", "青嶺物流", "-y", vault=vault)
    assert run("customer", "convert", "--undo", vault=vault).exit_code == 2


def test_convert_says_what_goes_along(run: Run, vault: Path) -> None:
    ran = run("customer", "convert", "青嶺物流", "--yes", vault=vault)
    assert (ran.exit_code, "0 people, 1 deal" in ran.stderr) == (0, True)
    ran = run("customer", "convert", "青嶺物流", "--yes", vault=vault)
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "Nothing has to be written" in ran.stderr


def test_split_of_a_note_by_path(run: Run, vault: Path) -> None:
    note = "m/2026-11-05 yamada.md"
    ran = run("customer", "split", "山田工業", "--as", "山田第二", "--note", note, "--yes", vault=vault)
    assert ran.exit_code == 0
    assert "customer: 山田第二\n" in (vault / note).read_text(encoding="utf-8")


def test_distinct_and_undo(run: Run, vault: Path) -> None:
    ran = run("customer", "distinct", "山田工業", "青嶺物流", "--yes", vault=vault)
    assert ran.exit_code == 0
    assert "株式会社山田工業 and 青嶺物流株式会社 are two customers" in ran.stderr
    assert "+distinct_from: [青嶺物流株式会社]" in ran.stdout
    assert run("customer", "distinct", "--undo", vault=vault).exit_code == 0
    assert (vault / YAMADA).read_text(encoding="utf-8") == NOTES[YAMADA]


@pytest.mark.parametrize("command", [["merge", "山田工業"], ["distinct", "山田工業"], ["split"], ["convert"]])
def test_a_name_is_needed(run: Run, vault: Path, command: list[str]) -> None:
    assert run("customer", *command, vault=vault).exit_code == 2
