"""Competitors as a page: a line each, or one in full."""

from collections.abc import Sequence
from typing import Final

from notevault.messages import gettext as _
from notevault.messages import ngettext
from notevault.report.competitors import Competitor, HeardPrice
from notevault.report.document import Block, Cell, Document, Facts, Heading, Item, Items, Remark, make_table
from notevault.report.say import Words, join_facts
from notevault.report.stage_plots import Bar, draw_bars
from notevault.report.sums import Sum

_MOST_CUSTOMERS: Final = 5


def make_competitors(found: Sequence[Competitor], words: Words) -> Document:
    """Return all competitors in a table, and the prices that do not agree."""
    if not found:
        return Document(title=_("Competitors"), blocks=(Remark(text=_("No note names a competitor.")),))
    headings = (
        *(_("competitor"), _("notes"), _("last"), _("open deals"), _("won"), _("lost"), _("value lost")),
        *(_("reasons"), _("customers")),
    )
    rows = [
        (
            *(each.name, str(each.notes), str(each.last or "")),
            *(str(each.deals_open), str(each.deals_won), str(each.deals_lost), _money(each.lost, words)),
            *(", ".join(each.lost_reasons), _newest(each.customers)),
        )
        for each in found
    ]
    bars = [
        Bar(
            label=each.name,
            whole=each.deals_won + each.deals_lost,
            part=each.deals_won,
            remark=_("{won} won, {lost} lost").format(won=each.deals_won, lost=each.deals_lost),
        )
        for each in found
        if each.deals_won + each.deals_lost
    ]
    blocks: list[Block] = [*draw_bars(bars), make_table(headings, rows, right=(1, 3, 4, 5, 6), flexible=(7, 8))]
    for each in found:
        if prices := [price for price in each.prices if price.contradicted]:
            blocks += [Heading(text=_("{name}: figures that do not agree").format(name=each.name)), _prices(prices)]
    return Document(title=_("Competitors"), blocks=tuple(blocks))


def _newest(customers: Sequence[str]) -> str:
    """Return the customers where it turned up last, and how many more there are."""
    names = ", ".join(customers[-_MOST_CUSTOMERS:])
    more = len(customers) - _MOST_CUSTOMERS
    return _("{names} and {count} more").format(names=names, count=more) if more > 0 else names


def make_competitor(each: Competitor, words: Words) -> Document:
    """Return what is known of one competitor."""
    facts = (
        (_("notes"), str(each.notes)),
        (_("last heard of"), str(each.last or "")),
        (_("open deals"), str(each.deals_open)),
        (_("won against it"), _count(each.deals_won, each.won, words)),
        (_("lost against it"), _count(each.deals_lost, each.lost, words)),
        (_("reasons"), ", ".join(each.lost_reasons)),
        (_("customers"), ", ".join(each.customers)),
    )
    blocks: list[Block] = [Facts(rows=tuple((label, value) for label, value in facts if value))]
    contradicted = [price for price in each.prices if price.contradicted]
    if contradicted:
        blocks += [Heading(text=_("Figures that do not agree")), _prices(contradicted)]
    if agreed := [price for price in each.prices if not price.contradicted]:
        blocks += [Heading(text=_("Prices heard")), _prices(agreed)]
    if each.heard:
        items = tuple(
            Item(
                text=heard.text,
                details=(
                    join_facts(
                        *(str(heard.day or ""), heard.owner, heard.customer, heard.deal),
                        *(", ".join(heard.contacts), f"{heard.path}:{heard.line}"),
                    ),
                ),
            )
            for heard in each.heard
        )
        blocks += [Heading(text=_("What was heard")), Items(items=items)]
    return Document(title=each.name, blocks=tuple(blocks))


def _prices(prices: Sequence[HeardPrice]) -> Block:
    headings = (_("about"), _("heard price"), _("date"), _("owner"), _("customer"), _("place"))
    rows = [
        (
            *(_topic(price.topic), Cell(text=price.text, tone="bad" if price.contradicted else "")),
            *(str(price.day or ""), price.owner or "", price.customer or "", f"{price.path}:{price.line}"),
        )
        for price in prices
    ]
    return make_table(headings, rows, flexible=(4, 5))


def _topic(topic: str) -> str:
    known = {
        "mono page": _("page, black and white"),
        "colour page": _("page, colour"),
        "page": _("page"),
        "discount": _("discount"),
    }
    return known.get(topic, topic)


def _money(sums: Sequence[Sum], words: Words) -> str:
    return " + ".join(words.money(each.amount, each.currency) for each in sums)


def _count(deals: int, sums: Sequence[Sum], words: Words) -> str:
    said = ngettext("{count} deal", "{count} deals", deals).format(count=deals)
    return " ".join(filter(None, (said, _money(sums, words))))
