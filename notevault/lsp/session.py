"""The open documents of one editor: parsed once a version, checked once a version, whatever is asked of them."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from notevault.errors import NotevaultError
from notevault.lsp.document import Document, parse_document
from notevault.lsp.fixes import check_document
from notevault.lsp.known import Known
from notevault.lsp.positions import Unit
from notevault.lsp.vaults import OpenVault, VaultShelf
from notevault.messages import current_language, find_language, use_language
from notevault.model import Diagnostic, NotePath

_DRIVE: Final = re.compile(r"/[A-Za-z]:")


@dataclass(slots=True)
class _Opened:
    path: Path
    version: int | None
    source: str
    read: tuple[int, Document] | None = None
    """Of this version, under a revision of its vault."""
    diagnostics: tuple[Diagnostic, ...] | None = None


class Session:
    """What one editor has open. A document outside every vault, or that is no note, is read as None."""

    def __init__(self, *, unit: Unit = Unit.UTF16, language: str | None = None) -> None:
        """``language`` is spoken in every vault; None: as each vault's settings say."""
        self.unit = unit
        self.checks = 0
        """How many times a note has been checked."""
        self._language = language
        self._shelf = VaultShelf()
        self._known: dict[Path, Known] = {}
        self._opened: dict[str, _Opened] = {}
        self._told: dict[Path, str] = {}

    def put(self, uri: str, version: int | None, source: str) -> None:
        """Take in a version of a document; one that is no file is left out."""
        path = path_of(uri)
        if path is not None:
            self._opened[uri] = _Opened(path=path, version=version, source=source)

    def drop(self, uri: str) -> None:
        """Forget a document."""
        self._opened.pop(uri, None)

    def uris(self) -> tuple[str, ...]:
        """Return the open documents."""
        return tuple(self._opened)

    def version(self, uri: str) -> int | None:
        """Return the version of a document that was taken in last."""
        opened = self._opened.get(uri)
        return opened.version if opened else None

    def read(self, uri: str) -> Document | None:
        """Return a document as a note, under the settings and templates as they are now."""
        opened = self._opened.get(uri)
        vault = self._shelf.find(opened.path) if opened else None
        if opened is None or vault is None:
            return None
        self._speak(vault)
        place = vault.note_path(opened.path)
        if place is None or len(opened.source) > vault.settings.sync.largest_note:
            return None
        if opened.read is None or opened.read[0] != vault.revision:
            opened.read = (vault.revision, parse_document(vault, NotePath(place), opened.source, self.unit))
            opened.diagnostics = None
        return opened.read[1]

    def check(self, uri: str) -> tuple[Diagnostic, ...] | None:
        """Return what is to be said of a document; None where it is no note. Raises SettingsError."""
        document = self.read(uri)
        if document is None:
            return None
        opened = self._opened[uri]
        if opened.diagnostics is None:
            self.checks += 1
            opened.diagnostics = check_document(document, self.known(document.vault))
        return opened.diagnostics

    def recheck(self) -> None:
        """Forget what was found: other notes may have changed."""
        for opened in self._opened.values():
            opened.diagnostics = None

    def known(self, vault: OpenVault) -> Known:
        """Return what the other notes of a vault say."""
        return self._known.setdefault(vault.root, Known(vault))

    def news(self, uri: str) -> Iterator[NotevaultError]:
        """Yield what is wrong with the settings of a document's vault, each fault once until it is mended."""
        opened = self._opened.get(uri)
        vault = self._shelf.find(opened.path) if opened else None
        if vault is None:
            return
        if vault.fault is None:
            self._told.pop(vault.root, None)
        elif self._told.get(vault.root) != str(vault.fault):
            self._told[vault.root] = str(vault.fault)
            yield vault.fault

    def _speak(self, vault: OpenVault) -> None:
        wanted = find_language(self._language, vault.settings.language)
        if wanted != current_language():
            use_language(wanted)


def path_of(uri: str) -> Path | None:
    """Return the file that a URI names; None for what is no file, such as a document never saved."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    if os.name != "nt":
        return Path(os.fsdecode(unquote_to_bytes(parts.path)))
    path = unquote(parts.path)
    if parts.netloc:
        return Path(f"//{parts.netloc}{path}")
    return Path(path[1:] if _DRIVE.match(path) else path)
