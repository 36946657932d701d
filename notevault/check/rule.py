"""What a check rule is, and what it is given to look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from notevault.config import Settings
from notevault.model import Edit, Facts, Node, Note, Scalar, Section, Severity, Span
from notevault.template import FieldRule, SectionRule, Template, Templates
from notevault.template.rules import is_reached
from notevault.template.values import ValueFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found; the registry adds id, severity and position."""

    span: Span
    message: str
    hint: str = ""
    severity: Severity | None = None
    """Where one finding weighs otherwise than its rule."""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEntry:
    """One front matter key of the note, and the template's rule for it if there is one."""

    key: Scalar
    node: Node
    rule: FieldRule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntry:
    """One heading of the note, and the template's rule for it if there is one."""

    section: Section
    rule: SectionRule | None
    content: Span
    """From the line after the heading to the next heading of the same or a higher level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteContext:
    """One note beside its template; made once, looked at by every rule."""

    note: Note
    facts: Facts
    settings: Settings
    templates: Templates
    template: Template | None
    """None for a note without a type, and for a type that has no template."""
    today: date
    fields: tuple[FieldEntry, ...]
    sections: tuple[SectionEntry, ...]
    faults: tuple[tuple[Span, ValueFault], ...]
    """What is wrong with the values of the fields that the template knows, and where."""

    @property
    def start(self) -> Span:
        """The opening delimiter of the front matter, or the note's first character."""
        found = self.note.front_matter.span
        return Span(start=found.start, end=min(found.start + 3, found.end)) if found else Span(start=0, end=0)

    def find_entry(self, rule: FieldRule) -> FieldEntry | None:
        """Return the note's entry for a field."""
        return next((entry for entry in self.fields if entry.rule is rule), None)

    def find_section(self, rule: SectionRule) -> SectionEntry | None:
        """Return the note's section for a rule."""
        return next((entry for entry in self.sections if entry.rule is rule), None)

    def is_reached(self, required_from: str | None) -> bool:
        """Say whether the note's stage has come to ``required_from``."""
        stages = self.settings.stages
        return is_reached(stages.get(self.facts.stage or ""), stages.get(required_from or ""))


Check = Callable[[NoteContext], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; the docstring of ``check`` is its page."""

    id: str
    severity: Severity
    """Under ``enforce: warn``; under ``strict`` every finding of a template's rule is an error."""
    check: Check
    needs_template: bool = True

    @property
    def page(self) -> str:
        """What ``--explain`` shows."""
        return self.check.__doc__ or ""
