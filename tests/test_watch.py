"""A real watcher, real files, the ways in which editors and tools save."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from notevault.presence import find_watcher, is_kept_fresh
from notevault.workspace import open_workspace
from tests.conftest import MakeVault, Run
from tests.sync_oracle import digests_on_disk
from tests.watched import Watched, watching

pytestmark = pytest.mark.watch
NOTE = "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 株式会社山田工業\nstage: 提案\n---\n- [ ] 見積を送る\n"


def _in_place(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text[:10])
        stream.flush()
        time.sleep(0.02)
        stream.write(text[10:])


def _atomic(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _by_backup(path: Path, text: str) -> None:
    backup = path.with_name(f"{path.name}~")
    path.rename(backup)
    path.write_text(text, encoding="utf-8")
    backup.unlink()


def _by_backup_slowly(path: Path, text: str) -> None:
    backup = path.with_name(f"{path.name}~")
    path.rename(backup)
    time.sleep(0.5)
    path.write_text(text, encoding="utf-8")
    backup.unlink()


def _delete_and_write(path: Path, text: str) -> None:
    path.unlink()
    time.sleep(0.05)
    path.write_text(text, encoding="utf-8")


def _in_many_pieces(path: Path, text: str) -> None:
    for end in range(0, len(text) + 1, 20):
        path.write_text(text[: end or 1], encoding="utf-8")
        time.sleep(0.01)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "save", [_in_place, _atomic, _by_backup, _by_backup_slowly, _delete_and_write, _in_many_pieces]
)
def test_a_note_saved_is_taken_in_once_and_whole(save: Callable[[Path, str], None], make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root) as watched:
        save(root / "a.md", NOTE + "追記\n")
        watched.wait_for_text("a.md", NOTE + "追記\n")
        watched.wait_until_settled()
    assert watched.saves() == [("changed", "a.md")]


def test_what_a_save_did_is_told(make_vault: MakeVault) -> None:
    root = make_vault({"b.md": "x"})
    with watching(root) as watched:
        (root / "a.md").write_text(NOTE + "stage:won\n", encoding="utf-8")
        watched.wait_for_paths("a.md", "b.md")
        watched.wait_until_settled()
    (saved,) = [each for each in watched.told if each in watched.told and getattr(each, "path", "") == "a.md"]
    assert (saved.what, saved.customer, saved.todos) == ("added", "株式会社山田工業", 1)  # type: ignore[union-attr]


def test_when_saves_have_stopped_the_index_is_tidied(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    others = {f"{number}.md": NOTE for number in range(8)}
    with watching(root) as watched:
        for number, name in enumerate(others):
            (root / name).write_text(NOTE, encoding="utf-8")
            watched.wait_for_paths("a.md", *list(others)[: number + 1])
        watched.wait_until(lambda workspace: sum(1 for _each in (workspace.cache / "index").glob("*.pst")) <= 4)


def test_a_deleted_note_is_gone(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x", "c.md": "y"})
    with watching(root) as watched:
        (root / "a.md").unlink()
        watched.wait_for_paths("b.md", "c.md")
    assert watched.saves() == [("removed", "a.md")]


def test_a_renamed_note_keeps_its_ids(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    with watching(root) as watched:
        with open_workspace(root) as workspace:
            before = [tuple(row) for row in workspace.catalog.select("SELECT id, uid FROM notes ORDER BY path")]
            todos = [tuple(row) for row in workspace.catalog.select("SELECT id FROM todos")]
        (root / "z").mkdir()
        (root / "a.md").rename(root / "z" / "新しい名前.md")
        watched.wait_for_paths("z/新しい名前.md", "b.md")
        watched.wait_until_settled()
        with open_workspace(root) as workspace:
            after = [tuple(row) for row in workspace.catalog.select("SELECT id, uid FROM notes ORDER BY path DESC")]
            assert [tuple(row) for row in workspace.catalog.select("SELECT id FROM todos")] == todos
    assert after == before


def test_a_tree_moved_in_and_out_is_followed_whole(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({f"n{number}.md": "x" for number in range(9)})
    own = [f"n{number}.md" for number in range(9)]
    tree = tmp_path / "tree"
    for place in ("a.md", "b/c.md", "b/d/e.md"):
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        (tree / place).write_text(place)
    with watching(root) as watched:
        tree.rename(root / "in")
        watched.wait_for_paths(*own, "in/a.md", "in/b/c.md", "in/b/d/e.md")
        (root / "in" / "b" / "d" / "f.md").write_text("new in a moved tree")
        watched.wait_for_paths(*own, "in/a.md", "in/b/c.md", "in/b/d/e.md", "in/b/d/f.md")
        (root / "in").rename(tmp_path / "out")
        watched.wait_for_paths(*own)


def test_nested_folders_made_at_once_are_taken_in(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root) as watched:
        deep = root / "1" / "2" / "3" / "4"
        deep.mkdir(parents=True)
        (deep / "deep.md").write_text("x")
        watched.wait_for_paths("a.md", "1/2/3/4/deep.md")


def test_temporary_files_and_other_tools_folders_are_left_alone(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root) as watched:
        for name in (".a.md.swp", "a.md~", "4913", ".#a.md", ".~lock.a.md#", "~syncthing~a.md.tmp", "a.txt"):
            (root / name).write_text("x")
        (root / ".git").mkdir()
        (root / ".git" / "x.md").write_text("x")
        time.sleep(0.6)
        (root / "b.md").write_text("y")
        watched.wait_for_paths("a.md", "b.md")
        watched.wait_until_settled()
    assert watched.saves() == [("added", "b.md")]
    assert len(watched.sweeps()) == 1


def test_a_git_checkout_is_one_batch(make_vault: MakeVault) -> None:
    root = make_vault({f"{number}.md": "one" for number in range(300)})
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(root)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    for number in range(300):
        (root / f"{number}.md").write_text("two")
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    with watching(root) as watched:
        sweeps = len(watched.sweeps())
        subprocess.run([*git, "checkout", "-q", "HEAD~1"], check=True)
        watched.wait_until(
            lambda workspace: (
                {known.digest for known in workspace.catalog.known_notes().values()}
                == set(digests_on_disk(root).values())
            )
        )
        watched.wait_until_settled()
        assert len(watched.sweeps()) + len({path for _what, path in watched.saves()}) <= sweeps + 300


def test_changed_templates_and_settings_are_read_again(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root) as watched:
        (root / "notevault.toml").write_text('[keys]\ncustomer = ["客先様"]\n', encoding="utf-8")
        watched.wait_until(lambda _workspace: len(watched.sweeps()) > 1)
        (root / "b.md").write_text("---\n客先様: 青嶺物流\n---\n", encoding="utf-8")
        sql = "SELECT 1 FROM notes WHERE customer = '青嶺物流'"
        watched.wait_until(lambda workspace: bool(workspace.catalog.select(sql)))


def test_broken_settings_are_told_and_the_old_ones_stay(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root) as watched:
        (root / "notevault.toml").write_text("[[[", encoding="utf-8")
        until = time.monotonic() + 20
        while not any(getattr(each, "trouble", False) for each in watched.told):
            assert time.monotonic() < until
            time.sleep(0.05)
        (root / "notevault.toml").write_text("", encoding="utf-8")
        (root / "b.md").write_text("x")
        watched.wait_for_paths("a.md", "b.md")


def test_a_vault_that_vanishes_keeps_its_last_state_until_it_is_back(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({f"{number}.md": "x" for number in range(20)})
    with watching(root) as watched:
        root.rename(tmp_path / "unplugged")
        _wait_for_trouble(watched)
        (tmp_path / "unplugged").rename(root)
        (root / "new.md").write_text("x")
        watched.wait_until(lambda workspace: "new.md" in workspace.catalog.known_notes())
        with open_workspace(root) as workspace:
            assert workspace.catalog.note_count() == 21


def test_an_emptied_vault_is_not_followed(make_vault: MakeVault) -> None:
    root = make_vault({f"{number}.md": "x" for number in range(20)})
    with watching(root) as watched:
        for number in range(20):
            (root / f"{number}.md").unlink()
        _wait_for_trouble(watched)
        with open_workspace(root) as workspace:
            assert workspace.catalog.note_count() == 20


def test_another_root_of_the_same_name_is_followed(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"a.md": "x", "b.md": "y"})
    with watching(root) as watched:
        shutil.copytree(root, tmp_path / "copy")
        root.rename(tmp_path / "old")
        (tmp_path / "copy").rename(root)
        time.sleep(6)
        (root / "c.md").write_text("z")
        watched.wait_for_paths("a.md", "b.md", "c.md")


def test_polling_takes_saves_in_too(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root, poll=0.3) as watched:
        (root / "b.md").write_text("x")
        watched.wait_for_paths("a.md", "b.md")


def test_a_network_drive_is_looked_at_from_time_to_time(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notevault.watch.find_network_type", lambda _root: "nfs4")
    root = make_vault({"a.md": NOTE})
    with watching(root) as watched:
        assert any("network file system (nfs4)" in getattr(each, "message", "") for each in watched.told)
        (root / "b.md").write_text("x")
        watched.wait_for_paths("a.md", "b.md")
        with open_workspace(root) as workspace:
            state = find_watcher(workspace.cache)
            assert state is not None
            assert (state.mode, is_kept_fresh(workspace.cache)) == ("scans", False)


def test_more_folders_than_can_be_watched_are_looked_at_from_time_to_time(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notevault.watch.MOST_FOLDERS", 3)
    root = make_vault({f"{number}/a.md": NOTE for number in range(4)})
    with watching(root) as watched:
        assert any("more than 3 folders" in getattr(each, "message", "") for each in watched.told)
        (root / "3" / "a.md").unlink()
        watched.wait_for_paths("0/a.md", "1/a.md", "2/a.md")


def test_a_cache_that_is_deleted_is_made_anew(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    with watching(root) as watched:
        shutil.rmtree(tmp_path / "cache")
        watched.wait_for_paths("a.md", "b.md")


def test_a_vault_is_watched_once_only(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root):
        ran = run("watch", vault=root)
    assert ran.exit_code == 2
    assert f"process {os.getpid()}" in ran.stderr


def test_answers_right_after_a_save_are_right(make_vault: MakeVault, run: Run) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root):
        for number in range(5):
            (root / f"{number}.md").write_text(f"たぬき{number}", encoding="utf-8")
            time.sleep(0.05)
            assert run("search", f'"たぬき{number}"', "-l", vault=root).stdout == f"{number}.md\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_command_tells_of_each_save_and_stops_cleanly(make_vault: MakeVault) -> None:
    root = make_vault({"b.md": "x"})
    command = [sys.executable, "-u", "-m", "notevault", "--vault", str(root), "watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        (root / "a.md").write_text(NOTE, encoding="utf-8")
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert "added  a.md  株式会社山田工業" in line
        assert "Stopped." in process.stderr.read()


@pytest.mark.skipif(not shutil.which("vim"), reason="needs vim")
def test_a_note_saved_by_vim_is_taken_in(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with watching(root) as watched:
        words = ["vim", "-u", "NONE", "-es", "-c", "set backup writebackup", "-c", "normal Goviméditö", "-c", "wq"]
        subprocess.run([*words, str(root / "a.md")], check=False, stdin=subprocess.DEVNULL, timeout=30)
        watched.wait_for_text("a.md", NOTE + "viméditö\n")
        watched.wait_until_settled()
    assert watched.saves() == [("changed", "a.md")]


def _by_jetbrains(path: Path) -> list[str]:
    """Save as JetBrains' safe write does, told as a command like the others."""
    program = (
        "import os, pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "new, old = (path.with_name(path.name + end) for end in ('___jb_tmp___', '___jb_old___'))\n"
        "new.write_text(path.read_text('utf-8').replace('見積', '請求'), 'utf-8')\n"
        "path.rename(old)\nnew.rename(path)\nold.unlink()\n"
    )
    return [sys.executable, "-c", program, str(path)]


