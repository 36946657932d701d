"""Opportunities, their stages, and tasks."""

from collections.abc import Iterator
from sqlite3 import Row as Found
from typing import Final

from notevault.config import Settings
from notevault.export.columns import Column, Kind, Row, Table, identity, provenance, reference
from notevault.export.source import Source

# CROSS JOIN keeps SQLite from walking every open ToDo for each deal.
# The person of a deal is the one met most often in its notes; the next step the open ToDo due first, else the newest.
_DEALS: Final = """
SELECT d.*, c.name AS customer,
       (SELECT k.id FROM notes n CROSS JOIN people p ON p.note_id = n.id JOIN contacts k ON k.id = p.contact_id
        WHERE n.customer_id = d.customer_id AND n.deal_id = d.id AND n.copy_of IS NULL
        GROUP BY k.id ORDER BY count(*) DESC, max(n.day) DESC, k.id LIMIT 1) AS primary_contact_id,
       (SELECT t.text FROM notes n CROSS JOIN todos t ON t.note_id = n.id
        WHERE n.customer_id = d.customer_id AND n.deal_id = d.id AND n.copy_of IS NULL AND t.status = 'open'
        ORDER BY t.due IS NULL, t.due, n.day DESC, n.path, t.position LIMIT 1) AS next_step,
       last.path AS source_path
FROM deals d LEFT JOIN customers c ON c.id = d.customer_id LEFT JOIN notes last ON last.id = d.last_note_id
ORDER BY c.name, d.customer_id, d.opened, d.id
"""

_STAGE_EVENTS: Final = """
SELECT e.deal_id, e.stage, e.day, e.note_id, n.uid, n.path, lag(e.stage) OVER deal AS former,
       (SELECT min(line) FROM fields WHERE note_id = n.id AND key = 'stage') AS line
FROM stage_events e JOIN deals d ON d.id = e.deal_id JOIN notes n ON n.id = e.note_id
WINDOW deal AS (PARTITION BY e.deal_id ORDER BY e.position)
ORDER BY e.deal_id, e.position
"""

# A ToDo belongs to the person its note tells of, where that is one alone.
_TASKS: Final = """
SELECT t.*, n.title, n.owner AS note_owner, n.customer_id, n.uid, n.path, n.day, d.id AS deal,
       (SELECT CASE WHEN count(*) = 1 THEN max(k.id) END FROM people p LEFT JOIN contacts k ON k.id = p.contact_id
        WHERE p.note_id = n.id) AS person
FROM todos t JOIN notes n ON n.id = t.note_id LEFT JOIN deals d ON d.id = n.deal_id
WHERE n.copy_of IS NULL
ORDER BY n.path, t.position, t.id
"""


def iter_opportunities(source: Source) -> Iterator[Row]:
    """Yield every deal, by company and the day it was opened; one that only makes its company a lead is that lead."""
    for found in source.catalog.iterate(_DEALS):
        if found["id"] in source.lead_deals:
            source.remarks["lead_deals"] += 1
            continue
        is_open = found["state"] == "open"
        yield {
            "id": found["id"],
            "account_id": source.account_id(found["customer_id"]),
            "primary_contact_id": found["primary_contact_id"],
            "name": found["name"] or _stand_in_name(found),
            "stage": found["stage"],
            "stage_raw": found["stage_raw"],
            "probability": found["probability"],
            "amount": found["amount"],
            "currency": found["currency"],
            "close_date": found["close_day"] if is_open else found["closed"] or found["close_day"],
            "lost_reason": found["lost_reason"],
            "next_step": found["next_step"],
            "owner": found["owner"],
            "state": found["state"],
            "name_given": bool(found["name"]),
            "expected_close_date": found["close_day"],
            "stage_since": found["stage_since"],
            "revisit": found["revisit"],
            "source_path": found["source_path"],
            "source_created_at": found["opened"],
            "source_updated_at": found["last_day"],
        }


def iter_stage_history(source: Source) -> Iterator[Row]:
    """Yield each move of a deal to another stage."""
    for found in source.catalog.iterate(_STAGE_EVENTS):
        if found["deal_id"] in source.lead_deals:
            continue
        note_id = source.note_id(found["note_id"], found["uid"])
        yield {
            "id": f"{found['deal_id']}-{note_id}",
            "opportunity_id": found["deal_id"],
            "stage": found["stage"],
            "changed_at": found["day"],
            "source_path": found["path"],
            "source_line": found["line"],
            "previous_stage": found["former"],
            "note_id": note_id,
        }


