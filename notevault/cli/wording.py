"""How values are said to people: stages, money, days from today; and what options say: periods, days, values."""

import re
from collections.abc import Sequence
from datetime import date

import click

from notevault.config import Settings
from notevault.dates import Prefer, parse_date, parse_range
from notevault.messages import current_language, ngettext
from notevault.messages import gettext as _

_SOON = 3
_DAYS = re.compile(r"(\d{1,4})d?")
_COUNT = re.compile(r"\d{1,4}[dwm]")


def name_stage(settings: Settings, stage: str | None) -> str:
    """Return a stage's name in the language of the messages; one that the settings do not know as written."""
    return settings.say_stage(stage, current_language())


def name_state(state: str) -> str:
    """Return open, won or lost in words."""
    return {"open": _("open"), "won": _("won"), "lost": _("lost")}.get(state, state)


def say_reason(reason: str) -> str:
    """Return why a spelling is a customer, or why that is not certain, in words."""
    return {
        "exact": _("its registered name"),
        "name_key": _("its name, written another way"),
        "alias": _("a registered alias"),
        "kana": _("its reading"),
        "english": _("its English name"),
        "group": _("the one customer of this group"),
        "corporate_number": _("its corporate number"),
        "domain": _("its e-mail domain"),
        "place": _("told apart by place, group or number"),
        "branch": _("a part of the company"),
        "ambiguous": _("several customers are called so"),
        "legal_form": _("a registered customer of this name has another legal form"),
        "unknown": _("no registered customer is called so"),
    }.get(reason, reason)


def say_days(day: date | None, today: date) -> str:
    """Return how far a due date is from today: 3 days overdue, today, in 2 days."""
    if day is None:
        return ""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("{count} day overdue", "{count} days overdue", -days).format(count=-days)
    return ngettext("in {count} day", "in {count} days", days).format(count=days)


def due_colour(day: date | None, today: date) -> str | None:
    """Return red for overdue, yellow for the next days."""
    if day is None or (day - today).days > _SOON:
        return None
    return "red" if day < today else "yellow"


def read_period(text: str, settings: Settings, today: date, *, prefer: Prefer) -> tuple[date, date]:
    """Return first and last day of the period an option names: 90d looks the way ``prefer`` says.

    Raises click.UsageError.
    """
    period = parse_range(text, today, fiscal_start_month=settings.fiscal_year_start, prefer=prefer)
    if period is None:
        raise click.UsageError(
            _("'{text}' is no period; try today, this-month, 90d, 2026-11, 2026-Q3, 2026-11-01..2026-11-30").format(
                text=text
            )
        )
    return period


def read_values(options: Sequence[str]) -> dict[str, str]:
    """Return the values that options name as KEY=VALUE; raises click.BadParameter."""
    values = {}
    for said in options:
        key, equals, text = said.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(_("expected KEY=VALUE, found '{found}'").format(found=said))
        values[key.strip()] = text.strip()
    return values


def read_length(text: str, today: date) -> int:
    """Return how many days 30, 30d, 4w or 1m are, counted back from today; raises click.UsageError."""
    if found := _DAYS.fullmatch(text.strip()):
        return int(found[1])
    period = parse_range(f"last {text}", today)
    if period is None or period[0] == date.min:
        raise click.UsageError(_("'{text}' is no length of time; try 30d, 8w or 3m").format(text=text))
    return (today - period[0]).days + 1


def read_day(text: str, today: date, *, prefer: Prefer = "future") -> date:
    """Return the day that an option names, the first one of a period; raises click.UsageError.

    A day without a year is the one ahead, with ``prefer`` the one before; ``3d`` is a number of days ahead or back.
    """
    sign = {"future": "+", "past": "-"}.get(prefer, "")
    wanted = f"{sign}{text}" if _COUNT.fullmatch(text) else text
    day = parse_date(wanted, today, prefer=prefer)
    if day is None and (period := parse_range(text, today, prefer=prefer)) is not None:
        day = period[0]
    if day is None or day in (date.min, date.max):
        raise click.UsageError(_("'{text}' is no day; try 2026-12-04, 12/4, tomorrow, next-week").format(text=text))
    return day