def _by_document_folder(path: Path) -> list[str]:
    """Save as TextEdit does on a volume of its own: from a folder beside the note."""
    program = (
        "import os, pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "folder = path.parent / '(A Document Being Saved By TextEdit)'\n"
        "folder.mkdir()\n"
        "(folder / path.name).write_text(path.read_text('utf-8').replace('見積', '請求'), 'utf-8')\n"
        "os.replace(folder / path.name, path)\nfolder.rmdir()\n"
    )
    return [sys.executable, "-c", program, str(path)]


def _by_sed(path: Path) -> list[str]:
    return ["sed", "-i", "s/見積/請求/", str(path)]


def _by_rsync(path: Path) -> list[str]:
    source = path.parent.parent / "source.md"
    source.write_text(path.read_text("utf-8").replace("見積", "請求"), "utf-8")
    return ["rsync", "-a", str(source), str(path)]


@pytest.mark.parametrize("save", [_by_jetbrains, _by_document_folder, _by_sed, _by_rsync])
def test_a_note_saved_by_other_programs_is_taken_in(save: Callable[[Path], list[str]], make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE, "b.md": "x"})
    words = save(root / "a.md")
    if shutil.which(words[0]) is None or (words[0] == "sed" and sys.platform != "linux"):
        pytest.skip(f"needs {words[0]}")
    with watching(root) as watched:
        subprocess.run(words, check=True, timeout=30)
        watched.wait_for_text("a.md", NOTE.replace("見積", "請求"))
        watched.wait_until_settled()
        watched.wait_for_paths("a.md", "b.md")
    assert {path for _what, path in watched.saves()} <= {"a.md"}


@pytest.mark.skipif(not shutil.which("emacs"), reason="needs emacs")
def test_a_note_saved_by_emacs_is_taken_in(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    script = '(progn (find-file "a.md") (goto-char (point-max)) (insert "emacs\\n") (save-buffer))'
    with watching(root) as watched:
        subprocess.run(["emacs", "-Q", "--batch", "--eval", script], check=True, cwd=root, timeout=60)
        watched.wait_for_text("a.md", NOTE + "emacs\n")
        watched.wait_until_settled()
    assert watched.saves() == [("changed", "a.md")]


def _wait_for_trouble(watched: Watched) -> None:
    until = time.monotonic() + 30
    while not any(getattr(each, "trouble", False) for each in watched.told):
        assert time.monotonic() < until, watched.told
        time.sleep(0.05)
