"""The deals of one customer, joined from its notes.

A note's ``deal:`` names its deal. A note that names none belongs to the customer's only open deal; where none is open
and the note gives a stage or an amount, it opens one without a name. A name given later is taken on by that deal.
So a customer whose notes never name a deal has one at a time, and a new one after won or lost; a note that says won
(lost) once more still speaks of the deal that was closed last.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from notevault.config import Settings
from notevault.model import NO_ACTIVITY
from notevault.names.key import name_key
from notevault.records import record
from notevault.values import parse_number


@record
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

    def row(self) -> tuple[object, ...]:
        """Return the deal as the catalogue keeps it."""
        return (
            *(self.id, self.customer_id, self.name, self.stage, self.stage_raw, self.state, self.amount, self.currency),
            *(self.close_day, self.probability, self.owner, self.opened, self.stage_since, self.closed, self.last_day),
            *(self.lost_reason, self.revisit, self.last_note_id, len(self.note_ids)),
        )


@dataclass(slots=True)
class _Joining:
    """The deals found so far, and how many of them were opened without a name."""

    customer_id: str
    settings: Settings
    deals: list[Deal] = field(default_factory=list)
    unnamed: int = 0


def join_deals(customer_id: str, notes: Iterable[DealNote], settings: Settings) -> list[Deal]:
    """Return the deals of one customer in the order they were opened; ``notes`` come in the order they happened."""
    joining = _Joining(customer_id, settings)
    for note in notes:
        deal = _find_named(joining, note) if note.deal else _find_unnamed(joining, note)
        if deal is not None:
            _take_in(deal, note, settings)
    return joining.deals


def _find_named(joining: _Joining, note: DealNote) -> Deal:
    key = name_key(note.deal or "")
    same = [deal for deal in joining.deals if deal.name and name_key(deal.name) == key]
    if same:
        return same[-1]
    still_open = [deal for deal in joining.deals if deal.state == "open"]
    if len(still_open) == 1 and not still_open[0].name:
        still_open[0].name = note.deal or ""
        return still_open[0]
    return _open_deal(joining, note.deal or "")


def _find_unnamed(joining: _Joining, note: DealNote) -> Deal | None:
    if note.type in NO_ACTIVITY:
        return None
    still_open = [deal for deal in joining.deals if deal.state == "open"]
    if len(still_open) == 1:
        return still_open[0]
    if note.stage_raw is None and note.amount is None:
        return None
    if unnamed := [deal for deal in still_open if not deal.name]:
        return unnamed[-1]
    stage = joining.settings.stages.get(note.stage or "")
    if stage and stage.state != "open" and not still_open:
        closed = [deal for deal in joining.deals if deal.state == stage.state]
        if closed:
            return max(closed, key=lambda deal: deal.closed or "")
    return _open_deal(joining, "")


def _open_deal(joining: _Joining, name: str) -> Deal:
    seed = f"{joining.customer_id}\0{name_key(name)}" if name else f"{joining.customer_id}\0\0{joining.unnamed}"
    joining.unnamed += not name
    deal = Deal(
        id="d" + sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:10],
        customer_id=joining.customer_id,
        name=name,
    )
    joining.deals.append(deal)
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
    if note.stage_raw and (note.stage or note.stage_raw) != (deal.stage or deal.stage_raw):
        _move(deal, note, settings)
    stated = parse_number(note.fields.get("probability", ""))
    if stated is not None and 0 <= stated <= 100:  # noqa: PLR2004 -- percent
        deal.probability = float(stated)


def _move(deal: Deal, note: DealNote, settings: Settings) -> None:
    """Bring a deal to the stage its note says; one that the settings do not know counts as open."""
    if note.stage is not None:
        deal.events.append((note.stage, note.day, note.note_id))
    deal.stage, deal.stage_raw, deal.stage_since = note.stage, note.stage_raw, note.day
    stage = settings.stages.get(note.stage or "")
    state = stage.state if stage else "open"
    if state != deal.state:
        deal.closed = None if state == "open" else note.day
    deal.state = state
    deal.probability = stage.probability if stage else None
