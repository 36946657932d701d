"""The watcher as a service of each system: quoted so that the system starts exactly the words that were meant."""

import os
import plistlib
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from xml.etree import ElementTree as ET

import pytest

from notevault.service import Place, Service, plan_service
from tests.conftest import MakeVault, Run

AWKWARD = (
    "/home/佐藤/営業 メモ/vault",
    '/srv/100% "done" & $HOME/it\'s <new>\\x',
    "/srv/tab\there/改行\nあり/$$",
    "/srv/;#'`!*?{a,b}/＄％",
)
_SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def _plan(
    root: PurePath,
    platform: str,
    *,
    home: PurePath,
    python: str = "/opt/my apps/$x/python3",
    environment: Mapping[str, str] | None = None,
    poll: float | None = None,
) -> Service:
    place = Place(platform=platform, home=home, python=type(home)(python), user="佐藤", environment=environment or {})
    service = plan_service(root, place, poll=poll)
    assert service is not None
    return service


def _systemd(root: str, **more: object) -> Service:
    return _plan(PurePosixPath(root), "linux", home=PurePosixPath("/home/佐藤"), **more)  # type: ignore[arg-type]


def _read_systemd_words(line: str) -> Iterator[str]:
    """Read quoted words as systemd.syntax(7) says."""
    escapes = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
    at = 0
    while at < len(line):
        assert line[at] == '"'
        word, at = "", at + 1
        while line[at] != '"':
            if line[at] == "\\":
                word, at = word + escapes[line[at + 1]], at + 2
            elif line[at] == "%":
                assert line[at + 1] == "%"
                word, at = word + "%", at + 2
            else:
                word, at = word + line[at], at + 1
        yield word
        at += 2


@pytest.mark.parametrize("root", AWKWARD)
def test_a_systemd_unit_starts_the_words_that_were_meant(root: str) -> None:
    service = _systemd(root)
    (line,) = (line for line in service.text.splitlines() if line.startswith("ExecStart="))
    executable, *arguments = _read_systemd_words(line.removeprefix("ExecStart="))
    assert executable == "/opt/my apps/$x/python3"
    assert all("$" not in word.replace("$$", "") for word in arguments)
    assert [word.replace("$$", "$") for word in arguments] == ["-m", "notevault", "--vault", root, "watch"]
    assert service.path.parent == PurePosixPath("/home/佐藤/.config/systemd/user")
    assert service.begin[-1] == ("systemctl", "--user", "enable", "--now", service.path.name)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("root", AWKWARD)
def test_systemd_itself_finds_no_fault_with_the_unit(root: str, tmp_path: Path) -> None:
    service = _systemd(root, python="/bin/true", environment={"NOTEVAULT_CACHE": f"{root}/c %h"}, poll=30.0)
    unit = tmp_path / service.path.name
    unit.write_bytes(service.content)
    words = ["systemd-analyze", "verify", "--user", "--man=no", str(unit)]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    ran = subprocess.run(words, capture_output=True, encoding="utf-8", env=environment, check=False, timeout=60)
    assert unit.name not in ran.stdout + ran.stderr, ran


@pytest.mark.parametrize("root", [root for root in AWKWARD if "\n" not in root])
def test_a_launchd_agent_starts_the_words_that_were_meant(root: str) -> None:
    home = PurePosixPath("/Users/佐藤")
    service = _plan(PurePosixPath(root), "darwin", home=home, environment={"NOTEVAULT_LANG": "ja", "OTHER": "x"})
    agent = plistlib.loads(service.content)
    assert agent["ProgramArguments"] == ["/opt/my apps/$x/python3", "-m", "notevault", "--vault", root, "watch"]
    assert agent["Label"] == service.name
    assert service.path == home / "Library/LaunchAgents" / f"{agent['Label']}.plist"
    assert agent["EnvironmentVariables"]["NOTEVAULT_LANG"] == "ja"
    assert "OTHER" not in agent["EnvironmentVariables"]
    assert service.begin == (("launchctl", "bootstrap", "gui/佐藤", str(service.path)),)
    assert service.end == (("launchctl", "bootout", f"gui/佐藤/{service.name}"),)


@pytest.mark.parametrize("root", ["C:\\Users\\佐藤\\営業 メモ", "\\\\srv\\share\\100% & <x>\\", "D:\\it's"])
def test_a_windows_task_starts_the_words_that_were_meant(root: str) -> None:
    home = PureWindowsPath("C:\\Users\\佐藤")
    path = PureWindowsPath(root)
    service = _plan(path, "win32", home=home, python="C:\\my apps\\pythonw.exe", environment={"NOTEVAULT_CACHE": "D:"})
    assert service.content.startswith((b"\xff\xfe", b"\xfe\xff"))
    task = ET.fromstring(service.text)  # noqa: S314 -- our own
    assert task.findtext(f".//{_SPACE}Exec/{_SPACE}Command") == "C:\\my apps\\pythonw.exe"
    arguments = task.findtext(f".//{_SPACE}Exec/{_SPACE}Arguments") or ""
    assert _read_windows_words(arguments) == ["-m", "notevault", "--vault", str(path), "watch"]
    assert task.findtext(f".//{_SPACE}LogonTrigger/{_SPACE}UserId") == "佐藤"
    assert service.path.parent == home / "AppData" / "Local" / "notevault"
    assert service.begin[0][:3] == ("schtasks", "/Create", "/TN")
    assert service.lost_variables == ("NOTEVAULT_CACHE",)


