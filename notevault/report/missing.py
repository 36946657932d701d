"""Standard ToDos of the stages that nobody wrote: what should have been planned by now and was not."""

import re
from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings, Stage
from notevault.database import marks
from notevault.records import record
from notevault.report.rows import parse_iso
from notevault.report.todos import TodoFilter
from notevault.text import normalize, normalize_short

CLOSED_DAYS: Final = 90
"""A deal won or lost longer ago than this is not asked about any more."""
_NO_MINUTES: Final = ("customer", "merged-customer", "manual", "inbox")
_SHORTEST_PART: Final = 4
_ARTICLE: Final = re.compile(r"\b(?:the|an?|our|your|their)\s")
_REASON: Final = ("理由", "reason")


@record
class MissingTodo:
    """A standard ToDo that no note of the deal has. Its fields are the contract of ``todo --missing --json``."""

    text: str
    due: date | None
    """The day the stage was reached and the days that the settings give."""
    owner: str | None
    customer: str
    deal: str | None
    deal_id: str
    stage: str
    stage_since: date | None


def list_missing(
    catalog: Catalog, settings: Settings, today: date, wanted: TodoFilter | None = None
) -> tuple[MissingTodo, ...]:
    """Return what the present stages of deals ask for and no ToDo of the deal says, the longest due first.

    A ToDo in any state counts as written, with other words around it too. Of ``wanted`` the state is not looked at.
    """
    wanted = wanted or TodoFilter()
    written = _written(catalog, today)
    found = [
        missing
        for row in catalog.select(
            "SELECT d.id, d.name, d.customer_id, c.name AS customer, d.owner, d.stage, d.state, d.stage_since,"
            " d.lost_reason FROM deals d JOIN customers c ON c.id = d.customer_id WHERE d.stage IS NOT NULL"
        )
        if (stage := settings.stages.get(row["stage"])) and _is_asked(dict(row), today, wanted)
        for missing in _of_deal(dict(row), stage, written[row["id"]], settings.language)
        if _is_wanted(missing, wanted)
    ]
    return tuple(sorted(found, key=lambda each: (each.due is None, each.due or today, each.customer, each.deal_id)))


def _written(catalog: Catalog, today: date) -> dict[str, list[str]]:
    """Return the words of every ToDo by deal, of the deals that are asked about."""
    words: dict[str, list[str]] = defaultdict(list)
    for deal_id, text in catalog.select_tuples(
        "SELECT n.deal_id, t.text FROM todos t JOIN notes n ON n.id = t.note_id"
        " JOIN deals d ON d.id = n.deal_id WHERE n.copy_of IS NULL AND (d.state = 'open' OR d.stage_since >= ?)",
        ((today - timedelta(days=CLOSED_DAYS)).isoformat(),),
    ):
        words[deal_id].append(_ARTICLE.sub("", normalize_short(text)))
    return words


def _is_asked(deal: dict[str, object], today: date, wanted: TodoFilter) -> bool:
    since = parse_iso(str(deal["stage_since"])) if deal["stage_since"] else None
    if deal["state"] != "open" and (since is None or (today - since).days > CLOSED_DAYS):
        return False
    lists = (
        (wanted.owners, deal["owner"]),
        (wanted.deals, deal["id"]),
        (wanted.stages, deal["stage"]),
        (wanted.customers.ids if wanted.customers else None, deal["customer_id"]),
    )
    return all(values is None or value in values for values, value in lists)


def _of_deal(deal: dict[str, object], stage: Stage, written: list[str], language: str) -> list[MissingTodo]:
    since = parse_iso(str(deal["stage_since"])) if deal["stage_since"] else None
    return [
        MissingTodo(
            text=standard.label(language),
            due=since + timedelta(days=standard.days) if since else None,
            owner=str(deal["owner"]) if deal["owner"] else None,
            customer=str(deal["customer"]),
            deal=str(deal["name"]) or None,
            deal_id=str(deal["id"]),
            stage=stage.key,
            stage_since=since,
        )
        for standard in stage.todos
        if not any(_is_written(text, written) for text in standard.texts)
        and not (stage.state == "lost" and deal["lost_reason"] and any(word in standard.text for word in _REASON))
    ]


def _is_written(standard: str, written: list[str]) -> bool:
    wanted = _ARTICLE.sub("", normalize(standard))
    return any(wanted in words or (len(words) >= _SHORTEST_PART and words in wanted) for words in written)


def _is_wanted(missing: MissingTodo, wanted: TodoFilter) -> bool:
    if wanted.overdue_on is not None and (missing.due is None or missing.due >= wanted.overdue_on):
        return False
    return wanted.due is None or (missing.due is not None and wanted.due[0] <= missing.due <= wanted.due[1])


def find_newest_note(
    catalog: Catalog, today: date, *, customer: str | None = None, deal: str | None = None
) -> str | None:
    """Return the path, as stored, of the newest note of a customer or deal up to today, else of the first to come.

    The customer's own note is the last resort; None where there is no note.
    """
    column, value = ("deal_id", deal) if deal else ("customer_id", customer)
    rows = catalog.select(
        f"SELECT path FROM notes WHERE {column} = ? AND copy_of IS NULL"
        f" ORDER BY coalesce(type, '') IN ({marks(_NO_MINUTES)}), coalesce(day, '') > ?,"
        " CASE WHEN coalesce(day, '') > ? THEN day END, day DESC, path DESC LIMIT 1",
        (value, *_NO_MINUTES, today.isoformat(), today.isoformat()),
    )
    return rows[0]["path"] if rows else None
