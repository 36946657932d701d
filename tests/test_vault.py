"""The only way to the user's files."""

import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from notevault.errors import (
    FileChangedError,
    NotePathError,
    UnreadableNoteError,
    VaultNotFoundError,
    WriteRefusedError,
)
from notevault.front_matter import plan_set_field
from notevault.model import Edit, Note, NotePath, Span
from notevault.note import digest_of, parse_note
from notevault.vault import Vault, find_vault

MakeVault = Callable[..., Path]
IS_ROOT = sys.platform != "win32" and os.getuid() == 0
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def load(vault: Vault, path: str) -> Note:
    data, _signature = vault.read(NotePath(path))
    return parse_note(NotePath(path), data)


def test_the_nearest_vault_upward_is_found(make_vault: MakeVault, tmp_path: Path) -> None:
    outer = make_vault({"a/b/c.md": "x"})
    (outer / "a" / "notevault.toml").write_text("")
    assert find_vault(outer / "a" / "b") == outer / "a"
    assert find_vault(outer) == outer
    with pytest.raises(VaultNotFoundError, match=r"notevault\.toml"):
        find_vault(tmp_path)


def test_reading_agrees_with_the_walk(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"商談/a.md": "本文"}))
    path = NotePath("商談/a.md")
    data, signature = vault.read(path)
    assert data == "本文".encode()
    assert vault.scan().signatures == {path: signature}
    assert list(vault.iter_files()) == [path]
    assert vault.locate(path).read_bytes() == data


def test_a_note_that_is_gone_says_so(make_vault: MakeVault) -> None:
    with pytest.raises(FileNotFoundError):
        Vault(make_vault()).read(NotePath("a.md"))


@posix_only
def test_what_is_no_regular_file_is_not_opened(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"a.md": "x"}))
    os.mkfifo(vault.root / "pipe.md")
    (vault.root / "link.md").symlink_to("a.md")
    (vault.root / "circle.md").symlink_to("circle.md")
    (vault.root / "folder.md").mkdir()
    for name, reason in [("pipe", "regular"), ("link", "symbolic"), ("circle", "symbolic"), ("folder", "regular")]:
        with pytest.raises(UnreadableNoteError, match=reason):
            vault.read(NotePath(f"{name}.md"))


def test_a_note_over_the_limit_is_refused_with_its_size(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": "x" * 6_000_000})
    assert len(Vault(root).read(NotePath("a.md"))[0]) == 6_000_000
    with pytest.raises(UnreadableNoteError, match="6 MB, more than the 5 MB"):
        Vault(root, max_size=5_000_000).read(NotePath("a.md"))


def test_a_note_is_written_where_it_is_the_one_that_was_read(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"a.md": "old"}))
    vault.write(NotePath("a.md"), b"new", expected_digest=digest_of(b"old"))
    assert (vault.root / "a.md").read_bytes() == b"new"
    with pytest.raises(FileChangedError):
        vault.write(NotePath("a.md"), b"newer", expected_digest=digest_of(b"old"))
    with pytest.raises(FileChangedError):
        vault.write(NotePath("gone.md"), b"new", expected_digest=digest_of(b"old"))
    assert (vault.root / "a.md").read_bytes() == b"new"


@posix_only
def test_links_are_not_written_through(make_vault: MakeVault, tmp_path: Path) -> None:
    vault = Vault(make_vault({"a.md": "old"}))
    (vault.root / "soft.md").symlink_to("a.md")
    with pytest.raises(WriteRefusedError, match="link"):
        vault.write(NotePath("soft.md"), b"new", expected_digest=digest_of(b"old"))
    (tmp_path / "second").hardlink_to(vault.root / "a.md")
    with pytest.raises(WriteRefusedError, match="second name"):
        vault.write(NotePath("a.md"), b"new", expected_digest=digest_of(b"old"))
    assert (vault.root / "a.md").read_bytes() == b"old"


@posix_only
@pytest.mark.skipif(IS_ROOT, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_an_error_to_mend(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"sub/a.md": "old"}))
    (vault.root / "sub").chmod(0o500)
    try:
        with pytest.raises(WriteRefusedError, match="Permission"):
            vault.write(NotePath("sub/a.md"), b"new", expected_digest=digest_of(b"old"))
    finally:
        (vault.root / "sub").chmod(0o700)


def test_a_new_note_never_overwrites(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"a.md": "old"}))
    vault.create(NotePath("新規/b.md"), b"new")
    assert (vault.root / "新規" / "b.md").read_bytes() == b"new"
    with pytest.raises(WriteRefusedError, match="there already"):
        vault.create(NotePath("a.md"), b"new")
    with pytest.raises(WriteRefusedError, match="not a Markdown file"):
        vault.create(NotePath("a.txt"), b"new")
    with pytest.raises(WriteRefusedError, match="templates"):
        vault.create(NotePath("templates/a.md"), b"new")
    with pytest.raises(WriteRefusedError, match="not written"):
        vault.create(NotePath("a.md/b.md"), b"new")
    assert (vault.root / "a.md").read_bytes() == b"old"


def test_what_is_ignored_is_told_for_a_name_and_for_the_whole_vault(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"a.md": "x", ".b.md": "y"}))
    assert vault.find_ignore_reason(NotePath("a.md")) is None
    hidden = vault.find_ignore_reason(NotePath(".b.md"))
    assert hidden is not None
    assert {ignored.path: ignored.reason for ignored in vault.iter_ignored()}[NotePath(".b.md")] == hidden


def test_a_new_note_never_leaves_the_vault(make_vault: MakeVault, tmp_path: Path) -> None:
    vault = Vault(make_vault())
    with pytest.raises(NotePathError, match="outside"):
        vault.create(NotePath("../escaped.md"), b"new")
    assert not (tmp_path / "escaped.md").exists()


