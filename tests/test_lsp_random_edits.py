"""Random edits to one document, every question asked after each: nothing raises, every answer lies inside the text."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from notevault.edits import apply_edits
from notevault.lsp.completion import complete
from notevault.lsp.document import Document
from notevault.lsp.fixes import find_fixes, fix_all
from notevault.lsp.hover import find_hover
from notevault.lsp.known import Known
from notevault.lsp.protocol import code_action, completion_list, diagnostic_of, hover_of, workspace_edit
from notevault.lsp.session import Session
from notevault.lsp.targets import find_target
from notevault.model import Span
from tests.conftest import MakeVault
from tests.editing import MEETING, OWNERS
from tests.synced import synced

NOTE = (
    "---\ntype: meeting\ndate: 令和8年11月20日\ncustomer: ㈱山田工業\nchannel: 訪問\n"
    "contacts: [山田太郎 部長, 鈴木花子]\nowner: sato\nstage: 提案\n---\n"
    "# 訪問\n## 事実\n会って話した [[山田工業]] [x](a.md)\n## 行動\n- [ ] 提案書 @sato due:来週金曜\n"
)
PIECES = (
    *("\n", "\r\n", "\r", "\u2028", "\x85", "\x00", "\ufeff", "\ud800", "𠮷", "👨‍👩‍👧", "ﾔﾏﾀﾞ", "　", "\t", "  "),
    *("---\n", "...\n", "+++\n", "{\n", "}\n", "key: ", "type: ", "customer: ", "contacts:\n  - ", "- [ ] ", "- [x] x"),
    *(
        "[[",
        "]]",
        "[",
        "]",
        "](",
        "{",
        "'",
        '"',
        "#",
        "## ",
        "```\n",
        "<!--",
        "-->",
        "@",
        "due:",
        "📅 ",
        "期限: ",
        "|",
        ">",
        "&a",
    ),
    *("*a", "!", "%", "：", "、", "商談", "令和99年", "120万円", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n"),
)


def random_edits(seed: int, count: int) -> Iterator[tuple[str, int]]:
    """Yield the text and the cursor after each edit."""
    chance = random.Random(seed)  # noqa: S311
    text = NOTE
    for _number in range(count):
        at = chance.randrange(len(text) + 1)
        kind = chance.random()
        if kind < 0.55:
            piece = chance.choice(PIECES)
            text, at = text[:at] + piece + text[at:], at + len(piece)
        elif kind < 0.85:
            text = text[:at] + text[at + chance.randrange(1, 12) :]
        elif kind < 0.95:
            start = chance.randrange(len(text) + 1)
            text = text[:at] + text[start : start + 40] + text[at:]
        else:
            text, at = NOTE, chance.randrange(len(NOTE) + 1)
        yield text, min(at, len(text))


def ask_everything(document: Document, known: Known, session: Session, uri: str, cursor: int) -> None:
    text = document.note.text
    diagnostics = session.check(uri) or ()
    for diagnostic in diagnostics:
        assert_inside(diagnostic_of(document, diagnostic).range, document)
    for fix in find_fixes(document, diagnostics, cursor, cursor + 5):
        apply_edits(text, fix.edits)
        code_action(document, fix, "quickfix", workspace_edit(document, uri, 1, fix.edits, versioned=True))
    whole = fix_all(document, known)
    if whole:
        apply_edits(text, whole.edits)
    completed = complete(document, known, cursor)
    for completion in completed:
        assert completion.span.start <= completion.span.end == min(cursor, len(text))
    completion_list(document, completed, with_snippets=True)
    hover = find_hover(document, known, cursor)
    if hover:
        shown = hover_of(document, hover, as_markdown=True).range
        assert shown is not None
        assert_inside(shown, document)
    target = find_target(document, known, cursor)
    assert target is None or target.path.is_relative_to(document.vault.root)


def assert_inside(found: types.Range, document: Document) -> None:
    span = Span(
        start=document.positions.offset(found.start.line, found.start.character),
        end=document.positions.offset(found.end.line, found.end.character),
    )
    assert 0 <= span.start <= span.end <= len(document.note.text)


def edit_at_random(root: Path, *, seed: int, count: int) -> None:
    session = Session()
    uri = (root / "m/new.md").as_uri()
    for number, (text, cursor) in enumerate(random_edits(seed, count)):
        session.put(uri, number, text)
        document = session.read(uri)
        assert document is not None
        skipped = len(text) - len(document.note.text)
        ask_everything(document, session.known(document.vault), session, uri, max(cursor - skipped, 0))


@pytest.fixture
def root(make_vault: MakeVault) -> Path:
    notes = {
        "templates/meeting.md": MEETING,
        "c/yamada.md": "---\ntype: customer\nname: 株式会社山田工業\n---\n",
        "m/a.md": NOTE,
    }
    made = make_vault(notes, settings=OWNERS)
    with synced(made):
        pass
    return made


@pytest.mark.parametrize("seed", range(3))
def test_random_edits_never_crash(root: Path, seed: int) -> None:
    edit_at_random(root, seed=seed, count=60)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 15))
def test_thousands_of_random_edits_never_crash(root: Path, seed: int) -> None:
    edit_at_random(root, seed=seed, count=1000)
