"""The ways in which an import goes wrong: each fault is planted in a note and named with its line, three times over."""

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run

OWNERS = '[owners]\nsato = {name = "佐藤", email = "sato@example.co.jp"}\n'
NOTE = """---
type: meeting
date: 2026-11-20 14:00
customer: 株式会社山田工業
contacts: [山田 太郎]
owner: sato
deal: 複合機入替
stage: 提案
amount: 1,200,000円
close_date: 2027-01-29
---
# 提案

- [ ] 送る @sato due:2026-11-27
"""
CUSTOMER = """---
type: customer
name: 株式会社山田工業
status: 取引先
owner: sato
corporate_number: 7000012005078
domain: yamada.example.co.jp
phone: 06-1234-5678
---
"""
LONG = "あ" * 300
WON_ON_NO_DAY = (
    NOTE.replace("date: 2026-11-20 14:00\n", "").replace("提案", "受注", 1).replace("close_date: 2027-01-29\n", "")
)
OWN_PROFILE = """[files.X]
from = "activities"
[files.X.columns]
Start = {from = "start_at", type = "datetime"}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One planted fault and where it must be named."""

    files: dict[str, str]
    profile: str
    rule: str
    place: str
    severity: str
    settings: str = OWNERS
    options: tuple[str, ...] = field(default=())


