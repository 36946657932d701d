"""Rules about what is right but not in the agreed spelling; all of them can be put right without a question."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from notevault.check.rule import Finding, NoteContext, SectionEntry, ValueEntry
from notevault.edits import apply_edits
from notevault.front_matter import plan_rename_key, plan_set_scalar
from notevault.messages import gettext as _
from notevault.model import Edit, Note, Span
from notevault.template import FieldRule, FieldType
from notevault.template.rules import DATE_TYPES
from notevault.template.values import Reader, read_value

_DAYS_APART: Final = timedelta(days=1500)
"""Seen from days so far apart no incomplete date means the same."""
_ATX: Final = re.compile(r"[ ]{0,3}#{1,6}[ \t\u3000]+")


def check_field_spelling(context: NoteContext) -> Iterator[Finding]:
    """A key is another spelling of a field than the template's own.

    All spellings are read alike; one spelling helps other tools and the eye. ``check --fix`` renames the key.

    Before::

        ---
        type: manual
        Title: Data migration
        担当: sato
        ---
        ## When to use
        When a customer asks about the data migration.
        ## How to
        Say what we need from them first.

    After::

        ---
        type: manual
        title: Data migration
        owner: sato
        ---
        ## When to use
        When a customer asks about the data migration.
        ## How to
        Say what we need from them first.
    """
    yield from _find_key_spellings(context)


def check_value_spelling(context: NoteContext) -> Iterator[Finding]:
    """A value can be read, but is not in the agreed spelling.

    Dates are 2026-11-20, months 2027-03, amounts 1,200,000円, choices as the template lists them, digits and Latin
    letters half-width. A date without its year is completed only where the note itself says the year: in its ``date``
    or in the file's name.

    Before::

        ---
        type: call
        date: 令和8年11月20日
        customer: Northwind
        channel: telephone
        amount: １２０万円
        ---
        ## Details
        Laura asked for a discount.

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        amount: 1,200,000円
        ---
        ## Details
        Laura asked for a discount.
    """
    yield from _find_value_spellings(context)


def check_section_spelling(context: NoteContext) -> Iterator[Finding]:
    """A heading is another spelling of a section than the template's own.

    Numbering, brackets, width and the spellings under ``also`` are all read alike. A heading in another script, such
    as an English one in a note under a Japanese template, is taken for a translation and left alone.

    Before::

        ---
        type: manual
        title: Data migration
        ---
        ## Purpose
        When a customer asks about the data migration.
        ## 2. HOW TO
        Say what we need from them first.

    After::

        ---
        type: manual
        title: Data migration
        ---
        ## When to use
        When a customer asks about the data migration.
        ## How to
        Say what we need from them first.
    """
    yield from _find_heading_spellings(context)


def plan_heading(note: Note, entry: SectionEntry, heading: str) -> tuple[Edit, ...]:
    """Return the edit that gives a section another heading and leaves its marks; none where it is not found."""
    span = entry.section.heading_span
    line = note.text[span.start : span.end]
    marks = _ATX.match(line)
    at = line.find(entry.section.heading, marks.end() if marks else 0) if entry.section.heading else -1
    if at < 0 or "\n" in heading or "\r" in heading:
        return ()
    start = span.start + at
    found = Span(start=start, end=start + len(entry.section.heading))
    edit = Edit(path=note.path, digest=note.digest, span=found, text=heading)
    headings = [heading if section is entry.section else section.heading for section in note.sections]
    return verified_headings(note, edit, headings)


def verified_headings(note: Note, edit: Edit, headings: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edit where the note has these headings after it: none, where it would fall into code or a comment."""
    from notevault.markdown import parse_markdown  # noqa: PLC0415 -- start-up time

    sections, _tasks, _links = parse_markdown(apply_edits(note.text, [edit]), note.body_start)
    return (edit,) if [section.heading for section in sections] == list(headings) else ()


def _find_agreed(value: ValueEntry, context: NoteContext) -> str | None:
    """Return the agreed spelling of a value where it is written otherwise and the note alone decides it."""
    rule, agreed = value.entry.rule, value.reading.text
    written = value.scalar.text
    if (
        rule is None
        or value.reading.fault
        or not agreed
        or agreed == written.strip()
        or value.scalar.style in ("|", ">")
    ):
        return None
    if rule.type in DATE_TYPES or rule.type is FieldType.MONTH:
        return agreed if _is_certain(rule, written, agreed, context) else None
    return agreed


def _is_certain(rule: FieldRule, written: str, agreed: str, context: NoteContext) -> bool:
    """Say whether a date is complete by itself, or by the day that the note gives itself."""
    if _means_always(rule, written, agreed, context):
        return True
    if rule.key == "date":
        return context.path_day is not None and agreed[:10] == context.path_day.isoformat()
    return context.path_day is not None or _has_certain_day(context)


def _has_certain_day(context: NoteContext) -> bool:
    own = next((value for value in context.values if value.entry.rule and value.entry.rule.key == "date"), None)
    if own is None or own.entry.rule is None or own.reading.fault:
        return False
    return _means_always(own.entry.rule, own.scalar.text, own.reading.text, context)


def _means_always(rule: FieldRule, written: str, agreed: str, context: NoteContext) -> bool:
    other_days: tuple[date, ...] = (context.today - _DAYS_APART, context.today + _DAYS_APART)
    return all(
        read_value(rule, written, Reader(settings=context.settings, today=day)).text == agreed for day in other_days
    )


def _find_key_spellings(context: NoteContext) -> Iterator[Finding]:
    seen: set[str] = set()
    for entry in context.fields:
        if entry.rule is None:
            continue
        is_first = entry.rule.name not in seen
        seen.add(entry.rule.name)
        if is_first and entry.key.text != entry.rule.name:
            yield Finding(
                span=entry.key.span,
                message=_("'{key}' is called '{field}' in the template").format(
                    key=entry.key.text, field=entry.rule.name
                ),
                edits=context.plan(plan_rename_key, context.note, entry.key.text, entry.rule.name),
            )


def _find_value_spellings(context: NoteContext) -> Iterator[Finding]:
    for value in context.values:
        agreed = _find_agreed(value, context)
        if agreed is not None:
            yield Finding(
                span=value.scalar.span,
                message=_("'{value}' in '{field}' is written '{agreed}'").format(
                    value=value.scalar.text, field=value.entry.key.text, agreed=agreed
                ),
                edits=context.plan(plan_set_scalar, context.note, value.scalar, agreed),
            )


def _find_heading_spellings(context: NoteContext) -> Iterator[Finding]:
    headings = [entry.rule.heading for entry in context.sections if entry.rule]
    for entry in context.sections:
        rule = entry.rule
        if rule is None or entry.section.heading == rule.heading or headings.count(rule.heading) > 1:
            continue
        if entry.section.heading.isascii() != rule.heading.isascii():
            continue
        yield Finding(
            span=entry.section.heading_span,
            message=_("the heading '{heading}' is called '{agreed}' in the template").format(
                heading=entry.section.heading, agreed=rule.heading
            ),
            edits=context.plan(plan_heading, context.note, entry, rule.heading),
        )
