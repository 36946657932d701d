"""Texts kept in tests/golden: compared as they are, written anew where NOTEVAULT_UPDATE_GOLDEN is set."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare a text with the file of that name."""
    path = FOLDER / name
    if os.environ.get("NOTEVAULT_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert path.is_file(), f"{name} is missing; NOTEVAULT_UPDATE_GOLDEN=1 writes it"
    assert text == path.read_bytes().decode(), f"{name} differs; look, then NOTEVAULT_UPDATE_GOLDEN=1"
