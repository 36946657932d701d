from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from notevault.errors import SettingsError
from notevault.settings_reader import default_settings
from notevault.template import Enforce, FieldType, Template, Templates, TodoDemand, heading_key
from notevault.template.folder import load_templates, parse_template, shipped_templates

_REPOSITORY = Path(__file__).parents[1]


def parse(text: str) -> Template:
    return parse_template("templates/meeting.md", text, default_settings())


def faults(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    return list(caught.value.faults)


def with_fields(fields: str) -> str:
    return f"---\ntemplate: meeting\nfields:\n{fields}\n---\n"


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Templates]:
    def write_and_load(files: Mapping[str, str | bytes]) -> Templates:
        folder = tmp_path / "templates"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_templates(folder, default_settings())

    return write_and_load


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_shipped_templates_hold_together(language: str) -> None:
    folder = Path(str(shipped_templates(language)))
    templates = load_templates(folder, default_settings())
    assert set(templates) == {"call", "customer", "inbox", "inquiry", "manual", "meeting", "team-meeting"}
    assert folder == _REPOSITORY / "templates" / language
    for template in templates.values():
        assert template.title
        assert template.path


def test_both_languages_ship_the_same_rules() -> None:
    shipped = (Path(str(shipped_templates(language))) for language in ("en", "ja"))
    english, japanese = (load_templates(folder, default_settings()) for folder in shipped)
    for name, template in english.items():
        other = japanese[name]
        assert [(rule.key, rule.type, rule.required, rule.required_from) for rule in template.fields] == [
            (rule.key, rule.type, rule.required, rule.required_from) for rule in other.fields
        ]
        assert [(rule.required, rule.required_from, rule.todo) for rule in template.sections] == [
            (rule.required, rule.required_from, rule.todo) for rule in other.sections
        ]


def test_every_key_of_a_template_is_read() -> None:
    template = parse(
        """---
template: meeting
title: 商談議事録
version: 3
also: [議事録, 打合せ]
path: meetings/{date:%Y}/{date} {顧客}
enforce: strict
fields:
  date: {type: date, required: yes, min: 2020-01-01}
  顧客: {type: customer, required: true, unique: true, also: お得意先, hint: 会社名}
  channel: {type: choice, choices: {visit: [訪問], phone: 電話}, default: 訪問}
  rank: {type: choice, choices: [A, B]}
  amount: {type: money, required_from: 提案, min: 0, max: 1億円}
  code: {type: text, pattern: '[A-Z]\\d{3}'}
sections:
  事実: {required: true, also: [空, Facts], min_chars: 20}
  行動: {required_from: ヒアリング, todo: open_deal}
  備考:
renamed: {所感: 解釈}
---
# {顧客} {date}

## 事実
<!-- 見聞きしたこと -->

### 行動
"""
    )
    assert (template.title, template.version, template.enforce) == ("商談議事録", 3, Enforce.STRICT)
    day, customer, channel, rank, amount, code = template.fields
    assert (day.type, day.required, day.minimum) == (FieldType.DATE, True, "2020-01-01")
    assert (customer.key, customer.unique, customer.also, customer.hint) == ("customer", True, ("お得意先",), "会社名")
    assert (channel.find_choice("訪問"), channel.find_choice("ＰＨＯＮＥ"), channel.default) == (
        "visit",
        "phone",
        "訪問",
    )
    assert [choice.key for choice in rank.choices] == ["A", "B"]
    assert (amount.required_from, amount.minimum, amount.maximum) == ("proposal", "0", "1億円")
    assert code.pattern == r"[A-Z]\d{3}"
    facts, actions, remarks = template.sections
    assert (facts.min_chars, facts.level, facts.prompt) == (20, 2, "<!-- 見聞きしたこと -->")
    assert (actions.required_from, actions.todo, actions.level) == ("hearing", TodoDemand.OPEN_DEAL, 3)
    assert remarks.required is False
    assert template.renamed == {"所感": "解釈"}
    assert template.skeleton.startswith("# {顧客}")


def test_a_field_is_found_in_every_spelling() -> None:
    template = parse(with_fields("  顧客: {type: customer, also: [お得意先様]}\n  date: {type: date}"))
    for spelling in ("顧客", "customer", "Customer", "取引先", "お得意先様", "ｃｕｓｔｏｍｅｒ"):
        rule = template.find_field(spelling)
        assert rule is not None
        assert rule.name == "顧客"
    assert template.find_field("amount") is None


