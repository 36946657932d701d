import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from notevault.check import check_fingerprint, check_note, has_errors
from notevault.config import CheckSettings, Settings
from notevault.errors import SettingsError
from notevault.model import Diagnostic, NotePath, Severity
from notevault.note import parse_note
from notevault.settings_reader import default_settings, parse_settings
from notevault.template import Templates
from notevault.template.folder import load_templates, parse_template, shipped_templates

TODAY = date(2026, 11, 22)
_REPOSITORY = Path(__file__).parents[1]


def template(rules: str, *, enforce: str = "warn") -> Templates:
    text = f"---\ntemplate: meeting\nenforce: {enforce}\n{rules}\n---\n"
    return Templates(by_name={"meeting": parse_template("templates/meeting.md", text, default_settings())})


def shipped(language: str = "ja") -> Templates:
    return load_templates(Path(str(shipped_templates(language))), default_settings())


def check(
    text: str, templates: Templates, settings: Settings | None = None, path: str = "a/b.md"
) -> tuple[Diagnostic, ...]:
    note = parse_note(NotePath(path), text.encode())
    return check_note(note, None, templates, settings or default_settings(), today=TODAY)


def graver(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Leave out remarks about spelling, which stand in tests of their own."""
    return tuple(one for one in diagnostics if not one.rule.endswith("-spelling"))


def shown(diagnostics: Sequence[Diagnostic]) -> list[str]:
    return [f"{one.line}:{one.column}: {one.severity} [{one.rule}] {one.message}" for one in diagnostics]


def test_a_note_that_keeps_to_its_template_has_nothing_to_be_said() -> None:
    text = """---
種別: 商談議事録
日付: 令和8年11月20日
取引先: ㈱山田工業
接点: 訪問
担当: 佐藤
案件: 複合機入替
先方: [山田太郎 部長]
フェーズ: ご提案中
金額: １２０万円
---
## 1. 事実
今の複合機のリースは2027年3月に満了する。保守の対応が遅いと三度言われた。
## 【解釈】
満了までに決まる。
## 行動：
- [ ] 提案書を作成する @佐藤 due:2026-11-27
"""
    settings = default_settings()
    if settings.find_stage("ご提案中") is None:
        text = text.replace("ご提案中", "提案中")
    assert shown(graver(check(text, shipped()))) == []


@pytest.mark.parametrize("text", ["", "# 走り書き\n", "---\nauthor: x\ndraft: true\n---\ntext\n", "---\ntitle:\n---\n"])
def test_a_note_without_a_type_owes_nothing(text: str) -> None:
    assert check(text, shipped()) == ()


def test_a_note_without_a_type_is_still_told_what_cannot_be_read() -> None:
    found = check("---\nowner: @sato\n---\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", shipped())
    assert [(one.rule, one.line, one.severity) for one in found] == [
        ("syntax", 2, Severity.ERROR),
        ("conflict-marker", 4, Severity.ERROR),
    ]


def test_every_fault_of_a_note_is_named_at_its_place() -> None:
    text = (
        "---\ntype: meeting\ndate: 2026-02-30\ncustmer: x\nchannel: [visit, phone]\n"
        "stage: 提案前\namount: たくさん\n---\n"
        "## 事実\nはい\n"
    )
    assert shown(check(text, shipped())) == [
        "1:1: error [field-missing] the field 'customer' is missing (required)",
        "3:7: error [field-type] '2026-02-30' in 'date' is not a date such as 2026-11-20",
        "4:1: error [field-unknown] the template 'meeting' has no field 'custmer'",
        "5:10: error [field-type] 'channel' takes one value, found a list of 2",
        "6:8: error [stage-unknown] '提案前' is not among the values of 'stage'",
        "7:9: error [field-type] 'たくさん' in 'amount' is not an amount such as 1,200,000",
        "9:1: error [section-missing] the section '行動' is missing",
        "9:1: warning [section-short] the section '事実' holds 2 characters; 20 are agreed",
    ]


def test_enforce_off_leaves_only_what_cannot_be_read() -> None:
    rules = "fields: {date: {type: date, required: true}}"
    text = "---\ntype: meeting\ndate: soon\n---\n>>>>>>> x\n"
    assert [one.rule for one in check(text, template(rules))] == ["field-type"]
    assert check(text, template(rules, enforce="'off'")) == ()
    assert [one.rule for one in check(text.replace("soon", "@x"), template(rules, enforce="off"))] == ["syntax"]


def test_enforce_strict_makes_an_error_of_a_remark() -> None:
    text = "---\ntype: meeting\nmood: good\n---\n"
    assert [one.severity for one in check(text, template("fields: {}"))] == [Severity.INFO]
    found = check(text, template("fields: {}", enforce="strict"))
    assert [one.severity for one in found] == [Severity.ERROR]
    assert has_errors(found)


def test_a_key_that_notevault_knows_is_no_unknown_field() -> None:
    assert check("---\ntype: meeting\n次回予定: 2026-12-01\ntags: [a]\n---\n", template("fields: {}")) == ()


@pytest.mark.parametrize("key", ["update", "state", "contactless", "データ"])
def test_a_key_of_its_own_is_not_taken_for_a_slip_of_the_pen(key: str) -> None:
    rules = "fields: {date: {type: date}, stage: {type: stage}, contacts: {type: people}}"
    text = f"---\ntype: meeting\ndate: 2026-11-20\nstage: 提案\n{key}: x\n---\n"
    assert [(one.rule, one.severity) for one in check(text, template(rules))] == [("field-unknown", Severity.INFO)]


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("ヒアリング", []),
        ("提案", ["amount"]),
        ("クロージング", ["amount"]),
        ("受注", ["amount"]),
        ("失注", ["reason"]),
        ("?", []),
    ],
)
def test_what_is_required_depends_on_the_stage(stage: str, missing: list[str]) -> None:
    rules = "fields: {stage: {type: stage}, amount: {required_from: 提案}, reason: {required_from: 失注}}"
    found = check(f"---\ntype: meeting\nstage: {stage}\n---\n", template(rules))
    named = [
        name for one in found if one.rule == "field-missing" for name in ("amount", "reason") if name in one.message
    ]
    assert named == missing


@pytest.mark.parametrize("blank", ["", " ''", " []", " {}", " [ '' ]", " ~", " null", "  # hint"])
def test_a_blank_field_is_a_missing_one(blank: str) -> None:
    rules = "fields: {owner: {required: true}}"
    assert shown(graver(check(f"---\ntype: meeting\n担当:{blank}\n---\n", template(rules)))) == [
        "3:1: error [field-missing] the field '担当' is empty (required)"
    ]


def test_one_field_under_two_keys_is_named() -> None:
    found = check("---\ntype: meeting\ncustomer: a\n取引先: b\n---\n", template("fields: {customer: {type: customer}}"))
    assert shown(found) == [
        "4:1: warning [field-twice] '取引先' and 'customer' are the same field; only the first is read"
    ]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("date", ["2026-11-20", "11/20(金)", "R8.11.20", "令和8年11月20日"], ["soon", "2026-13-01"]),
        ("datetime", ["2026-11-20 14:00", "2026-11-20", "11月20日 午後2時"], ["14:00"]),
        ("month", ["2027-03", "3月", "2027年3月", "令和9年3月", "2027-03-31"], ["spring", "13月"]),
        ("number", ["1200", "1,200", "１２００", "1200台"], ["many"]),
        ("money", ["120万円", "￥1,200,000", "1.2億", "USD 100"], ["100〜150万円", "高い"]),
        ("bool", ["はい", "yes", "true", "有"], ["maybe"]),
        ("url", ["https://example.com/a"], ["example", "not a url"]),
        ("email", ["yamada@example.co.jp"], ["yamada@"]),
        ("phone", ["03-1234-5678", "０９０１２３４５６７８", "+81 3 1234 5678"], ["1234"]),
        ("corporate_number", ["7000012050002"], ["7000012050003", "12345"]),
        ("stage", ["提案", "Proposal", "提案中"], ["提案?"]),
        ("channel", ["x"], []),
        ("text", ["x", "'1'"], ["[a, b]", "{a: b}"]),
        ("customer", ["山田工業", "[[山田工業]]", "'[[山田工業]]'"], ["[a, b]", "{a: b}"]),
        ("person", ["佐藤", "{name: 佐藤}"], ["[a, b]"]),
        ("people", ["佐藤", "[佐藤, 鈴木]", "[{name: 佐藤}]", "[[[佐藤]]]"], ["{a: b}"][:0]),
        ("list", ["a", "[a, b]"], ["{a: b}"]),
        ("file", ["a/b.pdf"], ["{a: b}"]),
        ("any", ["a", "[a]", "{a: b}"], []),
    ],
)
def test_a_value_fits_its_type_or_is_named(kind: str, good: list[str], bad: list[str]) -> None:
    rules = f"fields: {{x: {{type: {kind}}}}}" if kind != "channel" else "fields: {x: {}}"
    for value in good:
        assert shown(graver(check(f"---\ntype: meeting\nx: {value}\n---\n", template(rules)))) == []
    for value in bad:
        found = check(f"---\ntype: meeting\nx: {value}\n---\n", template(rules))
        assert [one.rule for one in found] == ["stage-unknown" if kind == "stage" else "field-type"], value


def test_every_item_of_a_list_is_looked_at() -> None:
    rules = "fields: {x: {type: choice, choices: [a, b]}}"
    assert [one.rule for one in check("---\ntype: meeting\nx: [c]\n---\n", template(rules))] == ["choice-unknown"]


def test_a_section_counts_what_stands_in_its_subsections() -> None:
    rules = "sections: {事実: {required: true, min_chars: 5}, 行動: {required: true}}"
    text = "---\ntype: meeting\n---\n## 事実\n### 価格\nとても高い\n## 行動\n<!-- 何を -->\n"
    assert shown(check(text, template(rules))) == ["7:1: error [section-empty] the section '行動' is empty"]


def test_an_open_deal_wants_a_todo_and_a_closed_one_does_not() -> None:
    rules = "fields: {stage: {type: stage}}\nsections: {行動: {todo: open_deal}}"
    body = "## 行動\n様子を見る\n"
    for stage, found in (("提案", "todo-missing"), ("受注", "action-prose"), ("", "action-prose")):
        text = f"---\ntype: meeting\nstage: {stage}\n---\n{body}"
        assert [one.rule for one in check(text, template(rules))] == [found]
    done = f"---\ntype: meeting\nstage: 提案\n---\n{body}### 佐藤\n- [x] 送った\n"
    assert check(done, template(rules)) == ()
    elsewhere = "---\ntype: meeting\nstage: 提案\n---\n- [ ] 送る @佐藤 due:2026-11-27\n"
    assert check(elsewhere, template(rules)) == ()
    assert [one.rule for one in check(elsewhere + body, template(rules))] == ["todo-missing"]


@pytest.mark.parametrize(("kind", "severity"), [("meetng", Severity.ERROR), ("post", Severity.INFO)])
def test_a_type_without_template_is_named(kind: str, severity: Severity) -> None:
    found = check(f"---\ntype: {kind}\n---\n", template("fields: {}"))
    assert [(one.rule, one.severity, one.line, one.column) for one in found] == [("type-unknown", severity, 2, 7)]


def test_a_vault_without_templates_has_no_unknown_types() -> None:
    assert check("---\ntype: meetng\n---\n", Templates()) == ()


def test_markers_that_are_no_conflict_are_left_alone() -> None:
    assert check("Title\n=======\n\n>>>>>>> quoted\n\n=======\n", Templates()) == ()


def with_check(**given: object) -> Settings:
    return replace(default_settings(), check=replace(CheckSettings(), **given))  # type: ignore[arg-type]


def test_rules_are_selected_and_ignored_by_the_settings() -> None:
    text = "---\ntype: meeting\nmood: x\n---\n"
    rules = template("fields: {date: {required: true}}")
    both = ["field-missing", "field-unknown"]
    assert [one.rule for one in check(text, rules)] == both
    assert [one.rule for one in check(text, rules, with_check(select=("field-missing",)))] == both[:1]
    assert [one.rule for one in check(text, rules, with_check(ignore=("field-missing",)))] == both[1:]
    in_folder = with_check(folders={"a": ("field-missing", "field-unknown")})
    assert check(text, rules, in_folder) == ()
    assert [one.rule for one in check(text, rules, in_folder, path="ab/c.md")] == both


@pytest.mark.parametrize(
    ("switch", "left"),
    [
        ("check: off", []),
        ("check: 'なし'", []),
        ("check: on", ["field-missing", "field-unknown"]),
        ("check_ignore: [field-missing]", ["field-unknown"]),
        ("check_ignore: field-missing, field-unknown", []),
        ("check_ignore: all", []),
        ("check_ignore: [feild-missing]", ["field-missing", "ignore-unknown", "field-unknown"]),
    ],
)
def test_a_note_silences_rules_for_itself(switch: str, left: list[str]) -> None:
    found = check(f"---\ntype: meeting\n{switch}\nmood: x\n---\n", template("fields: {date: {required: true}}"))
    assert [one.rule for one in found] == left


def test_a_folder_may_be_left_out_whole() -> None:
    settings = with_check(folders={"ブログ": ("all",)})
    text = "---\ntype: meeting\nmood: x\n---\n"
    decomposed = unicodedata.normalize("NFD", "ブログ/a.md")
    assert check(text, template("fields: {}"), settings, path=decomposed) == ()
    assert check(text, template("fields: {}"), settings, path="ブログ2/a.md") != ()


def test_a_rule_that_the_settings_misspell_is_an_error() -> None:
    with pytest.raises(SettingsError, match="did you mean: field-missing"):
        check("x", Templates(), with_check(ignore=("feild-missing",)))


def test_the_fingerprint_changes_with_the_own_template_and_settings_only() -> None:
    settings = default_settings()

    def of(rules: str, other: str = "x", settings: Settings = settings) -> str:
        templates = Templates(
            by_name={**template(rules), "call": replace(template("fields: {}")["meeting"], title=other)}
        )
        return check_fingerprint(templates["meeting"], templates, settings)

    prints = {
        of("fields: {}"),
        of("fields: {x: {}}"),
        of("fields: {}", settings=with_check(ignore=("syntax",))),
        of("fields: {}", settings=parse_settings("[keys]\ndate = ['いつ']", "notevault.toml")),
    }
    assert len(prints) == 4
    assert of("fields: {}", "another title") in prints
    assert check_fingerprint(None, Templates(), settings) != check_fingerprint(None, template("fields: {}"), settings)


def test_the_sample_vault_keeps_to_its_templates_and_its_bad_notes_do_not() -> None:
    root = _REPOSITORY / "sample-vault"
    settings = parse_settings((root / "notevault.toml").read_text(encoding="utf-8"), "notevault.toml")
    templates = load_templates(root / "templates", settings)
    for path in sorted(root.rglob("*.md")):
        name = path.relative_to(root).as_posix()
        if name.startswith("templates/"):
            continue
        found = check_note(parse_note(NotePath(name), path.read_bytes()), None, templates, settings, today=TODAY)
        if not name.startswith("bad/"):
            to_come = [one for one in graver(found) if one.rule != "template-version"]
            assert shown(to_come) == [], name
            assert all(one.severity is Severity.INFO for one in found), name
        elif name not in ("bad/bom.md", "bad/cp932.md"):
            assert found, name
