from datetime import date, datetime

import pytest

from notevault.template.placeholders import (
    Placeholder,
    find_bad_directive,
    find_path_fault,
    format_day,
    parse_placeholders,
    render_path,
    render_placeholders,
    safe_name,
)

_DAY = date(2026, 3, 5)


def test_placeholders_stand_between_literal_text() -> None:
    assert parse_placeholders("a/{date:%Y}/{顧客}") == (
        "a/",
        Placeholder(name="date", format="%Y", start=2, end=11),
        "/",
        Placeholder(name="顧客", format="", start=12, end=16),
    )


@pytest.mark.parametrize(
    "text", ["{key: value}", "{決裁者: 山田社長}", "{", "}", "{}", "{1}", "{a", "{a\n}", "{a}".replace("a", "!")]
)
def test_a_brace_that_opens_no_placeholder_is_literal(text: str) -> None:
    assert parse_placeholders(text) == (text,)


def test_doubled_braces_are_plain_ones() -> None:
    assert render_placeholders(parse_placeholders("{{name}} {name}"), {"name": "x"}, {}) == "{name} x"


def test_what_a_value_holds_is_not_looked_at_again() -> None:
    assert render_placeholders(parse_placeholders("{a}{b}"), {"a": "{b}", "b": "%Y"}, {}) == "{b}%Y"


def test_a_name_without_value_becomes_nothing() -> None:
    assert render_placeholders(parse_placeholders("[{a}]"), {}, {}) == "[]"


@pytest.mark.parametrize(
    ("shape", "shown"),
    [("", "2026-03-05"), ("%Y年%m月%d日", "2026年03月05日"), ("%y%j", "26064"), ("%G-W%V", "2026-W10"), ("%%", "%")],
)
def test_a_day_is_written_in_the_format_given(shape: str, shown: str) -> None:
    assert format_day(_DAY, shape) == shown
    assert find_bad_directive(shape) is None


def test_a_moment_keeps_its_time() -> None:
    moment = datetime(2026, 3, 5, 14, 5)  # noqa: DTZ001 -- a wall clock
    assert format_day(moment, "") == "2026-03-05 14:05"
    assert format_day(moment, "%H%M%S") == "140500"


@pytest.mark.parametrize(("shape", "bad"), [("%A", "%A"), ("%Y-%-m", "%-"), ("50%", "%"), ("%%%Q", "%Q")])
def test_a_format_of_some_systems_only_is_found(shape: str, bad: str) -> None:
    assert find_bad_directive(shape) == bad


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("山田工業", "v/2026/2026-03-05 山田工業"),
        ("A/B", "v/2026/2026-03-05 A-B"),
        ("../../etc/passwd", "v/2026/2026-03-05 ..-..-etc-passwd"),
        ('a\\b:c*d?e"f<g>h|i', "v/2026/2026-03-05 a-b-c-d-e-f-g-h-i"),
        ("a\nb\x00\u202ec", "v/2026/2026-03-05 a bc"),
        ("", "v/2026/2026-03-05"),
        ("x. ", "v/2026/2026-03-05 x"),
    ],
)
def test_a_value_makes_no_folder_and_no_forbidden_name(value: str, path: str) -> None:
    parts = parse_placeholders("v/{date:%Y}/{date} {customer}")
    assert render_path(parts, {"customer": value}, {"date": _DAY}) == path


@pytest.mark.parametrize("value", ["..", ".", "", "   ", "\u200b", "/"])
def test_a_name_made_of_nothing_is_still_a_name(value: str) -> None:
    path = render_path(parse_placeholders("customers/{name}"), {"name": value}, {})
    assert path.startswith("customers/") or path == "customers"
    assert ".." not in path


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CON", "CON_"),
        ("nul.md", "nul_.md"),
        ("com1", "com1_"),
        ("console", "console"),
        (".hidden", "hidden"),
        ("a   b", "a b"),
        ("か\u3099", "が"),
        ("", "untitled"),
    ],
)
def test_a_name_is_valid_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize("name", ["株" * 300, "a" * 300, "🍣" * 100, "a" * 129 + "株"])
def test_a_long_name_is_cut_between_characters(name: str) -> None:
    short = safe_name(name)
    assert 120 < len(short.encode()) <= 130
    assert name.startswith(short)


def test_a_path_of_plain_folders_has_no_fault() -> None:
    assert find_path_fault("meetings/2026/x y.md") is None
