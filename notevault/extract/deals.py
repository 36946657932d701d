"""The deals of one customer, joined from its notes.

A note's ``deal:`` names its deal. A note that names none belongs to the customer's only open deal; where none is open
and the note gives a stage or an amount, it opens one without a name. A name given later is taken on by that deal.
So a customer whose notes never name a deal has one at a time, and a new one after won or lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from notevault.config import Settings
from notevault.names.key import name_key

_NO_ACTIVITY: Final = frozenset({"customer", "manual", "team-meeting", "inbox"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DealNote:
    """What one note of the customer says about a deal."""

    note_id: int
    type: str | None
    day: str | None
    deal: str | None
    stage: str | None
    stage_raw: str | None
    amount: float | None
    currency: str | None
    close_day: str | None
    owner: str | None
    fields: Mapping[str, str] = field(default_factory=dict)
    """``lost_reason``, ``revisit``, ``probability`` as written."""


@dataclass(slots=True, kw_only=True)
class Deal:
    """A deal under construction: newer notes overwrite what older ones said."""

    id: str
    customer_id: str
    name: str
    stage: str | None = None
    stage_raw: str | None = None
    state: str = "open"
    amount: float | None = None
    currency: str | None = None
    close_day: str | None = None
    probability: float | None = None
    owner: str | None = None
    opened: str | None = None
    stage_since: str | None = None
    closed: str | None = None
    last_day: str | None = None
    lost_reason: str | None = None
    revisit: str | None = None
    last_note_id: int = 0
    note_ids: list[int] = field(default_factory=list)
    events: list[tuple[str, str | None, int]] = field(default_factory=list)
    """Stage key, day, note id of each move."""


def join_deals(customer_id: str, notes: Iterable[DealNote], settings: Settings) -> list[Deal]:
    """Return the deals of one customer in the order they were opened; ``notes`` come in the order they happened."""
    deals: list[Deal] = []
    for note in notes:
        deal = _find_deal(deals, note, customer_id)
        if deal is not None:
            _take_in(deal, note, settings)
    return deals


def _find_deal(deals: list[Deal], note: DealNote, customer_id: str) -> Deal | None:
    still_open = [deal for deal in deals if deal.state == "open"]
    if note.deal:
        key = name_key(note.deal)
        same = [deal for deal in deals if deal.name and name_key(deal.name) == key]
        if same:
            return same[-1]
        if len(still_open) == 1 and not still_open[0].name:
            still_open[0].name = note.deal
            return still_open[0]
        return _open_deal(deals, customer_id, note.deal)
    if note.type in _NO_ACTIVITY:
        return None
    if len(still_open) == 1:
        return still_open[0]
    if note.stage_raw is None and note.amount is None:
        return None
    unnamed = [deal for deal in still_open if not deal.name]
    return unnamed[-1] if unnamed else _open_deal(deals, customer_id, "")


def _open_deal(deals: list[Deal], customer_id: str, name: str) -> Deal:
    number = sum(not deal.name for deal in deals) if not name else 0
    seed = f"{customer_id}\0{name_key(name) if name else number}"
    deal = Deal(id="d" + sha256(seed.encode()).hexdigest()[:10], customer_id=customer_id, name=name)
    deals.append(deal)
    return deal


def _take_in(deal: Deal, note: DealNote, settings: Settings) -> None:
    deal.note_ids.append(note.note_id)
    deal.last_note_id = note.note_id
    deal.last_day = note.day or deal.last_day
    deal.opened = deal.opened or note.day
    deal.owner = note.owner or deal.owner
    deal.close_day = note.close_day or deal.close_day
    if note.amount is not None:
        deal.amount, deal.currency = note.amount, note.currency
    deal.lost_reason = note.fields.get("lost_reason") or deal.lost_reason
    deal.revisit = note.fields.get("revisit") or deal.revisit
    if note.stage_raw:
        _move(deal, note, settings)


def _move(deal: Deal, note: DealNote, settings: Settings) -> None:
    if note.stage is not None and note.stage != deal.stage:
        deal.events.append((note.stage, note.day, note.note_id))
        deal.stage_since = note.day
    deal.stage, deal.stage_raw = note.stage, note.stage_raw
    stage = settings.stages.get(note.stage or "")
    deal.state = stage.state if stage else "open"
    deal.probability = stage.probability if stage else None
    deal.closed = None if deal.state == "open" else deal.closed or note.day
