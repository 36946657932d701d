"""The main job through the command line: bad input gives one clear message each, the other notes are served."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run

MEETING = """---
type: meeting
date: 2026-11-20
customer: 株式会社山田工業
owner: sato
channel: visit
deal: 複合機入替
stage: 提案
---
## 事実
見積を{word}と言われた
## 行動
- [ ] 提案書を作成する @sato due:2026-11-27
"""
SAMPLE = Path(__file__).resolve().parent.parent / "sample-vault"


def _paths(stdout: str) -> set[str]:
    return {hit["path"] for hit in json.loads(stdout)}


def test_no_vault_is_one_clear_message(tmp_path: Path, run: Run) -> None:
    ran = run("search", "見積", vault=tmp_path)
    assert ran.exit_code == 2
    assert "notevault init" in ran.stderr
    assert ran.stdout == ""


def test_broken_settings_name_every_fault_with_its_line(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": MEETING}, settings='langage = "ja"\n\n[stages.x]\nstate = "opn"\n')
    ran = run("todo", vault=root)
    assert ran.exit_code == 2
    assert "notevault.toml:1:" in ran.stderr
    assert "did you mean 'language'?" in ran.stderr
    assert "notevault.toml:4:" in ran.stderr


def test_unknown_template_key_is_named_with_line_and_column(make_vault: MakeVault, run: Run) -> None:
    template = "---\ntemplate: meeting\nversion: 1\nfeilds:\n  date: {type: date}\n---\n# {date}\n"
    ran = run("check", vault=make_vault({"a.md": MEETING, "templates/meeting.md": template}))
    assert ran.exit_code == 2
    assert "templates/meeting.md:4:1" in ran.stderr
    assert "did you mean 'fields'?" in ran.stderr


def test_a_bad_query_points_at_the_character(make_vault: MakeVault, run: Run) -> None:
    ran = run("search", "見積 (", vault=make_vault({"a.md": MEETING}))
    assert ran.exit_code == 2
    assert "character 4" in ran.stderr


def test_notes_that_cannot_be_taken_in_do_not_stop_the_others(make_vault: MakeVault, run: Run) -> None:
    root = make_vault(
        {
            "good.md": MEETING.replace("{word}", "急ぐ"),
            "cp932.md": MEETING.replace("{word}", "機種依存の①").encode("cp932"),
            "five-megabytes.md": MEETING + "同じ文章が続く。\n" * 220_000,
            "not-parsed.md": "---\ncustomer: A社: 打合せ\n---\n読めなくても本文の見積は見つかる\n",
        },
        settings="[sync]\nlargest_note = 6000000\n",
    )
    with (root / "huge.md").open("wb") as stream:
        stream.truncate(7_000_000)
    ran = run("sync", vault=root)
    assert ran.exit_code == 1
    assert "huge.md" in ran.stderr
    found = _paths(run("search", "見積", "--json", vault=root).stdout)
    assert found == {"good.md", "cp932.md", "five-megabytes.md", "not-parsed.md"}
    status = json.loads(run("status", "--json", vault=root).stdout)
    assert status["notes"] == 4
    assert status["failed"] == 1
    assert status["not_parsed"] == ["not-parsed.md"]


def test_json_of_search_and_todo_keep_their_contract(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": MEETING.replace("{word}", "急ぐ")})
    (hit,) = json.loads(run("search", "見積", "--json", vault=root).stdout)
    assert list(hit)[:10] == [
        "path", "title", "type", "date", "customer", "stage", "owner", "score", "snippet", "line",
    ]  # fmt: skip
    assert hit["date"] == "2026-11-20"
    assert hit["line"] == 11
    assert "見積" in hit["snippet"]
    (todo,) = json.loads(run("todo", "--json", vault=root).stdout)
    assert {key: todo[key] for key in ("text", "status", "due", "owner", "line", "path")} == {
        "text": "提案書を作成する", "status": "open", "due": "2026-11-27", "owner": "sato", "line": 13, "path": "a.md",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("東京", {"tokyo.md"}),
        ("案", {"quote.md"}),
        ("見積", {"quote.md"}),
        ("データ移行", {"data.md"}),
        ("ﾃﾞｰﾀ移行", {"data.md"}),
        ("AI技術", {"ai.md"}),
        ("akg8492", {"code.md"}),
    ],
)
def test_japanese_works_from_the_first_day(make_vault: MakeVault, run: Run, query: str, expected: set[str]) -> None:
    root = make_vault(
        {
            "tokyo.md": "東京の本社を訪ねた",
            "kyoto.md": "京東商事の話",
            "quote.md": "見積書の案を見せた",
            "data.md": "ﾃﾞｰﾀ移行の相談",
            "ai.md": "AI技術の展示",
            "code.md": "AKG-8492を二台",
        }
    )
    assert _paths(run("search", query, "--json", vault=root).stdout) == expected


def test_a_deleted_cache_gives_the_same_answers(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root)
    questions = (
        ("search", "複合機 見積", "--json"),
        ("todo", "--all", "--json"),
        ("pipeline", "--all", "--json"),
        ("customer", "list", "--json"),
    )
    before = [run(*question, vault=root).stdout for question in questions]
    shutil.rmtree(os.environ["NOTEVAULT_CACHE"])
    assert [run(*question, vault=root).stdout for question in questions] == before


def test_unchanged_notes_are_not_read_again(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({f"{number}.md": f"ノート{number}" for number in range(20)})
    first = json.loads(run("sync", "--json", vault=root).stdout)
    assert (len(first["added"]), first["unchanged"]) == (20, 0)
    (root / "3.md").write_text("書き直した", encoding="utf-8")
    (root / "4.md").unlink()
    second = json.loads(run("sync", "--json", vault=root).stdout)
    assert (second["changed"], second["removed"], second["unchanged"]) == (["3.md"], ["4.md"], 18)


def test_the_sample_vault_passes_its_own_check_but_for_the_bad_folder(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root)
    ran = run("check", "--json", vault=root)
    errors = {row["path"] for row in json.loads(ran.stdout) if row["severity"] == "error"}
    assert ran.exit_code == 1
    assert errors
    assert {path.split("/")[0] for path in errors} == {"bad"}
    assert run("check", "meetings", vault=root).exit_code == 0


def test_a_reader_that_goes_away_is_no_failure(make_vault: MakeVault) -> None:
    root = make_vault({f"{number}.md": "見積 " * 50 for number in range(300)})
    command = [sys.executable, "-m", "notevault", "--vault", str(root), "search", "見積", "-n", "300"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(60) in (0, 141)
