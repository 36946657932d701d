"""What notes say of a customer in words: each contact with its main lines, promises, open questions, competitors."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.database import chunked, marks
from notevault.model import NO_ACTIVITY
from notevault.records import record
from notevault.report.consult import is_consultation, split_answer
from notevault.report.rows import parse_iso
from notevault.report.section_lines import quote_lines

_PROMISE: Final = re.compile(
    r"約束|確約|(?:まで|以内)に[^。]{0,20}(?:返事|回答|返答|連絡)(?:する|します|いただ|をもらう)"
    r"|promised?\b|committed to",
    re.IGNORECASE,
)
_NO_PROMISE: Final = re.compile(r"(?:訪問|次回|アポ)の約束(?:を取る|取り)|約束を取る")
_FIRST_WORD: Final = re.compile(r"[ァ-ヶー]{3,}|[A-Za-z]{4,}")
"""オルカ of オルカ事務機: what people call it."""
_LONGEST_LINE: Final = 300


@record
class Footprint:
    """One contact, or another note about the customer."""

    date: date | None
    type: str | None
    channel: str | None
    owner: str | None
    customer: str
    contacts: tuple[str, ...]
    deal: str | None
    stage: str | None
    title: str
    lines: tuple[str, ...]
    """Of the first section that has any; of all sections, with their headings, in full depth."""
    path: str
    is_contact: bool
    """False for meetings about the customer and other papers."""


@record
class Said:
    """A line of a note."""

    date: date | None
    text: str
    path: str
    owner: str | None


@record
class CompetitorSeen:
    """A competitor, and what was said where it was named."""

    name: str
    times: int
    last: date | None
    deals: tuple[str, ...]
    said: tuple[Said, ...]
    """Lines that name it, the newest first."""


@record
class Footprints:
    """Everything that notes say in words, the newest first."""

    timeline: tuple[Footprint, ...]
    promises: tuple[Said, ...]
    unanswered: tuple[Said, ...]
    """Questions to the boss (相談) that nobody has answered in the note."""
    competitors: tuple[CompetitorSeen, ...]


@record
class _Section:
    heading: str
    lines: tuple[str, ...]
    body: str


def load_footprints(
    catalog: Catalog, customer_ids: Sequence[str], *, since: date | None = None, lines: int | None = 3
) -> Footprints:
    """Return what the notes of these customers say; ``lines`` of each contact, None for all of its sections."""
    condition = " AND n.day >= ?" if since else ""
    bound = [*customer_ids, *([since.isoformat()] if since else [])]
    notes = catalog.select(
        "SELECT n.*, c.name AS customer_name, nullif(d.name, '') AS deal_name FROM notes n"
        " LEFT JOIN customers c ON c.id = n.customer_id LEFT JOIN deals d ON d.id = n.deal_id"
        f" WHERE n.customer_id IN ({marks(customer_ids)}) AND n.copy_of IS NULL"
        f" AND coalesce(n.type, '') NOT IN ('customer', 'merged-customer'){condition}"
        " ORDER BY n.day DESC, n.path DESC",
        bound,
    )
    ids = [row["id"] for row in notes]
    sections, people = _load_sections(catalog, ids), _load_people(catalog, ids)
    timeline = [_make_footprint(row, people.get(row["id"], ()), sections.get(row["id"], ()), lines) for row in notes]
    told = [(footprint, sections.get(row["id"], [])) for footprint, row in zip(timeline, notes, strict=True)]
    return Footprints(
        timeline=tuple(timeline),
        promises=tuple(_said(footprint, line) for footprint, parts in told for line in _promises(parts)),
        unanswered=tuple(
            _said(footprint, " ".join(part.lines))
            for footprint, parts in told
            for part in parts
            if _is_unanswered(part)
        ),
        competitors=_find_competitors(catalog, ids, told),
    )


def _make_footprint(
    row: sqlite3.Row, people: Sequence[str], sections: Sequence[_Section], lines: int | None
) -> Footprint:
    return Footprint(
        date=parse_iso(row["day"]),
        type=row["type"],
        channel=row["channel"],
        owner=row["owner"],
        customer=row["customer_name"] or "",
        contacts=tuple(people),
        deal=row["deal_name"] or row["deal"],
        stage=row["stage"] or row["stage_raw"],
        title=row["title"],
        lines=_choose_lines(sections, lines),
        path=row["path"],
        is_contact=row["day"] is not None and (row["type"] or "") not in NO_ACTIVITY,
    )


def _load_sections(catalog: Catalog, note_ids: Sequence[int]) -> dict[int, list[_Section]]:
    found: dict[int, list[_Section]] = defaultdict(list)
    for chunk in chunked(note_ids):
        rows = catalog.select(
            f"SELECT note_id, heading, body FROM sections WHERE note_id IN ({marks(chunk)}) ORDER BY note_id, position",
            chunk,
        )
        for row in rows:
            lines = tuple(line[:_LONGEST_LINE] for line in quote_lines(row["body"]))
            found[row["note_id"]].append(_Section(heading=row["heading"], lines=lines, body=row["body"]))
    return found


def _load_people(catalog: Catalog, note_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for chunk in chunked(note_ids):
        rows = catalog.select(
            "SELECT note_id, name, title, contact_id FROM people"
            f" WHERE note_id IN ({marks(chunk)}) ORDER BY note_id, position",
            chunk,
        )
        seen: set[tuple[int, str]] = set()  # a signature names again whom the note has met
        for row in rows:
            if (row["note_id"], row["contact_id"]) not in seen:
                found[row["note_id"]].append(" ".join(filter(None, (row["name"], row["title"]))))
            if row["contact_id"]:
                seen.add((row["note_id"], row["contact_id"]))
    return found


def _choose_lines(sections: Sequence[_Section], most: int | None) -> tuple[str, ...]:
    if most is None:
        return tuple(
            line for part in sections if part.lines for line in (f"[{part.heading}] {part.lines[0]}", *part.lines[1:])
        )
    first = next((part.lines for part in sections if part.lines), ())
    return first[:most]


def _promises(sections: Sequence[_Section]) -> list[str]:
    sentences = (sentence for part in sections for line in part.lines for sentence in re.split(r"(?<=。)", line))
    return [one.strip() for one in sentences if _PROMISE.search(one) and not _NO_PROMISE.search(one)]


def _is_unanswered(part: _Section) -> bool:
    if not part.lines or not is_consultation(part.heading):
        return False
    question, answer = split_answer(part.body, None)
    return bool(question) and answer is None


def _said(footprint: Footprint, text: str) -> Said:
    return Said(date=footprint.date, text=text, path=footprint.path, owner=footprint.owner)


def _find_competitors(
    catalog: Catalog, note_ids: Sequence[int], told: Sequence[tuple[Footprint, Sequence[_Section]]]
) -> tuple[CompetitorSeen, ...]:
    by_note: dict[int, list[str]] = defaultdict(list)
    for chunk in chunked(note_ids):
        for row in catalog.select(f"SELECT note_id, name FROM competitors WHERE note_id IN ({marks(chunk)})", chunk):
            by_note[row["note_id"]].append(row["name"])
    seen: dict[str, list[Footprint]] = defaultdict(list)
    for note_id, (footprint, _parts) in zip(note_ids, told, strict=True):
        for name in by_note.get(note_id, ()):
            seen[name].append(footprint)
    found = [
        CompetitorSeen(
            name=name,
            times=len(where),
            last=max((one.date for one in where if one.date), default=None),
            deals=tuple(dict.fromkeys(one.deal for one in where if one.deal)),
            said=tuple(
                _said(footprint, line)
                for footprint, parts in told
                for part in parts
                for line in part.lines
                if _names(line, name)
            ),
        )
        for name, where in seen.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.last or date.min, one.times, one.name), reverse=True))


def _names(line: str, name: str) -> bool:
    """Say whether a line names a competitor, by its name or by the first word that tells it apart."""
    short = _FIRST_WORD.match(name)
    return name in line or bool(short and short[0] in line)
