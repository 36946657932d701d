"""A look at the disk by a process of its own, while this one makes itself ready to answer.

On Linux only, where a process is copied within a millisecond; elsewhere the look is taken when its result is wanted.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress


class EarlyLook:
    """What ``look`` returns, called in a copy of this process as it is now."""

    def __init__(self, look: Callable[[], str]) -> None:
        self._process = 0
        if sys.platform == "linux" and threading.active_count() == 1:  # a copy of several threads may stand still
            with suppress(OSError):  # no room for another process
                self._begin(look)

    def _begin(self, look: Callable[[], str]) -> None:
        self._reading, writing = os.pipe()
        try:
            self._process = os.fork()
            if self._process == 0:
                _answer(look, writing)
        except OSError:
            os.close(self._reading)
            raise
        finally:
            os.close(writing)

    def result(self) -> str | None:
        """Wait for it, once; None where nothing was found out, for whatever reason."""
        if not self._process:
            return None
        answer = b""
        try:
            while piece := os.read(self._reading, 4096):
                answer += piece
        except BaseException:  # interrupted
            self.close()
            raise
        self._let_go()
        return answer.decode() or None

    def close(self) -> None:
        """End a look that nobody waits for."""
        if self._process:
            from signal import SIGKILL  # noqa: PLC0415 -- start-up time

            with suppress(ProcessLookupError):
                os.kill(self._process, SIGKILL)
            self._let_go()

    def _let_go(self) -> None:
        process, self._process = self._process, 0
        os.close(self._reading)
        with suppress(ChildProcessError):  # who began this process may have it ask for no ends
            os.waitpid(process, 0)


def _answer(look: Callable[[], str], writing: int) -> None:
    """Run in the copy, and end it whatever happens: what follows is the other one's."""
    try:
        gc.disable()
        os.write(writing, look().encode())
    finally:
        os._exit(0)
