"""What a check rule is, and what it is given to look at."""

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, ParamSpec

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.database import marks
from notevault.errors import WriteRefusedError
from notevault.messages import gettext as _
from notevault.model import Edit, Facts, Node, Note, Scalar, Section, Severity, Span
from notevault.records import record
from notevault.template import Enforce, FieldRule, SectionRule, Template, Templates
from notevault.template.rules import is_reached
from notevault.template.values import Reading, ValueFault

Arguments = ParamSpec("Arguments")


@record
class Finding:
    """What a rule found; the registry adds id, severity and position."""

    span: Span
    message: str
    hint: str = ""
    severity: Severity | None = None
    """Where one finding weighs otherwise than its rule."""
    edits: tuple[Edit, ...] = ()


@record
class FieldEntry:
    """One front matter key of the note, and the template's rule for it if there is one."""

    key: Scalar
    node: Node
    rule: FieldRule | None


@record
class SectionEntry:
    """One heading of the note, and the template's rule for it if there is one."""

    section: Section
    rule: SectionRule | None
    content: Span
    """From the line after the heading to the next heading of the same or a higher level."""


@record
class ValueEntry:
    """One value of a field that the template knows, read under the field's rule."""

    entry: FieldEntry
    scalar: Scalar
    reading: Reading


@record
class CustomerReading:
    """Whom a spelling of a customer means."""

    name: str | None
    """The customer's name; None where the spelling may mean several."""
    registered: bool = False
    """It has a note of its own or stands in the settings."""
    is_plain: bool = False
    """The spelling says nothing that the name does not, such as a branch."""
    candidates: tuple[str, ...] = ()
    """Names of those that may be meant."""


FindCustomer = Callable[[str], CustomerReading | None]
"""Reads a spelling; None where nothing is known of it."""


@record
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
    values: tuple[ValueEntry, ...]
    """The values of the fields that the template knows."""
    faults: tuple[tuple[Span, ValueFault], ...]
    """What is wrong with them, and where."""
    path_day: date | None = None
    """The day in the file's name."""
    find_customer: FindCustomer | None = None
    """None where the customers are not known: the rules about them are silent then."""
    with_edits: bool = True
    """Whether findings are to carry the edits that put them right."""

    @property
    def start(self) -> Span:
        """The opening delimiter of the front matter, or the note's first character."""
        found = self.note.front_matter.span
        return Span(start=found.start, end=min(found.start + 3, found.end)) if found else Span(start=0, end=0)

    def plan(
        self, plan: Callable[Arguments, tuple[Edit, ...]], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> tuple[Edit, ...]:
        """Return the edits that ``plan`` makes; none where they are not wanted, or would be refused."""
        if not self.with_edits:
            return ()
        try:
            return plan(*args, **kwargs)
        except WriteRefusedError:
            return ()

    def find_entry(self, rule: FieldRule) -> FieldEntry | None:
        """Return the note's entry for a field."""
        return next((entry for entry in self.fields if entry.rule is rule), None)

    def find_key(self, key: str) -> FieldEntry | None:
        """Return the entry under a canonical key; the key itself goes before its other spellings."""
        found = [entry for entry in self.fields if entry.key.text == key]
        found = found or [entry for entry in self.fields if self.settings.find_key(entry.key.text) == key]
        return found[0] if found else None

    def find_section(self, rule: SectionRule) -> SectionEntry | None:
        """Return the note's section for a rule."""
        return next((entry for entry in self.sections if entry.rule is rule), None)

    def is_reached(self, required_from: str | None) -> bool:
        """Say whether the note's stage has come to ``required_from``."""
        stages = self.settings.stages
        return is_reached(stages.get(self.facts.stage or ""), stages.get(required_from or ""))


@record
class VaultFinding:
    """What a rule found in one note of the vault."""

    path: str
    """As the catalogue keeps it."""
    line: int
    message: str
    hint: str = ""
    severity: Severity | None = None


class VaultContext:
    """A vault's catalogue beside its templates."""

    def __init__(
        self, catalog: Catalog, templates: Templates, settings: Settings, *, today: date, root: Path | None = None
    ) -> None:
        self.catalog = catalog
        self.templates = templates
        self.settings = settings
        self.today = today
        self.root = root
        """Where links to other files are looked up; without it they are taken to be right."""

    @cached_property
    def enforced(self) -> dict[str, Template]:
        """Types in the vault whose template asks for something."""
        found: dict[str, Template] = {}
        for row in self.catalog.select("SELECT DISTINCT type FROM notes WHERE type IS NOT NULL"):
            template = find_template(row[0], self.templates, self.settings)
            if template is not None and template.enforce is not Enforce.OFF:
                found[row[0]] = template
        return found

    @cached_property
    def is_enforced(self) -> str:
        """Condition on ``notes n``: its type is among :attr:`enforced`, whose names are its parameters."""
        return f"n.copy_of IS NULL AND n.type IN ({marks(self.enforced)})"

    def line_of(self, key: str) -> str:
        """Return SQL for the line of a field of the note ``n``, 1 where it has none."""
        return f"coalesce((SELECT min(f.line) FROM fields f WHERE f.note_id = n.id AND f.key = '{key}'), 1)"


def find_template(written: str | None, templates: Templates, settings: Settings) -> Template | None:
    """Return the template of a note's type."""
    if not written:
        return None
    return templates.find(written) or templates.by_name.get(settings.find_type(written) or "")


Check = Callable[[NoteContext], Iterator[Finding]]
VaultCheck = Callable[[VaultContext], Iterator[VaultFinding]]
EXAMPLES_MARK: Final = "Before::"
_AFTER_MARK: Final = "After::"


@record
class Rule:
    """One rule; the docstring of ``check``, else of ``across``, is its page."""

    id: str
    severity: Severity
    """Under ``enforce: warn``; under ``strict`` every finding of a template's rule is an error."""
    check: Check | None = None
    """Asked of one note."""
    across: VaultCheck | None = None
    """Asked of the whole vault; what it finds depends on other notes or on the day and is never stored."""
    needs_template: bool = True
    is_fixable: bool = False
    """Some of its findings carry edits."""

    @property
    def page(self) -> str:
        """The docstring: sentences in English, then the examples."""
        return inspect.cleandoc((self.check or self.across).__doc__ or "")

    @property
    def sentences(self) -> tuple[str, ...]:
        """The paragraphs of the page, each on one line, as they stand in the catalogue of translations."""
        said = self.page.partition(EXAMPLES_MARK)[0]
        return tuple(" ".join(paragraph.split()) for paragraph in said.split("\n\n") if paragraph.strip())

    @property
    def examples(self) -> tuple[str, str] | None:
        """The note before and after, indented; None where the page shows none."""
        before, mark, after = self.page.partition(EXAMPLES_MARK)[2].partition(_AFTER_MARK)
        return (before.strip("\n"), after.strip("\n")) if mark else None

    def explain(self) -> tuple[str, ...]:
        """Return the paragraphs of the page in the language spoken."""
        return tuple(_(sentence).replace("``", "") for sentence in self.sentences)
