"""Rules about front matter fields."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from notevault.check.rule import FieldEntry, Finding, NoteContext, ValueEntry
from notevault.messages import current_language
from notevault.messages import gettext as _
from notevault.model import Severity, Span
from notevault.template import FieldRule, Template
from notevault.template.values import Reader, ValueFault, find_shape_fault, is_blank, iter_scalars, read_value

_LIKE = 0.8
"""How alike a key must be to a field's name to count as misspelled; ``update`` is no ``date``."""


def check_type_unknown(context: NoteContext) -> Iterator[Finding]:
    """The note's type has no template.

    Such a note is indexed and searched like any other, but nothing holds it to a format. A type that is nearly a
    template's name is an error, any other a remark: notes of another tool may carry types of their own.

    Before::

        ---
        type: meating
        date: 2026-11-20
        ---

    After::

        ---
        type: inbox
        date: 2026-11-20
        ---
    """
    written = context.facts.type
    if not written or context.template is not None or not context.templates:
        return
    entry = context.find_key("type")
    names = [*context.templates, *(one.title for one in context.templates.values() if one.title)]
    near = _find_like(written, names)
    yield Finding(
        span=entry.node.span if entry else context.start,
        message=_("there is no template for the type '{type}'").format(type=written),
        hint=_("did you mean '{near}'?").format(near=near)
        if near
        else _("templates: {names}").format(names=", ".join(context.templates)),
        severity=Severity.ERROR if near else Severity.INFO,
    )


def check_field_missing(context: NoteContext) -> Iterator[Finding]:
    """A field that the template requires is missing or empty.

    ``required: true`` asks for it always, ``required_from: proposal`` once the note's ``stage`` is proposal or a later
    one. A lost deal owes only what is required from a lost stage on.

    Before::

        ---
        type: manual
        date: 2026-11-20
        ---
        ## When to use
        When a customer asks about the data migration.
        ## How to
        Say what we need from them first.

    After::

        ---
        type: manual
        title: Data migration
        date: 2026-11-20
        ---
        ## When to use
        When a customer asks about the data migration.
        ## How to
        Say what we need from them first.
    """
    template = _template_of(context)
    for rule in template.fields:
        reached = context.is_reached(rule.required_from)
        if not (rule.required or reached):
            continue
        entry = context.find_entry(rule)
        if entry is not None and not is_blank(entry.node):
            continue
        stage = context.settings.stages.get(context.facts.stage or "")
        reason = (
            _("required at the stage {stage}").format(stage=stage.label(current_language()))
            if stage is not None and not rule.required
            else _("required")
        )
        found = _("the field '{field}' is empty") if entry else _("the field '{field}' is missing")
        yield Finding(
            span=entry.key.span if entry else context.start,
            message=found.format(field=entry.key.text if entry else rule.name) + f" ({reason})",
            hint=rule.hint,
        )


def check_field_unknown(context: NoteContext) -> Iterator[Finding]:
    """A key that neither the template nor notevault's own list of keys knows.

    It is kept and can be searched as ``key:value``. Where it looks like a field that the note does not have, it is
    taken for a slip of the pen: an error where that field is required, else a warning. Any other key is a remark.

    Before::

        ---
        type: manual
        title: Data migration
        ownr: sato
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
    template = _template_of(context)
    free = [rule for rule in template.fields if context.find_entry(rule) is None]
    for entry in context.fields:
        key = entry.key.text
        if entry.rule is not None or context.settings.find_key(key) is not None or not key.strip():
            continue
        if template.find_field(template.renamed.get(key, "")) is not None:
            continue  # template-renamed says it
        meant = _find_meant(key, free)
        yield Finding(
            span=entry.key.span,
            message=_("the template '{template}' has no field '{field}'").format(template=template.name, field=key),
            hint=_("did you mean '{near}'?").format(near=meant.name)
            if meant
            else _("add it to {file} if the team wants it").format(file=template.file),
            severity=(Severity.ERROR if meant.required else Severity.WARNING) if meant else Severity.INFO,
        )


def check_field_twice(context: NoteContext) -> Iterator[Finding]:
    """Two keys of the note are spellings of one field.

    Only the first is read as the field's value.

    Before::

        ---
        type: manual
        title: Data migration
        owner: sato
        担当: suzuki
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
    first: dict[str, FieldEntry] = {}
    for entry in context.fields:
        if entry.rule is None:
            continue
        other = first.setdefault(entry.rule.name, entry)
        if other is not entry:
            message = _("'{key}' and '{other}' are the same field; only the first is read")
            yield Finding(
                span=entry.key.span,
                message=message.format(key=entry.key.text, other=other.key.text),
                hint=_("keep one of them"),
            )


