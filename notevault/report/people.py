"""The people of the customers: what is known of each, who of us knows whom, and who has moved."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.names.kanji import OLD_KANJI
from notevault.names.people import parse_person, person_key
from notevault.records import record
from notevault.report.learned import Answers, load_answers
from notevault.report.rows import parse_iso

_MOVE: Final = re.compile(
    r"異動|転職|退職|退社|後任|着任|昇進|昇格|定年|moved|transfer|left the|resign|retire|successor|promot",
    re.IGNORECASE,
)
_FULL_NAME: Final = 4
"""Characters of a Japanese name that is likely one person's alone; shorter ones are often family names."""


@record
class Knows:
    """One of us who has met a person."""

    owner: str
    notes: int
    last_met: date | None


@record
class PersonMove:
    """A sign that a person has changed place."""

    kind: str
    """``customer``: now at another company; ``title``: another title or department; ``said``: a note says so."""
    text: str
    date: date | None
    path: str | None


@record
class PersonLine:
    """One person at one customer. Its fields are the contract of ``customer contacts --json``."""

    id: str
    name: str
    customer: str
    customer_id: str
    title: str | None
    department: str | None
    role: str | None
    email: str | None
    phone: str | None
    first_met: date | None
    last_met: date | None
    notes: int
    known_by: tuple[Knows, ...]
    """Who met the person last first."""
    moves: tuple[PersonMove, ...]


def list_people(
    catalog: Catalog, settings: Settings, customer_ids: Sequence[str] | None = None
) -> tuple[PersonLine, ...]:
    """Return the people of these customers or of all, those met last first."""
    condition = f" WHERE p.customer_id IN ({marks(customer_ids)})" if customer_ids is not None else ""
    rows = catalog.select(
        f"SELECT p.*, c.name AS customer FROM contacts p JOIN customers c ON c.id = p.customer_id{condition}",
        list(customer_ids or ()),
    )
    known = _who_knows_whom(catalog)
    people = [
        PersonLine(
            **{key: row[key] for key in ("id", "name", "customer", "customer_id", "title", "department")},
            **{key: row[key] for key in ("role", "email", "phone", "notes")},
            first_met=parse_iso(row["first_met"]),
            last_met=parse_iso(row["last_met"]),
            known_by=known.get(row["id"], ()),
            moves=(),
        )
        for row in rows
    ]
    answers = load_answers(catalog, settings, customer_ids)
    moves = _find_moves(catalog, answers, None if customer_ids is None else people)
    deciders = {
        customer: said["decision_maker"][0].value for customer, said in answers.items() if said.get("decision_maker")
    }
    found = [
        replace(
            person,
            moves=tuple(moves.get(person.id, ())),
            role=person.role or ("decision maker" if _decides(person, deciders.get(person.customer_id)) else None),
        )
        for person in people
    ]
    by_name = sorted(found, key=lambda person: (person.customer, person.name, person.id))
    return tuple(sorted(by_name, key=lambda person: person.last_met or date.min, reverse=True))


def _who_knows_whom(catalog: Catalog) -> dict[str, tuple[Knows, ...]]:
    found: dict[str, list[Knows]] = defaultdict(list)
    rows = catalog.select(
        "SELECT p.contact_id, n.owner, count(DISTINCT n.id) AS notes, max(n.day) AS last FROM people p"
        " JOIN notes n ON n.id = p.note_id WHERE p.contact_id IS NOT NULL AND n.owner IS NOT NULL"
        " AND n.copy_of IS NULL GROUP BY p.contact_id, n.owner ORDER BY last DESC, notes DESC, n.owner"
    )
    for row in rows:
        found[row["contact_id"]].append(Knows(owner=row["owner"], notes=row["notes"], last_met=parse_iso(row["last"])))
    return {contact: tuple(each) for contact, each in found.items()}