def test_the_templates_own_spelling_goes_before_that_of_the_settings() -> None:
    template = parse(with_fields("  customer: {type: customer}\n  取引先: {type: text}"))
    rule = template.find_field("取引先")
    assert rule is not None
    assert rule.name == "取引先"


@pytest.mark.parametrize(
    ("written", "section"),
    [
        ("事実", True),
        ("1. 事実", True),
        ("【事実】", True),
        ("■ 事実：", True),
        ("ＦＡＣＴＳ", True),
        ("事実と解釈", False),
    ],
)
def test_a_section_is_found_however_it_is_decorated(written: str, section: bool) -> None:  # noqa: FBT001
    template = parse("---\ntemplate: meeting\nsections:\n  事実: {also: [Facts]}\n---\n")
    assert (template.find_section(written) is not None) is section


@pytest.mark.parametrize("heading", ["", "1.", "【】", "①", "2026年度の計画", "#", "3Dプリンタ"])
def test_a_heading_key_is_the_same_when_taken_twice(heading: str) -> None:
    assert heading_key(heading_key(heading)) == heading_key(heading)


def test_every_fault_of_every_template_is_named_with_line_and_column(
    load: Callable[[Mapping[str, str | bytes]], Templates],
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(
            {
                "a.md": "---\ntemplate: a\nfeilds: {}\nfields:\n  date: {type: dat, requird: true}\n---\n",
                "b.md": "---\ntemplate: b\nfields:\n  x: {required_from: Propsal}\n---\n",
                "c.md": b"---\ntemplate: \x83\xff\n---\n",
            }
        )
    assert list(caught.value.faults) == [
        "templates/c.md:1:1: not UTF-8 (byte 14)",
        "templates/a.md:3:1: unknown template key 'feilds' (did you mean 'fields'?)",
        "templates/a.md:5:16: unknown value 'dat' (did you mean 'date'?)",
        "templates/a.md:5:21: unknown field key 'requird' (did you mean 'required'?)",
        "templates/b.md:4:22: unknown stage 'Propsal' (did you mean 'Proposal'?)",
    ]


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ("{type: choice}", "5:3: a field of type choice needs 'choices'"),
        ("{choices: [a]}", "5:16: 'choices' belongs to the type choice"),
        ("{type: text, min: 1}", "5:24: 'min' belongs to numbers, money and dates"),
        ("{type: date, max: soon}", "5:24: expected a value of the field's own type, found 'soon'"),
        ("{required: maybe}", "5:17: expected true / false, found 'maybe'"),
        ("{pattern: '(a'}", "5:16: pattern, character 1: '(' is never closed"),
        ("{type: date, default: never}", "5:28: 'never' in 'x' is not a date such as 2026-11-20"),
        ("[a]", "5:6: expected 'key: value' pairs, found 'a list'"),
        ("{hint: [a]}", "5:13: expected text, found 'a list'"),
    ],
)
def test_a_field_that_contradicts_itself_is_a_fault(field: str, fault: str) -> None:
    text = f"---\ntemplate: meeting\nversion: 2\nfields:\n  x: {field}\n---\n"
    found = faults(text)
    assert len(found) == 1
    assert found[0].startswith(f"templates/meeting.md:{fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("just text", "1:1: a template begins with a line '---' and its rules"),
        ("---\ntitle: x\n---\n", "1:1: 'template:' is missing: the name that notes give as their type"),
        ("---\ntemplate: x\nversion: two\n---\n", "3:10: expected a whole number, found 'two'"),
        ("---\ntemplate: x\nenforce: always\n---\n", "3:10: unknown value 'always' (off, warn, strict)"),
        ("---\ntemplate: x\nextends: base\n---\n", "3:10: unknown template 'base'"),
        (
            "---\ntemplate: x\nsections: {A: {required: true}}\n---\n## B\n",
            "3:11: the section 'A' is required, but the skeleton below lacks its heading",
        ),
        (
            "---\ntemplate: x\nsections:\n  A: {also: [C]}\n  B: {also: [ｃ]}\n---\n",
            "5:3: 'ｃ' is also a spelling of the section 'A'",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_a_fault(text: str, fault: str) -> None:
    assert faults(text) == [f"templates/meeting.md:{fault}"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/etc/{date}", "the path must be relative to the vault"),
        ("C:/notes/{date}", "the path must be relative to the vault"),
        ("../{date}", "the path must stay inside the vault"),
        ("a/../../{date}", "the path must stay inside the vault"),
        (".hidden/{date}", "files and folders whose names begin with a dot are not indexed"),
        ("con/{date}", "'con' is not a file name on every system"),
        ("a|b/{date}", "'a|b' is not a file name on every system"),
        ("{dat}", "unknown placeholder 'dat' (did you mean 'date'?)"),
        ("{date.year}", "unknown placeholder 'date.year'"),
        ("{customer:%Y}", "'customer' is no date: it takes no format"),
        ("{date:%Q}", "'%Q' is not a date format of templates"),
        ("{date:%-d}", "'%-' is not a date format of templates"),
    ],
)
def test_a_path_that_is_not_safe_everywhere_is_a_fault(path: str, reason: str) -> None:
    text = f"---\ntemplate: x\npath: '{path}'\nfields: {{date: {{type: date}}, customer: {{type: customer}}}}\n---\n"
    found = faults(text)
    assert len(found) == 1
    assert found[0].startswith(f"templates/meeting.md:3:7: {reason}")


def test_a_placeholder_that_the_skeleton_misspells_is_a_fault_at_its_place() -> None:
    text = (
        "---\ntemplate: x\nfields: {customer: {type: customer}}\n---\n\n# {custmer} {date}\n\n{key: value} {{plain}}\n"
    )
    assert faults(text) == ["templates/meeting.md:6:3: unknown placeholder 'custmer' (did you mean 'customer'?)"]


def test_a_template_takes_from_its_base_what_it_leaves_out(
    load: Callable[[Mapping[str, str | bytes]], Templates],
) -> None:
    templates = load(
        {
            "base.md": "---\ntemplate: base\nenforce: strict\npath: x/{date}\nfields:\n"
            "  date: {type: date, required: true}\n  owner: {type: person}\nsections:\n  事実: {}\n---\n## 事実\n",
            "visit.md": "---\ntemplate: visit\nextends: base\nfields:\n  owner: {type: person, required: true}\n"
            "  place: {type: text}\n---\n",
        }
    )
    visit = templates["visit"]
    assert [(rule.name, rule.required) for rule in visit.fields] == [("date", True), ("owner", True), ("place", False)]
    assert visit.enforce is Enforce.STRICT
    assert visit.skeleton == "## 事実\n"
    assert visit.find_field("担当") is not None


def test_templates_that_extend_each_other_are_a_fault(
    load: Callable[[Mapping[str, str | bytes]], Templates],
) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"a.md": "---\ntemplate: a\nextends: b\n---\n", "b.md": "---\ntemplate: b\nextends: a\n---\n"})
    assert "templates/a.md:3:10: the templates extend each other in a circle" in caught.value.faults


