"""What is kept of the settings is as good as the file, and never older."""

import json
from pathlib import Path

import pytest

from notevault.errors import CacheError, SettingsError
from notevault.kept_settings import load_settings_once
from notevault.settings_reader import load_settings
from tests.conftest import MakeVault

FULL = """
language = "ja"
me = "kimura"
[stages.approach]
ja = "アプローチ"
probability = 10
todos = [{ text = "礼状を送る", en = "Send thanks", days = 3 }]
[owners.kimura]
name = "木村"
also = ["キムラ"]
[targets.2026-11]
kimura = 12.5
[learned.printer]
ja = "複合機"
stale_after = 365
[check.folders]
"inbox" = ["date"]
[export.fields.accounts]
phone = "Phone"
[searches]
mine = "owner:kimura"
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("source", ["", FULL])
def test_what_was_kept_is_what_was_read(make_vault: MakeVault, cache: Path, source: str) -> None:
    vault = make_vault(settings=source)
    first = load_settings_once(vault, lambda: cache)
    (kept,) = cache.iterdir()
    stamp = kept.stat().st_mtime_ns
    second = load_settings_once(vault, lambda: cache)
    assert kept.stat().st_mtime_ns == stamp
    assert first == second == load_settings(vault)
    assert repr(second) == repr(first)
    assert second.find_stage("アプローチ") == first.find_stage("アプローチ")


def test_a_changed_file_is_read_anew(make_vault: MakeVault, cache: Path) -> None:
    vault = make_vault(settings='me = "a"\n')
    assert load_settings_once(vault, lambda: cache).me == "a"
    (vault / "notevault.toml").write_text('me = "b"\n', encoding="utf-8")
    assert load_settings_once(vault, lambda: cache).me == "b"
    (vault / "notevault.toml").write_text("me = 1\n", encoding="utf-8")
    for _ in range(2):  # faults are told each time
        with pytest.raises(SettingsError, match="text in quotes"):
            load_settings_once(vault, lambda: cache)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"key": 1}', "\udcff", "[" * 100_000, "class", "field", "type"])
def test_what_is_damaged_is_read_anew(make_vault: MakeVault, cache: Path, damage: str) -> None:
    vault = make_vault(settings=FULL)
    wanted = load_settings_once(vault, lambda: cache)
    (path,) = cache.iterdir()
    kept = json.loads(path.read_text(encoding="utf-8"))
    changes = {
        "class": {**kept, "settings": ["Path", "/"]},
        "field": {**kept, "settings": kept["settings"][:-1]},
        "type": {**kept, "settings": "me"},
    }
    changed = json.dumps(changes[damage]) if damage in changes else damage
    path.write_bytes(changed.encode("utf-8", "surrogateescape"))
    assert load_settings_once(vault, lambda: cache) == wanted
    assert json.loads(path.read_text(encoding="utf-8")) == kept


def test_without_a_folder_settings_are_read_all_the_same(make_vault: MakeVault, tmp_path: Path) -> None:
    vault = make_vault(settings='me = "a"\n')

    def refused() -> Path:
        raise CacheError(tmp_path, "it is a link")

    assert load_settings_once(vault, refused).me == "a"
    assert load_settings_once(vault, lambda: tmp_path / "missing").me == "a"
    (vault / "notevault.toml").unlink()
    assert load_settings_once(vault, refused).timezone == "Asia/Tokyo"
