"""The lost deals to look at again as a page."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from notevault.messages import gettext as _
from notevault.report.document import Block, Cell, Document, Heading, Remark, make_table
from notevault.report.nurture import NurtureDeal
from notevault.report.say import Words
from notevault.report.stage_plots import Bar, draw_bars

_REASONS: Final = 10
"""Reasons in the plot, the most frequent ones."""


def make_nurture(found: Sequence[NurtureDeal], words: Words) -> Document:
    """Return what is due now, then the rest."""
    due = [each for each in found if each.due]
    later = [each for each in found if not each.due]
    reasons = Counter(each.reason for each in found if each.reason).most_common(_REASONS)
    bars = [Bar(label=reason, whole=count, part=0, remark=str(count)) for reason, count in reasons]
    blocks: list[Block] = [*draw_bars(bars)]
    if due:
        blocks += [Heading(text=_("Look again now ({count})").format(count=len(due))), _table(due, words)]
    if later:
        blocks += [Heading(text=_("Later ({count})").format(count=len(later))), _table(later, words)]
    return Document(title=_("Lost deals to look at again"), blocks=tuple(blocks) or (Remark(text=_("No lost deal.")),))


def make_ranking(found: Sequence[NurtureDeal]) -> Document:
    """Return lost deals and silent customers in one table, in the order given."""
    headings = (
        *(
            _("signals"),
            _("customer"),
            _("deal"),
            _("owner"),
            _("state"),
            _("since when"),
            _("look again"),
            _("reason"),
        ),
        *(_("contact"), _("e-mail"), _("mail allowed"), _("last contact")),
    )
    rows = [
        (
            Cell(text=str(each.signals), tone="good" if each.signals else ""),
            *(each.customer, each.deal or "", each.owner or ""),
            *((_("silent"), str(each.silent_on)) if each.kind == "silent" else (_("lost"), str(each.lost_on or ""))),
            Cell(text=each.revisit or "", tone="warn" if each.due else ""),
            *(each.reason or "", " ".join(filter(None, (each.contact, each.title)))),
            *(each.email or "", each.consent or "", str(each.last_contact or "")),
        )
        for each in found
    ]
    title = _("Lost and silent customers by signals")
    if not rows:
        return Document(title=title, blocks=(Remark(text=_("No lost deal and no silent customer.")),))
    return Document(title=title, blocks=(make_table(headings, rows, right=(0,), flexible=(1, 2, 7)),))


def _table(found: Sequence[NurtureDeal], words: Words) -> Block:
    headings = (
        *(_("look again"), _("customer"), _("deal"), _("owner"), _("amount"), _("lost on"), _("reason")),
        *(_("competitor"), _("contact"), _("e-mail"), _("mail allowed"), _("last contact"), _("signals")),
    )
    rows = [
        (
            Cell(text=each.revisit or _("no date"), tone="warn" if each.due or not each.revisit_on else ""),
            *(each.customer, each.deal or "", each.owner or "", words.money(each.amount, each.currency)),
            *(str(each.lost_on or ""), each.reason or "", ", ".join(each.competitors)),
            *(" ".join(filter(None, (each.contact, each.title))), each.email or "", each.consent or ""),
            *(str(each.last_contact or ""), str(each.signals or "")),
        )
        for each in found
    ]
    return make_table(headings, rows, right=(4, 12), flexible=(1, 2, 7))
