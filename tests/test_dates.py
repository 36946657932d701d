from datetime import date, datetime, time, timedelta, timezone

import pytest

from notevault.dates import (
    find_wrong_weekday,
    format_date,
    format_era,
    normalize_date,
    normalize_datetime,
    normalize_month,
    parse_date,
    parse_datetime,
    parse_month,
    parse_range,
    parse_time,
)
from tests.conftest import TODAY

NOVEMBER_20 = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-11-20",
            "2026/11/20",
            "2026.11.20",
            "20261120",
            "2026年11月20日",
            "２０２６／１１／２０",
            "2026 年 11 月 20 日",
        ),
        *(
            "令和8年11月20日",
            "令和八年十一月二十日",
            "㋿8年11月20日",
            "R8.11.20",
            "R8/11/20",
            "r08-11-20",
            "Ｒ８．１１．２０",
        ),
        *(
            "11/20",
            "11月20日",
            "11/20(金)",
            "11月20日（金）",
            "11月20日金曜日",
            "１１／２０（金）",
            "11/20(金・祝)",
            "26/11/20",
        ),
        *("二〇二六年十一月二十日", "十一月二十日", "今月20日", "20日", "今年11月20日"),
        *("Nov 20, 2026", "20 Nov 2026", "November 20th, 2026", "20-Nov-2026", "Fri, Nov 20, 2026", "Nov. 20"),
        *("11/20/2026", "20/11/2026", "2026-11-20T10:00", "2026-11-20 14:00", "2026-11-20T10:00:00+09:00"),
        *(
            "11/20 14時半",
            "11/20(金) 14:00〜15:00",
            "2026-11-20（金）午後2時",
            "今週末",
            "今週金曜",
            "2日前",
            "2 days ago",
        ),
    ],
)
def test_a_day_is_read_in_every_spelling(text: str) -> None:
    assert parse_date(text, TODAY) == NOVEMBER_20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今日", "2026-11-22"),
        ("明日", "2026-11-23"),
        ("明後日", "2026-11-24"),
        ("あさって", "2026-11-24"),
        ("昨日", "2026-11-21"),
        ("tomorrow", "2026-11-23"),
        ("来週金曜", "2026-11-27"),
        ("来週の金曜日", "2026-11-27"),
        ("再来週月曜", "2026-11-30"),
        ("先週金曜", "2026-11-13"),
        ("次の金曜", "2026-11-27"),
        ("金曜", "2026-11-27"),
        ("日曜", "2026-11-22"),
        ("Friday", "2026-11-27"),
        ("next friday", "2026-11-27"),
        ("last friday", "2026-11-20"),
        ("来週末", "2026-11-27"),
        ("週明け", "2026-11-23"),
        ("月末", "2026-11-30"),
        ("今月末", "2026-11-30"),
        ("来月末", "2026-12-31"),
        ("2月末", "2027-02-28"),
        ("2028年2月末日", "2028-02-29"),
        ("来月初", "2026-12-01"),
        ("end of month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("年末", "2026-12-31"),
        ("来月10日", "2026-12-10"),
        ("来年3月1日", "2027-03-01"),
        ("3日後", "2026-11-25"),
        ("三日後", "2026-11-25"),
        ("1週間後", "2026-11-29"),
        ("半年後", "2027-05-22"),
        ("10日以内", "2026-12-02"),
        ("in 3 days", "2026-11-25"),
        ("in a week", "2026-11-29"),
        ("+3d", "2026-11-25"),
    ],
)
def test_a_day_is_counted_from_today(text: str, expected: str) -> None:
    assert parse_date(text, TODAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "2026-02-30", "2026-13-01", "2/30", "32日", "00000000", "2026-11", "2026", "14:00", "1120", "11-20"),
        *("10/11/2026", "来週", "2026年11月", "3日間", "30d", "近日中", "TBD", "11月中旬", "x" * 5000, "1" * 5000),
        *("R0.1.1", "令和0年1月1日", "9999年999月1日", "99999週間後", "9999年後"),
    ],
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert parse_date(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年4月30日", None),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("平成31年5月1日", None),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("昭和64年1月8日", None),
        ("S64.1.7", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("大正15年12月25日", date(1926, 12, 25)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("明治45年7月30日", date(1912, 7, 30)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("明治1年1月24日", None),
    ],
)
def test_an_era_has_its_days_only(text: str, expected: date | None) -> None:
    assert parse_date(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "nearest", "past", "future"),
    [
        ("1/5", "2027-01-05", "2026-01-05", "2027-01-05"),
        ("11/20", "2026-11-20", "2026-11-20", "2027-11-20"),
        ("11/22", "2026-11-22", "2026-11-22", "2026-11-22"),
        ("2/29", "2028-02-29", "2024-02-29", "2028-02-29"),
        ("31日", "2026-10-31", "2026-10-31", "2026-12-31"),
        ("金曜", "2026-11-27", "2026-11-20", "2026-11-27"),
        ("Jan 5", "2027-01-05", "2026-01-05", "2027-01-05"),
    ],
)
def test_a_missing_year_is_the_nearest_or_on_the_wanted_side(text: str, nearest: str, past: str, future: str) -> None:
    assert parse_date(text, TODAY) == date.fromisoformat(nearest)
    assert parse_date(text, TODAY, prefer="past") == date.fromisoformat(past)
    assert parse_date(text, TODAY, prefer="future") == date.fromisoformat(future)


@pytest.mark.parametrize("today", [date.min, date.max, date(1900, 1, 1)])
@pytest.mark.parametrize(
    "text", ["11/20", "2/29", "31日", "先月10日", "昨日", "明日", "来週金曜", "金曜", "来月末", "1年後", "年末"]
)
def test_the_ends_of_the_calendar_are_no_trouble(text: str, today: date) -> None:
    assert parse_date(text, today) is None or isinstance(parse_date(text, today), date)
    assert parse_range(text, today) is None or parse_range(text, today) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (text, (2027, 3))
            for text in ("2027-03", "2027/3", "2027年3月", "202703", "令和9年3月", "R9.3", "来年3月", "3月")
        ),
        *((text, (2027, 3)) for text in ("Mar 2027", "March", "二〇二七年三月")),
        ("来月", (2026, 12)),
        ("先月", (2026, 10)),
        ("12月", (2026, 12)),
        *((text, None) for text in ("2027-13", "2027-03-01", "13月", "", "平成31年6月", "令和0年3月")),
        ("平成31年4月", (2019, 4)),
    ],
)
def test_a_month_is_read(text: str, expected: tuple[int, int] | None) -> None:
    assert parse_month(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, time(14)) for text in ("14:00", "14時", "午後2時", "2pm", "14：00", "午後２時", "14:00:00")),
        *((text, time(14, 30)) for text in ("14時半", "14時30分", "2:30 pm")),
        ("午前0時", time(0)),
        ("12am", time(0)),
        ("12pm", time(12)),
        *((text, None) for text in ("25:00", "14:60", "14", "午後13時", "", "0pm")),
    ],
)
def test_a_time_is_read(text: str, expected: time | None) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T10:00", datetime(2026, 11, 20, 10)),  # noqa: DTZ001 -- none is written
        ("11/20(金) 14:00〜15:00", datetime(2026, 11, 20, 14)),  # noqa: DTZ001
        ("明日14時", datetime(2026, 11, 23, 14)),  # noqa: DTZ001
        ("2026-11-20T10:00:00+09:00", datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=9)))),
        ("2026-11-20T01:00:00Z", datetime(2026, 11, 20, 1, tzinfo=timezone.utc)),  # noqa: UP017
        ("2026-11-20T10:00:00-05:00", datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=-5)))),
        ("2026-11-20T10:00-0500", datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=-5)))),
        ("2026-11-20 14:00-15:30", datetime(2026, 11, 20, 14)),  # noqa: DTZ001 -- from and to
        ("2026-11-20T14:00-15:30", datetime(2026, 11, 20, 14)),  # noqa: DTZ001
        ("2026-11-20 09:00-11:30", datetime(2026, 11, 20, 9)),  # noqa: DTZ001
        ("2026-11-20", None),
        ("14:00", None),
        ("2026-02-30 14:00", None),
    ],
)
def test_a_moment_is_read_with_its_offset(text: str, expected: datetime | None) -> None:
    assert parse_datetime(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("今日", "2026-11-22", "2026-11-22"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("11月", "2026-11-01", "2026-11-30"),
        ("11月上旬", "2026-11-01", "2026-11-10"),
        ("2月下旬", "2027-02-21", "2027-02-28"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("令和8年", "2026-01-01", "2026-12-31"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-10..2026-11", "2026-10-01", "2026-11-30"),
        ("2026-10〜2026-11", "2026-10-01", "2026-11-30"),
        ("11/20から11/27まで", "2026-11-20", "2026-11-27"),
        ("12/25..1/5", "2026-12-25", "2027-01-05"),
        ("last week..today", "2026-11-09", "2026-11-22"),
        ("..2026-11", "0001-01-01", "2026-11-30"),
        ("2026-10..", "2026-10-01", "9999-12-31"),
        ("10月以降", "2026-10-01", "9999-12-31"),
        ("since 2026-10", "2026-10-01", "9999-12-31"),
        ("2026-10以前", "0001-01-01", "2026-10-31"),
        ("今週", "2026-11-16", "2026-11-22"),
        ("先週", "2026-11-09", "2026-11-15"),
        ("来週", "2026-11-23", "2026-11-29"),
        ("this-week", "2026-11-16", "2026-11-22"),
        ("今月", "2026-11-01", "2026-11-30"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("来月", "2026-12-01", "2026-12-31"),
        ("今年", "2026-01-01", "2026-12-31"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("next year", "2027-01-01", "2027-12-31"),
        ("今年度", "2026-04-01", "2027-03-31"),
        ("2026年度", "2026-04-01", "2027-03-31"),
        ("FY2026", "2026-04-01", "2027-03-31"),
        ("令和8年度", "2026-04-01", "2027-03-31"),
        ("今期", "2026-04-01", "2027-03-31"),
        ("前期", "2025-04-01", "2026-03-31"),
        ("2026Q4", "2027-01-01", "2027-03-31"),
        ("第4四半期", "2027-01-01", "2027-03-31"),
        ("2026年度第四四半期", "2027-01-01", "2027-03-31"),
        ("今四半期", "2026-10-01", "2026-12-31"),
        ("next-quarter", "2027-01-01", "2027-03-31"),
        ("上期", "2026-04-01", "2026-09-30"),
        ("2026年度下期", "2026-10-01", "2027-03-31"),
        ("H1", "2026-04-01", "2026-09-30"),
        ("30d", "2026-10-24", "2026-11-22"),
        ("last 14d", "2026-11-09", "2026-11-22"),
        ("next 90d", "2026-11-22", "2027-02-19"),
        ("過去30日", "2026-10-24", "2026-11-22"),
        ("直近3ヶ月", "2026-08-23", "2026-11-22"),
        ("今後2週間", "2026-11-22", "2026-12-05"),
    ],
)
def test_a_period_is_read_with_both_ends(text: str, first: str, last: str) -> None:
    assert parse_range(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "..", "2026-11..2026-10", "2026Q5", "soon", "0d", "2026-W60", "a..b", "2026-10..x"]
)
def test_what_names_no_period_is_none(text: str) -> None:
    assert parse_range(text, TODAY) is None


def test_the_fiscal_year_starts_where_the_team_says() -> None:
    assert parse_range("2026Q1", TODAY, fiscal_start_month=1) == (date(2026, 1, 1), date(2026, 3, 31))
    assert parse_range("今年度", TODAY, fiscal_start_month=12) == (date(2025, 12, 1), date(2026, 11, 30))
    assert parse_range("上期", TODAY, fiscal_start_month=10) == (date(2026, 10, 1), date(2027, 3, 31))


def test_a_bare_count_looks_ahead_where_asked() -> None:
    assert parse_range("30d", TODAY, prefer="future") == (TODAY, date(2026, 12, 21))


def test_a_date_is_written_in_iso_and_in_eras() -> None:
    assert format_date(NOVEMBER_20) == "2026-11-20"
    assert format_era(NOVEMBER_20) == "令和8年11月20日"
    assert format_era(date(2019, 5, 1)) == "令和元年5月1日"
    assert format_era(date(1989, 1, 7)) == "昭和64年1月7日"
    assert format_era(date(1850, 1, 2)) == "1850年1月2日"


def test_the_canonical_spelling_loses_nothing() -> None:
    assert normalize_date("Ｒ８．１１．２０", TODAY) == "2026-11-20"
    assert normalize_date("2026-11-20 14:00", TODAY) is None
    assert normalize_date("11/20(木)", TODAY) is None
    assert normalize_month("令和9年3月", TODAY) == "2027-03"
    assert normalize_month("春ごろ", TODAY) is None
    assert normalize_datetime("11/20(金) 午後2時", TODAY) == "2026-11-20T14:00"
    assert normalize_datetime("2026-11-20T14:00:30+09:00", TODAY) == "2026-11-20T14:00:30+09:00"
    assert normalize_datetime("11/20 14:00-15:00", TODAY) is None


def test_a_weekday_that_contradicts_its_day_is_found() -> None:
    assert find_wrong_weekday("11/20(木)", NOVEMBER_20) == 3
    assert find_wrong_weekday("Thu, Nov 20, 2026", NOVEMBER_20) == 3
    assert find_wrong_weekday("11/20(金) 14:00", NOVEMBER_20) is None
    assert find_wrong_weekday("11月20日", NOVEMBER_20) is None
