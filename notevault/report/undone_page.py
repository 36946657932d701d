"""What did not happen as a page: how much of it, then a table for each kind."""

from collections.abc import Sequence

from notevault.messages import gettext as _
from notevault.report.document import Block, Cell, Document, Facts, Heading, Remark, make_table
from notevault.report.say import Words
from notevault.report.undone import KINDS, Undone

_OF_STAGES = ("no-next-step", "too-long", "close-passed")


def make_undone(found: Sequence[Undone], words: Words) -> Document:
    """Return the counts and the tables."""
    labels = undone_labels()
    by_kind = {kind: [each for each in found if each.kind == kind] for kind in KINDS}
    counts = {labels[kind]: len(by_kind[kind]) for kind in KINDS if by_kind[kind]}
    blocks: list[Block] = [Facts(rows=tuple((label, str(count)) for label, count in counts.items()))]
    for kind in KINDS:
        if by_kind[kind]:
            blocks += [Heading(text=labels[kind]), _table(by_kind[kind], words)]
    if not found:
        blocks = [Remark(text=_("Everything that should have happened by now did."))]
    return Document(title=_("What did not happen"), blocks=tuple(blocks))


def undone_labels() -> dict[str, str]:
    """Return what each kind is called."""
    return {
        "todo": _("ToDos overdue"),
        "not-written": _("standard ToDos of the stage that nobody wrote"),
        "no-next-step": _("deals without a next ToDo"),
        "too-long": _("deals too long in their stage"),
        "close-passed": _("deals past their close date"),
        "meeting": _("announced meetings without a note"),
        "consult": _("questions without an answer"),
        "revisit": _("lost deals not looked at again"),
        "lead": _("new leads that missed their contact points"),
        "silent": _("customers gone silent"),
    }


def _table(found: Sequence[Undone], words: Words) -> Block:
    headings = (_("by when"), _("days"), _("owner"), _("customer"), _("deal"), _("what"), _("place"))
    rows = [
        (
            Cell(text=str(each.since or ""), tone="bad"),
            "" if each.days is None else str(each.days),
            *(each.owner or "", each.customer or "", each.deal or ""),
            words.stage(each.text) if each.kind in _OF_STAGES else each.text,
            each.path or "",
        )
        for each in found
    ]
    return make_table(headings, rows, right=(1,), flexible=(3, 4, 5, 6))
