"""What happened lately, held until it has settled; only a hint to look, never what to believe.

A path is due when it was quiet for a moment, at the latest some time after the first sign. Many paths at once, a folder
that moved, or lost events ask for a whole walk instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition
from typing import Final

from notevault.model import NotePath
from notevault.records import record

QUIET_SECONDS: Final = 0.2
"""An editor in the midst of saving leaves no such pause."""
LONGEST_SECONDS: Final = 2.0
VANISHED_SECONDS: Final = 1.0
"""So long a note may be missing while it is replaced."""
LONGEST_VANISHED_SECONDS: Final = 5.0
BURST: Final = 500
"""With more paths than this a walk is cheaper and surer."""


@record
class Due:
    """What is to be looked at now."""

    paths: frozenset[NotePath] = frozenset()
    scan: bool = False
    reload: bool = False
    """Settings or templates may have changed."""


@dataclass(slots=True)
class _Sign:
    first: float
    last: float

    def due(self) -> float:
        return min(self.last + QUIET_SECONDS, self.first + LONGEST_SECONDS)


@dataclass(slots=True)
class Settling:
    """Signs by path. Any thread adds, one takes; times are those of the clock given."""

    clock: Callable[[], float]
    wake: Condition = field(default_factory=Condition)
    on_first: Callable[[], None] = lambda: None
    """Called with the first sign after all was quiet, before anybody else learns of it."""
    _paths: dict[NotePath, _Sign] = field(default_factory=dict)
    _scan: _Sign | None = None
    _reload: _Sign | None = None

    def add(self, path: NotePath) -> None:
        """Note that something happened to a note."""
        with self.wake:
            self._announce()
            now = self.clock()
            sign = self._paths.get(path)
            if sign is None:
                self._paths[path] = _Sign(now, now)
                if len(self._paths) > BURST:
                    self._paths.clear()
                    self._scan = self._seen(self._scan)
            else:
                sign.last = now
            self.wake.notify()

    def add_scan(self) -> None:
        """Note that more may have happened than was told."""
        with self.wake:
            self._announce()
            self._scan = self._seen(self._scan)
            self.wake.notify()

    def add_reload(self) -> None:
        """Note that something happened to settings or templates."""
        with self.wake:
            self._announce()
            self._reload = self._seen(self._reload)
            self.wake.notify()

    def is_quiet(self) -> bool:
        """Say whether nothing is held."""
        return not (self._paths or self._scan or self._reload)

    def next_due(self) -> float | None:
        """Return when something will be due, None where nothing is held."""
        signs = [*self._paths.values(), *(sign for sign in (self._scan, self._reload) if sign)]
        return min((sign.due() for sign in signs), default=None)

    def take(self, is_gone: Callable[[NotePath], bool]) -> Due:
        """Return what is due; a note that is gone waits a little longer, it may come back."""
        with self.wake:
            now = self.clock()
            if self._reload and self._reload.due() <= now:
                self._paths.clear()
                self._scan = self._reload = None
                return Due(scan=True, reload=True)
            if self._scan:
                if self._scan.due() > now:
                    return Due()
                self._paths.clear()
                self._scan = None
                return Due(scan=True)
            due = {path for path, sign in self._paths.items() if sign.due() <= now}
            due -= {path for path in due if not self._has_vanished(path, now) and is_gone(path)}
            for path in due:
                del self._paths[path]
            return Due(paths=frozenset(due))

    def _has_vanished(self, path: NotePath, now: float) -> bool:
        """Say whether a note that is gone may be believed gone; many that go are looked at together."""
        last = max(sign.last for sign in self._paths.values())
        return now >= min(last + VANISHED_SECONDS, self._paths[path].first + LONGEST_VANISHED_SECONDS)

    def put_back(self, due: Due) -> None:
        """Hold again what could not be looked at."""
        with self.wake:
            self._announce()
            if due.scan:
                self._scan = self._seen(self._scan)
            if due.reload:
                self._reload = self._seen(self._reload)
            now = self.clock()
            for path in due.paths:
                self._paths.setdefault(path, _Sign(now, now))

    def _seen(self, sign: _Sign | None) -> _Sign:
        now = self.clock()
        return _Sign(sign.first if sign else now, now)

    def _announce(self) -> None:
        if self.is_quiet():
            self.on_first()
