"""Why a note is found or not, told from its file to its terms."""

import json
import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from notevault.index import IndexDocument, weigh
from notevault.standing import examine_note
from notevault.workspace import open_workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.synced import synced

NOTE = "---\ntype: meeting\ncustomer: 株式会社山田工業\n---\n見積\n"


def _why(run: Run, root: Path, place: str) -> dict[str, Any]:
    ran = run("status", "--why", place, "--json", vault=root)
    found: dict[str, Any] = json.loads(ran.stdout)
    assert ran.exit_code == (0 if found["found"] else 1)
    found["bad"] = [one["about"] for one in found["observations"] if one["good"] is False]
    found["said"] = " / ".join(one["message"] for one in found["observations"])
    return found


def test_a_note_taken_in_is_found_down_to_its_terms(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    run("sync", vault=root)
    found = _why(run, root, "a.md")
    assert [one["about"] for one in found["observations"]] == ["file", "catalog", "index", "terms"]
    assert found["found"]
    shown = run("status", "--why", "a.md", vault=root)
    assert "a.md is found as it is on disk" in shown.stdout
    assert "search QUERY --why" in shown.stderr


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (".hidden.md", "hidden file"),
        ("a.txt", "not a Markdown file"),
        ("templates/meeting.md", "templates"),
        ("node_modules/deep/x.md", "another tool"),
        ("gone.md", "no such file"),
        ("folder.md", "a folder"),
    ],
)
def test_what_is_no_note_says_why(place: str, reason: str, make_vault: MakeVault, run: Run) -> None:
    root = make_vault({".hidden.md": "", "a.txt": "", "templates/meeting.md": "", "node_modules/deep/x.md": ""})
    (root / "folder.md").mkdir()
    found = _why(run, root, place)
    assert not found["found"]
    assert reason in found["said"]


def test_a_link_is_left_out_with_its_reason(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE})
    try:
        (root / "link.md").symlink_to(tmp_path / "elsewhere.md")
    except OSError:
        pytest.skip("needs symbolic links")
    assert "symbolic link" in _why(run, root, "link.md")["said"]


def test_a_near_name_is_offered_for_one_that_is_not_there(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"商談メモ.md": NOTE})
    run("sync", vault=root)
    assert "商談メモ.md" in _why(run, root, "商談めも.md")["said"]


def test_a_note_not_taken_in_or_changed_since_is_told(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    assert _why(run, root, "a.md")["bad"] == ["catalog"]
    run("sync", vault=root)
    (root / "a.md").write_text("other", "utf-8")
    assert _why(run, root, "a.md")["bad"] == ["catalog"]
    run("sync", vault=root)
    assert _why(run, root, "a.md")["found"]


def test_a_note_that_cannot_be_read_keeps_what_is_known(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    run("sync", vault=root)
    (root / "notevault.toml").write_text("sync.largest_note = 1000\n", "utf-8")
    (root / "a.md").write_text("x" * 5_000, "utf-8")
    run("sync", vault=root)
    found = _why(run, root, "a.md")
    assert found["bad"] == ["file"]
    assert "still found" in found["said"]


def test_encoding_faulty_front_matter_and_conflict_copy_are_worth_knowing(make_vault: MakeVault, run: Run) -> None:
    copy = "a (conflicted copy 2026-11-20).md"
    root = make_vault({"a.md": NOTE, copy: "---\n@x\n---\n見積".encode("cp932")})
    run("sync", vault=root)
    found = _why(run, root, copy)
    assert found["found"]
    assert [one["about"] for one in found["observations"] if one["good"] is None] == ["file", "front_matter", "copy"]
    assert "line 2" in found["said"]


def test_an_index_that_is_not_the_catalogues_is_told(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        workspace.index.clear()
    assert _why(run, root, "a.md")["bad"] == ["index"]


def test_a_text_in_the_index_that_is_not_the_notes_is_told(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    with synced(root) as workspace:
        note_id = workspace.catalog.find_note_id(workspace.vault.resolve("a.md", base=root))
        digest = workspace.index.digests()[note_id or 0]
        weights = weigh("別の話")
        workspace.index.apply([IndexDocument(note_id=note_id or 0, digest=digest, weights=weights)])
        standing = examine_note(workspace, "a.md", base=root)
        assert not standing.found
        assert "見積" in standing.observations[-1].message
        workspace.index.apply([IndexDocument(note_id=note_id or 0, digest="0" * 64, weights=weights)])
        assert "another text" in examine_note(workspace, "a.md", base=root).observations[-1].message


def test_a_note_is_named_from_here_from_the_vault_and_in_either_unicode_form(
    make_vault: MakeVault, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault({"商談/が.md": NOTE})
    run("sync", vault=root)
    decomposed = unicodedata.normalize("NFD", "商談/が.md")
    monkeypatch.chdir(root / "商談")
    for spelling in ("が.md", "商談/が.md", decomposed, os.fspath(root / "商談" / "が.md")):
        assert _why(run, root, spelling)["path"] == "商談/が.md"
    assert run("status", "--why", "../../outside.md", vault=root).exit_code == 2
