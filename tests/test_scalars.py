"""Values written as YAML."""

import pytest
import yaml

from notevault.scalars import quote_scalar


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("山田工業", "山田工業"),
        ("2026-11-20", "2026-11-20"),
        ("1200000", "1200000"),
        ("1,200,000円", "1,200,000円"),
        ("a b", "a b"),
        ("http://x.y/z", "http://x.y/z"),
        ("no", "'no'"),
        ("0123", "'0123'"),
        ("12:30", "'12:30'"),
        ("~", "'~'"),
        ("", "''"),
        ("A: b", "'A: b'"),
        ("A #1", "'A #1'"),
        ("@sato", "'@sato'"),
        ("it's", "it's"),
        ("'x'", "'''x'''"),
        (" x", "' x'"),
        ("a\nb", '"a\\nb"'),
        ("\x00\u2028", '"\\u0000\\u2028"'),
        ("---", "---"),
    ],
)
def test_a_value_is_quoted_only_where_it_must_be(value: str, written: str) -> None:
    assert quote_scalar(value) == written
    assert str(yaml.safe_load(f"k: {written}")["k"]) == value


@pytest.mark.parametrize(("value", "written"), [("a, b", "'a, b'"), ("[x]", "'[x]'"), ("a", "a"), ("}", "'}'")])
def test_inside_brackets_more_must_be_quoted(value: str, written: str) -> None:
    assert quote_scalar(value, flow=True) == written


def test_what_no_yaml_can_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        quote_scalar("\ud800")
