"""Everything one vault needs, opened: settings, templates, files, catalogue, index.

The only place that picks backends and knows where derived data lives.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from notevault.catalog import CATALOG_NAME, Catalog
from notevault.config import Settings
from notevault.early_look import EarlyLook
from notevault.errors import (
    CacheError,
    CatalogDamagedError,
    IndexDamagedError,
    LockedError,
    MissingExtraError,
    SettingsError,
    VaultNotFoundError,
)
from notevault.index import NoteIndex
from notevault.index.folder import claim_folder
from notevault.kept_settings import load_settings_once
from notevault.lock import ProcessLock
from notevault.messages import current_language
from notevault.messages import gettext as _
from notevault.plan import UNDER_WAY, digest_of_disk, extraction_fingerprint, has_news
from notevault.presence import is_kept_fresh
from notevault.records import record
from notevault.template import Templates
from notevault.vault import Vault, find_vault

_LOCK_SECONDS: Final = 10.0


class Workspace:
    """A vault with its derived data; parts are opened when first asked for."""

    def __init__(self, root: Path, *, today: date | None = None, report: Callable[[str], None] | None = None) -> None:
        """Read the settings; ``report`` is told when derived data had to be thrown away. Raises SettingsError."""
        self.root = root
        self.settings: Settings = self._load_settings()
        self.vault = Vault(root, max_size=self.settings.sync.largest_note)
        self._today = today
        self._report = report
        self._catalog_inode = 0
        self._is_writing = False
        self._early_look: EarlyLook | None = None

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
        """The open catalogue; a damaged one is made anew, empty until the next sync."""
        try:
            catalog = Catalog.open(self.cache)
        except CatalogDamagedError as error:
            self.discard(error)
            catalog = Catalog.open(self.cache)
        self._catalog_inode = (self.cache / CATALOG_NAME).stat().st_ino
        return catalog

    @cached_property
    def templates(self) -> Templates:
        """The agreed formats."""
        from notevault.template.folder import load_templates  # noqa: PLC0415 -- start-up time

        return load_templates(self.root / "templates", self.settings)

    @cached_property
    def index(self) -> NoteIndex:
        """The open text index. Raises MissingExtraError where the settings name one that is not installed."""
        if self.settings.index.engine == "tantivy":
            if find_spec("tantivy") is None:
                raise MissingExtraError("tantivy", _('the text index "tantivy"'))
            from notevault.index.tantivy_index import TantivyIndex  # noqa: PLC0415 -- start-up time, and an extra

            return TantivyIndex(self.cache / "index-tantivy")
        from notevault.index.whoosh_index import WhooshIndex  # noqa: PLC0415 -- start-up time

        return WhooshIndex(self.cache / "index")

    @contextmanager
    def lock(self, *, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
        """Be the one writer; raises LockedError naming the holder after ``seconds``, CacheError.

        Who holds it already goes on: a catalogue found damaged in the midst of work is thrown away under the same lock.
        """
        if self._is_writing:
            yield
            return
        holder = self.cache / "writer.txt"
        lock = ProcessLock(self.cache / "writer.lock")
        try:
            if not lock.acquire(seconds=seconds):
                raise LockedError(_read_holder(holder))
            holder.write_text(f"process {os.getpid()}, {' '.join(['notevault', *sys.argv[1:3]])}", encoding="utf-8")
        except OSError as error:
            lock.release()
            raise CacheError(self.cache, error.strerror or str(error)) from error
        self._is_writing = True
        try:
            yield
        finally:
            self._is_writing = False
            with suppress(OSError):
                holder.unlink()
            lock.release()

    def has_news(self, *, with_index: bool) -> bool:
        """Say whether a sync would find anything: one walk with stat, without the lock, nothing read.

        ``with_index`` also looks whether the text index is the one that the catalogue filled. Where a watcher vouches
        that all is taken in, the walk is left to it.
        """
        early, self._early_look = self._early_look, None  # what it saw holds for this once
        try:
            catalog = self.catalog
            return (
                catalog.meta("extraction") != extraction_fingerprint(self.settings)
                or bool(catalog.meta(UNDER_WAY))
                or (with_index and catalog.meta("index") != self.index.fingerprint)
                or (not is_kept_fresh(self.cache) and has_news(self.vault, catalog, early.result() if early else None))
            )
        finally:
            if early:
                early.close()

    def look_early(self) -> None:
        """Begin the walk that :meth:`has_news` wants, in a process of its own; what is done meanwhile costs no time."""
        if not is_kept_fresh(self.cache):
            self._early_look = EarlyLook(lambda: digest_of_disk(self.vault))

    def discard(self, damage: CatalogDamagedError | IndexDamagedError) -> None:
        """Throw away what is damaged, to be made anew by the next sync. Raises LockedError, CacheError."""
        if self._report:
            self._report(_("{problem}; it is made anew from the notes").format(problem=damage.message))
        with self.lock():
            if isinstance(damage, CatalogDamagedError):
                self._close("catalog")
                Catalog.discard(self.cache)
            else:
                self.index.clear()

    def is_catalog_replaced(self) -> bool:
        """Say whether the open catalogue is no longer the file of that name."""
        opened = self.__dict__.get("catalog")
        if opened is None:
            return False
        try:
            return (self.cache / CATALOG_NAME).stat().st_ino != self._catalog_inode
        except OSError:
            return True

    def reload(self) -> None:
        """Read settings and templates again. Raises SettingsError, with all as it was."""
        self.settings = self._load_settings()
        self.__dict__.pop("templates", None)
        self.__dict__.pop("today", None)
        self.vault = Vault(self.root, max_size=self.settings.sync.largest_note)

    def _load_settings(self) -> Settings:
        return load_settings_once(self.root, lambda: self.cache)

    def reopen(self) -> None:
        """Let go of catalogue and index, to be opened again; another process may have replaced their files."""
        self.close()
        self.__dict__.pop("cache", None)

    def close(self) -> None:
        """Close what was opened."""
        if self._early_look:
            self._early_look.close()
            self._early_look = None
        self._close("catalog")
        self._close("index")

    def _close(self, name: str) -> None:
        opened = self.__dict__.pop(name, None)
        if opened is not None:
            opened.close()


@contextmanager
def open_workspace(
    start: Path, *, today: date | None = None, report: Callable[[str], None] | None = None
) -> Iterator[Workspace]:
    """Open the vault that ``start`` lies in. Raises VaultNotFoundError, SettingsError."""
    workspace = Workspace(find_vault(start), today=today, report=report)
    try:
        yield workspace
    finally:
        workspace.close()


@record
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
    claim_folder(cache)
    return cache


def _read_holder(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")
    except OSError:
        return "?"
