"""Rules about headings and what stands under them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from notevault.check.dating import find_old_headings
from notevault.check.rule import Finding, NoteContext, SectionEntry
from notevault.check.spelling import verified_headings
from notevault.messages import current_language, ngettext
from notevault.messages import gettext as _
from notevault.model import Edit, Note, Severity, Span
from notevault.template import SectionRule, TodoDemand
from notevault.template.placeholders import parse_placeholders, render_placeholders
from notevault.text import without_comments

_CONFLICT = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)


def check_section_missing(context: NoteContext) -> Iterator[Finding]:
    """A section that the template requires has no heading in the note.

    Headings are compared without numbering, brackets, width and case, and by the spellings that the template lists
    under ``also``. ``required_from`` asks for a section once the note's stage is reached. ``check --fix`` puts the
    heading in its place, with the template's prompt below.

    Before::

        ---
        type: manual
        title: Data migration
        ---
        ## When to use
        When a customer asks about the data migration.

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
    template = context.template
    renamed = {new for _entry, new in find_old_headings(context, template)} if template else set[str]()
    for rule in _required(context):
        if context.find_section(rule) is None and rule.heading not in renamed:  # template-renamed says that
            at = min(context.note.body_start, len(context.note.text))
            yield Finding(
                span=Span(start=at, end=at),
                message=_("the section '{heading}' is missing").format(heading=rule.heading),
                hint=_("add the line '{line}'").format(line=f"{'#' * rule.level} {rule.heading}"),
                edits=context.plan(plan_section, context, rule),
            )


def check_section_empty(context: NoteContext) -> Iterator[Finding]:
    """A section holds nothing but blank lines and comments: an error where the template requires it, else a remark.

    Before::

        ---
        type: manual
        title: Data migration
        ---
        ## When to use
        <!-- when and with whom -->
        ## How to
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
    required = list(_required(context))
    for entry in context.sections:
        if entry.rule is None or find_todo_debt(context, entry.rule) or lines_of(context.note, entry):
            continue
        yield Finding(
            span=entry.section.heading_span,
            message=_("the section '{heading}' is empty").format(heading=entry.section.heading),
            hint=_("write a line, or 'none' where there is nothing to say")
            if entry.rule in required
            else _("write a line, or delete the heading"),
            severity=None if entry.rule in required else Severity.INFO,
        )


def check_section_order(context: NoteContext) -> Iterator[Finding]:
    """The sections do not stand in the template's order.

    Before::

        ---
        type: manual
        title: Data migration
        ---
        ## How to
        Say what we need from them first.
        ## When to use
        When a customer asks about the data migration.

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
    rules = context.template.sections if context.template else ()
    found = [(rules.index(entry.rule), entry) for entry in context.sections if entry.rule]
    for (before, upper), (at, entry) in pairwise(found):
        if at < before:
            yield Finding(
                span=entry.section.heading_span,
                message=_("'{heading}' stands above '{other}' in the template").format(
                    heading=entry.section.heading, other=upper.section.heading
                ),
            )


def check_section_short(context: NoteContext) -> Iterator[Finding]:
    """A section holds fewer characters than the template's ``min_chars``.

    Blanks, comments and headings are not counted.

    Before::

        ---
        type: meeting
        date: 2026-11-20
        customer: Northwind
        channel: visit
        ---
        ## Facts
        Visited.
        ## Actions
        - [ ] Send the catalogue @sato due:2026-11-27

    After::

        ---
        type: meeting
        date: 2026-11-20
        customer: Northwind
        channel: visit
        ---
        ## Facts
        Daniel wants eleven access points before the fair in March.
        ## Actions
        - [ ] Send the catalogue @sato due:2026-11-27
    """
    for entry in context.sections:
        if entry.rule is None or not entry.rule.min_chars:
            continue
        count = count_characters(context.note, entry)
        if 0 < count < entry.rule.min_chars:
            message = ngettext(
                "the section '{heading}' holds {count} character; {least} are agreed",
                "the section '{heading}' holds {count} characters; {least} are agreed",
                count,
            )
            yield Finding(
                span=entry.section.heading_span,
                message=message.format(heading=entry.section.heading, count=count, least=entry.rule.min_chars),
            )


