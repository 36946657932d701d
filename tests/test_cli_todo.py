import json
import re
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.team_vault import NOTES, SETTINGS

_FIELDS = ["id", "text", "status", "due", "owner", "priority", "customer", "deal", "stage", "path", "line", "copies"]


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


def test_todo_alone_lists_and_a_bad_note_is_served_too(run: Run, vault: Path) -> None:
    ran = run("todo", vault=vault)
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert lines[0].split()[:2] == ["due", "owner"]
    assert "12 days overdue" in lines[1]
    assert "today" in lines[2]
    assert "bad.md:5" in ran.stdout
    assert ran.stderr == "6 open ToDos, 1 overdue, 1 due today\n"


def test_json_has_exactly_the_documented_fields(run: Run, vault: Path) -> None:
    rows = json.loads(run("todo", "--json", vault=vault).stdout)
    assert all(list(row) == _FIELDS for row in rows)
    assert [row["due"] for row in rows] == ["2026-11-10", "2026-11-22", "2026-11-27", None, None, None]


def test_json_lines_and_csv_hold_the_same_rows(run: Run, vault: Path) -> None:
    rows = json.loads(run("todo", "--json", vault=vault).stdout)
    assert [json.loads(line) for line in run("todo", "--jsonl", vault=vault).stdout.splitlines()] == rows
    table = run("todo", "--csv", vault=vault).stdout.splitlines()
    assert table[0] == ",".join(f'"{field}"' for field in _FIELDS)
    assert len(table) == len(rows) + 1


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        (["--overdue"], ["古い宿題"]),
        (["--due", "today"], ["納品の立会い"]),
        (["--due", "2026-11-21..2026-11-27"], ["納品の立会い", "提案書を作成する"]),
        (["--owner", "伊藤彩"], ["提案書を作成する"]),
        (["--customer", "山田工業", "--due", "2026-11"], ["古い宿題", "提案書を作成する"]),
        (["--deal", "複合機", "--status", "done"], ["資料を送る"]),
        (["--stage", "受注"], ["納品の立会い"]),
        (["--status", "done", "--status", "cancelled"], ["資料を送る", "やめたこと"]),
    ],
)
def test_options_choose(run: Run, vault: Path, options: list[str], texts: list[str]) -> None:
    rows = json.loads(run("todo", "list", *options, "--json", vault=vault).stdout)
    assert sorted(row["text"] for row in rows) == sorted(texts)


def test_all_adds_what_is_done_and_cancelled(run: Run, vault: Path) -> None:
    rows = json.loads(run("todo", "--all", "--json", vault=vault).stdout)
    assert [row["status"] for row in rows] == ["open"] * 6 + [row["status"] for row in rows[6:]]
    assert {row["status"] for row in rows[6:]} == {"done", "cancelled"}


def test_no_todo_is_no_failure(run: Run, vault: Path) -> None:
    ran = run("todo", "--due", "2030", vault=vault)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", "No ToDos.\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--customer", "山口工業"], "山田工業"),
        (["--owner", "satou"], "sato"),
        (["--stage", "propsal"], "proposal"),
        (["--due", "banana"], "is no period"),
    ],
)
def test_name_or_period_that_leads_nowhere_is_one_clear_message(
    run: Run, vault: Path, options: list[str], message: str
) -> None:
    ran = run("todo", *options, vault=vault)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in ran.stderr


def test_list_is_up_to_date_unless_told_not_to_look(run: Run, vault: Path) -> None:
    run("sync", vault=vault)
    (vault / "new.md").write_text("- [ ] 新しい\n", encoding="utf-8")
    assert "新しい" not in run("todo", "--no-sync", vault=vault).stdout
    assert "新しい" in run("todo", vault=vault).stdout


def test_vault_may_be_named_behind_the_command(run: Run, vault: Path) -> None:
    assert run("todo", "--vault", vault, "--overdue").stdout.count("\n") == 2
    assert run("todo", "--vault", vault, "list", "--overdue").stdout.count("\n") == 2


