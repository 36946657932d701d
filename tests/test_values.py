from decimal import Decimal

import pytest

from notevault.values import (
    Money,
    find_domain,
    format_money,
    is_corporate_number,
    normalize_bool,
    normalize_corporate_number,
    normalize_money,
    normalize_number,
    normalize_phone,
    parse_bool,
    parse_email,
    parse_money,
    parse_number,
    parse_url,
)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1,200,000円",
            "￥1,200,000",
            "¥1200000",
            "\\1,200,000",
            "120万円",
            "１２０万円",
            "120万",
            "1.2百万円",
            "1,200千円",
        ),
        *("百二十万円", "壱百弐拾万円", "1.2M", "1200K", "1200000", "金1,200,000円也", "¥1,200,000-", "JPY 1,200,000"),
    ],
)
def test_an_amount_is_read_in_every_spelling(text: str) -> None:
    assert parse_money(text) == Money(amount=Decimal(1_200_000))


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1.2億", 120_000_000, "JPY"),
        ("1億2000万", 120_000_000, "JPY"),
        ("1億2,000万円", 120_000_000, "JPY"),
        ("3千万", 30_000_000, "JPY"),
        ("2百万", 2_000_000, "JPY"),
        ("1兆", 10**12, "JPY"),
        ("-120万円", -1_200_000, "JPY"),
        ("▲5,000", -5_000, "JPY"),
        ("0円", 0, "JPY"),
        ("$1,200", 1_200, "USD"),
        ("US$1.5M", 1_500_000, "USD"),
        ("USD 1,000", 1_000, "USD"),
        ("1000ドル", 1_000, "USD"),
        ("€3.5", "3.5", "EUR"),
        ("$1,200.50", "1200.50", "USD"),
    ],
)
def test_units_and_currencies_are_read(text: str, amount: int | str, currency: str) -> None:
    assert parse_money(text) == Money(amount=Decimal(amount), currency=currency)


def test_remarks_on_an_amount_are_kept() -> None:
    assert parse_money("約100万円") == Money(amount=Decimal(1_000_000), approximate=True)
    assert parse_money("100万円程度（税別）") == Money(amount=Decimal(1_000_000), approximate=True, tax="excluded")
    assert parse_money("税込1,200円") == Money(amount=Decimal(1_200), tax="included")
    assert parse_money("1,200円(税抜き)") == Money(amount=Decimal(1_200), tax="excluded")
    assert parse_money("500", currency="USD") == Money(amount=Decimal(500), currency="USD")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "円",
            "万",
            ",",
            ".",
            "1,20,000",
            "1.2億5千万",
            "100〜150万円",
            "100万円以上",
            "月額10万円",
            "1..2",
            "5万3億",
            "$100円",
        ),
        *("税込100円税抜", "未定", "1" * 300, "十" * 50, "," * 100, "1.2.3"),
    ],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_money(text) is None
    assert normalize_money(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１２０万円", "1,200,000円"),
        ("￥1200000", "1,200,000円"),
        ("120万", "1,200,000"),
        ("約100万円", "約1,000,000円"),
        ("100万円(税別)", "1,000,000円（税抜）"),
        ("$1.5M", "USD 1,500,000"),
        ("-5千円", "-5,000円"),
    ],
)
def test_an_amount_has_one_spelling_and_no_currency_is_invented(text: str, expected: str) -> None:
    assert normalize_money(text) == expected


def test_an_amount_is_written_with_its_currency() -> None:
    assert format_money(Money(amount=Decimal("1200.50"), currency="USD")) == "USD 1,200.50"


@pytest.mark.parametrize(
    ("text", "number", "spelling"),
    [
        ("1,200", "1200", "1200"),
        ("１２", "12", "12"),
        ("千二百", "1200", "1200"),
        ("50台", "50", "50台"),
        ("１００人", "100", "100人"),
        ("12.5%", "12.5", "12.5%"),
        ("-3", "-3", "-3"),
        ("3万件", "30000", "30000件"),
    ],
)
def test_a_number_is_read_and_keeps_its_counter(text: str, number: str, spelling: str) -> None:
    assert parse_number(text) == Decimal(number)
    assert normalize_number(text) == spelling


