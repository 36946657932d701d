"""The inventory of customers as a page."""

from collections.abc import Sequence
from datetime import date

from notevault.config import Settings
from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.document import Block, Document, Facts, Heading, Remark, make_table
from notevault.report.inventory import MARKS, CustomerStock
from notevault.report.say import say_period, say_sums
from notevault.report.stage_plots import Bar, draw_bars
from notevault.report.sums import Sum, add_up


def make_inventory(found: Sequence[CustomerStock], settings: Settings, period: tuple[date, date]) -> Document:
    """Return how many customers are what, with their value, and the lists that ask for a deed."""
    labels = mark_labels(settings)
    marked = {mark: [each for each in found if mark in each.marks] for mark in MARKS}
    values = {
        "won": add_up(sums for each in marked["won"] for sums in each.won),
        "lost": add_up(sums for each in marked["lost"] for sums in each.lost),
        "silent": add_up(sums for each in marked["silent"] for sums in each.open),
        "going-silent": add_up(sums for each in marked["going-silent"] for sums in each.open),
    }
    facts = tuple((labels[mark], _count(len(marked[mark]), values.get(mark, ()))) for mark in MARKS)
    bars = [Bar(label=labels[mark], whole=len(marked[mark]), part=0, remark=str(len(marked[mark]))) for mark in MARKS]
    blocks: list[Block] = [Facts(rows=facts), *draw_bars(bars)]
    for mark in ("won", "lost", "regained", "silent", "going-silent", "dormant"):
        if marked[mark]:
            blocks += [Heading(text=labels[mark]), _table(marked[mark], mark)]
    if not found:
        blocks = [Remark(text=_("Nobody was spoken to by then."))]
    return Document(title=_("Inventory of customers"), subtitle=say_period(period), blocks=tuple(blocks))


def mark_labels(settings: Settings) -> dict[str, str]:
    """Return what each mark is called."""
    days = settings.inventory.silent_days
    return {
        "won": _("won"),
        "lost": _("lost"),
        "regained": _("regained"),
        "active": _("active"),
        "going-silent": _("about to go silent"),
        "silent": _("went silent ({days} days)").format(days=days),
        "dormant": _("silent since before"),
    }


def _count(customers: int, sums: Sequence[Sum]) -> str:
    said = ngettext("{count} customer", "{count} customers", customers).format(count=customers)
    return "  ".join(filter(None, (said, say_sums(sums))))


def _table(found: Sequence[CustomerStock], mark: str) -> Block:
    value = {"won": _("value won"), "lost": _("value lost")}.get(mark, _("open deals"))
    headings = (_("customer"), _("owner"), _("last contact"), _("days"), _("silent on"), value, _("reasons"))
    rows = [
        (
            *(each.customer, each.owner or "", each.last_contact.isoformat(), str(each.days)),
            each.silent_on.isoformat() if mark in ("silent", "going-silent", "dormant") else "",
            say_sums({"won": each.won, "lost": each.lost}.get(mark, each.open)),
            ", ".join(each.lost_reasons) if mark == "lost" else "",
        )
        for each in found
    ]
    return make_table(headings, rows, right=(3, 5), flexible=(0, 6))
