"""Which keys and headings of the notes belong to which field and section of a template, old or new."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from notevault.config import Settings
from notevault.messages import gettext as _
from notevault.records import record
from notevault.refine.alike import Name, NameGroup
from notevault.refine.corpus import Corpus, HeadingFacts, KeyFacts
from notevault.refine.kinds import Kind, infer_kinds
from notevault.refine.survey import group_headings, group_keys, ranked_headings, ranked_keys
from notevault.template import FieldRule, SectionRule, Template, heading_key

_RESERVED: Final = frozenset({"type", "template_version", "id"})
"""Keys that every note may have and no template asks for."""
_MOST_TOGETHER: Final = 0.2
"""Keys that share more than this part of the rarer one's notes are two fields, whatever the alias table says."""


@dataclass(slots=True, kw_only=True)
class FieldDraft:
    """A field with the keys that notes write for it."""

    name: str
    key: str
    """Canonical key of the settings where they know it."""
    rule: FieldRule | None
    """None for a field that the template does not have yet."""
    keys: list[KeyFacts] = field(default_factory=list)
    alike: list[tuple[KeyFacts, str]] = field(default_factory=list)
    """Keys that the template does not know for it yet, and why they may be it."""

    @property
    def facts(self) -> KeyFacts:
        """Everything that notes write for it, taken together."""
        merged = KeyFacts(name=self.name)
        for one in (*self.keys, *(facts for facts, _why in self.alike)):
            merged.notes |= one.notes
            merged.values += one.values
            merged.several |= one.several
            merged.nested |= one.nested
            merged.places += one.places
        return merged

    @property
    def counts(self) -> Counter[str]:
        """Its values and how often each occurs."""
        return Counter(value for _note, value in self.facts.values)


@dataclass(slots=True, kw_only=True)
class SectionDraft:
    """A section with the headings that notes write for it."""

    name: str
    rule: SectionRule | None
    headings: list[HeadingFacts] = field(default_factory=list)
    alike: list[tuple[HeadingFacts, str]] = field(default_factory=list)

    @property
    def facts(self) -> HeadingFacts:
        """Everything that notes write for it, taken together."""
        merged = HeadingFacts(key=heading_key(self.name))
        for one in (*self.headings, *(facts for facts, _why in self.alike)):
            merged.spellings += one.spellings
            merged.levels += one.levels
            merged.notes |= one.notes
            merged.filled |= one.filled
            merged.places += one.places
        return merged


@record
class Drafts:
    """The notes sorted by what a template would say of them."""

    notes: frozenset[int]
    fields: tuple[FieldDraft, ...]
    sections: tuple[SectionDraft, ...]


def make_drafts(corpus: Corpus, template: Template | None, settings: Settings, today: date) -> Drafts:
    """Return the drafts of every field and section, of the template and beside it."""
    return Drafts(
        notes=frozenset(corpus.notes),
        fields=tuple(draft_fields(corpus, template, settings, today)),
        sections=tuple(draft_sections(corpus, template, settings)),
    )


def draft_fields(corpus: Corpus, template: Template | None, settings: Settings, today: date) -> list[FieldDraft]:
    """Return the template's fields in its order, then those that the notes have beside it in the notes' order."""
    drafts = [FieldDraft(name=rule.name, key=rule.key, rule=rule) for rule in template.fields] if template else []
    free = _give_known(corpus, drafts, template, settings)
    by_key = {facts.name: draft for draft in drafts for facts in draft.keys}
    unused = [draft for draft in drafts if not draft.keys]
    by_key |= {draft.name: draft for draft in unused if draft.name not in corpus.keys}
    fresh: list[FieldDraft] = []
    kinds = infer_kinds(corpus, settings, today)
    for group in _key_groups(corpus, by_key, unused, settings, kinds):
        leader = by_key.get(group.leader.name)
        if leader is None:
            leader = _new_field(free.pop(group.leader.name), settings)
            fresh.append(leader)
        leader.alike += [(free.pop(name.name), like.why) for name, like in group.others if name.name in free]
    fresh += [_new_field(facts, settings) for facts in free.values()]
    return [*drafts, *sorted(fresh, key=_field_place)]


def _new_field(facts: KeyFacts, settings: Settings) -> FieldDraft:
    return FieldDraft(name=facts.name, key=settings.find_key(facts.name) or facts.name, rule=None, keys=[facts])


