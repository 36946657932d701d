"""Files replaced whole, and nobody's save lost."""

import os
import stat
import sys
import threading
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from notevault import atomic
from notevault.atomic import ChangedMeanwhileError, create_file, open_to_read, read_up_to, replace_file

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(params=["exchange", "replace"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with the renames of Linux and with those of every other system."""
    if request.param == "exchange" and sys.platform != "linux":
        pytest.skip("renameat2 is Linux only")
    if request.param == "replace":
        monkeypatch.setattr(atomic, "_renameat2", lambda: None)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_a_file_is_replaced_and_nothing_left_over(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    replace_file(str(path), b"new", digest(b"old"))
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.md"]


@pytest.mark.parametrize("likely", [0, 4_999, 50_000, 60_000])
def test_a_file_is_read_whole_whatever_its_size_was_thought_to_be(tmp_path: Path, likely: int) -> None:
    (tmp_path / "a.md").write_bytes(data := bytes(range(250)) * 200)
    for most in (1, 49_999, 50_000, 50_001, 2**25):
        descriptor = open_to_read(str(tmp_path / "a.md"))
        try:
            assert read_up_to(descriptor, most, likely=likely) == data[:most]
        finally:
            os.close(descriptor)


@pytest.mark.usefixtures("way")
def test_a_file_that_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"somebody's")
    with pytest.raises(ChangedMeanwhileError):
        replace_file(str(path), b"new", digest(b"old"))
    assert path.read_bytes() == b"somebody's"
    assert names(tmp_path) == ["a.md"]


@posix_only
@pytest.mark.usefixtures("way")
def test_the_mode_stays_and_the_time_is_new(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    os.utime(path, (1, 1))
    replace_file(str(path), b"new", digest(b"old"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_mtime > 1


@pytest.mark.usefixtures("way")
def test_a_new_file_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "deep" / "a.md"
    create_file(str(path), b"first")
    with pytest.raises(FileExistsError):
        create_file(str(path), b"second")
    assert path.read_bytes() == b"first"
    assert names(path.parent) == ["a.md"]


@posix_only
@pytest.mark.usefixtures("way")
def test_a_new_file_has_the_mode_that_others_have(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    create_file(str(tmp_path / "a.md"), b"x")
    assert (tmp_path / "a.md").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux only")
@pytest.mark.parametrize("in_place", [False, True])
def test_no_save_of_an_editor_is_lost(tmp_path: Path, *, in_place: bool) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"0\n")
    done = threading.Event()
    lost: list[int] = []

    def is_there(number: int) -> bool:
        return path.read_bytes().endswith(f"{number}\n".encode())

    def edit() -> None:
        for number in range(1, 24):
            time.sleep(number % 4 / 20)
            target = path if in_place else tmp_path / "spare"
            target.write_bytes(f"{number}\n".encode())
            if not in_place:
                target.replace(path)
            deadline = time.monotonic() + 1
            while not is_there(number) and time.monotonic() < deadline:
                time.sleep(0.001)  # an exchange is just being taken back
            if not is_there(number):
                lost.append(number)
        done.set()

    editor = threading.Thread(target=edit)
    editor.start()
    while not done.is_set():
        data = path.read_bytes()
        with suppress(ChangedMeanwhileError):
            replace_file(str(path), b"x" + data[-5:], digest(data))
    editor.join()
    assert lost == []
    replace_file(str(path), b"last", digest(path.read_bytes()))
    assert path.read_bytes() == b"last"
    assert names(tmp_path) == ["a.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux only")
def test_a_save_between_the_look_and_the_exchange_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    rename = atomic._rename  # noqa: SLF001 -- the moment between two of its own steps cannot be reached otherwise
    calls: list[int] = []

    def save_first(source: str, target: str, flag: int) -> bool:
        if not calls:
            path.write_bytes(b"saved by an editor")
        calls.append(flag)
        return rename(source, target, flag)

    monkeypatch.setattr(atomic, "_rename", save_first)
    with pytest.raises(ChangedMeanwhileError):
        replace_file(str(path), b"new", digest(b"old"))
    assert path.read_bytes() == b"saved by an editor"
    assert names(tmp_path) == ["a.md"]
    assert len(calls) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux only")
def test_of_two_saves_the_newest_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    rename = atomic._rename  # noqa: SLF001 -- as above
    saves = [b"first save", b"second save"]

    def save_first(source: str, target: str, flag: int) -> bool:
        if saves:
            path.write_bytes(saves.pop(0))
        return rename(source, target, flag)

    monkeypatch.setattr(atomic, "_rename", save_first)
    with pytest.raises(ChangedMeanwhileError):
        replace_file(str(path), b"new", digest(b"old"))
    assert path.read_bytes() == b"second save"


@posix_only
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(str(path), b"new", digest(b"old"))
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.md"]
