"""A vault in a temporary folder, the command line run in this process, a fixed day, and no way to the real home."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from notevault import cli, messages

settings.register_profile("notevault", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("notevault")  # how fast this machine is passes or fails no test

TODAY = date(2026, 11, 22)
"""A Sunday."""

MakeVault = Callable[..., Path]


@dataclass(frozen=True)
class Ran:
    """What one call of the command line gave."""

    stdout: str
    stderr: str
    exit_code: int


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep every test to its own cache, day and language; the real home directory is out of reach."""
    monkeypatch.setenv("NOTEVAULT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NOTEVAULT_TODAY", TODAY.isoformat())
    monkeypatch.setenv("NOTEVAULT_LANG", "en")
    monkeypatch.setenv("HOME", str(tmp_path / "no-home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "no-home"))
    for name in ("NOTEVAULT_VAULT", "VISUAL", "EDITOR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    yield
    messages.use_language("en")


@pytest.fixture
def make_vault(tmp_path: Path) -> MakeVault:
    """Return a function that writes ``{"a.md": text or bytes}`` into a new vault and returns its root."""

    def make(files: Mapping[str, str | bytes] = {}, *, settings: str = "", name: str = "vault") -> Path:
        root = tmp_path / name
        for place, content in {"notevault.toml": settings, **files}.items():
            path = root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return root

    return make


@pytest.fixture
def run() -> Run:
    """Return a function that runs ``notevault`` with arguments, in ``vault`` where one is given."""

    def call(*arguments: str | os.PathLike[str], vault: Path | None = None, stdin: str | bytes | None = None) -> Ran:
        words = [os.fspath(argument) for argument in arguments]
        if vault is not None:
            words = ["--vault", str(vault), *words]
        result = CliRunner().invoke(_Main("notevault"), words, input=stdin, catch_exceptions=False)
        return Ran(stdout=result.stdout, stderr=result.stderr, exit_code=result.exit_code)

    return call


class _Main(click.Command):
    """The whole command line with its handling of errors, in the shape that the runner calls."""

    def main(self, args: Sequence[str] | None = None, *_more: object, **_options: object) -> None:  # type: ignore[override]
        cli.main(list(args or ()))
