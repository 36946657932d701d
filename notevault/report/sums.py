"""Sums of money in reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Money in one currency; nothing is converted."""

    currency: str
    amount: float
    weighted: float
