"""One note brought to the newest version of its template: edits planned on its text, nothing invented.

Reading and writing the notes of a vault is :mod:`notevault.refine.run`'s work.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from notevault.check import CheckOptions, check_note
from notevault.config import Settings
from notevault.edits import apply_edits
from notevault.errors import WriteRefusedError
from notevault.extract import extract_facts
from notevault.front_matter import plan_remove_key, plan_rename_key, plan_set_field, plan_set_scalar
from notevault.messages import gettext as _
from notevault.model import Edit, Node, Note, NotePath, Scalar, Section, Severity, Span
from notevault.note import encode_note, parse_note
from notevault.records import record
from notevault.template import FieldRule, FieldType, SectionRule, Template, Templates, heading_key
from notevault.template.rules import LIST_TYPES
from notevault.template.values import Reader, find_shape_fault, is_blank, iter_scalars, read_value

_PLAIN: Final = CheckOptions(with_edits=False)
_YEARS_LATER: Final = 4
_LONGEST_MOVED: Final = 100
"""A section is moved into a field only where it is one line of so many characters."""
_RELATIVE: Final = frozenset({FieldType.DATE, FieldType.DATETIME, FieldType.MONTH})


class Move(StrEnum):
    """What is done to a note."""

    TYPE = "type"
    KEY = "key"
    HEADING = "heading"
    VALUE = "value"
    DEFAULT = "default"
    MOVED = "moved"
    VERSION = "version"


@record
class Change:
    """One thing that is changed in a note."""

    move: Move
    old: str
    new: str


@record
class NotePlan:
    """What would become of one note."""

    path: NotePath
    before: bytes
    after: bytes
    text_before: str
    text_after: str
    changes: tuple[Change, ...]
    needs: tuple[str, ...]
    """What only a person can put right."""


@record
class MigrationRules:
    """What notes are brought to."""

    template: Template
    templates: Templates
    settings: Settings
    today: date
    give_type: bool = False
    """Write ``type:`` into notes that have none."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    """:func:`heading_key` of a name of an earlier version → what the template calls it now."""

    def target(self, name: str) -> str:
        """Return what a name of an earlier version is called now, through all versions; the name itself otherwise."""
        seen = set()
        while (key := heading_key(name)) in self.renamed and key not in seen:
            seen.add(key)
            name = self.renamed[key]
        return name


def make_rules(
    template: Template, templates: Templates, settings: Settings, *, today: date, give_type: bool = False
) -> MigrationRules:
    """Return the rules for notes of one template."""
    return MigrationRules(
        template=template,
        templates=templates,
        settings=settings,
        today=today,
        give_type=give_type,
        renamed={heading_key(old): new for old, new in template.renamed.items()},
    )


@dataclass(slots=True)
class _Draft:
    """A note while it is being changed; every edit is planned on the text as it stands."""

    note: Note
    data: bytes
    changes: list[Change] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)

    def carry_out(self, edits: tuple[Edit, ...], change: Change) -> None:
        if edits:
            self.data = encode_note(self.note, apply_edits(self.note.text, edits))
            self.note = parse_note(self.note.path, self.data)
            self.changes.append(change)

    def edit(self, span: Span, text: str) -> tuple[Edit, ...]:
        return (Edit(path=self.note.path, digest=self.note.digest, span=span, text=text),)

    def find(self, key: str) -> tuple[Scalar, Node] | None:
        return next((pair for pair in self.note.front_matter.entries if pair[0].text == key), None)


def plan_note(path: NotePath, data: bytes, rules: MigrationRules) -> NotePlan:
    """Return what would become of a note; a note that cannot be changed safely keeps its bytes and says why."""
    before = parse_note(path, data)
    draft = _Draft(before, data)
    if encode_note(before, before.text) != data:
        draft.needs.append(_("some of its bytes cannot be written back as they are"))
        return _finish(before, data, draft, rules)
    for step in (_give_type, _rename_keys, _rename_headings, _normalize_values, _set_defaults, _set_version):
        try:
            step(draft, rules)
        except WriteRefusedError as error:
            draft.needs.append(error.message)
    if _is_damaged(before, draft.note):
        draft = _Draft(before, data, needs=[_("the rest of the note would not stay as it is")])
    return _finish(before, data, draft, rules)


def _finish(before: Note, data: bytes, draft: _Draft, rules: MigrationRules) -> NotePlan:
    return NotePlan(
        path=before.path,
        before=data,
        after=draft.data,
        text_before=before.text,
        text_after=draft.note.text,
        changes=tuple(draft.changes),
        needs=tuple(dict.fromkeys((*draft.needs, *_find_needs(draft.note, rules)))),
    )


def _find_needs(note: Note, rules: MigrationRules) -> Iterator[str]:
    """Yield what check still calls an error."""
    facts = replace(extract_facts(note, rules.settings, rules.today), type=rules.template.name)
    found = check_note(note, facts, rules.templates, rules.settings, today=rules.today, options=_PLAIN)
    yield from (one.message for one in found if one.severity is Severity.ERROR)


def _is_damaged(before: Note, after: Note) -> bool:
    """Say whether more has changed than was meant: a ToDo, a heading, or the front matter's readability."""
    errors = [one for one in after.diagnostics if one.severity is Severity.ERROR]
    lost = {task.text for task in before.tasks} - {task.text for task in after.tasks}
    return bool(lost) or len(errors) > len([one for one in before.diagnostics if one.severity is Severity.ERROR])


