"""What the tables of a small vault hold, from the notes on."""

import csv
from pathlib import Path

import pytest

from notevault.export import TABLES, export_tables
from notevault.export.source import Source, status_key
from notevault.upkeep import sync_workspace
from notevault.workspace import open_workspace
from tests.conftest import MakeVault

Tables = dict[str, list[dict[str, str]]]

YAMADA = """---
type: customer
name: 株式会社山田工業
aliases: [山田工業]
status: 取引先
corporate_number: 7-0000-1200-5078
address: 〒577-0000 大阪府東大阪市稲田西町4-5-6
phone: 06-0000-0000
owner: sato
---
# 株式会社山田工業
板金。
"""
MEETING = """---
type: meeting
date: 2026-11-20 14:00-15:00
customer: 山田工業
contacts: [山田太郎 部長, 鈴木花子]
attendees: [佐藤, 田中]
owner: sato
channel: visit
place: 本社
deal: 複合機入替
stage: 提案
amount: 1,200,000円
close_date: 2027-01-29
tags: [AKG, 急ぎ]
---
# 提案 [表](table.csv)

- [ ] 提案書を作成する due:2026-11-27 !high
- [x] 電話 @tanaka done:2026-11-21
"""
FIRST = """---
type: call
date: 2026-11-02
customer: ㈱山田工業
contacts: [鈴木花子]
deal: 複合機入替
stage: リード
---
電話。
"""
INQUIRY = """---
type: inquiry
date: 2026-10-20
customer: たちばな不動産
contacts: [橘真一]
stage: リード
---
- [ ] 折り返す
"""


def read(out: Path, name: str) -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def export(root: Path, out: Path) -> Tables:
    with open_workspace(root) as workspace:
        sync_workspace(workspace)
        export_tables(workspace.catalog, workspace.settings, out, workspace.root)
    return {table.name: read(out, table.name) for table in TABLES}


@pytest.fixture
def tables(make_vault: MakeVault, tmp_path: Path) -> Tables:
    settings = '[owners]\nsato = {name = "佐藤"}\ntanaka = {name = "田中"}\n'
    files = {"c/yamada.md": YAMADA, "m/1.md": FIRST, "m/2.md": MEETING, "m/3.md": INQUIRY}
    return export(make_vault(files, settings=settings), tmp_path / "out")


def test_account_has_its_customer_notes_fields(tables: Tables) -> None:
    (account,) = tables["accounts"]
    assert account["name"] == "株式会社山田工業"
    assert account["corporate_number"] == "7000012005078"
    assert account["type"] == "account"
    assert (account["postal_code"], account["state"], account["city"]) == ("577-0000", "大阪府", "東大阪市")
    assert account["description"] == "# 株式会社山田工業\n板金。"
    assert account["source_path"] == "c/yamada.md"
    assert (account["source_created_at"], account["source_updated_at"]) == ("2026-11-02", "2026-11-20")


def test_inquiry_without_more_is_a_lead_and_no_opportunity(tables: Tables) -> None:
    (lead,) = tables["leads"]
    assert (lead["company"], lead["last_name"], lead["first_name"]) == ("たちばな不動産", "橘", "真一")
    assert lead["status"] == "contacted"
    (contact,) = (row for row in tables["contacts"] if row["lead_id"])
    assert (contact["id"], contact["account_id"]) == (lead["contact_id"], "")
    (task,) = (row for row in tables["tasks"] if row["lead_id"])
    assert (task["lead_id"], task["opportunity_id"], task["contact_id"]) == (lead["id"], "", contact["id"])
    assert [row["lead_id"] for row in tables["activities"] if row["lead_id"]] == [lead["id"]]


def test_opportunity_is_what_the_newest_note_says(tables: Tables) -> None:
    (deal,) = tables["opportunities"]
    assert deal["account_id"] == tables["accounts"][0]["id"]
    assert (deal["name"], deal["stage"], deal["stage_raw"], deal["state"]) == ("複合機入替", "proposal", "提案", "open")
    assert (deal["amount"], deal["currency"], deal["close_date"]) == ("1200000", "JPY", "2027-01-29")
    assert deal["next_step"] == "提案書を作成する"
    main = next(row for row in tables["contacts"] if row["id"] == deal["primary_contact_id"])
    assert main["name"] == "鈴木花子"  # met twice


def test_stage_history_tells_each_move(tables: Tables) -> None:
    moves = [
        (row["previous_stage"], row["stage"], row["changed_at"], row["source_path"]) for row in tables["stage_history"]
    ]
    assert moves == [("", "lead", "2026-11-02", "m/1.md"), ("lead", "proposal", "2026-11-20", "m/2.md")]
    assert tables["stage_history"][1]["source_line"] == "11"


def test_time_has_an_offset_and_a_day_stays_a_day(tables: Tables) -> None:
    timed = next(row for row in tables["activities"] if row["source_path"] == "m/2.md")
    assert (timed["start_at"], timed["end_at"]) == ("2026-11-20T14:00:00+09:00", "2026-11-20T15:00:00+09:00")
    assert (timed["all_day"], timed["location"], timed["tags"]) == ("false", "本社", "AKG; 急ぎ")
    dated = next(row for row in tables["activities"] if row["source_path"] == "m/1.md")
    assert (dated["start_at"], dated["end_at"], dated["all_day"]) == ("2026-11-02", "", "true")
    assert dated["channel"] == "phone"


