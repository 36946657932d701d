from datetime import date

import pytest

from notevault.dates.working_days import count_working_days, is_working_day, next_working_day
from notevault.workspace import Workspace
from tests.conftest import MakeVault


@pytest.mark.parametrize(
    ("day", "tokyo", "london"),
    [
        (date(2026, 11, 20), True, True),
        (date(2026, 11, 21), False, False),
        (date(2026, 11, 23), False, True),
        (date(2026, 9, 22), False, True),
    ],
)
def test_japanese_holidays_count_in_japan_only(day: date, *, tokyo: bool, london: bool) -> None:
    assert (is_working_day(day, "Asia/Tokyo"), is_working_day(day, "Europe/London")) == (tokyo, london)


def test_next_working_day_skips_weekend_and_holiday() -> None:
    assert next_working_day(date(2026, 11, 21), "Asia/Tokyo") == date(2026, 11, 24)
    assert next_working_day(date(2026, 11, 24), "Asia/Tokyo") == date(2026, 11, 24)


def test_both_ends_are_counted_and_crossed_ends_have_none() -> None:
    assert count_working_days(date(2026, 11, 20), date(2026, 11, 30), "Asia/Tokyo") == 6
    assert count_working_days(date(2026, 11, 30), date(2026, 11, 20), "Asia/Tokyo") == 0


def test_today_is_the_day_in_the_time_zone_of_the_vault(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTEVAULT_TODAY")
    east = Workspace(make_vault(settings='timezone = "Pacific/Kiritimati"\n', name="east")).today
    west = Workspace(make_vault(settings='timezone = "Etc/GMT+12"\n', name="west")).today
    assert 1 <= (east - west).days <= 2  # their clocks are 26 hours apart
