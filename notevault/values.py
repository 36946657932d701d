"""Money, numbers, yes and no, phones, addresses of mail and web, corporate numbers as people write them.

``parse_`` gives the value, ``normalize_`` the same in its one canonical spelling, losing nothing that was said;
None where the text is no such value. Dates are in :mod:`notevault.dates`.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Final, Literal

from notevault.records import record

MAX_LENGTH: Final = 200
"""Longer text is no value; it bounds every expression here."""

Tax = Literal["", "excluded", "included"]


@record
class Money:
    """An amount, exact to the digit written."""

    amount: Decimal
    currency: str = "JPY"
    """ISO 4217."""
    approximate: bool = False
    """約, 程度, ``about`` stood with it."""
    tax: Tax = ""
    """税抜 or 税込 stood with it."""


_CURRENCIES: Final = {
    "jpy": "JPY", "¥": "JPY", "\\": "JPY", "円": "JPY", "yen": "JPY", "日本円": "JPY", "圓": "JPY",
    "usd": "USD", "$": "USD", "us$": "USD", "ドル": "USD", "米ドル": "USD", "dollar": "USD", "dollars": "USD",
    "eur": "EUR", "€": "EUR", "ユーロ": "EUR", "euro": "EUR", "euros": "EUR", "gbp": "GBP", "£": "GBP", "ポンド": "GBP",
    "cny": "CNY", "rmb": "CNY", "元": "CNY", "人民元": "CNY", "krw": "KRW", "₩": "KRW", "ウォン": "KRW",
    "twd": "TWD", "nt$": "TWD", "hkd": "HKD", "hk$": "HKD", "sgd": "SGD", "s$": "SGD", "thb": "THB", "バーツ": "THB",
    "aud": "AUD", "a$": "AUD", "cad": "CAD", "c$": "CAD", "chf": "CHF", "inr": "INR", "vnd": "VND", "idr": "IDR",
}  # fmt: skip
_CURRENCY = "|".join(re.escape(word) for word in sorted(_CURRENCIES, key=len, reverse=True))
_APPROXIMATE: Final = r"約|およそ|おおよそ|概算|ざっと|approx\.?|approximately|about|around|circa|ca\."
_ROUGHLY: Final = r"前後|程度|くらい|ぐらい|ほど|強|弱"
_TAX: Final[dict[str, Tax]] = {"税抜": "excluded", "税別": "excluded", "税込": "included", "+税": "excluded"}
_TAX_WORD = r"税抜|税別|税込|\+税"
_NUMBER = r"[\d,.兆億万千百十]+"
_SCALES: Final = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "mil": 10**6, "mn": 10**6, "m": 10**6,
    "billion": 10**9, "bn": 10**9, "b": 10**9,
}  # fmt: skip
_SCALE = "|".join(_SCALES)
_LARGE: Final = {"兆": 10**12, "億": 10**8, "万": 10**4}
_SMALL: Final = {"千": 1000, "百": 100, "十": 10}
_KANJI: Final = str.maketrans("〇零一二三四五六七八九壱弐参拾萬阡−‐–▲△", "00123456789123十万千-----")
_MONEY = (
    rf"(?:(?P<about>{_APPROXIMATE})\s*)?(?:\(?(?P<tax>{_TAX_WORD})[きみ]?\)?\s*)?(?:金\s*)?"
    rf"(?P<sign>-)?\s?(?P<before>{_CURRENCY})?\s?(?P<minus>-)?"
    rf"(?P<number>{_NUMBER})(?:\s?(?P<scale>{_SCALE}))?\s?(?P<after>{_CURRENCY})?(?:也|,?-)?"
    rf"\s*(?P<roughly>{_ROUGHLY})?\s*(?:\(?(?:消費)?(?P<taxed>{_TAX_WORD})[きみ]?\)?)?"
)
_COUNTER = (
    r"台|人|名|件|個|社|本|枚|回|点|拠点|店舗?|[箇かヶカ]所|席|部|箱|式|セット|ユーザー?|ライセンス|"
    r"時間|年|[ヶかカ]月|日|%|pt"
)
_PLAIN_NUMBER = rf"(?P<sign>[-+])?(?P<number>{_NUMBER})(?:\s?(?P<scale>{_SCALE}))?\s?(?P<counter>{_COUNTER})?"

_YES: Final = frozenset(
    ("はい", "有", "有り", "あり", "済", "済み", "可", "要", "必要", "○", "〇", "◯", "◎", "✓", "✔", "☑", "✅")
) | frozenset(("yes", "y", "true", "t", "on", "1", "[x]"))
_NO: Final = frozenset(
    ("いいえ", "無", "無し", "なし", "未", "未済", "不可", "不要", "否", "×", "✕", "✗", "✘", "☐", "❌")
) | frozenset(("no", "n", "false", "f", "off", "0", "[]"))

_PHONE_LABEL = r"(?:tel|phone|携帯電話|電話|携帯|直通|代表|mobile|fax|ファックス)(?:番号)?[.:]?\s*"
_EXTENSION = r"\s*\(?(?:内線|ext\.?|x)\s*[:.]?\s*(\d{1,6})\)?"
_EMAIL = (
    r"(?i)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
    r"[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+"
)
_URL = r"(?i)(?:(https?)://|(?=www\.))([^\s/?#@]{1,255}\.[^\s/?#@.]{2,63}\.?(?::\d{1,5})?)([/?#]\S*)?"


def parse_money(text: str, *, currency: str = "JPY") -> Money | None:
    """Return the amount that a text names: 1,200,000円, 120万円, 1億2000万, ``$1.2M``.

    ``currency`` holds where none is written. A range (100〜150万円), a bound (100万円以上) and a rate (月額10万円)
    name no amount.
    """
    found = _match_money(text)
    return _money(found, currency) if found else None


def format_money(money: Money) -> str:
    """Return ``1,200,000円``, ``USD 1,200.50``, ``約1,200,000円（税抜）``; what it says is read back the same."""
    number = _format_number(money.amount)
    written = f"{number}円" if money.currency == "JPY" else f"{money.currency} {number}"
    return _with_remarks(written, money)


def normalize_money(text: str) -> str | None:
    """Return the amount in the spelling of :func:`format_money`; no currency is added to a bare number."""
    found = _match_money(text)
    money = _money(found, "JPY") if found else None
    if not found or not money:
        return None
    stated = found["before"] or found["after"]
    return format_money(money) if stated else _with_remarks(_format_number(money.amount), money)


def parse_number(text: str) -> Decimal | None:
    """Return 1200 for 1,200, １２００, 千二百, 1.2K, 1200台; a counter or per cent sign is read over."""
    found = _match_number(text)
    return _scaled(found["number"], found["scale"], negative=found["sign"] == "-") if found else None


def normalize_number(text: str) -> str | None:
    """Return the number in plain digits, a counter kept: 1200台."""
    number, found = parse_number(text), _match_number(text)
    return f"{number:f}{found['counter'] or ''}" if found and number is not None else None


def parse_bool(text: str) -> bool | None:
    """Return what はい, 有, 済, ○, ``yes``, ``true`` and their opposites say."""
    word = "".join(text.split()).casefold() if len(text) <= MAX_LENGTH else ""
    word = word if word in _YES or word in _NO else unicodedata.normalize("NFKC", word).casefold()
    return True if word in _YES else False if word in _NO else None


def normalize_bool(text: str) -> str | None:
    """Return ``true`` or ``false``."""
    said = parse_bool(text)
    return None if said is None else str(said).lower()


def normalize_phone(text: str) -> str | None:
    """Return ``03-1234-5678`` for ０３（１２３４）５６７８ and 0312345678.

    Groups stay as they were written; digits in one run are grouped only where the number plan leaves no doubt.
    """
    found = _take_phone_apart(text)
    if not found:
        return None
    groups, extension = found
    if len(groups) == 1:
        groups = _group_digits(groups[0])
    return "-".join(groups) + (f" 内線{extension}" if extension else "")


def parse_email(text: str) -> str | None:
    """Return the address of ``yamada@example.co.jp`` or 山田 <yamada@example.co.jp>, its domain in lower case."""
    plain = _plain(text).removeprefix("mailto:")
    if plain.endswith(">") and "<" in plain:
        plain = plain[plain.rindex("<") + 1 : -1].removeprefix("mailto:")
    if not re.fullmatch(_EMAIL, plain):
        return None
    local, domain = plain.rsplit("@", 1)
    return f"{local}@{domain.lower()}"


def parse_url(text: str) -> str | None:
    """Return a web address, its scheme and host in lower case; ``www.`` without scheme is taken as https."""
    plain = text.strip().removeprefix("<").removesuffix(">") if len(text) <= 10 * MAX_LENGTH else ""
    found = re.fullmatch(_URL, plain) or re.fullmatch(_URL, unicodedata.normalize("NFKC", plain))
    return f"{(found[1] or 'https').lower()}://{found[2].lower()}{found[3] or ''}" if found else None


def find_domain(text: str) -> str | None:
    """Return the domain of an e-mail address, a web address, or of itself: ``example.co.jp``."""
    if address := parse_email(text):
        return address.rsplit("@", 1)[1]
    plain = _plain(text).lower().removeprefix("@")
    url = parse_url(plain) or parse_url(f"https://{plain}")
    host = url.split("/")[2].split(":")[0].rstrip(".") if url else ""
    return host.removeprefix("www.") or None


def normalize_corporate_number(text: str) -> str | None:
    """Return the 13 digits of a corporate number whose check digit is right; the T of an invoice number is cut off."""
    digits = re.sub(r"[\s-]", "", _plain(text)).upper().removeprefix("T")
    if not re.fullmatch(r"[1-9][0-9]{12}", digits):
        return None
    return digits if int(digits[0]) == _check_digit(digits[1:]) else None


def is_corporate_number(text: str) -> bool:
    """Say whether a text is a corporate number (法人番号) with a right check digit."""
    return normalize_corporate_number(text) is not None


def _check_digit(base: str) -> int:
    """9 - (Σ Pn·Qn mod 9), n from the right of the 12 base digits, Qn 1 for odd, 2 for even n (法人番号省令 第2条)."""
    return 9 - sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(base))) % 9


def _plain(text: str) -> str:
    if len(text) > MAX_LENGTH:
        return ""
    return re.sub(r"[‐‑‒–—−]", "-", unicodedata.normalize("NFKC", text)).strip()


def _match_money(text: str) -> re.Match[str] | None:
    return re.fullmatch(_MONEY, _plain(text).lower().translate(_KANJI))


def _match_number(text: str) -> re.Match[str] | None:
    return re.fullmatch(_PLAIN_NUMBER, _plain(text).lower().translate(_KANJI))


def _money(found: re.Match[str], currency: str) -> Money | None:
    before, after = found["before"], found["after"]
    codes = {_CURRENCIES[word] for word in (before, after) if word}
    amount = _scaled(found["number"], found["scale"], negative=bool(found["sign"] or found["minus"]))
    if amount is None or len(codes) > 1:
        return None
    taxes = {_TAX[word] for word in found.group("tax", "taxed") if word}
    if len(taxes) > 1:
        return None
    return Money(
        amount=amount,
        currency=codes.pop() if codes else currency,
        approximate=bool(found["about"] or found["roughly"]),
        tax=taxes.pop() if taxes else "",
    )


def _scaled(number: str, scale: str | None, *, negative: bool) -> Decimal | None:
    value = _parse_amount(number)
    if value is None or (scale and not number[-1].isdigit()):
        return None
    exact = value * _SCALES[scale] if scale else value
    whole = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() and exact < 10**24 else exact
    return -whole if negative and whole else whole


def _parse_amount(text: str) -> Decimal | None:
    """Read digits with commas and 千, 万, 億 in falling order; a fraction only in the last number."""
    total, section, number = Decimal(0), Decimal(0), None
    small, large, broken = 10**4, 10**16, False
    for token in re.findall(r"[\d,.]+|.", text):
        if token in _SMALL:
            if _SMALL[token] >= small:
                return None
            small = _SMALL[token]
            section, number = section + (1 if number is None else number) * small, None
        elif token in _LARGE:
            section, number = section + (number or 0), None
            if _LARGE[token] >= large or not section:
                return None
            large, small = _LARGE[token], 10**4
            total, section = total + section * large, Decimal(0)
        elif broken or not re.fullmatch(r"(?:\d{1,3}(?:,\d{3}){1,8}|\d{1,24})(?:\.\d{1,12})?", token):
            return None
        else:
            number, broken = Decimal(token.replace(",", "")), "." in token
    return total + section + (number or 0)


def _format_number(amount: Decimal) -> str:
    return f"{amount:,f}"


def _with_remarks(written: str, money: Money) -> str:
    tax = {"": "", "excluded": "（税抜）", "included": "（税込）"}[money.tax]
    return f"{'約' if money.approximate else ''}{written}{tax}"


def _take_phone_apart(text: str) -> tuple[list[str], str] | None:
    """Return groups of digits, the first with + where it names a country, and the extension."""
    plain = re.sub(rf"^{_PHONE_LABEL}", "", _plain(text).lower())
    extension = ""
    if found := re.search(rf"{_EXTENSION}$", plain):
        plain, extension = plain[: found.start()], found[1]
    plain = re.sub(r"(?<=\d)ー(?=\d)", "-", plain).replace("(0)", "-")
    if not re.fullmatch(r"\+?[\d\s().-]{9,24}", plain):
        return None
    groups = re.findall(r"\d+", plain)
    if not plain.startswith("+"):
        return (groups, extension) if _is_domestic("".join(groups)) else None
    groups[0] = f"+{groups[0]}"
    if groups[0] == "+81" and len(groups) > 1:
        groups[1] = groups[1].removeprefix("0")
        groups = [group for group in groups if group]
    digits = len("".join(groups)) - 1
    return (groups, extension) if 8 <= digits <= 15 else None  # noqa: PLR2004 -- ITU-T E.164


def _is_domestic(digits: str) -> bool:
    """Ten digits, eleven for mobile, IP and 0800 numbers (電気通信番号計画)."""
    long = re.fullmatch(r"0[5-9]0[0-9]{8}|0800[0-9]{7}", digits)
    return bool(long or re.fullmatch(r"0[1-9][0-9]{8}", digits))


def _group_digits(digits: str) -> list[str]:
    for pattern in (r"(0[5-9]0)(\d{4})(\d{4})", r"(0120|0570|0990)(\d{3})(\d{3})", r"(0800)(\d{3})(\d{4})"):
        if found := re.fullmatch(pattern, digits):
            return list(found.groups())
    found = re.fullmatch(r"(03|06)(\d{4})(\d{4})", digits)
    return list(found.groups()) if found else [digits]
