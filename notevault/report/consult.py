"""Consultations (相談): what needs the manager's advice, how long it has waited, and what was answered.

A section headed 相談 is one consultation. It is answered by a line ``回答（name date）: …`` in it; what
follows that line belongs to the answer.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from notevault.catalog import Catalog
from notevault.dates import parse_date
from notevault.records import record
from notevault.report.rows import Row, parse_iso
from notevault.report.section_lines import unmark
from notevault.text import without_comments

_HEADINGS: Final = ("相談", "consult", "advice")
_ANSWER: Final = re.compile(
    r"(?:\*\*)?(?:回答|返答|返事|answer|reply)\s{0,2}(?:[（(](?P<who>[^（）()]{0,80})[）)])?\s{0,2}(?:\*\*)?\s?[:：]\s*",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}|\d{1,2}月\d{1,2}日"
)
_NONE: Final = frozenset({"", "なし", "無し", "特になし", "特に無し", "ありません", "none", "-", "ー", "―"})


@record
class Consultation:
    """One question to the manager. Its fields are the contract of ``report consult --json``."""

    asked: date | None
    days: int | None
    """How long it has waited, or waited for its answer."""
    owner: str | None
    customer: str | None
    deal: str | None
    stage: str | None
    text: str
    answer: str | None
    answered_by: str | None
    answered_on: date | None
    path: str
    line: int


@record
class _Answer:
    text: str
    who: str | None
    day: date | None


def list_consultations(
    catalog: Catalog,
    today: date,
    *,
    answered: bool = False,
    owners: Sequence[str] | None = None,
    customers: Sequence[str] | None = None,
) -> tuple[Consultation, ...]:
    """Return the open consultations, the oldest first; with ``answered`` the answered ones after them, newest first."""
    headings = [row[0] for row in catalog.select("SELECT DISTINCT heading FROM sections")]
    rows = catalog.select(
        "SELECT n.day, n.owner, c.name AS customer, coalesce(nullif(d.name, ''), n.deal) AS deal,"
        " coalesce(n.stage, n.stage_raw) AS stage, n.path, n.customer_id, s.body, s.line"
        " FROM sections s JOIN notes n ON n.id = s.note_id LEFT JOIN customers c ON c.id = n.customer_id"
        " LEFT JOIN deals d ON d.id = n.deal_id"
        " WHERE s.heading IN (SELECT value FROM json_each(?)) AND n.copy_of IS NULL"
        " AND coalesce(n.type, '') NOT IN ('manual', 'customer',"
        " 'merged-customer') ORDER BY n.day IS NULL, n.day, n.path, s.line",
        (json.dumps([each for each in headings if is_consultation(each)]),),
    )
    found = []
    for row in rows:
        wanted = (owners is None or row["owner"] in owners) and (customers is None or row["customer_id"] in customers)
        text, answer = split_answer(row["body"], parse_iso(row["day"]))
        if wanted and text:
            keys = ("owner", "customer", "deal", "stage", "path", "line")
            found.append(_make({key: row[key] for key in keys}, parse_iso(row["day"]), text, answer, today))
    still_open = [each for each in found if each.answer is None]
    closed = sorted((each for each in found if each.answer is not None), key=_answered_last, reverse=True)
    return (*still_open, *(closed if answered else ()))


def is_consultation(heading: str) -> bool:
    """Say whether a section of this heading asks the manager something."""
    return heading.casefold().startswith(_HEADINGS)


def split_answer(body: str, asked: date | None) -> tuple[str, _Answer | None]:
    """Return the question of a 相談 section, and its answer where it has one; '' for a section that asks nothing."""
    question: list[str] = []
    answers: list[_Answer] = []
    said: list[str] = []
    for written in without_comments(body).splitlines():
        line = unmark(written)
        if opening := _ANSWER.match(line):
            answers.append(_read_opening(opening["who"] or "", asked))
            said.append(line[opening.end() :])
        elif line:
            (said if answers else question).append(line)
    text = " ".join(question)
    if text.strip("。. ").casefold() in _NONE or not answers:
        return ("" if text.strip("。. ").casefold() in _NONE else text), None
    last = answers[-1]
    return text, _Answer(text=" ".join(each for each in said if each), who=last.who, day=last.day)


def _read_opening(inside: str, asked: date | None) -> _Answer:
    """Read ``高橋 2026-10-21``: who answered, and when."""
    found = _DAY.search(inside)
    day = parse_date(found[0], asked, prefer="future") if found and asked else None
    who = (inside[: found.start()] + inside[found.end() :] if found else inside).strip(" 　,、，")
    return _Answer(text="", who=who or None, day=day)


def _make(row: Row, asked: date | None, text: str, answer: _Answer | None, today: date) -> Consultation:
    until = answer.day if answer else today
    return Consultation(
        **row,
        asked=asked,
        days=(until - asked).days if asked and until else None,
        text=text,
        answer=answer.text if answer else None,
        answered_by=answer.who if answer else None,
        answered_on=answer.day if answer else None,
    )


def _answered_last(each: Consultation) -> tuple[str, str]:
    return (str(each.answered_on or each.asked or ""), each.path)
