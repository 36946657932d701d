"""Every way in which index, catalogue and disk can disagree is found, and mended."""

import json
from pathlib import Path

import pytest

from notevault import doctor
from notevault.catalog import CATALOG_NAME
from notevault.index import IndexDocument, weigh
from notevault.model import NotePath
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


def test_postings_that_do_not_lead_to_a_note_are_found_and_mended(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        note_id = workspace.catalog.find_note_id(NotePath("a.md"))
        assert note_id is not None
        digest = workspace.index.digests()[note_id]
        other = IndexDocument(note_id=note_id, digest=digest, weights=weigh("別の話 x"))
        workspace.index.apply([other])
    assert _kinds(run, root) == {"terms"}
    _assert_mended(run, root)


def test_notes_that_only_the_index_knows_are_found_and_mended(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        ghost = IndexDocument(note_id=99, digest="0" * 64, weights=weigh("見積"))
        workspace.index.apply([ghost])
    assert _kinds(run, root) == {"orphans"}
    _assert_mended(run, root)


@pytest.mark.parametrize("statement", ["DELETE FROM texts", "UPDATE texts SET normalized = '別'"])
def test_a_stored_text_that_is_not_the_notes_is_found_and_mended(
    statement: str, make_vault: MakeVault, run: Run
) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    _execute(root, statement)
    assert _kinds(run, root) == {"note"}
    _assert_mended(run, root)


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE todos SET status = 'done'", "todos"),
        ("DELETE FROM todos", "todos"),
        ("UPDATE notes SET customer = '別の会社'", "notes"),
        ("UPDATE fields SET normalized = '別' WHERE key = 'customer'", "fields"),
        ("UPDATE sections SET body = 'x'", "sections"),
        ("DELETE FROM tags", "tags"),
        ("INSERT INTO competitors SELECT id, '他社' FROM notes", "competitors"),
        ("DELETE FROM people", "people"),
        ("DELETE FROM learned", "learned"),
        ("DELETE FROM links", "links"),
    ],
)
def test_a_fact_that_the_note_does_not_say_is_found_and_mended(
    statement: str, table: str, make_vault: MakeVault, run: Run
) -> None:
    head = (
        "---\ntype: meeting\ncustomer: 山田工業\ntags: [複合機]\ncontacts: [鈴木 部長]\nlearned: {決裁者: 社長}\n---\n"
    )
    root = make_vault({"a.md": head + "## 行動\n- [ ] 見積 [[山田工業]]\n", "b.md": "x"})
    run("sync", vault=root)
    assert _kinds(run, root) == set()
    _execute(root, statement)
    found = json.loads(run("doctor", "--json", vault=root).stdout)["findings"]
    facts = [finding["message"] for finding in found if finding["kind"] == "facts"]
    assert {finding["kind"] for finding in found} <= {"facts", "terms"}  # the customer is also in the text index
    assert facts
    assert all(table in message for message in facts)
    _assert_mended(run, root)


def test_a_sync_that_was_interrupted_is_found_and_mended_without_a_new_index(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        made = workspace.index.fingerprint
    _execute(root, "INSERT OR REPLACE INTO meta VALUES ('intake', '1')")
    assert _kinds(run, root) == {"rules"}
    _assert_mended(run, root)
    with open_workspace(root, today=TODAY) as workspace:
        assert workspace.index.fingerprint == made


def test_checks_under_another_template_are_found_and_mended(make_vault: MakeVault, run: Run) -> None:
    template = "---\ntemplate: meeting\ntitle: 議事録\nversion: 1\nfields:\n  date: {type: date}\n---\n"
    root = make_vault({"a.md": NOTE, "b.md": "x", "templates/meeting.md": template})
    run("check", vault=root)
    assert _kinds(run, root) == set()
    (root / "templates" / "meeting.md").write_text(
        template.replace("date: {type: date}", "owner: {type: text}"), "utf-8"
    )
    assert _kinds(run, root) == {"checks"}
    _assert_mended(run, root)


def test_checks_in_another_language_are_as_good(
    make_vault: MakeVault, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"a.md": NOTE})
    run("check", vault=root)
    monkeypatch.setenv("NOTEVAULT_LANG", "ja")
    assert _kinds(run, root) == set()


def test_a_template_that_cannot_be_read_is_left_to_a_person(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "templates/meeting.md": "---\ntemplate: [\n---\n"})
    run("sync", vault=root)
    assert _kinds(run, root) == {"template"}
    assert run("doctor", "--repair", vault=root).exit_code == 1


def test_of_very_many_notes_some_are_proved_term_by_term(
    make_vault: MakeVault, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({f"{number}.md": NOTE for number in range(6)})
    run("sync", vault=root)
    assert json.loads(run("doctor", "--json", vault=root).stdout)["proved_by_terms"] == 6
    monkeypatch.setattr(doctor, "MOST_PROVED", 4)
    assert json.loads(run("doctor", "--json", vault=root).stdout)["proved_by_terms"] == 4
