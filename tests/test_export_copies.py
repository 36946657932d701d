"""What stands beside the tables: a sample, copies for looking at, the guide, and what is left out of it all."""

import csv
import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from notevault.export import ExportOrder, run_export
from notevault.export.profile import load_profile
from notevault.upkeep import sync_workspace
from notevault.workspace import open_workspace
from tests.conftest import TODAY, MakeVault, Run

SAMPLE = Path(__file__).parents[1] / "sample-vault"
CUSTOMER = "---\ntype: customer\nname: 株式会社山田工業\nstatus: 取引先\n---\n"
NOTE = """---
type: meeting
date: 2026-11-20
customer: 株式会社山田工業
contacts: ['佐々木 小次郎 部長 <kojiro@example.co.jp> 090-1234-5678']
owner: sato
deal: '=1+1'
stage: 提案
close_date: 2027-01-29
---
# 提案

佐々木 小次郎さんと話した。
- [ ] 送る
"""


def read(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def descriptor(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((out / "datapackage.json").read_bytes())["resources"]
    return found


@pytest.mark.parametrize("count", [1, 3])
def test_sample_is_whole_in_itself(count: int, tmp_path: Path, run: Run) -> None:
    vault = tmp_path / "sample"
    shutil.copytree(SAMPLE, vault)
    run("export", "-o", tmp_path / "out", "--sample", str(count), vault=vault)
    tables = {each["name"]: each for each in descriptor(tmp_path / "out") if "schema" in each}
    rows = {name: read(tmp_path / "out" / each["path"]) for name, each in tables.items()}
    assert count <= len(rows["opportunities"]) <= len(rows["notes"])
    assert len(rows["notes"]) < len(list(vault.rglob("*.md"))) / 2
    checked = 0
    for name, each in tables.items():
        for key in each["schema"].get("foreignKeys", ()):
            target, (column,) = key["reference"]["resource"], key["fields"]
            ids = {row[key["reference"]["fields"][0]] for row in rows[target]}
            assert {row[column] for row in rows[name]} - {""} <= ids, (name, column)
            checked += 1
    assert checked > 10
    assert not list((vault / "export").glob("*.csv"))


def test_sample_of_a_profile_is_remembered_by_nobody(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE, "c.md": CUSTOMER})
    run("export", "-p", "salesforce", "-o", tmp_path / "out", "--sample", "5", vault=root)
    assert not list(root.glob("export/*"))
    run("export", "-p", "salesforce", "-o", tmp_path / "out", vault=root)
    assert len(read(tmp_path / "out" / "Event.csv")) == 1


@pytest.mark.parametrize("profile", ["generic", "salesforce", "hubspot", "tryton"])
def test_redacted_export_says_nothing_of_persons(profile: str, make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    twin = NOTE.replace("佐々木 小次郎 部長", "佐々木 小次郎左衛門").replace("=1+1", "=2+2")
    root = make_vault({"a.md": NOTE, "b.md": twin, "c.md": CUSTOMER})
    run("export", "-p", profile, "-o", tmp_path / "whole", vault=root)
    (root / "b.md").unlink()
    options = ("--redact", "--safe-for-excel", "--again")
    ran = run("export", "-p", profile, "-o", tmp_path / "out", *options, vault=root)
    assert "personal data were left out" in ran.stderr
    words = ("佐々木", "小次郎", "kojiro", "090-1234")
    assert all(word in text_of(tmp_path / "whole") for word in words)
    assert not [word for word in words if word in text_of(tmp_path / "out")]


def text_of(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


def test_columns_with_personal_data_are_marked(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    run("export", "-o", tmp_path / "out", vault=make_vault({"a.md": NOTE}))
    marked = {
        f"{each['name']}.{field['name']}"
        for each in descriptor(tmp_path / "out")
        for field in each.get("schema", {}).get("fields", ())
        if field.get("personal")
    }
    assert marked >= {
        *(f"contacts.{name}" for name in ("name", "last_name", "first_name", "email", "phone", "mobile", "title")),
        *("attendees.name_raw", "notes.body", "notes.front_matter", "activities.body", "accounts.description"),
    }
    assert not {name for name in marked if name.endswith(("id", "owner", "source_path"))}


def test_copy_for_spreadsheets_runs_nothing_and_is_marked(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    run("export", "-o", tmp_path / "out", "--safe-for-excel", vault=make_vault({"a.md": NOTE}))
    (copy,) = read(tmp_path / "out" / "FOR-LOOKING-ONLY-opportunities.csv", "utf-8-sig")
    (loaded,) = read(tmp_path / "out" / "opportunities.csv")
    assert (copy["name"], loaded["name"]) == ("'=1+1", "=1+1")
    for path in (tmp_path / "out").glob("FOR-LOOKING-ONLY-*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert not [cell for row in csv.reader(stream) for cell in row if cell[:1] in {"=", "+", "-", "@", "\t"}]


@pytest.mark.skipif(not find_spec("openpyxl"), reason="openpyxl is not installed")
def test_workbook_holds_every_cell_whole_as_text(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    from openpyxl import load_workbook  # noqa: PLC0415 -- only where it is installed

    own = '[files.all]\nfrom = "notes"\n[files.all.columns]\nwhole = { join = ["front_matter", "body", "body"] }\n'
    emoji = "🍣" * 17_000
    root = make_vault({"a.md": NOTE + "長い話。\n" * 5_000, "b.md": NOTE + emoji, "export/own.toml": own})
    run("export", "-p", "own", "-o", tmp_path / "out", "--xlsx", vault=root)
    book = load_workbook(tmp_path / "out" / "FOR-LOOKING-ONLY.xlsx", read_only=True)
    assert book.sheetnames == ["all", "continued"]
    sheet = [[cell.value for cell in row] for row in book["all"].iter_rows()]
    assert max(len(str(value).encode("utf-16-le")) // 2 for row in sheet for value in row) <= 32_767
    rest: dict[int, str] = {}
    for name, number, column, piece in list(book["continued"].iter_rows(values_only=True))[1:]:
        assert (name, column) == ("all", "whole")
        rest[int(str(number))] = rest.get(int(str(number)), "") + str(piece)
    loaded = read(tmp_path / "out" / "all.csv")
    assert len(rest) == 2
    for number, row in enumerate(loaded, start=2):
        shown = str(sheet[number - 1][0]).removesuffix(" … (goes on in the sheet 'continued')")
        assert shown + rest.get(number, "") == row["whole"]


@pytest.mark.parametrize("name", ["salesforce", "salesforce-bulk", "hubspot", "kintone", "dynamics", "zoho", "tryton"])
def test_guide_tells_order_settings_and_comparison_in_both_languages(
    name: str, make_vault: MakeVault, run: Run, tmp_path: Path
) -> None:
    root = make_vault({"a.md": NOTE})
    run("export", "-p", name, "-o", tmp_path / "out", vault=root)
    japanese, english = (tmp_path / "out" / "LOAD.md").read_text(encoding="utf-8").split("\n---\n")
    profile = load_profile(name, root)
    paths = [each["path"] for each in descriptor(tmp_path / "out") if "rows" in each]
    for text, sentences in ((japanese, profile.guide.ja), (english, profile.guide.en)):
        assert re.findall(r"^\| \d+ \| `([^`]+)` \|", text, re.MULTILINE) == paths
        assert sentences
        assert all(sentence in text for sentence in sentences)
        assert all(word in text for word in ("reconcile.csv", "preflight.json", "--ids", "--sample"))
    assert "取り込みの順番" in japanese or "## 1. 順番" in japanese
    assert not re.search(
        "[぀-ヿ]", re.sub("`[^`]*`|^\\|.*$", "", english, flags=re.MULTILINE).replace(profile.title, "")
    )


def test_reconciliation_counts_rows_and_sums_amounts(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    second = NOTE.replace("=1+1", "入替").replace("stage: 提案", "stage: 提案\namount: 30万円")
    root = make_vault({"a.md": NOTE.replace("stage: 提案", "stage: 提案\namount: 1.2M円"), "b.md": second})
    run("export", "-p", "salesforce", "-o", tmp_path / "out", vault=root)
    rows = read(tmp_path / "out" / "reconcile.csv")
    total = [row for row in rows if (row["file"], row["owner"], row["currency"]) == ("Opportunity", "*", "JPY")]
    assert [(row["rows"], row["amount"]) for row in total] == [("2", "1500000")]
    assert sum(float(row["Amount"] or 0) for row in read(tmp_path / "out" / "Opportunity.csv")) == 1_500_000


def test_progress_grows_up_to_what_is_expected(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({f"{number}.md": NOTE.replace("=1+1", f"案件{number}") for number in range(40)})
    told: list[tuple[int, int]] = []
    with open_workspace(root, today=TODAY) as workspace:
        sync_workspace(workspace)
        order = ExportOrder(profile=load_profile("salesforce", root), out=tmp_path / "out", today=TODAY)
        catalog, settings = workspace.catalog, workspace.settings
        with run_export(catalog, settings, root, order, lambda *each: told.append(each)):
            pass
    done, expected = zip(*told, strict=True)
    assert list(done) == sorted(done)
    assert set(expected) == {expected[0]}
    assert expected[0] * 0.5 < done[-1] <= expected[0]