def _give_type(draft: _Draft, rules: MigrationRules) -> None:
    if rules.give_type:
        edits = plan_set_field(draft.note, "type", rules.template.name)
        draft.carry_out(edits, Change(move=Move.TYPE, old="", new=rules.template.name))


def _rename_keys(draft: _Draft, rules: MigrationRules) -> None:
    for written in [key.text for key, _node in draft.note.front_matter.entries]:
        if rules.settings.find_key(written) in ("type", "template_version"):
            continue
        target = rules.target(written)
        rule = rules.template.find_field(target)
        section = rules.template.find_section(target) if target != written and rule is None else None
        try:
            if section is not None:
                _move_to_section(draft, written, section)
            elif rule is not None and rule.name != written:
                _rename_key(draft, written, rule, rules)
        except WriteRefusedError as error:
            draft.needs.append(error.message)


def _rename_key(draft: _Draft, written: str, rule: FieldRule, rules: MigrationRules) -> None:
    """Rename one key; where its field has another key already, one of the two must be blank or say the same."""
    found = draft.find(written)
    others = [
        (key.text, node)
        for key, node in draft.note.front_matter.entries
        if key.text != written and _field_of(key.text, rules) is rule
    ]
    if found is None:
        return
    if not others:
        edits = plan_rename_key(draft.note, written, rule.name)
        draft.carry_out(edits, Change(move=Move.KEY, old=written, new=rule.name))
        return
    other, node = others[0]
    if is_blank(found[1]) or _same_value(found[1], node):
        draft.carry_out(_plan_remove(draft.note, written), Change(move=Move.KEY, old=written, new=other))
    elif is_blank(node):
        draft.carry_out(_plan_remove(draft.note, other), Change(move=Move.KEY, old=other, new=written))
        edits = plan_rename_key(draft.note, written, rule.name)
        draft.carry_out(edits, Change(move=Move.KEY, old=written, new=rule.name))
    else:
        message = _("'{key}' and '{other}' are the same field and say different things")
        draft.needs.append(message.format(key=written, other=other))


def _field_of(written: str, rules: MigrationRules) -> FieldRule | None:
    return rules.template.find_field(rules.target(written))


def _same_value(one: Node, other: Node) -> bool:
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.text.strip() == other.text.strip()


def _plan_remove(note: Note, key: str) -> tuple[Edit, ...]:
    """Return the edit that removes a key, unless a comment would go with it."""
    edits = plan_remove_key(note, key)
    if any("#" in note.text[edit.span.start : edit.span.end] for edit in edits):
        raise WriteRefusedError(note.path, _("the line of '{key}' holds a comment").format(key=key))
    return edits


