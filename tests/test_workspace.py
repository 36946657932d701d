"""What opens a vault: settings, folder of derived data, lock, and what is thrown away when damaged."""

import os
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from notevault.catalog import CATALOG_NAME, Catalog
from notevault.errors import (
    CacheError,
    CatalogDamagedError,
    IndexDamagedError,
    LockedError,
    SettingsError,
    VaultNotFoundError,
)
from notevault.upkeep import sync_workspace
from notevault.workspace import VaultChoice, Workspace, open_workspace
from tests.conftest import TODAY, MakeVault
from tests.synced import synced

NOTE = "---\ncustomer: 株式会社山田工業\n---\n見積\n"
posix_only = pytest.mark.skipif(os.name != "posix", reason="owners and modes of POSIX")


def test_two_vaults_of_one_name_have_folders_of_their_own(tmp_path: Path) -> None:
    caches = set()
    for place in ("a/vault", "b/vault"):
        root = tmp_path / place
        root.mkdir(parents=True)
        (root / "notevault.toml").touch()
        with open_workspace(root) as workspace:
            caches.add(workspace.cache)
            assert workspace.cache.name.startswith("vault-")
    assert len(caches) == 2


@posix_only
def test_a_vault_behind_a_link_has_the_same_folder(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault()
    (tmp_path / "link").symlink_to(root, target_is_directory=True)
    with open_workspace(root) as one, open_workspace(tmp_path / "link") as other:
        assert one.cache == other.cache


@posix_only
def test_the_folder_is_closed_to_others_and_never_a_link(make_vault: MakeVault, tmp_path: Path) -> None:
    root = make_vault()
    with open_workspace(root) as workspace:
        cache = workspace.cache
    assert cache.stat().st_mode & 0o077 == 0
    cache.chmod(0o755)
    with open_workspace(root) as workspace:
        assert workspace.cache.stat().st_mode & 0o077 == 0
    cache.rename(tmp_path / "elsewhere")
    cache.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with open_workspace(root) as workspace, pytest.raises(CacheError):
        workspace.catalog  # noqa: B018 -- opened when asked for


def test_a_cache_that_is_a_file_is_an_error_to_mend(
    make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NOTEVAULT_CACHE", str(tmp_path / "file"))
    with open_workspace(make_vault()) as workspace, pytest.raises(CacheError) as caught:
        workspace.catalog  # noqa: B018
    assert "NOTEVAULT_CACHE" in caught.value.hint


def test_the_lock_names_its_holder(make_vault: MakeVault) -> None:
    root = make_vault()
    with open_workspace(root) as one, open_workspace(root) as other, one.lock():
        with pytest.raises(LockedError, match=f"process {os.getpid()}"), other.lock(seconds=0):
            pass
        assert (one.cache / "writer.txt").exists()
    with open_workspace(root) as again, again.lock(seconds=0):
        pass
    assert not (again.cache / "writer.txt").exists()


def test_news_are_told_without_taking_them_in(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with synced(root) as workspace:
        assert not workspace.has_news(with_index=True)
        (root / "b.md").write_text("x")
        assert workspace.has_news(with_index=False)
        (root / "b.md").unlink()
        workspace.index.clear()
        assert not workspace.has_news(with_index=False)
        assert workspace.has_news(with_index=True)
    (root / "notevault.toml").write_text('[keys]\ncustomer = ["相手"]\n', "utf-8")
    with open_workspace(root) as workspace:
        assert workspace.has_news(with_index=False)


def test_what_is_damaged_is_thrown_away_with_a_word_and_made_anew(make_vault: MakeVault) -> None:
    root, said = make_vault({"a.md": NOTE}), list[str]()
    with open_workspace(root, today=TODAY, report=said.append) as workspace:
        sync_workspace(workspace)
        workspace.discard(IndexDamagedError(workspace.cache, "bits"))
        assert workspace.index.fingerprint == ""
        assert sync_workspace(workspace).failed == ()
        workspace.discard(CatalogDamagedError(workspace.cache, "bits"))
        assert workspace.catalog.note_count() == 0
        assert sync_workspace(workspace).added == ("a.md",)
    assert len(said) == 2
    assert all("made anew" in one for one in said)


def test_a_file_that_is_no_database_is_replaced_even_in_the_midst_of_a_sync(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with open_workspace(root) as workspace:
        (workspace.cache / CATALOG_NAME).write_bytes(b"nothing like it" * 500)
        assert sync_workspace(workspace, patience=0).added == ("a.md",)
        assert not (workspace.cache / "writer.txt").exists()


def test_a_catalogue_that_another_process_replaced_is_noticed(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with synced(root) as workspace:
        assert not workspace.is_catalog_replaced()
        if os.name == "posix":
            Catalog.discard(workspace.cache)
            assert workspace.is_catalog_replaced()
            workspace.reopen()
            assert workspace.catalog.note_count() == 0
            assert not workspace.is_catalog_replaced()


def test_settings_with_faults_leave_those_from_before(make_vault: MakeVault) -> None:
    root = make_vault(settings='timezone = "Asia/Tokyo"\n')
    workspace = Workspace(root)
    (root / "notevault.toml").write_text("nonsense = 1\n")
    with pytest.raises(SettingsError):
        workspace.reload()
    assert workspace.settings.timezone == "Asia/Tokyo"
    (root / "notevault.toml").write_text('timezone = "UTC"\n')
    workspace.reload()
    assert workspace.settings.timezone == "UTC"


def test_today_is_what_the_environment_says(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_vault()
    monkeypatch.setenv("NOTEVAULT_TODAY", "2026-01-02")
    assert Workspace(root).today == date(2026, 1, 2)
    monkeypatch.setenv("NOTEVAULT_TODAY", "tomorrow")
    with pytest.raises(SettingsError, match="tomorrow"):
        _day = Workspace(root).today


def test_a_vault_that_is_named_must_be_one(
    make_vault: MakeVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_vault()
    assert VaultChoice(option=root).start() == root
    with pytest.raises(VaultNotFoundError):
        VaultChoice(option=tmp_path).start()
    monkeypatch.setenv("NOTEVAULT_VAULT", str(root))
    assert VaultChoice(option=None).start() == root
    monkeypatch.delenv("NOTEVAULT_VAULT")
    assert VaultChoice(option=None).start() == Path.cwd()


def test_a_catalogue_whose_tables_are_not_those_meant_is_made_anew(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": NOTE})
    with synced(root) as workspace:
        path = workspace.cache / CATALOG_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE todos RENAME TO other")
    with open_workspace(root) as workspace:
        assert workspace.catalog.note_count() == 0
        assert sync_workspace(workspace).added == ("a.md",)
        assert not workspace.has_news(with_index=True)
