"""Everything one vault needs, opened: settings, templates, files, catalogue, index.

The only place that picks backends and knows where derived data lives.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings, load_settings
from notevault.errors import CacheError, LockedError, SettingsError, VaultNotFoundError
from notevault.index import NoteIndex
from notevault.journal import Journal
from notevault.messages import current_language
from notevault.plan import extraction_fingerprint, has_news
from notevault.template import Templates
from notevault.vault import Vault, find_vault

_LOCK_SECONDS: Final = 10.0


class Workspace:
    """A vault with its derived data; parts are opened when first asked for."""

    def __init__(self, root: Path, *, today: date | None = None) -> None:
        self.root = root
        self.settings: Settings = load_settings(root)
        self.vault = Vault(root)
        self._today = today

    @cached_property
    def today(self) -> date:
        """The business date in the vault's time zone, or what NOTEVAULT_TODAY says."""
        if self._today:
            return self._today
        if given := os.environ.get("NOTEVAULT_TODAY"):
            try:
                return date.fromisoformat(given)
            except ValueError as error:
                raise SettingsError([f"NOTEVAULT_TODAY={given!r}: {error}"]) from error
        from zoneinfo import ZoneInfo  # noqa: PLC0415 -- start-up time

        return datetime.now(UTC).astimezone(ZoneInfo(self.settings.timezone)).date()

    @property
    def language(self) -> str:
        """The language spoken now: that of names printed beside sentences."""
        return current_language()

    @cached_property
    def cache(self) -> Path:
        """The folder for this vault's derived data, private to the user."""
        return _open_cache(self.root)

    @cached_property
    def catalog(self) -> Catalog:
        """The open catalogue."""
        return Catalog.open(self.cache)

    @cached_property
    def templates(self) -> Templates:
        """The agreed formats."""
        from notevault.template.folder import load_templates  # noqa: PLC0415 -- start-up time

        return load_templates(self.root / "templates", self.settings)

    @cached_property
    def index(self) -> NoteIndex:
        """The open text index."""
        from notevault.index.whoosh_index import WhooshIndex  # noqa: PLC0415 -- start-up time

        return WhooshIndex(self.cache / "index")

    @cached_property
    def journal(self) -> Journal:
        """What commands wrote into the notes, to be taken back."""
        return Journal(self.cache / "journal")

    @contextmanager
    def lock(self, *, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
        """Be the one writer; raises LockedError naming the holder after ``seconds``."""
        import filelock  # noqa: PLC0415 -- start-up time

        holder = self.cache / "writer.txt"
        lock = filelock.FileLock(self.cache / "writer.lock", timeout=seconds)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise LockedError(_read_holder(holder)) from error
        try:
            holder.write_text(f"process {os.getpid()}, {' '.join(sys.argv[:3])}", encoding="utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def has_news(self, *, with_index: bool) -> bool:
        """Say whether a sync would find anything: one walk with stat, without the lock, nothing read.

        ``with_index`` also looks whether the text index is the one that the catalogue filled.
        """
        catalog = self.catalog
        return (
            catalog.meta("extraction") != extraction_fingerprint(self.settings)
            or (with_index and catalog.meta("index") != self.index.fingerprint)
            or has_news(self.vault.scan(), catalog)
        )

    def close(self) -> None:
        """Close what was opened."""
        for name in ("catalog", "index"):
            if name in self.__dict__:
                getattr(self, name).close()


@contextmanager
def open_workspace(start: Path, *, today: date | None = None) -> Iterator[Workspace]:
    """Open the vault that ``start`` lies in. Raises VaultNotFoundError, SettingsError."""
    workspace = Workspace(find_vault(start), today=today)
    try:
        yield workspace
    finally:
        workspace.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultChoice:
    """Where to look for the vault: ``--vault``, NOTEVAULT_VAULT, or upward from here."""

    option: Path | None

    def start(self) -> Path:
        """Return the folder to begin at; a named one must be a vault itself."""
        named = self.option or (Path(found) if (found := os.environ.get("NOTEVAULT_VAULT")) else None)
        if named is None:
            return Path.cwd()
        if not (named / "notevault.toml").is_file():
            raise VaultNotFoundError(named)
        return named


def _open_cache(root: Path) -> Path:
    if base := os.environ.get("NOTEVAULT_CACHE"):
        parent = Path(base)
    else:
        import platformdirs  # noqa: PLC0415 -- start-up time

        parent = Path(platformdirs.user_cache_dir("notevault", appauthor=False))
    whole = str(root.resolve())
    name = f"{root.resolve().name[:40] or 'vault'}-{sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    cache = parent / name
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(cache)
    except OSError as error:
        raise CacheError(cache, error.strerror or str(error)) from error
    return cache


def _check_private(cache: Path) -> None:
    """Refuse a folder that another user owns or could have planted an index in: opening one can run code."""
    if cache.is_symlink():
        raise CacheError(cache, "symbolic link")
    if hasattr(os, "getuid"):
        status = cache.stat()
        if status.st_uid != os.getuid():
            raise CacheError(cache, "owned by another user")
        if status.st_mode & 0o077:
            cache.chmod(0o700)


def _read_holder(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")
    except OSError:
        return "?"