def test_help_names_the_commands_on_todos(run: Run) -> None:
    ran = run("todo", "--help")
    assert ran.exit_code == 0
    assert "list" in ran.stdout


def test_mine_are_those_of_the_owner_named_in_the_environment(
    run: Run, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEVAULT_OWNER", "伊藤彩")
    rows = json.loads(run("todo", "--mine", "--json", vault=vault).stdout)
    assert [row["owner"] for row in rows] == ["ito"]


def test_mine_of_nobody_known_says_what_to_set(run: Run, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTEVAULT_OWNER", raising=False)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "nobody-here")
    ran = run("todo", "--mine", vault=vault)
    assert (ran.exit_code, "NOTEVAULT_OWNER" in ran.stderr) == (2, True)
    monkeypatch.setenv("LOGNAME", "sato")
    assert run("todo", "--mine", vault=vault).exit_code == 0


@pytest.mark.parametrize("by", ["owner", "customer", "deal", "due"])
def test_groups_hold_every_todo_once(run: Run, vault: Path, by: str) -> None:
    flat = json.loads(run("todo", "--json", vault=vault).stdout)
    grouped = json.loads(run("todo", "--by", by, "--json", vault=vault).stdout)
    assert sorted(row["id"] for row in grouped) == sorted(row["id"] for row in flat)
    shown = run("todo", "--by", by, vault=vault).stdout
    counts = [int(count) for count in re.findall(r"^■ .*\((\d+)", shown, re.MULTILINE)]
    assert sum(counts) == len(flat)


def test_team_has_a_line_for_each_person(run: Run, vault: Path) -> None:
    rows = json.loads(run("todo", "--team", "--json", vault=vault).stdout)
    assert list(rows[0]) == ["owner", "open", "overdue", "today", "week", "undated", "missing", "oldest"]
    assert [(row["owner"], row["open"], row["overdue"]) for row in rows] == [
        ("sato", 4, 1),
        ("ito", 1, 0),
        (None, 1, 0),
    ]


def test_missing_lists_what_nobody_wrote(run: Run, vault: Path) -> None:
    rows = json.loads(run("todo", "--missing", "--json", vault=vault).stdout)
    assert list(rows[0]) == ["text", "due", "owner", "customer", "deal", "deal_id", "stage", "stage_since"]
    assert {row["text"] for row in rows if row["stage"] == "proposal"} == {"Fix a date for the proposal"}


def test_views_exclude_each_other(run: Run, vault: Path) -> None:
    assert run("todo", "--team", "--by", "due", vault=vault).exit_code == 2
    assert run("todo", "--mine", "--owner", "sato", vault=vault).exit_code == 2


def test_full_width_blanks_are_shown_as_they_are_written(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": "---\ntype: meeting\ndate: 2026-11-10\n---\n- [ ] 現状をまとめる　@sato\n"})
    (todo,) = json.loads(run("todo", "--json", vault=root).stdout)
    assert "まとめる　@sato\n" in run("todo", "done", todo["id"], "--diff", vault=root).stdout
    assert "まとめる　@sato\n" in run("todo", "done", todo["id"], vault=root).stdout


def test_calendar_has_a_task_for_each_todo(run: Run, vault: Path) -> None:
    text = run("todo", "--all", "--ics", vault=vault).stdout
    lines = text.replace("\n ", "").splitlines()
    assert lines.count("BEGIN:VTODO") == lines.count("END:VTODO") == 8
    assert "DUE;VALUE=DATE:20261127" in lines
    assert "PRIORITY:1" in lines
    assert lines.count("STATUS:COMPLETED") == 1
    assert any(line.startswith("SUMMARY:提案書を作成する (株式会社山田工業)") for line in lines)
    assert all(len(line.encode()) <= 75 for line in text.splitlines())


def test_calendar_of_events_leaves_out_what_has_no_day(run: Run, vault: Path) -> None:
    text = run("todo", "--ics", "event", vault=vault).stdout
    assert text.count("BEGIN:VEVENT") == 3
    assert "DTSTART;VALUE=DATE:20261127\nDTEND;VALUE=DATE:20261128" in text
