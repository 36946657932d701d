"""Writing and taking back, with everything that may come between."""

import os
from pathlib import Path

import pytest

from notevault.model import NotePath
from notevault.refine.journal import FOLDER, Entry, MigrationJournal, find_last, is_finished
from notevault.refine.migrate import MigrationRules, NotePlan, make_rules, plan_note
from notevault.refine.run import NothingToUndoError, undo_migration, write_migration
from notevault.settings_reader import default_settings
from notevault.template import Templates
from notevault.template.folder import parse_template
from notevault.vault import Vault
from tests.conftest import TODAY, MakeVault

OLD = "---\ntype: visit\n会社名: 山田\n---\n## 面談内容\nx\n"
NEW = "---\ntype: visit\ncustomer: 山田\n---\n## 事実\nx\n"


def rules(version: int = 2) -> MigrationRules:
    text = (
        f"---\ntemplate: visit\nversion: {version}\nfields: {{customer: {{also: [会社名]}}}}\n"
        "sections: {事実: {}}\nrenamed: {面談内容: 事実}\n---\n"
    )
    template = parse_template("templates/visit.md", text, default_settings())
    return make_rules(template, Templates(by_name={"visit": template}), default_settings(), today=TODAY)


def plans(vault: Vault) -> list[NotePlan]:
    found = [plan_note(path, vault.read(path)[0], rules()) for path in vault.iter_files()]
    return [plan for plan in found if plan.changes]


def content(vault: Vault) -> dict[str, bytes]:
    return {path: vault.read(path)[0] for path in vault.iter_files()}


@pytest.fixture
def vault(make_vault: MakeVault) -> Vault:
    return Vault(make_vault({f"{at:03}.md": OLD + f"{at}\r\n" for at in range(250)}))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    (tmp_path / "cache-of-it").mkdir()
    return tmp_path / "cache-of-it"


def test_everything_is_written_and_put_back_byte_for_byte(vault: Vault, cache: Path) -> None:
    before = content(vault)
    seen: list[tuple[int, int]] = []
    written = write_migration(
        vault, cache, rules(), plans(vault), progress=lambda done, todo: seen.append((done, todo))
    )
    assert len(written.notes) == 250
    assert content(vault)["007.md"].decode() == NEW + "7\r\n"
    assert seen[-1] == (250, 250)
    undone = undo_migration(vault, cache, "visit")
    assert len(undone.notes) == 250
    assert content(vault) == before
    with pytest.raises(NothingToUndoError):
        undo_migration(vault, cache, "visit")


def test_a_note_changed_since_is_left_alone_and_told(vault: Vault, cache: Path) -> None:
    before = content(vault)
    write_migration(vault, cache, rules(), plans(vault))
    vault.locate(NotePath("003.md")).write_text("mine now", encoding="utf-8")
    vault.locate(NotePath("004.md")).unlink()
    undone = undo_migration(vault, cache, "visit")
    assert [failure.path for failure in undone.failed] == ["004.md", "003.md"]
    after = content(vault)
    assert after.pop(NotePath("003.md")) == b"mine now"
    assert after == {path: data for path, data in before.items() if path not in ("003.md", "004.md")}
    vault.locate(NotePath("003.md")).write_bytes((NEW + "3\r\n").encode())
    vault.locate(NotePath("004.md")).write_bytes((NEW + "4\r\n").encode())
    assert undo_migration(vault, cache, "visit").failed == ()
    assert content(vault) == before


def test_a_note_changed_between_plan_and_write_is_left_alone(vault: Vault, cache: Path) -> None:
    planned = plans(vault)
    vault.locate(NotePath("003.md")).write_text("mine now", encoding="utf-8")
    written = write_migration(vault, cache, rules(), planned)
    assert [failure.path for failure in written.failed] == ["003.md"]
    assert len(written.notes) == 249
    assert undo_migration(vault, cache, "visit").failed == ()
    assert content(vault)["003.md"] == b"mine now"


class StoppedVault(Vault):
    """A vault in which writing is interrupted after some notes."""

    left = 130

    def write(self, path: NotePath, data: bytes, *, expected_digest: str) -> None:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        super().write(path, data, expected_digest=expected_digest)


def test_interrupted_it_goes_on_and_one_undo_puts_all_back(vault: Vault, cache: Path) -> None:
    before = content(vault)
    stopped = StoppedVault(vault.root)
    with pytest.raises(KeyboardInterrupt):
        write_migration(stopped, cache, rules(), plans(vault))
    file = find_last(cache, "visit")
    assert file is not None
    assert not is_finished(file)
    rest = plans(vault)
    assert len(rest) == 120
    write_migration(vault, cache, rules(), rest)
    assert plans(vault) == []
    assert len(list((cache / FOLDER).iterdir())) == 1
    stopped.left = 100
    with pytest.raises(KeyboardInterrupt):
        undo_migration(stopped, cache, "visit")
    assert len(undo_migration(vault, cache, "visit").notes) == 150
    assert content(vault) == before


def test_a_line_cut_off_by_a_crash_belongs_to_no_note(vault: Vault, cache: Path) -> None:
    before = content(vault)
    with pytest.raises(KeyboardInterrupt):
        write_migration(StoppedVault(vault.root), cache, rules(), plans(vault))
    file = find_last(cache, "visit")
    assert file is not None
    with file.open("ab") as stream:
        stream.write(b'{"path": "200.md", "befo')
    write_migration(vault, cache, rules(), plans(vault))
    assert undo_migration(vault, cache, "visit").failed == ()
    assert content(vault) == before


def test_the_migrations_of_several_versions_are_undone_one_by_one(vault: Vault, cache: Path) -> None:
    write_migration(vault, cache, rules(), plans(vault))
    first = content(vault)
    path = NotePath("000.md")
    second = NotePlan(
        path=path,
        before=first[path],
        after=b"third",
        text_before="",
        text_after="",
        changes=(),
        needs=(),
    )
    write_migration(vault, cache, rules(3), [second])
    assert content(vault)[path] == b"third"
    undo_migration(vault, cache, "visit")
    assert content(vault) == first
    undo_migration(vault, cache, "VISIT")
    assert content(vault)[path].decode() == OLD + "0\r\n"


def test_the_journal_is_private_and_holds_any_name(cache: Path) -> None:
    journal = MigrationJournal.open(cache, "visit", 1)
    entry = Entry(path=NotePath("a\udcff/日報.md"), before=b"\x00\xff", after_digest="x")
    journal.record([entry])
    assert journal.entries() == (entry,)
    if os.name == "posix":
        assert journal.file.stat().st_mode & 0o077 == 0
