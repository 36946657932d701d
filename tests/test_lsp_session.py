from collections.abc import Callable
from pathlib import Path

import pytest

from notevault.edits import apply_edits
from notevault.errors import SettingsError
from notevault.lsp.session import Session, path_of
from tests.conftest import MakeVault
from tests.editing import MEETING, OWNERS, Editor
from tests.synced import synced

NOTE = "---\ntype: meeting\ndate: 令和8年11月20日\ncustomer: 山田工業\nchannel: 訪問\n---\n## 事実\n訪問した\n"
CUSTOMER = "---\ntype: customer\nname: 株式会社山田工業\n---\n"


def rules(editor: Editor, text: str) -> set[str]:
    return {diagnostic.rule for diagnostic in editor.check(text)}


@pytest.fixture
def editor(make_vault: MakeVault) -> Editor:
    return Editor(make_vault({"templates/meeting.md": MEETING}, settings=OWNERS))


def test_a_document_is_checked_as_it_stands_in_the_editor(editor: Editor) -> None:
    found = rules(editor, NOTE)
    assert {"value-spelling", "section-missing"} <= found
    assert not (editor.root / editor.path).exists()


def test_a_fix_is_offered_where_the_cursor_touches_its_diagnostic(editor: Editor) -> None:
    (fix,) = editor.fixes(NOTE.replace("8年", "8|年"))
    assert "date: 2026-11-20\n" in apply_edits(NOTE, fix.edits)
    assert editor.fixes(NOTE.replace("訪問し", "訪|問し")) == []


def test_fix_all_is_what_check_fix_would_do(editor: Editor) -> None:
    fix = editor.fix_all(NOTE)
    assert fix is not None
    fixed = apply_edits(NOTE, fix.edits)
    assert "date: 2026-11-20\n" in fixed
    assert "channel: visit\n" in fixed
    assert "## 行動\n<!-- 次に誰が何を -->\n" in fixed
    assert editor.fix_all(fixed) is None


def test_a_mark_at_the_beginning_does_not_shift_what_is_found(editor: Editor) -> None:
    editor.session.put(editor.uri, 1, "\ufeff" + NOTE)
    document = editor.session.read(editor.uri)
    found = next(each for each in editor.session.check(editor.uri) or () if each.rule == "value-spelling")
    assert document is not None
    assert found.span is not None
    assert document.note.text[found.span.start : found.span.end] == "令和8年11月20日"
    assert document.positions.position(found.span.start) == (2, 6)


def test_customers_of_the_catalogue_are_known_to_the_rules(make_vault: MakeVault) -> None:
    editor = Editor(make_vault({"templates/meeting.md": MEETING, "c/yamada.md": CUSTOMER}))
    assert "customer-spelling" not in rules(editor, NOTE)
    with synced(editor.root):
        pass
    editor.session.recheck()
    assert "customer-spelling" in rules(editor, NOTE)


def test_a_damaged_catalogue_hinders_no_check(make_vault: MakeVault) -> None:
    editor = Editor(make_vault({"templates/meeting.md": MEETING, "c/yamada.md": CUSTOMER}))
    with synced(editor.root) as workspace:
        catalogue = workspace.cache / "catalog.sqlite"
    catalogue.write_bytes(b"no database at all, " * 100)
    assert "section-missing" in rules(editor, NOTE)


def test_the_catalogue_is_never_written(make_vault: MakeVault) -> None:
    editor = Editor(make_vault({"templates/meeting.md": MEETING, "c/yamada.md": CUSTOMER}))
    with synced(editor.root) as workspace:
        catalogue = workspace.cache / "catalog.sqlite"
    before = catalogue.read_bytes()
    editor.check(NOTE)
    editor.complete(NOTE.replace("山田工業", "山|"))
    editor.hover(NOTE.replace("山田工業", "山|田工業"))
    assert catalogue.read_bytes() == before


def test_without_a_catalogue_none_is_made(editor: Editor) -> None:
    editor.check(NOTE)
    editor.hover(NOTE.replace("山田工業", "山|田工業"))
    assert [path.name for path in editor.root.parent.rglob("*.sqlite*")] == []


def test_a_version_is_checked_once_whatever_is_asked(editor: Editor) -> None:
    editor.session.put(editor.uri, 1, NOTE)
    for _time in range(5):
        editor.session.check(editor.uri)
    assert editor.session.checks == 1


def test_a_changed_template_counts_at_once(editor: Editor) -> None:
    assert "field-missing" not in rules(editor, NOTE)
    template = editor.root / "templates/meeting.md"
    template.write_text(MEETING.replace("amount: {type: money,", "amount: {type: money, required: true,"), "utf-8")
    assert "field-missing" in rules(editor, NOTE)


def test_broken_settings_are_told_once_and_the_last_good_ones_stand(editor: Editor) -> None:
    editor.check(NOTE)
    assert list(editor.session.news(editor.uri)) == []
    settings = editor.root / "notevault.toml"
    good = settings.read_text("utf-8")
    settings.write_text("langauge = 'ja'\n", "utf-8")
    assert "section-missing" in rules(editor, NOTE)
    (fault,) = editor.session.news(editor.uri)
    assert isinstance(fault, SettingsError)
    assert "did you mean 'language'?" in fault.message
    assert list(editor.session.news(editor.uri)) == []
    settings.write_text(good, "utf-8")
    assert list(editor.session.news(editor.uri)) == []


def test_a_broken_template_from_the_start_leaves_the_general_rules(make_vault: MakeVault) -> None:
    editor = Editor(make_vault({"templates/meeting.md": "---\ntemplate: meeting\nfeilds: {}\n---\n"}))
    assert rules(editor, "---\ntype: meeting\na: [\n---\n") == {"syntax"}
    assert len(list(editor.session.news(editor.uri))) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda root: (root.parent / "elsewhere.md").as_uri(),
        lambda root: (root / "templates/meeting.md").as_uri(),
        lambda root: (root / ".obsidian/x.md").as_uri(),
        lambda root: (root / "a.txt").as_uri(),
        lambda _root: "untitled:Untitled-1",
    ],
)
def test_what_is_no_note_of_a_vault_gets_nothing(editor: Editor, make: Callable[[Path], str]) -> None:
    uri = make(editor.root)
    editor.session.put(uri, 1, NOTE)
    assert editor.session.read(uri) is None
    assert editor.session.check(uri) is None


def test_two_vaults_speak_their_own_languages(make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTEVAULT_LANG")
    session = Session()
    spoken = []
    for language in ("en", "ja"):
        root = make_vault({"templates/meeting.md": MEETING}, settings=f"language = '{language}'", name=language)
        editor = Editor(root, session=session)
        spoken.append(next(each.message for each in editor.check(NOTE) if each.rule == "section-missing"))
    assert spoken[0] == "the section '行動' is missing"
    assert spoken[1] != ""


def test_a_uri_is_a_path() -> None:
    path = Path("/a b/議事録#1;x?.md")
    assert path_of(path.as_uri()) == path
    assert path_of("https://example.com/a.md") is None