def iter_tasks(source: Source) -> Iterator[Row]:
    """Yield every ToDo of every note."""
    for found in source.catalog.iterate(_TASKS):
        yield {
            "id": found["id"],
            "account_id": source.account_id(found["customer_id"]),
            "opportunity_id": source.opportunity_id(found["deal"]),
            "contact_id": found["person"],
            "subject": found["text"].strip() or found["title"],
            "status": found["status"],
            "priority": found["priority"],
            "due_date": found["due"],
            "completed_at": found["done_on"],
            "owner": found["owner"] or found["note_owner"],
            "source_line": found["line"],
            "lead_id": source.lead_id(found["customer_id"]),
            "section": found["section"],
            "note_id": source.note_id(found["note_id"], found["uid"]),
            "source_path": found["path"],
            "source_created_at": found["day"],
        }


def _stand_in_name(found: Found) -> str:
    return " ".join(part for part in (found["customer"], found["opened"]) if part) or found["id"]


def _stages(settings: Settings) -> tuple[str, ...]:
    return tuple(settings.stages)


OPPORTUNITIES: Final = Table(
    name="opportunities",
    title="Opportunities (商談)",
    about="Deals as their newest notes tell of them.",
    rows=iter_opportunities,
    columns=(
        identity("Deal"),
        reference("account_id", "accounts", required=True),
        reference("primary_contact_id", "contacts", "The person met most often for it"),
        Column(name="name", required=True, about="Where no note names the deal: customer and day it was opened"),
        Column(name="stage", choices=_stages, about="Key of the stage in notevault.toml; empty for an unknown one"),
        Column(name="stage_raw", about="As the newest note writes it"),
        Column(name="probability", kind=Kind.NUMBER, about="Percent, 0 to 100"),
        Column(name="amount", kind=Kind.NUMBER),
        Column(name="currency", pattern="[A-Z]{3}"),
        Column(name="close_date", kind=Kind.DATE, about="Day it was won or lost, else the day expected"),
        Column(name="lost_reason"),
        Column(name="next_step", about="Its open ToDo that is due first"),
        Column(name="owner"),
        Column(name="state", choices=("open", "won", "lost"), required=True),
        Column(name="name_given", kind=Kind.BOOLEAN, about="false: name is a stand-in"),
        Column(name="expected_close_date", kind=Kind.DATE),
        Column(name="stage_since", kind=Kind.DATE),
        Column(name="revisit", about="When to look again at a lost one, as written"),
        *provenance(),
    ),
)

STAGE_HISTORY: Final = Table(
    name="stage_history",
    title="Stage history (商談履歴)",
    about="Moves of opportunities from stage to stage, with the note that told of each.",
    rows=iter_stage_history,
    columns=(
        identity("Opportunity and note"),
        reference("opportunity_id", "opportunities", required=True),
        Column(name="stage", choices=_stages, required=True),
        Column(name="changed_at", kind=Kind.DATE),
        Column(name="source_path"),
        Column(name="source_line", kind=Kind.INTEGER),
        Column(name="previous_stage", choices=_stages),
        reference("note_id", "notes"),
    ),
)

TASKS: Final = Table(
    name="tasks",
    title="Tasks (ToDo)",
    about="ToDos of all notes, open, done and cancelled.",
    rows=iter_tasks,
    columns=(
        identity("ToDo, as notevault todo shows it"),
        reference("account_id", "accounts"),
        reference("opportunity_id", "opportunities"),
        reference("contact_id", "contacts", "The person its note tells of, where that is one alone"),
        Column(name="subject", required=True),
        Column(name="status", choices=("open", "done", "cancelled"), required=True),
        Column(name="priority", choices=("high", "medium", "low")),
        Column(name="due_date", kind=Kind.DATE),
        Column(name="completed_at", kind=Kind.DATE, about="Day, where one is written"),
        Column(name="owner", about="Its own, else the note's"),
        Column(name="source_line", kind=Kind.INTEGER),
        reference("lead_id", "leads"),
        Column(name="section", about="Heading it stands under"),
        reference("note_id", "notes"),
        Column(name="source_path"),
        Column(name="source_created_at", kind=Kind.DATE, about="Day of its note"),
    ),
)
