"""What was heard of competitors: by whom, when, at which customer, in which deal; won and lost against each."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Final, NamedTuple

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import chunked, marks
from notevault.dates import parse_date
from notevault.errors import UnknownNameError
from notevault.messages import gettext as _
from notevault.names.key import name_key
from notevault.records import record
from notevault.report.competitor_prices import may_hold_price, read_prices
from notevault.report.lead import find_figure, find_lead, leading_lines
from notevault.report.pipeline import PipelineDeal, PipelineFilter, list_deals, sum_money
from notevault.report.rows import parse_iso
from notevault.report.section_lines import unmark
from notevault.report.sums import Sum
from notevault.text import normalize

_NOT_HEARD: Final = "('customer', 'merged-customer', 'manual')"
_KANA: Final = re.compile(r"[ァ-ヶー]{3,}")
_LATIN: Final = re.compile(r"[a-z]{4,}")
_FRONT_MATTER: Final = re.compile(r"\ufeff?---[^\S\n]*\n(?:.*\n)*?(?:---|\.\.\.)[^\S\n]*$", re.MULTILINE)
_NO_SENTENCE: Final = re.compile(r"\s*(?:#{1,6}\s|[-*+]\s+\[.\]\s|<!--)")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?=\s)")
"""A jotting begins with its own day."""
_LONGEST: Final = 400


@record
class Heard:
    """A line of a note that names a competitor."""

    day: date | None
    owner: str | None
    """Who heard it."""
    contacts: tuple[str, ...]
    """Whom it was heard from."""
    customer: str | None
    deal: str | None
    text: str
    path: str
    line: int


@record
class HeardPrice:
    """A price or discount of a competitor."""

    topic: str
    """``mono page``, ``colour page``, ``page``, ``discount``, or the unit as written."""
    value: float
    text: str
    contradicted: bool
    """Somebody heard another figure of the same topic."""
    day: date | None
    owner: str | None
    customer: str | None
    path: str
    line: int


@record
class Competitor:
    """One competitor. Its fields are the contract of ``report competitors --json``."""

    name: str
    notes: int
    """That name it in their front matter."""
    last: date | None
    customers: tuple[str, ...]
    deals_open: int
    deals_won: int
    deals_lost: int
    won: tuple[Sum, ...]
    lost: tuple[Sum, ...]
    lost_reasons: tuple[str, ...]
    contradictions: int
    """Topics of which different figures were heard."""
    prices: tuple[HeardPrice, ...]
    heard: tuple[Heard, ...]
    """The newest first."""


def list_competitors(
    catalog: Catalog, settings: Settings, today: date, *, name: str | None = None, with_heard: bool = True
) -> tuple[Competitor, ...]:
    """Return the competitors that notes name, those of most notes first; ``name`` asks for one.

    Without ``with_heard`` only lines with figures are read, for the prices in them, and ``heard`` stays empty.
    Raises UnknownNameError for a name that no note has.
    """
    named = _load_named(catalog)
    shown = {key: _most_common(row["name"] for row in rows) for key, rows in named.items()}
    wanted = list(named) if name is None else [_choose(name, shown)]
    mentions = {each: _make_pattern(each) for each in shown.values()}
    ids = {shown[key]: {row["note_id"] for row in named[key]} for key in wanted}
    notes = _load_notes(catalog, ids, mentions, figures_only=not with_heard)
    deals = {deal.id: deal for deal in list_deals(catalog, settings, today, PipelineFilter(states=None))}
    reasons = dict(tuple(row) for row in catalog.select("SELECT id, lost_reason FROM deals WHERE lost_reason <> ''"))
    found = []
    for key in wanted:
        own = [deals[deal] for deal in dict.fromkeys(row["deal_id"] for row in named[key]) if deal in deals]
        heard = notes[shown[key]]
        prices = _find_prices(shown[key], heard, mentions)
        told = [each for each, _plain in heard] if with_heard else []
        found.append(_make(shown[key], named[key], own, reasons, heard=told, prices=prices))
    return tuple(sorted(found, key=lambda each: (-each.notes, each.name)))


def _load_named(catalog: Catalog) -> dict[str, list[sqlite3.Row]]:
    """Return name key → the notes whose front matter names the competitor."""
    named: dict[str, list[sqlite3.Row]] = defaultdict(list)
    rows = catalog.select(
        "SELECT k.name, n.id AS note_id, n.day, n.deal_id, c.name AS customer FROM competitors k"
        " JOIN notes n ON n.id = k.note_id LEFT JOIN customers c ON c.id = n.customer_id"
        f" WHERE n.copy_of IS NULL AND coalesce(n.type, '') NOT IN {_NOT_HEARD} ORDER BY n.day, n.path"
    )
    for row in rows:
        if key := name_key(row["name"]):
            named[key].append(row)
    return named


def _most_common(names: Iterable[str]) -> str:
    return Counter(names).most_common(1)[0][0]


def _choose(name: str, shown: Mapping[str, str]) -> str:
    key = name_key(name)
    near = [known for known in shown if key and key in known]
    if key in shown:
        return key
    if len(near) == 1:
        return near[0]
    guesses = near or get_close_matches(key, list(shown), n=3, cutoff=0.4)
    raise UnknownNameError(_("competitor"), name, [shown[guess] for guess in guesses[:3]])


def _make_pattern(name: str) -> re.Pattern[str]:
    """Return what finds a competitor in normalized text: its name, or the word it begins with."""
    full = normalize(name)
    shapes = [re.escape(full)]
    for letters, word in (("ァ-ヶー", _KANA), ("a-z", _LATIN)):
        if short := word.match(full):
            shapes.append(rf"(?<![{letters}]){re.escape(short[0])}(?![{letters}])")
    return re.compile("|".join(shapes))


def _load_notes(
    catalog: Catalog, named: Mapping[str, set[int]], mentions: Mapping[str, re.Pattern[str]], *, figures_only: bool
) -> dict[str, list[tuple[Heard, str]]]:
    """Return competitor → lines that name it, as heard and normalized, in notes that list it or write its full name."""
    hits = list(_find_lines(catalog, named, mentions, figures_only=figures_only))
    ids = list(dict.fromkeys(hit.note_id for hit in hits))
    people = {} if figures_only else _load_people(catalog, ids)
    notes = {row["id"]: row for row in _select_notes(catalog, ids)}
    heard: dict[str, list[tuple[Heard, str]]] = {name: [] for name in named}
    for hit in hits:
        heard[hit.name].append((_hear(notes[hit.note_id], hit, people.get(hit.note_id, ())), hit.plain))
    return {
        name: sorted(lines, key=lambda each: (each[0].day or date.min, each[0].path, -each[0].line), reverse=True)
        for name, lines in heard.items()
    }


class _Hit(NamedTuple):
    """A line that names a competitor."""

    note_id: int
    number: int
    line: str
    plain: str
    """Normalized, without the mark of a list."""
    name: str


def _find_lines(
    catalog: Catalog, named: Mapping[str, set[int]], mentions: Mapping[str, re.Pattern[str]], *, figures_only: bool
) -> Iterator[_Hit]:
    """Yield the lines of the notes that list a competitor, or in which its full name stands."""
    keys = {name: normalize(name) for name in named}
    lead, figure = find_lead(keys.values()), find_figure()
    listing: dict[int, set[str]] = defaultdict(set)
    for name, ids in named.items():
        for note_id in ids:
            listing[note_id].add(name)
    for note_id, text, normalized in catalog.select_tuples(
        "SELECT t.note_id, t.text, t.normalized FROM texts t JOIN notes n ON n.id = t.note_id WHERE n.copy_of IS NULL"
        f" AND coalesce(n.type, '') NOT IN {_NOT_HEARD}"
    ):
        names = {name for name, key in keys.items() if key in normalized} | listing.get(note_id, set())
        for number, line in _sentences(text, lead) if names else ():
            if figures_only and not figure.search(line):
                continue
            plain = normalize(unmark(line))
            if not figures_only or may_hold_price(plain):
                yield from (_Hit(note_id, number, line, plain, name) for name in names if mentions[name].search(plain))


def _select_notes(catalog: Catalog, ids: Sequence[int]) -> list[sqlite3.Row]:
    rows: list[sqlite3.Row] = []
    for chunk in chunked(ids):
        rows += catalog.select(
            "SELECT n.id, n.day, n.owner, n.path, c.name AS customer, coalesce(nullif(d.name, ''), n.deal) AS deal"
            " FROM notes n LEFT JOIN customers c ON c.id = n.customer_id"
            f" LEFT JOIN deals d ON d.id = n.deal_id WHERE n.id IN ({marks(chunk)})",
            chunk,
        )
    return rows


def _load_people(catalog: Catalog, ids: Sequence[int]) -> dict[int, list[str]]:
    people: dict[int, list[str]] = defaultdict(list)
    for chunk in chunked(ids):
        for row in catalog.select(
            f"SELECT note_id, name, title FROM people WHERE note_id IN ({marks(chunk)}) ORDER BY note_id, position",
            chunk,
        ):
            people[row["note_id"]].append(" ".join(filter(None, (row["name"], row["title"]))))
    return people


def _sentences(text: str, lead: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a note's body that may name somebody: no front matter, headings or ToDos."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    front_matter = _FRONT_MATTER.match(text)
    for number, line in leading_lines(text, lead, front_matter.end() if front_matter else 0):
        if not _NO_SENTENCE.match(line):
            yield number, line[:_LONGEST]


def _hear(row: sqlite3.Row, hit: _Hit, people: Sequence[str]) -> Heard:
    said = unmark(hit.line)
    jotted = _DAY.match(said)
    day = parse_date(jotted[0], date.max) if jotted else None
    return Heard(
        day=day or parse_iso(row["day"]),
        owner=row["owner"],
        contacts=tuple(people),
        customer=row["customer"],
        deal=row["deal"],
        text=said,
        path=row["path"],
        line=hit.number,
    )


def _find_prices(
    name: str, heard: Sequence[tuple[Heard, str]], mentions: Mapping[str, re.Pattern[str]]
) -> tuple[HeardPrice, ...]:
    said = [(each, price) for each, plain in heard for price in read_prices(plain, name, mentions)]
    values: dict[str, set[float]] = defaultdict(set)
    for _each, (topic, value, _text) in said:
        values[topic].add(value)
    prices = [
        HeardPrice(
            topic=topic,
            value=value,
            text=text,
            contradicted=len(values[topic]) > 1,
            day=each.day,
            owner=each.owner,
            customer=each.customer,
            path=each.path,
            line=each.line,
        )
        for each, (topic, value, text) in said
    ]
    return tuple(sorted(prices, key=lambda each: (not each.contradicted, each.topic, each.value)))


def _make(
    name: str,
    rows: Sequence[sqlite3.Row],
    deals: Sequence[PipelineDeal],
    reasons: Mapping[str, str],
    *,
    heard: Sequence[Heard],
    prices: tuple[HeardPrice, ...],
) -> Competitor:
    by_state = {state: [deal for deal in deals if deal.state == state] for state in ("open", "won", "lost")}
    days = [day for row in rows if (day := parse_iso(row["day"]))]
    lost = by_state["lost"]
    return Competitor(
        name=name,
        notes=len({row["note_id"] for row in rows}),
        last=max(days, default=None),
        customers=tuple(dict.fromkeys(row["customer"] for row in rows if row["customer"])),
        deals_open=len(by_state["open"]),
        deals_won=len(by_state["won"]),
        deals_lost=len(lost),
        won=sum_money(by_state["won"]),
        lost=sum_money(lost),
        lost_reasons=tuple(dict.fromkeys(reasons[deal.id] for deal in lost if deal.id in reasons)),
        contradictions=len({price.topic for price in prices if price.contradicted}),
        prices=prices,
        heard=tuple(heard),
    )
