"""Keep a vault's index current while people write; the only module that imports watchdog.

Events are hints that something may have happened to a path; what has happened is seen on disk. Whatever may have been
missed is found by walks: at the start, after every sign of lost events, and by timer.
"""

import os
import random
import sys
import threading
import time
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.presence import Presence, find_watcher
from notevault.settling import Due, Settling
from notevault.walk import TEMPLATES_FOLDER, find_ignore_reason, is_folder_name
from notevault.watch_health import (
    MOST_FOLDERS,
    OverflowListener,
    SleepDetector,
    count_folders,
    count_inotify_watches,
    find_network_type,
    find_root_identity,
)
from notevault.watching import Remark, Tell, Watching
from notevault.workspace import Workspace

HEALTH_SECONDS: Final = 5.0
LOCAL_SECONDS: Final = 600.0
NETWORK_SECONDS: Final = 60.0
FASTEST_POLL: Final = 2.0
POLL_SHARE: Final = 20
"""Without events a walk may take one part in so many of the time."""
_TURN: Final = 1.0
"""The longest wait: a heartbeat is due, and Windows must hear ^C."""
_SHORTEST: Final = 0.02
_AGAIN: Final = 0.5
"""Wait after what could not be done."""
_FLOOD_MEMORY: Final = 60.0
_EVENTS: Final[list[type[FileSystemEvent]]] = [
    *(FileCreatedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent),
    *(DirCreatedEvent, DirMovedEvent, DirDeletedEvent),
    *([] if sys.platform == "linux" else [FileModifiedEvent]),  # closing is told on Linux only
]


