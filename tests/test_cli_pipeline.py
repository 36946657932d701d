import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests import deal_vault
from tests.conftest import MakeVault, Run
from tests.goldens import FOLDER, assert_golden
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


_VIEWS = {
    "stage": [],
    "all-by-owner": ["--all", "--by", "owner"],
    "month": ["--by", "month"],
    "flow": ["--flow"],
    "since": ["--since", "2026-11-01"],
    "target": ["--target"],
    "history": ["--history", "山田工業"],
}


@pytest.fixture
def deals(make_vault: MakeVault) -> Path:
    return make_vault(deal_vault.NOTES, settings=deal_vault.SETTINGS)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("view", _VIEWS)
def test_views_are_as_in_the_golden_files(
    run: Run, deals: Path, monkeypatch: pytest.MonkeyPatch, view: str, language: str
) -> None:
    monkeypatch.setenv("NOTEVAULT_LANG", language)
    ran = run("pipeline", *_VIEWS[view], vault=deals)
    assert ran.exit_code == 0
    assert_golden(f"pipeline/{view}.{language}.txt", f"{ran.stdout}--- stderr\n{ran.stderr}")


def test_golden_files_are_all_used() -> None:
    names = {f"{view}.{language}.txt" for view in _VIEWS for language in ("en", "ja")}
    assert {path.name for path in (FOLDER / "pipeline").iterdir()} == names


@pytest.mark.parametrize("language", ["en", "ja"])
def test_page_is_whole_and_escaped(
    run: Run, deals: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("NOTEVAULT_LANG", language)
    page = tmp_path / "p.html"
    assert run("pipeline", "--all", "--html", page, vault=deals).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert f'lang="{language}"' in text
    assert "みなと&lt;陽会&gt;" in text
    assert "<陽会>" not in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    document = ET.fromstring(re.sub(r"<meta[^>]*>|<!DOCTYPE[^>]*>", "", text))  # noqa: S314 -- our own page
    assert len(document.findall(".//svg")) >= 10
    assert len(document.findall(".//path")) == 6


def test_page_is_the_same_by_either_option_and_markdown_by_its_name(run: Run, deals: Path, tmp_path: Path) -> None:
    for option, name in (("--html", "a.txt"), ("-o", "b.html"), ("-o", "c.md")):
        assert run("pipeline", option, tmp_path / name, vault=deals).exit_code == 0
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "b.html").read_bytes()
    text = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert text.startswith("# Pipeline\n\n2026-11-22\n\n- open deals: 4\n")
    assert "could fill the gap" in text
    assert "<svg" not in text
    assert run("pipeline", "-o", "-", vault=deals).stdout == text


def test_page_may_be_printed(run: Run, deals: Path) -> None:
    assert run("pipeline", "--html", "-", vault=deals).stdout.startswith("<!DOCTYPE html>")


def test_json_of_the_views_has_their_fields(run: Run, deals: Path) -> None:
    history = json.loads(run("pipeline", "--history", "複合機", "--json", vault=deals).stdout)
    assert list(history[0]) == ["id", "customer", "deal", "owner", "state", "days", "moves"]
    assert history[0]["moves"][1]["skipped"] == ["approach", "hearing"]
    target = json.loads(run("pipeline", "--target", "2026-11", "--owner", "sato", "--json", vault=deals).stdout)
    assert [(row["owner"], row["gap"]) for row in target] == [("sato", 2_520_000.0)]
    moves = run("pipeline", "--history", "複合機", "--csv", vault=deals).stdout.splitlines()
    assert len(moves) == 5


def test_flags_say_what_to_look_at(run: Run, deals: Path) -> None:
    rows = {row["customer"]: row["flags"] for row in json.loads(run("pipeline", "--json", vault=deals).stdout)}
    assert rows["山田工業"] == ["close-passed"]
    assert rows["Harbor Light"] == ["no-todo"]


def test_next_todo_is_the_newest_copy(run: Run, deals: Path) -> None:
    rows = json.loads(run("pipeline", "--customer", "山田工業", "--json", vault=deals).stdout)
    assert rows[0]["next_todo"]["due"] == "2026-11-27"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--flow", "--target"], "choose one"),
        (["--flow", "-o", "x.md"], "choose one"),
        (["--since", "banana"], "is no day"),
        (["--history", "存在しない"], "no deal"),
        (["--target", "2031"], "no target is set"),
    ],
)
def test_view_that_cannot_be_is_one_clear_message(run: Run, deals: Path, options: list[str], said: str) -> None:
    ran = run("pipeline", *options, vault=deals)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_targets_that_nobody_set_are_explained(run: Run, vault: Path) -> None:
    ran = run("pipeline", "--target", vault=vault)
    assert ran.exit_code == 2
    assert '[targets."2026-11"]' in ran.stderr


def test_target_of_an_unknown_owner_is_a_fault_of_the_settings(run: Run, make_vault: MakeVault) -> None:
    settings = '[owners]\nsato = {name = "佐藤"}\n[targets."2026-11"]\nsatou = 1\n'
    ran = run("pipeline", vault=make_vault({"a.md": ""}, settings=settings))
    assert (ran.exit_code, "did you mean 'sato'" in ran.stderr) == (2, True)


@pytest.mark.parametrize("name", ["複合機", "山田工業", "m/a2.md"])
def test_show_tells_the_history_of_a_deal_a_customer_and_the_deal_of_a_note(run: Run, deals: Path, name: str) -> None:
    expected = run("pipeline", "--history", "複合機", "--json", vault=deals).stdout
    assert run("show", name, "--history", "--json", vault=deals).stdout == expected


def test_history_of_what_nobody_knows_is_an_error(run: Run, deals: Path) -> None:
    assert run("show", "どこにもない", "--history", vault=deals).exit_code == 2
