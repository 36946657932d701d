"""The next version of a template, proposed from what its notes hold; each proposal with its evidence."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from notevault.config import Settings, spelling_key
from notevault.messages import gettext as _
from notevault.records import record
from notevault.refine.alike import fold_name, text_likeness
from notevault.refine.corpus import Corpus, HeadingFacts, KeyFacts
from notevault.refine.demands import ease
from notevault.refine.drafts import Drafts, FieldDraft, SectionDraft, make_drafts, say_owners
from notevault.refine.kinds import fits, fitting_share, infer_kind
from notevault.refine.proposals import Action, ChoiceProposal, Part, Proposal
from notevault.template import FieldRule, FieldType, Template, heading_key
from notevault.template.placeholders import Placeholder, parse_placeholders
from notevault.template.rules import LIST_TYPES
from notevault.template.values import Reader, split_list

LEAST_NOTES: Final = 3
LEAST_ADDED: Final = 0.1
"""A key or heading is proposed where this part of the notes has it."""
LEAST_REQUIRED: Final = 0.95
LEAST_KEPT: Final = 0.75
"""A required field that fewer notes fill is proposed to be optional."""
_ENOUGH_TO_REQUIRE: Final = 5
_ENOUGH_TO_DROP: Final = 10
_MOST_FAILING: Final = 0.05
_MOST_CHOICES: Final = 12
_LEAST_CHOICE_USES: Final = 2
_NEVER_DROPPED: Final = frozenset({"date", "customer", "name", "title"})
_ALIKE: Final = 0.7


@record
class Context:
    """What proposing works on."""

    corpus: Corpus
    settings: Settings
    reader: Reader
    template: Template | None
    drafts: Drafts

    @property
    def total(self) -> int:
        """How many notes are looked at."""
        return len(self.corpus.notes)


def propose(corpus: Corpus, template: Template | None, settings: Settings, *, today: date) -> tuple[Proposal, ...]:
    """Return the proposals: fields in the order of the template, then sections; most notes pass what they ask for.

    Without a template they make a first one.
    """
    reader = Reader(settings=settings, today=today)
    drafts = make_drafts(corpus, template, settings, today)
    context = Context(corpus=corpus, settings=settings, reader=reader, template=template, drafts=drafts)
    found: list[Proposal] = []
    for draft in drafts.fields:
        found += _propose_field(draft, context) if draft.rule else _propose_new_field(draft, context)
    for section in drafts.sections:
        found += _propose_section(section, context) if section.rule else _propose_new_section(section, context)
    return ease(found, drafts, reader)


def _propose_new_field(draft: FieldDraft, context: Context) -> Iterator[Proposal]:
    facts, total = draft.facts, context.total
    if len(facts.notes) < max(LEAST_NOTES, LEAST_ADDED * total):
        return
    kind = infer_kind(facts, context.settings, context.reader.today).type
    choices = _make_choices(draft.counts, draft.name, context) if kind is FieldType.CHOICE else ()
    if kind is FieldType.CHOICE and not choices:
        kind = FieldType.TEXT
    filled = len(facts.filled)
    yield Proposal(
        action=Action.ADD,
        part=Part.FIELD,
        name=draft.name,
        type=None if kind is FieldType.ANY else kind.value,
        required=total >= _ENOUGH_TO_REQUIRE and filled >= LEAST_REQUIRED * total,
        also=tuple(one.name for one, _why in draft.alike),
        choices=choices,
        notes=len(facts.notes),
        of=total,
        why=_join(
            _("{count} of {total} notes have it").format(count=len(facts.notes), total=total),
            say_owners(context.corpus, facts.notes),
            *(f"{one.name}: {why}" for one, why in draft.alike),
        ),
    )


def _propose_field(draft: FieldDraft, context: Context) -> Iterator[Proposal]:
    rule, facts, total = draft.rule, draft.facts, context.total
    assert rule is not None  # noqa: S101 -- the caller has looked
    yield from _propose_names(draft, context)
    if not draft.keys and draft.alike:  # the rest once it has its new name
        return
    filled = len(facts.filled)
    if filled:
        yield from _propose_values(draft, rule, context)
    if rule.required and filled < LEAST_KEPT * total and total >= LEAST_NOTES:
        why = _("{count} of {total} notes leave it empty").format(count=total - filled, total=total)
        yield _simple(Action.RELAX, rule.name, total - filled, total, why)
    elif _may_be_required(rule, filled, total):
        why = _("{count} of {total} notes fill it").format(count=filled, total=total)
        yield replace(_simple(Action.REQUIRE, rule.name, filled, total, why), required=True)
    unneeded = not filled and not rule.required and not rule.required_from and not rule.default
    if unneeded and total >= _ENOUGH_TO_DROP and rule.key not in _NEVER_DROPPED and not _is_placed(rule, context):
        why = _("none of {total} notes fills it").format(total=total)
        yield _simple(Action.DROP, rule.name, 0, total, why)


def _may_be_required(rule: FieldRule, filled: int, total: int) -> bool:
    return (
        not rule.required
        and not rule.required_from
        and total >= _ENOUGH_TO_REQUIRE
        and filled >= LEAST_REQUIRED * total
    )


def _propose_names(draft: FieldDraft, context: Context) -> Iterator[Proposal]:
    """Propose to take other keys for the field; where no note writes it, the field takes over their name."""
    takes_over = not draft.keys and bool(draft.alike)
    for facts, why in draft.alike[:1] if takes_over else ():
        evidence = _join(
            _("no note writes '{name}', {count} write '{other}'").format(
                name=draft.name, count=len(facts.notes), other=facts.name
            ),
            why,
        )
        yield Proposal(
            action=Action.RENAME,
            part=Part.FIELD,
            name=draft.name,
            to=facts.name,
            notes=len(facts.notes),
            of=context.total,
            why=evidence,
        )
    target = draft.alike[0][0].name if takes_over else draft.name
    for facts, why in draft.alike[1:] if takes_over else draft.alike:
        yield _renaming(Part.FIELD, facts, target, why, context)


def _renaming(part: Part, facts: KeyFacts | HeadingFacts, target: str, why: str, context: Context) -> Proposal:
    count = _("{count} of {total} notes have it").format(count=len(facts.notes), total=context.total)
    return Proposal(
        action=Action.RENAME,
        part=part,
        name=facts.name,
        to=target,
        notes=len(facts.notes),
        of=context.total,
        why=_join(why, count, say_owners(context.corpus, facts.notes)),
    )


def _propose_values(draft: FieldDraft, rule: FieldRule, context: Context) -> Iterator[Proposal]:
    counts = _items(draft.counts, rule)
    if rule.type is FieldType.CHOICE:
        yield from _propose_choices(rule, counts, context)
    elif rule.type not in (FieldType.ANY, FieldType.STAGE) and not (rule.pattern or rule.minimum or rule.maximum):
        share = fitting_share(rule, counts, context.reader)
        several = rule.type not in LIST_TYPES and len(draft.facts.several) > _MOST_FAILING * len(draft.facts.notes)
        if share >= 1 - _MOST_FAILING and not several:
            return
        kind = infer_kind(draft.facts, context.settings, context.reader.today).type
        kind = FieldType.TEXT if kind is FieldType.CHOICE else kind
        if kind is rule.type:
            return
        bad = [value for value, _count in counts.most_common() if not fits(rule, value, context.reader)]
        reason = (
            _("{share:.0%} of its values are not of the type {type}, e.g. '{value}'").format(
                share=1 - share, type=rule.type.value, value=bad[0][:40]
            )
            if bad
            else _("{count} notes give it several values").format(count=len(draft.facts.several))
        )
        total = len(draft.facts.filled)
        yield replace(_simple(Action.RETYPE, rule.name, total, context.total, reason), type=kind.value)


def _items(counts: Counter[str], rule: FieldRule) -> Counter[str]:
    if rule.type not in LIST_TYPES:
        return counts
    items: Counter[str] = Counter()
    for value, count in counts.items():
        for item in split_list(value):
            items[item] += count
    return items


def _propose_choices(rule: FieldRule, counts: Counter[str], context: Context) -> Iterator[Proposal]:
    unknown = Counter({value: count for value, count in counts.items() if not fits(rule, value, context.reader)})
    known = [choice.key for choice in rule.choices]
    found: dict[str, list[str]] = {}
    for value, count in _ranked(unknown):
        if count < _LEAST_CHOICE_USES:
            continue
        target = next((choice for choice in (*known, *found) if _mean_the_same(choice, value, rule, context)), None)
        if target is None:
            found[value] = []
        else:
            found.setdefault(target, []).append(value)
    if not found:
        return
    shown = ", ".join(f"{value} ({count})" for value, count in _ranked(unknown)[:5])
    why = _("values that are no choice yet: {values}").format(values=shown)
    choices = tuple(ChoiceProposal(choice=choice, also=tuple(also)) for choice, also in found.items())
    yield replace(_simple(Action.CHOICES, rule.name, unknown.total(), context.total, why), choices=choices)


def _make_choices(counts: Counter[str], name: str, context: Context) -> tuple[ChoiceProposal, ...]:
    """Return the values as choices, spellings of one value taken together."""
    rule = FieldRule(name=name, key=context.settings.find_key(name) or name)
    found: dict[str, list[str]] = {}
    for value, _count in _ranked(counts):
        target = next((choice for choice in found if _mean_the_same(choice, value, rule, context)), None)
        if target is None:
            found[value] = []
        elif spelling_key(value) != spelling_key(target):
            found[target].append(value)
    if len(found) > _MOST_CHOICES:
        return ()
    return tuple(ChoiceProposal(choice=choice, also=tuple(also)) for choice, also in found.items())


def _mean_the_same(choice: str, value: str, rule: FieldRule, context: Context) -> bool:
    if fold_name(choice) == fold_name(value):
        return True
    if rule.key == "channel":
        known = context.settings.find_channel(value)
        return known is not None and known is context.settings.find_channel(choice)
    spelled = next((other.also for other in rule.choices if other.key == choice), ())
    return any(text_likeness(fold_name(one), fold_name(value)) >= _ALIKE for one in (choice, *spelled))


def _propose_new_section(draft: SectionDraft, context: Context) -> Iterator[Proposal]:
    facts, total = draft.facts, context.total
    if len(facts.notes) < max(LEAST_NOTES, LEAST_ADDED * total):
        return
    spellings = [one.name for one, _why in draft.alike]
    yield Proposal(
        action=Action.ADD,
        part=Part.SECTION,
        name=draft.name,
        level=min(facts.levels, key=lambda level: (-facts.levels[level], level)),
        required=total >= _ENOUGH_TO_REQUIRE and len(facts.filled) >= LEAST_REQUIRED * total,
        also=tuple(dict.fromkeys(name for name in spellings if heading_key(name) != heading_key(draft.name))),
        notes=len(facts.notes),
        of=total,
        why=_join(
            _("{count} of {total} notes have it").format(count=len(facts.notes), total=total),
            say_owners(context.corpus, facts.notes),
            *(f"{one.name}: {why}" for one, why in draft.alike),
        ),
    )


def _propose_section(draft: SectionDraft, context: Context) -> Iterator[Proposal]:
    rule, facts, total = draft.rule, draft.facts, context.total
    assert rule is not None  # noqa: S101 -- the caller has looked
    for one, why in draft.alike:
        if len(one.notes) >= _LEAST_CHOICE_USES or len(one.notes) >= LEAST_ADDED * total:
            yield _renaming(Part.SECTION, one, rule.heading, why, context)
    filled = len(facts.filled)
    if rule.required and filled < LEAST_KEPT * total and total >= LEAST_NOTES:
        why = _("{count} of {total} notes leave it out or empty").format(count=total - filled, total=total)
        yield replace(_simple(Action.RELAX, rule.heading, total - filled, total, why), part=Part.SECTION)
    elif not (rule.required or rule.required_from) and total >= _ENOUGH_TO_REQUIRE:
        if filled >= LEAST_REQUIRED * total:
            why = _("{count} of {total} notes fill it").format(count=filled, total=total)
            yield replace(_simple(Action.REQUIRE, rule.heading, filled, total, why), part=Part.SECTION, required=True)
        elif not facts.notes and total >= _ENOUGH_TO_DROP and rule.todo is None:
            why = _("none of {total} notes has it").format(total=total)
            yield replace(_simple(Action.DROP, rule.heading, 0, total, why), part=Part.SECTION)


def _is_placed(rule: FieldRule, context: Context) -> bool:
    """Say whether path or skeleton of the template hold the field as a placeholder."""
    template = context.template
    parts = (*template.path, *parse_placeholders(template.skeleton)) if template else ()
    return any(isinstance(part, Placeholder) and template.find_field(part.name) is rule for part in parts if template)


def _simple(action: Action, name: str, notes: int, total: int, why: str) -> Proposal:
    return Proposal(action=action, part=Part.FIELD, name=name, notes=notes, of=total, why=why)


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _join(*pieces: str) -> str:
    return "; ".join(piece for piece in pieces if piece)
