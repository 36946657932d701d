"""Sums of money in reports."""

from notevault.records import record


@record
class Sum:
    """Money in one currency; nothing is converted."""

    currency: str
    amount: float
    weighted: float
