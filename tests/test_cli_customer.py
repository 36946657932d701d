import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.team_vault import NOTES, SETTINGS


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


def test_list_has_a_line_for_each_customer(run: Run, vault: Path) -> None:
    ran = run("customer", "list", vault=vault)
    assert (ran.exit_code, ran.stderr) == (0, "3 customers\n")
    assert [line.split()[0] for line in ran.stdout.splitlines()[1:]] == [
        "株式会社山田工業",
        "みなと陽会",
        "青嶺物流株式会社",
    ]


def test_list_is_filtered_by_owner_and_status(run: Run, vault: Path) -> None:
    rows = json.loads(run("customer", "list", "--owner", "ito", "--json", vault=vault).stdout)
    assert {row["name"] for row in rows} == {"みなと陽会", "青嶺物流株式会社"}
    rows = json.loads(run("customer", "list", "--status", "lead", "--json", vault=vault).stdout)
    assert [row["name"] for row in rows] == ["青嶺物流株式会社"]


def test_list_asks_about_ambiguous_spellings(run: Run, make_vault: MakeVault) -> None:
    note = "---\ncustomer: {}\n---\n"
    files = {f"{at}.md": note.format(name) for at, name in enumerate(("株式会社みどり", "合同会社みどり", "みどり"))}
    ran = run("customer", "list", vault=make_vault(files))
    assert "'みどり'" in ran.stderr
    assert "'みどり'" not in ran.stdout


def test_show_takes_any_spelling(run: Run, vault: Path) -> None:
    ran = run("customer", "show", "㈱山田工業", vault=vault)
    assert ran.exit_code == 0
    for words in ("株式会社山田工業", "山田太郎", "複合機入替", "提案書を作成する", "m/2026-11-20 yamada.md"):
        assert words in ran.stdout
    card = json.loads(run("customer", "show", "ヤマダさん", "--json", vault=vault).stdout)
    assert (card["name"], card["status"], len(card["deals"]), len(card["todos"])) == (
        "株式会社山田工業",
        "account",
        1,
        3,
    )


def test_show_of_an_unknown_customer_offers_the_nearest(run: Run, vault: Path) -> None:
    ran = run("customer", "show", "山口工業", vault=vault)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "did you mean" in ran.stderr


def test_match_tells_customer_and_reason(run: Run, vault: Path) -> None:
    ran = run("customer", "match", "ヤマダさん", "--json", vault=vault)
    match = json.loads(ran.stdout)
    assert (ran.exit_code, match["mention"], match["customer"]) == (0, "ヤマダさん", "株式会社山田工業")
    assert (match["reason"], match["candidates"]) == ("alias", [])
    assert "株式会社山田工業" in run("customer", "match", "山田工業", vault=vault).stdout


def test_match_that_is_not_certain_lists_candidates_and_exits_with_1(run: Run, vault: Path) -> None:
    ran = run("customer", "match", "山口工業", "--json", vault=vault)
    match = json.loads(ran.stdout)
    assert (ran.exit_code, match["customer"]) == (1, None)
    assert {"customer", "likeness", "why"} <= match["candidates"][0].keys()
    assert "株式会社山田工業" in run("customer", "match", "山口工業", vault=vault).stdout


def test_match_takes_several_names_and_lines_of_the_input(run: Run, vault: Path) -> None:
    ran = run("customer", "match", "㈱山田工業", "青嶺物流", "--json", vault=vault)
    assert [match["customer"] for match in json.loads(ran.stdout)] == ["株式会社山田工業", "青嶺物流株式会社"]
    ran = run("customer", "match", "--stdin", "--json", vault=vault, stdin="\ufeffみなと陽会\n\n山口工業\n")
    matches = json.loads(ran.stdout)
    assert [match["customer"] for match in matches] == ["みなと陽会", None]
    assert (ran.exit_code, ran.stderr) == (1, "1 spelling is not certain\n")


def test_match_without_a_name_is_refused(run: Run, vault: Path) -> None:
    assert run("customer", "match", vault=vault).exit_code == 2


def test_match_lists_no_more_candidates_than_wanted(run: Run, vault: Path) -> None:
    ran = run("customer", "match", "山口工業", "--limit", "0", "--json", vault=vault)
    assert json.loads(ran.stdout)["candidates"] == []
