"""What was corrected in a CRM finds its way into the notes, and nothing else changes."""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run

CUSTOMER = (
    "---\r\ntype: customer  # 顧客\r\n会社名: 株式会社山田工業\r\nname: 株式会社山田工業\r\nphone: '06-0000-0000'\r\n"
    "---\r\n# 山田\r\n"
)
FIRST = (
    "---\ntype: meeting\ndate: 2026-11-02\ncustomer: 株式会社山田工業\ndeal: 複合機入替\nstage: リード\n"
    "amount: 100万円\n---\n"
)
SECOND = (
    "---\n種別: 商談\n日付: 2026-11-20\n顧客: 株式会社山田工業\n案件: 複合機入替\n"
    "ステージ: 提案   # まだ\n担当: sato\n---\n本文\n"
)
SETTINGS = (
    'language = "ja"\n[owners]\n'
    'sato = {name = "佐藤", email = "sato@example.co.jp"}\nito = {name = "伊藤", email = "ito@example.co.jp"}\n'
)


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault({"c.md": CUSTOMER, "m/1.md": FIRST, "m/2.md": SECOND}, settings=SETTINGS)


def change(path: Path, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    rows[0][header.index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def test_corrections_are_shown_written_and_taken_back(vault: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("export", "-p", "salesforce", "-o", out, vault=vault)
    for column, value in (("StageName", "Closed Won"), ("Amount", "1500000"), ("Owner.Email", "ito@example.co.jp")):
        change(out / "Opportunity.csv", column, value)
    shown = run("import", "-p", "salesforce", out / "Opportunity.csv", vault=vault)
    assert shown.exit_code == 1
    assert "+ステージ: 受注   # まだ" in shown.stdout
    assert (vault / "m/2.md").read_text(encoding="utf-8") == SECOND
    written = run("import", "-p", "salesforce", out / "Opportunity.csv", "--yes", vault=vault)
    assert written.exit_code == 0
    assert (vault / "m/2.md").read_text(encoding="utf-8") == SECOND.replace("提案", "受注").replace("sato", "ito")
    assert (vault / "m/1.md").read_text(encoding="utf-8") == FIRST.replace("100万円", "1,500,000円")
    again = run("import", "-p", "salesforce", out / "Opportunity.csv", "--yes", vault=vault)
    assert "Nothing has to be written" in again.stderr
    assert run("import", "--undo", vault=vault).exit_code == 0
    assert (vault / "m/1.md").read_text(encoding="utf-8") == FIRST
    assert (vault / "m/2.md").read_text(encoding="utf-8") == SECOND


def test_customer_note_keeps_every_other_byte(vault: Path, run: Run, tmp_path: Path) -> None:
    run("export", "-o", tmp_path / "out", vault=vault)
    change(tmp_path / "out" / "accounts.csv", "phone", "06-1111-2222")
    assert run("import", tmp_path / "out" / "accounts.csv", "-y", vault=vault).exit_code == 0
    assert (vault / "c.md").read_bytes() == CUSTOMER.replace("'06-0000-0000'", "06-1111-2222").encode()


def test_unchanged_file_changes_nothing(vault: Path, run: Run, tmp_path: Path) -> None:
    for profile in ("generic", "salesforce", "kintone", "tryton"):
        run("export", "-p", profile, "-o", tmp_path / profile, vault=vault)
        for path in sorted((tmp_path / profile).glob("*.csv")):
            if path.stem in ("reconcile", "deletions", "merges", "attendees", "links", "OpportunityContactRole"):
                continue
            ran = run("import", "-p", profile, path, "--json", vault=vault)
            if ran.exit_code == 0:
                assert json.loads(ran.stdout)["differences"] == [], path


def test_what_cannot_be_taken_over_is_said(vault: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("export", "-p", "salesforce", "-o", out, vault=vault)
    change(out / "Opportunity.csv", "StageName", "Somewhere")
    change(out / "Opportunity.csv", "External_Id__c", "d0000000000")
    assert json.loads(run("import", "-p", "salesforce", out / "Opportunity.csv", "--json", vault=vault).stdout) == {
        "file": "Opportunity", "rows": 1, "unknown": 1, "cleared": 0, "differences": [],
    }  # fmt: skip
    run("export", "-p", "salesforce", "-o", out, vault=vault)
    change(out / "Opportunity.csv", "StageName", "Somewhere")
    ran = run("import", "-p", "salesforce", out / "Opportunity.csv", "-y", vault=vault)
    assert "'Somewhere' is not taken over" in ran.stderr
    assert (vault / "m/2.md").read_text(encoding="utf-8") == SECOND


def test_file_that_is_none_of_the_profile_is_refused(vault: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    ran = run("import", "-p", "hubspot", tmp_path / "x.csv", vault=vault)
    assert ran.exit_code == 2
    assert "--file" in ran.stderr
