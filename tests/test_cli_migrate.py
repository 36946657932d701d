from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.jsons import load_json

TEMPLATE = (
    "---\ntemplate: call\nversion: 2\nfields:\n  date: {type: date, required: true}\n"
    "  customer: {type: customer, also: [会社名]}\nsections:\n  内容: {}\nrenamed: {話: 内容}\n---\n## 内容\n"
)
OLD = "---\ntype: call\ndate: 2026-11-20\n会社名: 山田\n---\n## 話\nx\n"
NEW = "---\ntype: call\ndate: 2026-11-20\ncustomer: 山田\n---\n## 内容\nx\n"


@pytest.fixture
def root(make_vault: MakeVault) -> Path:
    files = {"templates/call.md": TEMPLATE, "a.md": OLD, "b/日報.md": OLD, "c.md": NEW, "d.md": "# untyped\n"}
    return make_vault(files)


def test_the_default_is_a_diff_and_nothing_written(root: Path, run: Run) -> None:
    ran = run("migrate", "call", vault=root)
    assert ran.exit_code == 0
    assert ran.stdout.startswith(
        "--- a/a.md\n+++ b/a.md\n@@ -1,7 +1,7 @@\n ---\n type: call\n date: 2026-11-20\n-会社名: 山田\n"
        "+customer: 山田\n ---\n-## 話\n+## 内容\n x\n--- a/b/日報.md\n"
    )
    assert "2 of 3 notes would change; --write writes them" in ran.stderr
    assert (root / "a.md").read_text(encoding="utf-8") == OLD


def test_written_notes_are_indexed_and_can_be_taken_back(root: Path, run: Run) -> None:
    ran = run("migrate", "call", "--write", vault=root)
    assert ran.exit_code == 0
    assert "2 notes written" in ran.stderr
    assert "notevault migrate call --undo" in ran.stderr
    assert (root / "b/日報.md").read_text(encoding="utf-8") == NEW
    assert run("search", "customer:山田", "-l", "--no-sync", vault=root).stdout.split() == ["a.md", "b/日報.md", "c.md"]
    assert load_json(run("migrate", "call", "--json", vault=root)) == {"looked_at": 3, "notes": [], "failed": []}
    undone = run("migrate", "電話", "--undo", vault=root)
    assert "2 notes put back" in undone.stderr
    assert (root / "a.md").read_text(encoding="utf-8") == OLD
    nothing = run("migrate", "call", "--undo", vault=root)
    assert nothing.exit_code == 2
    assert "there is no migration of 'call' to undo" in nothing.stderr


def test_undo_refuses_a_note_that_changed_and_exits_with_one(root: Path, run: Run) -> None:
    run("migrate", "call", "--write", vault=root)
    (root / "a.md").write_text("mine", encoding="utf-8")
    undone = run("migrate", "call", "--undo", vault=root)
    assert undone.exit_code == 1
    assert "a.md: it has changed since the migration" in undone.stderr
    assert (root / "a.md").read_text(encoding="utf-8") == "mine"
    assert (root / "b/日報.md").read_text(encoding="utf-8") == OLD


def test_notes_without_a_type_are_taken_only_where_asked(root: Path, run: Run) -> None:
    plan = load_json(run("migrate", "call", "--for-untyped", "--json", vault=root))
    assert plan["looked_at"] == 1
    assert plan["notes"] == [
        {
            "path": "d.md",
            "changes": [{"what": "type", "old": "", "new": "call"}],
            "needs": ["the field 'date' is missing (required)"],
        }
    ]


def test_what_needs_a_person_becomes_todos_once(root: Path, run: Run) -> None:
    for _time in range(2):
        ran = run("migrate", "call", "--for-untyped", "--todos", "team/宿題.md", vault=root)
        assert ran.exit_code == 0
    assert (root / "team/宿題.md").read_text(encoding="utf-8") == (
        "- [ ] the field 'date' is missing (required) [d](<d.md>)\n"
    )
    assert "the field 'date' is missing" in run("todo", "list", "--no-sync", vault=root).stdout
    outside = run("migrate", "call", "--for-untyped", "--todos", "../x.md", vault=root)
    assert outside.exit_code == 2
    assert not (root.parent / "x.md").exists()


def test_todos_are_added_at_the_end_of_a_note_that_is_there(root: Path, run: Run) -> None:
    (root / "todo.md").write_bytes("# 宿題\r\n- [x] the field 'date' is missing (required) [d](<d.md>)".encode())
    (root / "e.md").write_text("# more\n", encoding="utf-8")
    run("migrate", "call", "--for-untyped", "--folder", "", "--todos", "todo.md", vault=root)
    lines = (root / "todo.md").read_bytes().decode().split("\r\n")
    assert lines[1] == "- [x] the field 'date' is missing (required) [d](<d.md>)"
    assert "- [ ] the field 'date' is missing (required) [e](<e.md>)" in lines


def test_a_type_without_a_template_is_told(root: Path, run: Run) -> None:
    ran = run("migrate", "cal", vault=root)
    assert ran.exit_code == 2
    assert "did you mean: call" in ran.stderr
    assert run("migrate", "call", "--write", "--undo", vault=root).exit_code == 2
