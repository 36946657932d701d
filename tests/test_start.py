"""What a start does without: each of these cost a command some 10 ms."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run

SEARCH = """
import gettext, sys
from notevault.__main__ import main
gettext.GNUTranslations._parse = lambda *_: sys.exit("read the whole catalogue of sentences")
try:
    main(["--vault", sys.argv[1], "search", sys.argv[2]])
except SystemExit as end:
    assert end.code == 0, end.code
"""


@pytest.fixture
def vault(make_vault: MakeVault, run: Run) -> Path:
    vault = make_vault({"a.md": "見積を送る\n"}, settings='language = "ja"\n')
    assert run("sync", vault=vault).exit_code == 0
    return vault


def _search(vault: Path, *, query: str = "見積", before: str = "", then: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", before + SEARCH + then, str(vault), query],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_search_does_not_read_the_whole_catalogue_of_sentences(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTEVAULT_LANG", "ja")
    assert "1 件" in _search(vault)


def test_settings_that_did_not_change_are_not_parsed(vault: Path) -> None:
    _search(vault, then='assert "tomllib" not in sys.modules\n')
    (vault / "notevault.toml").write_text("[check]\n", encoding="utf-8")
    _search(vault, then='assert "tomllib" in sys.modules\n')


def test_a_search_imports_nothing_that_writes(vault: Path) -> None:
    unwanted = ("whoosh.writing", "notevault.journal", "notevault.sync", "yaml", "difflib", "zoneinfo", "wcwidth")
    _search(vault, then=f"assert not sys.modules.keys() & {set(unwanted)}, sys.modules.keys() & {set(unwanted)}\n")


def test_only_a_filter_imports_what_reads_days_and_amounts(vault: Path) -> None:
    unwanted = {"notevault.dates", "notevault.values", "notevault.names.key"}
    _search(vault, then=f"assert not sys.modules.keys() & {unwanted}, sys.modules.keys() & {unwanted}\n")
    _search(vault, query="見積 -date:2026-11", then='assert "notevault.dates" in sys.modules\n')


def test_filters_load_no_dictionary(vault: Path) -> None:
    _search(vault, query="path:a.md -path:見積", then='assert "sudachipy" not in sys.modules\n')
    _search(vault, then='assert "sudachipy" in sys.modules\n')


def test_a_query_compiles_no_pattern_for_the_pieces_of_a_note(vault: Path) -> None:
    then = "from notevault.index.analysis import _piece_pattern\nassert not _piece_pattern.cache_info().currsize\n"
    _search(vault, then=then)


def test_a_start_is_not_looked_through_for_rings(vault: Path) -> None:
    count = "sum(of['collections'] for of in gc.get_stats())"
    before = f"import atexit, gc\nbefore = {count}\natexit.register(lambda: print('looks', {count} - before))\n"
    looks = int(_search(vault, before=before).partition("looks ")[2].split()[0])
    assert looks <= 10  # 58 where each 700 new objects bring one


def test_the_end_does_not_look_through_memory_that_goes_back_anyway(vault: Path) -> None:
    # at its end the interpreter collects what hangs together; frozen objects are left out
    before = "import atexit, gc\natexit.register(lambda: print('frozen', gc.get_freeze_count()))\n"  # run last
    said = _search(vault, before=before)
    assert int(said.partition("frozen ")[2].split()[0]) > 10_000
