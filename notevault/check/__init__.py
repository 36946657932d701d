"""Notes held against their templates: rules in, diagnostics out.

A note without a type owes nothing: only what no reader could make sense of is reported.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from notevault.check.fields import iter_value_faults
from notevault.check.registry import RULE_IDS, RULES
from notevault.check.rule import FieldEntry, Finding, NoteContext, Rule, SectionEntry
from notevault.config import Settings
from notevault.errors import SettingsError
from notevault.extract import extract_facts
from notevault.messages import gettext as _
from notevault.model import Diagnostic, Facts, Note, Section, Severity, Span
from notevault.template import Enforce, Template, Templates
from notevault.template.values import Reader
from notevault.text import LineIndex, closest

__all__ = ["RULES", "Rule", "check_fingerprint", "check_note", "find_rule", "has_errors"]

_VERSION = 1
"""Raised when rules change, so that cached diagnostics are made again."""


def check_note(
    note: Note, facts: Facts | None, templates: Templates, settings: Settings, *, today: date
) -> tuple[Diagnostic, ...]:
    """Return what is to be said of one note, in the order of its lines.

    Rules that the settings leave out (``[check]`` select, ignore, folders) are silent; ``enforce: off`` silences what
    the template asks, ``strict`` makes an error of it.
    """
    context = _make_context(note, facts or extract_facts(note, settings, today), templates, settings, today)
    ignored = find_ignored(note.path, settings)
    found = [diagnostic for diagnostic in note.diagnostics if diagnostic.rule not in ignored]
    lines = LineIndex(note.text)
    for rule in RULES:
        if rule.id in ignored or (rule.needs_template and not _is_enforced(context.template)):
            continue
        found += [_diagnostic(rule, finding, context, lines) for finding in rule.check(context)]
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.line, diagnostic.column)))


def check_fingerprint(templates: Templates, settings: Settings) -> str:
    """Return a digest that changes when a note's diagnostics could, the note itself unchanged."""
    settled = (settings.language, settings.stages, settings.channels, settings.types, settings.keys, settings.check)
    return hashlib.sha256(f"{_VERSION} {templates.fingerprint} {settled!r}".encode()).hexdigest()


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Say whether ``check`` exits with 1."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def find_rule(rule_id: str) -> Rule:
    """Return a rule by its id. Raises SettingsError with "did you mean"."""
    found = next((rule for rule in RULES if rule.id == rule_id), None)
    if found is None:
        near = closest(rule_id, sorted(RULE_IDS))
        guess = _("did you mean '{near}'?").format(near=near) if near else ", ".join(rule.id for rule in RULES)
        raise SettingsError([_("unknown rule '{rule}'").format(rule=rule_id) + f" ({guess})"])
    return found


def find_ignored(path: str, settings: Settings) -> frozenset[str]:
    """Return the rules that the settings leave out for a note."""
    named = {*settings.check.select, *settings.check.ignore}.union(*settings.check.folders.values())
    for rule_id in sorted(named - RULE_IDS):
        find_rule(rule_id)
    ignored = set(settings.check.ignore)
    if settings.check.select:
        ignored |= RULE_IDS - set(settings.check.select)
    parents = {str(parent) for parent in PurePosixPath(path).parents}
    for folder, rules in settings.check.folders.items():
        if str(PurePosixPath(folder)) in parents:
            ignored |= set(rules)
    return frozenset(ignored)


def _make_context(note: Note, facts: Facts, templates: Templates, settings: Settings, today: date) -> NoteContext:
    template = _find_template(facts.type, templates, settings)
    entries = note.front_matter.entries
    find_field = template.find_field if template else lambda _key: None
    find_section = template.find_section if template else lambda _heading: None
    fields = tuple(FieldEntry(key=key, node=node, rule=find_field(key.text)) for key, node in entries)
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
        faults=tuple(iter_value_faults(fields, Reader(settings=settings, today=facts.day or today))),
    )


def _find_template(written: str | None, templates: Templates, settings: Settings) -> Template | None:
    if not written:
        return None
    return templates.find(written) or templates.by_name.get(settings.find_type(written) or "")


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
