import json
import re
from pathlib import Path

import pytest

from notevault.jot import find_customer
from tests.conftest import MakeVault, Run
from tests.synced import synced

_INBOX = (Path(__file__).parent.parent / "templates/en/inbox.md").read_text(encoding="utf-8")
_MEETING = (
    "---\ntemplate: meeting\npath: meetings/{date} {customer}\nfields:\n  date: {type: date, required: true}\n"
    "  customer: {type: customer, required: true}\nsections:\n  Facts: {required: true}\n"
    "---\n# {customer}\n\n## Facts\n"
)
_NOTE = (
    "---\ntype: inbox\ndate: 2026-11-02\n---\n# 2026-11\n\n## Jottings\n<!-- - no jotting -->\n"
    "- 2026-11-05 山田工業の部長、色は青がいい\n  二行目\n- 11/10 call Tom\n- [ ] a ToDo\n- [x] done\n"
    "```\n- code\n```\n- no date\n"
)


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(
        {
            "templates/inbox.md": _INBOX,
            "templates/meeting.md": _MEETING,
            "inbox/2026-11.md": _NOTE,
            "c.md": "---\ntype: customer\nname: 株式会社山田工業\n---\n",
        }
    )


def _inbox(vault: Path) -> str:
    return (vault / "inbox/2026-11.md").read_text(encoding="utf-8")


def test_first_jotting_of_a_month_makes_the_inbox(run: Run, make_vault: MakeVault) -> None:
    root = make_vault({"a.md": ""})
    assert run("jot", "西田さん、", "青がいい", vault=root).stderr == "inbox/2026-11.md\n"
    assert re.search(r"^- 2026-11-22 \d\d:\d\d 西田さん、 青がいい$", _inbox(root), re.MULTILINE)
    assert _inbox(root).startswith("---\ntype: inbox\ndate: 2026-11-22\n---\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_later_jotting_is_appended_and_every_other_byte_stays(run: Run, vault: Path, newline: str, end: str) -> None:
    before = (_NOTE.rstrip("\n") + end).replace("\n", newline).encode("utf-8-sig")
    (vault / "inbox/2026-11.md").write_bytes(before)
    run("jot", "more", vault=vault)
    after = (vault / "inbox/2026-11.md").read_bytes()
    added = re.search(rb"\r?\n- 2026-11-22 \d\d:\d\d more", after)
    assert added is not None
    assert added[0].startswith(newline.encode() + b"- ")
    assert after.replace(added[0], b"") == before


def test_lines_come_from_a_pipe_too(run: Run, vault: Path) -> None:
    run("jot", vault=vault, stdin="one\n\ntwo\n")
    assert [line[19:] for line in _inbox(vault).splitlines()[-2:]] == ["one", "two"]


def test_diff_writes_nothing(run: Run, vault: Path) -> None:
    assert "+- 2026-11-22" in run("jot", "--diff", "x", vault=vault).stdout
    assert _inbox(vault) == _NOTE


@pytest.mark.parametrize("text", ["a\u202eb", "x" * 4001])
def test_jotting_is_one_line(run: Run, vault: Path, text: str) -> None:
    assert run("jot", text, vault=vault).exit_code == 2
    assert _inbox(vault) == _NOTE


def test_list_has_lines_that_are_no_todos_with_their_age(run: Run, vault: Path) -> None:
    rows = json.loads(run("jot", "--list", "--json", vault=vault).stdout)
    assert [(row["n"], row["date"], row["age"], row["line"]) for row in rows] == [
        (1, "2026-11-02", 20, 17),
        (2, "2026-11-05", 17, 9),
        (3, "2026-11-10", 12, 11),
    ]
    assert list(rows[0]) == ["n", "date", "age", "text", "path", "line"]


@pytest.mark.parametrize(("older", "count"), [("12d", 2), ("11", 3), ("2w", 2), ("30d", 0)])
def test_old_jottings_are_found(run: Run, vault: Path, older: str, count: int) -> None:
    assert len(json.loads(run("jot", "--older", older, "--json", vault=vault).stdout)) == count


def test_inbox_begun_by_hand_without_front_matter_is_listed_too(run: Run, vault: Path) -> None:
    (vault / "inbox/2026-12.md").write_text("- 2026-11-20 Gavin called\n", encoding="utf-8")
    (vault / "other.md").write_text("- 2026-11-20 no jotting\n", encoding="utf-8")
    rows = json.loads(run("jot", "--list", "--json", vault=vault).stdout)
    assert [row["text"] for row in rows if row["path"] != "inbox/2026-11.md"] == ["2026-11-20 Gavin called"]


def test_promoted_line_becomes_a_note_with_its_date_and_customer(run: Run, vault: Path) -> None:
    ran = run("jot", "--promote", "色は青", vault=vault)
    path = vault / "meetings/2026-11-05 株式会社山田工業.md"
    assert ran.stdout.strip() == str(path)
    assert path.read_text(encoding="utf-8") == (
        "---\ntype: meeting\ndate: 2026-11-05\ncustomer: 株式会社山田工業\n---\n# 株式会社山田工業\n\n## Facts\n"
        "- 山田工業の部長、色は青がいい\n  二行目\n"
    )
    gone = "- 2026-11-05 山田工業の部長、色は青がいい\n  二行目\n"
    assert _inbox(vault) == _NOTE.replace(gone, "")
    assert run("jot", "--undo", vault=vault).exit_code == 0
    assert _inbox(vault) == _NOTE
    assert not path.exists()


def test_several_lines_become_one_note_and_may_be_kept_ticked(run: Run, vault: Path) -> None:
    run("jot", "--promote", "2", "--promote", "Tom", "--keep", "-s", "customer=青嶺物流", vault=vault)
    note = (vault / "meetings/2026-11-05 青嶺物流.md").read_text(encoding="utf-8")
    assert note.endswith("- 山田工業の部長、色は青がいい\n  二行目\n- call Tom\n")
    assert "- [x] 11/10 call Tom → [[meetings/2026-11-05 青嶺物流]]\n" in _inbox(vault)
    assert len(json.loads(run("jot", "--list", "--json", vault=vault).stdout)) == 1


@pytest.mark.parametrize("wish", ["9", "nothing like it", "o"])
def test_line_that_is_none_or_many_is_an_error(run: Run, vault: Path, wish: str) -> None:
    ran = run("jot", "--promote", wish, vault=vault)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert _inbox(vault) == _NOTE


def test_unknown_template_is_an_error(run: Run, vault: Path) -> None:
    ran = run("jot", "--promote", "1", "--template", "metting", vault=vault)
    assert (ran.exit_code, "meeting" in ran.stderr) == (2, True)


def test_customer_is_only_taken_where_one_is_meant(make_vault: MakeVault) -> None:
    files = {
        f"{name}.md": f"---\ntype: customer\nname: {name}\n---\n" for name in ("山田工業", "山田工業大阪", "青嶺物流")
    }
    with synced(make_vault(files)) as workspace:
        assert find_customer(workspace.catalog, "ﾔﾏﾀﾞではなく㈱山田工業の話") == "山田工業"
        assert find_customer(workspace.catalog, "山田工業大阪の話") == "山田工業大阪"
        assert find_customer(workspace.catalog, "山田工業と青嶺物流") is None
        assert find_customer(workspace.catalog, "誰か") is None