def test_edits_are_applied_note_by_note(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"a.md": "---\nx: 1\n---\nA", "b.md": "\ufeff---\r\nx: 1\r\n---\r\nB"}))
    edits = [edit for name in ("b.md", "a.md") for edit in plan_set_field(load(vault, name), "x", "2")]
    assert vault.apply(edits) == ("b.md", "a.md")
    assert (vault.root / "a.md").read_bytes() == b"---\nx: 2\n---\nA"
    assert (vault.root / "b.md").read_bytes() == "\ufeff---\r\nx: 2\r\n---\r\nB".encode()


def test_nothing_is_written_where_one_of_the_notes_has_changed(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"a.md": "A", "b.md": "B"}))
    edits = [edit for name in ("a.md", "b.md") for edit in plan_set_field(load(vault, name), "x", "2")]
    (vault.root / "b.md").write_bytes(b"changed")
    with pytest.raises(FileChangedError, match=r"b\.md"):
        vault.apply(edits)
    assert (vault.root / "a.md").read_bytes() == b"A"


def test_edits_of_a_note_that_is_gone_are_refused(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"a.md": "A"}))
    edits = plan_set_field(load(vault, "a.md"), "x", "2")
    (vault.root / "a.md").unlink()
    with pytest.raises(FileChangedError):
        vault.apply(edits)


def test_text_that_the_encoding_lacks_is_refused(make_vault: MakeVault) -> None:
    data = "本文は日本語です。".encode("cp932")
    vault = Vault(make_vault({"a.md": data}))
    edit = Edit(path=NotePath("a.md"), digest=digest_of(data), span=Span(start=0, end=0), text="😀")
    with pytest.raises(WriteRefusedError, match="cp932"):
        vault.apply([edit])
    assert (vault.root / "a.md").read_bytes() == data


def test_a_note_keeps_its_encoding(make_vault: MakeVault) -> None:
    data = "---\n件名: 打合せ\n---\n本文は日本語です。\n".encode("cp932")
    vault = Vault(make_vault({"a.md": data}))
    vault.apply(plan_set_field(load(vault, "a.md"), "件名", "訪問"))
    assert (vault.root / "a.md").read_bytes() == data.replace("打合せ".encode("cp932"), "訪問".encode("cp932"))


def test_bytes_that_cannot_be_written_back_are_not_touched(make_vault: MakeVault) -> None:
    data = "見積を送る\n".encode() + b"\xff"
    vault = Vault(make_vault({"a.md": data}))
    edit = Edit(path=NotePath("a.md"), digest=digest_of(data), span=Span(start=0, end=1), text="x")
    with pytest.raises(WriteRefusedError, match="written back"):
        vault.apply([edit])
    assert (vault.root / "a.md").read_bytes() == data


def test_a_note_is_named_from_here_from_the_vault_or_absolutely(
    make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(make_vault({"sub/a.md": "x", "a.md": "y"}))
    monkeypatch.chdir(vault.root / "sub")
    for text, path in [
        ("a.md", "sub/a.md"),
        ("./a.md", "sub/a.md"),
        ("../a.md", "a.md"),
        ("sub/a.md", "sub/a.md"),
        ("sub\\a.md", "sub/a.md"),
        (str(vault.root / "a.md"), "a.md"),
    ]:
        assert vault.resolve(text) == path
    assert vault.resolve("a.md", base=vault.root) == "a.md"


def test_a_name_is_found_in_either_unicode_form(make_vault: MakeVault) -> None:
    vault = Vault(make_vault({"ガス/プラン.md": "x"}))
    (spelled,) = vault.scan().signatures
    assert vault.resolve(unicodedata.normalize("NFD", "ガス/プラン.md")) in (
        spelled,
        unicodedata.normalize("NFD", spelled),
    )
    assert vault.resolve("ガス/プラン.md") == spelled


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nothing.md", "no such note"),
        ("../outside.md", "no such note"),
        ("sub", "a folder"),
        ("sub/b.txt", "not a Markdown file"),
        (".hidden.md", "hidden"),
        ("", "no such note"),
    ],
)
def test_what_names_no_note_is_an_error(make_vault: MakeVault, text: str, reason: str) -> None:
    vault = Vault(make_vault({"sub/b.txt": "x", ".hidden.md": "x"}))
    (vault.root.parent / "outside.md").write_text("x")
    with pytest.raises(NotePathError, match=reason):
        vault.resolve(text)


def test_a_note_outside_is_not_reached(make_vault: MakeVault, tmp_path: Path) -> None:
    vault = Vault(make_vault())
    (tmp_path / "outside.md").write_text("x")
    with pytest.raises(NotePathError, match="outside the vault"):
        vault.resolve(str(tmp_path / "outside.md"))


@posix_only
def test_a_note_behind_a_link_is_not_reached(make_vault: MakeVault, tmp_path: Path) -> None:
    vault = Vault(make_vault())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.md").write_text("x")
    (vault.root / "way").symlink_to(tmp_path / "other")
    (vault.root / "b.md").symlink_to(tmp_path / "other" / "a.md")
    with pytest.raises(NotePathError, match="outside"):
        vault.resolve("way/a.md")
    with pytest.raises(NotePathError, match="symbolic"):
        vault.resolve("b.md")


@posix_only
def test_a_vault_behind_a_link_is_a_vault(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault({"a.md": "x"})
    (tmp_path / "alias").symlink_to(root)
    vault = Vault(tmp_path / "alias")
    assert list(vault.iter_files()) == ["a.md"]
    assert vault.resolve(str(root / "a.md")) == "a.md"
    assert vault.resolve(str(tmp_path / "alias" / "a.md")) == "a.md"
