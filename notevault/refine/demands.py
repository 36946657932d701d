"""What a proposed template asks for, and which notes would break it: demands are eased until most notes pass.

Counted from the facts of the catalogue, so that no note is read again for it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from notevault.messages import gettext as _
from notevault.records import record
from notevault.refine.drafts import Drafts, FieldDraft, SectionDraft
from notevault.refine.kinds import fits
from notevault.refine.proposals import Action, Part, Proposal
from notevault.template import Choice, FieldRule, FieldType
from notevault.template.rules import LIST_TYPES
from notevault.template.values import Reader, split_list

MOST_BROKEN: Final = 0.08
"""So many of the notes may break what is newly asked."""
LEAST_EASED: Final = 0.1
"""A demand that the template makes already is given up only where more of the notes break it."""


@record
class _Demand:
    part: Part
    name: str
    broken: frozenset[int]
    is_type: bool = False
    is_old: bool = False
    """The template asks it already."""


def ease(proposals: Sequence[Proposal], drafts: Drafts, reader: Reader) -> tuple[Proposal, ...]:
    """Return the proposals with so many demands taken back that notes pass; the most broken go first."""
    eased = list(proposals)
    total = len(drafts.notes)
    while True:
        demands = _find_demands(eased, drafts, reader)
        broken = frozenset[int]().union(*(demand.broken for demand in demands))
        if len(broken) <= MOST_BROKEN * total:
            return tuple(eased)
        may_go = [one for one in demands if not one.is_old or len(one.broken) > LEAST_EASED * total]
        if not may_go:
            return tuple(eased)
        worst = max(may_go, key=lambda one: (len(one.broken), not one.is_old, one.part, one.name))
        _take_back(eased, worst, total)


def _take_back(proposals: list[Proposal], demand: _Demand, total: int) -> None:
    for place, proposal in enumerate(proposals):
        if proposal.part is not demand.part or proposal.name != demand.name:
            continue
        if demand.is_type and proposal.action in (Action.ADD, Action.RETYPE):
            proposals[place] = replace(proposal, type=None, choices=())
            return
        if not demand.is_type and proposal.action is Action.ADD:
            proposals[place] = replace(proposal, required=False)
            return
        if not demand.is_type and proposal.action is Action.REQUIRE:
            del proposals[place]
            return
    count = len(demand.broken)
    why = _("{count} of {total} notes break it").format(count=count, total=total)
    action = Action.RETYPE if demand.is_type else Action.RELAX
    proposals.append(Proposal(action=action, part=demand.part, name=demand.name, notes=count, of=total, why=why))


def _find_demands(proposals: Sequence[Proposal], drafts: Drafts, reader: Reader) -> list[_Demand]:
    found: list[_Demand] = []
    for draft in drafts.fields:
        found += _field_demands(draft, _of(proposals, Part.FIELD, draft.name), drafts.notes, reader)
    for section in drafts.sections:
        demand = _section_demand(section, _of(proposals, Part.SECTION, section.name), drafts.notes)
        found += [demand] if demand else []
    return [demand for demand in found if demand.broken]


def _of(proposals: Sequence[Proposal], part: Part, name: str) -> dict[Action, Proposal]:
    return {one.action: one for one in proposals if one.part is part and one.name == name}


def _field_demands(
    draft: FieldDraft, changes: dict[Action, Proposal], notes: frozenset[int], reader: Reader
) -> list[_Demand]:
    if Action.DROP in changes or (draft.rule is None and Action.ADD not in changes):
        return []
    rule = _final_rule(draft, changes)
    facts = draft.facts
    found = []
    if rule.required:
        missing = frozenset(notes - facts.filled)
        is_old = draft.rule is not None and draft.rule.required
        found.append(_Demand(part=Part.FIELD, name=draft.name, broken=missing, is_old=is_old))
    broken = _find_misfits(rule, draft, reader)
    is_old = draft.rule is not None and Action.RETYPE not in changes
    found.append(_Demand(part=Part.FIELD, name=draft.name, broken=broken, is_type=True, is_old=is_old))
    return found


def _final_rule(draft: FieldDraft, changes: dict[Action, Proposal]) -> FieldRule:
    """Return the field's rule with the proposals carried out."""
    rule = draft.rule or FieldRule(name=draft.name, key=draft.key)
    if added := changes.get(Action.ADD):
        rule = replace(
            rule,
            type=FieldType(added.type or FieldType.ANY),
            required=added.required,
            choices=tuple(Choice(key=one.choice, also=one.also) for one in added.choices),
        )
    if retyped := changes.get(Action.RETYPE):
        rule = replace(rule, type=FieldType(retyped.type or FieldType.ANY), choices=())
    if more := changes.get(Action.CHOICES):
        rule = replace(rule, choices=(*rule.choices, *(Choice(key=one.choice, also=one.also) for one in more.choices)))
    return replace(rule, required=(rule.required or Action.REQUIRE in changes) and Action.RELAX not in changes)


def _find_misfits(rule: FieldRule, draft: FieldDraft, reader: Reader) -> frozenset[int]:
    """Return the notes with a value that the rule does not take."""
    facts = draft.facts
    if rule.type is FieldType.ANY:
        return frozenset()
    broken = set(facts.nested)
    if rule.type not in LIST_TYPES:
        broken |= facts.several
    known: dict[str, bool] = {}
    for note, value in facts.values:
        if value not in known:
            items = split_list(value) if rule.type in LIST_TYPES else (value,)
            known[value] = all(fits(rule, item, reader) for item in items)
        if not known[value]:
            broken.add(note)
    return frozenset(broken)


def _section_demand(draft: SectionDraft, changes: dict[Action, Proposal], notes: frozenset[int]) -> _Demand | None:
    if Action.DROP in changes:
        return None
    added = changes.get(Action.ADD)
    required = added.required if added else bool(draft.rule and draft.rule.required)
    if Action.RELAX in changes or not (required or Action.REQUIRE in changes):
        return None
    is_old = bool(draft.rule and draft.rule.required)
    return _Demand(part=Part.SECTION, name=draft.name, broken=frozenset(notes - draft.facts.filled), is_old=is_old)
