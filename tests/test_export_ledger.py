"""What was exported under which id: kept in a plain CSV, and never half."""

from pathlib import Path

import pytest

from notevault.export.ledger import Entry, Ledger, LedgerError


def made(path: Path, *keys: tuple[str, str, str]) -> Ledger:
    ledger = Ledger.load(path)
    for key in keys:
        ledger.see(key)
        ledger.write(key, Entry("d1", "", "2026-11-22", f"name of {key[2]}"))
    ledger.update(())
    ledger.save()
    return ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export" / "ledger.csv"


def test_what_was_written_is_found_again(path: Path) -> None:
    made(path, ("accounts", "Account", "c1"), ("notes", "ContentNote", '改行"n\n1'))
    again = Ledger.load(path)
    assert again.find("accounts", "Account", "c1") == Entry("d1", "", "2026-11-22", "name of c1")
    assert again.find("notes", "ContentNote", '改行"n\n1') is not None
    assert again.find("accounts", "Contact", "c1") is None
    before = path.read_bytes()
    again.save()
    assert path.read_bytes() == before


def test_ids_of_the_crm_outlive_later_exports(path: Path) -> None:
    ledger = made(path, ("accounts", "Account", "c1"))
    assert ledger.learn_id("accounts", "Account", "c1", "001")
    assert not ledger.learn_id("accounts", "Account", "c1", "001")
    ledger.save()
    again = made(path, ("accounts", "Account", "c1"), ("accounts", "Address", "c1"))
    assert (again.crm_id("accounts", "c1"), again.find_ours("accounts", "001")) == ("001", "c1")
    assert again.learn_id("accounts", "Address", "c1", "002")
    assert again.crm_id("accounts", "c1") == "002"
    assert again.find_ours("accounts", "001") is None


def test_what_is_no_longer_seen_is_missed_until_it_is_forgotten(path: Path) -> None:
    made(path, *(("notes", "Note", f"n{number}") for number in range(2500)))
    ledger = Ledger.load(path)
    for number in range(1, 2500):
        ledger.see(("notes", "Note", f"n{number}"))
    ((key, entry),) = ledger.missed(["Note"])
    assert (key, entry.name) == (("notes", "Note", "n0"), "name of n0")
    assert ledger.has_seen("notes", "n1")
    assert not ledger.has_seen("notes", "n0")
    assert ledger.missed(["Other"]) == []
    ledger.update([key])
    ledger.save()
    assert Ledger.load(path).find("notes", "Note", "n0") is None
    assert Ledger.load(path).find("notes", "Note", "n1") is not None


def test_ledger_that_another_run_wrote_meanwhile_is_not_overwritten(path: Path) -> None:
    made(path, ("notes", "Note", "n1"))
    mine = Ledger.load(path)
    made(path, ("notes", "Note", "n2"))
    mine.write(("notes", "Note", "n3"), Entry("d"))
    mine.update(())
    with pytest.raises(LedgerError, match="meanwhile"):
        mine.save()
    assert Ledger.load(path).find("notes", "Note", "n2") is not None


@pytest.mark.parametrize("data", [b"\xff", b"a,b\n1,2\n", b'table,file\n"x'])
def test_ledger_that_cannot_be_read_is_said_to_be(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(LedgerError, match=r"ledger\.csv"):
        Ledger.load(path)
    assert path.read_bytes() == data


def test_nothing_is_remembered_without_a_path() -> None:
    ledger = Ledger()
    ledger.save()
    assert ledger.crm_id("accounts", "c1") == ""
    assert ledger.find("accounts", "Account", "c1") is None
