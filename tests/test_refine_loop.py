"""The whole loop on vaults that nobody prepared: survey, refine, migrate, undo."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeVault, Run
from tests.free_form import free_form_notes
from tests.jsons import load_json
from tests.shared_data import shared_file


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "templates" not in path.relative_to(root).parts
    }


def passing(run: Run, root: Path) -> float:
    """Return what part of the notes has no error."""
    bad = {row["path"] for row in load_json(run("check", "--json", vault=root)) if row["severity"] == "error"}
    return 1 - len(bad) / len([path for path in contents(root) if path.endswith(".md")])


def clusters(survey: dict[str, Any], sort: str) -> dict[str, set[str]]:
    return {
        one["name"]: {member["name"] for member in one["members"][1:]}
        for one in survey["clusters"]
        if one["sort"] == sort
    }


def run_loop(run: Run, root: Path, name: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Refine, migrate and undo; returns the notes before and as they were migrated."""
    before = contents(root)
    refined = run("refine", name, "--accept-all", vault=root)
    assert refined.exit_code == 0, refined.stderr
    assert contents(root) == before
    planned = load_json(run("migrate", name, "--for-untyped", "--json", vault=root))
    assert contents(root) == before
    written = run("migrate", name, "--for-untyped", "--write", vault=root)
    assert written.exit_code == 0, written.stderr
    migrated = contents(root)
    assert {path for path in before if migrated[path] != before[path]} == {
        note["path"] for note in planned["notes"] if note["changes"]
    }
    assert passing(run, root) >= 0.9
    assert load_json(run("migrate", name, "--json", vault=root))["looked_at"] == len(
        [path for path in before if path.endswith(".md")]
    )
    undone = run("migrate", name, "--undo", vault=root)
    assert undone.exit_code == 0, undone.stderr
    assert contents(root) == before
    return before, migrated


def test_free_form_notes_get_a_format_that_they_pass_and_every_byte_comes_back(make_vault: MakeVault, run: Run) -> None:
    root = make_vault(dict(free_form_notes(60)), settings="language = 'ja'\n")
    survey = load_json(run("survey", "--json", vault=root))
    assert survey["notes"] == 60
    assert clusters(survey, "key") == {
        "日付": {"訪問日", "date"},
        "顧客": {"会社名", "お客様"},
        "担当": {"担当者"},
        "次回アクション": {"次のアクション", "ネクスト"},
    }
    assert clusters(survey, "heading") == {
        "面談内容": {"話した内容", "商談内容"},
        "所感": {"感想", "印象"},
        "次回アクション": {"次のアクション", "ネクスト"},
    }
    kinds = {key["key"]: key["kind"] for key in survey["keys"]}
    assert kinds["日付"] == "date"
    assert kinds["見積金額"] == "money"
    assert kinds["手段"] == "choice"
    assert [key["filled"] for key in survey["keys"] if key["key"] == "メモ"] == [0]
    assert {one["key"] for one in survey["used_once"]} == {"変な項目3", "変な項目23", "変な項目43"}
    _before, migrated = run_loop(run, root, "meeting")
    template = (root / "templates" / "meeting.md").read_text(encoding="utf-8")
    assert "path: visits/{date:%Y}/{date} {customer}\n" in template
    assert "手段: {type: choice, required: true, choices: {" in template
    text = next(data for path, data in migrated.items() if path.endswith("00001.md")).decode()
    assert text.startswith("---\n日付: 2026-02-02\n顧客: ")
    assert "\ntype: meeting\n---\n" in text
    assert "## 面談内容\n" in text


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.soak)])
def test_a_real_vault_of_a_blog_gets_a_format_that_it_passes_and_every_byte_comes_back(
    tmp_path: Path, run: Run, step: int
) -> None:
    root = tmp_path / "blog"
    source = shared_file("vault-ja-blog")
    for path in sorted(source.rglob("*.md"))[::step]:
        target = root / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (root / "notevault.toml").write_text("", encoding="utf-8")
    survey = load_json(run("survey", "--json", vault=root))
    keys = {key["key"]: key for key in survey["keys"]}
    assert {"author", "title", "layout", "tags", "categories", "category", "date", "permalink"} <= set(keys)
    assert keys["date"]["kind"] == "datetime"
    assert keys["tags"]["kind"] == "list"
    assert clusters(survey, "key") == {"categories": {"category"}}
    assert "おわり" in clusters(survey, "heading")["おわりに"]
    run_loop(run, root, "post")


@pytest.mark.soak
def test_ten_thousand_notes_go_there_and_back(make_vault: MakeVault, run: Run) -> None:
    root = make_vault(dict(free_form_notes(10_000)), settings="language = 'ja'\n")
    run_loop(run, root, "meeting")
