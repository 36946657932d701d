"""What was learned of customers: the newest answer to each question, what was said before, what contradicts it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.dates import parse_date, parse_month
from notevault.names.key import name_key
from notevault.records import record
from notevault.report.rows import parse_iso
from notevault.template import Templates
from notevault.text import normalize
from notevault.values import parse_money

LEVELS: Final = ("company", "business", "function")
"""Whose matter an answer is, in the order in which it is shown."""
MOST_BOUND: Final = 500
"""More customers than this are not named to the database one by one; all are loaded."""
CUSTOMER_TYPES: Final = ("customer", "merged-customer")
_NOT_LEARNED: Final = frozenset(
    ("type", "name", "kana", "name_en", "aliases", "id", "tags", "customer", "template_version", "title")
)


@record
class Answer:
    """What one note says."""

    value: str
    date: date | None
    """None for what stands in the customer's own note."""
    path: str
    line: int
    owner: str | None
    level: str | None


@record
class LearnedAnswer:
    """The answer to one question, with its history."""

    key: str
    """Of the settings where they know it, else as written."""
    label: str
    level: str | None
    """``company``, ``business``, ``function`` or None."""
    value: str
    date: date | None
    path: str
    line: int
    age_days: int | None
    stale: bool
    """Older than the settings or template allow, or about a day gone by."""
    history: tuple[Answer, ...]
    """Other values, the newest first."""
    contradiction: bool
    """Two values hold at once, or the old one has come back."""


@record
class Question:
    """What settings and templates say of one key."""

    key: str
    label: str
    level: str | None = None
    stale_after: int = 0
    required_from: str | None = None
    hint: str = ""


Answers = Mapping[str, Mapping[str, Sequence[Answer]]]
"""Customer id → key → answers, the newest first."""


