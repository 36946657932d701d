from html.parser import HTMLParser
from pathlib import Path

from tests.conftest import MakeVault, Run
from tests.free_form import free_form_notes
from tests.jsons import load_json

NASTY = '<script>alert("x")</script>'


class Page(HTMLParser):
    """Which tags a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_tables_say_what_is_written_how_often_and_by_whom(make_vault: MakeVault, run: Run) -> None:
    ran = run("survey", vault=make_vault(dict(free_form_notes(20))))
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert lines[0] == "20 notes, 15 keys, 29 headings"
    row = next(line for line in lines if line.startswith("顧客 "))
    assert row.split()[:6] == ["顧客", "customer", "12", "60%", "12", "customer"]
    assert any(line.startswith("key      顧客 (12)") and "会社名 (4)" in line for line in lines)
    assert any("期限: 11/27" in line and "due date" in line for line in lines)
    assert any(line.startswith("変な項目3 ") for line in lines)


def test_a_type_or_a_folder_can_be_looked_at_alone(make_vault: MakeVault, run: Run) -> None:
    files = {
        "a/1.md": "---\ntype: call\nfoo: 1\n---\n",
        "a/2.md": "---\nfoo: 1\n---\n",
        "b/3.md": "---\ntype: 電話\nbar: 1\n---\n",
    }
    root = make_vault(files)
    assert {key["key"] for key in load_json(run("survey", "--type", "call", "--json", vault=root))["keys"]} == {
        "type",
        "foo",
        "bar",
    }
    assert load_json(run("survey", "--folder", "a", "--json", vault=root))["notes"] == 2
    assert run("survey", "--folder", "c", vault=root).exit_code == 2
    assert run("survey", "--type", "cal", vault=root).exit_code == 2


def test_fields_that_stay_empty_and_sections_people_add_are_told(make_vault: MakeVault, run: Run) -> None:
    files = {
        "templates/call.md": (
            "---\ntemplate: call\nfields: {date: {required: true}, mood: {}}\nsections: {内容: {}}\n---\n"
        ),
        "a.md": "---\ntype: call\ndate: 2026-11-20\nmood:\n---\n# 題\n## 【内容】\nx\n## 天気\nx\n",
    }
    survey = load_json(run("survey", "--json", vault=make_vault(files)))
    assert [(one["field"], one["filled"]) for one in survey["fields"]] == [("mood", 0), ("date", 1)]
    assert [one["heading"] for one in survey["own_sections"]] == ["天気"]
    mood = next(one for one in survey["keys"] if one["key"] == "mood")
    assert (mood["notes"], mood["filled"]) == (1, 0)


def test_a_vault_without_notes_is_no_trouble(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    root = make_vault()
    assert run("survey", vault=root).stdout == "0 notes, 0 keys, 0 headings\n"
    assert run("survey", "--html", tmp_path / "s.html", vault=root).exit_code == 0


def test_the_page_needs_nothing_else_and_shows_nobodys_markup(make_vault: MakeVault, run: Run, tmp_path: Path) -> None:
    files = dict(free_form_notes(20))
    files[f"x/{'a' * 5}.md"] = f"---\n'{NASTY}': '{NASTY}'\nowner: '{NASTY}'\n---\n## {NASTY}\n- [ ] {NASTY}\n"
    files["x/b.md"] = f"---\n'{NASTY}': y\n---\n## {NASTY}\n"
    page = tmp_path / "survey.html"
    ran = run("survey", "--html", page, vault=make_vault(files))
    assert ran.stdout == ""
    text = page.read_text(encoding="utf-8")
    parsed = Page()
    parsed.feed(text)
    assert "svg" in parsed.tags
    assert "script" not in parsed.tags
    assert parsed.loads == []
    assert text.count("&lt;script&gt;") >= 3
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text
