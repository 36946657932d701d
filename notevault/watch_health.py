"""What can go wrong with file system events, and how it is noticed; knows nothing of any library that delivers them."""

import logging
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Self

MOST_FOLDERS: Final = 8_000
"""With more, events are late or never come."""
OVERFLOWS: Final = 2
OVERFLOW_SECONDS: Final = 10.0
_NETWORK_TYPES: Final = frozenset(
    {
        *("nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "ncpfs", "9p", "afs"),
        *("ceph", "glusterfs", "lustre", "beegfs", "virtiofs", "vboxsf", "prl_fs", "vmhgfs", "osxfs", "fakeowner"),
        *("fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.vmhgfs-fuse", "fuse.grpcfuse", "fuse.s3fs"),
        *("fuse.gvfsd-fuse", "fuse.glusterfs", "fuse.ceph", "fuse.smbnetfs", "fuse.portal"),
    }
)


def find_network_type(root: Path, mounts: Sequence[tuple[str, str]] | None = None) -> str | None:
    """Return the type of network file system that the vault or a part of it lies on; those tell of no changes.

    ``mounts`` are mount points with their types, later ones over earlier ones; None asks the system.
    """
    if sys.platform == "win32":
        return _windows_network_type(root)
    if mounts is None:
        mounts = _read_mounts()
    place = os.path.realpath(root)
    around = [(point, kind) for point, kind in mounts if _is_inside(place, point)]
    below = [kind for point, kind in mounts if _is_inside(point, place) and point != place]
    own = max(around, key=lambda mount: len(mount[0]))[1] if around else ""
    return next((kind for kind in (own, *below) if kind in _NETWORK_TYPES), None)


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _read_mounts() -> list[tuple[str, str]]:
    """Return mount points with their types, later ones over earlier ones."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return _ask_mount()
    fields = [line.split(" ") for line in lines]
    return [(_unescape(words[1]), words[2]) for words in fields if len(words) > 2]  # noqa: PLR2004


def _unescape(word: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        word = word.replace(code, char)
    return word


def _ask_mount() -> list[tuple[str, str]]:
    """Return the same from macOS' ``mount``: ``//host/share on /Volumes/share (smbfs, nodev)``."""
    try:
        ran = subprocess.run(["/sbin/mount"], capture_output=True, encoding="utf-8", timeout=5, check=False)
    except (OSError, subprocess.SubprocessError):
        return []
    found = []
    for line in ran.stdout.splitlines():
        head, _paren, kind = line.rpartition(" (")
        found.append((head.partition(" on ")[2], kind.split(",")[0].rstrip(")")))
    return found


def _windows_network_type(root: Path) -> str | None:
    import ctypes  # noqa: PLC0415 -- Windows only

    drive = root.resolve().anchor
    if drive.startswith("\\\\"):
        return "smb"
    remote = 4
    windows = getattr(ctypes, "windll", None)
    return "smb" if windows is not None and windows.kernel32.GetDriveTypeW(drive) == remote else None


def find_root_identity(root: Path) -> tuple[int, int] | None:
    """Return device and inode of the vault's folder, None where there is no vault (any more)."""
    try:
        if not (root / "notevault.toml").is_file():
            return None
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def count_folders(root: Path, *, most: int) -> int:
    """Return how many folders there are, links not followed; stops counting beyond ``most``."""
    count = 0
    for _folder, names, _files in os.walk(root):
        count += 1
        if count + len(names) > most:
            return count + len(names)
    return count


def count_inotify_watches() -> int | None:
    """Return how many folders this process has the kernel watch, None where that cannot be asked."""
    try:
        descriptors = [entry.name for entry in os.scandir("/proc/self/fd")]
    except OSError:
        return None
    count = 0
    for name in descriptors:
        try:
            text = Path(f"/proc/self/fdinfo/{name}").read_text(encoding="ascii", errors="replace")
        except OSError:  # closed in the meantime
            continue
        count += text.count("inotify wd:")
    return count


def find_git_lock(root: Path) -> tuple[int, int] | None:
    """Return what tells one of git's locks from another, None where git is not at work."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            try:
                status = (folder / ".git" / "index.lock").stat()
            except OSError:
                return None
            return status.st_ino, status.st_mtime_ns
    return None


class SleepDetector:
    """Notices that the machine slept, or that its clock was set; events may be lost then."""

    def __init__(self) -> None:
        self._drift = _drift()

    def has_slept(self) -> bool:
        """Say whether more time has passed than the monotonic clock knows of since the last call."""
        before, self._drift = self._drift, _drift()
        return abs(self._drift - before) > 5  # noqa: PLR2004 -- seconds


def _drift() -> float:
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.clock_gettime(boot) if boot is not None else time.time()) - time.monotonic()


class OverflowListener(logging.Handler):
    """Hears from a library's log that events were lost, since handlers are told nothing; keeps it off the screen."""

    def __init__(self, logger: str, on_overflow: Callable[[], None], clock: Callable[[], float]) -> None:
        super().__init__(logging.WARNING)
        self._logger = logging.getLogger(logger)
        self._on_overflow = on_overflow
        self._clock = clock
        self._moments: deque[float] = deque(maxlen=OVERFLOWS)
        self._propagated = self._logger.propagate

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        self._logger.propagate = False
        return self

    def __exit__(self, *_exc: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = self._propagated

    def emit(self, record: logging.LogRecord) -> None:
        """Take in one line of the log."""
        message = record.getMessage().lower()
        if "overflow" not in message or "reconciling" in message:  # the second line about one overflow
            return
        self._moments.append(self._clock())
        self._on_overflow()

    def is_flooded(self) -> bool:
        """Say whether events were lost twice within seconds; asked once for each time."""
        flooded = len(self._moments) == OVERFLOWS and self._moments[-1] - self._moments[0] < OVERFLOW_SECONDS
        if flooded:
            self._moments.clear()
        return flooded
