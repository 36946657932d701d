import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.team_vault import NOTES, SETTINGS

_FIELDS = (
    *("id", "customer", "deal", "stage", "state", "amount", "currency", "weighted", "owner", "close_date"),
    *("last_contact", "next_todo", "days_in_stage", "overdue_stage", "notes"),
)


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


def test_table_adds_up_by_stage_and_lists_deals(run: Run, vault: Path) -> None:
    ran = run("pipeline", vault=vault)
    assert ran.exit_code == 0
    sums, deals = ran.stdout.split("\n\n")
    assert [line.split()[0] for line in sums.splitlines()] == ["stage", "Proposal", "Quote"]
    assert "1,200,000円" in sums
    assert "480,000円" in sums
    assert "no next ToDo!" in deals.splitlines()[2]
    assert "82/30" in deals.splitlines()[2]
    assert ran.stderr == ("2 deals; 2,000,000円, weighted 960,000円; 1 without next ToDo; 1 too long in their stage\n")


def test_json_has_the_documented_fields(run: Run, vault: Path) -> None:
    rows = json.loads(run("pipeline", "--json", vault=vault).stdout)
    assert all(set(_FIELDS) <= row.keys() for row in rows)
    assert rows[0]["next_todo"]["text"] == "古い宿題"
    assert rows[1]["next_todo"] is None


@pytest.mark.parametrize(
    ("options", "stages"),
    [
        (["--all"], ["proposal", "quote", "won"]),
        (["--stage", "受注"], ["won"]),
        (["--owner", "佐藤"], ["proposal"]),
        (["--customer", "青嶺物流"], ["quote"]),
        (["--by", "owner"], ["quote", "proposal"]),
    ],
)
def test_options_choose_and_order(run: Run, vault: Path, options: list[str], stages: list[str]) -> None:
    rows = json.loads(run("pipeline", *options, "--json", vault=vault).stdout)
    assert [row["stage"] for row in rows] == stages


def test_vault_without_deals_says_so(run: Run, make_vault: MakeVault) -> None:
    ran = run("pipeline", vault=make_vault({"a.md": "text"}))
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", "No deals.\n")
