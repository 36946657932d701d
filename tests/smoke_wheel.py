"""Build the wheel, install it alone into a new environment, and do the main job outside the checkout."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Fail loudly where an installed notevault cannot do what a checkout can."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "venv", with_pip=True)
        python = place / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(ROOT))
        vault = place / "vault"
        _notevault(python, place, "init", str(vault), "--lang", "ja")
        made = _notevault(
            python,
            place,
            "--vault",
            str(vault),
            "new",
            "meeting",
            "-s",
            "customer=株式会社山田工業",
            "-s",
            "channel=訪問",
        )
        _notevault(python, place, "--vault", str(vault), "sync")
        found = _notevault(python, place, "--vault", str(vault), "search", "山田", "--json")
        if "山田工業" not in found or "meetings/" not in made.replace("\\", "/"):
            raise SystemExit(f"the wheel does not do the main job:\n{made}\n{found}")
    sys.stdout.write("smoke: the installed wheel does the main job\n")


def _notevault(python: Path, place: Path, *arguments: str) -> str:
    return _run(python, "-m", "notevault", *arguments, cwd=place, cache=place / "cache")


def _run(*command: object, cwd: Path | None = None, cache: Path | None = None) -> str:
    environment = None
    if cache is not None:
        import os  # noqa: PLC0415 -- only for the environment

        environment = os.environ | {"NOTEVAULT_CACHE": str(cache), "PYTHONUTF8": "1"}
    ran = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if ran.returncode:
        raise SystemExit(f"{command}: exit {ran.returncode}\n{ran.stdout}\n{ran.stderr}")
    return ran.stdout


if __name__ == "__main__":
    main()
