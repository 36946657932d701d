"""Days to offer for a due date: words with the day they mean."""

from datetime import date
from typing import Final

from notevault.dates import parse_date
from notevault.dates.days import shift
from notevault.lsp.offers import Kind, Offer
from notevault.messages import gettext as _

_MONTHS_AHEAD: Final = 13


def offer_days(today: date, written: str) -> list[Offer]:
    """Return the usual due days; what has been written comes first where it is a day itself (来週金, 3日後)."""
    words = (
        ("今日", _("today")),
        ("明日", _("tomorrow")),
        ("今週金曜", _("this Friday")),
        ("来週月曜", _("next Monday")),
        ("来週金曜", _("next Friday")),
        ("1週間後", _("in a week")),
        ("2週間後", _("in two weeks")),
        ("月末", _("end of the month")),
        ("来月末", _("end of next month")),
    )
    found = {name: (word, day) for word, name in words if (day := parse_date(word, today))}
    offers = [_offer(day, name, (word,)) for name, (word, day) in found.items() if day >= today]
    said = parse_date(written, today, prefer="future") if written.strip() else None
    return [_offer(said, written.strip(), (written,)), *offers] if said and written != said.isoformat() else offers


def offer_months(today: date) -> list[Offer]:
    """Return this month and the twelve that follow."""
    first = today.replace(day=1)
    months = [day for count in range(_MONTHS_AHEAD) if (day := shift(first, count, "m"))]
    return [Offer(label=f"{day:%Y-%m}", kind=Kind.DAY) for day in months]


def _offer(day: date, name: str, spellings: tuple[str, ...]) -> Offer:
    return Offer(label=name, kind=Kind.DAY, text=day.isoformat(), detail=day.isoformat(), spellings=spellings)
