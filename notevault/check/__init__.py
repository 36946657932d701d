"""Notes held against their templates: rules in, diagnostics out.

A note without a type owes nothing: only what no reader could make sense of is reported.
"""

import hashlib
from collections.abc import Iterator
from datetime import date

from notevault.check.fields import iter_shape_faults, iter_values
from notevault.check.registry import RULE_IDS, RULES
from notevault.check.rule import (
    FieldEntry,
    FindCustomer,
    Finding,
    NoteContext,
    Rule,
    SectionEntry,
    ValueEntry,
    VaultContext,
    find_template,
)
from notevault.check.switches import Selection, expand_rules, make_selection, read_switches
from notevault.config import Settings
from notevault.model import Diagnostic, Facts, Note, Section, Severity, Span
from notevault.records import record
from notevault.template import Enforce, Template, Templates
from notevault.template.rules import DATE_TYPES
from notevault.template.values import Reader
from notevault.text import LineIndex

__all__ = [
    "RULES",
    "RULE_IDS",
    "CheckOptions",
    "Rule",
    "Selection",
    "VaultContext",
    "check_fingerprint",
    "check_note",
    "find_rule",
    "has_errors",
    "make_selection",
]

_VERSION = 2
"""Raised when rules change, so that cached diagnostics are made again."""


@record
class CheckOptions:
    """How far a check goes."""

    selection: Selection | None = None
    """None: as the settings say."""
    find_customer: FindCustomer | None = None
    """Reads the customer's name; None leaves the rules about customers out."""
    lasting: bool = False
    """Leave out what depends on the day or on other notes."""
    with_edits: bool = True


_PLAIN = CheckOptions()


def check_note(
    note: Note,
    facts: Facts | None,
    templates: Templates,
    settings: Settings,
    *,
    today: date,
    options: CheckOptions = _PLAIN,
) -> tuple[Diagnostic, ...]:
    """Return what is to be said of one note, in the order of its lines.

    Rules that the settings (``[check]`` select, ignore, folders) or the note itself (``check: off``, ``check_ignore``)
    leave out are silent; ``enforce: off`` silences what the template asks, ``strict`` makes an error of it.
    """
    from notevault.extract import extract_facts  # noqa: PLC0415 -- start-up time

    facts = facts or extract_facts(note, settings, today)
    context = _make_context(note, facts, templates, settings, today=today, options=options)
    selection = options.selection or make_selection(settings, RULE_IDS)
    switches = ((fact.key, fact.value) for fact in context.facts.fields)
    speaking = selection.at(note.path) - read_switches(switches, RULE_IDS)
    found = [diagnostic for diagnostic in note.diagnostics if diagnostic.rule in speaking]
    lines = LineIndex(note.text)
    for rule in RULES:
        if rule.check is None or rule.id not in speaking or (options.lasting and rule.across):
            continue
        if rule.needs_template and not _is_enforced(context.template):
            continue
        found += [_diagnostic(rule, finding, context, lines) for finding in rule.check(context)]
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.line, diagnostic.column)))


def check_fingerprint(template: Template | None, templates: Templates, settings: Settings) -> str:
    """Return a digest that changes when the stored diagnostics of a note under ``template`` could, the note unchanged.

    Of the other templates only their names matter: to a note whose type has none.
    """
    settled = (settings.language, settings.stages, settings.channels, settings.types, settings.keys, settings.check)
    names = "" if template else [(one.name, one.title, one.also) for one in templates.values()]
    return hashlib.sha256(f"{_VERSION} {template and template.digest} {names} {settled!r}".encode()).hexdigest()


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Say whether ``check`` exits with 1."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def find_rule(rule_id: str) -> Rule:
    """Return a rule by its id. Raises UnknownNameError."""
    expand_rules([rule_id], RULE_IDS)
    return next(rule for rule in RULES if rule.id == rule_id)


def _make_context(
    note: Note, facts: Facts, templates: Templates, settings: Settings, *, today: date, options: CheckOptions
) -> NoteContext:
    from notevault.extract import find_path_day  # noqa: PLC0415 -- start-up time

    template = find_template(facts.type, templates, settings)
    entries = note.front_matter.entries
    find_field = template.find_field if template else lambda _key: None
    find_section = template.find_section if template else lambda _heading: None
    fields = tuple(FieldEntry(key=key, node=node, rule=find_field(key.text)) for key, node in entries)
    path_day = find_path_day(note.path)
    values = _read_values(fields, settings, path_day or today, facts.day)
    shapes = list(iter_shape_faults(fields))
    faults = [(value.scalar.span, value.reading.fault) for value in values if value.reading.fault]
    return NoteContext(
        note=note,
        facts=facts,
        settings=settings,
        templates=templates,
        template=template,
        today=today,
        fields=fields,
        sections=tuple(
            SectionEntry(section=section, rule=find_section(section.heading), content=content)
            for section, content in _iter_contents(note)
        ),
        values=values,
        faults=(*shapes, *faults),
        path_day=path_day,
        find_customer=options.find_customer,
        with_edits=options.with_edits,
    )


def _read_values(
    fields: tuple[FieldEntry, ...], settings: Settings, reference: date, day: date | None
) -> tuple[ValueEntry, ...]:
    """Read every value; the note's own day near ``reference``, all others near that day."""
    own, other = Reader(settings=settings, today=reference), Reader(settings=settings, today=day or reference)
    return tuple(value for entry in fields for value in iter_values(entry, own if _is_own_day(entry) else other))


def _is_own_day(entry: FieldEntry) -> bool:
    return entry.rule is not None and entry.rule.key == "date" and entry.rule.type in DATE_TYPES


def _iter_contents(note: Note) -> Iterator[tuple[Section, Span]]:
    """Yield each section with the span of all that stands under it, sections of lower levels included."""
    ends: list[int] = [len(note.text)] * len(note.sections)
    open_sections: list[int] = []
    for position, section in enumerate(note.sections):
        while open_sections and note.sections[open_sections[-1]].level >= section.level:
            ends[open_sections.pop()] = section.heading_span.start
        open_sections.append(position)
    for section, end in zip(note.sections, ends, strict=True):
        yield section, Span(start=section.body_span.start, end=max(end, section.body_span.start))


def _is_enforced(template: Template | None) -> bool:
    return template is not None and template.enforce is not Enforce.OFF


def _diagnostic(rule: Rule, finding: Finding, context: NoteContext, lines: LineIndex) -> Diagnostic:
    line, column = lines.position(finding.span.start)
    severity = finding.severity or rule.severity
    if rule.needs_template and context.template is not None and context.template.enforce is Enforce.STRICT:
        severity = Severity.ERROR
    return Diagnostic(
        rule=rule.id,
        severity=severity,
        path=context.note.path,
        line=line,
        column=column,
        message=finding.message,
        hint=finding.hint,
        span=finding.span,
        edits=finding.edits,
    )
