from pathlib import Path

import pytest

from notevault.errors import FileChangedError
from notevault.journal import FileChange, Journal
from notevault.model import NotePath
from notevault.vault import Vault
from tests.conftest import MakeVault

A = NotePath("a.md")


@pytest.fixture
def vault(make_vault: MakeVault) -> Vault:
    return Vault(make_vault({"a.md": b"\xef\xbb\xbfold\r\n"}))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def _changes(vault: Vault) -> list[FileChange]:
    return [
        FileChange(path=A, before=vault.read(A)[0], after=b"new\n"),
        FileChange(path=NotePath("deep/made.md"), before=None, after="作った\n".encode()),
    ]


def test_undo_gives_every_byte_back(vault: Vault, journal: Journal) -> None:
    journal.carry_out(vault, _changes(vault), kind="customer merge", title="A = B")
    assert vault.read(A)[0] == b"new\n"
    entry = journal.find_last(["customer merge"])
    assert entry is not None
    assert (entry.kind, entry.title) == ("customer merge", "A = B")
    assert journal.undo(vault, entry) == (A, NotePath("deep/made.md"))
    assert vault.read(A)[0] == b"\xef\xbb\xbfold\r\n"
    assert list(vault.iter_files()) == [A]
    assert journal.find_last() is None


def test_undo_refuses_a_file_edited_since_and_writes_nothing(vault: Vault, journal: Journal) -> None:
    entry = journal.carry_out(vault, _changes(vault), kind="k", title="t")
    (vault.root / "deep/made.md").write_text("edited", encoding="utf-8")
    with pytest.raises(FileChangedError):
        journal.undo(vault, entry)
    assert vault.read(A)[0] == b"new\n"
    assert journal.find_last() == entry


def test_nothing_is_written_where_a_file_is_not_as_planned(vault: Vault, journal: Journal) -> None:
    changes = [*_changes(vault), FileChange(path=NotePath("b.md"), before=b"never was", after=b"")]
    with pytest.raises(FileChangedError):
        journal.carry_out(vault, changes, kind="k", title="t")
    assert vault.read(A)[0] == b"\xef\xbb\xbfold\r\n"
    assert journal.find_last() is None


def test_interrupted_change_can_be_taken_back(vault: Vault, journal: Journal) -> None:
    entry = journal.carry_out(vault, _changes(vault), kind="k", title="t")
    (vault.root / "deep/made.md").unlink()  # as if the second file had never been written
    assert journal.undo(vault, entry)
    assert vault.read(A)[0] == b"\xef\xbb\xbfold\r\n"


def test_newest_entry_of_a_kind_is_found(vault: Vault, journal: Journal) -> None:
    journal.carry_out(vault, [FileChange(path=A, before=vault.read(A)[0], after=b"1")], kind="one", title="1")
    journal.carry_out(vault, [FileChange(path=A, before=b"1", after=b"2")], kind="two", title="2")
    assert [entry.title for kind in ("one", "two") if (entry := journal.find_last([kind]))] == ["1", "2"]
    assert journal.find_last(["three"]) is None


def test_unreadable_entry_is_passed_over(vault: Vault, journal: Journal, tmp_path: Path) -> None:
    journal.carry_out(vault, [FileChange(path=A, before=vault.read(A)[0], after=b"1")], kind="k", title="t")
    (tmp_path / "journal" / "99991231T000000000000.json").write_text("{", encoding="utf-8")
    assert journal.find_last() is not None


def test_only_the_newest_entries_are_kept(vault: Vault, journal: Journal, tmp_path: Path) -> None:
    before = vault.read(A)[0]
    for number in range(53):
        after = str(number).encode()
        journal.carry_out(vault, [FileChange(path=A, before=before, after=after)], kind="k", title=str(number))
        before = after
    assert len(list((tmp_path / "journal").glob("*.json"))) == 50