def _move_to_section(draft: _Draft, written: str, rule: SectionRule) -> None:
    """Move the value of a key under a heading, as a ToDo where the section wants one."""
    found = draft.find(written)
    if found is None:
        return
    if is_blank(found[1]):
        draft.carry_out(_plan_remove(draft.note, written), Change(move=Move.MOVED, old=written, new=rule.heading))
        return
    if not isinstance(found[1], Scalar) or "\n" in found[1].text.strip():
        message = _("move the value of '{key}' under the heading '{heading}' by hand")
        draft.needs.append(message.format(key=written, heading=rule.heading))
        return
    line = ("- [ ] " if rule.todo else "- ") + found[1].text.strip()
    removed = _plan_remove(draft.note, written)
    section = next((one for one in draft.note.sections if heading_key(one.heading) == heading_key(rule.heading)), None)
    added = _plan_line(draft, line, section, rule)
    draft.carry_out((*removed, *added), Change(move=Move.MOVED, old=written, new=rule.heading))


def _plan_line(draft: _Draft, line: str, section: Section | None, rule: SectionRule) -> tuple[Edit, ...]:
    """Return the edit that adds a line at the end of a section, with its heading where that is missing."""
    note = draft.note
    end = section.body_span.end if section else len(note.text)
    start = section.body_span.start if section else note.body_start
    kept = len(note.text[start:end].rstrip())
    at = min(start + kept, end)
    lead = "" if at == 0 or note.text[at - 1] in "\r\n" else note.newline
    heading = "" if section else f"{note.newline if kept else ''}{'#' * rule.level} {rule.heading}{note.newline}"
    tail = "" if note.text[at : at + 1] in ("\r", "\n") else note.newline
    return draft.edit(Span(start=at, end=at), f"{lead}{heading}{line}{tail}")


def _rename_headings(draft: _Draft, rules: MigrationRules) -> None:
    for place in range(len(draft.note.sections)):
        section = draft.note.sections[place] if place < len(draft.note.sections) else None
        if section is None or not section.heading.strip():
            continue
        target = rules.target(section.heading)
        rule = rules.template.find_section(target)
        if rule is not None and not (target == section.heading and _is_translation(section.heading, rule)):
            _rename_heading(draft, section, rule, rules)
        elif heading_key(target) != heading_key(section.heading) and rules.template.find_field(target):
            _move_to_field(draft, place, rules.template.find_field(target), rules)


def _is_translation(heading: str, rule: SectionRule) -> bool:
    """Say whether a heading is the section's in the other script: an English note under a Japanese template."""
    return heading.isascii() != rule.heading.isascii()


def _rename_heading(draft: _Draft, section: Section, rule: SectionRule, rules: MigrationRules) -> None:
    if heading_key(section.heading) == heading_key(rule.heading):
        return
    if any(heading_key(one.heading) == heading_key(rule.heading) for one in draft.note.sections):
        message = _("bring '{heading}' and '{other}' together by hand: they are the same section")
        draft.needs.append(message.format(heading=section.heading, other=rule.heading))
        return
    at = draft.note.text.find(section.heading, section.heading_span.start, section.heading_span.end)
    if at < 0:
        return
    new = _numbered_like(section.heading, rule, rules)
    edits = draft.edit(Span(start=at, end=at + len(section.heading)), new)
    draft.carry_out(edits, Change(move=Move.HEADING, old=section.heading, new=new))


def _numbered_like(old: str, rule: SectionRule, rules: MigrationRules) -> str:
    """Return the section's name with the numbering and brackets that the old heading has."""
    for spelling in (*rule.also, *rules.template.renamed):
        if spelling in old and heading_key(spelling) == heading_key(old):
            new = old.replace(spelling, rule.heading, 1)
            if heading_key(new) == heading_key(rule.heading):
                return new
    return rule.heading


