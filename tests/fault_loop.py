"""Each step of a sync that touches derived data fails once: ``python -m tests.fault_loop --seed 1 FOLDER``.

The n-th opening, renaming or removing of a file, for n = 1, 2, … until a sync has no more of them, finds the disk full,
a broken disk, no leave, or kills the process. SQLite's own steps cannot be reached this way; killing at random does
(:mod:`tests.kill_loop`). Afterwards one sync puts all right. POSIX only: it forks.
"""

import argparse
import errno
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from notevault.errors import NotevaultError
from tests.kill_loop import KillLoop

_EVENTS: Final = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "os.chmod", "os.truncate"})
_KINDS: Final = {"full": errno.ENOSPC, "broken": errno.EIO, "forbidden": errno.EACCES, "death": None}
"""None: the process dies there."""
_NOT_REACHED, _DIED, _TOLD, _WENT_ON, _BUG = 0, 7, 8, 6, 9


class FaultLoop(KillLoop):
    """A vault whose syncs meet one fault each."""

    def run_steps(self, kinds: Sequence[str]) -> None:
        """Let every step fail in each of these ways; raises AssertionError with what was found wrong."""
        self.sync()
        for name in kinds:
            kind = _KINDS[name]
            step, ended = 0, _TOLD
            while ended != _NOT_REACHED:
                step += 1
                changed = self.change()
                ended = self.fail(step, kind)
                assert ended != _BUG, f"step {step}, {name}: a bug"
                self.seen[name] += 1
                try:
                    self.check_readers(self.paths - changed)
                except AssertionError as error:
                    raise AssertionError(f"step {step} , {name}, ended {ended}: {error}") from error
                self.sync()
                self.check(None, step)

    def fail(self, step: int, kind: int | None) -> int:
        """Sync in a child whose n-th step fails; return how that ended."""
        child = os.fork()
        if not child:
            os._exit(self._sync_with_fault(step, kind))
        _child, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)

    def _sync_with_fault(self, step: int, kind: int | None) -> int:
        cache, seen = os.fspath(self.cache), [0]

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if event not in _EVENTS and not (event == "open" and _is_written(arguments)):
                return
            path = arguments[0]
            if not isinstance(path, str | os.PathLike) or not os.fspath(path).startswith(cache):
                return
            seen[0] += 1
            if seen[0] == step:
                if kind is None:
                    os._exit(_DIED)
                raise OSError(kind, os.strerror(kind), os.fspath(path))

        sys.addaudithook(hook)
        try:
            self.sync()
        except NotevaultError:
            return _TOLD
        except BaseException as error:  # noqa: BLE001 -- told to the parent
            sys.stderr.write(f"step {step}: {type(error).__name__}: {error}\n")
            sys.stderr.flush()
            return _BUG
        return _WENT_ON if seen[0] >= step else _NOT_REACHED


def _is_written(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def main() -> None:
    """Read the command line and run; the last line says what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--notes", type=int, default=40)
    parser.add_argument("--kinds", default=",".join(_KINDS))
    options = parser.parse_args()
    loop = FaultLoop(options.folder, options.seed, notes=options.notes)
    started = time.monotonic()
    loop.run_steps(options.kinds.split(","))
    sys.stdout.write(f"{dict(sorted(loop.seen.items()))} {time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    main()
