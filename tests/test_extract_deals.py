"""Deals joined from the notes of one customer."""

from itertools import count

from notevault.extract.deals import Deal, DealNote, join_deals
from notevault.settings_reader import default_settings

_STAGES = {"提案": "proposal", "見積": "quote", "受注": "won", "失注": "lost", "リード": "lead"}


def _join(*said: dict[str, object]) -> list[Deal]:
    """Join notes of consecutive days; ``stage`` as written."""
    numbers = count(1)
    notes = []
    for words in said:
        number = next(numbers)
        stage = words.get("stage")
        notes.append(
            DealNote(
                note_id=number,
                type=_text(words.get("type", "meeting")),
                day=_text(words.get("day", f"2026-11-{number:02d}")),
                deal=_text(words.get("deal")),
                stage=_STAGES.get(str(stage)),
                stage_raw=_text(stage),
                amount=float(str(words["amount"])) if "amount" in words else None,
                currency="JPY" if "amount" in words else None,
                close_day=_text(words.get("close_day")),
                owner=_text(words.get("owner")),
                fields={key: str(words[key]) for key in ("lost_reason", "probability") if key in words},
            )
        )
    return join_deals("c1", notes, default_settings())


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def test_customer_whose_notes_name_no_deal_has_one_at_a_time() -> None:
    (deal,) = _join({"stage": "リード"}, {}, {"stage": "提案", "amount": 100})
    assert (deal.stage, deal.state, deal.amount, deal.note_ids) == ("proposal", "open", 100.0, [1, 2, 3])


def test_new_deal_begins_after_won_or_lost() -> None:
    won, lost, still_open = _join({"stage": "受注"}, {"stage": "提案"}, {"stage": "失注"}, {"stage": "リード"})
    assert [deal.state for deal in (won, lost, still_open)] == ["won", "lost", "open"]
    assert len({won.id, lost.id, still_open.id}) == 3
    assert (lost.opened, lost.closed) == ("2026-11-02", "2026-11-03")


def test_second_note_that_says_won_speaks_of_the_same_deal() -> None:
    (deal,) = _join({"stage": "提案", "amount": 100}, {"stage": "受注"}, {"stage": "受注"})
    assert (deal.note_ids, deal.closed, deal.stage_since) == ([1, 2, 3], "2026-11-02", "2026-11-02")


def test_note_after_won_that_says_nothing_of_a_deal_is_in_none() -> None:
    (deal,) = _join({"stage": "受注"}, {})
    assert deal.note_ids == [1]


def test_named_deals_run_beside_each_other() -> None:
    copier, server = _join(
        {"deal": "複合機", "stage": "提案"}, {"deal": "サーバー", "stage": "見積"}, {"deal": "複合機 ", "stage": "受注"}
    )
    assert (copier.name, copier.state, copier.note_ids) == ("複合機", "won", [1, 3])
    assert (server.name, server.state, server.note_ids) == ("サーバー", "open", [2])


def test_name_given_later_is_taken_on_by_the_open_deal() -> None:
    (deal,) = _join({"stage": "リード"}, {"deal": "複合機", "stage": "提案"}, {"stage": "見積"})
    assert (deal.name, deal.note_ids) == ("複合機", [1, 2, 3])


def test_deals_opened_without_a_name_keep_ids_of_their_own_when_named_later() -> None:
    first, second = _join({"stage": "リード"}, {"deal": "複合機", "stage": "受注"}, {"stage": "リード"})
    assert first.id != second.id
    (alone,) = _join({"stage": "リード"})
    assert first.id == alone.id


def test_notes_that_are_no_contact_join_a_deal_only_by_name() -> None:
    (deal,) = _join(
        {"deal": "複合機", "stage": "提案"}, {"type": "customer"}, {"type": "team-meeting", "deal": "複合機"}
    )
    assert deal.note_ids == [1, 3]


def test_every_move_is_an_event_and_a_stay_is_none() -> None:
    (deal,) = _join({"stage": "リード"}, {"stage": "提案"}, {"stage": "提案"}, {"stage": "リード"}, {"stage": "受注"})
    assert [event[0] for event in deal.events] == ["lead", "proposal", "lead", "won"]
    assert [event[2] for event in deal.events] == [1, 2, 4, 5]


def test_stage_that_the_settings_do_not_know_is_kept_as_written_and_open() -> None:
    (deal,) = _join({"deal": "a", "stage": "提案"}, {"deal": "a", "stage": "熟考"}, {"deal": "a", "stage": "熟考"})
    assert (deal.stage, deal.stage_raw, deal.state, deal.stage_since) == (None, "熟考", "open", "2026-11-02")


def test_lost_deal_that_moves_again_is_open_again() -> None:
    (deal,) = _join({"deal": "a", "stage": "失注", "lost_reason": "価格"}, {"deal": "a", "stage": "提案"})
    assert (deal.state, deal.closed, deal.lost_reason) == ("open", None, "価格")


def test_won_deal_that_is_lost_after_all_was_closed_on_the_later_day() -> None:
    (deal,) = _join({"deal": "a", "stage": "受注"}, {"deal": "a", "stage": "失注"})
    assert (deal.state, deal.closed) == ("lost", "2026-11-02")


def test_newest_word_on_owner_amount_and_close_date_holds() -> None:
    (deal,) = _join(
        {"stage": "提案", "owner": "sato", "amount": 100, "close_day": "2026-12-01"},
        {"owner": "ito", "amount": 250, "close_day": "2026-12-24"},
        {},
    )
    assert (deal.owner, deal.amount, deal.close_day) == ("ito", 250.0, "2026-12-24")


def test_stated_probability_holds_until_the_next_move() -> None:
    (stated,) = _join({"stage": "提案", "probability": "70%"}, {"stage": "提案"})
    assert stated.probability == 70.0
    (moved,) = _join({"stage": "提案", "probability": "70%"}, {"stage": "見積"})
    assert moved.probability == 60.0
