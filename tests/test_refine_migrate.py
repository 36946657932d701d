import pytest

from notevault.config import Settings
from notevault.model import NotePath
from notevault.refine.migrate import NotePlan, make_rules, plan_note
from notevault.settings_reader import default_settings
from notevault.template import Templates
from notevault.template.folder import parse_template
from tests.conftest import TODAY

RULES = """---
template: visit
version: 2
fields:
  date: {type: date, also: [訪問日]}
  customer: {type: customer, required: true, also: [会社名]}
  channel: {type: choice, choices: {訪問: [ご訪問], 電話: [TEL]}, default: 訪問}
  amount: {type: money}
  next: {type: text}
sections:
  事実: {also: [Facts]}
  行動: {todo: always, also: [アクション]}
renamed: {面談内容: 事実, 次回: 行動, 客先名: customer, 予定メモ: next, 旧: 面談内容}
---
## 事実
## 行動
"""


def migrate(text: str | bytes, *, path: str = "visits/a.md", give_type: bool = False) -> NotePlan:
    settings: Settings = default_settings()
    template = parse_template("templates/visit.md", RULES, settings)
    rules = make_rules(template, Templates(by_name={"visit": template}), settings, today=TODAY, give_type=give_type)
    return plan_note(NotePath(path), text if isinstance(text, bytes) else text.encode(), rules)


def changes(plan: NotePlan) -> list[tuple[str, str, str]]:
    return [(one.move.value, one.old, one.new) for one in plan.changes]


NOTE = "---\ntype: visit\ndate: 2026-11-20\ncustomer: 山田工業\nchannel: 訪問\n---\n## 事実\nx\n## 行動\n- [ ] a\n"


def test_a_note_of_the_newest_version_stays_as_it_is() -> None:
    plan = migrate(NOTE)
    assert plan.changes == ()
    assert plan.needs == ()
    assert plan.after == plan.before


def test_keys_headings_and_values_get_their_agreed_spelling_and_nothing_else_changes() -> None:
    before = (
        "---\ntype: visit   # ours\n訪問日: 2026/11/20\n客先名: '㈱山田工業'  # the old name\nchannel: ご訪問\n"
        "amount: １２０万円\nmood: good\n---\n# 山田\n\n## 1. 面談内容\n- 面談内容は別紙\n\n"
        "## アクション ##\n- [ ] 見積\n"
    )
    plan = migrate(before)
    assert plan.text_after == (
        "---\ntype: visit   # ours\ndate: 2026-11-20\ncustomer: '㈱山田工業'  # the old name\nchannel: 訪問\n"
        "amount: 1,200,000円\nmood: good\n---\n# 山田\n\n## 1. 事実\n- 面談内容は別紙\n\n## 行動 ##\n- [ ] 見積\n"
    )
    assert changes(plan) == [
        ("key", "訪問日", "date"),
        ("key", "客先名", "customer"),
        ("heading", "1. 面談内容", "1. 事実"),
        ("heading", "アクション", "行動"),
        ("value", "2026/11/20", "2026-11-20"),
        ("value", "ご訪問", "訪問"),
        ("value", "１２０万円", "1,200,000円"),
    ]
    assert plan.needs == ()


def test_migrating_twice_is_migrating_once() -> None:
    once = migrate(NOTE.replace("date:", "訪問日:").replace("channel: 訪問\n", "次回: 電話する\n"))
    again = migrate(once.after)
    assert once.changes
    assert again.changes == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_encoding_and_newlines_stay(newline: str, encoding: str) -> None:
    before = NOTE.replace("customer:", "会社名:").replace("## 事実", "## 面談内容").replace("\n", newline)
    plan = migrate(before.encode(encoding))
    assert plan.after == before.replace("会社名:", "customer:").replace("## 面談内容", "## 事実").encode(encoding)


def test_names_are_followed_through_several_versions() -> None:
    assert "## 事実\n" in migrate(NOTE.replace("## 事実", "## 旧")).text_after


def test_a_value_moves_under_the_heading_it_became() -> None:
    plan = migrate(NOTE.replace("channel: 訪問\n", "channel: 訪問\n次回: 12/1 見積を持参\n"))
    assert plan.text_after == NOTE + "- [ ] 12/1 見積を持参\n"
    bare = NOTE.replace("## 行動\n- [ ] a\n", "").replace("channel: 訪問\n", "channel: 訪問\n次回: 見積\n")
    assert migrate(bare).text_after.endswith("## 事実\nx\n\n## 行動\n- [ ] 見積\n")


