import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from notevault.check import check_note, has_errors
from notevault.config import Settings
from notevault.model import NotePath
from notevault.note import parse_note
from notevault.settings_reader import default_settings, load_settings
from notevault.template import Template, Templates
from notevault.template.folder import load_templates, parse_template
from notevault.template.json_schema import make_json_schema
from tests.conftest import TODAY, MakeVault, Run

_REPOSITORY = Path(__file__).parents[1]
_SAMPLE = _REPOSITORY / "sample-vault"


def sample() -> tuple[Templates, Settings]:
    settings = load_settings(_SAMPLE)
    return load_templates(_SAMPLE / "templates", settings), settings


def template(fields: str) -> Template:
    text = f"---\ntemplate: meeting\nfields:\n{fields}\n---\n"
    return parse_template("templates/meeting.md", text, default_settings())


def is_valid(schema: dict[str, Any], **fields: object) -> bool:
    validator = jsonschema.Draft202012Validator(schema)
    return not list(validator.iter_errors({"type": "meeting", **fields}))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_schema_of_every_shipped_template_is_one(language: str) -> None:
    for one in load_templates(_REPOSITORY / "templates" / language, default_settings()).values():
        schema = make_json_schema(one, default_settings())
        jsonschema.Draft202012Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_front_matter_of_good_notes_is_valid() -> None:
    templates, settings = sample()
    seen = 0
    for path in sorted(_SAMPLE.rglob("*.md")):
        name = NotePath(path.relative_to(_SAMPLE).as_posix())
        note = parse_note(name, path.read_bytes())
        if name.startswith(("templates/", "bad/")):
            continue
        assert not has_errors(check_note(note, None, templates, settings, today=TODAY))
        for loader in (yaml.BaseLoader, yaml.SafeLoader):
            fields = yaml.load(note.front_matter.raw, loader)  # noqa: S506 -- both loaders are safe
            fields = json.loads(json.dumps(fields, default=str))
            kind = next((value for key, value in fields.items() if settings.find_key(key) == "type"), None)
            if kind is None:  # from the time before there was a template
                assert name.startswith("visits/")
                continue
            found = templates.find(kind)
            assert found is not None
            errors = list(jsonschema.Draft202012Validator(make_json_schema(found, settings)).iter_errors(fields))
            assert errors == [], name
            seen += 1
    assert seen > 100


def test_what_is_required_may_be_under_any_spelling_but_not_blank() -> None:
    schema = make_json_schema(
        template("  customer: {type: customer, required: true, also: [得意先名]}"), default_settings()
    )
    assert is_valid(schema, customer="山田工業")
    assert is_valid(schema, 得意先名="山田工業")
    assert is_valid(schema, 取引先="山田工業")
    assert is_valid(schema, customer=[["山田工業"]])
    assert not is_valid(schema)
    assert not is_valid(schema, customer=None)
    assert not is_valid(schema, customer="")


@pytest.mark.parametrize(
    ("stage", "valid"),
    [("ヒアリング", True), ("提案", False), ("proposal", False), ("受注", False), ("失注", True), ("?", False)],
)
def test_what_is_required_depends_on_the_stage(stage: str, *, valid: bool) -> None:
    schema = make_json_schema(
        template("  stage: {type: stage}\n  amount: {type: money, required_from: 提案}"), default_settings()
    )
    assert is_valid(schema, stage=stage) is valid
    assert is_valid(schema, stage=stage, amount="120万円") is (stage != "?")
    assert is_valid(schema, ステージ=stage) is valid


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("{type: choice, choices: {visit: [訪問], phone: []}}", ["visit", "訪問", None], ["vist", 1]),
        ("{type: number, min: 0, max: 10}", [5, 0, "5"], [-1, 11, True]),
        ("{type: money}", [1200000, "120万円"], [{"a": 1}]),
        ("{type: list}", [["a", "b"], "a", None], []),
        ("{type: people}", [["山田", {"name": "鈴木"}], "山田"], []),
        ("{type: person}", ["山田", {"name": "山田"}], [["山田", "鈴木"]]),
        ("{type: text}", ["x", 2026], [["a", "b"], {"a": 1}]),
        ("{type: date}", ["2026-11-20", "11/20(金)"], [20261120, ["2026-11-20", "2026-11-21"]]),
        ("{type: bool}", [True, "はい"], [["a", "b"]]),
        ("{}", ["x", ["a"], {"a": 1}, 1], []),
    ],
)
def test_values_have_the_shape_of_their_type(rule: str, good: list[object], bad: list[object]) -> None:
    schema = make_json_schema(template(f"  x: {rule}"), default_settings())
    assert [value for value in good if not is_valid(schema, x=value)] == []
    assert [value for value in bad if is_valid(schema, x=value)] == []


def test_the_command_prints_the_schema_of_a_template_by_any_name(make_vault: MakeVault, run: Run) -> None:
    field = "date: {type: date, required: true, hint: 面談した日}"
    text = f"---\ntemplate: meeting\ntitle: 商談議事録\nfields: {{{field}}}\n---\n"
    root = make_vault({"templates/meeting.md": text})
    ran = run("schema", "商談議事録", vault=root)
    schema = json.loads(ran.stdout)
    assert schema["title"] == "商談議事録"
    assert schema["properties"]["date"]["description"] == "面談した日. a date such as 2026-11-20"
    assert schema["properties"]["日付"]["deprecated"] is True
    assert schema["properties"]["type"]["enum"][:2] == ["meeting", "商談議事録"]
    assert run("schema", "商談", vault=root).stdout == ran.stdout
    missing = run("schema", "meting", vault=root)
    assert missing.exit_code == 2
    assert "meeting" in missing.stderr