def _find_moves(catalog: Catalog, answers: Answers, people: Sequence[PersonLine] | None) -> dict[str, list[PersonMove]]:
    """Return signs of a move by contact id, the newest first; of these people, or of all."""
    found: dict[str, list[PersonMove]] = defaultdict(list)
    contacts = catalog.select(
        "SELECT p.id, p.name, p.customer_id, p.first_met, p.last_met, c.name AS customer FROM contacts p"
        " JOIN customers c ON c.id = p.customer_id ORDER BY p.last_met"
    )
    by_key: dict[str, list[dict[str, str]]] = defaultdict(list)
    near = _namesakes(people)
    for row in contacts:
        if near(row["name"]) and _is_full(row["name"]):
            by_key[person_key(row["name"])].append(dict(row))
    for same in by_key.values():
        for before, after in pairwise(same):
            if before["last_met"] and after["first_met"] and before["last_met"] < after["first_met"]:
                day = parse_iso(after["first_met"])
                to = PersonMove(kind="customer", text=f"→ {after['customer']}", date=day, path=None)
                found[before["id"]].append(to)
                found[after["id"]].append(replace(to, text=f"← {before['customer']}"))
    for contact_id, move in _changed_titles(catalog, people):
        found[contact_id].append(move)
    for contact_id, move in _said_to_move(answers, [dict(row) for row in contacts]):
        found[contact_id].append(move)
    return {
        contact: sorted(moves, key=lambda move: move.date or date.min, reverse=True) for contact, moves in found.items()
    }


def _namesakes(people: Sequence[PersonLine] | None) -> Callable[[str], bool]:
    """Return a quick look whether a name may be that of one of these people: half of its letters are there."""
    if people is None:
        return lambda _name: True
    letters = [set(person_key(person.name)) for person in people if _is_full(person.name)]

    def is_near(name: str) -> bool:
        plain = name.casefold().translate(OLD_KANJI)
        return any(len(each.intersection(plain)) * 2 >= len(each) for each in letters)

    return is_near


def _changed_titles(catalog: Catalog, people: Sequence[PersonLine] | None) -> list[tuple[str, PersonMove]]:
    ids = [person.id for person in people or ()]
    condition = "IS NOT NULL" if people is None else f"IN ({marks(ids)})"
    rows = catalog.select(
        "SELECT p.contact_id, p.title, n.day, n.path FROM people p JOIN notes n ON n.id = p.note_id"
        f" WHERE p.contact_id {condition} AND p.title IS NOT NULL AND n.copy_of IS NULL ORDER BY n.day, n.path",
        ids,
    )
    last: dict[str, str] = {}
    found = []
    for row in rows:
        before = last.get(row["contact_id"])
        if before is not None and before != row["title"]:
            text = f"{before} → {row['title']}"
            found.append(
                (row["contact_id"], PersonMove(kind="title", text=text, date=parse_iso(row["day"]), path=row["path"]))
            )
        last[row["contact_id"]] = row["title"]
    return found


def _said_to_move(answers: Answers, contacts: Sequence[dict[str, str]]) -> list[tuple[str, PersonMove]]:
    """Return learned answers on a move that name a person: 異動: 鈴木花子さんが4月に経理へ."""
    people: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in contacts:
        people[row["customer_id"]].append(row)
    found = []
    for customer_id, of_customer in answers.items():
        for key, said in of_customer.items():
            for answer in said:
                if not _MOVE.search(key) and not _MOVE.search(answer.value):
                    continue
                text = f"{key}: {answer.value}"
                move = PersonMove(kind="said", text=text, date=answer.date, path=answer.path)
                found += [(row["id"], move) for row in people[customer_id] if _names(text, row["name"])]
    return found


def _names(text: str, name: str) -> bool:
    plain = "".join(name.split())
    return plain in "".join(text.split()) and len(plain) > 1


def _decides(person: PersonLine, said: str | None) -> bool:
    """Say whether 山田社長 is this person: the name, or the family name with the same title."""
    if not said:
        return False
    named = parse_person(said)
    key, own = person_key(named.name), person_key(person.name)
    if not key or not own:
        return False
    same_family = own.startswith(key) and len(key) > 1 and named.title is not None and named.title == person.title
    return key == own or same_family


def _is_full(name: str) -> bool:
    key = person_key(name)
    return " " in key if key.isascii() else len(key) >= _FULL_NAME
