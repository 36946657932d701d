"""Ids that the rows of an export keep, wherever the notes lie."""

import csv
from pathlib import Path

import pytest

from notevault.export import export_tables
from notevault.upkeep import sync_workspace
from notevault.workspace import open_workspace
from tests.conftest import MakeVault

NOTE = (
    "---\ntype: meeting\ndate: 2026-11-20\ncustomer: {customer}\ndeal: 複合機入替\nstage: 提案\n---\n"
    "# 提案\n- [ ] 送る\n"
)


def ids(root: Path, out: Path) -> dict[str, set[str]]:
    with open_workspace(root) as workspace:
        sync_workspace(workspace)
        export_tables(workspace.catalog, workspace.settings, out, workspace.root)
    found = {}
    for path in out.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            found[path.stem] = {row["id"] for row in csv.DictReader(stream) if "id" in row}
    return found


def test_another_machine_gives_the_same_ids_whatever_the_files_are_called(
    make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = make_vault({"a.md": NOTE.format(customer="株式会社山田工業")}, name="here")
    there = make_vault({"2026/商談.md": NOTE.format(customer="株式会社山田工業")}, name="there")
    first = ids(here, tmp_path / "one")
    monkeypatch.setenv("NOTEVAULT_CACHE", str(tmp_path / "other-cache"))
    second = ids(there, tmp_path / "two")
    for table in ("accounts", "opportunities", "activities", "tasks", "notes", "stage_history"):
        assert first[table] == second[table] != set(), table


def test_renamed_note_keeps_its_ids(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE.format(customer="山田工業")})
    before = ids(root, tmp_path / "one")
    (root / "a.md").rename(root / "b.md")
    assert ids(root, tmp_path / "two") == before


def test_notes_that_say_the_same_have_ids_of_their_own(make_vault: MakeVault, tmp_path: Path) -> None:
    text = NOTE.format(customer="山田工業")
    found = ids(make_vault({"a.md": text, "b.md": text + "追記\n"}), tmp_path / "one")
    assert len(found["notes"]) == 2
    assert len(found["tasks"]) == 2
