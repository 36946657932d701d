"""Contact points as a page."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from notevault.messages import gettext as _
from notevault.report.document import Block, Cell, Document, Heading, Remark, Tone, make_table
from notevault.report.points import CustomerPoints, LeadRule, PointsGroup
from notevault.report.say import Words, say_period
from notevault.report.stage_plots import Bar, draw_bars

_BARS: Final = 15
"""Customers in the plot; the table has them all."""
_TONES: dict[str, Tone] = {"reached": "good", "on-the-way": "warn", "missed": "bad"}


def make_points(lines: Sequence[CustomerPoints], words: Words, period: tuple[date, date]) -> Document:
    """Return the customers, the new leads before the others."""
    leads = sorted((line for line in lines if line.lead), key=_by_need)
    rest = [line for line in lines if line.points]
    blocks: list[Block] = []
    if leads:
        count = sum(line.lead is not None and line.lead.state == "reached" for line in leads)
        heading = _("New leads: {reached} of {count} reached their points").format(reached=count, count=len(leads))
        blocks += [Heading(text=heading), make_table(_lead_headings(), [_lead(line) for line in leads], right=(3, 4))]
    if rest:
        headings = (_("customer"), _("owner"), _("points"), _("times"), _("channel"), _("last contact"))
        rows = [_customer(line, words) for line in rest]
        bars = [Bar(label=line.customer, whole=line.points, part=0, remark=f"{line.points:g}") for line in rest[:_BARS]]
        table = make_table(headings, rows, right=(2, 3), flexible=(0, 4))
        blocks += [Heading(text=_("Contact points")), *draw_bars(bars), table]
    return _page(blocks, period)


def make_point_groups(groups: Sequence[PointsGroup], words: Words, period: tuple[date, date], *, by: str) -> Document:
    """Return the points by owner, month or channel."""
    heading = {"owner": _("owner"), "month": _("month"), "channel": _("channel")}[by]
    rows = [
        (
            (words.channel(group.key) if by == "channel" else group.key) or _("(none)"),
            f"{group.points:g}",
            str(group.contacts),
            str(group.customers),
        )
        for group in groups
    ]
    headings = (heading, _("points"), _("times"), _("customers"))
    bars = [
        Bar(label=row[0], whole=group.points, part=0, remark=row[1]) for row, group in zip(rows, groups, strict=True)
    ]
    return _page([*draw_bars(bars), make_table(headings, rows, right=(1, 2, 3))] if rows else [], period)


def say_rule(rule: LeadRule) -> str:
    """Return how a new lead stands, in words."""
    if rule.reached_on:
        return _("reached on {day}").format(day=rule.reached_on)
    if rule.state == "missed":
        return _("missed by {missing:g}").format(missing=rule.missing)
    return _("{missing:g} still needed until {day}").format(missing=rule.missing, day=rule.until)


def _page(blocks: Sequence[Block], period: tuple[date, date]) -> Document:
    nothing = (Remark(text=_("No contact in this period.")),)
    return Document(
        title=_("Contact points"),
        subtitle=say_period(period),
        blocks=tuple(blocks) or nothing,
    )


def _lead_headings() -> tuple[str, ...]:
    return (_("customer"), _("owner"), _("first contact"), _("points"), _("of"), _("new lead"))


def _lead(line: CustomerPoints) -> tuple[str | Cell, ...]:
    rule = line.lead
    if rule is None:
        return ()
    return (
        *(line.customer, line.owner or "", rule.began.isoformat(), f"{rule.points:g}", f"{rule.needed:g}"),
        Cell(text=say_rule(rule), tone=_TONES[rule.state]),
    )


def _by_need(line: CustomerPoints) -> tuple[object, ...]:
    order = ("on-the-way", "missed", "reached")
    return (order.index(line.lead.state), line.lead.until, line.customer) if line.lead else ()


def _customer(line: CustomerPoints, words: Words) -> tuple[str, ...]:
    return (
        *(line.customer, line.owner or "", f"{line.points:g}", str(line.contacts)),
        ", ".join(words.channel(channel) for channel in line.channels),
        line.last_contact.isoformat() if line.last_contact else "",
    )
