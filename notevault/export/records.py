"""Activities with who took part, and the notes themselves."""

from collections.abc import Iterator
from datetime import datetime
from sqlite3 import Row as Found
from typing import Final

from notevault.export.columns import Column, Kind, Row, Table, identity, reference
from notevault.export.source import Source
from notevault.export.texts import Moment, read_moment, split_front_matter
from notevault.model import NO_ACTIVITY

_NOTES: Final = """
SELECT n.*, texts.text, d.id AS deal_ref,
       EXISTS (SELECT 1 FROM fields WHERE note_id = n.id) AS has_fields,
       (SELECT value FROM fields WHERE note_id = n.id AND key = 'date' ORDER BY position LIMIT 1) AS date_written,
       (SELECT group_concat(tag, '; ') FROM (SELECT tag FROM tags WHERE note_id = n.id ORDER BY rowid)) AS tags
FROM notes n JOIN texts ON texts.note_id = n.id LEFT JOIN deals d ON d.id = n.deal_id
WHERE n.copy_of IS NULL
"""
_IS_ACTIVITY: Final = (
    "n.day IS NOT NULL AND n.customer_id IN (SELECT id FROM customers) AND (n.type IS NULL OR n.type NOT IN ("
    + ", ".join(f"'{name}'" for name in sorted(NO_ACTIVITY))
    + "))"
)
_PLACE: Final = "(SELECT value FROM fields WHERE note_id = n.id AND key = 'place' ORDER BY position LIMIT 1) AS place"
_ACTIVITIES: Final = (
    _NOTES.replace("SELECT n.*,", f"SELECT n.*, {_PLACE},", 1) + f" AND {_IS_ACTIVITY} ORDER BY n.day, n.path"
)
_ALL_NOTES: Final = (
    _NOTES.replace("SELECT n.*,", f"SELECT n.*, ({_IS_ACTIVITY}) AS is_activity,", 1) + " ORDER BY n.path"
)
_PEOPLE: Final = f"""
SELECT n.id AS note, n.uid, p.position, p.raw, k.id AS contact, 'customer' AS side, n.day, n.path
FROM people p JOIN notes n ON n.id = p.note_id LEFT JOIN contacts k ON k.id = p.contact_id
WHERE n.copy_of IS NULL AND {_IS_ACTIVITY}
UNION ALL
SELECT n.id, n.uid, row_number() OVER (PARTITION BY n.id ORDER BY f.rowid) - 1, f.value, NULL, 'own', n.day, n.path
FROM fields f JOIN notes n ON n.id = f.note_id
WHERE f.key = 'attendees' AND n.copy_of IS NULL AND {_IS_ACTIVITY}
ORDER BY n.day, n.path, side, position
"""


def iter_activities(source: Source) -> Iterator[Row]:
    """Yield every dated contact with a customer: visits, calls, mails."""
    for found in source.catalog.iterate(_ACTIVITIES):
        moment = _moment(source, found)
        parts = source.split("activities", _body(found)[1])
        identifier = source.note_id(found["id"], found["uid"])
        yield {
            "id": identifier,
            "account_id": source.account_id(found["customer_id"]),
            "opportunity_id": source.opportunity_id(found["deal_ref"]),
            "subject": found["title"],
            "start_at": moment.start if moment else None,
            "end_at": moment.end if moment else None,
            "all_day": moment.all_day if moment else None,
            "location": found["place"],
            "body": parts[0],
            "body_parts": len(parts),
            "lead_id": source.lead_id(found["customer_id"]),
            "type": found["type"],
            "channel": found["channel"],
            "owner": found["owner"],
            "tags": found["tags"],
            "note_id": identifier,
            "source_path": found["path"],
            "source_digest": found["digest"],
            "duration_minutes": _minutes(moment),
        }


def iter_attendees(source: Source) -> Iterator[Row]:
    """Yield who took part, the customer's side first."""
    for found in source.catalog.iterate(_PEOPLE):
        activity = source.note_id(found["note"], found["uid"])
        yield {
            "activity_id": activity,
            "contact_id": found["contact"],
            "name_raw": found["raw"],
            "side": found["side"],
            "position": found["position"],
        }


