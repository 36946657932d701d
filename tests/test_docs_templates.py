"""What ``docs/templates.md`` says is so."""

import re
from datetime import date
from pathlib import Path

import pytest

from notevault.errors import SettingsError
from notevault.settings_reader import default_settings
from notevault.template import Choice, Enforce, FieldRule, FieldType
from notevault.template.folder import load_templates
from notevault.template.reader import _FIELD_KEYS, _SECTION_KEYS, _TEMPLATE_KEYS
from notevault.template.values import Reader, read_value

_PAGE = (Path(__file__).parents[1] / "docs" / "templates.md").read_text(encoding="utf-8")
_FILES = dict(re.findall(r"^`templates/([\w-]+\.md)`\n\n```markdown\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL))
_ROWS = re.findall(r"^\| `(\w+)` \| (`.+`) \| `(.+)` \|$", _PAGE, re.MULTILINE)
_FAULTS = _PAGE.split("```text\n")[1].split("```")[0]
_CHOICES = (Choice(key="visit", also=("訪問", "往訪", "対面")),)


def write(folder: Path, names: list[str]) -> Path:
    folder = folder / "templates"
    folder.mkdir()
    for name in names:
        (folder / name).write_text(_FILES[name], encoding="utf-8")
    return folder


def test_the_templates_on_the_page_are_read_as_it_says(tmp_path: Path) -> None:
    good = [name for name in _FILES if name != "wrong.md"]
    templates = load_templates(write(tmp_path, good), default_settings())
    assert set(templates) == {"visit", "asset", "contact-base", "fair"}
    fair = templates["fair"]
    assert [(rule.name, rule.required) for rule in fair.fields] == [
        ("date", True),
        ("customer", False),
        ("booth", False),
    ]
    assert [rule.heading for rule in fair.sections] == ["内容"]
    assert fair.enforce is Enforce.STRICT
    assert fair.skeleton == "## 内容\n"


def test_the_faults_on_the_page_are_those_that_come_out(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_templates(write(tmp_path, ["wrong.md"]), default_settings())
    assert "\n".join(caught.value.faults) + "\n" == _FAULTS


@pytest.mark.parametrize(("kind", "written", "agreed"), _ROWS, ids=lambda cell: cell)
def test_values_are_read_as_the_table_says(kind: str, written: str, agreed: str) -> None:
    choices = _CHOICES if kind == "choice" else ()
    rule = FieldRule(name="x", key="x", type=FieldType(kind), choices=choices)
    reader = Reader(settings=default_settings(), today=date(2026, 11, 20))
    for value in re.findall(r"`([^`]+)`", written):
        reading = read_value(rule, value, reader)
        assert (reading.text, reading.fault) == (agreed, None), value
    assert read_value(rule, agreed, reader).text == agreed


def test_every_type_and_every_key_is_on_the_page() -> None:
    assert {kind for kind, _written, _agreed in _ROWS} == set(FieldType) - {"any"}
    for key in (*_TEMPLATE_KEYS, *_FIELD_KEYS, *_SECTION_KEYS):
        assert re.search(rf"^\| (?:`\w+`, )?`{key}`", _PAGE, re.MULTILINE), key