class AlreadyWatchedError(NotevaultError):
    """Another process watches the vault."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(
            _("this vault is watched already, by process {pid}").format(pid=pid or "?"),
            _("stop that one first, or leave it at its work"),
        )


class _Ears(FileSystemEventHandler):
    """Puts what may concern notes into the set of what is to settle, and does nothing else."""

    def __init__(self, root: str, settling: Settling) -> None:
        self._root = root.rstrip(os.sep)
        self._settling = settling

    def dispatch(self, event: FileSystemEvent) -> None:
        """Take one event in; its kind does not matter, only where it was."""
        for place in (event.src_path, event.dest_path):
            full = os.fsdecode(place)
            if full.startswith(self._root + os.sep):
                self._notice(full[len(self._root) + 1 :].replace(os.sep, "/"), is_folder=event.is_directory)
            elif full and full == self._root:
                self._settling.add_scan()

    def _notice(self, place: str, *, is_folder: bool) -> None:
        top = place.partition("/")[0]
        if place == "notevault.toml" or top == TEMPLATES_FOLDER:
            if place.endswith((".toml", ".md")) or place == TEMPLATES_FOLDER:
                self._settling.add_reload()
        elif is_folder or (sys.platform == "win32" and "." not in place):  # it does not tell what a deleted one was
            if all(is_folder_name(part, at_root=not at) for at, part in enumerate(place.split("/"))):
                self._settling.add_scan()
        elif find_ignore_reason(NotePath(place)) is None:
            self._settling.add(NotePath(place))


@dataclass(slots=True)
class _Moments:
    """When something is due or was, on the monotonic clock."""

    health: float = 0.0
    scan: float = 0.0
    retry: float = 0.0
    flood: float | None = None


class Watcher:
    """One vault being watched, in the thread that calls :meth:`run`."""

    def __init__(self, workspace: Workspace, tell: Tell, *, poll: float | None = None) -> None:
        """Prepare; ``poll`` is the time between walks in seconds, None lets events say when to look."""
        self._workspace = workspace
        self._tell = tell
        self._poll = poll
        self._without_events = poll is not None
        self._network: str | None = None
        self._presence = Presence(workspace.cache)
        self._settling = Settling(time.monotonic, on_first=self._presence.set_pending)
        self._watching = Watching(workspace, tell)
        self._observer: BaseObserver | None = None
        self._identity: tuple[int, int] | None = None
        self._since = datetime.now(UTC).isoformat(timespec="seconds")
        self._moments = _Moments()
        self._sleep = SleepDetector()
        self._overflowed = False

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop`` is set. Raises AlreadyWatchedError."""
        if not self._presence.claim():
            other = find_watcher(self._workspace.cache)
            raise AlreadyWatchedError(other.pid if other else None)
        try:
            with warnings.catch_warnings(), OverflowListener("watchdog", self._hear_overflow, time.monotonic) as log:
                warnings.simplefilter("ignore", RuntimeWarning)  # the library's, about its own book-keeping
                self._begin()
                while not stop.is_set():
                    self._turn(log)
        finally:
            self._stop_events()
            self._presence.leave()

    # --- one turn ---

    def _turn(self, log: OverflowListener) -> None:
        now = time.monotonic()
        if self._overflowed:
            self._overflowed = False
            self._tell(Remark(message=_("more happened at once than the system could tell of; looking at everything")))
        if log.is_flooded():
            self._outlive_flood(now)
        if now >= self._moments.health:
            self._moments.health = now + HEALTH_SECONDS
            self._check_health()
        if now >= self._moments.scan or self._sleep.has_slept():
            self._settling.add_scan()
            self._plan_scan(now)
        if self._identity is not None and now >= self._moments.retry:
            self._work(now)
        with self._settling.wake:
            if self._settling.is_quiet() and self._watching.in_step:
                self._presence.clear_pending()
            if self._vouches():
                self._presence.beat()
            self._settling.wake.wait(self._pause())

    def _work(self, now: float) -> None:
        due = self._watching.second_looks() or self._settling.take(self._workspace.vault.is_gone)
        if due == Due():
            self._watching.tidy_when_quiet()
            return
        if self._watching.is_git_at_work() or not self._watching.look(due):
            self._settling.put_back(due)
            self._moments.retry = now + _AGAIN
        elif due.scan:
            self._plan_scan(time.monotonic())

    def _pause(self) -> float:
        now = time.monotonic()
        moments = [now + _TURN, self._moments.scan, self._moments.health]
        if (due := self._settling.next_due()) is not None:
            moments.append(max(due, self._moments.retry))
        if self._watching.tidy_at is not None and self._identity is not None:
            moments.append(max(self._watching.tidy_at, self._moments.retry))
        return max(min(moments) - now, _SHORTEST)

    def _plan_scan(self, now: float) -> None:
        if self._poll is not None:
            pause = self._poll
        elif self._without_events:
            pause = min(max(FASTEST_POLL, POLL_SHARE * self._watching.scan_seconds), NETWORK_SECONDS)
        else:
            pause = NETWORK_SECONDS if self._network else LOCAL_SECONDS
            pause *= 0.75 + random.random() / 2  # noqa: S311 -- so that many watchers do not walk at once
        self._moments.scan = now + pause

    def _vouches(self) -> bool:
        """Say whether an answer may trust that a change would have been noticed; only Linux tells of lost events."""
        return self._observer is not None and sys.platform == "linux" and not self._network

    # --- events ---

    def _begin(self) -> None:
        """Listen first, walk then, so that nothing falls between."""
        root = self._workspace.root
        self._identity = find_root_identity(root)
        self._network = find_network_type(root)
        if self._network and not self._without_events:
            self._give_up_events(
                _("the vault lies on a network file system ({kind}), which tells of no changes").format(
                    kind=self._network
                )
            )
        if not self._without_events:
            self._start_events()
        self._describe()

    def _start_events(self) -> None:
        root = os.path.realpath(self._workspace.root)
        folders = count_folders(self._workspace.root, most=MOST_FOLDERS)
        if folders > MOST_FOLDERS:
            self._give_up_events(_("the vault has more than {count} folders").format(count=MOST_FOLDERS))
            return
        observer = Observer()
        observer.schedule(_Ears(root, self._settling), root, recursive=True, event_filter=_EVENTS)
        try:
            observer.start()
        except OSError as error:
            self._give_up_events(error.strerror or str(error))
            return
        self._observer = observer
        watched = count_inotify_watches() if sys.platform == "linux" else None
        if watched is not None and watched < folders:
            self._stop_events()
            reason = _("the system watches {watched} of {folders} folders; raise fs.inotify.max_user_watches")
            self._give_up_events(reason.format(watched=watched, folders=folders))

    def _give_up_events(self, reason: str) -> None:
        self._without_events = True
        self._tell(Remark(message=_("looking for changes from time to time: {reason}").format(reason=reason)))

    def _stop_events(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None and observer.is_alive():
            observer.stop()
            observer.join(timeout=5)

    def _hear_overflow(self) -> None:
        self._settling.add_scan()
        self._overflowed = True

    def _outlive_flood(self, now: float) -> None:
        """Start afresh after events were lost twice in a row; where that happens again soon, do without events."""
        again = self._moments.flood is not None and now - self._moments.flood < _FLOOD_MEMORY
        self._moments.flood = now
        self._stop_events()
        if again:
            self._give_up_events(_("more happens than the system can tell of"))
        self._begin()

    # --- health ---

    def _check_health(self) -> None:
        identity = find_root_identity(self._workspace.root)
        if identity != self._identity:
            self._follow_root(identity)
        elif identity is not None and self._observer is not None and not _is_alive(self._observer):
            self._stop_events()
            self._begin()
        if self._workspace.is_catalog_replaced():  # the folder for derived data was removed, or made anew by another
            try:
                self._follow_cache()
            except NotevaultError as error:  # tried again at the next look
                self._tell(Remark(message=error.message, hint=error.hint, trouble=True))

    def _follow_cache(self) -> None:
        self._presence.leave()
        self._workspace.reopen()
        self._presence = Presence(self._workspace.cache)
        self._settling.on_first = self._presence.set_pending
        self._presence.claim()
        self._describe()

    def _describe(self) -> None:
        """Tell others how this one watches, and look at everything."""
        self._presence.set_pending()
        self._presence.describe(mode="scans" if self._without_events else "events", since=self._since)
        self._settling.add_scan()
        self._plan_scan(time.monotonic())

    def _follow_root(self, identity: tuple[int, int] | None) -> None:
        """Follow a vault that went away, came back, or is another folder of the same name."""
        self._stop_events()
        if identity is None:
            self._identity = None
            self._presence.set_pending()
            text = _("the vault is not there ({path}); its last state is kept").format(path=self._workspace.root)
            self._tell(Remark(message=text, hint=_("waiting for it to come back"), trouble=True))
            return
        if self._identity is None:
            self._tell(Remark(message=_("the vault is back")))
        self._without_events = self._poll is not None
        self._begin()


def _is_alive(observer: BaseObserver) -> bool:
    return observer.is_alive() and all(emitter.is_alive() for emitter in observer.emitters)
