"""Who met whom when: customers' deals as they move through the stages, each step one or more minutes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from benchmarks.companies import REPS, Customer
from benchmarks.wording import Dice, Pack, Theme, Zipf, make_theme

LAST_DAY: Final = date(2026, 11, 20)
"""The "today" of a generated vault: no note is younger."""

PROPOSAL, QUOTE, CLOSING, WON, LOST = 3, 4, 5, 6, 7
_CHANNELS: Final = Zipf((0, 1, 2, 3), 1.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """Something a customer may buy; ``amount`` in yen is what was first thought of."""

    name: str
    customer: Customer
    rep: int
    amount: int
    theme: Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One contact with a customer, of which minutes are written."""

    day: date
    customer: Customer
    deal: Deal | None
    theme: Theme
    rep: int
    stage: int
    """Position in the pack's stages."""
    channel: int
    """Position in the pack's channels; from 2 on a call or a mail."""
    is_last: bool
    """Nothing was written about the deal after this."""


def plan_visits(dice: Dice, pack: Pack, customers: list[Customer], count: int, first_day: date) -> list[Visit]:
    """Return ``count`` contacts between ``first_day`` and ``LAST_DAY``, oldest first."""
    regulars = Zipf(dice.shuffle(customers), 0.6)
    visits: list[Visit] = []
    while len(visits) < count:
        customer = regulars.draw(dice)
        start = first_day + timedelta(days=dice.number(0, (LAST_DAY - first_day).days))
        if dice.chance(0.6):
            visits.append(_courtesy(dice, pack, customer, start))
        else:
            visits += _deal_visits(dice, _deal(dice, pack, customer), start)
    return sorted(visits[:count], key=lambda visit: visit.day)


def _deal(dice: Dice, pack: Pack, customer: Customer) -> Deal:
    theme = make_theme(dice, pack, tuple(person.spoken() for person in customer.people))
    rep = customer.rep if dice.chance(0.95) else dice.number(0, len(REPS) - 1)
    return Deal(name=pack.deal_names.draw(dice), customer=customer, rep=rep, amount=theme.amount, theme=theme)


def _deal_visits(dice: Dice, deal: Deal, day: date) -> list[Visit]:
    steps: list[tuple[date, int]] = []
    stage = 0 if dice.chance(0.6) else 1
    while stage <= CLOSING and len(steps) < 20:
        for _ in range(dice.small(1, 3)):
            steps.append((workday(day), stage))
            day += timedelta(days=dice.small(2, 30))
        if dice.chance(0.2):
            stage = LOST
        elif stage == CLOSING:
            stage = WON if dice.chance(0.6) else LOST
        else:
            stage += 1 if dice.chance(0.85) else 2
    if stage > CLOSING:
        steps.append((workday(day), min(stage, LOST)))
    steps = [step for step in steps if step[0] <= LAST_DAY]
    return [
        Visit(
            day=step_day,
            customer=deal.customer,
            deal=deal,
            theme=deal.theme,
            rep=deal.rep,
            stage=step_stage,
            channel=_CHANNELS.draw(dice),
            is_last=position == len(steps),
        )
        for position, (step_day, step_stage) in enumerate(steps, start=1)
    ]


def _courtesy(dice: Dice, pack: Pack, customer: Customer, day: date) -> Visit:
    return Visit(
        day=workday(day),
        customer=customer,
        deal=None,
        theme=make_theme(dice, pack, tuple(person.spoken() for person in customer.people)),
        rep=customer.rep,
        stage=dice.number(0, 1),
        channel=_CHANNELS.draw(dice),
        is_last=False,
    )


def workday(day: date) -> date:
    """Return the day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
