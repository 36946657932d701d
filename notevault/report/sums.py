"""Sums of money in reports."""

from collections.abc import Iterable

from notevault.records import record


@record
class Sum:
    """Money in one currency; nothing is converted."""

    currency: str
    amount: float
    weighted: float


def add_up(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    """Return the totals by currency."""
    totals: dict[str, list[float]] = {}
    for each in sums:
        total = totals.setdefault(each.currency, [0.0, 0.0])
        total[0] += each.amount
        total[1] += each.weighted
    return tuple(Sum(currency=currency, amount=both[0], weighted=both[1]) for currency, both in sorted(totals.items()))
