"""Profiles: each shipped one works on sample-vault, and a team writes its own."""

import csv
import dataclasses
import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from notevault.errors import SettingsError, UnknownNameError
from notevault.export import package
from notevault.export.files import files_of
from notevault.export.profile import ColumnSpec, FileSpec, FormatSpec, load_profile, profile_names
from notevault.export.tables import TABLES
from tests.conftest import MakeVault, Run

SAMPLE = Path(__file__).parents[1] / "sample-vault"
NAMES = (
    "dynamics",
    "espocrm",
    "generic",
    "generic-rendered",
    "hubspot",
    "kintone",
    "odoo",
    "pipedrive",
    "salesforce",
    "salesforce-bulk",
    "tryton",
    "zoho",
)
NOTE = """---
type: meeting
date: 2026-11-20 14:00
customer: 株式会社山田工業
contacts: [山田 太郎 部長]
owner: sato
deal: 複合機入替
stage: 提案
amount: 1,200,000円
close_date: 2027-01-29
learned: {決裁者: 山田社長}
決算: 3月
---
# 提案 **大事** <b>raw</b>

- [ ] 送る @sato due:2026-11-27
"""
OWNERS = '[owners]\nsato = {name = "佐藤", email = "sato@example.co.jp"}\n'


def read(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def test_every_profile_of_the_readme_is_there(tmp_path: Path) -> None:
    assert profile_names(tmp_path) == NAMES


@pytest.mark.skipif(not find_spec("frictionless"), reason="frictionless is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_every_profile_gives_a_valid_package(name: str, tmp_path: Path, run: Run) -> None:
    from frictionless import Package, system  # noqa: PLC0415 -- only where it is installed

    vault = tmp_path / "sample"
    shutil.copytree(SAMPLE, vault)
    ran = run("export", "-p", name, "-o", tmp_path / "out", vault=vault)
    assert ran.exit_code in (0, 1)
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "fieldName", "note"])[:5]
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, strict=True)
        assert len(set(header)) == len(header)
        assert all(len(row) == len(header) for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_explained_and_every_table_is_taken(name: str, make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    rows = json.loads(run("export", "-p", name, "--explain", "--json", vault=root).stdout)
    profile = load_profile(name, root)
    assert {row["file"] for row in rows} == set(files_of(profile))
    assert all(row["from"] or row["choices"] for row in rows)
    taken = {file.from_ for file in files_of(profile).values()} | {file.lines for file in files_of(profile).values()}
    assert {table.name for table in TABLES} <= taken


def test_salesforce_columns_are_renamed_recoded_and_refer_by_external_id(
    make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    root = make_vault({"a.md": NOTE}, settings=OWNERS + '[export.stages]\n"提案" = "Proposal/Price Quote"\n')
    ran = run("export", "-p", "salesforce", "-o", tmp_path / "out", vault=root)
    assert ran.exit_code == 0, ran.stderr
    (account,) = read(tmp_path / "out" / "Account.csv")
    (deal,) = read(tmp_path / "out" / "Opportunity.csv")
    assert deal["Account.External_Id__c"] == account["External_Id__c"]
    assert (deal["StageName"], deal["Owner.Email"]) == ("Proposal/Price Quote", "sato@example.co.jp")
    assert (deal["CloseDate"], deal["Amount"], deal["Probability"]) == ("2027-01-29", "1200000", "40")
    (event,) = read(tmp_path / "out" / "Event.csv")
    assert (event["IsAllDayEvent"], event["ActivityDate"]) == ("false", "")
    assert (event["StartDateTime"], event["DurationInMinutes"]) == ("2026-11-20T14:00:00+09:00", "60")
    assert event["Description"].startswith("■ 提案 大事 <b>raw</b>")
    (task,) = read(tmp_path / "out" / "Task.csv")
    assert (task["Status"], task["Opportunity:What.External_Id__c"]) == ("Not Started", deal["External_Id__c"])
    assert task["Account:What.External_Id__c"] == ""
    (note,) = read(tmp_path / "out" / "ContentNote.csv")
    content = (tmp_path / "out" / note["Content"]).read_bytes().decode()
    assert content.startswith("■ 提案 大事 &lt;b&gt;raw&lt;/b&gt;<br><br>")
    assert set(re.findall(r"<[^>]*>", content)) == {"<br>"}


def test_odoo_gets_times_in_the_vaults_zone_and_days_that_stay_the_same_in_utc(
    make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    files = {"a.md": NOTE, "b.md": NOTE.replace("2026-11-20 14:00", "2026-11-21")}
    run("export", "-p", "odoo", "-o", tmp_path / "out", vault=make_vault(files, settings=OWNERS))
    rows = {row["allday"]: (row["start"], row["stop"]) for row in read(tmp_path / "out" / "calendar.event.csv")}
    assert rows == {
        "False": ("2026-11-20 14:00:00", "2026-11-20 14:00:00"),
        "True": ("2026-11-21 12:00:00", "2026-11-21 12:00:00"),
    }


def test_pipedrive_gets_visits_and_todos_as_activities(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    call = NOTE.replace("type: meeting", "type: call\nchannel: 電話").replace("2026-11-20 14:00", "2026-11-21")
    root = make_vault({"a.md": NOTE, "b.md": call.replace("- [ ]", "- [x]")}, settings=OWNERS)
    run("export", "-p", "pipedrive", "-o", tmp_path / "out", vault=root)
    fields = ("Type", "Due date", "Done", "Organization", "Deal", "Assigned to user")
    rows = [[row[f"Activity - {name}"] for name in fields] for row in read(tmp_path / "out" / "activities.csv")]
    common = ["株式会社山田工業", "複合機入替", "sato@example.co.jp"]
    assert rows == [["Meeting", "2026-11-20", "Done", *common], ["Call", "2026-11-21", "Done", *common]]
    rows = [[row[f"Activity - {name}"] for name in fields] for row in read(tmp_path / "out" / "tasks.csv")]
    assert rows == [["Task", "2026-11-27", "To do", *common], ["Task", "2026-11-27", "Done", *common]]


def test_zoho_gets_its_own_ids_once_they_are_known(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root, out = make_vault({"a.md": NOTE}, settings=OWNERS), tmp_path / "out"
    run("export", "-p", "zoho", "-o", out, vault=root)
    (deal,) = read(out / "Deals.csv")
    assert {read(out / name)[0][column] for name, column in _OF_ZOHO} == {deal["notevault_id"]}
    ids = tmp_path / "Deals.csv"
    ids.write_text(f"Record Id,notevault_id\nzcrm_7,{deal['notevault_id']}\n", encoding="utf-8")
    run("export", "-p", "zoho", "-o", out, "--ids", ids, "--again", vault=root)
    assert {read(out / name)[0][column] for name, column in _OF_ZOHO} == {"zcrm_7"}


_OF_ZOHO = (("Tasks.csv", "What_Id"), ("Events.csv", "What_Id"), ("Notes.csv", "Parent_Id"))


@pytest.mark.parametrize("name", ["generic", "dynamics", "hubspot", "espocrm", "odoo"])
def test_moments_that_no_other_time_zone_has_are_named_and_stop_nothing(
    name: str, make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    written = ("0001-01-01 08:00", "0999-05-05 10:00", "9999-12-31 23:00")
    files = {f"{day[:4]}.md": NOTE.replace("2026-11-20 14:00", day) for day in written}
    ran = run("export", "-p", name, "-o", tmp_path / "out", vault=make_vault(files, settings=OWNERS))
    assert ran.exit_code in (0, 1), ran.stderr
    rows = json.loads((tmp_path / "out" / "preflight.json").read_bytes())["findings"]
    assert {row["path"] for row in rows if row["rule"] == "date"} <= {"0001.md"}
    assert bool([row for row in rows if row["rule"] == "date"]) is (name != "generic")
    lines = (tmp_path / "out" / "activities.ics").read_bytes().decode().split("\r\n")
    starts = [line for line in lines if line.startswith("DTSTART")]
    assert starts == ["DTSTART:00010101T080000", "DTSTART:09990505T004100Z", "DTSTART:99991231T140000Z"]


def test_salesforce_mapping_files_name_a_field_for_every_column(
    make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    run("export", "-p", "salesforce", "-o", tmp_path / "out", vault=make_vault({"a.md": NOTE}, settings=OWNERS))
    lines = (tmp_path / "out" / "Task.sdl").read_text(encoding="utf-8").splitlines()
    assert "Opportunity\\:What.External_Id__c=Opportunity\\:What-External_Id__c" in lines
    assert "Owner.Email=User\\:Owner-Email" in lines
    assert "# External_Id__c=External_Id__c" in (tmp_path / "out" / "ContentNote.sdl").read_text(encoding="utf-8")
    for path in (tmp_path / "out").glob("*.sdl"):
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        mapped = [line.removeprefix("# ").partition("=")[0] for line in path.read_text(encoding="utf-8").splitlines()]
        assert [name.replace("\\", "") for name in mapped] == header


def test_text_is_rendered_beside_the_neutral_tables(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    run("export", "-p", "generic-rendered", "-o", tmp_path / "out", vault=make_vault({"a.md": NOTE}))
    (rendered,) = read(tmp_path / "out" / "notes_rendered.csv")
    (note,) = read(tmp_path / "out" / "notes.csv")
    assert rendered["id"] == note["id"]
    assert note["body"].startswith("# 提案 **大事** <b>raw</b>")
    assert rendered["body_text"].startswith("■ 提案 大事 <b>raw</b>")
    assert rendered["body_html"].startswith("<h1>提案 <strong>大事</strong> &lt;b&gt;raw&lt;/b&gt;</h1>")


def test_bulk_files_have_no_column_that_is_no_field(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE}, settings=OWNERS)
    run("export", "-p", "salesforce-bulk", "-o", tmp_path / "out", vault=root)
    profile = load_profile("salesforce-bulk", root)
    assert not [name for file in profile.files.values() for name, spec in file.columns.items() if spec.beside]
    assert not list((tmp_path / "out").glob("*.sdl"))
    assert len(read(tmp_path / "out" / "notes.csv")) == 1


def test_kintone_records_with_several_persons_take_several_rows(
    make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    root = make_vault({"a.md": NOTE.replace("[山田 太郎 部長]", "[山田 太郎 部長, 鈴木 花子]")}, settings=OWNERS)
    run("export", "-p", "kintone", "-o", tmp_path / "out", vault=root)
    first, second = read(tmp_path / "out" / "活動.csv")
    assert (first["レコードの開始行"], second["レコードの開始行"]) == ("*", "")
    assert first["notevault ID"] == second["notevault ID"]
    assert [row["参加者名"] for row in (first, second)] == ["山田 太郎 部長", "鈴木 花子"]


def test_characters_that_cp932_lacks_are_named_and_nothing_else_changes(
    make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    root = make_vault({"a.md": NOTE + "🍣 と ① ㈱ 髙 〜\n"}, settings=OWNERS)
    ran = run("export", "-p", "kintone", "--encoding", "cp932", "-o", tmp_path / "out", vault=root)
    assert ran.exit_code == 1
    (note,) = read(tmp_path / "out" / "メモ.csv", "cp932")
    assert "〓 と ① ㈱ 髙" in note["本文"]
    preflight = json.loads((tmp_path / "out" / "preflight.json").read_bytes())
    assert "🍣 U+1F363" in preflight["characters"]
    found = [finding for finding in preflight["findings"] if finding["rule"] == "encoding"]
    assert {(finding["path"], finding["severity"]) for finding in found} == {("a.md", "error")}


def test_signs_that_look_alike_stand_for_each_other_and_are_named(
    make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    root = make_vault({"a.md": NOTE + "¥100 — 〜\n"}, settings=OWNERS)
    ran = run("export", "-p", "kintone", "--encoding", "cp932", "-o", tmp_path / "out", vault=root)
    assert ran.exit_code == 0
    (note,) = read(tmp_path / "out" / "メモ.csv", "cp932")
    assert note["本文"].endswith("￥100 ― ～")
    preflight = json.loads((tmp_path / "out" / "preflight.json").read_bytes())
    assert set(preflight["characters"]) == {"¥ U+00A5", "— U+2014", "〜 U+301C"}


def test_a_vaults_own_profile_extends_another(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    own = """
extends = "salesforce"
title = "Ours"
[limits]
rows = 1
[files]
Event = false
Lead = false
[files.Account.columns]
Name = { from = "name", max = 5 }
Phone = false
Budget__c = "learned.決裁者"
[files.Opportunity.columns]
Fiscal__c = { first = ["field.決算", "field.fiscal_year_end"] }
"""
    files = {"a.md": NOTE, "b.md": NOTE.replace("山田工業", "海"), "export/ours.toml": own}
    root = make_vault(files, settings=OWNERS)
    assert "ours" in profile_names(root)
    run("export", "-p", "ours", "-o", tmp_path / "out", vault=root)
    names = {path.name for path in (tmp_path / "out").glob("*.csv")}
    assert {"Account.csv", "Account-2.csv", "Opportunity.csv"} <= names
    assert not {"Event.csv", "Lead.csv"} & names
    row = read(tmp_path / "out" / "Account.csv")[0]
    assert row["Budget__c"] == "山田社長"
    assert "Phone" not in row
    assert read(tmp_path / "out" / "Opportunity.csv")[0]["Fiscal__c"] == "3月"
    preflight = json.loads((tmp_path / "out" / "preflight.json").read_bytes())
    assert [f["id"] for f in preflight["findings"] if f["rule"] == "too-long" and f["column"] == "Name"]


def test_custom_fields_of_the_settings_are_added(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    settings = OWNERS + '[export.fields.opportunities]\n"決裁者" = "DecisionMaker__c"\n'
    run("export", "-p", "zoho", "-o", tmp_path / "out", vault=make_vault({"a.md": NOTE}, settings=settings))
    assert read(tmp_path / "out" / "Deals.csv")[0]["DecisionMaker__c"] == "山田社長"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("[files.X]\nform = 'accounts'\n", "did you mean 'from'"),
        ("[format]\nencodin = 'utf-8'\n", "did you mean 'encoding'"),
        ("extends = 'other'\n", "circle"),
        ("[files.X\n", "not valid TOML"),
        ("[limits]\nrows = 'many'\n", "whole number"),
    ],
)
def test_faults_in_a_profile_are_named_with_their_line(make_vault: MakeVault, source: str, message: str) -> None:
    root = make_vault({"export/own.toml": source, "export/other.toml": "extends = 'own'\n"})
    with pytest.raises(SettingsError, match=message):
        load_profile("own", root)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("{ from = 'nmae' }", "did you mean 'name'"),
        ("{ from = 'owner', map = 'owner' }", "did you mean 'owners'"),
        ("{ from = 'name', type = 'txt' }", "did you mean 'text'"),
        ("'name.x'", "no reference is called"),
    ],
)
def test_sources_that_are_not_there_are_named(make_vault: MakeVault, run: Run, column: str, message: str) -> None:
    root = make_vault({"export/own.toml": f"[files.X]\nfrom = 'accounts'\n[files.X.columns]\nA = {column}\n"})
    ran = run("export", "-p", "own", "--check-only", vault=root)
    assert ran.exit_code == 2
    assert message in ran.stderr


def test_unknown_profile_has_a_guess(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError) as raised:
        load_profile("salesfroce", tmp_path)
    assert "salesforce" in raised.value.hint


def test_every_rule_of_the_preflight_and_every_profile_is_documented() -> None:
    docs = Path(__file__).parents[1] / "docs"
    page = (docs / "export.md").read_text(encoding="utf-8")
    crm = (docs / "crm" / "profiles.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.glob("*.py"))
    rules = set(re.findall(r"(?:\.add|\.report)\(\s*\"([a-z-]+)\"", code)) | set(
        re.findall(r"\"(duplicate-[a-z]+)\"", code)
    )
    assert len(rules) > 30
    assert sorted(rule for rule in rules if f"`{rule}`" not in page) == []
    assert sorted(name for name in NAMES if f"`{name}`" not in page) == []
    for name in set(NAMES) - {"generic", "generic-rendered"}:
        assert load_profile(name, docs).title.partition(" (")[0] in crm
    spec = {field.name.rstrip("_") for kind in (ColumnSpec, FileSpec, FormatSpec) for field in dataclasses.fields(kind)}
    assert sorted(key for key in spec - {"columns"} if f"`{key}`" not in page) == []
