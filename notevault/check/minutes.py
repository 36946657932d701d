"""Rules about fact, interpretation and action (空・雨・傘), and about the ToDos in them."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Final

from notevault.check.rule import Finding, NoteContext, SectionEntry
from notevault.check.sections import find_todo_debt, lines_of
from notevault.messages import gettext as _
from notevault.model import Severity, Task, TodoStatus
from notevault.template import SectionRule, heading_key
from notevault.text import normalize


class Role(StrEnum):
    """What a section of minutes is for."""

    FACT = "fact"
    INTERPRETATION = "interpretation"
    ACTION = "action"


_ROLES: Final = {
    Role.FACT: ("事実", "空", "内容", "fact", "facts", "details"),
    Role.INTERPRETATION: ("解釈", "雨", "interpretation", "assessment"),
    Role.ACTION: ("行動", "傘", "action", "actions", "next steps", "next actions"),
}
_ROLE_OF: Final = {heading_key(name): role for role, names in _ROLES.items() for name in names}
_NOTHING: Final = frozenset(("なし", "無し", "特になし", "特に無し", "ありません", "none", "nothing", "n/a", "-"))
_LONGEST_STOCK: Final = 120
"""A longer text says more than that a visit took place."""
_VISIT: Final = (
    r"(?:定期|定例|初回|新規|表敬|年末|年始|新年|暑中)?の?"
    r"(?:訪問|往訪|来訪|来社|面談|面会|商談|打合せ|打ち合わせ|会議|挨拶|ご挨拶|御挨拶|電話|架電|連絡|お会い|会って|会い|伺い|伺って|お伺い|お邪魔)"
    r"(?:を|に|で|の)?(?:実施|して|した|し|行って|行っ|行い|行|訪問|伺って|伺っ|伺い)*(?:きました|きた|ました|た|済み?|のみ)?"
)
_VISIT_EN: Final = (
    r"\b(?:we|i|visited|visit|met|meeting|with|had|a|the|called|call|phoned|rang|saw|on|at|in|customer|client|office|them"
    r"|him|her|said|hello|paid|regular|courtesy|by|phone|talked|to|took|place|was|held|went|and|today|came)\b"
)
_JOINTS: Final = r"[\s、。,.:;!?・･\-*+()（）「」~/\d年月日時分]+"
_PARTICLES: Final = (
    r"^(?:様|さま|さん|氏|殿|御中|部長|課長|社長|専務|常務|係長|主任|店長|担当|先方|当社|弊社|客先|お客|先"
    r"|と|に|を|へ|で|の|は|が|も|し|本|今|昨|ms|mr|mrs)+$"
)


def check_todo_due(context: NoteContext) -> Iterator[Finding]:
    """An open ToDo has no due date.

    What nobody must do by a day is done by nobody. Write ``due:2026-11-27``, ``📅 2026-11-27``, ``（期限: 11/27）`` or
    ``11/27まで``.

    Before::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
        ## Actions
        - [ ] Ask for the volume price @sato

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
        ## Actions
        - [ ] Ask for the volume price @sato due:2026-11-27
    """
    for task in _open_tasks(context):
        if not _says_due(task, context.facts.day or context.today):
            yield Finding(
                span=task.text_span,
                message=_("the ToDo has no due date: {text}").format(text=_short(task.text)),
                hint=_("add 'due:YYYY-MM-DD'"),
            )


def check_todo_owner(context: NoteContext) -> Iterator[Finding]:
    """An open ToDo has no owner, and neither has the note.

    Write ``@sato`` or ``担当:佐藤`` into the ToDo, or ``owner:`` into the note's front matter.

    Before::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
        ## Actions
        - [ ] Ask for the volume price due:2026-11-27

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        owner: sato
        ---
        ## Details
        Laura asked for a discount.
        ## Actions
        - [ ] Ask for the volume price due:2026-11-27
    """
    if context.facts.owner:
        return
    for task in _open_tasks(context):
        if not _says_owner(task):
            yield Finding(
                span=task.text_span,
                message=_("nobody is to do this: {text}").format(text=_short(task.text)),
                hint=_("add '@name', or 'owner:' to the note"),
            )


def check_action_prose(context: NoteContext) -> Iterator[Finding]:
    """The section for actions holds sentences and no ToDo.

    Only a ToDo is listed, has an owner and a due date, and can be ticked. "None" is an answer, too.

    Before::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
        ## Actions
        Sato will ask for the volume price.

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
        ## Actions
        - [ ] Ask for the volume price @sato due:2026-11-27
    """
    for entry in _of_role(context, Role.ACTION):
        said = lines_of(context.note, entry)
        if not said or _tasks_in(context, entry) or _owes_open_todo(context, entry.rule):
            continue
        if any(normalize(line).strip("。. -*") not in _NOTHING for line in said):
            yield Finding(
                span=entry.section.heading_span,
                message=_("'{heading}' holds no ToDo").format(heading=entry.section.heading),
                hint=_("write each step as '- [ ] what @owner due:YYYY-MM-DD', or 'none'"),
            )


def check_fact_thin(context: NoteContext) -> Iterator[Finding]:
    """The section for facts only says that there was a visit or a call.

    That is in the front matter already. Write what was seen and heard, with figures and quotes as they were.

    Before::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Called Northwind.

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
    for entry in _of_role(context, Role.FACT):
        said = " ".join(lines_of(context.note, entry))
        if said and _says_only_visit(said, context):
            yield Finding(
                span=entry.section.heading_span,
                message=_("'{heading}' only says that there was a visit or a call").format(
                    heading=entry.section.heading
                ),
                hint=_("write what you saw and heard: figures, quotes, who said it"),
            )


