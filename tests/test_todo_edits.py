import re
from pathlib import Path

import pytest

from notevault.edits import apply_edits
from notevault.errors import FileChangedError, NotevaultError, UnknownNameError, WriteRefusedError
from notevault.insertion import find_action_section, plan_items
from notevault.model import NotePath
from notevault.note import parse_note
from notevault.settings_reader import default_settings, parse_settings
from notevault.todo_edits import NewTodo, are_dated, cancel, mark_done, plan_add, plan_changes, read_note
from tests.conftest import TODAY, MakeVault, Run
from tests.synced import synced

_HEAD = "---\ntype: meeting\ndate: 2026-11-{:02}\ncustomer: 山田工業\ndeal: 複合機\nstage: 提案\n---\n"
_SETTINGS = '[owners]\nsato = {name = "佐藤健一", also = ["佐藤"]}\nito = {name = "伊藤彩"}\n'

_TEAM = parse_settings(_SETTINGS, "notevault.toml")


def _id(run: Run, vault: Path, text: str, *options: str) -> str:
    lines = run("todo", "--csv", *options, vault=vault).stdout.splitlines()
    (line,) = [line for line in lines if f'"{text}"' in line]
    return line.split('"')[1]


def test_done_ticks_a_copied_todo_in_all_its_notes(run: Run, make_vault: MakeVault) -> None:
    root = make_vault(
        {f"{day}.md": _HEAD.format(day) + "## 行動\n- [ ] 提案書を送る due:2026-11-09\n- [ ] 他\n" for day in (1, 8)},
        settings=_SETTINGS,
    )
    ran = run("todo", "done", _id(run, root, "提案書を送る"), vault=root)
    assert (ran.exit_code, ran.stderr) == (0, "2 lines changed in 2 notes\n")
    for day in (1, 8):
        expected = _HEAD.format(day) + "## 行動\n- [x] 提案書を送る due:2026-11-09\n- [ ] 他\n"
        assert (root / f"{day}.md").read_text(encoding="utf-8") == expected
    assert "提案書" not in run("todo", vault=root).stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_other_bytes_stay_in_every_encoding(run: Run, make_vault: MakeVault, encoding: str, newline: str) -> None:
    text = (_HEAD.format(1) + "本文　\t \n- [ ] 送る  \n\n最後").replace("\n", newline)
    root = make_vault({"a.md": text.encode(encoding)}, settings=_SETTINGS)
    assert run("todo", "defer", _id(run, root, "送る"), "2026-12-04", vault=root).exit_code == 0
    assert (root / "a.md").read_bytes() == text.replace("送る", "送る due:2026-12-04").encode(encoding)


def test_ids_survive_every_change(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({"a.md": _HEAD.format(1) + "- [ ] 送る @sato\n"}, settings=_SETTINGS)
    todo = _id(run, root, "送る")
    for command in (
        ["defer", todo, "12/4"],
        ["assign", todo, "伊藤彩"],
        ["done", todo],
        ["reopen", todo],
        ["cancel", todo],
    ):
        assert run("todo", *command, vault=root).exit_code == 0
    assert (root / "a.md").read_text(encoding="utf-8").endswith("- [-] 送る @ito due:2026-12-04\n")
    assert _id(run, root, "送る", "--all") == todo


def test_diff_shows_and_writes_nothing(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "- [ ] 送る\n"})
    ran = run("todo", "done", "--diff", _id(run, root, "送る"), vault=root)
    assert ran.stdout.splitlines()[-2:] == ["-- [ ] 送る", "+- [x] 送る"]
    assert (root / "a.md").read_bytes() == "- [ ] 送る\n".encode()


def test_todo_that_is_so_already_is_said_to_be(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "- [x] 送る\n"})
    ran = run("todo", "done", _id(run, root, "送る", "--all"), vault=root)
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "already" in ran.stderr


def test_unknown_id_is_an_error_with_the_nearest(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "- [ ] 送る\n"})
    todo = _id(run, root, "送る")
    ran = run("todo", "done", todo[:-1] + "9", vault=root)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert todo in ran.stderr