def test_a_section_of_one_line_moves_into_the_field_it_became() -> None:
    plan = migrate(NOTE.replace("## 行動", "## 予定メモ\n来月また\n\n## 行動"))
    assert plan.text_after == NOTE.replace("channel: 訪問\n", "channel: 訪問\nnext: 来月また\n")
    long = NOTE.replace("## 行動", "## 予定メモ\n- 来月\n- 再来月\n\n## 行動")
    assert migrate(long).text_after == long
    assert migrate(long).needs == ("move what stands under '予定メモ' into the field 'next' by hand",)


def test_two_keys_of_one_field_are_brought_together_only_where_nothing_is_lost() -> None:
    same = NOTE.replace("customer:", "会社名: 山田工業\ncustomer:")
    assert migrate(same).text_after == NOTE
    blank = NOTE.replace("customer: 山田工業", "customer:\n会社名: 山田工業")
    assert migrate(blank).text_after == NOTE
    other = NOTE.replace("customer:", "会社名: 青嶺物流\ncustomer:")
    assert migrate(other).text_after == other
    assert migrate(other).needs == ("'会社名' and 'customer' are the same field and say different things",)
    commented = same.replace("会社名: 山田工業", "会社名: 山田工業  # ask again")
    assert migrate(commented).text_after == commented
    assert "comment" in migrate(commented).needs[0]


def test_two_lists_of_one_field_are_left_to_a_person() -> None:
    both = NOTE.replace("customer:", "会社名: [青嶺物流, 京東商事]\ncustomer:")
    assert migrate(both).text_after == both
    assert migrate(both).needs[0] == "'会社名' and 'customer' are the same field and say different things"


def test_two_headings_of_one_section_are_left_to_a_person() -> None:
    both = NOTE.replace("## 行動", "## 面談内容\ny\n## 行動")
    assert migrate(both).text_after == both
    assert migrate(both).needs == ("bring '面談内容' and '事実' together by hand: they are the same section",)


def test_a_heading_in_the_other_script_is_a_translation() -> None:
    english = NOTE.replace("## 事実", "## Facts")
    assert migrate(english).text_after == english


def test_a_date_gets_a_year_only_from_the_note_itself() -> None:
    bare = NOTE.replace("date: 2026-11-20", "date: 11/20")
    assert migrate(bare).text_after == bare
    assert migrate(bare, path="visits/2025-11-20 a.md").text_after == NOTE.replace("2026-11-20", "2025-11-20")


def test_defaults_are_filled_in() -> None:
    assert migrate(NOTE.replace("channel: 訪問\n", "")).text_after == NOTE
    assert migrate(NOTE.replace("channel: 訪問\n", "channel:  # how\n")).text_after == NOTE.replace(
        "channel: 訪問\n", "channel: 訪問  # how\n"
    )
    assert "channel: 電話" in migrate(NOTE.replace("channel: 訪問", "channel: TEL")).text_after


def test_a_type_is_given_only_where_asked() -> None:
    assert migrate("# x\n").text_after.count("type:") == 0
    given = migrate("# x\n", give_type=True)
    assert given.text_after.startswith("---\ntype: visit\n")
    assert given.text_after.endswith("---\n# x\n")


def test_a_version_is_raised_where_there_is_one() -> None:
    versioned = NOTE.replace("type: visit\n", "type: visit\ntemplate_version: 1\n")
    assert migrate(versioned).text_after == versioned.replace("template_version: 1", "template_version: 2")


def test_what_check_calls_an_error_needs_a_person() -> None:
    plan = migrate(NOTE.replace("customer: 山田工業\n", "").replace("- [ ] a", "later"))
    assert plan.changes == ()
    assert plan.needs == ("the field 'customer' is missing (required)", "there is no ToDo under '行動' (required)")


@pytest.mark.parametrize(
    "data",
    [
        b"---\ncustomer: [oops\n---\n",
        b"---\n\xff\xfe broken \x00\n---\n## \xe6\x97\n",
        b"",
        b"+++\ncustomer = 'x'\n+++\n",
        "---\n会社名: &a x\n---\n## 面談内容\n".encode(),
        b"\xef\xbb\xbf---\n---\n",
    ],
)
def test_no_note_makes_it_raise_or_loses_bytes_it_cannot_read(data: bytes) -> None:
    plan = migrate(data, give_type=True)
    assert plan.before == data
    assert plan.changes or plan.after == data
