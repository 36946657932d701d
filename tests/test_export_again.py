"""Again and again: what changed alone, what may be loaded once, the CRM's ids, what went away or was merged."""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run

SETTINGS = '[owners]\nsato = {name = "佐藤", email = "sato@example.co.jp"}\n'
CUSTOMER = "---\ntype: customer\nname: {name}\nstatus: 取引先\nphone: 06-0000-0000\n---\n"
NOTE = """---
type: meeting
date: 2026-11-20
customer: {name}
contacts: [山田 太郎]
owner: sato
deal: 入替
stage: 提案
close_date: 2027-01-29
---
# 提案

- [ ] 送る @sato due:2026-11-27
"""
FILES = {
    "c/a.md": CUSTOMER.format(name="株式会社山田工業"),
    "c/b.md": CUSTOMER.format(name="海野物産株式会社"),
    "a.md": NOTE.format(name="株式会社山田工業"),
    "b.md": NOTE.format(name="海野物産株式会社"),
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def root(make_vault: MakeVault) -> Path:
    return make_vault(FILES, settings=SETTINGS)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def export(run: Run, root: Path, out: Path, *options: str) -> dict[str, int]:
    ran = run("export", "-p", "salesforce", "-o", out, "--json", *options, vault=root)
    tables: dict[str, int] = json.loads(ran.stdout)["tables"]
    return tables


def test_since_last_exports_what_changed_and_nothing_else(root: Path, out: Path, run: Run) -> None:
    first = export(run, root, out)
    assert (first["Account"], first["Opportunity"], first["Event"]) == (2, 2, 2)
    same = export(run, root, out, "--since", "LAST")
    assert {same[name] for name in ("Account", "Contact", "Opportunity", "Task", "Event", "ContentNote")} == {0}
    change(root / "a.md", "close_date: 2027-01-29", "close_date: 2027-02-26")
    changed = export(run, root, out, "--since", "LAST")
    assert (changed["Account"], changed["Opportunity"]) == (0, 1)
    (deal,) = read(out / "Opportunity.csv")
    assert deal["CloseDate"] == "2027-02-26"


def test_since_a_day_exports_what_is_younger(root: Path, out: Path, run: Run) -> None:
    change(root / "b.md", "date: 2026-11-20", "date: 2026-11-02")
    tables = export(run, root, out, "--since", "2026-11-10")
    assert (tables["Account"], tables["Opportunity"], tables["Event"], tables["Task"]) == (1, 1, 1, 1)
    assert run("export", "-o", out, "--since", "いつか", vault=root).exit_code == 2


def test_activities_are_never_exported_twice_until_asked_for(root: Path, out: Path, run: Run) -> None:
    assert export(run, root, out)["Event"] == 2
    assert export(run, root, out)["Event"] == 0
    assert export(run, root, out)["Account"] == 2
    assert export(run, root, out, "--again")["Event"] == 2


def test_activity_that_becomes_a_call_is_not_loaded_a_second_time(root: Path, out: Path, run: Run) -> None:
    export(run, root, out)
    change(root / "a.md", "type: meeting", "type: meeting\nchannel: phone")
    ran = run("export", "-p", "salesforce", "-o", out, "--json", vault=root)
    tables = json.loads(ran.stdout)["tables"]
    assert (tables["Event"], tables["Task-activities"]) == (0, 0)
    preflight = json.loads((out / "preflight.json").read_bytes())
    changed = {each["path"] for each in preflight["findings"] if each["rule"] == "changed-after-load"}
    assert changed == {"a.md"}


def test_what_an_account_gets_later_is_not_taken_for_loaded(root: Path, out: Path, run: Run) -> None:
    run("export", "-p", "tryton", "-o", out, vault=root)
    assert len(read(out / "party.contact_mechanism-account-phone.csv")) == 2
    change(root / "c/a.md", "phone:", "website: https://yamada.example.jp\nphone:")
    run("export", "-p", "tryton", "-o", out, vault=root)
    assert len(read(out / "party.contact_mechanism-account-website.csv")) == 1
    assert not read(out / "party.contact_mechanism-account-phone.csv")
    assert not [
        each
        for each in json.loads((out / "preflight.json").read_bytes())["findings"]
        if each["rule"] == "changed-after-load"
    ]


def test_ledger_of_a_run_that_failed_is_not_written(root: Path, out: Path, run: Run) -> None:
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    assert run("export", "-p", "salesforce", "-o", out, vault=root).exit_code == 2
    assert not list(root.glob("export/*"))
    assert export(run, root, out, "--force")["Event"] == 2


def test_success_files_give_the_ids_that_the_next_run_uses(root: Path, out: Path, run: Run, tmp_path: Path) -> None:
    ran = run("export", "-p", "tryton", "-o", out, vault=root)
    assert ran.exit_code in (0, 1)
    rows = read(out / "party.party-accounts.csv")
    assert {row["id"] for row in rows} == {""}
    success = tmp_path / "party.party-accounts-success.csv"
    lines = [f"{row['code']},{number}" for number, row in enumerate(rows, start=41)]
    success.write_text("code,id\n" + "\n".join(lines) + "\n", encoding="utf-8")
    said = run("export", "-p", "tryton", "--ids", success, vault=root)
    assert "2 ids" in said.stderr
    assert "0 ids" in run("export", "-p", "tryton", "--ids", success, vault=root).stderr
    run("export", "-p", "tryton", "-o", out, vault=root)
    assert [row["id"] for row in read(out / "party.party-accounts.csv")] == ["41", "42"]


def test_notes_are_tied_to_their_records_once_both_ids_are_known(
    root: Path, out: Path, run: Run, tmp_path: Path
) -> None:
    export(run, root, out)
    assert not read(out / "ContentDocumentLink.csv")
    for name, prefix in (("ContentNote", "069"), ("Opportunity", "006"), ("Account", "001")):
        rows = [[row["External_Id__c"], f"{prefix}{at}"] for at, row in enumerate(read(out / f"{name}.csv"))]
        with (tmp_path / f"{name}_success.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["EXTERNAL_ID__C", "ID"], *rows])
        run("export", "-p", "salesforce", "--ids", tmp_path / f"{name}_success.csv", vault=root)
    export(run, root, out)
    links = read(out / "ContentDocumentLink.csv")
    assert len(links) == 4
    assert {row["ContentDocumentId"][:3] for row in links} == {"069"}
    assert {row["LinkedEntityId"][:3] for row in links} == {"006", "001"}


def test_ids_with_a_prefix_of_the_profile_are_ours(root: Path, out: Path, run: Run, tmp_path: Path) -> None:
    run("export", "-p", "odoo", "-o", out, vault=root)
    assert not read(out / "mail.message.csv")
    for name in ("crm.lead", "res.partner-companies"):
        rows = [[row["id"], str(at)] for at, row in enumerate(read(out / f"{name}.csv"), start=7)]
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["id", ".id"], *rows])
        run("export", "-p", "odoo", "--ids", tmp_path / f"{name}.csv", vault=root)
    run("export", "-p", "odoo", "-o", out, vault=root)
    assert {row["res_id"] for row in read(out / "mail.message.csv")} == {"7", "8"}