def test_note_that_changed_since_it_was_taken_in_is_refused(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "- [ ] 送る\n", "b.md": "- [ ] 待つ\n"})
    with synced(root) as workspace:
        ids = [row[0] for row in workspace.catalog.select("SELECT id FROM todos ORDER BY text")]
        changes = plan_changes(workspace.vault, workspace.catalog, ids, cancel)
        (root / "b.md").write_text("- [ ] 待つ!\n", encoding="utf-8")
        with pytest.raises(FileChangedError):
            workspace.vault.apply(changes.edits)
        with pytest.raises(FileChangedError):
            plan_changes(workspace.vault, workspace.catalog, ids, cancel)
    assert (root / "a.md").read_bytes() == "- [ ] 送る\n".encode()


def test_damaged_note_is_not_written(make_vault: MakeVault) -> None:
    damaged = "- [ ] 送る とても長い日本語の文章です\n".encode() + b"\xff\xfe\n"
    with synced(make_vault({"a.md": damaged})) as workspace:
        ids = [row[0] for row in workspace.catalog.select("SELECT id FROM todos")]
        changes = plan_changes(workspace.vault, workspace.catalog, ids, cancel)
        with pytest.raises(WriteRefusedError):
            workspace.vault.apply(changes.edits)


@pytest.mark.parametrize(
    ("others", "expected"), [("- [x] 甲 ✅ 2026-11-01\n", "- [x] 送る ✅ 2026-11-22\n"), ("- [x] 甲\n", "- [x] 送る\n")]
)
def test_day_of_completion_is_written_where_the_vault_does(
    run: Run, make_vault: MakeVault, others: str, expected: str
) -> None:
    root = make_vault({"a.md": "- [ ] 送る\n", "b.md": others})
    run("todo", "done", _id(run, root, "送る"), vault=root)
    assert (root / "a.md").read_text(encoding="utf-8") == expected