def draft_sections(corpus: Corpus, template: Template | None, settings: Settings) -> list[SectionDraft]:
    """Return the template's sections in its order, then those that the notes have beside it in the notes' order."""
    drafts = [SectionDraft(name=rule.heading, rule=rule) for rule in template.sections] if template else []
    by_rule = {draft.name: draft for draft in drafts}
    free: dict[str, HeadingFacts] = {}
    by_heading: dict[str, SectionDraft] = {}
    for facts in ranked_headings(corpus):
        rule = template.find_section(facts.name) if template else None
        if rule is not None:
            by_rule[rule.heading].headings.append(facts)
            by_heading[facts.name] = by_rule[rule.heading]
        elif facts.levels.keys() != {1}:  # a title
            free[facts.name] = facts
    unused = [draft for draft in drafts if not draft.headings]
    by_heading |= {draft.name: draft for draft in unused}
    fresh: list[SectionDraft] = []
    extra = [Name(name=draft.name, notes=frozenset(), meaning=draft.name) for draft in unused]
    templates = [template] if template else []
    for group in group_headings(corpus, settings, templates, leaders=tuple(by_heading), extra=extra):
        leader = by_heading.get(group.leader.name)
        if leader is None and group.leader.name in free:
            leader = SectionDraft(name=group.leader.name, rule=None, headings=[free.pop(group.leader.name)])
            fresh.append(leader)
        if leader is not None:
            leader.alike += [(free.pop(name.name), like.why) for name, like in group.others if name.name in free]
    fresh += [SectionDraft(name=name, rule=None, headings=[facts]) for name, facts in free.items()]
    return [*drafts, *sorted(fresh, key=_section_place)]


def _give_known(
    corpus: Corpus, drafts: Sequence[FieldDraft], template: Template | None, settings: Settings
) -> dict[str, KeyFacts]:
    """Give the drafts the keys that the template knows for them; return the others.

    Keys that one note has side by side are two fields, even where the template takes both for one.
    """
    by_rule = {draft.name: draft for draft in drafts}
    free: dict[str, KeyFacts] = {}
    for facts in ranked_keys(corpus):
        if settings.find_key(facts.name) in _RESERVED or facts.name in _RESERVED:
            continue
        rule = template.find_field(facts.name) if template else None
        draft = by_rule[rule.name] if rule else None
        own = draft is not None and facts.name == draft.name
        if draft is not None and (own or not any(_stand_together(facts, other) for other in draft.keys)):
            draft.keys.append(facts)
        else:
            free[facts.name] = facts
    return free


def _key_groups(
    corpus: Corpus,
    known: Mapping[str, FieldDraft],
    unused: Sequence[FieldDraft],
    settings: Settings,
    kinds: Mapping[str, Kind],
) -> Iterable[NameGroup]:
    """Return the groups of keys, those that the template knows leading."""
    extra = [
        Name(name=draft.name, notes=frozenset(), meaning=settings.find_key(draft.name) or "")
        for draft in unused
        if draft.name not in corpus.keys
    ]
    asked = {
        name: facts for name, facts in corpus.keys.items() if settings.find_key(name) not in _RESERVED and name.strip()
    }
    part = Corpus(notes=corpus.notes, keys=asked, headings={})
    return group_keys(part, settings, kinds, leaders=tuple(known), extra=extra)


def _stand_together(one: KeyFacts, other: KeyFacts) -> bool:
    return len(one.notes & other.notes) > _MOST_TOGETHER * min(len(one.notes), len(other.notes))


def _field_place(draft: FieldDraft) -> tuple[float, str]:
    facts = draft.facts
    return facts.places / max(len(facts.notes), 1), draft.name


def _section_place(draft: SectionDraft) -> tuple[float, str]:
    facts = draft.facts
    return facts.places / max(len(facts.notes), 1), draft.name


def say_owners(corpus: Corpus, notes: Iterable[int]) -> str:
    """Return who writes it and since when: "since 2026-08-01, by sato, ito", as far as the notes tell."""
    entries = [corpus.notes[note] for note in notes]
    days = sorted(entry.day for entry in entries if entry.day)
    owners = Counter(entry.owner for entry in entries if entry.owner)
    names = [owner for owner, _count in sorted(owners.items(), key=lambda item: (-item[1], item[0]))]
    pieces = [_("since {day}").format(day=days[0])] if days else []
    if names:
        shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")  # noqa: PLR2004 -- enough to ask someone
        pieces.append(_("by {owners}").format(owners=shown))
    return ", ".join(pieces)
