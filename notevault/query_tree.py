"""The tree of a query, and how it is written; :mod:`notevault.query` reads it."""

from dataclasses import field
from typing import Final

from notevault.records import record

QUOTES: Final = '"＂“”„'
OPEN: Final = "(（"
CLOSE: Final = ")）"
COLONS: Final = ":："
MINUS: Final = "-－−"
PLUS: Final = "+＋"
STARS: Final = "*＊"
TILDES: Final = "~～"
ATS: Final = "@＠"
OPERATORS: Final = ("AND", "OR", "NOT")
ESCAPABLE: Final = frozenset("\\" + QUOTES + OPEN + CLOSE + COLONS + MINUS + PLUS + STARS + TILDES + ATS)
"""What a backslash takes the meaning of."""


@record
class Word:
    """A free word: its note holds it, a spelling of it, or a part of it."""

    text: str
    column: int = field(default=1, compare=False)
    """Where it stands in the query, from 1."""


@record
class Phrase:
    """Exact words, width and case aside."""

    text: str
    column: int = field(default=1, compare=False)


@record
class Prefix:
    """Words that begin so."""

    text: str
    column: int = field(default=1, compare=False)


@record
class Fuzzy:
    """Words that are nearly so."""

    text: str
    column: int = field(default=1, compare=False)


@record
class Filter:
    """``field:value``; what the value means depends on the field and is left to search."""

    name: str
    value: str
    exact: bool = False
    """The value stood in quotes."""
    column: int = field(default=1, compare=False)
    value_column: int = field(default=1, compare=False)


@record
class Saved:
    """``@name``: a search kept in the settings."""

    name: str
    column: int = field(default=1, compare=False)


@record
class Not:
    """Everything but an item; stands inside ``OR`` only, elsewhere a clause has a sign."""

    item: "Item"


@record
class AnyOf:
    """At least two items of which one is enough."""

    items: "tuple[Item | Not, ...]"


@record
class Clause:
    """An item with its sign: ``+``, ``-`` or ''."""

    item: "Item"
    sign: str = ""


@record
class Query:
    """A whole query, or what stands between parentheses."""

    clauses: tuple[Clause, ...] = ()


Item = Word | Phrase | Prefix | Fuzzy | Filter | Saved | AnyOf | Query


def render_query(query: Query) -> str:
    """Return the query as text; ``parse_query(render_query(q)) == q``."""
    return " ".join(clause.sign + _render(clause.item) for clause in query.clauses)


def _render(item: Item | Not) -> str:  # noqa: PLR0911 -- one a kind
    match item:
        case Query():
            return f"({render_query(item)})"
        case AnyOf():
            return " OR ".join(_render(one) for one in item.items)
        case Not():
            return "-" + _render(item.item)
        case Phrase():
            return _quote(item.text)
        case Filter():
            return f"{item.name}:" + (_quote(item.value) if item.exact else _escape(item.value, QUOTES, ""))
        case Saved():
            return "@" + _escape(item.name, "", STARS + TILDES)
        case Word():
            return "\\" + item.text if item.text in OPERATORS else _render_word(item.text)
        case Prefix():
            return _render_word(item.text) + "*"
        case Fuzzy():
            return _render_word(item.text) + "~"


def _render_word(text: str) -> str:
    return _escape(text, QUOTES + MINUS + PLUS + ATS, TILDES, inside=COLONS + STARS)


def _escape(text: str, first: str, last: str, *, inside: str = "") -> str:
    always = "\\" + OPEN + CLOSE + inside
    shown = []
    for at, char in enumerate(text):
        special = char in always or (at == 0 and char in first) or (at == len(text) - 1 and char in last)
        shown.append(f"\\{char}" if special else char)
    return "".join(shown)


def _quote(text: str) -> str:
    return '"' + "".join(f"\\{char}" if char in "\\" + QUOTES else char for char in text) + '"'
