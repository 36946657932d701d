"""The vault that is measured and the real command line that is run on it."""

import os
import shutil
import sqlite3
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from benchmarks.generate import SETTINGS, generate_vault
from benchmarks.measure import Measurement, UnavailableError, measure_command

TODAY: Final = "2026-11-20"
_TEMPLATES: Final = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A generated vault, an empty one beside it, and a cache of their own."""

    base: Path
    """Folder that holds everything of the run."""
    notes: int
    language: str
    times: int
    """How often a command is run."""
    events: int = 10_000
    """So many saves a watcher goes through."""
    python: tuple[str, ...] = field(default=(sys.executable,))

    @property
    def vault(self) -> Path:
        """The vault that is measured."""
        return self.base / "vault"

    @property
    def small_vault(self) -> Path:
        """A vault of one note: what remains there is start-up."""
        return self.base / "small"

    @property
    def cache(self) -> Path:
        """Where derived data goes."""
        return self.base / "cache"

    @property
    def env(self) -> dict[str, str]:
        """What the commands find in their environment."""
        return {
            "NOTEVAULT_CACHE": str(self.cache),
            "NOTEVAULT_TODAY": TODAY,
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def command(self, *arguments: str, vault: Path | None = None, interpreter: tuple[str, ...] = ()) -> list[str]:
        """Return the command line of ``notevault --vault DIR …``; ``interpreter`` are options for Python."""
        return [*self.python, *interpreter, *find_program(), "--vault", str(vault or self.vault), *arguments]

    def measure(
        self,
        *arguments: str,
        vault: Path | None = None,
        times: int | None = None,
        warm_up: int = 1,
        tree: bool = False,
        accept: tuple[int, ...] = (0,),
    ) -> Measurement:
        """Run ``notevault`` as fresh processes on the vault."""
        return measure_command(
            self.command(*arguments, vault=vault),
            times=times or self.times,
            warm_up=warm_up,
            env=self.env,
            accept=accept,
            tree=tree,
        )

    def forget(self) -> None:
        """Remove all derived data."""
        shutil.rmtree(self.cache, ignore_errors=True)
        self.cache.mkdir(mode=0o700)

    def open_catalog(self) -> sqlite3.Connection:
        """Open the measured vault's catalogue for reading."""
        for path in self.cache.glob("vault-*/catalog.sqlite"):
            return sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        raise UnavailableError("no catalogue in the cache folder")


def find_program() -> tuple[str, ...]:
    """Return what follows ``python`` to start notevault. Raises UnavailableError where it is not installed."""
    if find_spec("notevault") and find_spec("notevault.__main__"):
        return ("-m", "notevault")
    script = Path(sys.executable).with_name("notevault")
    if script.exists():
        return (str(script),)
    raise UnavailableError("notevault is not installed for this Python")


def prepare_bench(base: Path, notes: int, *, language: str, times: int, seed: int = 1, events: int = 10_000) -> Bench:
    """Write the vaults, with the agreed formats of the repository where they exist, so that ``check`` has work.

    This process gets the commands' environment too, for what is measured inside it.
    """
    bench = Bench(base=base, notes=notes, language=language, times=times, events=events)
    generate_vault(bench.vault, notes, seed=seed, language=language)
    bench.small_vault.mkdir()
    (bench.small_vault / "notevault.toml").write_text(SETTINGS.format(language=language), encoding="utf-8")
    (bench.small_vault / "a.md").write_text(
        f"---\ntype: inbox\ndate: {TODAY}\n---\nvault of one note\n", encoding="utf-8"
    )
    if (_TEMPLATES / language).is_dir():
        for vault in (bench.vault, bench.small_vault):
            shutil.copytree(_TEMPLATES / language, vault / "templates")
    bench.cache.mkdir(mode=0o700)
    os.environ.update(bench.env)
    return bench
