"""What differs between disk and catalogue; nothing is read but file signatures, nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from notevault.catalog import Catalog, KnownNote, path_to_stored, stamp_of
from notevault.config import Settings
from notevault.model import NotePath
from notevault.vault import VaultScan

_EXTRACTION: Final = "1"
"""Raised when the same note yields other facts than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """What differs between disk and catalogue."""

    read: tuple[NotePath, ...]
    """New, or with another signature than remembered."""
    gone: tuple[NotePath, ...]
    unchanged: int


def plan_sync(scan: VaultScan, known: Mapping[NotePath, KnownNote], *, everything: bool = False) -> SyncPlan:
    """Return what differs. A note below a folder that could not be listed is never taken as gone."""
    read = tuple(
        path
        for path, signature in scan.signatures.items()
        if everything or (note := known.get(path)) is None or note.signature != signature
    )
    gone = tuple(
        path
        for path in known.keys() - scan.signatures.keys()
        if not any(path == folder or path.startswith(f"{folder}/") or not folder for folder in scan.unreadable)
    )
    return SyncPlan(read=read, gone=gone, unchanged=len(scan.signatures) - len(read))


def has_news(scan: VaultScan, catalog: Catalog) -> bool:
    """Say whether a sync would find anything; a note that failed before and has not changed is no news."""
    found = {path_to_stored(path): stamp_of(signature) for path, signature in scan.signatures.items()}
    known = catalog.known_stamps()
    if found == known:
        return False
    if not scan.unreadable and known.keys() - found.keys():
        return True
    failed = {row[0]: row[1] for row in catalog.select("SELECT path, stamp FROM failures")}
    return any(known.get(path) != stamp and failed.get(path) != stamp for path, stamp in found.items())


def extraction_fingerprint(settings: Settings) -> str:
    """Return a digest of everything that decides which facts a note yields."""
    parts = (_EXTRACTION, settings.keys, settings.types, settings.stages, settings.channels, settings.owners)
    return sha256(repr(parts).encode()).hexdigest()[:16]
