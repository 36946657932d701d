"""``notevault``, and ``python -m notevault``."""

import atexit
import gc

from notevault.garbage import collect_rarely


def main(arguments: list[str] | None = None) -> None:
    """Run the command line with the memory of a process that ends soon."""
    collect_rarely()  # before the imports
    atexit.register(gc.freeze)  # the system takes all memory back; to look through it for rings takes 25 ms
    from notevault.cli import main as run  # noqa: PLC0415 -- see above

    run(arguments)


if __name__ == "__main__":
    main()
