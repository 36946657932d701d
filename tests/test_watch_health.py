"""What can go wrong with events, and how it is noticed."""

import logging
import os
import sys
import time
from pathlib import Path

import pytest

from notevault.watch_health import (
    OverflowListener,
    SleepDetector,
    count_folders,
    find_git_lock,
    find_network_type,
    find_root_identity,
)

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="mounts")


@posix_only
@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ([("/", "ext4")], None),
        ([("/", "ext4"), ("{here}", "nfs4")], "nfs4"),
        ([("/", "nfs4"), ("{here}", "ext4")], None),
        ([("/", "ext4"), ("{here}/vault/shared", "cifs")], "cifs"),
        ([("/", "ext4"), ("{here}/vault2", "cifs")], None),
        ([("/", "ext4"), ("{here}", "fuse.sshfs"), ("{here}/vault", "btrfs")], None),
        ([], None),
    ],
)
def test_the_nearest_mount_and_those_within_decide(
    mounts: list[tuple[str, str]], kind: str | None, tmp_path: Path
) -> None:
    here = os.path.realpath(tmp_path)
    (tmp_path / "vault").mkdir()
    told = [(point.format(here=here), type_) for point, type_ in mounts]
    assert find_network_type(tmp_path / "vault", told) == kind


@posix_only
def test_the_systems_own_mounts_can_be_read(tmp_path: Path) -> None:
    assert find_network_type(tmp_path) is None or isinstance(find_network_type(tmp_path), str)


def test_a_root_is_itself_until_it_is_replaced_or_no_vault(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    assert find_root_identity(root) is None
    root.mkdir()
    assert find_root_identity(root) is None
    (root / "notevault.toml").touch()
    first = find_root_identity(root)
    assert first is not None
    root.rename(tmp_path / "aside")
    root.mkdir()
    (root / "notevault.toml").touch()
    assert find_root_identity(root) not in (None, first)


def test_folders_are_counted_up_to_a_limit(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / str(number) / "deep").mkdir(parents=True)
    assert count_folders(tmp_path, most=1_000) == 41
    assert count_folders(tmp_path, most=5) > 5


def test_git_is_at_work_while_its_lock_is_there(tmp_path: Path) -> None:
    root = tmp_path / "repository" / "vault"
    root.mkdir(parents=True)
    assert find_git_lock(root) is None
    (tmp_path / "repository" / ".git").mkdir()
    assert find_git_lock(root) is None
    lock = tmp_path / "repository" / ".git" / "index.lock"
    lock.touch()
    first = find_git_lock(root)
    assert first is not None
    os.utime(lock, (1, 1))
    assert find_git_lock(root) != first


def test_overflow_is_heard_and_two_within_seconds_are_a_flood() -> None:
    heard, now = [], [100.0]
    logger = logging.getLogger("notevault-test-library")
    with OverflowListener(logger.name, lambda: heard.append(1), lambda: now[0]) as listener:
        logger.warning("Inotify queue overflowed; filesystem events were lost")
        logger.warning("Inotify queue overflowed; reconciling recursive watches below %r", "x")
        logger.warning("something else")
        assert (len(heard), listener.is_flooded()) == (1, False)
        now[0] += 60
        logger.warning("Inotify queue overflowed; filesystem events were lost")
        assert not listener.is_flooded()
        now[0] += 5
        logger.warning("Inotify queue overflowed; filesystem events were lost")
        assert listener.is_flooded()
        assert not listener.is_flooded()
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    logger.warning("overflow")
    assert len(heard) == 3


def test_a_machine_that_stays_awake_has_not_slept() -> None:
    detector = SleepDetector()
    time.sleep(0.01)
    assert not detector.has_slept()
