"""What `status` says of a vault: fresh or not and why, who watches, what is left out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from notevault.presence import Presence
from notevault.status import iter_left_out, load_status
from notevault.workspace import open_workspace
from tests.conftest import TODAY, MakeVault, Run
from tests.synced import synced

NOTE = "---\ntype: meeting\ncustomer: 株式会社山田工業\n---\n見積\n"


def _status(run: Run, root: Path) -> dict[str, Any]:
    ran = run("status", "--json", vault=root)
    found: dict[str, Any] = json.loads(ran.stdout)
    assert ran.exit_code == (0 if found["fresh"] else 1)
    return found


def test_a_vault_never_synced_is_not_fresh_and_all_is_pending(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    found = _status(run, root)
    assert (found["fresh"], found["pending"], found["last_sync"]) == (False, ["a.md"], None)
    assert "never" in run("status", vault=root).stdout


def test_a_change_a_new_note_and_a_removed_one_are_pending(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "b", "c.md": "c"})
    run("sync", vault=root)
    assert _status(run, root)["fresh"]
    (root / "a.md").write_text("other")
    (root / "b.md").unlink()
    (root / "議事録.md").write_text("new")
    assert _status(run, root)["pending"] == ["a.md", "b.md", "議事録.md"]
    shown = run("status", vault=root)
    assert (shown.exit_code, "Not fresh" in shown.stdout) == (1, True)


def test_other_settings_or_another_index_are_not_fresh(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    run("sync", vault=root)
    (root / "notevault.toml").write_text('[keys]\ncustomer = ["相手"]\n', "utf-8")
    assert "other settings" in _status(run, root)["out_of_step"]
    run("sync", vault=root)
    with open_workspace(root, today=TODAY) as workspace:
        workspace.index.clear()
    assert "missing" in _status(run, root)["out_of_step"]
    assert "missing" in run("status", vault=root).stdout


def test_an_interrupted_sync_is_not_fresh(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    with synced(root) as workspace, workspace.catalog.transaction():
        workspace.catalog.set_meta("intake", "1")
    assert "interrupted" in _status(run, root)["out_of_step"]


def test_who_watches_is_told(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    with synced(root) as workspace:
        assert _status(run, root)["watcher"] is None
        assert "by nobody" in run("status", vault=root).stdout
        presence = Presence(workspace.cache)
        assert presence.claim()
        presence.describe(mode="events", since="2026-11-22T01:02:03+00:00")
        watcher = _status(run, root)["watcher"]
        assert (watcher["alive"], watcher["pending"], watcher["silent"]) == (True, True, False)
        assert watcher["since"] == "2026-11-22T01:02:03+00:00"
        assert f"process {watcher['pid']}" in run("status", vault=root).stdout
        presence.leave()
        assert _status(run, root)["watcher"] is None


def test_a_watcher_that_died_is_told(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    with synced(root) as workspace:
        die = (
            "import os, pathlib, sys\nfrom notevault.presence import Presence\n"
            "presence = Presence(pathlib.Path(sys.argv[1]))\npresence.claim()\n"
            "presence.describe(mode='events', since='2026-11-22T01:02:03+00:00')\nos._exit(9)"
        )
        subprocess.run([sys.executable, "-c", die, str(workspace.cache)], check=False)
        assert _status(run, root)["watcher"]["alive"] is False
        assert "died" in run("status", vault=root).stdout


def test_what_could_not_be_read_and_conflict_copies_are_listed(make_vault: MakeVault, run: Run) -> None:
    copy = "a (conflicted copy 2026-11-20).md"
    root = make_vault({"a.md": NOTE, copy: NOTE + "x", "b.md": "x" * 5_000}, settings="sync.largest_note = 1000\n")
    ran = run("sync", vault=root)
    assert ran.exit_code == 1, ran
    found = _status(run, root)
    assert [failure["path"] for failure in found["failures"]] == ["b.md"]
    assert (found["copies"], found["fresh"]) == ([copy], True)


def test_everything_left_out_is_listed_with_its_reason(make_vault: MakeVault, run: Run) -> None:
    left_out = {
        "a.md~": "backup",
        ".a.md.swp": "hidden",
        ".#a.md": "lock",
        "~syncthing~a.md.tmp": "Syncthing",
        "図.png": "not a Markdown file",
        ".obsidian/x.md": "hidden folder",
        "node_modules/x.md": "another tool",
        "templates/meeting.md": "templates",
    }
    root = make_vault({"a.md": NOTE, **dict.fromkeys(left_out, "")})
    ran = run("status", "--ignored", "--json", vault=root)
    found = {one["path"]: one["reason"] for one in json.loads(ran.stdout)}
    assert ran.exit_code == 0
    assert set(found) == {place.split("/")[0] for place in left_out}
    for place, reason in left_out.items():
        assert reason in found[place.split("/")[0]], place
    shown = run("status", "--ignored", vault=root)
    assert "templates/: holds templates\n" in shown.stdout
    assert "8 are not taken" in shown.stderr


def test_of_two_names_that_are_one_the_second_is_left_out(make_vault: MakeVault) -> None:
    root = make_vault({"\u304c.md": "one", "\u304b\u3099.md": "two"})
    if len(list(root.glob("*.md"))) < 2:
        return  # a file system to which they are one
    with synced(root) as workspace:
        (left_out,) = iter_left_out(workspace)
        assert "accents" in left_out.reason
        assert load_status(workspace).failed[0].path == left_out.path


def test_ignored_and_why_do_not_go_together(make_vault: MakeVault, run: Run) -> None:
    assert run("status", "--ignored", "--why", "a.md", vault=make_vault()).exit_code == 2
