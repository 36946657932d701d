"""``notevault search`` as it is typed."""

import json
import time
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.sales_vault import FILES, SETTINGS, meeting


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    others = {f"other{n}.md": meeting(f"{n}回目の挨拶に伺った。", customer="別の会社") for n in range(6)}
    return make_vault({**FILES, **others}, settings=SETTINGS)


def test_facets_are_a_table_for_people(vault: Path, run: Run) -> None:
    ran = run("search", "複合機", "--by", "stage", vault=vault)
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["stage", "notes", "newest"],
        ["Proposal", "3", "2026-11-20"],
        ["Won", "1", "2026-10-07"],
        ["(none)", "1"],
    ]
    assert (ran.exit_code, ran.stderr) == (0, "Reading notes\n") or ran.stderr == ""


def test_facets_are_rows_for_programs(vault: Path, run: Run) -> None:
    ran = run("search", "複合機 -customer:別の会社", "--by", "owner", "--json", vault=vault)
    assert json.loads(ran.stdout)[0] == {"value": "sato", "label": "佐藤", "notes": 3, "newest": "2026-11-20"}


def test_since_narrows_hits(vault: Path, run: Run) -> None:
    assert run("search", "リース", "--since", "2026-10-06", "--count", vault=vault).stdout == "3\n"
    assert run("search", "リース", "--since", "2026-10-01..2026-10-06", "-l", vault=vault).stdout == "b.md\n"
    ran = run("search", "リース", "--since", "いつか", vault=vault)
    assert (ran.exit_code, ran.stdout) == (2, "")


def test_hits_are_printed_by_a_line_of_names(vault: Path, run: Run) -> None:
    line = r"{date}\t{customer:12}|{stage:>10}|{{x}}"
    ran = run("search", "リース", "stage:受注", "--format", line, vault=vault)
    assert ran.stdout == "2026-10-07\t青木食品    |       Won|{x}\n"


def test_a_note_without_customer_and_title_is_named_by_its_file(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"電話メモ.md": "稟議は来月になった。\n", "memo.md": "---\ndate: 2026-11-10\n---\n稟議待ち\n"})
    heads = run("search", "稟議", vault=root).stdout.splitlines()[::3]
    assert sorted(heads) == ["2026-11-10  memo", "電話メモ"]


def test_a_name_too_long_for_its_width_is_cut_by_cells(vault: Path, run: Run) -> None:
    ran = run(
        "search", "customer:株式会社山田工業", "type:meeting", "-n", "1", "--format", "[{customer:9}]", vault=vault
    )
    assert ran.stdout == "[株式会社…]\n"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{custmer}", "customer"),
        ("{date", "character 1"),
        ("{date:x}", "{date:20}"),
        ("{}", "path"),
        ("a}", "character 2"),
    ],
)
def test_a_wrong_line_is_one_clear_message(vault: Path, run: Run, line: str, told: str) -> None:
    ran = run("search", "リース", "--format", line, vault=vault)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert told in ran.stderr


def test_similar_cases_say_what_they_share(vault: Path, run: Run) -> None:
    ran = run("search", "--like", "a.md", vault=vault)
    assert "b.md" in ran.stdout
    assert "same industry" in ran.stdout
    assert "a-copy.md" not in ran.stdout
    (first, second) = json.loads(run("search", "--like", "a.md", "--json", vault=vault).stdout)
    assert (first["path"], first["same"]) == ("b.md", ["industry", "product", "stage"])
    assert "リース" in second["words"]


def test_a_word_that_no_note_holds_is_told_on_stderr_only(vault: Path, run: Run) -> None:
    ran = run("search", "contrakt", "--json", vault=vault)
    assert (json.loads(ran.stdout), ran.exit_code) == ([], 1)
    assert "did you mean: contract" in ran.stderr


def test_what_excludes_every_hit_is_told_on_stderr(vault: Path, run: Run) -> None:
    ran = run("search", "倉庫", "stage:提案", vault=vault)
    assert (ran.stdout, ran.exit_code) == ("", 1)
    assert "Without stage:提案 there are 2 notes." in ran.stderr


def test_a_query_is_explained(vault: Path, run: Run) -> None:
    ran = run("search", "--explain", "+リース 保守料 stage:提案", vault=vault)
    assert "stage = proposal (Proposal)" in ran.stdout
    assert "+リース  [asked for]" in ran.stdout
    assert "score" in ran.stdout
    reading = json.loads(run("search", "--explain", "リース", "--json", vault=vault).stdout)
    assert reading["items"][0]["terms"][0]["term"] == "リース"
    assert reading["hits"][0]["terms"]


def test_why_a_note_is_no_hit_is_told(vault: Path, run: Run) -> None:
    ran = run("search", "--why", "d.md", "リース stage:受注", vault=vault)
    assert ran.exit_code == 1
    assert "d.md is not among the hits" in ran.stdout
    assert "リース  [one of these is enough]  no" in ran.stdout
    assert "stage:受注  [asked for]  yes; the note has: 受注 (won)" in ran.stdout
    ran = run("search", "--why", "c.md", "リース stage:受注", vault=vault)
    assert (ran.exit_code, ran.stdout.splitlines()[0]) == (0, "c.md is hit 1 of 1")
    assert json.loads(run("search", "--why", "c.md", "リース", "--json", vault=vault).stdout)["rank"] >= 1
    assert run("search", "--why", "nowhere", "リース", vault=vault).exit_code == 2


def test_what_does_not_go_together_is_refused(vault: Path, run: Run) -> None:
    ran = run("search", "--by", "stage", "--like", "a.md", vault=vault)
    assert ran.exit_code == 2
    assert "--by, --like" in ran.stderr


@pytest.mark.parametrize(
    "text",
    ["あ" * 10_000, "(" * 1_000 + "a" + ")" * 1_000, "(" * 400, "*", "* *", "a\x01b", "\x1b[31m", '"' * 999, "-" * 900],
    ids=["long", "nested", "open", "star", "stars", "control", "escape", "quotes", "signs"],
)
def test_hostile_queries_end_soon_and_clearly(vault: Path, run: Run, text: str) -> None:
    run("sync", vault=vault)
    started = time.perf_counter()
    ran = run("search", "--no-sync", "--", text, vault=vault)
    assert time.perf_counter() - started < 5
    assert ran.exit_code in ((1, 0) if text.startswith("--") else (2,))
    assert len(ran.stderr) < 2_000
    assert "Traceback" not in ran.stderr
    assert "\x1b[31m" not in ran.stderr.replace("\x1b[31mError", "")


def test_the_help_shows_the_grammar(run: Run) -> None:
    ran = run("search", "--help")
    for piece in ("+must", "OR", "begin*", "alike~", "@saved", "field:from..to", "due:<=", "has:amount"):
        assert piece in ran.stdout