def test_two_templates_of_one_name_are_a_fault(load: Callable[[Mapping[str, str | bytes]], Templates]) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"a.md": "---\ntemplate: x\n---\n", "b.md": "---\ntemplate: x\n---\n"})
    assert caught.value.faults == ("templates/b.md:2:11: the template 'x' is already in templates/a.md",)


def test_a_change_in_a_base_changes_what_builds_on_it(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntemplate: a\nextends: b\n---\n", encoding="utf-8")
    digests = set()
    for version in (1, 2):
        (folder / "b.md").write_text(f"---\ntemplate: b\nversion: {version}\n---\n", encoding="utf-8")
        templates = load_templates(folder, default_settings())
        digests.add((templates["a"].digest, templates.fingerprint))
    assert len({digest for digest, _print in digests}) == 2
    assert len({fingerprint for _digest, fingerprint in digests}) == 2


def test_a_readme_among_the_templates_is_no_template(load: Callable[[Mapping[str, str | bytes]], Templates]) -> None:
    assert list(load({"README.md": "# What these are\n", "a.md": "---\ntemplate: a\n---\n"})) == ["a"]


def test_a_vault_without_templates_has_none(tmp_path: Path) -> None:
    templates = load_templates(tmp_path / "templates", default_settings())
    assert len(templates) == 0
    assert templates.find("meeting") is None


def test_a_template_is_found_by_name_title_and_other_names(
    load: Callable[[Mapping[str, str | bytes]], Templates],
) -> None:
    templates = load({"m.md": "---\ntemplate: team-meeting\ntitle: 営業会議\nalso: [定例]\n---\n"})
    for name in ("team-meeting", "Team Meeting", "営業会議", "定例"):
        assert templates.find(name) is templates["team-meeting"]
    assert templates.find("meeting") is None
    assert templates.find("") is None
