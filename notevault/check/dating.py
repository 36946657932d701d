"""Rules about the note's day, and about the version of the template it was written for."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from notevault.check.rule import FieldEntry, Finding, NoteContext, SectionEntry
from notevault.check.spelling import plan_heading
from notevault.check.switches import ALL, IGNORE_KEY
from notevault.dates import find_wrong_weekday, parse_date
from notevault.front_matter import plan_rename_key, plan_set_scalar
from notevault.messages import gettext as _
from notevault.model import Scalar, Sequence, Span
from notevault.template import Template, heading_key
from notevault.template.rules import DATE_TYPES
from notevault.text import closest

_VERSION_KEY: Final = "template_version"
_LONGEST_VERSION: Final = 6


def check_date_future(context: NoteContext) -> Iterator[Finding]:
    """The note's day is still to come.

    Minutes are of what has been. Mostly a wrong month or year; for a day agreed upon there is ``next_date`` or a ToDo.

    Before::

        ---
        type: call
        date: 2027-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
    """
    day, entry = context.facts.day, context.find_key("date")
    if day is not None and day > context.today:
        yield Finding(span=entry.node.span if entry else context.start, message=describe_future(day))


def describe_future(day: date) -> str:
    """Return what is to be said of a note's day that is still to come."""
    return _("the note's day {day} is still to come").format(day=day.isoformat())


def check_date_path(context: NoteContext) -> Iterator[Finding]:
    """The note's ``date`` is another day than the one in its file name.

    Before::

        --> calls/2026-11-20 Northwind.md
        ---
        type: call
        date: 2026-11-02
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.

    After::

        --> calls/2026-11-20 Northwind.md
        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
    """
    day, entry = context.facts.day, context.find_key("date")
    if entry and day and context.path_day and day != context.path_day:
        yield Finding(
            span=entry.node.span,
            message=_("the date is {day}, the file name says {other}").format(
                day=day.isoformat(), other=context.path_day.isoformat()
            ),
            hint=_("put the wrong one right"),
        )


def check_date_weekday(context: NoteContext) -> Iterator[Finding]:
    """A date and the weekday beside it do not fit.

    Before::

        ---
        type: call
        date: 2026-11-20 (木)
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
    """
    for value in context.values:
        rule = value.entry.rule
        if rule is None or rule.type not in DATE_TYPES or value.reading.fault:
            continue
        day = parse_date(value.scalar.text, context.path_day or context.facts.day or context.today)
        said = find_wrong_weekday(value.scalar.text, day) if day else None
        if day is not None and said is not None:
            names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
            yield Finding(
                span=value.scalar.span,
                message=_("{day} is a {weekday}, not a {said}").format(
                    day=day.isoformat(), weekday=names[day.weekday()], said=names[said]
                ),
                hint=_("put the wrong one right"),
            )


def check_template_renamed(context: NoteContext) -> Iterator[Finding]:
    """A key or heading has the name that an earlier version of the template gave it.

    The template lists such names under ``renamed``. ``check --fix`` renames them in a note, ``migrate`` in all.

    Before::

        ---
        type: meeting
        date: 2026-11-20
        customer: Northwind
        channel: visit
        ---
        ## Minutes
        Daniel wants eleven access points before the fair in March.
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
    yield from _find_old_names(context)


def _find_old_names(context: NoteContext) -> Iterator[Finding]:
    template = context.template
    for entry, new in find_old_keys(context, template) if template else ():
        yield Finding(
            span=entry.key.span,
            message=_("'{old}' is called '{new}' now").format(old=entry.key.text, new=new),
            edits=context.plan(plan_rename_key, context.note, entry.key.text, new),
        )
    for section, new in find_old_headings(context, template) if template else ():
        yield Finding(
            span=section.section.heading_span,
            message=_("'{old}' is called '{new}' now").format(old=section.section.heading, new=new),
            edits=context.plan(plan_heading, context.note, section, new),
        )


def check_template_version(context: NoteContext) -> Iterator[Finding]:
    """The note's ``template_version`` is lower than its template's version.

    Only notes that carry the number are looked at. ``check --fix`` raises it where the note has no error left.

    Before::

        ---
        type: call
        template_version: 1
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.

    After::

        ---
        type: call
        template_version: 2
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
    """
    template, entry = context.template, context.find_key(_VERSION_KEY)
    if template is None or entry is None or not isinstance(entry.node, Scalar):
        return
    written = entry.node.text.strip()
    if not (written.isascii() and written.isdigit() and len(written) <= _LONGEST_VERSION):
        return
    if int(written) < template.version:
        yield Finding(
            span=entry.node.span,
            message=_("written for version {old} of the template '{template}', which is at {new}").format(
                old=written, template=template.name, new=template.version
            ),
            edits=context.plan(plan_set_scalar, context.note, entry.node, str(template.version)),
        )


def find_old_keys(context: NoteContext, template: Template) -> list[tuple[FieldEntry, str]]:
    """Return the keys that earlier versions of the template had, with the fields that they are called now."""
    present = {entry.rule.name for entry in context.fields if entry.rule}
    found = []
    for entry in context.fields:
        new = template.renamed.get(entry.key.text)
        rule = template.find_field(new) if new and entry.rule is None else None
        if rule is not None and rule.name not in present:
            found.append((entry, rule.name))
    return found


def find_old_headings(context: NoteContext, template: Template) -> list[tuple[SectionEntry, str]]:
    """Return the sections that earlier versions of the template had, with the headings that they have now."""
    renamed = {heading_key(old): new for old, new in template.renamed.items()}
    present = {entry.rule.heading for entry in context.sections if entry.rule}
    found = []
    for entry in context.sections:
        new = renamed.get(heading_key(entry.section.heading))
        rule = template.find_section(new) if new and entry.rule is None else None
        if rule is not None and rule.heading not in present:
            found.append((entry, rule.heading))
            present.add(rule.heading)
    return found


def check_ignore_unknown(context: NoteContext) -> Iterator[Finding]:
    """``check_ignore`` in the front matter names a rule that does not exist.

    Before::

        ---
        check_ignore: [section-shrt]
        ---
        A note.

    After::

        ---
        check_ignore: [section-short]
        ---
        A note.
    """
    from notevault.check.registry import RULE_IDS  # noqa: PLC0415 -- the registry names this rule

    entry = context.find_key(IGNORE_KEY)
    nodes = () if entry is None else entry.node.items if isinstance(entry.node, Sequence) else (entry.node,)
    for node in nodes:
        for name in node.text.replace("、", ",").split(",") if isinstance(node, Scalar) else ():
            if name.strip() and name.strip() not in (*RULE_IDS, ALL):
                near = closest(name.strip(), sorted(RULE_IDS))
                yield Finding(
                    span=Span(start=node.span.start, end=node.span.end),
                    message=_("no check rule is called '{name}'").format(name=name.strip()),
                    hint=_("did you mean '{near}'?").format(near=near) if near else "",
                )
