from hypothesis import example, given, settings
from hypothesis import strategies as st

from notevault.names.key import name_key
from notevault.names.people import parse_person, parse_signature, person_key, split_people
from notevault.names.resolver import CustomerResolver
from notevault.names.values import Reason, RegisteredCustomer

PIECES = (
    *(
        "株式会社",
        "㈱",
        "(株)",
        "（株）",
        "有限会社",
        "合同会社",
        "Co., Ltd.",
        " Inc",
        " LLC",
        "御中",
        "様",
        "さん",
        "山田",
        "田",
        "工業",
        "商事",
    ),
    *(
        "ホールディングス",
        "HD",
        "サン",
        "テック",
        "ﾔﾏﾀﾞ",
        "髙",
        "高",
        "斉",
        "ヶ",
        "ー",
        "-",
        "・",
        "&",
        "A",
        "Ｂ",
        "c",
        "1",
        " ",
        "　",
        ".",
    ),
    *(
        "大阪",
        "支店",
        "営業部",
        "課長",
        "部長",
        "の",
        "(",
        ")",
        "（",
        "）",
        "、",
        "@",
        "a@x.example",
        "03-1234-5678",
        "【決裁者】",
        "他2名",
        "\n",
    ),
)
WRITTEN = st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | st.text(max_size=20)
NAMES = st.lists(st.sampled_from(PIECES[:36]), min_size=1, max_size=4).map("".join).filter(str.strip)
CUSTOMERS = st.lists(NAMES, max_size=6).map(
    lambda names: [RegisteredCustomer(id=f"c{number}", name=name) for number, name in enumerate(names)]
)


@given(WRITTEN)
@example(".\x85")
@settings(max_examples=300)
def test_the_key_of_a_key_is_the_key_and_only_blanks_have_none(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert (key == "") == (not name.split())


@given(NAMES, st.sampled_from(["㈱", "(株)", "（株）", "株式会社"]), st.booleans())
@settings(max_examples=100)
def test_a_legal_form_more_changes_no_key(name: str, form: str, before: bool) -> None:  # noqa: FBT001
    company = f"山{name}川"
    assert name_key(f"{form} {company}" if before else f"{company} {form}") == name_key(company)


@given(CUSTOMERS, st.randoms(use_true_random=False), WRITTEN)
@settings(max_examples=100, deadline=None)
def test_the_order_of_customers_never_matters(
    customers: list[RegisteredCustomer], random: object, mention: str
) -> None:
    shuffled = sorted(customers, key=lambda one: hash((one.id, str(random))))
    for text in (mention, *(one.name for one in customers)):
        assert CustomerResolver(customers).explain(text) == CustomerResolver(shuffled).explain(text)


@given(CUSTOMERS)
@settings(max_examples=100, deadline=None)
def test_a_registered_name_is_its_customer_or_reported_as_shared(customers: list[RegisteredCustomer]) -> None:
    resolver = CustomerResolver(customers)
    shared = {customer for clash in resolver.clashes() for customer in clash.customers}
    for one in customers:
        found = resolver.resolve(one.name)
        assert found.customer == one.id or (found.reason is Reason.AMBIGUOUS and one.id in shared)
        twins = [other for other in customers if name_key(other.name) == name_key(one.name)]
        assert len(twins) == 1 or one.id in shared


@given(WRITTEN)
@settings(max_examples=200)
def test_people_are_read_from_any_text_without_an_error(text: str) -> None:
    person = parse_person(text)
    assert person.raw == text
    assert bool(person.name) == bool(text.strip(" \n\u3000\t")) or not text.isprintable()
    parse_signature(text)
    for one in split_people(text):
        assert one.strip()
    key = person_key(text)
    assert person_key(key) == key
