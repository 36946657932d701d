"""What an index on disk says of itself; an index vouches by it for files that it alone understands."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

MANIFEST_NAME: Final = "manifest.json"


class Manifest:
    """The manifest in the folder of an index."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / MANIFEST_NAME

    def exists(self) -> bool:
        """Say whether one was ever written, readable or not."""
        return self._path.exists()

    def read(self) -> Mapping[str, Any]:
        """Return what it says: nothing where there is none, or none that can be read."""
        try:
            said = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def write(self, said: Mapping[str, Any]) -> None:
        """Put another in its place: whoever reads finds the former or this one, whole, after a power loss too."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as stream:
            json.dump(said, stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self._path)

    def remove(self) -> None:
        """Take back every word of it."""
        self._path.unlink(missing_ok=True)
