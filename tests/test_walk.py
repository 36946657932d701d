"""Which files are notes, and why the others are not."""

import os
import socket
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from notevault.model import NotePath
from notevault.walk import find_ignore_reason, iter_ignored, scan_vault, signature_of

MakeVault = Callable[..., Path]
IS_ROOT = sys.platform != "win32" and os.getuid() == 0
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="names and permissions as on Linux")


def paths(root: Path) -> list[str]:
    return sorted(scan_vault(str(root)).signatures)


def reasons(root: Path) -> dict[str, str]:
    return {ignored.path: ignored.reason for ignored in iter_ignored(str(root))}


def test_notes_are_found_at_any_depth_with_their_signatures(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "x", "商談/2026/議事録.markdown": "y", "B.MD": "z"})
    scan = scan_vault(str(root))
    assert set(scan.signatures) == {"a.md", "商談/2026/議事録.markdown", "B.MD"}
    assert scan.signatures[NotePath("a.md")] == signature_of((root / "a.md").lstat())
    assert (scan.errors, scan.unreadable, scan.placeholders, scan.clashes) == ((), (), (), ())


OTHERS = [
    ("templates/meeting.md", "templates"),
    (".hidden.md", "hidden file"),
    (".git/x.md", "hidden folder"),
    (".obsidian/x.md", "hidden folder"),
    (".trash/x.md", "hidden folder"),
    (".Trash-1000/x.md", "hidden folder"),
    (".stversions/x.md", "hidden folder"),
    (".dropbox.cache/x.md", "hidden folder"),
    ("node_modules/x.md", "another tool"),
    ("@eaDir/x.md", "another tool"),
    ("#recycle/x.md", "another tool"),
    ("$RECYCLE.BIN/x.md", "another tool"),
    ("._a.md", "macOS metadata"),
    (".#a.md", "lock file"),
    (".~lock.a.md", "lock file"),
    ("~syncthing~a.md", "Syncthing"),
    (".nv-0123abcd.tmp", "interrupted write"),
    ("a.md~", "backup or temporary"),
    ("a.md.swp", "backup or temporary"),
    ("#a.md#", "backup or temporary"),
    ("a.md___jb_tmp___", "backup or temporary"),
    ("a.txt", "not a Markdown file"),
    ("md", "not a Markdown file"),
]


@pytest.mark.parametrize(("path", "reason"), OTHERS)
def test_what_is_no_note_is_left_out_with_a_reason(make_vault: MakeVault, path: str, reason: str) -> None:
    root = make_vault({path: "x", "a.md": "y"})
    assert paths(root) == ["a.md"]
    (found,) = [why for where, why in reasons(root).items() if path.startswith(where)]
    assert reason in found
    assert find_ignore_reason(NotePath(path)) == found


@pytest.mark.parametrize(
    "path", ["sub/templates/a.md", "a b.md", "Templates.md", "議事録 2.md", "a (conflicted copy).md"]
)
def test_what_only_resembles_it_is_a_note(make_vault: MakeVault, path: str) -> None:
    assert paths(make_vault({path: "x"})) == [path]
    assert find_ignore_reason(NotePath(path)) is None


@posix_only
def test_links_pipes_and_sockets_are_left_out_with_a_reason(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"a.md": "x", "sub/b.md": "y"})
    (tmp_path / "outside.md").write_text("z")
    (root / "link.md").symlink_to(root / "a.md")
    (root / "out.md").symlink_to(tmp_path / "outside.md")
    (root / "broken.md").symlink_to("nowhere")
    (root / "circle.md").symlink_to("circle.md")
    (root / "folder").symlink_to(root / "sub")
    (root / "up").symlink_to(root)
    (root / "away").symlink_to(tmp_path)
    os.mkfifo(root / "pipe.md")
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(root)  # a socket's path must be short
        try:
            listener.bind("socket.md")
        finally:
            os.chdir(here)
    assert paths(root) == ["a.md", "sub/b.md"]
    found = reasons(root)
    said = {
        "link.md": "symbolic link; links are not followed",
        "out.md": "out of the vault",
        "broken.md": "link to nothing",
        "circle.md": "in a circle",
        "folder": "symbolic link; links are not followed",
        "up": "symbolic link; links are not followed",
        "away": "out of the vault",
        "pipe.md": "named pipe",
        "socket.md": "socket",
    }
    for path, reason in said.items():
        assert reason in found[NotePath(path)], path


@linux_only
@pytest.mark.skipif(IS_ROOT, reason="root may list every folder")
def test_a_folder_that_cannot_be_listed_is_unknown_and_not_empty(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "x", "closed/b.md": "y"})
    (root / "closed").chmod(0)
    try:
        scan = scan_vault(str(root))
    finally:
        (root / "closed").chmod(0o700)
    assert list(scan.signatures) == ["a.md"]
    assert scan.unreadable == ("closed",)
    assert [failure.path for failure in scan.errors] == ["closed"]


def test_a_vault_that_is_gone_is_unknown_and_not_empty(tmp_path: Path) -> None:
    scan = scan_vault(str(tmp_path / "nowhere"))
    assert scan.unreadable == ("",)
    assert len(scan.errors) == 1
    assert list(iter_ignored(str(tmp_path / "nowhere"))) == []


@linux_only
def test_names_that_differ_in_unicode_form_only_are_one_note(make_vault: MakeVault) -> None:
    composed, decomposed = "ガ.md", unicodedata.normalize("NFD", "ガ.md")
    root = make_vault({composed: "x", decomposed: "y", "プ/a.md": "z"})
    scan = scan_vault(str(root))
    assert sorted(scan.signatures) == [composed, "プ/a.md"]
    assert scan.clashes == ((composed, decomposed),)
    assert [failure.path for failure in scan.errors] == [decomposed]


@linux_only
def test_a_decomposed_name_alone_keeps_its_spelling(make_vault: MakeVault) -> None:
    decomposed = unicodedata.normalize("NFD", "ガ.md")
    assert paths(make_vault({decomposed: "y"})) == [decomposed]


@linux_only
def test_a_name_that_is_not_utf8_is_a_note(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "x"})
    name = os.fsencode(root) + b"/\x8a\xe0.md"
    with open(name, "wb") as stream:  # noqa: PTH123 -- bytes are no Path
        stream.write(b"y")
    (path,) = [path for path in paths(root) if path != "a.md"]
    assert os.fsencode(path) == b"\x8a\xe0.md"