def _move_to_field(draft: _Draft, place: int, rule: FieldRule | None, rules: MigrationRules) -> None:
    """Move a section of one line into a field that has no value yet."""
    section = draft.note.sections[place]
    body = draft.note.text[section.body_span.start : section.body_span.end].strip()
    has_lower = place + 1 < len(draft.note.sections) and draft.note.sections[place + 1].level > section.level
    taken = rule is not None and any(
        _field_of(key.text, rules) is rule and not is_blank(node) for key, node in draft.note.front_matter.entries
    )
    plain = body and "\n" not in body and "\r" not in body and not body.startswith(("-", "*", "#", ">", "|", "<"))
    if rule is None or taken or has_lower or not plain or len(body) > _LONGEST_MOVED:
        message = _("move what stands under '{heading}' into the field '{field}' by hand")
        draft.needs.append(message.format(heading=section.heading, field=rule.name if rule else ""))
        return
    removed = draft.edit(Span(start=section.heading_span.start, end=section.body_span.end), "")
    draft.carry_out(
        (*plan_set_field(draft.note, rule.name, body), *removed),
        Change(move=Move.MOVED, old=section.heading, new=rule.name),
    )


def _normalize_values(draft: _Draft, rules: MigrationRules) -> None:
    """Write every value in its agreed spelling; a date gets a year only where the note itself says one."""
    today = extract_facts(draft.note, rules.settings, rules.today).day or rules.today
    for written in [key.text for key, _node in draft.note.front_matter.entries]:
        rule = rules.template.find_field(written)
        found = draft.find(written)
        if rule is None or found is None or find_shape_fault(rule, found[1]):
            continue
        for place in range(len(list(iter_scalars(rule, found[1])))):
            scalar = list(iter_scalars(rule, (draft.find(written) or found)[1]))[place]
            _normalize_value(draft, rule, scalar, rules, today)


def _normalize_value(draft: _Draft, rule: FieldRule, scalar: Scalar, rules: MigrationRules, today: date) -> None:
    reading = read_value(rule, scalar.text, Reader(settings=rules.settings, today=today))
    if reading.fault or not reading.text or reading.text == scalar.text or scalar.style in ("|", ">"):
        return
    if rule.type in _RELATIVE:
        later = rules.today.replace(year=rules.today.year + _YEARS_LATER, day=1)
        day = extract_facts(draft.note, rules.settings, later).day or later
        if read_value(rule, scalar.text, Reader(settings=rules.settings, today=day)).text != reading.text:
            draft.needs.append(_("'{value}' in '{field}' has no year").format(value=scalar.text, field=rule.name))
            return
    change = Change(move=Move.VALUE, old=scalar.text, new=reading.text)
    draft.carry_out(plan_set_scalar(draft.note, scalar, reading.text), change)


def _set_defaults(draft: _Draft, rules: MigrationRules) -> None:
    reader = Reader(settings=rules.settings, today=rules.today)
    for rule in rules.template.fields:
        if not rule.default or rule.type in LIST_TYPES:
            continue
        entries = [(key, node) for key, node in draft.note.front_matter.entries if _field_of(key.text, rules) is rule]
        if any(not is_blank(node) for _key, node in entries):
            continue
        value = read_value(rule, rule.default, reader).text
        name = unicodedata.normalize("NFC", entries[0][0].text if entries else rule.name)
        draft.carry_out(plan_set_field(draft.note, name, value), Change(move=Move.DEFAULT, old=name, new=value))


def _set_version(draft: _Draft, rules: MigrationRules) -> None:
    """Raise a version that the note gives; a note that gives none gets none."""
    for key, node in draft.note.front_matter.entries:
        if rules.settings.find_key(key.text) == "template_version" and isinstance(node, Scalar):
            version = str(rules.template.version)
            change = Change(move=Move.VERSION, old=node.text, new=version)
            draft.carry_out(plan_set_scalar(draft.note, node, version), change)
            return