def test_ids_of_a_file_whose_name_tells_nothing_belong_to_what_was_exported(
    make_vault: MakeVault, out: Path, run: Run
) -> None:
    call = NOTE.format(name="株式会社山田工業").replace("type: meeting", "type: call\nchannel: phone")
    root = make_vault(FILES | {"call.md": call}, settings=SETTINGS)
    export(run, root, out)
    for at, name in enumerate(("Opportunity", "Contact", "Task-activities", "Task")):
        rows = [[row["External_Id__c"], f"00{at}{place}"] for place, row in enumerate(read(out / f"{name}.csv"))]
        assert rows
        path = out.parent / ("Task-activities-success.csv" if name == "Task-activities" else f"success1122{at}.csv")
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["EXTERNAL_ID__C", "ID"], *rows])
        run("export", "-p", "salesforce", "--ids", path, vault=root)
    ledger = read(next((root / "export").glob("*salesforce*")))
    assert {(row["table"], row["crm_id"][:3]) for row in ledger if row["crm_id"]} == {
        ("opportunities", "000"), ("contacts", "001"), ("activities", "002"), ("tasks", "003"),
    }  # fmt: skip


def odoo(run: Run, root: Path, out: Path, *options: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    run("export", "-p", "odoo", "-o", out, *options, vault=root)
    return read(out / "mail.activity.csv"), read(out / "mail.activity-undated.csv")


def test_todo_that_moves_to_a_file_of_the_same_kind_is_no_deletion(root: Path, out: Path, run: Run) -> None:
    change(root / "a.md", "- [ ] 送る @sato due:2026-11-27", "- [ ] 送る @sato")
    odoo(run, root, out)
    rows = [[row["id"], str(at)] for at, row in enumerate(read(out / "crm.lead.csv"), start=7)]
    with (out.parent / "crm.lead.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", ".id"], *rows])
    ((dated,), (undated,)) = odoo(run, root, out, "--ids", str(out.parent / "crm.lead.csv"))
    assert "date_deadline" not in undated
    assert (dated["date_deadline"], dated["res_model_id/id"], dated["user_id"]) == (
        "2026-11-27", "crm.model_crm_lead", "sato@example.co.jp",
    )  # fmt: skip
    path = root / "b.md"
    path.write_text(path.read_text(encoding="utf-8").replace(" due:2026-11-27", ""), encoding="utf-8")
    for _again in range(2):
        dates, undates = odoo(run, root, out)
        assert not dates
        assert {row["id"] for row in undates} == {dated["id"], undated["id"]}
        assert not [row for row in read(out / "deletions.csv") if row["object"] == "mail.activity"]
    change(path, "- [ ] 送る", "")
    odoo(run, root, out)
    gone = [row["id"] for row in read(out / "deletions.csv") if row["object"] == "mail.activity"]
    assert gone
    assert set(gone) == {dated["id"].removeprefix("notevault.")}


