import pytest

from notevault.lsp.hover import Hover, render_markdown
from notevault.model import Span
from tests.conftest import MakeVault
from tests.editing import MEETING, Editor
from tests.synced import synced
from tests.team_vault import NOTES, SETTINGS

HEAD = "---\ntype: meeting\n"


@pytest.fixture
def editor(make_vault: MakeVault) -> Editor:
    linked = {
        "templates/meeting.md": MEETING,
        "m/plan.md": "# 計画\n\n## 来期の見通し\n",
        "other/計画書.md": "---\ntitle: 三年の計画\n---\n",
        "files/a b.txt": "x",
    }
    root = make_vault({**NOTES, **linked}, settings=SETTINGS)
    with synced(root):
        pass
    return Editor(root)


def test_a_customer_is_shown_with_stage_todos_and_last_contact(editor: Editor) -> None:
    shown = editor.hover(HEAD + "customer: ㈱山|田工業\n---\n").splitlines()
    assert shown == [
        "株式会社山田工業",
        "status: account, owner: sato",
        "stage: Proposal (複合機入替)",
        "last contact: 2026-11-20 (2 days ago)",
        "3 open ToDos",
        "  古い宿題 @sato due:2026-11-10",
        "  提案書を作成する @ito due:2026-11-27",
        "  いつか聞く @sato",
        "contact: 山田太郎 部長",
    ]


@pytest.mark.parametrize("text", ["customer: [[山田|工業]]\n---\n", "---\nsee [[山田|工業|them]]\n"])
def test_a_link_to_a_customer_shows_it_too(editor: Editor, text: str) -> None:
    assert editor.hover(HEAD + text).startswith("株式会社山田工業\n")


def test_a_field_shows_its_hint_and_what_it_takes(editor: Editor) -> None:
    shown = editor.hover(HEAD + "am|ount: 1\n---\n").splitlines()
    assert shown == ["amount", "税抜の総額", "an amount such as 1,200,000", "required from the stage Proposal on"]


def test_a_choice_shows_its_values_with_their_synonyms(editor: Editor) -> None:
    assert "  visit: 訪問, 来社" in editor.hover(HEAD + "channel: vis|it\n---\n").splitlines()


def test_an_unknown_customer_shows_the_field(editor: Editor) -> None:
    assert editor.hover(HEAD + "customer: 誰も知|らない\n---\n").splitlines()[:2] == ["customer", "会社名"]


def test_a_heading_shows_what_belongs_under_it(editor: Editor) -> None:
    assert editor.hover(HEAD + "---\n## Fac|ts\n").splitlines() == [
        "事実",
        "見聞きしたこと",
        "required",
        "at least 5 characters",
    ]


def test_a_text_shows_nothing(editor: Editor) -> None:
    assert editor.hover(HEAD + "---\njust te|xt\n") == ""


def test_what_notes_say_is_never_markup() -> None:
    hover = Hover(span=Span(start=0, end=1), title="*A*", lines=("![x](http://example.com/x.png)", "  <b>"))
    assert render_markdown(hover) == "**\\*A\\***\n\n- \\!\\[x\\](http://example.com/x.png)\n  - \\<b\\>"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("customer: 山田|工業\n---\n", "customers/yamada.md:0"),
        ("customer: [[ヤマダ|さん]]\n---\n", "customers/yamada.md:0"),
        ("---\n[[pl|an]]\n", "m/plan.md:0"),
        ("---\n[[m/plan.md#来期|の見通し]]\n", "m/plan.md:2"),
        ("---\n[[三年|の計画]]\n", "other/計画書.md:0"),
        ("---\n[[山田工業|]]\n", "customers/yamada.md:0"),
        ("---\n[x](pl|an.md#来期の見通し)\n", "m/plan.md:2"),
        ("---\n[x](/customers/yamada.md|)\n", "customers/yamada.md:0"),
        ("---\n[x](../files/a%20|b.txt)\n", "files/a b.txt:0"),
        ("---\n[x](../../out|side.md)\n", None),
        ("---\n[x](https://example.com|)\n", None),
        ("---\n[[nob|ody]]\n", None),
        ("customer: 青嶺|物流\n---\n", None),
        ("---\nplain te|xt\n", None),
    ],
)
def test_names_and_links_lead_where_they_say(editor: Editor, text: str, target: str | None) -> None:
    assert editor.follow(HEAD + text) == target


def test_without_a_catalogue_links_are_looked_up_on_disk(make_vault: MakeVault) -> None:
    editor = Editor(make_vault({"m/plan.md": "# 計画\n"}))
    assert editor.follow("[[pl|an]]\n") == "m/plan.md:0"
