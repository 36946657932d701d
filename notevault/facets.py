"""How the hits of a query are spread over customers, stages, owners, months or types."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from notevault.question import Question
from notevault.records import record

FACETS: Final = ("customer", "stage", "owner", "month", "type")
_VALUES: Final = {
    "customer": "coalesce(c.name, n.customer)",
    "stage": "coalesce(n.stage, n.stage_raw)",
    "owner": "n.owner",
    "month": "substr(n.day, 1, 7)",
    "type": "n.type",
}


@record
class Facet:
    """One value, and the hits that have it."""

    value: str | None
    """Name of the customer, key of stage and owner, ``2026-11``, canonical type; None for notes that say none."""
    notes: int
    newest: date | None
    """Day of the newest of them."""


def count_facets(question: Question, by: str) -> tuple[Facet, ...]:
    """Return the values of one of :data:`FACETS` among all hits; hits without one come last.

    Stages come in the order of the process, months newest first, everything else by number of hits. Raises QueryError.
    """
    ids = question.note_ids()
    counts: dict[str | None, int] = {}
    newest: dict[str | None, str] = {}
    for note_id, value, day in question.catalog.select_tuples(
        f"SELECT n.id, {_VALUES[by]}, n.day FROM notes n LEFT JOIN customers c ON c.id = n.customer_id"
    ):
        if note_id in ids:
            counts[value] = counts.get(value, 0) + 1
            if day:
                newest[value] = max(newest.get(value, ""), day)
    found = [
        Facet(value=value, notes=count, newest=date.fromisoformat(newest[value]) if value in newest else None)
        for value, count in counts.items()
    ]
    return tuple(sorted(found, key=_order(question, by)))


def _order(question: Question, by: str) -> Callable[[Facet], Any]:
    stages = {key: stage.order for key, stage in question.settings.stages.items()}

    def key(facet: Facet) -> tuple[object, ...]:
        value = facet.value or ""
        if by == "month":
            return facet.value is None, -int(value.replace("-", "") or 0)
        if by == "stage":
            return facet.value is None, stages.get(value, len(stages)), -facet.notes, value
        return facet.value is None, -facet.notes, value

    return key
