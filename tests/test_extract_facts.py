from datetime import date

import pytest

from notevault.extract import extract_facts
from notevault.model import NotePath
from notevault.note import parse_note
from notevault.settings_reader import default_settings


def note_type(front_matter: str) -> str | None:
    note = parse_note(NotePath("a.md"), f"---\n{front_matter}\n---\n".encode())
    return extract_facts(note, default_settings(), date(2026, 11, 22)).type


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("区分: 取引先\ntype: customer\nname: 山田工業", "customer"),
        ("type: customer\n区分: リード", "customer"),
        ("種別: 顧客\n区分: リード", "customer"),
        ("区分: 商談", "meeting"),
        ("種別: 独自", "独自"),
        ("title: x", None),
    ],
)
def test_a_key_called_type_goes_before_its_other_spellings(front_matter: str, expected: str | None) -> None:
    assert note_type(front_matter) == expected