def check_todo_misplaced(context: NoteContext) -> Iterator[Finding]:
    """An open ToDo stands among the facts or the interpretation, though the template has a section for actions.

    It is listed all the same; readers look for it under the actions.

    Before::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
        - [ ] Ask for the volume price @sato due:2026-11-27

    After::

        ---
        type: call
        date: 2026-11-20
        customer: Northwind
        channel: phone
        ---
        ## Details
        Laura asked for a discount.
        ## Actions
        - [ ] Ask for the volume price @sato due:2026-11-27
    """
    rules = context.template.sections if context.template else ()
    action = next((rule for rule in rules if role_of(rule) is Role.ACTION), None)
    for role in (Role.FACT, Role.INTERPRETATION) if action else ():
        for entry in _of_role(context, role):
            for task in _tasks_in(context, entry):
                if action and _is_open(task):
                    yield Finding(
                        span=task.text_span,
                        message=_("a ToDo stands under '{heading}'").format(heading=entry.section.heading),
                        hint=_("move it under '{heading}'").format(heading=action.heading),
                        severity=Severity.INFO,
                    )


def role_of(rule: SectionRule) -> Role | None:
    """Return what a template's section is for, by its heading or, where that says nothing, its other spellings."""
    return next((role for name in (rule.heading, *rule.also) if (role := _ROLE_OF.get(heading_key(name)))), None)


def _of_role(context: NoteContext, role: Role) -> Iterator[SectionEntry]:
    return (entry for entry in context.sections if entry.rule and role_of(entry.rule) is role)


def _open_tasks(context: NoteContext) -> Iterator[Task]:
    return (task for task in context.note.tasks if task.text and _is_open(task))


def _is_open(task: Task) -> bool:
    from notevault.extract.todos import todo_status  # noqa: PLC0415 -- start-up time

    return todo_status(task.mark) is TodoStatus.OPEN


def _says_due(task: Task, reference: date) -> bool:
    from notevault.extract.todos import parse_task_text  # noqa: PLC0415 -- start-up time

    return parse_task_text(task.text, reference).due is not None


def _says_owner(task: Task) -> bool:
    from notevault.extract.todos import parse_task_text  # noqa: PLC0415 -- start-up time

    return parse_task_text(task.text, date.min).owner is not None


def _tasks_in(context: NoteContext, entry: SectionEntry) -> list[Task]:
    return [task for task in context.note.tasks if entry.content.start <= task.span.start < entry.content.end]


def _owes_open_todo(context: NoteContext, rule: SectionRule | None) -> bool:
    """Say whether the rule todo-missing speaks of the section."""
    return rule is not None and find_todo_debt(context, rule) is not None


def _says_only_visit(text: str, context: NoteContext) -> bool:
    if len(text) > _LONGEST_STOCK:
        return False
    bare = normalize(text)
    facts = context.facts
    for name in (facts.customer, facts.owner, *(person.name for person in facts.contacts)):
        bare = bare.replace(normalize(name), " ") if name else bare
    left = re.sub(_VISIT_EN, " ", re.sub(_VISIT, " ", bare))
    return left != bare and all(not word or re.match(_PARTICLES, word) for word in re.split(_JOINTS, left))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 -- one line of a terminal
