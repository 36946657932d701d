"""How notes use the templates they have: fields that stay empty, sections that people add."""

from collections.abc import Iterable
from typing import Final

from notevault.check.rule import find_template
from notevault.config import Settings
from notevault.records import record
from notevault.refine.corpus import Corpus
from notevault.template import Template, Templates, heading_key

_MOST_SECTIONS: Final = 300


@record
class FieldFill:
    """How many notes of a template fill one of its fields."""

    template: str
    field: str
    required: bool
    notes: int
    filled: int
    share: float


@record
class OwnSection:
    """A heading that the template of its notes does not have."""

    template: str
    heading: str
    notes: int
    share: float


def list_fields(corpus: Corpus, settings: Settings, templates: Templates) -> list[FieldFill]:
    """Return every field of the templates concerned with how many notes fill it, the emptiest first."""
    found = []
    for template, notes in iter_templates(corpus, settings, templates):
        for rule in template.fields:
            filled = set().union(
                *(facts.filled & notes for facts in corpus.keys.values() if template.find_field(facts.name) is rule)
            )
            found.append(
                FieldFill(
                    template=template.name,
                    field=rule.name,
                    required=rule.required,
                    notes=len(notes),
                    filled=len(filled),
                    share=round(len(filled) / len(notes), 4),
                )
            )
    return sorted(found, key=lambda one: (one.share, one.template))


def list_own_sections(corpus: Corpus, settings: Settings, templates: Templates) -> list[OwnSection]:
    """Return the headings that the notes' templates do not have, the commonest first."""
    found = []
    for template, notes in iter_templates(corpus, settings, templates):
        for facts in corpus.headings.values():
            common = len(facts.notes & notes)
            if common and facts.levels.keys() != {1} and template.find_section(facts.name) is None:
                share = round(common / len(notes), 4)
                found.append(OwnSection(template=template.name, heading=facts.name, notes=common, share=share))
    ordered = sorted(found, key=lambda one: (-one.notes, one.template, heading_key(one.heading)))
    return ordered[:_MOST_SECTIONS]


def iter_templates(corpus: Corpus, settings: Settings, templates: Templates) -> Iterable[tuple[Template, set[int]]]:
    """Yield each template with its notes."""
    notes: dict[str, set[int]] = {}
    for note in corpus.notes.values():
        template = find_template(note.type, templates, settings)
        if template is not None:
            notes.setdefault(template.name, set()).add(note.id)
    for name in sorted(notes):
        yield templates[name], notes[name]
