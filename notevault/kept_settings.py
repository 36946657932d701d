"""Settings kept as they were read, in the folder of derived data: to parse them anew is a tenth of a search.

What is kept holds only for the very bytes and the very program that it was read from and by.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from notevault import __version__, config, terms
from notevault.config import SETTINGS_NAME, Settings
from notevault.errors import CacheError
from notevault.records import from_plain, to_plain

_NAME: Final = "settings.json"
_CLASSES: Final = {
    name: value for module in (terms, config) for name, value in vars(module).items() if isinstance(value, type)
}
_PROGRAM: Final = ("config.py", "terms.py", "settings_reader.py", "defaults.toml")


def load_settings_once(root: Path, find_cache: Callable[[], Path]) -> Settings:
    """Return the vault's settings, as kept where they are unchanged. Raises SettingsError.

    Where there is no folder to keep them in, they are read each time; who needs it will say so.
    """
    try:
        source = (root / SETTINGS_NAME).read_bytes()
        cache = find_cache()
    except (OSError, CacheError):
        from notevault.settings_reader import load_settings  # noqa: PLC0415 -- start-up time

        return load_settings(root)
    key = _key(source)
    settings = _recall(cache / _NAME, key)
    if settings is None:
        from notevault.settings_reader import decode_settings  # noqa: PLC0415 -- start-up time

        settings = decode_settings(source)
        _keep(cache, key, settings)
    return settings


def _key(source: bytes) -> str:
    """Return a digest of the settings' bytes and of the program that reads them."""
    digest = sha256(__version__.encode())
    for name in _PROGRAM:
        with suppress(OSError):
            state = Path(__file__).with_name(name).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\0".encode())
    digest.update(source)
    return digest.hexdigest()


def _recall(path: Path, key: str) -> Settings | None:
    try:
        kept = json.loads(path.read_bytes())
        if kept["key"] != key:
            return None
        settings = from_plain(kept["settings"], _CLASSES)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None  # there is none, or it is damaged
    return settings if isinstance(settings, Settings) else None


def _keep(cache: Path, key: str, settings: Settings) -> None:
    data = json.dumps({"key": key, "settings": to_plain(settings)}, ensure_ascii=False)
    temporary = cache / f"settings-{os.getpid()}.tmp"
    try:
        temporary.write_text(data, encoding="utf-8")
        temporary.replace(cache / _NAME)
    except OSError:  # a full disk; they are read anew next time
        with suppress(OSError):
            temporary.unlink()