def test_tasks_have_owner_due_date_and_priority(tables: Tables) -> None:
    first, second = (row for row in tables["tasks"] if row["source_path"] == "m/2.md")
    assert (first["subject"], first["due_date"], first["priority"]) == ("提案書を作成する", "2026-11-27", "high")
    assert (first["status"], first["owner"], first["contact_id"]) == ("open", "sato", "")
    assert (second["status"], second["owner"], second["completed_at"]) == ("done", "tanaka", "2026-11-21")


def test_attendees_are_told_by_side(tables: Tables) -> None:
    people = [(row["side"], row["name_raw"], bool(row["contact_id"])) for row in tables["attendees"]]
    assert ("customer", "山田太郎 部長", True) in people
    assert ("own", "田中", False) in people


def test_notes_hold_every_note_whole(tables: Tables) -> None:
    assert len(tables["notes"]) == 4
    note = next(row for row in tables["notes"] if row["source_path"] == "m/2.md")
    assert "---\n" + note["front_matter"] + "---\n" + note["body"] == MEETING
    assert (note["parent_type"], note["activity_id"]) == ("opportunity", note["id"])
    customer = next(row for row in tables["notes"] if row["type"] == "customer")
    assert (customer["parent_type"], customer["activity_id"]) == ("account", "")


def test_every_row_names_exactly_the_columns_of_its_table(make_vault: MakeVault) -> None:
    root = make_vault({"c.md": YAMADA, "m.md": MEETING, "i.md": INQUIRY})
    with open_workspace(root) as workspace:
        sync_workspace(workspace)
        source = Source.of(workspace.catalog, workspace.settings)
        for table in TABLES:
            rows = list(table.rows(source))
            assert rows
            assert all(set(row) == {column.name for column in table.columns} for row in rows)


def test_lead_with_a_named_deal_is_an_account_of_type_lead(make_vault: MakeVault, tmp_path: Path) -> None:
    customer = YAMADA.replace("取引先", "見込客")
    alone = export(make_vault({"c.md": customer}, name="alone"), tmp_path / "a")
    assert (len(alone["leads"]), len(alone["accounts"])) == (1, 0)
    assert alone["leads"][0]["status"] == "new"
    with_deal = export(make_vault({"c.md": customer, "m.md": MEETING}, name="deal"), tmp_path / "b")
    assert [row["type"] for row in with_deal["accounts"]] == ["lead"]
    assert with_deal["leads"] == []
    assert with_deal["accounts"][0]["id"] == alone["leads"][0]["id"]  # converted, not copied


def test_deal_at_stage_lead_with_an_amount_is_an_opportunity(make_vault: MakeVault, tmp_path: Path) -> None:
    note = INQUIRY.replace("stage:", "amount: 50万円\nstage:")
    found = export(make_vault({"i.md": note}), tmp_path / "out")
    assert (len(found["leads"]), len(found["accounts"]), len(found["opportunities"])) == (0, 1, 1)
    assert found["opportunities"][0]["name"] == "たちばな不動産 2026-10-20"
    assert found["opportunities"][0]["name_given"] == "false"


def test_day_it_was_won_is_the_close_date(make_vault: MakeVault, tmp_path: Path) -> None:
    won = MEETING.replace("stage: 提案", "stage: 受注")
    (deal,) = export(make_vault({"m.md": won}), tmp_path / "out")["opportunities"]
    assert (deal["close_date"], deal["expected_close_date"]) == ("2026-11-20", "2027-01-29")


def test_notes_with_the_same_id_get_ids_of_their_own(make_vault: MakeVault, tmp_path: Path) -> None:
    twin = MEETING.replace("---\n", "---\nid: x1\n", 1)
    root = make_vault(
        {"a.md": twin, "b.md": twin.replace("提案書", "見積書"), "c.md": twin.replace("提案書", "請求書")}
    )
    found = export(root, tmp_path / "out")
    ids = [row["id"] for row in found["notes"]]
    assert ids[0] == "x1"
    assert len(set(ids)) == 3
    assert all(identifier.startswith("x1") for identifier in ids)
    assert {row["note_id"] for row in found["tasks"]} == set(ids)


def test_long_note_stands_in_parts_that_join_to_it(make_vault: MakeVault, tmp_path: Path) -> None:
    body = "".join(f"{number}行目の長い話。\n" for number in range(10_000))
    found = export(make_vault({"m.md": MEETING + body}), tmp_path / "out")
    parts = found["notes"]
    assert len(parts) > 3
    assert all(len(part["body"]) <= 32_000 for part in parts)
    assert "".join(part["body"] for part in parts).endswith(body)
    assert [part["body_part"] for part in parts] == [str(number) for number in range(1, len(parts) + 1)]
    assert found["activities"][0]["body_parts"] == str(len(parts))


def test_note_that_does_not_parse_is_exported_as_it_is(make_vault: MakeVault, tmp_path: Path) -> None:
    bad = "---\ntitle: [\n---\n本文\n"
    (note,) = export(make_vault({"bad.md": bad}), tmp_path / "out")["notes"]
    assert note["front_matter"] + note["body"] == "title: [\n本文\n"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("リード", "lead"),
        ("見込み客", "lead"),
        ("Account", "account"),
        ("休眠", "former"),
        ("要注意", "要注意"),
        (None, None),
    ],
)
def test_status_is_read_in_any_spelling(written: str | None, key: str | None) -> None:
    assert status_key(written) == key