FAULTS = {
    "1 two companies of one number": Fault(
        files={"a.md": CUSTOMER, "b.md": CUSTOMER.replace("山田工業", "海野物産").replace("yamada", "unno")},
        profile="generic", rule="duplicate-number", place=":6", severity="warning",
    ),
    "1 a number whose check digit is wrong": Fault(
        files={"a.md": CUSTOMER.replace("7000012005078", "1000012005078")},
        profile="generic", rule="corporate-number", place="a.md:6", severity="warning",
    ),
    "1 one address of two persons": Fault(
        files={
            "a.md": NOTE.replace("[山田 太郎]", "['山田 太郎 <info@example.co.jp>']"),
            "b.md": NOTE.replace("[山田 太郎]", "['鈴木 花子 <info@example.co.jp>']"),
        },
        profile="hubspot", rule="duplicate-email", place=":5", severity="warning",
    ),
    "1 nothing to tell a company by": Fault(
        files={"a.md": NOTE}, profile="hubspot", rule="no-match-key", place="a.md:", severity="warning",
    ),
    "2 a customer that may be two": Fault(
        files={
            "c.md": CUSTOMER.replace("name: 株式会社山田工業", "name: 山田工業株式会社").replace("70000", "71000"),
            "d.md": CUSTOMER.replace("name: 株式会社山田工業", "name: 合同会社山田工業").replace("70000", "72000"),
            "a.md": NOTE.replace("株式会社山田工業", "山田工業"),
        },
        profile="generic", rule="orphan", place="a.md:4", severity="warning",
    ),
    "2 a ToDo that hangs on nobody": Fault(
        files={"a.md": "---\ntype: team-meeting\ndate: 2026-11-20\n---\n- [ ] 片付ける\n"},
        profile="tryton", rule="left-out", place="a.md:5", severity="warning",
    ),
    "2 two deals of one name where the CRM looks them up by it": Fault(
        files={"a.md": NOTE, "b.md": NOTE.replace("山田工業", "海野物産")},
        profile="dynamics", rule="ambiguous-name", place=":7", severity="error",
    ),
    "3 a stage without a name in the CRM": Fault(
        files={"a.md": NOTE.replace("提案", "謎の段階", 1)},
        profile="salesforce", rule="unmapped-stages", place="a.md:8", severity="error",
    ),
    "3 a stage that is not in the CRM's own list": Fault(
        files={"a.md": NOTE}, profile="salesforce", rule="picklist", place="a.md:8", severity="error",
        options=("--picklist", "stages.csv"),
    ),
    "3 won on no day": Fault(
        files={"a.md": WON_ON_NO_DAY},
        profile="generic", rule="closed-without-date", place="a.md:", severity="warning",
    ),
    "4 an owner without an account": Fault(
        files={"a.md": NOTE.replace("owner: sato", "owner: 退職者")},
        profile="salesforce", rule="unmapped-owners", place="a.md:6", severity="error",
    ),
    "4 nobody owns it": Fault(
        files={"a.md": NOTE.replace("owner: sato\n", "").replace("@sato ", "")},
        profile="salesforce", rule="owner-empty", place="a.md:", severity="info",
    ),
    "5 a day that nobody can read": Fault(
        files={"a.md": NOTE.replace("2026-11-20 14:00", "先週の木曜あたり")},
        profile="salesforce", rule="date-unreadable", place="a.md:3", severity="warning",
    ),
    "6 a name that is too long": Fault(
        files={"a.md": NOTE.replace("株式会社山田工業", f"株式会社{LONG}")},
        profile="salesforce", rule="too-long", place="a.md:4", severity="error",
    ),
    "6 a deal's name goes to the description": Fault(
        files={"a.md": NOTE.replace("複合機入替", LONG)},
        profile="salesforce", rule="moved", place="a.md:7", severity="warning",
    ),
    "6 a text that is too long for one row": Fault(
        files={"a.md": NOTE + "長い。\n" * 20_000},
        profile="salesforce", rule="continued", place="a.md:", severity="warning",
    ),
    "7 no day of closing": Fault(
        files={"a.md": NOTE.replace("close_date: 2027-01-29\n", "")},
        profile="salesforce", rule="required", place="a.md:", severity="error",
    ),
    "7 no amount": Fault(
        files={"a.md": NOTE.replace("amount: 1,200,000円\n", "")},
        profile="espocrm", rule="required", place="a.md:", severity="error",
    ),
    "8 a day where the CRM wants a moment": Fault(
        files={
            "a.md": NOTE.replace(" 14:00", ""),
            "export/own.toml": OWN_PROFILE,
        },
        profile="own", rule="day-as-moment", place="a.md:3", severity="error",
    ),
    "8 a time that was not written": Fault(
        files={"a.md": NOTE.replace(" 14:00", "")},
        profile="hubspot", rule="time-assumed", place="a.md:3", severity="info",
    ),
    "8 how a moment is read": Fault(
        files={"a.md": NOTE}, profile="espocrm", rule="date-read", place="a.md:3", severity="info",
    ),
    "9 a letter that CP932 lacks": Fault(
        files={"a.md": NOTE.replace("複合機入替", "鷗の件")},
        profile="kintone", rule="encoding", place="a.md:7", severity="error", options=("--encoding", "cp932"),
    ),
    "9 what a spreadsheet runs": Fault(
        files={"a.md": NOTE.replace("複合機入替", "=1+1")},
        profile="generic", rule="formula", place="a.md:7", severity="info",
    ),
    "9 zeros that a spreadsheet drops": Fault(
        files={"a.md": CUSTOMER.replace("06-1234-5678", "0612345678")},
        profile="generic", rule="digits", place="a.md:", severity="info",
    ),
    "9 characters that an import on screen forbids": Fault(
        files={"a.md": NOTE.replace("複合機入替", "A<B|C")},
        profile="zoho", rule="forbidden", place="a.md:7", severity="warning",
    ),
    "10 a file that is not there": Fault(
        files={"a.md": NOTE + "![図](図面.png)\n"},
        profile="generic", rule="attachment-missing", place="a.md:15", severity="warning",
    ),
    "10 a link that leads nowhere": Fault(
        files={"a.md": NOTE + "[[どこにもない]]\n"},
        profile="generic", rule="link-unresolved", place="a.md:15", severity="info",
    ),
    "an amount in another currency": Fault(
        files={
            "a.md": NOTE, "b.md": NOTE.replace("山田工業", "海野物産"),
            "c.md": NOTE.replace("山田工業", "森田商会").replace("1,200,000円", "50,000 USD"),
        },
        profile="salesforce-bulk", rule="currency", place="c.md:9", severity="error",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_named_with_its_line_in_table_json_and_page(
    name: str, make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    fault = FAULTS[name]
    root = make_vault(fault.files, settings=fault.settings)
    (tmp_path / "stages.csv").write_text(
        "column,value\nStageName,Prospecting\nStageName,Closed Won\n", encoding="utf-8"
    )
    options = [str(tmp_path / each) if each.endswith(".csv") else each for each in fault.options]
    order = ("export", "-p", fault.profile, "--check-only", *options)
    as_json = run(*order, "--json", "--html", tmp_path / "page.html", vault=root)
    findings = [each for each in json.loads(as_json.stdout)["findings"] if each["rule"] == fault.rule]
    places = {f"{each['path']}:{each['line']}" for each in findings}
    wanted = re.compile(rf"{'[a-z]' if fault.place.startswith(':') else ''}.*{re.escape(fault.place)}\d*")
    (place,) = {next(filter(wanted.fullmatch, sorted(places)), f"not among {places}")}
    assert place in places
    assert {each["severity"] for each in findings} == {fault.severity}
    assert as_json.exit_code == (1 if '"severity": "error"' in as_json.stdout else 0)
    table = run(*order, "--no-sync", vault=root)
    assert any(fault.rule in line and place in line for line in table.stdout.splitlines())
    page = html.unescape((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert re.search(rf"<td>{fault.rule}</td>(<td>[^<]*</td>){{2}}<td>{re.escape(place)}</td>", page)


def test_a_vault_without_faults_has_no_errors(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "c.md": CUSTOMER}, settings=OWNERS)
    for profile in ("generic", "salesforce", "hubspot", "kintone", "dynamics", "zoho", "pipedrive", "odoo", "espocrm"):
        ran = run("export", "-p", profile, "--check-only", "--no-sync", vault=root)
        if profile == "generic":
            ran = run("export", "-p", profile, "--check-only", vault=root)
        assert ran.exit_code == 0, (profile, ran.stdout)


def test_every_date_column_says_how_it_is_read(make_vault: MakeVault, run: Run) -> None:
    files = {"a.md": NOTE, "b.md": NOTE.replace(" 14:00", "").replace("山田工業", "海野物産")}
    ran = run("export", "-p", "espocrm", "--check-only", "--json", vault=make_vault(files, settings=OWNERS))
    read = [each for each in json.loads(ran.stdout)["findings"] if each["rule"] == "date-read"]
    said = {(each["file"], each["column"]): each["message"] for each in read}
    assert "'2026-11-20 05:00:00', which a CRM reads as 2026-11-20 05:00 UTC" in said["Meeting", "dateStart"]
    assert "reads as 27 Nov 2026" in said["Task", "dateEndDate"]
    assert "reads as 29 Jan 2027" in said["Opportunity", "closeDate"]


def test_page_shows_notes_as_text(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE.replace("owner: sato", "owner: <script>alert(1)</script>")}, settings=OWNERS)
    run("export", "-p", "salesforce", "--check-only", "--html", tmp_path / "page.html", vault=root)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
