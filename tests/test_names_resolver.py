from itertools import permutations

import pytest

from notevault.names.resolver import Clash, CustomerResolver
from notevault.names.values import Candidate, Reason, RegisteredCustomer

YAMADA = RegisteredCustomer(
    id="yamada",
    name="株式会社山田工業",
    aliases=("ヤマコー",),
    kana="ヤマダコウギョウ",
    name_en="Yamada Kogyo Co., Ltd.",
    group="山田ホールディングス",
    corporate_number="4010401054508",
    domain="yamada.example",
)
OSAKA = RegisteredCustomer(id="osaka", name="鈴木商事 大阪支店")
SUZUKI = RegisteredCustomer(id="suzuki", name="鈴木商事㈱")
SUNTEC_TOKYO = RegisteredCustomer(
    id="suntec-tokyo", name="株式会社サンテック", place="東京都千代田区", group="サンテックグループ"
)
SUNTEC_HIROSHIMA = RegisteredCustomer(
    id="suntec-hiroshima", name="株式会社サンテック", place="広島", corporate_number="1010401013565"
)
BRIDGE = RegisteredCustomer(id="bridge", name="株式会社サイブリッジ")
RESOLVER = CustomerResolver([YAMADA, OSAKA, SUZUKI, SUNTEC_TOKYO, SUNTEC_HIROSHIMA, BRIDGE])


@pytest.mark.parametrize(
    ("mention", "customer", "reason"),
    [
        ("株式会社山田工業", "yamada", Reason.EXACT),
        ("㈱山田工業", "yamada", Reason.EXACT),
        ("（株）山田　工業 御中", "yamada", Reason.EXACT),
        ("山田工業株式会社", "yamada", Reason.NAME_KEY),
        ("山田工業", "yamada", Reason.NAME_KEY),
        ("山田工業様", "yamada", Reason.NAME_KEY),
        ("ヤマコー", "yamada", Reason.ALIAS),
        ("ﾔﾏﾀﾞｺｳｷﾞｮｳ", "yamada", Reason.KANA),
        ("やまだこうぎょう", "yamada", Reason.KANA),
        ("YAMADA KOGYO", "yamada", Reason.ENGLISH),
        ("Yamada Kogyo Corporation", "yamada", Reason.ENGLISH),
        ("山田ホールディングス", "yamada", Reason.GROUP),
        ("4010401054508", "yamada", Reason.CORPORATE_NUMBER),
        ("T4010401054508", "yamada", Reason.CORPORATE_NUMBER),
        ("taro@yamada.example", "yamada", Reason.DOMAIN),
        ("taro@mail.yamada.example", "yamada", Reason.DOMAIN),
        ("https://www.yamada.example/", "yamada", Reason.DOMAIN),
        ("山田工業 大阪支店 情シス", "yamada", Reason.BRANCH),
        ("山田工業大阪支店", "yamada", Reason.BRANCH),
        ("山田工業㈱大阪支店", "yamada", Reason.BRANCH),
        ("山田工業(株) 情報システム部", "yamada", Reason.BRANCH),
        ("山田工業（大阪）", "yamada", Reason.BRANCH),
        ("山田工業（ヤマコー）", "yamada", Reason.BRANCH),
        ("山田工業 山田様", "yamada", Reason.BRANCH),
        ("山田工業の佐藤部長", "yamada", Reason.BRANCH),
        ("鈴木商事大阪支店", "osaka", Reason.EXACT),
        ("鈴木商事㈱ 大阪支店", "osaka", Reason.NAME_KEY),
        ("鈴木商事 大阪支店 営業部", "osaka", Reason.BRANCH),
        ("鈴木商事 福岡支店", "suzuki", Reason.BRANCH),
        ("サンテック（広島）", "suntec-hiroshima", Reason.PLACE),
        ("サンテック 東京", "suntec-tokyo", Reason.PLACE),
        ("サンテック（サンテックグループ）", "suntec-tokyo", Reason.PLACE),
        ("サンテック（1010401013565）", "suntec-hiroshima", Reason.PLACE),
    ],
)
def test_a_mention_leads_to_its_customer(mention: str, customer: str, reason: Reason) -> None:
    found = RESOLVER.resolve(mention)
    assert (found.customer, found.reason, found.mention) == (customer, reason, mention)


@pytest.mark.parametrize(
    ("mention", "reason", "candidates"),
    [
        ("サンテック", Reason.AMBIGUOUS, ["suntec-hiroshima", "suntec-tokyo"]),
        ("株式会社サンテック", Reason.AMBIGUOUS, ["suntec-hiroshima", "suntec-tokyo"]),
        ("サンテック 大阪支店", Reason.AMBIGUOUS, ["suntec-hiroshima", "suntec-tokyo"]),
        ("サンテック（福岡）", Reason.AMBIGUOUS, ["suntec-hiroshima", "suntec-tokyo"]),
        ("山田工業（鈴木商事）", Reason.AMBIGUOUS, ["suzuki", "yamada"]),
        ("サイブリッジ合同会社", Reason.LEGAL_FORM, ["bridge"]),
        ("山田工業（仮）", Reason.UNKNOWN, ["yamada"]),
        *(
            (mention, Reason.UNKNOWN, [])
            for mention in ("", " ", "株式会社", "様", "山田", "山田工", "山田 工業所", "工業")
        ),
        *(
            (mention, Reason.UNKNOWN, [])
            for mention in ("山田工業 ビール", "山田工業 倶楽部", "4010401054507", "a@gmail.com")
        ),
    ],
)
def test_what_is_not_certain_is_not_decided(mention: str, reason: Reason, candidates: list[str]) -> None:
    found = RESOLVER.resolve(mention)
    assert (found.customer, found.reason) == (None, reason)
    assert [candidate.customer for candidate in found.candidates] == candidates


