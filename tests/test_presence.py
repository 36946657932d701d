"""Who watches, and when others may rely on it."""

import json
import os
import time
from pathlib import Path

import pytest

from notevault.errors import CacheError
from notevault.presence import Presence, find_last_watcher, find_watcher, is_kept_fresh

SINCE = "2026-11-22T00:00:00+00:00"


def _watching(cache: Path) -> Presence:
    presence = Presence(cache)
    assert presence.claim()
    presence.describe(mode="events", since=SINCE)
    return presence


def test_nobody_watches_at_first(tmp_path: Path) -> None:
    assert find_watcher(tmp_path) is None
    assert not is_kept_fresh(tmp_path)


def test_a_watcher_vouches_only_after_a_heartbeat_and_while_nothing_waits(tmp_path: Path) -> None:
    presence = _watching(tmp_path)
    assert not is_kept_fresh(tmp_path)
    presence.beat()
    assert not is_kept_fresh(tmp_path)
    presence.clear_pending()
    assert is_kept_fresh(tmp_path)
    presence.set_pending()
    assert not is_kept_fresh(tmp_path)
    presence.clear_pending()
    presence.leave()
    assert not is_kept_fresh(tmp_path)
    assert find_last_watcher(tmp_path) is None


def test_an_old_heartbeat_or_one_of_before_a_reboot_is_not_trusted(tmp_path: Path) -> None:
    presence = _watching(tmp_path)
    presence.clear_pending()
    for age in (4.0, -1_000.0):
        moment = time.monotonic_ns() - int(age * 1e9)
        os.utime(tmp_path / "watcher.json", ns=(max(moment, 1), max(moment, 1)))
        assert not is_kept_fresh(tmp_path)
    presence.leave()


def test_one_that_has_not_beaten_for_long_is_silent(tmp_path: Path) -> None:
    presence = _watching(tmp_path)
    state = find_watcher(tmp_path)
    assert state is not None
    assert (state.pid, state.since, state.silent) == (os.getpid(), SINCE, False)
    os.utime(tmp_path / "watcher.json", ns=(1, 1))
    state = find_watcher(tmp_path)
    assert state is not None
    assert state.silent == (time.monotonic() > 30)
    presence.leave()


def test_only_one_watches(tmp_path: Path) -> None:
    presence = _watching(tmp_path)
    assert not Presence(tmp_path).claim(seconds=0)
    presence.leave()
    assert Presence(tmp_path).claim(seconds=0)


def test_a_state_without_a_living_process_is_of_one_that_died(tmp_path: Path) -> None:
    presence = _watching(tmp_path)
    presence.beat()
    presence.clear_pending()
    presence._lock.release()  # noqa: SLF001 -- what the system does for a process that dies
    state = find_last_watcher(tmp_path)
    assert state is not None
    assert not state.alive
    assert find_watcher(tmp_path) is None
    assert not is_kept_fresh(tmp_path)


def test_a_state_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    presence = _watching(tmp_path)
    for text in ("", "{", "[]", json.dumps({"pid": "x"})):
        (tmp_path / "watcher.json").write_text(text, "utf-8")
        assert find_watcher(tmp_path) is None
    presence.leave()


@pytest.mark.skipif(os.name != "posix", reason="a folder with open files cannot be moved")
def test_who_cannot_say_that_something_waits_vouches_for_nothing(tmp_path: Path) -> None:
    presence = _watching(tmp_path)
    presence.beat()
    presence.clear_pending()
    assert is_kept_fresh(tmp_path)
    cache, aside = tmp_path, tmp_path.with_name("aside")
    cache.rename(aside)
    presence.set_pending()
    aside.rename(cache)
    presence.beat()
    assert not is_kept_fresh(tmp_path)
    presence.clear_pending()
    presence.beat()
    assert is_kept_fresh(tmp_path)
    presence.leave()


def test_a_folder_that_is_not_there_is_an_error_to_mend(tmp_path: Path) -> None:
    with pytest.raises(CacheError):
        Presence(tmp_path / "nowhere").claim()
