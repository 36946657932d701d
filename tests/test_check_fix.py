import os
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from notevault.check import CheckOptions, check_note, make_selection
from notevault.check.fix import NoteFix, apply_fixes, plan_fix, plan_fixes
from notevault.check.registry import RULE_IDS
from notevault.check.rule import CustomerReading
from notevault.edits import apply_edits
from notevault.model import NotePath
from notevault.note import parse_note
from notevault.settings_reader import default_settings
from notevault.template import Templates
from notevault.template.folder import parse_template
from notevault.vault import Vault
from tests.conftest import MakeVault

TODAY = date(2026, 11, 22)
_TEMPLATE = """---
template: meeting
version: 2
fields:
  date: {type: date, required: true}
  customer: {type: customer, also: [得意先名]}
  contacts: {type: people}
  channel: {type: choice, choices: {visit: [訪問], phone: [電話]}}
  stage: {type: stage}
  amount: {type: money}
  next_date: {type: date}
  renewal: {type: month}
  phone: {type: phone}
  title: {type: text}
sections:
  事実: {required: true, also: [聞いたこと]}
  解釈: {required_from: 提案}
  行動: {required: true}
renamed: {見込額: amount, 面談内容: 事実}
---
# {customer}
## 事実
## 解釈
<!-- {customer} について言えること -->
## 行動
<!-- 次に誰が
何を -->
"""
TEMPLATES = Templates(by_name={"meeting": parse_template("templates/meeting.md", _TEMPLATE, default_settings())})
_BODY = "## 事実\n動いた\n## 行動\n- [ ] 送る @佐藤 due:2026-11-27\n"


def plan(text: str | bytes, path: str = "a.md", options: CheckOptions | None = None) -> NoteFix | None:
    data = text if isinstance(text, bytes) else text.encode()
    note = parse_note(NotePath(path), data)
    return plan_fix(note, TEMPLATES, default_settings(), today=TODAY, options=options)


def fixed(text: str, path: str = "a.md", options: CheckOptions | None = None) -> str:
    fix = plan(text, path, options)
    return fix.after if fix else text


def with_field(line: str) -> str:
    return f"---\ntype: meeting\ndate: 2026-11-20\n{line}\n---\n{_BODY}"


@pytest.mark.parametrize(
    ("written", "agreed"),
    [
        ("channel: 訪問", "channel: visit"),
        ("channel: '電話'   # 内線", "channel: phone   # 内線"),
        ("接点: 訪問", "channel: visit"),
        ("amount: 120万円", "amount: 1,200,000円"),
        ("amount: '￥1,200,000'", "amount: 1,200,000円"),
        ("amount: 1.2億", "amount: 120,000,000"),
        ("amount: 1200000", "amount: 1200000"),
        ("next_date: 令和8年11月27日", "next_date: 2026-11-27"),
        ("next_date: R8.11.27", "next_date: 2026-11-27"),
        ("next_date: 11/27(金)", "next_date: 2026-11-27"),
        ("next_date: 来週金曜", "next_date: 2026-11-27"),
        ("next_date: 11/27(木)", "next_date: 11/27(木)"),
        ("renewal: 令和9年3月", "renewal: 2027-03"),
        ("renewal: 3月", "renewal: 3月"),
        ("phone: ０３（１２３４）５６７８", "phone: 03-1234-5678"),
        ("title: ＡＫＧ－８４９２　ﾘｰｽ", "title: AKG-8492 リース"),
        ("contacts: [山田　太郎, 'ｽｽﾞｷ']", "contacts: [山田 太郎, スズキ]"),
        ("stage: 提案中", "stage: 提案"),
        ("得意先名: 山田", "customer: 山田"),
        ("見込額: 120万円", "amount: 1,200,000円"),
        ("template_version: 1", "template_version: 2"),
        ("custmer: 山田", "custmer: 山田"),
        ("channel: vist", "channel: vist"),
        ("amount: たぶん", "amount: たぶん"),
    ],
)
def test_a_field_is_brought_to_the_agreed_form(written: str, agreed: str) -> None:
    before = with_field(written).replace("## 行動", "## 解釈\n決まる\n## 行動")
    assert fixed(before) == before.replace(written, agreed)


