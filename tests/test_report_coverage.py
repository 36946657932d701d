import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from notevault.report.coverage import CoverageItem, CustomerCoverage, HearingSheets
from notevault.report.coverage_page import make_checklist, make_heat_map, make_sheet
from notevault.report.document import Items, Table, render_markdown
from notevault.workspace import Workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.customer_vault import NOTES, SETTINGS
from tests.synced import synced


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


@pytest.fixture
def workspace(vault: Path) -> Iterator[Workspace]:
    with synced(vault) as opened:
        yield opened


def _sheets(workspace: Workspace) -> HearingSheets:
    return HearingSheets(workspace.catalog, workspace.settings, workspace.templates, TODAY, language="en")


def _sheet(workspace: Workspace, name: str = "株式会社山田工業") -> CustomerCoverage:
    return next(sheet for sheet in _sheets(workspace).fill_in() if sheet.customer == name)


def _items(sheet: CustomerCoverage) -> dict[str, CoverageItem]:
    return {item.key: item for item in sheet.items}


def test_questions_are_template_fields_and_settings_with_a_stage(workspace: Workspace) -> None:
    assert {question.key for question in _sheets(workspace).asked} == {
        "contacts",
        "amount",
        "users",
        "decision_maker",
        "budget",
        "timing",
    }


def test_a_contact_is_a_name_and_a_title(make_vault: MakeVault) -> None:
    template = "---\ntemplate: meeting\nfields:\n  contacts: {type: people, required_from: ヒアリング}\n---\n"
    note = "---\ntype: meeting\ndate: 2026-11-01\ncustomer: 甲社\ncontacts: [橘真一 社長 shin@kou.example]\n---\n"
    with synced(make_vault({"templates/meeting.md": template, "a.md": note})) as workspace:
        assert _items(_sheet(workspace, "甲社"))["contacts"].value == "橘真一 社長"


def test_answers_are_found_in_fields_and_in_learned(workspace: Workspace) -> None:
    items = _items(_sheet(workspace))
    assert (items["amount"].state, items["amount"].value) == ("known", "120万円")
    assert (items["users"].state, items["users"].value, items["users"].level) == ("known", "60", "function")
    assert (items["decision_maker"].state, items["decision_maker"].value) == ("known", "山田社長")


def test_what_the_stage_needs_and_nobody_knows_is_due(workspace: Workspace) -> None:
    sheet = _sheet(workspace)
    items = _items(sheet)
    assert (items["budget"].state, items["budget"].due) == ("unknown", True)
    assert (items["timing"].state, items["timing"].due) == ("unknown", False)
    assert (sheet.known, sheet.asked, sheet.missing) == (4, 6, 1)


def test_customer_without_a_deal_owes_nothing(workspace: Workspace) -> None:
    assert _sheet(workspace, "青嶺物流").missing == 0


def test_answer_older_than_its_template_allows_is_stale(make_vault: MakeVault) -> None:
    late = {**NOTES, "templates/meeting.md": NOTES["templates/meeting.md"].replace("stale_after: 30", "stale_after: 5")}
    with synced(make_vault(late, settings=SETTINGS)) as workspace:
        assert _items(_sheet(workspace))["users"].state == "stale"


def test_sheet_shows_what_was_learned_besides(workspace: Workspace) -> None:
    sheet = _sheet(workspace)
    assert {one.label for one in sheet.others} == {"Fiscal year end", "Lease end", "駐車場"}
    text = render_markdown(make_sheet(sheet, workspace.settings, "en"))
    assert "| Proposal | Budget | needed now |" in text
    assert "山田部長 (2026-03-02)" in text


def test_heat_map_has_a_coloured_cell_for_each_question(workspace: Workspace) -> None:
    sheets_of = _sheets(workspace)
    table = make_heat_map(sheets_of.fill_in(), sheets_of.asked, workspace.settings, "en").blocks[0]
    assert isinstance(table, Table)
    row = next(row for row in table.rows if row[0].text == "株式会社山田工業")
    tones = dict(zip(table.headings, (cell.tone for cell in row), strict=True))
    assert (tones["Decision maker"], tones["Budget"], tones["Timing"]) == ("good", "bad", "muted")


def test_checklist_has_what_is_due_first(workspace: Workspace) -> None:
    (block,) = make_checklist([_sheet(workspace)], workspace.settings, "en", TODAY).blocks
    assert isinstance(block, Items)
    assert [(item.text, item.box, item.tone) for item in block.items] == [
        ("Budget (by Proposal)", False, "bad"),
        ("Timing (by Quote)", False, ""),
    ]


def test_command_lists_filters_and_writes(run: Run, vault: Path, tmp_path: Path) -> None:
    ran = run("report", "coverage", vault=vault)
    assert (ran.exit_code, "株式会社山田工業" in ran.stdout, "Budget" in ran.stdout) == (0, True, True)
    rows = json.loads(run("report", "coverage", "--owner", "ito", "--json", vault=vault).stdout)
    assert {row["customer"] for row in rows} == {"山田工業 大阪支店", "青嶺物流"}
    rows = json.loads(run("report", "coverage", "--stage", "proposal", "--missing", "--json", vault=vault).stdout)
    assert [row["customer"] for row in rows] == ["株式会社山田工業"]
    assert "[ ] Budget" in run("report", "coverage", "山田工業", "--checklist", vault=vault).stdout
    page = tmp_path / "map.html"
    assert run("report", "coverage", "--html", page, vault=vault).exit_code == 0
    assert "株式会社山田工業" in page.read_text(encoding="utf-8")


def test_nobody_in_that_stage_is_an_error(run: Run, vault: Path) -> None:
    assert run("report", "coverage", "--stage", "won", vault=vault).exit_code == 2
