"""How far an export is, and what keeps it quick."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from notevault.catalog import Catalog
from notevault.export.order import Progress


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector of cycles still: rows make none, and it would walk through them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def counting(catalog: Catalog, progress: Progress | None) -> Callable[[int], None]:
    """Return what is told of rows done and tells of all that are expected."""
    expected = 2 * sum(
        catalog.select(f"SELECT count(*) FROM {table}")[0][0] * weight
        for table, weight in (
            ("notes", 2),
            ("customers", 1),
            ("contacts", 1),
            ("deals", 1),
            ("todos", 1),
            ("people", 1),
        )
    )
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        if progress:
            progress(min(done, expected), expected)

    return advance
