from pathlib import Path

import pytest

from tests.conftest import MakeVault
from tests.editing import MEETING, OWNERS, Editor
from tests.synced import synced

NOTES = {
    "templates/meeting.md": MEETING,
    "customers/yamada.md": (
        "---\ntype: customer\nname: 株式会社山田工業\naliases: [ヤマダさん]\nkana: ヤマダコウギョウ\n---\n"
    ),
    "m/2026-11-20.md": (
        "---\ntype: meeting\ndate: 2026-11-20\ncustomer: ㈱山田工業\ncontacts: [山田太郎 部長, 鈴木花子]\n"
        "deal: 複合機入替\nstage: 提案\ncompetitors: [オルカ事務機]\n---\n# 訪問の記録\n"
    ),
    "m/2026-11-19.md": "---\ntype: meeting\ndate: 2026-11-19\ncustomer: 青嶺物流\n---\n",
}
HEAD = "---\ntype: meeting\n"


@pytest.fixture
def editor(make_vault: MakeVault) -> Editor:
    root: Path = make_vault(NOTES, settings=f'language = "ja"\n{OWNERS}')
    with synced(root):
        pass
    return Editor(root)


def test_types_are_the_templates(editor: Editor) -> None:
    assert editor.offers("---\ntype: |\n---\n") == ["meeting"]
    assert editor.offers("---\ntype: 商談|\n---\n") == ["meeting"]


def test_keys_are_those_that_the_note_has_not_got(editor: Editor) -> None:
    offers = editor.offers(HEAD + "訪問先: 山田\n|\n---\n")
    assert offers[:2] == ["date: ", "channel: "]
    assert "customer: " not in offers
    assert "type: " not in offers


def test_a_key_is_offered_by_its_other_spellings(editor: Editor) -> None:
    assert editor.offers(HEAD + "訪問先|\n---\n") == ["customer: "]


def test_a_key_before_its_colon_gets_no_second_one(editor: Editor) -> None:
    assert editor.offers(HEAD + "cust|: x\n---\n") == ["customer"]


def test_keys_are_offered_in_front_matter_that_is_not_closed_yet(editor: Editor) -> None:
    assert "customer: " in editor.offers("---\ntype: meeting\n|")


def test_other_broken_lines_do_not_hide_the_template(editor: Editor) -> None:
    assert "amount: " in editor.offers("---\ntype: meeting\nowner: @sato\nnote: [a\nam|\n---\n")


def test_without_a_type_the_keys_that_notevault_knows_are_offered(editor: Editor) -> None:
    offers = editor.offers("---\n|\n---\n")
    assert offers[0] == "type: "
    assert "customer: " in offers


@pytest.mark.parametrize("written", ["山", "㈱山", "ヤマダ", "やまだ", "ﾔﾏﾀﾞ", "工業"])
def test_a_customer_is_found_by_any_spelling_and_written_as_registered(editor: Editor, written: str) -> None:
    assert editor.offers(f"{HEAD}customer: {written}|\n---\n") == ["株式会社山田工業"]


def test_the_comment_behind_an_empty_value_is_in_nobodys_way(editor: Editor) -> None:
    assert "株式会社山田工業" in editor.offers(HEAD + "customer: |  # 会社名\n---\n")


def test_a_link_in_front_matter_is_closed_unless_it_is(editor: Editor) -> None:
    assert editor.offers(HEAD + "customer: [[山|\n---\n") == ["株式会社山田工業]]"]
    assert editor.offers(HEAD + "customer: [[山|]]\n---\n") == ["株式会社山田工業"]


def test_a_value_right_behind_the_colon_gets_its_blank(editor: Editor) -> None:
    assert editor.offers(HEAD + "channel:|\n---\n") == [" visit", " phone"]


def test_a_choice_is_found_by_its_synonyms(editor: Editor) -> None:
    (found,) = editor.complete(HEAD + "channel: 来|\n---\n")
    assert (found.shown, found.text) == ("来社", "visit")


def test_stages_are_offered_in_the_order_of_the_sales_process(editor: Editor) -> None:
    assert editor.offers(HEAD + "stage: |\n---\n")[:4] == ["リード", "アプローチ", "ヒアリング", "提案"]
    assert editor.offers(HEAD + "stage: prop|\n---\n") == ["提案"]


@pytest.mark.parametrize(
    "value",
    [
        "|",
        "[|]",
        "[鈴木花子, |]",
        "[鈴木花子,|",
        "鈴木花子、|",
        "\n  - |",
        "\n  - 鈴木花子\n  - |",
        "\n- 鈴木花子\n- |",
    ],
)
def test_contacts_are_those_of_the_customer(editor: Editor, value: str) -> None:
    assert editor.offers(f"{HEAD}customer: 山田工業\ncontacts: {value}\n---\n") == ["山田太郎 部長", "鈴木花子"]


