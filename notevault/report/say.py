"""Values in the words of the settings and of the language spoken, for documents."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from notevault.config import Settings
from notevault.messages import gettext as _
from notevault.records import record
from notevault.report.sums import Sum
from notevault.values import Money, format_money

DECISION_MAKER: Final = "decision maker"
"""Role of a person whom a learned answer names."""


@record
class Words:
    """How one vault and one language say things."""

    settings: Settings
    language: str

    def stage(self, stage: str | None) -> str:
        """Return a stage's name; one that the settings do not know as written."""
        return self.settings.say_stage(stage, self.language)

    def channel(self, channel: str | None) -> str:
        """Return a channel's name; one that the settings do not know as written."""
        known = self.settings.channels.get(channel or "")
        return known.label(self.language) if known else channel or ""

    def owner(self, owner: str) -> str:
        """Return a person's name; one that the settings do not know as written."""
        known = self.settings.owners.get(owner)
        return known.name or owner if known else owner

    def status(self, status: str) -> str:
        """Return lead, account or former in words."""
        return say_status(status)

    def role(self, role: str | None) -> str:
        """Return a person's role in words; another one as written."""
        return say_role(role)

    def money(self, amount: float | None, currency: str | None) -> str:
        """Return ``1,200,000円``, '' for no amount."""
        return say_money(amount, currency)

    def date_kind(self, kind: str) -> str:
        """Return what kind of day lies ahead."""
        known = self.settings.calendar.get(kind)
        own = {"todo": _("ToDo"), "close_date": _("deal closes"), "next_date": _("next meeting")}
        return own.get(kind) or (known.label(self.language) if known else kind)


def say_status(status: str) -> str:
    """Return lead, account or former in words; another status as written."""
    return {"lead": _("lead"), "account": _("account"), "former": _("former")}.get(status, status)


def say_money(amount: float | None, currency: str | None) -> str:
    """Return ``1,200,000円``, '' for no amount."""
    if amount is None:
        return ""
    exact = Decimal(repr(amount))
    whole = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
    return format_money(Money(amount=whole, currency=currency or "JPY"))


def say_sums(sums: Sequence[Sum], *, weighted: bool = False) -> str:
    """Return the sums of all currencies."""
    return " + ".join(say_money(round(each.weighted if weighted else each.amount, 2), each.currency) for each in sums)


def say_period(period: tuple[date, date]) -> str:
    """Return a period, an open side left out."""
    since, until = ("" if day in (date.min, date.max) else day.isoformat() for day in period)
    return f"{since} – {until}"


def say_role(role: str | None) -> str:
    """Return a person's role in words; another one as written."""
    return _("decision maker") if role == DECISION_MAKER else role or ""


def join_facts(*facts: str | None) -> str:
    """Return what is said of one thing in a line, without what is not known."""
    return " · ".join(filter(None, facts))
