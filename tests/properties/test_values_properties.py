from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notevault.dates import (
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
from notevault.values import (
    Money,
    format_money,
    is_corporate_number,
    normalize_bool,
    normalize_corporate_number,
    normalize_money,
    normalize_number,
    normalize_phone,
    parse_email,
    parse_money,
    parse_number,
    parse_url,
)
from tests.conftest import TODAY

PIECES = (
    *(
        "2026",
        "11",
        "20",
        "8",
        "0",
        "3",
        "1234",
        "5678",
        "１２",
        "〇",
        "二十",
        "千",
        "百",
        "万",
        "億",
        "元",
        "令和",
        "R",
        "平成",
    ),
    *(
        "年",
        "月",
        "日",
        "金",
        "(金)",
        "（木）",
        "時",
        "半",
        "分",
        "後",
        "前",
        "来週",
        "来月",
        "今",
        "先",
        "末",
        "上期",
        "第",
        "四半期",
        "Q",
    ),
    *(
        "-",
        "/",
        ".",
        "..",
        "〜",
        ":",
        ",",
        " ",
        "　",
        "T",
        "+09:00",
        "Z",
        "¥",
        "￥",
        "$",
        "円",
        "USD",
        "約",
        "程度",
        "税抜",
        "(税込)",
    ),
    *(
        "Nov",
        "next ",
        "friday",
        "last ",
        "days",
        "d",
        "M",
        "k",
        "+81",
        "090",
        "03",
        "(",
        ")",
        "内線",
        "@",
        "a",
        "example.jp",
        "https://",
    ),
)
WRITTEN = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=30)
DAYS = st.dates(min_value=date(1868, 1, 25), max_value=date(3000, 12, 31))
NORMALIZERS: dict[str, Callable[[str], str | None]] = {
    "date": lambda text: normalize_date(text, TODAY),
    "month": lambda text: normalize_month(text, TODAY),
    "datetime": lambda text: normalize_datetime(text, TODAY),
    "money": normalize_money,
    "number": normalize_number,
    "bool": normalize_bool,
    "phone": normalize_phone,
    "email": parse_email,
    "url": parse_url,
    "corporate number": normalize_corporate_number,
}


@given(DAYS)
@settings(max_examples=150)
def test_a_day_that_is_written_is_read_back(day: date) -> None:
    assert parse_date(format_date(day), TODAY) == day
    assert parse_date(format_era(day), TODAY) == day
    assert parse_date(f"{day.year}年{day.month}月{day.day}日", TODAY) == day
    assert parse_range(format_date(day), TODAY) == (day, day)


@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from([date(2024, 2, 29), TODAY, date(2027, 1, 1)]))
@settings(max_examples=100)
def test_a_day_without_year_is_the_nearest(day: date, today: date) -> None:
    found = parse_date(f"{day.month}/{day.day}", today)
    assert found is not None
    assert (found.month, found.day) == (day.month, day.day)
    assert abs((found - today).days) <= (183 if (day.month, day.day) != (2, 29) else 1461)


@given(st.decimals(-(10**15), 10**15, places=2), st.sampled_from(["JPY", "USD", "EUR"]), st.booleans())
@settings(max_examples=150)
def test_an_amount_that_is_written_is_read_back(amount: Decimal, currency: str, approximate: bool) -> None:  # noqa: FBT001
    money = Money(amount=amount, currency=currency, approximate=approximate, tax="excluded")
    assert parse_money(format_money(money)) == money


@given(DAYS, st.integers(0, 23), st.integers(0, 59), st.integers(0, 10**12))
@settings(max_examples=100)
def test_months_moments_numbers_and_phones_are_read_back(day: date, hour: int, minute: int, number: int) -> None:
    moment = f"{format_date(day)}T{hour:02d}:{minute:02d}"
    assert normalize_datetime(f"{day.year}年{day.month}月{day.day}日 {hour}時{minute}分", TODAY) == moment
    assert normalize_datetime(moment, TODAY) == moment
    assert normalize_month(f"{day.year}年{day.month}月", TODAY) == f"{day.year:04d}-{day.month:02d}"
    assert parse_month(f"{day.year:04d}-{day.month:02d}", TODAY) == (day.year, day.month)
    assert parse_number(f"{number:,}") == parse_number(str(number)) == number
    phone = f"03-{number % 10**4:04d}-{minute:04d}"
    assert normalize_phone(phone) == phone
    assert normalize_phone(phone.replace("-", "")) == phone


@pytest.mark.parametrize("kind", NORMALIZERS)
@given(text=WRITTEN)
@settings(max_examples=150)
def test_normalising_twice_is_normalising_once(kind: str, text: str) -> None:
    once = NORMALIZERS[kind](text)
    if once is not None:
        assert NORMALIZERS[kind](once) == once


@given(WRITTEN)
@settings(max_examples=200)
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    day = parse_date(text, TODAY)
    period = parse_range(text, TODAY)
    assert day is None or date.min <= day <= date.max
    assert period is None or period[0] <= period[1]
    for read in (parse_month, parse_datetime):
        read(text, TODAY)
    for other in (parse_time, parse_money, parse_number, normalize_phone, parse_email, parse_url):
        other(text)


@given(WRITTEN)
@settings(max_examples=150)
def test_what_is_normalised_means_the_same(text: str) -> None:
    money, spelled = parse_money(text), normalize_money(text)
    assert (money is None) == (spelled is None)
    assert spelled is None or parse_money(spelled) == money
    day = normalize_date(text, TODAY)
    assert day is None or parse_date(text, TODAY) == date.fromisoformat(day)


@given(st.integers(0, 10**12 - 1), st.integers(0, 11), st.integers(1, 9))
@settings(max_examples=100)
def test_one_wrong_digit_makes_a_corporate_number_wrong(base: int, place: int, change: int) -> None:
    digits = f"{base:012}"
    numbers = [f"{check}{digits}" for check in range(1, 10) if is_corporate_number(f"{check}{digits}")]
    assert len(numbers) == 1
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    if (int(wrong[place]) - int(digits[place])) % 9:
        assert not is_corporate_number(numbers[0][0] + wrong)