def test_contacts_of_nobody_are_none(editor: Editor) -> None:
    assert editor.offers(HEAD + "contacts: [|]\n---\n") == []


def test_an_open_quote_is_closed_unless_it_is(editor: Editor) -> None:
    assert editor.offers(HEAD + "customer: '山|\n---\n") == ["株式会社山田工業'"]
    assert editor.offers(HEAD + 'customer: "山|"\n---\n') == ["株式会社山田工業"]


def test_deals_of_the_customer_are_offered(editor: Editor) -> None:
    assert editor.offers(HEAD + "customer: 山田工業\ndeal: |\n---\n") == ["複合機入替"]


def test_values_of_lists_are_those_used_before(editor: Editor) -> None:
    assert editor.offers(HEAD + "competitors: [|]\n---\n") == ["オルカ事務機"]


def test_yes_no_and_months_are_offered(editor: Editor) -> None:
    assert editor.offers(HEAD + "signed: |\n---\n") == ["true", "false"]
    assert editor.offers(HEAD + "revisit: |\n---\n")[:2] == ["2026-11", "2026-12"]


@pytest.mark.parametrize("written", ["owner: 佐|\n---\n", "---\n- [ ] 送る @佐|", "---\n- [ ] 送る 担当:佐藤|"])
def test_an_owner_is_found_by_name_and_written_by_key(editor: Editor, written: str) -> None:
    assert editor.offers(HEAD + written) == ["sato"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("due:|", "2026-11-22"),
        ("due: tom|", "2026-11-23"),
        ("due:明日|", "2026-11-23"),
        ("📅 next fri|", "2026-11-27"),
        ("期限: 来週金|", "2026-11-27"),
        ("[due:: 月末|", "2026-11-30"),
        ("due:3日後|", "2026-11-25"),
        ("due:12/1|", "2026-12-01"),
    ],
)
def test_due_dates_are_offered_as_words_and_written_as_days(
    editor: Editor, written: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEVAULT_LANG", "en")
    assert editor.offers(f"{HEAD}---\n- [ ] 送る {written}")[0] == day


def test_outside_a_todo_neither_owners_nor_days_are_offered(editor: Editor) -> None:
    assert editor.offers(HEAD + "---\nmail sato@|") == []
    assert editor.offers(HEAD + "---\n```\n- [ ] x @|\n```\n") == []


def test_missing_sections_are_offered_with_their_prompt(editor: Editor) -> None:
    (found,) = editor.complete(HEAD + "---\n## Facts\n\n## |")
    assert found.text == "## 行動\n<!-- 次に誰が何を -->\n"
    assert found.snippet == "## 行動\n<!-- 次に誰が何を -->\n- [ ] ${1} @${2} due:${3}\n$0"


def test_a_comment_in_code_is_no_heading(editor: Editor) -> None:
    assert editor.offers(HEAD + "---\n```\n# |\n```\n") == []


def test_links_in_the_text_lead_to_notes_and_customers(editor: Editor) -> None:
    assert editor.offers(HEAD + "---\n[[訪問の|") == ["2026-11-20]]"]
    assert "青嶺物流]]" in editor.offers(HEAD + "---\n[[青|")


def test_nothing_is_offered_in_the_middle_of_a_text(editor: Editor) -> None:
    assert editor.offers(HEAD + "---\nこれは文章|") == []
    assert editor.offers("|") == []


def test_a_vault_without_a_catalogue_offers_what_the_settings_know(make_vault: MakeVault) -> None:
    settings = f'{OWNERS}[customers]\n"株式会社山田工業" = ["ヤマダ"]\n'
    editor = Editor(make_vault({"templates/meeting.md": MEETING}, settings=settings))
    assert editor.offers(HEAD + "customer: ヤ|\n---\n") == ["株式会社山田工業"]
    assert editor.offers(HEAD + "owner: 佐|\n---\n") == ["sato"]
    assert editor.offers(HEAD + "customer: 山田工業\ncontacts: [|]\n---\n") == []


def test_a_value_is_quoted_where_yaml_wants_it(make_vault: MakeVault) -> None:
    root = make_vault({"templates/meeting.md": MEETING, "a.md": "---\ncustomer: 'A: B #1, C'\n---\n"})
    with synced(root):
        pass
    assert Editor(root).offers(HEAD + "customer: |\n---\n") == ["'A: B #1, C'"]
