"""Every way in which index, catalogue and disk can disagree is found, and mended."""

import json
from pathlib import Path

from notevault.catalog import CATALOG_NAME
from notevault.workspace import open_workspace
from tests.conftest import TODAY, MakeVault, Run

NOTE = "---\ntype: meeting\ncustomer: 株式会社山田工業\n---\n見積\n"


def _execute(root: Path, sql: str) -> None:
    with open_workspace(root, today=TODAY) as workspace, workspace.catalog.transaction():
        workspace.catalog.execute(sql)


def _kinds(run: Run, root: Path) -> set[str]:
    ran = run("doctor", "--json", vault=root)
    found = json.loads(ran.stdout)
    assert ran.exit_code == (0 if found["clean"] else 1)
    return {finding["kind"] for finding in found["findings"]}


def _assert_mended(run: Run, root: Path) -> None:
    assert run("doctor", "--repair", vault=root).exit_code == 0
    assert _kinds(run, root) == set()
    assert run("search", "見積", "-l", vault=root).stdout == "a.md\n"


def test_a_vault_just_synced_is_clean(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    assert _kinds(run, root) != set()
    run("sync", vault=root)
    assert _kinds(run, root) == set()


def test_a_wrong_digest_is_found_and_mended(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    _execute(root, "UPDATE notes SET digest = 'x' WHERE path = 'a.md'")
    assert _kinds(run, root) == {"index", "note"}
    _assert_mended(run, root)


def test_an_edit_not_taken_in_is_found_and_mended(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    (root / "b.md").write_text("y")
    assert _kinds(run, root) == {"note"}
    _assert_mended(run, root)


def test_an_emptied_index_is_found_and_mended(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        workspace.index.clear()
    assert _kinds(run, root) == {"index"}
    _assert_mended(run, root)


def test_a_file_that_is_no_catalogue_is_made_anew_with_a_word(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        path = workspace.cache / CATALOG_NAME
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(b"no database at all" * 1_000)
    ran = run("search", "見積", "-l", vault=root)
    assert ran.stdout == "a.md\n"
    assert "made anew" in ran.stderr
    assert _kinds(run, root) == set()


def test_a_conflict_copy_is_shown_beside_its_original(make_vault: MakeVault, run: Run) -> None:
    copy = "a (太郎 の競合コピー 2026-11-20).md"
    root = make_vault({"a.md": NOTE, copy: NOTE.replace("見積", "請求")})
    run("sync", vault=root)
    (found,) = json.loads(run("doctor", "--json", vault=root).stdout)["copies"]
    assert (found["path"], found["original"]) == (copy, "a.md")
    assert {"-見積", "+請求"} <= set(found["diff"].splitlines())


def test_a_second_note_with_the_same_id_is_left_to_a_person(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": "---\nid: x1\n---\n", "b.md": "---\nid: x1\n---\nother\n"})
    run("sync", vault=root)
    assert _kinds(run, root) == {"same-id"}
    assert run("doctor", "--repair", vault=root).exit_code == 1
