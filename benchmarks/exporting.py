"""Seconds and memory of an export at several sizes: ``python -m benchmarks.exporting --notes 10000 50000``.

With ``--vault`` vaults that are there already are exported as they are.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import generate_vault
from benchmarks.measure import measure_command

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one export took."""

    notes: int
    profile: str
    seconds: float
    cpu: float
    peak: float
    """Bytes of memory at the most."""
    written: int
    """Bytes of all files."""


def measure_exports(vault: Path, profiles: list[str], env: dict[str, str]) -> Iterator[Figures]:
    """Export a vault in each profile: what changed is taken in before, so that only the export is measured."""
    notes = sum(1 for _path in vault.rglob("*.md"))
    command = [sys.executable, "-m", "notevault", "--vault", str(vault)]
    measure_command([*command, "sync"], times=1, warm_up=0, env=env, accept=(0, 1))
    with tempfile.TemporaryDirectory() as folder:
        for profile in profiles:
            out, ledger = Path(folder, profile), Path(folder, f"{profile}.csv")
            order = ("export", "--no-sync", "--profile", profile, "--out", str(out), "--ledger", str(ledger))
            taken = measure_command([*command, *order], times=1, warm_up=0, env=env, accept=(0, 1))
            written = sum(path.stat().st_size for path in out.iterdir())
            shutil.rmtree(out)
            yield Figures(
                notes=notes,
                profile=profile,
                seconds=taken.wall.middle,
                cpu=taken.cpu.middle,
                peak=taken.peak.middle,
                written=written,
            )


def main() -> None:
    """Print a line for each export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, nargs="*", default=[10_000, 50_000])
    parser.add_argument("--vault", type=Path, nargs="*", default=[])
    parser.add_argument("--profile", nargs="*", default=["generic", "salesforce"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = {"NOTEVAULT_LANG": "en"}
        if not options.vault:
            env["NOTEVAULT_CACHE"] = os.fspath(Path(folder, "cache"))
        vaults = list(options.vault) or [Path(folder, str(notes)) for notes in options.notes]
        for vault, notes in zip(vaults, options.notes if not options.vault else [0] * len(vaults), strict=True):
            if notes:
                generate_vault(vault, notes)
            for figures in measure_exports(vault, options.profile, env):
                sys.stdout.write(
                    f"{figures.notes:>7,} notes  {figures.profile:16} {figures.seconds:7.1f} s"
                    f"  {figures.cpu:7.1f} s CPU  {figures.peak / _MEGABYTE:6.0f} MB memory"
                    f"  {figures.written / _MEGABYTE:6.0f} MB written\n"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()
