"""What a picker shows while a query is typed: hits, and a note with the found words marked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.model import Span
from notevault.query import AnyOf, Fuzzy, Item, Not, Phrase, Prefix, Query, Word
from notevault.question import Question
from notevault.records import record
from notevault.search import Hit, search
from notevault.snippet import Needle, find_marks
from notevault.text import normalize

MOST_HITS: Final = 20
LINES_BEFORE: Final = 4
_LINES_SHOWN: Final = 120
_LONGEST_LINE: Final = 1_000


@record
class Found:
    """What is shown for a query."""

    hits: tuple[Hit, ...]
    message: str
    """How many there are, or why the query cannot be read yet."""
    needles: tuple[Needle, ...] = ()
    """What to mark in a preview."""


@record
class PreviewLine:
    """A line of a note."""

    number: int
    text: str
    marks: tuple[Span, ...]
    is_hit: bool


class Finder:
    """Answers each state of the query; one that cannot be read yet keeps the hits of the last that could."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.last = Found(hits=(), message="")

    def find(self, text: str) -> Found:
        """Return the best hits."""
        question = self.question
        try:
            result = search(
                question.catalog,
                question.index,
                text,
                settings=question.settings,
                today=question.today,
                limit=MOST_HITS,
            )
        except NotevaultError as error:
            self.last = replace(self.last, message=error.message.partition("\n")[0])
            return self.last
        shown, total = len(result.hits), result.total
        told = ngettext("{count} note", "{count} notes", total).format(count=total)
        if shown < total:
            told = _("{shown} of {total} notes").format(shown=shown, total=total)
        self.last = Found(hits=result.hits, message=told, needles=tuple(_needles(result.query)))
        return self.last

    def preview(self, hit: Hit, needles: tuple[Needle, ...]) -> list[PreviewLine]:
        """Return the lines of a hit's note from a little before the one that was found."""
        rows = self.question.catalog.select("SELECT text FROM texts WHERE note_id = ?", (hit.note_id,))
        lines: list[str] = rows[0]["text"].splitlines() if rows else []
        marked = {normalize(hit.snippet.text[span.start : span.end]) for span in hit.snippet.marks}
        sought = (*needles, *(Needle(text=text) for text in marked))
        first = max(hit.line - 1 - LINES_BEFORE, 0)
        return [
            PreviewLine(number=number, text=line, marks=find_marks(line, sought), is_hit=number == hit.line)
            for number, line in enumerate(
                (line[:_LONGEST_LINE] for line in lines[first : first + _LINES_SHOWN]), start=first + 1
            )
        ]


def _needles(query: Query) -> Iterator[Needle]:
    for clause in query.clauses:
        if clause.sign != "-":
            yield from _needles_of(clause.item)


def _needles_of(item: Item | Not) -> Iterator[Needle]:
    if isinstance(item, Query):
        yield from _needles(item)
    elif isinstance(item, AnyOf):
        for one in item.items:
            yield from _needles_of(one)
    elif isinstance(item, Word | Phrase | Prefix | Fuzzy) and (text := normalize(item.text)):
        yield Needle(text=text)
