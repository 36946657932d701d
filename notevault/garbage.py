"""The collector of objects that refer to each other in rings."""

import gc


def collect_rarely() -> None:
    """Look for rings rarely: imports and notes are made of many objects and next to none of them is in one.

    To look through all that a search imports takes 15 ms.
    """
    gc.set_threshold(100_000, 50, 100)