@pytest.mark.parametrize(
    ("day", "path", "agreed"),
    [
        ("11/20", "a.md", "11/20"),
        ("11/20", "2026-11-20 山田.md", "2026-11-20"),
        ("11/20", "2025-11-20 山田.md", "2025-11-20"),
        ("11/2", "2026-11-20 山田.md", "11/2"),
        ("昨日", "2026-11-20 山田.md", "昨日"),
        ("2026年11月20日", "a.md", "2026-11-20"),
    ],
)
def test_a_day_without_its_year_is_completed_only_from_the_file_name(day: str, path: str, agreed: str) -> None:
    text = f"---\ntype: meeting\ndate: {day}\n---\n{_BODY}"
    assert fixed(text, path) == text.replace(day, agreed)


def test_other_dates_stay_incomplete_where_the_note_has_no_certain_day() -> None:
    text = f"---\ntype: meeting\ndate: 11/20\nnext_date: 11/27\n---\n{_BODY}"
    assert plan(text) is None
    assert "next_date: 2026-11-27" in fixed(text, "2026-11-20.md")


def test_headings_are_spelled_as_agreed_and_keep_their_marks() -> None:
    text = "---\ntype: meeting\ndate: 2026-11-20\n---\n### 1. 聞いたこと ###\n動いた\n\n行動：\n------\nなし\n"
    assert fixed(text) == text.replace("1. 聞いたこと", "事実").replace("行動：", "行動")
    old = "---\ntype: meeting\ndate: 2026-11-20\n---\n## 面談内容\n動いた\n## 行動\nなし\n"
    assert fixed(old) == old.replace("面談内容", "事実")


def test_a_heading_that_is_there_twice_or_translated_is_left_alone() -> None:
    twice = "---\ntype: meeting\ndate: 2026-11-20\n---\n## 事実\na\n## 聞いたこと\nb\n## 行動\nなし\n"
    assert plan(twice) is None


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_missing_sections_come_in_their_place_with_the_prompt(newline: str) -> None:
    text = "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 山田\nstage: 提案\n---\n# 山田\n\n## 事実\n動いた".replace(
        "\n", newline
    )
    added = "\n\n## 解釈\n<!-- 山田 について言えること -->\n\n## 行動\n<!-- 次に誰が\n何を -->\n".replace("\n", newline)
    assert fixed(text) == text + added
    between = (
        "---\ntype: meeting\ndate: 2026-11-20\ncustomer: 山田\nstage: 提案\n---\n## 事実\n動いた\n\n## 行動\nなし\n"
    )
    expected = between.replace("## 行動", "## 解釈\n<!-- 山田 について言えること -->\n\n## 行動")
    assert fixed(between.replace("\n", newline)) == expected.replace("\n", newline)


def test_the_first_section_comes_before_the_others() -> None:
    text = "---\ntype: meeting\ndate: 2026-11-20\n---\n# 山田\n\n## 行動\nなし\n"
    assert fixed(text) == text.replace("## 行動", "## 事実\n\n## 行動")


def test_what_needs_a_person_stays_listed() -> None:
    text = "---\ntype: meeting\n得意先名: 山田\n---\n"
    fix = plan(text)
    assert fix is not None
    left = check_note(
        parse_note(NotePath("a.md"), fix.after.encode()), None, TEMPLATES, default_settings(), today=TODAY
    )
    assert [one.rule for one in left] == ["field-missing", "section-empty", "section-empty"]
    assert sorted(fix.rules) == ["field-spelling", "section-missing", "section-missing"]


def test_the_version_is_not_raised_while_an_error_is_left() -> None:
    text = "---\ntype: meeting\ntemplate_version: 1\n---\n" + _BODY
    assert plan(text) is None
    assert "template_version: 2" in fixed(text.replace("type:", "date: 2026-11-20\ntype:"))


def test_a_note_with_a_merge_conflict_is_left_alone() -> None:
    text = with_field("channel: 訪問") + "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"
    assert plan(text) is None