def test_success_file_without_ids_is_refused_with_a_hint(root: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("name\nfoo\n")
    ran = run("export", "-p", "salesforce", "--ids", tmp_path / "x.csv", vault=root)
    assert ran.exit_code == 2
    assert "[ids]" in ran.stderr


def test_what_went_away_stands_in_its_own_file_once(root: Path, out: Path, run: Run) -> None:
    export(run, root, out)
    deal = next(row for row in read(out / "Opportunity.csv") if row["Source_Path__c"] == "b.md")
    (root / "b.md").unlink()
    ran = run("export", "-p", "salesforce", "-o", out, vault=root)
    assert "deletions.csv" in ran.stderr
    gone = {(row["file"], row["id"]) for row in read(out / "deletions.csv")}
    assert ("Opportunity", deal["External_Id__c"]) in gone
    assert {file for file, _id in gone} >= {"Opportunity", "Task", "Event"}
    assert "Account" not in {file for file, _id in gone}
    run("export", "-p", "salesforce", "-o", out, vault=root)
    assert not read(out / "deletions.csv")


def test_customer_that_is_now_another_is_named_with_its_successor(root: Path, out: Path, run: Run) -> None:
    (root / "d.md").write_text(NOTE.format(name="ウミノブッサン"), encoding="utf-8")
    export(run, root, out)
    before = {row["Name"]: row["External_Id__c"] for row in read(out / "Account.csv")}
    change(root / "c/b.md", "status:", "aliases: [ウミノブッサン]\nstatus:")
    export(run, root, out)
    merged = [row for row in read(out / "merges.csv") if row["file"] == "Account"]
    assert [(row["id"], row["how"], row["into_id"]) for row in merged] == [
        (before["ウミノブッサン"], "merged", before["海野物産株式会社"])
    ]


def test_lead_that_became_an_account_is_said_to_be_converted(make_vault: MakeVault, out: Path, run: Run) -> None:
    root = make_vault({"c.md": CUSTOMER.format(name="株式会社山田工業").replace("取引先", "リード")}, settings=SETTINGS)
    export(run, root, out)
    (lead,) = read(out / "Lead.csv")
    change(root / "c.md", "リード", "取引先")
    export(run, root, out)
    (row,) = read(out / "merges.csv")
    assert (row["file"], row["id"], row["how"], row["into_id"]) == (
        "Lead", lead["External_Id__c"], "converted", lead["External_Id__c"],
    )  # fmt: skip


def test_ids_stay_after_rename_resync_and_on_another_machine(
    root: Path, out: Path, run: Run, tmp_path: Path, make_vault: MakeVault
) -> None:
    export(run, root, out)
    before = {path.name: path.read_bytes() for path in out.glob("*.csv") if path.stem in ("Account", "Contact")}
    (root / "archive").mkdir()
    (root / "c/a.md").rename(root / "archive/moved.md")
    run("sync", "--full", vault=root)
    export(run, root, tmp_path / "again")
    elsewhere = make_vault(FILES, name="elsewhere", settings=SETTINGS)
    export(run, elsewhere, tmp_path / "other")
    for name, data in before.items():
        ours = [row["External_Id__c"] for row in read(out / name)]
        assert [row["External_Id__c"] for row in read(tmp_path / "again" / name)] == ours
        assert (tmp_path / "other" / name).read_bytes() == data
