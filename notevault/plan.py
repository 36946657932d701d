"""What differs between disk and catalogue; nothing is read but file signatures, nothing is written."""

import time
from array import array
from collections.abc import Collection, Mapping
from hashlib import sha256
from itertools import chain
from typing import Any, Final

from notevault.catalog import Catalog, path_to_stored, stamp_of, stored_to_path
from notevault.config import Settings
from notevault.copies import find_original
from notevault.database import chunked, marks
from notevault.model import NotePath, Signature
from notevault.records import record, to_plain
from notevault.vault import Vault, VaultScan

UNDER_WAY: Final = "intake"
"""Key of the mark that text index and catalogue may differ."""
_DISK: Final = "disk"
"""Key of the digest of what was last seen on disk; triggers of the schema take it out."""
_EXTRACTION: Final = "6"
"""Raised when the same note yields other facts than before."""
SECOND_LOOK_MS: Final = 4_000
"""So long after its signature was first seen a note is read once more: within a file system's clock tick it may have
changed again without another signature."""
SAMPLE_PARTS: Final = 30
"""One part of so many is read each day whatever its signatures say."""


@record
class SyncPlan:
    """What differs between disk and catalogue."""

    read: tuple[NotePath, ...]
    """New, with another signature than remembered, or to be looked at again; conflict copies last."""
    gone: tuple[NotePath, ...]
    unchanged: int


def plan_sync(
    scan: VaultScan, known: Mapping[NotePath, str], *, due: Collection[NotePath] = (), everything: bool = False
) -> SyncPlan:
    """Return what differs. A note below a folder that could not be listed is never taken as gone.

    ``known`` holds the stamps of the notes; those ``due`` are read whatever their files look like.
    """
    read = list(scan.signatures) if everything else _find_differing(scan.signatures, known, due)
    unreadable = set(scan.unreadable)
    gone = [path for path in known.keys() - scan.signatures.keys() if not unreadable or not _is_below(path, unreadable)]
    return SyncPlan(
        read=tuple(sorted(read, key=reading_order)),
        gone=tuple(sorted(gone)),
        unchanged=len(scan.signatures) - len(read),
    )


def _find_differing(
    signatures: Mapping[NotePath, Signature], known: Mapping[Any, str], due: Collection[NotePath]
) -> list[NotePath]:
    look_up = known.get
    return [
        path
        for path, (size, mtime, ctime, inode, device) in signatures.items()  # stamp_of, without a call for each note
        if look_up(path) != f"{size}.{mtime}.{ctime}.{inode}.{device}" or path in due
    ]


def find_due(catalog: Catalog, *, now: int, sample: int | None = None) -> set[NotePath]:
    """Return the notes to be looked at again: by now, and those of this part of the ``sample``.

    ``now`` is :func:`monotonic_ms`.
    """
    again = catalog.select_tuples("SELECT path, look_again FROM notes WHERE look_again <> 0")
    due = {stored_to_path(path) for path, moment in again if is_look_due(moment, now)}
    if sample is not None:
        sampled = catalog.select_tuples("SELECT path FROM notes WHERE id % ? = ?", (SAMPLE_PARTS, sample))
        due.update(stored_to_path(path) for (path,) in sampled)
    return due


def reading_order(path: NotePath) -> tuple[bool, NotePath]:
    """Sort notes before their conflict copies, so that an id is the original's."""
    return find_original(path) is not None, path


def is_look_due(look_again: int, now: int) -> bool:
    """Say whether a note is to be read again: at once where negative, else after a while on the monotonic clock.

    A moment that is still to come was noted before the machine was started anew.
    """
    return look_again < 0 or (look_again > 0 and not 0 <= now - look_again < SECOND_LOOK_MS)


def monotonic_ms() -> int:
    """Return the machine's monotonic clock; never 0."""
    return time.monotonic_ns() // 1_000_000 + 1