def iter_notes(source: Source) -> Iterator[Row]:
    """Yield every note whole, long ones in parts that follow each other."""
    for found in source.catalog.iterate(_ALL_NOTES):
        front_matter, body = _body(found)
        moment = _moment(source, found)
        identifier = source.note_id(found["id"], found["uid"])
        parts = source.split("notes", body)
        source.remarks["split_notes"] += len(parts) > 1
        parent_type, parent_id = source.parent(found["customer_id"], found["deal_ref"])
        common = {
            "parent_type": parent_type,
            "parent_id": parent_id,
            "title": found["title"],
            "body_parts": len(parts),
            "occurred_at": moment.start if moment else None,
            "account_id": source.account_id(found["customer_id"]),
            "lead_id": source.lead_id(found["customer_id"]),
            "opportunity_id": source.opportunity_id(found["deal_ref"]),
            "activity_id": identifier if found["is_activity"] else None,
            "type": found["type"],
            "owner": found["owner"],
            "customer_raw": found["customer"],
            "tags": found["tags"],
            "source_path": found["path"],
            "source_digest": found["digest"],
        }
        for number, part in enumerate(parts, start=1):
            yield {
                **common,
                "id": identifier if number == 1 else f"{identifier}-part{number}",
                "body": part,
                "body_part": number,
                "front_matter": front_matter if number == 1 else None,
            }


def _moment(source: Source, found: Found) -> Moment | None:
    return read_moment(found["day"], found["date_written"], source.zone) if found["day"] else None


def _body(found: Found) -> tuple[str, str]:
    return split_front_matter(found["text"], has_fields=bool(found["has_fields"]))


def _minutes(moment: Moment | None) -> int | None:
    if moment is None or moment.end is None:
        return None
    return int((datetime.fromisoformat(moment.end) - datetime.fromisoformat(moment.start)).total_seconds() // 60)


ACTIVITIES: Final = Table(
    name="activities",
    title="Activities (行動, 活動履歴)",
    about="Dated contacts with a customer. Notes of type customer, manual, team-meeting and inbox are none.",
    rows=iter_activities,
    columns=(
        identity("Note"),
        reference("account_id", "accounts"),
        reference("opportunity_id", "opportunities"),
        Column(name="subject", required=True),
        Column(name="start_at", kind=Kind.MOMENT, required=True),
        Column(name="end_at", kind=Kind.MOMENT),
        Column(name="all_day", kind=Kind.BOOLEAN, required=True, about="true: only the day is known"),
        Column(name="location"),
        Column(
            name="body",
            kind=Kind.TEXT,
            personal=True,
            about="Markdown; where body_parts is above 1 the rest stands in notes",
        ),
        Column(name="body_parts", kind=Kind.INTEGER),
        reference("lead_id", "leads"),
        Column(name="type"),
        Column(name="channel", about="Key of the channel in notevault.toml, else as written"),
        Column(name="owner"),
        Column(name="tags", about="Separated by '; '"),
        reference("note_id", "notes"),
        Column(name="source_path"),
        Column(name="source_digest", about="SHA-256 of the note's bytes"),
        Column(name="duration_minutes", kind=Kind.INTEGER, about="Where begin and end are written"),
    ),
)

ATTENDEES: Final = Table(
    name="attendees",
    title="Attendees (参加者)",
    about="Who took part in an activity.",
    rows=iter_attendees,
    key=("activity_id", "side", "position"),
    columns=(
        reference("activity_id", "activities", required=True),
        reference("contact_id", "contacts"),
        Column(name="name_raw", required=True, personal=True, about="As written"),
        Column(name="side", choices=("customer", "own"), required=True),
        Column(name="position", kind=Kind.INTEGER, required=True),
    ),
)

NOTES: Final = Table(
    name="notes",
    title="Notes (メモ)",
    about="All notes whole: front matter and the Markdown below it. The parts of a long one, joined, are its text.",
    rows=iter_notes,
    columns=(
        identity("Note; further parts of a long one end in -part2, -part3 …"),
        Column(name="parent_type", choices=("opportunity", "account", "lead")),
        Column(name="parent_id", kind=Kind.ID, about="Also in the column of its table, which is a foreign key"),
        Column(name="title", required=True),
        Column(name="body", kind=Kind.TEXT, personal=True, about="Free text: it tells of persons"),
        Column(name="body_part", kind=Kind.INTEGER, required=True),
        Column(name="body_parts", kind=Kind.INTEGER, required=True),
        Column(name="occurred_at", kind=Kind.MOMENT),
        reference("account_id", "accounts"),
        reference("lead_id", "leads"),
        reference("opportunity_id", "opportunities"),
        reference("activity_id", "activities"),
        Column(name="type"),
        Column(name="owner"),
        Column(name="customer_raw", about="The customer as written"),
        Column(name="tags"),
        Column(name="front_matter", kind=Kind.TEXT, personal=True, about="Text between the delimiters, as written"),
        Column(name="source_path", required=True),
        Column(name="source_digest", required=True, about="SHA-256 of the note's bytes"),
    ),
)