@pytest.mark.parametrize("text", ["", "abc", "1,2", "12 34", "1-2", "-"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None
    assert normalize_number(text) is None


@pytest.mark.parametrize(
    "text", ["はい", "有", "あり", "済", "済み", "○", "〇", "◯", "yes", "YES", "true", "ｙｅｓ", "1", "[x]"]
)
def test_yes_is_read(text: str) -> None:
    assert parse_bool(text) is True
    assert normalize_bool(text) == "true"


@pytest.mark.parametrize("text", ["いいえ", "無", "なし", "未", "×", "✕", "no", "False", "0", "[ ]"])
def test_no_is_read(text: str) -> None:
    assert parse_bool(text) is False
    assert normalize_bool(text) == "false"


@pytest.mark.parametrize("text", ["", "たぶん", "x", "2", "はいいいえ", "y" * 300])
def test_neither_yes_nor_no_is_none(text: str) -> None:
    assert parse_bool(text) is None
    assert normalize_bool(text) is None


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("03-1234-5678", "03-1234-5678"),
        ("０３（１２３４）５６７８", "03-1234-5678"),
        ("(03)1234-5678", "03-1234-5678"),
        ("０３－１２３４－５６７８", "03-1234-5678"),
        ("03ー1234ー5678", "03-1234-5678"),
        ("0312345678", "03-1234-5678"),
        ("045-123-4567", "045-123-4567"),
        ("0451234567", "0451234567"),
        ("090 1234 5678", "090-1234-5678"),
        ("09012345678", "090-1234-5678"),
        ("0120123456", "0120-123-456"),
        ("+81 3-1234-5678", "+81-3-1234-5678"),
        ("+81(0)3-1234-5678", "+81-3-1234-5678"),
        ("+81-03-1234-5678", "+81-3-1234-5678"),
        ("+1 650-253-0000", "+1-650-253-0000"),
        ("TEL: 03-1234-5678", "03-1234-5678"),
        ("℡03-1234-5678", "03-1234-5678"),
        ("03-1234-5678（内線 12）", "03-1234-5678 内線12"),
    ],
)
def test_a_phone_number_has_one_spelling(text: str, spelling: str) -> None:
    assert normalize_phone(text) == spelling


@pytest.mark.parametrize("text", ["", "110", "1234-5678", "03-1234-56789", "2026-11-20", "電話", "+81", "0" * 40])
def test_what_is_no_phone_number_is_none(text: str) -> None:
    assert normalize_phone(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yamada@Example.co.jp", "Yamada@example.co.jp"),
        ("山田 <yamada@example.co.jp>", "yamada@example.co.jp"),
        ("ｙａｍａｄａ＠example.jp", "yamada@example.jp"),
        ("mailto:a.b+c@x.example", "a.b+c@x.example"),
        *((text, None) for text in ("", "a@b", "a..b@x.example", "a@-x.example", "a@x.example b", "@x.example")),
    ],
)
def test_an_address_is_read(text: str, expected: str | None) -> None:
    assert parse_email(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://Example.co.jp/Path?q=1", "https://example.co.jp/Path?q=1"),
        ("HTTP://example.co.jp", "http://example.co.jp"),
        ("www.example.co.jp", "https://www.example.co.jp"),
        ("<https://example.co.jp>", "https://example.co.jp"),
        ("https://example.co.jp:8080/a", "https://example.co.jp:8080/a"),
        *((text, None) for text in ("", "example.co.jp", "ftp://example.co.jp", "http://x", "https://a b.example")),
    ],
)
def test_a_web_address_is_read(text: str, expected: str | None) -> None:
    assert parse_url(text) == expected


@pytest.mark.parametrize(
    "text",
    ["yamada@Example.co.jp", "https://www.example.co.jp/x", "example.co.jp", "@example.co.jp", "www.example.co.jp"],
)
def test_the_domain_is_found_in_addresses(text: str) -> None:
    assert find_domain(text) == "example.co.jp"


@pytest.mark.parametrize(
    "text", ["4010401054508", "T4010401054508", "401-0401-054508", "４０１０４０１０５４５０８", "1010401013565"]
)
def test_a_corporate_number_with_its_check_digit_is_one(text: str) -> None:
    assert is_corporate_number(text)
    assert (normalize_corporate_number(text) or "")[-3:] in {"508", "565"}


@pytest.mark.parametrize("text", ["", "4010401054507", "401040105450", "0010401054508", "40104010545080", "x" * 13])
def test_a_wrong_check_digit_is_found(text: str) -> None:
    assert not is_corporate_number(text)
    assert normalize_corporate_number(text) is None