def _is_below(path: NotePath, folders: set[NotePath]) -> bool:
    if NotePath("") in folders or path in folders:
        return True
    at = path.find("/")
    while at >= 0:
        if path[:at] in folders:
            return True
        at = path.find("/", at + 1)
    return False


def digest_of_disk(vault: Vault) -> str:
    """Walk the vault and return the digest of what is there; "" where not all could be seen."""
    return digest_of_scan(vault.scan())


def has_news(vault: Vault, catalog: Catalog, seen: str | None) -> bool:
    """Say whether a sync would find anything; ``seen`` is the disk's digest of just now, where one was made."""
    if seen and (known := catalog.meta(_DISK)):
        return known != seen or bool(find_due(catalog, now=monotonic_ms()))
    return bool(find_news(vault.scan(), catalog, second_looks=True))


def find_news(scan: VaultScan, catalog: Catalog, *, second_looks: bool) -> set[str]:
    """Return the notes that a sync would read or forget, as stored; one that failed before and is the same is no news.

    ``second_looks`` adds those that are only to be read once more.
    """
    due = find_due(catalog, now=monotonic_ms()) if second_looks else set()
    seen = digest_of_scan(scan)
    if seen and catalog.meta(_DISK) == seen:
        return {path_to_stored(path) for path in due}
    plan = plan_sync(scan, catalog.stamps_on_disk(), due=due)
    failed = dict(catalog.select_tuples("SELECT path, stamp FROM failures"))
    read = {path_to_stored(path): path for path in plan.read}
    return {path_to_stored(path) for path in plan.gone} | {
        stored for stored, path in read.items() if path in due or failed.get(stored) != stamp_of(scan.signatures[path])
    }


def is_as_known(seen: str, catalog: Catalog, *, now: int) -> bool:
    """Say whether the disk, of digest ``seen``, is the one remembered and nothing is to be looked at again."""
    if not seen or catalog.meta(_DISK) != seen:
        return False
    if catalog.select_tuples("SELECT 1 FROM failures LIMIT 1"):  # tried again by every sync
        return False
    return not find_due(catalog, now=now)


def remember_scan(catalog: Catalog, scan: VaultScan, seen: str, looked_at: Collection[NotePath]) -> None:
    """Keep what a walk saw, where all of it is stored now; the catalogue forgets it with the next change of a stamp.

    ``looked_at`` are the notes that were not as stored when the plan was made.
    """
    if catalog.meta(_DISK) != seen:
        is_stored = seen and catalog.note_count() == len(scan.signatures) and _are_stored(catalog, scan, looked_at)
        catalog.set_meta(_DISK, seen if is_stored else "")


def _are_stored(catalog: Catalog, scan: VaultScan, paths: Collection[NotePath]) -> bool:
    if catalog.select_tuples("SELECT 1 FROM notes WHERE look_again < 0 LIMIT 1"):  # one of the others was unsettled
        return False
    stamps = {path_to_stored(path): stamp_of(scan.signatures[path]) for path in paths}
    return all(
        catalog.known_stamps(f"path IN ({marks(part)})", part) == {path: stamps[path] for path in part}
        for part in chunked(list(stamps))
    )


def digest_of_scan(scan: VaultScan) -> str:
    """Return a digest of every path and signature in the order of the walk, which an unchanged folder keeps.

    "" where not all could be seen.
    """
    if scan.unreadable:
        return ""
    digest = sha256("\0".join(scan.signatures).encode("utf-8", "surrogatepass"))
    try:
        digest.update(array("q", chain.from_iterable(scan.signatures.values())))
    except OverflowError:  # numbers of more than 63 bits, which some file systems give out
        digest.update(repr(list(scan.signatures.values())).encode())
    return digest.hexdigest()


def extraction_fingerprint(settings: Settings) -> str:
    """Return a digest of everything that decides which facts a note yields."""
    parts = (_EXTRACTION, settings.keys, settings.types, settings.stages, settings.channels, settings.owners)
    return sha256(repr(to_plain(parts)).encode()).hexdigest()[:16]
