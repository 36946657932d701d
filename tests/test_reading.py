"""Reading notes one by one and in several processes."""

import gc
import multiprocessing
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from notevault import intake, reading_pool
from notevault.intake import read_notes
from notevault.messages import use_language
from notevault.model import NotePath
from notevault.note import digest_of
from notevault.reading import ReadNote, Unchanged, Unreadable, Wanted, day_of, read_note
from notevault.reading_pool import read_in_processes
from notevault.settings_reader import default_settings
from notevault.vault import Vault

NOTE = (
    "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 株式会社山田工業{at}\n---\n# 訪問{at}\n\n- [ ] 見積を送る 11/25\n"
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    for at in range(100):
        (tmp_path / f"{at:03d}.md").write_text(NOTE.format(at=at), encoding="utf-8")
    return Vault(tmp_path)


def test_processes_understand_what_one_process_understands_in_the_same_order(vault: Vault) -> None:
    wanted = [Wanted(path) for path in vault.iter_files()]
    alone = list(read_notes(vault, default_settings(), wanted, many=10_000))
    together = list(read_in_processes(vault, default_settings(), wanted, processes=2))
    assert len(together) == 100
    for one, other in zip(alone, together, strict=True):
        assert isinstance(one, ReadNote)
        assert isinstance(other, ReadNote)
        assert one.understood is not None
        assert other == replace(one, understood=None)


def test_notes_that_are_as_they_were_are_told_without_another_process(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = [read_note(vault, default_settings(), Wanted(path)) for path in vault.iter_files()]
    wanted = [Wanted(one.path, (one.digest, day_of(one.signature))) for one in read if isinstance(one, ReadNote)]
    monkeypatch.setattr(intake, "count_cores", lambda: 2)
    monkeypatch.setattr(reading_pool, "ProcessPoolExecutor", None)
    again = list(read_notes(vault, default_settings(), wanted, many=50))
    assert [(type(one), one.path) for one in again if one] == [(Unchanged, each.path) for each in wanted]
    (vault.root / "003.md").write_text("another", encoding="utf-8")
    (vault.root / "005.md").unlink()
    (vault.root / "006.md").unlink()
    (vault.root / "006.md").mkdir()
    mixed = [each._replace(held=None) if at == 8 else each for at, each in enumerate(wanted)]
    alone = [read_note(vault, default_settings(), each) for each in mixed]
    together = list(read_notes(vault, default_settings(), mixed, many=50))
    assert [type(one) for one in together[2:10]] == [type(one) for one in alone[2:10]]
    assert together == alone


def test_what_comes_from_another_process_is_made_of_plain_values(vault: Vault) -> None:
    wanted = [Wanted(path) for path in vault.iter_files()][:1]
    (outcome,) = read_in_processes(vault, default_settings(), wanted, processes=1)
    assert isinstance(outcome, ReadNote)
    rows = [row for table in outcome.rows for row in table]
    assert len(rows) > 5
    assert {type(value) for row in rows for value in row} <= {str, int, float, bool, type(None)}


def test_what_is_gone_unreadable_or_unchanged_is_told_from_another_process_too(vault: Vault) -> None:
    (vault.root / "001.md").unlink()
    (vault.root / "002.md").unlink()
    (vault.root / "002.md").mkdir()
    data, signature = vault.read(NotePath("003.md"))
    wanted = [
        Wanted(NotePath("000.md"), ("another", day_of(signature))),
        Wanted(NotePath("001.md")),
        Wanted(NotePath("002.md")),
        Wanted(NotePath("003.md"), (digest_of(data), day_of(signature))),
    ]
    use_language("ja")
    try:
        outcomes = list(read_in_processes(vault, default_settings(), wanted, processes=2))
        alone = list(read_notes(vault, default_settings(), wanted))
    finally:
        use_language("en")
    assert isinstance(outcomes[0], ReadNote)
    assert outcomes[1:] == alone[1:]
    assert outcomes[1] is None
    assert isinstance(outcomes[2], Unreadable)
    assert isinstance(outcomes[3], Unchanged)


def test_a_process_that_reads_looks_for_rubbish_rarely(vault: Vault) -> None:
    given = (vault, default_settings(), "en")
    begin = reading_pool._begin  # noqa: SLF001 -- what each of the processes begins with
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=begin, initargs=given) as pool:
        assert pool.submit(gc.get_threshold).result() > gc.get_threshold()


def test_processes_that_die_leave_the_rest_to_this_one(vault: Vault) -> None:
    wanted = [Wanted(path) for path in vault.iter_files()]
    outcomes = read_in_processes(vault, default_settings(), wanted, processes=1)
    first = next(outcomes)
    for child in multiprocessing.active_children():
        child.kill()
    rest = list(outcomes)
    paths = [outcome.path for outcome in [first, *rest] if isinstance(outcome, ReadNote)]
    assert paths == [each.path for each in wanted]


@pytest.mark.parametrize("trouble", [OSError, ImportError, NotImplementedError])
def test_where_processes_cannot_be_had_all_is_read_in_this_one(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise trouble("no semaphores")

    monkeypatch.setattr(reading_pool, "ProcessPoolExecutor", refuse)
    wanted = [Wanted(path) for path in vault.iter_files()]
    outcomes = read_in_processes(vault, default_settings(), wanted, processes=2)
    assert [outcome.path for outcome in outcomes if isinstance(outcome, ReadNote)] == [each.path for each in wanted]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_processes_end_with_the_one_that_began_them(vault: Vault) -> None:
    code = (
        "import os\nfrom pathlib import Path\nfrom notevault.settings_reader import default_settings\n"
        "from notevault.reading import Wanted\nfrom notevault.reading_pool import read_in_processes\n"
        "from notevault.vault import Vault\n"
        "if __name__ == '__main__':\n"
        f"    vault = Vault(Path({str(vault.root)!r}))\n"
        "    wanted = [Wanted(path) for path in vault.iter_files()]\n"
        "    outcomes = read_in_processes(vault, default_settings(), wanted, processes=2)\n"
        "    next(outcomes)\n    print('begun', flush=True)\n    input()\n"
    )
    script = vault.root / "reader.py"
    script.write_text(code, encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "begun\n"
        children = _children(reader.pid)
        assert children
        reader.kill()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline, "processes outlived the one that began them"
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    if not Path("/proc").is_dir():
        pytest.skip("looks for processes in /proc")
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if int(parent) == pid and state != "Z":
                found.append(int(folder.name))
    return found
