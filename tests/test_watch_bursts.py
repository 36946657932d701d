"""Very much at once, and events that are lost: a watcher of its own still brings the index in step by itself."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.watched import watcher_process

pytestmark = pytest.mark.watch
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="inotify")
_QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")


def _note(number: int) -> str:
    head = f"---\ntype: meeting\ndate: 2026-11-{number % 28 + 1:02}\ncustomer: 山田工業{number % 50}\n---\n"
    return f"{head}見積 K{number}\n"


def _tree(folder: Path, notes: int, *, folders: int) -> None:
    """Write so many notes into so many folders, some in one another."""
    for number in range(notes):
        at = number % folders
        place = folder / f"{at % 7}月" / f"第{at}" if at % 2 else folder / f"第{at}"
        if number < folders:
            place.mkdir(parents=True, exist_ok=True)
        (place / f"商談{number}.md").write_text(_note(number), "utf-8")


def _some(make_vault: MakeVault, count: int = 40) -> Path:
    return make_vault({f"own/{number}.md": _note(number) for number in range(count)})


def _create_files(make_vault: MakeVault, notes: int, *, seconds: float) -> None:
    root = _some(make_vault)
    with watcher_process(root) as watched:
        _tree(root / "new", notes, folders=50)
        watched.wait_in_step(seconds=seconds)


def _move_tree(make_vault: MakeVault, outside: Path, notes: int, *, seconds: float) -> None:
    root = _some(make_vault, notes + 100)  # else most of the notes would be gone with the tree
    _tree(outside, notes, folders=200)
    with watcher_process(root) as watched:
        outside.rename(root / "in")
        watched.wait_in_step(seconds=seconds)
        (root / "in").rename(outside)
        watched.wait_in_step(seconds=seconds)


def _check_out(make_vault: MakeVault, notes: int, *, seconds: float) -> None:
    root = make_vault({f"{number % 30}/{number}.md": _note(number) for number in range(notes)})
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "gc.auto=0", "-C", str(root)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    for path in root.rglob("*.md"):
        path.write_text(path.read_text("utf-8") + "続き\n", "utf-8")
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    with watcher_process(root) as watched:
        before = len(watched.lines)
        subprocess.run([*git, "checkout", "-q", "HEAD~1"], check=True)
        watched.wait_in_step(seconds=seconds)
        watched.wait_until_quiet()
        told = watched.lines[before:]
    batches = [int(found[1]) for line in told if (found := re.search(r"changed  … (\d+)", line))]
    assert batches == [notes - 10], told  # ten are named, the others counted: one batch


def test_many_files_made_at_once_are_taken_in(make_vault: MakeVault) -> None:
    _create_files(make_vault, 1_000, seconds=60)


def test_a_large_tree_moved_in_and_out_is_followed(make_vault: MakeVault, tmp_path: Path) -> None:
    _move_tree(make_vault, tmp_path / "tree", 500, seconds=60)


@pytest.mark.skipif(os.name != "posix", reason="git may change line ends")
def test_a_checkout_of_many_notes_is_one_batch(make_vault: MakeVault) -> None:
    _check_out(make_vault, 600, seconds=60)


def test_folders_within_folders_made_at_once_are_taken_in(make_vault: MakeVault) -> None:
    root = _some(make_vault)
    with watcher_process(root) as watched:
        for number in range(30):
            deep = root.joinpath(*(f"{number}-{depth}" for depth in range(8)))
            deep.mkdir(parents=True)
            (deep / "深.md").write_text(_note(number), "utf-8")
            (deep.parent / "浅.md").write_text(_note(number), "utf-8")
        watched.wait_in_step()


@contextmanager
def _stopped(process: subprocess.Popen[str]) -> Iterator[None]:
    """Let a program sleep, so that the kernel's queue of events runs over."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def _fill_queue(folder: Path) -> None:
    """Make more events than the kernel keeps; renaming costs least."""
    one, other = folder / "ping.md", folder / "pong.md"
    one.write_text(_note(0), "utf-8")
    for _number in range(int(_QUEUE.read_text()) // 2 + 100):
        one.rename(other)
        other.rename(one)


@linux_only
def test_what_happened_while_the_queue_ran_over_is_found(make_vault: MakeVault) -> None:
    if int(_QUEUE.read_text()) > 200_000:
        pytest.skip("a queue this long takes too long to fill")
    root = _some(make_vault)
    with watcher_process(root) as watched:
        for number in range(2):  # after the second it starts afresh
            with _stopped(watched.process):
                _fill_queue(root / "own")
                folder = root / f"lost{number}" / "deep"
                folder.mkdir(parents=True)
                (folder / "失.md").write_text(_note(number), "utf-8")
                (root / "own" / f"{number}.md").unlink()
                (root / "own" / f"{number + 10}.md").rename(root / "own" / f"moved{number}.md")
            watched.wait_in_step()
            (folder / "後.md").write_text(_note(1), "utf-8")
            watched.wait_in_step()
    assert any("more happened at once" in line for line in watched.lines), watched.lines[-20:]


@linux_only
@pytest.mark.soak
def test_a_tiny_queue_of_events_loses_nothing(make_vault: MakeVault) -> None:
    usual = _QUEUE.read_text()
    try:
        _QUEUE.write_text("16")
    except OSError:
        pytest.skip("needs leave to set fs.inotify.max_queued_events")
    root = _some(make_vault)
    try:
        with watcher_process(root) as watched:
            _QUEUE.write_text(usual)
            for burst in range(5):
                _tree(root / f"burst{burst}", 300, folders=30)
                watched.wait_in_step()
    finally:
        _QUEUE.write_text(usual)


@pytest.mark.soak
def test_twenty_thousand_files_made_at_once_are_taken_in(make_vault: MakeVault) -> None:
    _create_files(make_vault, 20_000, seconds=900)


@pytest.mark.soak
def test_a_tree_of_five_thousand_moved_in_and_out_is_followed(make_vault: MakeVault, tmp_path: Path) -> None:
    _move_tree(make_vault, tmp_path / "tree", 5_000, seconds=600)


@pytest.mark.soak
@pytest.mark.skipif(os.name != "posix", reason="git may change line ends")
def test_a_checkout_of_five_thousand_notes_is_one_batch(make_vault: MakeVault) -> None:
    _check_out(make_vault, 5_000, seconds=600)
