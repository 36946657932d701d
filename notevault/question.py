"""A query with everything it is answered from, for what looks at an answer from another side than search."""

from datetime import date

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.errors import NotevaultError
from notevault.evaluation import Evaluator, Ranked
from notevault.filters import FilterReader
from notevault.index import NoteIndex
from notevault.messages import gettext as _
from notevault.query import Query, parse_query
from notevault.records import record


class UnknownPeriodError(NotevaultError):
    """A period that is none."""

    def __init__(self, text: str) -> None:
        super().__init__(
            _("{value} is no day or period").format(value=text),
            _("for example {example}").format(example="2026-10-01, 2026-10, last-month, 今月, 2026-10..2026-11"),
        )


@record
class Question:
    """A query, and where its answer comes from."""

    catalog: Catalog
    index: NoteIndex
    settings: Settings
    today: date
    text: str

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates the query."""
        return Evaluator(
            catalog=self.catalog, index=self.index, settings=self.settings, filters=self.filters, explains=True
        )

    @property
    def filters(self) -> FilterReader:
        """What reads the query's fields."""
        return FilterReader(catalog=self.catalog, settings=self.settings, today=self.today, query=self.text)

    def query(self) -> Query:
        """Return the query as a tree. Raises QueryError."""
        return parse_query(self.text)

    def evaluate(self, query: Query) -> Ranked:
        """Return what matches ``query``, which may be a part of this question's. Raises QueryError."""
        return self.evaluator.evaluate(query)

    def note_ids(self, query: Query | None = None) -> set[int]:
        """Return the known notes that match. Raises QueryError."""
        with self.catalog.snapshot():
            ids = self.evaluate(query or self.query()).ids
            return ids & {row[0] for row in self.catalog.select_tuples("SELECT id FROM notes")}


def narrow_to_period(text: str, since: str, settings: Settings, today: date) -> str:
    """Return the query asked only of notes since a day, or within a period: ``2026-10..2026-11``.

    Raises QueryError where the query is wrong by itself, UnknownPeriodError.
    """
    from notevault.dates import parse_range  # noqa: PLC0415 -- start-up time

    parse_query(text)
    period = parse_range(since, today, fiscal_start_month=settings.fiscal_year_start, prefer="past")
    if period is None:
        raise UnknownPeriodError(since)
    first, last = period
    if first == date.min:
        within = f"<={last}"
    else:
        within = f"{first}..{last}" if _has_end(since) and last != date.max else f">={first}"
    return f"{text} date:{within}".strip()


def _has_end(since: str) -> bool:
    """Tell whether a period was given with both its ends; of any other the beginning counts."""
    return any(between in since for between in ("..", "…", "~", "～", "〜", "から"))