def load_answers(catalog: Catalog, settings: Settings, customer_ids: Sequence[str] | None = None) -> Answers:
    """Return every answer that the notes of these customers, at least, or of all, brought."""
    if customer_ids is not None and len(customer_ids) > MOST_BOUND:
        customer_ids = None
    condition = f" AND n.customer_id IN ({marks(customer_ids)})" if customer_ids is not None else ""
    bound = list(customer_ids or ())
    learned = catalog.select(
        "SELECT n.customer_id, l.key, l.value, l.level, l.line, n.day, n.path, n.owner FROM learned l"
        f" JOIN notes n ON n.id = l.note_id WHERE n.customer_id IS NOT NULL AND n.copy_of IS NULL{condition}"
        " ORDER BY n.day DESC, n.path DESC, l.rowid",
        bound,
    )
    known = tuple({*settings.learned, *settings.calendar})
    own = catalog.select(
        "SELECT n.customer_id, f.key, f.value, NULL AS level, f.line, NULL AS day, n.path, n.owner FROM fields f"
        f" JOIN notes n ON n.id = f.note_id WHERE n.type IN ({marks(CUSTOMER_TYPES)}) AND n.customer_id IS NOT NULL"
        f" AND n.copy_of IS NULL AND f.key IN ({marks(known)}){condition} ORDER BY n.path, f.rowid",
        [*CUSTOMER_TYPES, *known, *bound],
    )
    found: dict[str, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for row in (*learned, *own):
        key = settings.find_learned(row["key"]) or row["key"]
        if row["value"] and key not in _NOT_LEARNED:
            found[row["customer_id"]][key].append(
                Answer(
                    value=row["value"],
                    date=parse_iso(row["day"]),
                    path=row["path"],
                    line=row["line"],
                    owner=row["owner"],
                    level=row["level"],
                )
            )
    return {customer: dict(answers) for customer, answers in found.items()}


def make_questions(settings: Settings, templates: Templates, language: str) -> dict[str, Question]:
    """Return what is known of each key that settings or templates ask for, those of the templates first."""
    found: dict[str, Question] = {}
    for template in templates.values():
        for rule in template.fields:
            if rule.key in found and not (rule.required_from or rule.stale_after or rule.level):
                continue
            found[rule.key] = Question(
                key=rule.key,
                label=_label(settings, rule.key, language, (rule.name, *rule.also)),
                level=rule.level or None,
                stale_after=rule.stale_after,
                required_from=rule.required_from,
                hint=rule.hint,
            )
    for key, entry in settings.learned.items():
        known = found.get(key)
        stage = settings.find_stage(entry.required_from) if entry.required_from else None
        found[key] = Question(
            key=key,
            label=entry.label(language),
            level=(known.level if known else None) or entry.level or None,
            stale_after=(known.stale_after if known else 0) or entry.stale_after,
            required_from=(known.required_from if known else None) or (stage.key if stage else None),
            hint=(known.hint if known else "") or entry.hint,
        )
    return found


def _label(settings: Settings, key: str, language: str, spellings: Sequence[str]) -> str:
    """Return a key in the language spoken: the template's spelling that fits it, else the settings'."""
    if key in settings.calendar:
        return settings.calendar[key].label(language)
    wanted = (each for each in (*spellings, *settings.keys.get(key, ())) if each.isascii() == (language != "ja"))
    return next(wanted, key).replace("_", " ")


def label_key(settings: Settings, key: str, language: str) -> str:
    """Return the name of a front matter key in a language."""
    if key in settings.learned:
        return settings.learned[key].label(language)
    return _label(settings, key, language, ())


def summarize_answers(
    answers: Mapping[str, Sequence[Answer]], settings: Settings, questions: Mapping[str, Question], today: date
) -> tuple[LearnedAnswer, ...]:
    """Return the newest answer of each key with its history: by level, then in the order of settings and templates."""
    order = {key: at for at, key in enumerate([*settings.learned, *questions])}
    found = [
        _summarize(key, sorted(said, key=lambda one: one.date or date.min, reverse=True), questions.get(key), today)
        for key, said in answers.items()
    ]
    levels = {level: at for at, level in enumerate(LEVELS)}
    return tuple(
        sorted(
            found, key=lambda one: (levels.get(one.level or "", len(LEVELS)), order.get(one.key, len(order)), one.key)
        )
    )


def _summarize(key: str, said: Sequence[Answer], question: Question | None, today: date) -> LearnedAnswer:
    newest = said[0]
    others = [answer for answer in said[1:] if not same_value(answer.value, newest.value)]
    age = (today - newest.date).days if newest.date else None
    limit = question.stale_after if question else 0
    return LearnedAnswer(
        key=key,
        label=question.label if question else key,
        level=next((answer.level for answer in said if answer.level), None) or (question.level if question else None),
        value=newest.value,
        date=newest.date,
        path=newest.path,
        line=newest.line,
        age_days=age,
        stale=(limit > 0 and age is not None and age > limit) or is_past(newest.value, newest.date or today, today),
        history=tuple(others),
        contradiction=_is_contradicted(said, newest),
    )


def _is_contradicted(said: Sequence[Answer], newest: Answer) -> bool:
    differing = [not same_value(answer.value, newest.value) for answer in said]
    at_once = any(
        differs and (answer.date is None or answer.date == newest.date)
        for answer, differs in zip(said, differing, strict=True)
    )
    dated = [differs for answer, differs in zip(said, differing, strict=True) if answer.date is not None]
    came_back = True in dated and not all(dated[dated.index(True) :])
    return at_once or came_back


@lru_cache(maxsize=20_000)
def same_value(one: str, other: str) -> bool:
    """Say whether two answers mean one thing: spelling, width, the way of writing a month or an amount aside."""
    if normalize(one) == normalize(other) or name_key(one) == name_key(other):
        return True
    someday = date(2000, 1, 1)
    one, other = without_remark(one), without_remark(other)
    months = parse_month(one, someday), parse_month(other, someday)
    if months[0] and months[1]:
        return months[0] == months[1]
    amounts = parse_money(one), parse_money(other)
    if amounts[0] and amounts[1]:
        return (amounts[0].amount, amounts[0].currency) == (amounts[1].amount, amounts[1].currency)
    return False


def without_remark(text: str) -> str:
    """Return 2027-01 for 2027-01（電子カルテ）."""
    return re.sub(r"\s*[(（][^()（）]{0,40}[)）]\Z", "", text.strip()) or text


def is_past(value: str, said: date, today: date) -> bool:
    """Say whether an answer names a month or day, with its year, that has gone by."""
    value = without_remark(value)
    if len(value) > 40 or not any(char.isdigit() for char in value):  # noqa: PLR2004 -- longer text is no date
        return False
    if is_yearly(value):
        return False
    month = parse_month(value, said, prefer="future")
    if month:
        return month < (today.year, today.month)
    day = parse_date(value, said, prefer="future")
    return day is not None and day < today


def is_yearly(value: str) -> bool:
    """Say whether a month comes every year: 3月, 毎年3月, ``December``, but not 2027-03."""
    someday, later = date(2000, 6, 15), date(2010, 6, 15)
    return parse_month(value, someday) != parse_month(value, later) and parse_month(value, someday) is not None