def check_field_type(context: NoteContext) -> Iterator[Finding]:
    """A value is not what its field takes: no date, no amount, a list where one value belongs.

    Dates, amounts and numbers may be written in any usual way (11/20, 令和8年11月20日, 120万円); this rule speaks where
    none of them fits. The value stays searchable as text.

    Before::

        ---
        type: manual
        title: Data migration
        date: 2026-02-30
        ---
        ## When to use
        When a customer asks about the data migration.
        ## How to
        Say what we need from them first.

    After::

        ---
        type: manual
        title: Data migration
        date: 2026-02-28
        ---
        ## When to use
        When a customer asks about the data migration.
        ## How to
        Say what we need from them first.
    """
    yield from _iter_found(context, "field-type")


def check_choice_unknown(context: NoteContext) -> Iterator[Finding]:
    """A value is none of the choices that the template lists, in any of their spellings.

    Before::

        ---
        type: customer
        name: Northwind Trading
        status: prospct
        ---
        ## Overview
        Import and sale of coffee.

    After::

        ---
        type: customer
        name: Northwind Trading
        status: prospect
        ---
        ## Overview
        Import and sale of coffee.
    """
    yield from _iter_found(context, "choice-unknown")


def check_stage_unknown(context: NoteContext) -> Iterator[Finding]:
    """The stage is none of those in the settings, in any of their spellings.

    The stages stand in ``notevault.toml`` under ``[stages]``; without that table notevault's own set holds.

    Before::

        ---
        type: inquiry
        date: 2026-11-20
        customer: Northwind
        stage: nearly there
        ---
        ## Inquiry
        Twelve access points by March.
        ## Response
        - [ ] Call back @sato due:2026-11-27

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
    yield from _iter_found(context, "stage-unknown")


def check_field_pattern(context: NoteContext) -> Iterator[Finding]:
    """A value does not have the form that the template's ``pattern`` gives.

    Before::

        ---
        type: customer
        name: Northwind Trading
        status: account
        domain: northwind
        ---
        ## Overview
        Import and sale of coffee.

    After::

        ---
        type: customer
        name: Northwind Trading
        status: account
        domain: northwind.example
        ---
        ## Overview
        Import and sale of coffee.
    """
    yield from _iter_found(context, "field-pattern")


def check_field_range(context: NoteContext) -> Iterator[Finding]:
    """A number, amount or date lies outside the template's ``min`` and ``max``.

    Before::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        amount: -1,200
        ---
        ## Details
        Laura asked for a discount.

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        amount: 1,200
        ---
        ## Details
        Laura asked for a discount.
    """
    yield from _iter_found(context, "field-range")


def iter_shape_faults(fields: tuple[FieldEntry, ...]) -> Iterator[tuple[Span, ValueFault]]:
    """Yield the fields whose value is a list or pairs where one value belongs."""
    for entry in fields:
        if entry.rule and (fault := find_shape_fault(entry.rule, entry.node)):
            yield entry.node.span, fault


def iter_values(entry: FieldEntry, reader: Reader) -> Iterator[ValueEntry]:
    """Yield the values of a field that the template knows, each read under its rule."""
    if entry.rule is None or find_shape_fault(entry.rule, entry.node):
        return
    for scalar in iter_scalars(entry.rule, entry.node):
        yield ValueEntry(entry=entry, scalar=scalar, reading=read_value(entry.rule, scalar.text, reader))


def _iter_found(context: NoteContext, rule_id: str) -> Iterator[Finding]:
    for span, fault in context.faults:
        if fault.rule == rule_id:
            yield Finding(span=span, message=fault.message, hint=fault.hint)


def _template_of(context: NoteContext) -> Template:
    assert context.template is not None  # noqa: S101 -- the registry asks these rules only where there is one
    return context.template


def _find_meant(key: str, free: list[FieldRule]) -> FieldRule | None:
    spellings = {spelling: rule for rule in reversed(free) for spelling in (*rule.also, rule.key, rule.name)}
    near = _find_like(key, list(spellings))
    return spellings[near] if near else None


def _find_like(word: str, known: list[str]) -> str | None:
    wanted = word.casefold()
    likeness = {
        other: SequenceMatcher(None, wanted, other.casefold()).ratio()
        for other in known
        if abs(len(other) - len(word)) <= 1
    }
    best = max(likeness, key=lambda other: likeness[other], default=None)
    return best if best is not None and likeness[best] >= _LIKE else None