def test_the_longest_registered_name_wins() -> None:
    resolver = CustomerResolver(
        [RegisteredCustomer(id="short", name="山田"), RegisteredCustomer(id="long", name="山田 大阪支店")]
    )
    assert resolver.resolve("山田 大阪支店 総務").customer == "long"
    assert resolver.resolve("山田工業 大阪支店").customer is None
    assert resolver.resolve("山田工業大阪支店").customer is None


def test_legal_forms_tell_two_customers_of_one_name_apart() -> None:
    resolver = CustomerResolver(
        [
            RegisteredCustomer(id="kk", name="株式会社アドバンス"),
            RegisteredCustomer(id="gk", name="合同会社アドバンス"),
            RegisteredCustomer(id="kk-after", name="アドバンス株式会社"),
        ]
    )
    assert resolver.resolve("アドバンス").reason is Reason.AMBIGUOUS
    assert resolver.resolve("合同会社アドバンス").customer == "gk"
    assert resolver.resolve("㈱アドバンス").customer == "kk"
    assert resolver.resolve("アドバンス（株）").customer == "kk-after"


def test_an_alias_that_is_another_customers_name_is_ambiguous() -> None:
    resolver = CustomerResolver(
        [
            RegisteredCustomer(id="a", name="ＩＫホールディングス", aliases=("アイケイ",)),
            RegisteredCustomer(id="b", name="アイケイ"),
        ]
    )
    assert resolver.resolve("アイケイ").reason is Reason.AMBIGUOUS


def test_a_reading_that_is_another_customers_name_is_ambiguous() -> None:
    resolver = CustomerResolver(
        [RegisteredCustomer(id="a", name="I&K", kana="アイケイ"), RegisteredCustomer(id="b", name="アイケイ")]
    )
    assert resolver.resolve("アイケイ").reason is Reason.AMBIGUOUS
    assert resolver.clashes() == (Clash(key="アイケイ", reason=Reason.NAME_KEY, customers=("a", "b")),)


def test_a_group_of_several_customers_is_ambiguous() -> None:
    resolver = CustomerResolver(
        [RegisteredCustomer(id=name, name=name, group="株式会社山田") for name in ("山田 本社営業", "山田 大阪支店")]
    )
    found = resolver.resolve("山田")
    assert found.reason is Reason.AMBIGUOUS
    assert len(found.candidates) == 2


def test_customers_that_share_a_key_are_reported() -> None:
    shared = [
        RegisteredCustomer(id="a", name="㈱サンテック", corporate_number="4010401054508", domain="x.example"),
        RegisteredCustomer(
            id="b", name="サンテック有限会社", corporate_number="T4010401054508", domain="www.x.example"
        ),
        RegisteredCustomer(id="c", name="山田", domain="gmail.com"),
        RegisteredCustomer(id="d", name="鈴木", domain="gmail.com"),
    ]
    assert CustomerResolver(shared).clashes() == (
        Clash(key="サンテック", reason=Reason.NAME_KEY, customers=("a", "b")),
        Clash(key="4010401054508", reason=Reason.CORPORATE_NUMBER, customers=("a", "b")),
        Clash(key="x.example", reason=Reason.DOMAIN, customers=("a", "b")),
    )
    assert CustomerResolver([YAMADA, OSAKA, SUZUKI]).clashes() == ()


def test_the_order_of_registration_does_not_matter() -> None:
    customers = [YAMADA, SUNTEC_TOKYO, SUNTEC_HIROSHIMA, SUZUKI]
    mentions = ["山田工業", "サンテック", "サンテック 広島", "鈴木", "やまだ工業", "鈴木商事 大阪支店"]
    answers = {
        tuple(CustomerResolver(order).explain(mention) for mention in mentions) for order in permutations(customers)
    }
    assert len(answers) == 1


def test_candidates_are_proposed_where_nothing_is_certain() -> None:
    found = RESOLVER.explain("ヤマダ工業", limit=2)
    assert found.customer is None
    assert found.candidates[0].customer == "yamada"
    assert len(found.candidates) <= 2
    assert RESOLVER.explain("山田工業").candidates == ()
    first = RESOLVER.explain("サイブリッジ合同会社").candidates[0]
    assert first == Candidate(customer="bridge", likeness=1.0, why="name")


def test_nobody_is_known_without_customers() -> None:
    assert CustomerResolver([]).explain("山田工業").candidates == ()


def test_a_unit_that_is_a_customer_is_found_behind_its_companys_legal_form() -> None:
    resolver = CustomerResolver(
        [
            RegisteredCustomer(id="head", name="株式会社山田工業"),
            RegisteredCustomer(id="osaka", name="山田工業 大阪支店"),
        ]
    )
    for mention in (
        "山田工業株式会社 大阪支店",
        "山田工業(株)大阪支店",
        "㈱山田工業 大阪支店",
        "山田工業㈱ 大阪支店 業務課",
    ):
        assert resolver.resolve(mention).customer == "osaka", mention
    assert resolver.resolve("山田工業株式会社 名古屋支店").customer == "head"
