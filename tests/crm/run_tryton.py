"""Hold exports to a real CRM: Tryton, set up in a virtualenv of its own (``make crm``).

Exports of sample-vault and of a generated vault of 1,000 customers go in through Tryton's own import, without a
refused row; every field is read back equal; exporting and importing again adds nothing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from benchmarks.companies import REPS
from benchmarks.generate import generate_vault

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PACKAGES = tuple(f"{name}~=8.2.0" for name in ("trytond", "trytond-party", "trytond-sale-opportunity"))
RELATION = "trytond-party-relationship~=8.2.0"
MODULES = ("ir", "res", "party", "sale_opportunity", "party_relationship")
SAMPLE_REPS = ("sato", "suzuki", "tanaka", "ito", "takahashi")
CUSTOMERS = 1_000
MINUTES = 600
"""Notes of the generated vault beside those of its customers."""


class NotInstallableError(Exception):
    """Tryton's packages cannot be had."""


class Tryton:
    """One installation with one empty database made for good; each vault gets a copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"

    def install(self) -> None:
        """Make virtualenv and database where they are not there yet."""
        if not (self.folder / "installed").exists():
            venv.create(self.folder / "venv", with_pip=True, clear=True)
            try:
                self.call("-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES, RELATION)
            except SystemExit as error:
                raise NotInstallableError(str(error)) from error
            (self.folder / "installed").touch()
        if not (self.folder / "empty.sqlite").exists():
            self._make_database()

    def _make_database(self) -> None:
        work = self.folder / "making"
        shutil.rmtree(work, ignore_errors=True)
        config = self.config(work)
        (work / "crm.sqlite").touch()
        (work / "password").write_text("notevault\n", encoding="utf-8")
        admin = (str(self.python.with_name("trytond-admin")),)
        environment = {**os.environ, "TRYTONPASSFILE": str(work / "password")}
        command = [*admin, "-c", str(config), "-d", "crm", "-u", *MODULES, "--activate-dependencies"]
        subprocess.run([*command, "--email", "crm@example.com"], check=True, env=environment)
        reps = dict.fromkeys([*SAMPLE_REPS, *(key for key, _name in REPS)])
        self.call(str(HERE / "prepare_tryton.py"), str(config), *reps)
        (work / "crm.sqlite").rename(self.folder / "empty.sqlite")

    def config(self, work: Path) -> Path:
        """Return the configuration of a database in ``work``."""
        work.mkdir(parents=True, exist_ok=True)
        config = work / "trytond.conf"
        config.write_text(f"[database]\nuri = sqlite://\npath = {work}\n", encoding="utf-8")
        return config

    def call(self, *arguments: str) -> str:
        """Run its Python and return what it prints."""
        done = subprocess.run(
            [str(self.python), "-W", "ignore", *arguments], check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments[:3])}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


def try_vault(tryton: Tryton, vault: Path, work: Path) -> list[str]:
    """Load a vault twice; return what is wrong."""
    config = tryton.config(work)
    shutil.copy(tryton.folder / "empty.sqlite", work / "crm.sqlite")
    first = _round(tryton, vault, config, work, "first")
    success = [option for path in sorted((work / "first-success").glob("*.csv")) for option in ("--ids", str(path))]
    _notevault(vault, "export", "--profile", "tryton", *success, "--no-sync")
    again = _round(tryton, vault, config, work, "again")
    faults = [f"refused: {row}" for result in (first, again) for row in result["refused"]]
    faults += [f"different: {text}" for result in (first, again) for text in result["different"]]
    grown = {
        name: count for name, count in again["records"]["after"].items() if count != first["records"]["after"][name]
    }
    faults += [f"importing again added: {grown}"] if grown else []
    rows = ", ".join(f"{count} {name}" for name, count in first["records"]["after"].items())
    sys.stdout.write(f"{vault.name}: {first['rows']} rows in, {again['rows']} again; now {rows}\n")
    return faults


def _round(tryton: Tryton, vault: Path, config: Path, work: Path, name: str) -> dict[str, Any]:
    _notevault(vault, "export", "--profile", "tryton", "--out", str(work / name))
    printed = tryton.call(str(HERE / "load_tryton.py"), str(config), str(work / name), str(work / f"{name}-success"))
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


def _notevault(vault: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "notevault", "--vault", str(vault), *arguments]
    environment = {**os.environ, "NOTEVAULT_CACHE": str(vault.parent / "cache"), "NOTEVAULT_LANG": "en"}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    sys.stdout.write(done.stderr.splitlines()[-1] + "\n" if done.stderr else "")
    if done.returncode:
        raise SystemExit(
            f"{' '.join(arguments[:3])}: exit code {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )


def _register_customers(root: Path, count: int) -> None:
    """Write customer notes with everything an address book holds, until there are so many customers."""
    (root / "registered").mkdir()
    for number in range(count):
        digits = f"{700_000_000_000 + number}"
        weighed = sum(int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits)))
        rep, _name = REPS[number % len(REPS)]
        lines = (
            *("---", "type: customer", f"name: 株式会社第{number}検査商事", f"owner: {rep}"),
            *(f"status: {'リード' if number % 5 == 0 else '取引先'}", f"corporate_number: {9 - weighed % 9}{digits}"),
            *(f"phone: 03-{number // 100 + 1000}-{number + 1000}", f"website: https://customer{number}.example.jp/"),
            *(f"address: 〒100-{number:04} 東京都千代田区丸の内{number % 9 + 1}-{number}", "---", f"番号 {number}。"),
        )
        (root / "registered" / f"{number}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _settings(reps: list[str]) -> str:
    owners = "\n".join(f'{rep} = "{rep}"' for rep in reps)
    return f'\n[export]\ndefault_owner = "{reps[0]}"\n\n[export.owners]\n{owners}\n'


def main() -> None:
    """Try the vaults; exit 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / ".tryton", help="where Tryton is kept between runs")
    parser.add_argument("--minutes", type=int, default=MINUTES, help="notes of the generated vault")
    parser.add_argument(
        "--if-installable", action="store_true", help="say so and end where Tryton's packages cannot be had, as offline"
    )
    options = parser.parse_args()
    tryton = Tryton(options.folder.resolve())
    try:
        tryton.install()
    except NotInstallableError as error:
        if not options.if_installable:
            raise SystemExit(str(error)) from error
        sys.stdout.write(f"NOT RUN: Tryton could not be installed here\n{error}\n")
        return
    faults = []
    with tempfile.TemporaryDirectory(prefix="notevault-crm-") as folder:
        sample, generated = Path(folder) / "sample-vault", Path(folder) / "generated"
        shutil.copytree(ROOT / "sample-vault", sample)
        with (sample / "notevault.toml").open("a", encoding="utf-8") as stream:
            stream.write(_settings(list(SAMPLE_REPS)))
        summary = generate_vault(generated, options.minutes)
        _register_customers(generated, max(0, CUSTOMERS - summary.customers))
        sys.stdout.write(f"generated: {summary.notes} notes, {max(summary.customers, CUSTOMERS)} customers\n")
        with (generated / "notevault.toml").open("a", encoding="utf-8") as stream:
            owners = "\n".join(f'{key} = {{name = "{name}"}}' for key, name in REPS)
            stream.write(f"\n[owners]\n{owners}\n{_settings([key for key, _name in REPS])}")
        for vault in (sample, generated):
            faults += try_vault(tryton, vault, Path(folder) / f"db-{vault.name}")
    for fault in faults[:40]:
        sys.stdout.write(f"  {fault}\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
