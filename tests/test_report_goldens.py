"""Every report as people see it, in both languages: on the terminal, as Markdown, as JSON; and in a browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import MakeVault, Run
from tests.goldens import FOLDER, assert_golden
from tests.report_vault import NOTES, SETTINGS

_REPORTS = {
    "points": ["report", "points", "--period", "2026"],
    "points-by-owner": ["report", "points", "--by", "owner"],
    "points-by-channel": ["report", "points", "--by", "channel"],
    "consult": ["report", "consult", "--all"],
    "competitors": ["report", "competitors"],
    "competitor": ["report", "competitors", "オルカ事務機"],
    "inventory": ["report", "inventory"],
    "nurture": ["report", "nurture"],
    "nurture-by-signals": ["report", "nurture", "--by", "signals"],
    "daily": ["report", "daily", "--date", "2026-11-18"],
    "digest": ["report", "digest", "--since", "2026-11-01"],
    "digest-headline": ["report", "digest", "--since", "2026-11-01", "--depth", "headline"],
    "digest-full": ["report", "digest", "--since", "2026-11-01", "--depth", "full"],
    "team": ["report", "team"],
    "undone": ["report", "undone"],
    "pipeline": ["pipeline", "--all"],
}
_LISTS = {
    "todo": ["todo"],
    "todo-by-due": ["todo", "--by", "due"],
    "todo-team": ["todo", "--team"],
    "todo-missing": ["todo", "--missing"],
    "jot": ["jot", "--list"],
}
_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def vault(make_vault: MakeVault) -> Path:
    return make_vault(NOTES, settings=SETTINGS)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", [*_REPORTS, *_LISTS])
def test_reports_are_as_in_the_golden_files(
    run: Run, vault: Path, monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    monkeypatch.setenv("NOTEVAULT_LANG", language)
    ran = run(*(_REPORTS | _LISTS)[name], vault=vault)
    assert ran.exit_code == 0
    assert_golden(f"reports/{name}.{language}.txt", ran.stdout)
    if name in _REPORTS:
        page = vault.parent / "page.md"
        assert run(*_REPORTS[name], "-o", page, vault=vault).exit_code == 0
        assert_golden(f"reports/{name}.{language}.md", page.read_bytes().decode())


@pytest.mark.parametrize("name", [*_REPORTS, *_LISTS])
def test_data_of_the_reports_are_as_in_the_golden_files(run: Run, vault: Path, name: str) -> None:
    ran = run(*(_REPORTS | _LISTS)[name], "--json", vault=vault)
    assert ran.exit_code == 0
    assert_golden(f"reports/{name}.json", ran.stdout)


def test_golden_files_are_all_used() -> None:
    names = {f"{name}.{language}.txt" for name in (*_REPORTS, *_LISTS) for language in ("en", "ja")}
    names |= {f"{name}.{language}.md" for name in _REPORTS for language in ("en", "ja")}
    names |= {f"{name}.json" for name in (*_REPORTS, *_LISTS)}
    assert {path.name for path in (FOLDER / "reports").iterdir()} == names


@pytest.mark.parametrize("language", ["en", "ja"])
def test_pages_load_nothing_run_nothing_and_escape_what_notes_say(
    run: Run, vault: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("NOTEVAULT_LANG", language)
    for name, words in _REPORTS.items():
        page = vault.parent / f"{name}.html"
        assert run(*words, "-o", page, vault=vault).exit_code == 0
        text = page.read_text(encoding="utf-8")
        assert f'lang="{language}"' in text
        assert "<script" not in text
        assert "http" not in text.replace("http-equiv", "")
        assert "<b>bold" not in text


@pytest.mark.skipif(_CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [1200, 390])
def test_pages_open_in_a_browser_without_errors(run: Run, vault: Path, width: int) -> None:
    for name, words in _REPORTS.items():
        assert run(*words, "-o", vault.parent / f"{name}.html", vault=vault).exit_code == 0
    said = _browse(vault.parent, [f"{name}.html" for name in _REPORTS], width)
    assert "CONSOLE" not in said
    (vault.parent / "bad.html").write_text("<script>console.error('seen')</script>", encoding="utf-8")
    assert "seen" in _browse(vault.parent, ["bad.html"], width)


def _browse(folder: Path, pages: list[str], width: int) -> str:
    """Open the pages side by side and return what the browser says."""
    frame = folder / "frame.html"
    frame.write_text("".join(f'<iframe src="{page}"></iframe>' for page in pages), encoding="utf-8")
    assert _CHROMIUM is not None
    command = [
        *(_CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"),
        *(f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", "--dump-dom", frame.as_uri()),
    ]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0
    return done.stderr.decode(errors="replace")