def _read_windows_words(line: str) -> list[str]:
    """Read words as the C runtime of Windows does."""
    words, word, quoted, seen, at = [], "", False, False, 0
    while at < len(line):
        slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
        if slashes:
            at += slashes
            if line[at : at + 1] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word, at = word + '"', at + 1
            else:
                word += "\\" * slashes
            seen = True
        elif line[at] == '"':
            quoted, seen, at = not quoted, True, at + 1
        elif line[at] == " " and not quoted:
            words += [word] if seen else []
            word, seen, at = "", False, at + 1
        else:
            word, seen, at = word + line[at], True, at + 1
    return words + ([word] if seen else [])


def test_polling_goes_along_and_each_vault_has_a_service_of_its_own() -> None:
    service = _systemd("/a", poll=30.0)
    assert '"watch" "--poll" "30"' in service.text
    assert _systemd("/b").path != service.path
    assert _systemd("/a").path == service.path


def test_a_system_without_a_service_manager_that_is_known_has_none() -> None:
    place = Place(platform="plan9", home=PurePosixPath("/"), python=PurePosixPath("/py"), user="x", environment={})
    assert plan_service(PurePosixPath("/a"), place) is None


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a systemctl in the way that notes down how it was called; return its notes."""
    notes = tmp_path / "called"
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "systemctl"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> "{notes}"\ntest ! -e "{tmp_path}/broken" || {{ echo no bus >&2; exit 1; }}\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "設定 files"))
    return notes


only_linux = pytest.mark.skipif(sys.platform != "linux", reason="systemd")


@only_linux
def test_installing_shows_the_file_and_writes_nothing_unasked(
    make_vault: MakeVault, run: Run, systemctl: Path, tmp_path: Path
) -> None:
    root = make_vault(name="営業 メモ")
    ran = run("watch", "--install", vault=root)
    assert ran.exit_code == 1
    assert "ExecStart=" in ran.stdout
    assert str(root) in ran.stdout
    assert str(tmp_path / "設定 files" / "systemd" / "user") in ran.stdout
    assert "systemctl --user enable --now" in ran.stdout
    assert not (tmp_path / "設定 files").exists()
    assert not systemctl.exists()


@only_linux
def test_installed_then_uninstalled_leaves_nothing(
    make_vault: MakeVault, run: Run, systemctl: Path, tmp_path: Path
) -> None:
    root = make_vault(name="営業 メモ")
    assert run("watch", "--uninstall", "--yes", vault=root).exit_code == 1
    ran = run("watch", "--install", "--yes", vault=root)
    assert ran.exit_code == 0, ran
    (unit,) = (tmp_path / "設定 files" / "systemd" / "user").iterdir()
    assert unit.read_text("utf-8").strip() in ran.stdout
    assert systemctl.read_text().splitlines() == ["--user daemon-reload", f"--user enable --now {unit.name}"]
    assert run("watch", "--uninstall", vault=root).exit_code == 1
    assert unit.exists()
    assert run("watch", "--uninstall", "--yes", vault=root).exit_code == 0
    assert not unit.exists()
    assert systemctl.read_text().splitlines()[-1] == f"--user disable --now {unit.name}"


@only_linux
def test_a_service_manager_that_refuses_is_quoted(
    make_vault: MakeVault, run: Run, systemctl: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken").touch()
    ran = run("watch", "--install", "--yes", vault=make_vault())
    assert (ran.exit_code, "no bus" in ran.stderr) == (2, True)
    assert systemctl.exists()
    assert list((tmp_path / "設定 files" / "systemd" / "user").iterdir()) == []


@only_linux
def test_a_cache_named_from_here_is_named_in_full(
    make_vault: MakeVault, run: Run, systemctl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NOTEVAULT_CACHE", "cache here")
    ran = run("watch", "--install", vault=make_vault())
    assert f'Environment="NOTEVAULT_CACHE={tmp_path}/cache here"' in ran.stdout
    assert not systemctl.exists()


def test_install_and_uninstall_do_not_go_together(make_vault: MakeVault, run: Run) -> None:
    assert run("watch", "--install", "--uninstall", vault=make_vault()).exit_code == 2
