"""Run one command and print what it took: ``launch.py OUT ERR TREE COMMAND…`` → ``exit wall cpu peak tree``.

A process of its own, started bare, because Linux counts the starter's memory in a child's peak until it executes.
Wall and CPU in seconds, memory in bytes; ``tree`` is the largest proportional size of the command with its children
seen in samples, 0 unless TREE is 1.
"""

import os
import sys
import threading
import time

SAMPLE_SECONDS = 0.05


def main(arguments: list[str]) -> None:
    """Start the command given, wait for it, print one line."""
    out, err, tree, *command = arguments
    quiet = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    sizes = [0]
    started = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    if tree == "1":
        threading.Thread(target=_sample, args=(process, sizes), daemon=True).start()
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - started
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, peak, max(sizes))


def _sample(process: int, sizes: list[int]) -> None:
    while True:
        sizes.append(_proportional_size(process))
        time.sleep(SAMPLE_SECONDS)


def _proportional_size(process: int) -> int:
    """Return the bytes a process and its descendants hold, shared pages shared out; 0 where Linux does not say."""
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as rollup:  # noqa: PTH123 - pathlib would be the largest import
            size = next(int(line.split()[1]) * 1024 for line in rollup if line.startswith(b"Pss:"))
        children: list[bytes] = []
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208
            with open(f"/proc/{process}/task/{thread}/children", "rb") as listing:  # noqa: PTH123
                children += listing.read().split()
    except (OSError, StopIteration):
        return 0
    return size + sum(_proportional_size(int(child)) for child in children)


if __name__ == "__main__":
    main(sys.argv[1:])