def check_todo_missing(context: NoteContext) -> Iterator[Finding]:
    """A section that must hold a ToDo holds none.

    ``todo: open_deal`` asks for one while the note's stage is an open one: a deal without a next step is won, lost or
    forgotten. ``todo: always`` asks for one in any case. A ToDo that is done counts; where the section itself is
    missing, one anywhere in the note does.

    Before::

        ---
        type: inquiry
        date: 2026-11-20
        customer: Northwind
        stage: lead
        ---
        ## Inquiry
        Twelve access points by March.
        ## Response
        We will see.

    After::

        ---
        type: inquiry
        date: 2026-11-20
        customer: Northwind
        stage: lead
        ---
        ## Inquiry
        Twelve access points by March.
        ## Response
        - [ ] Call back @sato due:2026-11-27
    """
    for rule in context.template.sections if context.template else ():
        reason = find_todo_debt(context, rule)
        if reason is None:
            continue
        entry = context.find_section(rule)
        if entry is None and (rule.required or context.is_reached(rule.required_from)):
            continue  # section-missing says it
        place = entry.content if entry else Span(start=0, end=len(context.note.text))
        if any(place.start <= task.span.start < place.end for task in context.note.tasks):
            continue
        yield Finding(
            span=entry.section.heading_span if entry else context.start,
            message=_("there is no ToDo under '{heading}'").format(heading=rule.heading) + f" ({reason})",
            hint=_("write the next step, e.g. '- [ ] call back @owner due:YYYY-MM-DD', or close the deal"),
        )


def check_conflict_marker(context: NoteContext) -> Iterator[Finding]:
    """Two versions of the note were merged and both are still in it.

    Lines that begin with ``<<<<<<<``, ``=======`` and ``>>>>>>>`` come from git.

    Before::

        <<<<<<< HEAD
        24 terminals
        =======
        26 terminals
        >>>>>>> laptop

    After::

        26 terminals
    """
    marks = list(_CONFLICT.finditer(context.note.text))
    kinds = [mark[0][0] for mark in marks]
    for at, mark in enumerate(marks):
        if kinds[at : at + 3] == ["<", "=", ">"]:
            yield Finding(
                span=Span(start=mark.start(), end=mark.end()),
                message=_("a merge conflict is left in the note"),
                hint=_("keep one version and delete the lines with <<<<<<<, ======= and >>>>>>>"),
            )


def plan_section(context: NoteContext, rule: SectionRule) -> tuple[Edit, ...]:
    """Return the edit that puts a section's heading and prompt behind the sections that the template has before it."""
    note, rules = context.note, context.template.sections if context.template else ()
    before = [entry for entry in context.sections if entry.rule and rules.index(entry.rule) < rules.index(rule)]
    after = [entry for entry in context.sections if entry.rule and rules.index(entry.rule) > rules.index(rule)]
    if before:
        at = max(entry.content.end for entry in before)
    elif after:
        at = min(entry.section.heading_span.start for entry in after)
    else:
        at = len(note.text)
    values = {one.raw_key: one.value for one in context.facts.fields} | {
        one.key: one.value for one in context.facts.fields
    }
    prompt = render_placeholders(parse_placeholders(rule.prompt), values, {})
    lines = [f"{'#' * rule.level} {rule.heading}", *prompt.splitlines()]
    above = note.text[:at]
    text = "".join(f"{line}{note.newline}" for line in lines)
    if above and not above.endswith(("\n", "\r")):
        text = note.newline + text
    if above.strip() and not above.endswith(note.newline * 2) and at > note.body_start:
        text = note.newline + text
    if at < len(note.text):
        text += note.newline
    edit = Edit(path=note.path, digest=note.digest, span=Span(start=at, end=at), text=text)
    headings = [entry.section.heading for entry in context.sections]
    place = sum(entry.section.heading_span.start < at for entry in context.sections)
    return verified_headings(note, edit, [*headings[:place], rule.heading, *headings[place:]])


def lines_of(note: Note, entry: SectionEntry) -> list[str]:
    """Return the lines under a heading without blank ones, comments and headings."""
    text = without_comments(note.text[entry.content.start : entry.content.end])
    return [stripped for line in text.splitlines() if (stripped := line.strip()) and not line.startswith("#")]


def count_characters(note: Note, entry: SectionEntry) -> int:
    """Return how many characters stand under a heading, without blanks, comments and headings."""
    return sum(len("".join(line.split())) for line in lines_of(note, entry))


def _required(context: NoteContext) -> Iterator[SectionRule]:
    for rule in context.template.sections if context.template else ():
        if rule.required or context.is_reached(rule.required_from):
            yield rule


def find_todo_debt(context: NoteContext, rule: SectionRule) -> str | None:
    """Return why the section must hold a ToDo, or None."""
    if rule.todo is TodoDemand.ALWAYS:
        return _("required")
    stage = context.settings.stages.get(context.facts.stage or "")
    if rule.todo is TodoDemand.OPEN_DEAL and stage is not None and stage.state == "open":
        return _("the deal is open: {stage}").format(stage=stage.label(current_language()))
    return None