def test_encoding_without_the_sign_goes_without_the_day(make_vault: MakeVault) -> None:
    with synced(
        make_vault({"a.md": "- [ ] 送る日本語\n".encode("cp932"), "b.md": "- [x] 甲 ✅ 2026-11-01\n"})
    ) as workspace:
        assert are_dated(workspace.catalog)
        ids = [row[0] for row in workspace.catalog.select("SELECT id FROM todos WHERE status = 'open'")]
        (change,) = plan_changes(workspace.vault, workspace.catalog, ids, mark_done(TODAY)).lines
    assert change.after == "- [x] 送る日本語"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## 行動\n- [ ] 甲\n  続き\n\n## 相談\n", "## 行動\n- [ ] 甲\n  続き\n- [ ] 乙\n\n## 相談\n"),
        ("## 行動\n* [ ] 甲", "## 行動\n* [ ] 甲\n* [ ] 乙"),
        ("## 行動\n", "## 行動\n- [ ] 乙\n"),
        ("## 行動", "## 行動\n- [ ] 乙"),
        ("## 行動\n<!-- 例 -->\n\n## 相談\nx\n", "## 行動\n<!-- 例 -->\n- [ ] 乙\n\n## 相談\nx\n"),
        ("## 行動\n文章。\n", "## 行動\n文章。\n\n- [ ] 乙\n"),
        ("## 事実\n- 甲\n", "## 事実\n- 甲\n- [ ] 乙\n"),
        ("- [ ] 甲\n", "- [ ] 甲\n- [ ] 乙\n"),
        ("", "- [ ] 乙\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_new_todo_goes_where_todos_belong(body: str, expected: str, newline: str) -> None:
    note = parse_note(NotePath("a.md"), (_HEAD.format(1) + body).replace("\n", newline).encode())
    edit = plan_add(note, [NewTodo(text="乙")], _TEAM)
    assert apply_edits(note.text, [edit]) == (_HEAD.format(1) + expected).replace("\n", newline)


def test_note_with_an_open_fence_at_its_end_is_refused() -> None:
    note = parse_note(NotePath("a.md"), b"```\ncode\n")
    with pytest.raises(WriteRefusedError):
        plan_add(note, [NewTodo(text="x")], default_settings())


@pytest.mark.parametrize("text", ["", "  ", "a\u202eb", "x" * 1001])
def test_text_of_a_todo_is_one_line(text: str) -> None:
    with pytest.raises(NotevaultError):
        plan_add(parse_note(NotePath("a.md"), b""), [NewTodo(text=text)], default_settings())


def test_due_date_said_twice_is_an_error() -> None:
    with pytest.raises(NotevaultError, match="due date"):
        plan_add(parse_note(NotePath("a.md"), b""), [NewTodo(text="x due:2026-11-27", due=TODAY)], default_settings())


def test_add_to_a_customer_takes_its_newest_note_and_prints_the_id(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({f"{day}.md": _HEAD.format(day) + "## 行動\n" for day in (1, 8)}, settings=_SETTINGS)
    ran = run("todo", "add", "電話する", "--customer", "㈱山田工業", "--due", "12/1", "--owner", "佐藤", vault=root)
    assert re.fullmatch(r"[a-z2-7]{6}  8\.md:9  電話する\n", ran.stdout)
    assert (root / "8.md").read_text(encoding="utf-8").endswith("- [ ] 電話する @sato due:2026-12-01\n")
    assert (root / "1.md").read_text(encoding="utf-8") == _HEAD.format(1) + "## 行動\n"


def test_add_without_a_place_goes_to_the_inbox(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({"a.md": ""})
    ran = run("todo", "add", "名刺を", "頼む", vault=root)
    assert ran.exit_code == 0
    assert (root / "inbox/2026-11.md").read_text(encoding="utf-8").endswith("- [ ] 名刺を 頼む\n")


@pytest.mark.parametrize(
    "options",
    [
        ["--note", "a.md", "--customer", "x"],
        ["--section", "行動"],
        ["--note", "a.md", "--section", "ない"],
        ["--due", "banana"],
        ["--owner", "nobody"],
        ["--customer", "存在しない"],
    ],
)
def test_place_that_cannot_be_is_an_error_and_nothing_is_written(
    run: Run, make_vault: MakeVault, options: list[str]
) -> None:
    root = make_vault({"a.md": "本文\n"}, settings=_SETTINGS)
    assert run("todo", "add", "x", *options, vault=root).exit_code == 2
    assert sorted(path.name for path in root.iterdir()) == ["a.md", "notevault.toml"]
    assert (root / "a.md").read_bytes() == "本文\n".encode()


def test_plan_writes_what_the_stage_asks_for_on_working_days_and_takes_it_back(run: Run, make_vault: MakeVault) -> None:
    body = _HEAD.format(16) + "## 行動\n- [ ] 甲\n"
    root = make_vault({"a.md": body}, settings=_SETTINGS)
    asked = run("todo", "plan", "複合機", vault=root)
    assert (asked.exit_code, (root / "a.md").read_text(encoding="utf-8")) == (1, body)
    assert run("todo", "plan", "山田", "--yes", vault=root).exit_code == 0
    # the 23rd, a week after the stage was reached, is a holiday
    added = "- [ ] 提案書を作成する due:2026-11-24\n- [ ] 提案の日程を決める due:2026-11-24\n"
    assert (root / "a.md").read_text(encoding="utf-8") == body + added
    assert "written" in run("todo", "plan", "複合機", vault=root).stderr
    assert run("todo", "plan", "--undo", vault=root).exit_code == 0
    assert (root / "a.md").read_text(encoding="utf-8") == body


def test_several_items_go_in_together() -> None:
    note = parse_note(NotePath("a.md"), b"## Actions\n- [ ] a\n")
    edit = plan_items(note, ["b", "c"], find_action_section(note, None))
    assert apply_edits(note.text, [edit]) == "## Actions\n- [ ] a\n- b\n- c\n"


def test_note_that_is_gone_is_an_error(make_vault: MakeVault) -> None:
    with synced(make_vault({"a.md": ""})) as workspace:
        with pytest.raises(FileChangedError):
            read_note(workspace.vault, NotePath("b.md"))
        with pytest.raises(UnknownNameError):
            plan_changes(workspace.vault, workspace.catalog, ["nothing"], cancel)
