"""The vaults that open documents lie in, with settings and templates as they are on disk now."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from notevault.config import SETTINGS_NAME, Settings
from notevault.errors import NotevaultError, VaultNotFoundError
from notevault.model import NotePath
from notevault.settings_reader import default_settings
from notevault.template import Templates
from notevault.vault import Vault, find_vault
from notevault.walk import TEMPLATES_FOLDER
from notevault.workspace import Workspace

_Stamp = tuple[object, ...]
_DAY_LOOK: Final = 15
"""Minutes between looks at the calendar: a server runs for days, and zones differ by quarters of an hour."""


class OpenVault:
    """One vault. Where settings or templates are broken the last good ones stand, and ``fault`` says what is wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.revision = 0
        """Raised whenever settings, templates or the day changed."""
        self.settings: Settings = default_settings()
        self.templates = Templates()
        self.vault = Vault(root)
        self.today: date = datetime.now(UTC).date()
        self.cache: Path | None = None
        self.fault: NotevaultError | None = None
        self._stamp: _Stamp | None = None

    def refresh(self) -> bool:
        """Read settings and templates again where their files changed; say whether they did."""
        stamp = _stamp_of(self.root)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        self.revision += 1
        try:
            workspace = Workspace(self.root)
            templates = workspace.templates
            self.settings, self.templates, self.vault = workspace.settings, templates, workspace.vault
            self.today, self.cache = workspace.today, workspace.cache
        except NotevaultError as error:
            self.fault = error
        else:
            self.fault = None
        return True

    def note_path(self, path: Path) -> NotePath | None:
        """Return where in the vault a file is; None where it is not taken for a note."""
        try:
            relative = NotePath(path.relative_to(self.root).as_posix())
        except ValueError:
            return None
        return None if self.vault.find_ignore_reason(relative) else relative


class VaultShelf:
    """Every vault that a document has been opened in."""

    def __init__(self) -> None:
        self._open: dict[Path, OpenVault] = {}

    def find(self, path: Path) -> OpenVault | None:
        """Return the vault that a file lies in, current; None for a file outside every vault."""
        try:
            root = find_vault(path.parent)
        except VaultNotFoundError:
            return None
        vault = self._open.setdefault(root, OpenVault(root))
        vault.refresh()
        return vault


def _stamp_of(root: Path) -> _Stamp:
    now = datetime.now(UTC)
    files = [root / SETTINGS_NAME]
    try:
        with os.scandir(root / TEMPLATES_FOLDER) as entries:
            files += sorted(Path(entry.path) for entry in entries if entry.name.endswith(".md"))
    except OSError:
        pass  # no templates
    return (now.date(), now.hour, now.minute // _DAY_LOOK, *map(_file_stamp, files))


def _file_stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return (os.fspath(path),)
    return os.fspath(path), status.st_mtime_ns, status.st_size, status.st_ino