def test_the_customer_gets_the_registered_name() -> None:
    known: Mapping[str, CustomerReading] = {
        "㈱山田": CustomerReading(name="株式会社山田", registered=True, is_plain=True),
        "山田 大阪": CustomerReading(name="株式会社山田", registered=True, is_plain=False),
        "林": CustomerReading(name="林商店", registered=False, is_plain=True),
        "森": CustomerReading(name=None, candidates=("森商店", "森工業")),
    }
    options = CheckOptions(find_customer=known.get)
    assert fixed(with_field("customer: ㈱山田"), options=options) == with_field("customer: 株式会社山田")
    for line in (
        "customer: 山田 大阪",
        "customer: 林",
        "customer: 森",
        "customer: '[[㈱山田]]'",
        "customer: [[㈱山田]]",
    ):
        assert plan(with_field(line), options=options) is None


def test_only_the_rules_asked_for_change_anything() -> None:
    text = with_field("接点: 訪問")
    keys = CheckOptions(selection=make_selection(default_settings(), RULE_IDS, select=["field-spelling"]))
    assert fixed(text, options=keys) == with_field("channel: 訪問")


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-16"])
def test_a_note_keeps_its_encoding(encoding: str, make_vault: MakeVault) -> None:
    root = make_vault({"a.md": with_field("channel: 訪問\r\ntitle: 髙橋").encode(encoding)})
    vault = aged(root)
    fixes, _failures = plan_fixes(vault, [NotePath("a.md")], TEMPLATES, default_settings(), today=TODAY)
    assert apply_fixes(vault, fixes).counts == {"value-spelling": 1}
    assert (root / "a.md").read_bytes().decode(encoding) == with_field("channel: visit\r\ntitle: 髙橋")


def test_the_edit_covers_only_what_changes() -> None:
    text = with_field("channel: 訪問")
    fix = plan(text)
    assert fix is not None
    (edit,) = fix.edits
    assert text[edit.span.start : edit.span.end] == "訪問"
    assert apply_edits(text, fix.edits) == fix.after
    assert "-channel: 訪問\n+channel: visit\n" in fix.diff


def aged(root: Path, *, seconds: float = 60) -> Vault:
    for path in root.rglob("*.md"):
        then = time.time() - seconds
        os.utime(path, (then, then))
    return Vault(root)


def planned(vault: Vault) -> tuple[NoteFix, ...]:
    paths = list(vault.iter_files())
    return plan_fixes(vault, paths, TEMPLATES, default_settings(), today=TODAY)[0]


def test_a_note_that_changed_meanwhile_is_refused_and_the_others_are_written(make_vault: MakeVault) -> None:
    root = make_vault({name: with_field("channel: 訪問") for name in ("a.md", "b.md", "c.md")})
    vault = aged(root)
    fixes = planned(vault)
    (root / "b.md").write_text(with_field("channel: 電話"), encoding="utf-8")
    (root / "c.md").unlink()
    aged(root)
    report = apply_fixes(vault, fixes)
    assert [fix.path for fix in report.written] == ["a.md"]
    assert [failure.path for failure in report.refused] == ["b.md", "c.md"]
    assert "b.md has changed since it was read" in report.refused[0].reason
    assert (root / "b.md").read_text(encoding="utf-8") == with_field("channel: 電話")


def test_a_note_saved_just_now_is_waited_for(make_vault: MakeVault) -> None:
    root = make_vault({name: with_field("channel: 訪問") for name in ("a.md", "b.md")})
    vault = aged(root)
    os.utime(root / "a.md")
    waited: list[float] = []
    report = apply_fixes(vault, planned(vault), wait=waited.append)
    assert [fix.path for fix in report.written] == ["b.md", "a.md"]
    assert len(waited) == 1
    assert 0 < waited[0] <= 2


def test_what_an_editor_saves_while_we_wait_is_kept(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": with_field("channel: 訪問")})
    vault = Vault(root)

    def save_again(_seconds: float) -> None:
        (root / "a.md").write_text(with_field("channel: 電話"), encoding="utf-8")

    wait: Callable[[float], None] = save_again
    report = apply_fixes(vault, planned(vault), wait=wait)
    assert report.written == ()
    assert "電話" in (root / "a.md").read_text(encoding="utf-8")


def test_a_note_that_cannot_be_read_is_reported(make_vault: MakeVault) -> None:
    root = make_vault({"a.md": with_field("channel: 訪問")})
    fixes, failures = plan_fixes(
        Vault(root), [NotePath("a.md"), NotePath("gone.md")], TEMPLATES, default_settings(), today=TODAY
    )
    assert [fix.path for fix in fixes] == ["a.md"]
    assert [failure.path for failure in failures] == ["gone.md"]
