import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run

CALL = "---\ntype: {}\ndate: {}\ncustomer: {}\nowner: sato\n{}---\n"
FILES = {
    "a.md": "---\ntype: customer\nname: 甲社\nstatus: 取引先\nsource: 展示会\ngroup: 甲グループ\n"
    "converted: 2026-06-01\n---\n",
    "1.md": CALL.format("inquiry", "2026-05-01", "甲社", "source: 紹介\n"),
    "2.md": CALL.format("inquiry", "2026-09-01", "乙社", "source: 展示会\n"),
    "3.md": CALL.format("call", "2026-11-20", "丙社", "きっかけ: 自社サイト\n"),
    "4.md": CALL.format("manual", "2026-11-20", "丁社", ""),
}


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(FILES)


def _names(run: Run, vault: Path, *options: str) -> list[str]:
    return [row["name"] for row in json.loads(run("customer", "list", *options, "--json", vault=vault).stdout)]


def test_silent_leads_are_those_without_contact_for_so_long_or_ever(run: Run, vault: Path) -> None:
    assert _names(run, vault, "--leads", "--silent", "30d") == ["乙社", "丁社"]
    assert _names(run, vault, "--leads", "--silent", "2d") == ["丙社", "乙社", "丁社"]
    assert _names(run, vault, "--silent", "6m") == ["甲社", "丁社"]
    assert _names(run, vault, "--silent", "90") == ["甲社", "丁社"]


@pytest.mark.parametrize(
    ("silent", "found"), [("82d", True), ("83d", False), ("82", True), ("83", False), ("12w", False)]
)
def test_silence_counts_from_its_first_day(run: Run, vault: Path, silent: str, *, found: bool) -> None:
    assert ("乙社" in _names(run, vault, "--silent", silent)) == found


def test_list_is_narrowed_by_group_and_source(run: Run, vault: Path) -> None:
    assert _names(run, vault, "--group", "甲グループ") == ["甲社"]
    assert _names(run, vault, "--source", "展示") == ["乙社", "甲社"]


def test_source_is_that_of_the_customers_note_else_of_the_first_note(run: Run, vault: Path) -> None:
    rows = json.loads(run("customer", "list", "--json", vault=vault).stdout)
    found = {row["name"]: (row["source"], row["converted"], row["days_silent"]) for row in rows}
    assert found == {
        "甲社": ("展示会", "2026-06-01", 205),
        "乙社": ("展示会", None, 82),
        "丙社": ("自社サイト", None, 2),
        "丁社": (None, None, None),
    }


def test_length_of_time_that_is_none_is_refused(run: Run, vault: Path) -> None:
    assert run("customer", "list", "--silent", "ages", vault=vault).exit_code == 2


def test_list_of_leads_shows_their_source(run: Run, vault: Path) -> None:
    ran = run("customer", "list", "--leads", vault=vault)
    assert "自社サイト" in ran.stdout
    assert "甲社" not in ran.stdout


def test_sources_are_counted(run: Run, vault: Path) -> None:
    rows = json.loads(run("customer", "sources", "--json", vault=vault).stdout)
    assert [(row["source"], row["customers"], row["leads"], row["accounts"], row["silent"]) for row in rows] == [
        ("展示会", 2, 1, 1, 1),
        ("自社サイト", 1, 1, 0, 0),
        (None, 1, 1, 0, 1),
    ]
    assert "展示会" in run("customer", "sources", vault=vault).stdout
