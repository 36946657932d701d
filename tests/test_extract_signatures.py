from notevault.extract.signatures import extract_signatures
from notevault.model import NotePath, PersonMention
from notevault.note import parse_note
from notevault.settings_reader import parse_settings

SETTINGS = parse_settings('[owners]\nsato = {name = "佐藤健一", email = "sato@ours.example"}\n', "notevault.toml")
SIGNED = """---
customer: 山田工業
---
# 返信
> 承知しました。
> --------------------
> 株式会社山田工業
> 情報システム部 課長 鈴木 花子
> TEL: 03-1234-5678
> hanako@yamada.example
> --------------------
"""


def _people(text: str) -> tuple[PersonMention, ...]:
    return extract_signatures(parse_note(NotePath("a.md"), text.encode()), SETTINGS)


def test_signature_of_a_quoted_mail_is_a_person() -> None:
    (person,) = _people(SIGNED)
    assert (person.name, person.title, person.department) == ("鈴木 花子", "課長", "情報システム部")
    assert (person.email, person.phone, person.company) == ("hanako@yamada.example", "03-1234-5678", "株式会社山田工業")


def test_english_signature_is_read() -> None:
    (person,) = _people("Thanks!\n\n--\nLaura Reed\nManager\nNorthwind Trading K.K.\nlaura@northwind.example\n")
    assert (person.name, person.title) == ("Laura Reed", "Manager")


def test_our_own_signature_is_left_out() -> None:
    assert _people(SIGNED.replace("hanako@yamada.example", "suzuki@ours.example")) == ()


def test_address_in_a_sentence_or_list_is_no_signature() -> None:
    assert _people("見積書を nishida@aomine.example に送った。\n夜に返信があった。\n電話 03-1234-5678\n") == ()
    assert _people("- メール a@x.example\n- TEL 03-1234-5678\n- 山田\n") == ()
    assert _people("山田様\na@x.example\n") == ()


def test_one_person_signs_once() -> None:
    assert len(_people(SIGNED + SIGNED.partition("# 返信")[2])) == 1


def test_many_addresses_take_no_time() -> None:
    assert len(_people("a@x.example\n" * 20_000)) <= 1
