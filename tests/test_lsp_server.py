"""The server as editors meet it: a process of its own, driven by a client with the capabilities of real editors."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from tests.conftest import MakeVault, Run
from tests.editing import MEETING, OWNERS
from tests.synced import synced
from tests.test_lsp_random_edits import random_edits

NOTE = (
    "---\ntype: meeting\ndate: 令和8年11月20日\ncustomer: 𠮷田工業\nchannel: 訪問\n---\n"
    "## 事実\n会って話した\n## 行動\n"
)
CUSTOMER = "---\ntype: customer\nname: 株式会社𠮷田工業\naliases: [ヨシダさん]\n---\n"
EDITORS = ("visual-studio-code", "neovim@v0.11.0", "emacs")
PATIENCE = 20.0
DIAGNOSTICS = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS


class Client:
    """One document open in one editor."""

    def __init__(self, client: LanguageClient, uri: str, unit: str) -> None:
        self.client = client
        self.uri = uri
        self.version = 0
        self.unit = unit
        """What positions are counted in."""

    async def open(self, text: str) -> list[types.Diagnostic]:
        """Open the document and return what is said of it."""
        document = types.TextDocumentItem(uri=self.uri, language_id="markdown", version=0, text=text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))
        return await self.next_diagnostics()

    def change(self, text: str) -> None:
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                content_changes=[types.TextDocumentContentChangeWholeDocument(text=text)],
            )
        )

    async def next_diagnostics(self) -> list[types.Diagnostic]:
        await asyncio.wait_for(self.client.wait_for_notification(DIAGNOSTICS), PATIENCE)
        return list(self.client.diagnostics[self.uri])

    async def ask(self, method: str, line: int, character: int) -> object:
        """Ask about a position."""
        place = types.TextDocumentIdentifier(uri=self.uri)
        at = types.Position(line=line, character=character)
        asked: dict[str, Callable[[], Awaitable[object]]] = {
            "completion": lambda: self.client.text_document_completion_async(types.CompletionParams(place, at)),
            "hover": lambda: self.client.text_document_hover_async(types.HoverParams(place, at)),
            "definition": lambda: self.client.text_document_definition_async(types.DefinitionParams(place, at)),
        }
        return await asyncio.wait_for(asked[method](), PATIENCE)

    async def actions(self, line: int, *only: str) -> list[types.CodeAction]:
        """Return the actions for a whole line."""
        span = types.Range(start=types.Position(line, 0), end=types.Position(line, 99))
        context = types.CodeActionContext(diagnostics=[], only=list(only) or None)
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(uri=self.uri), span, context)
        )
        return [each for each in found or () if isinstance(each, types.CodeAction)]


@asynccontextmanager
async def opened(root: Path, *, editor: str = EDITORS[0], path: str = "m/new.md") -> AsyncIterator[Client]:
    client = make_test_lsp_client()
    await client.start_io(sys.executable, "-m", "notevault", "lsp", "--stdio")
    folder = types.WorkspaceFolder(uri=root.as_uri(), name="vault")
    started = await client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities(editor), workspace_folders=[folder])
    )
    try:
        yield Client(client, (root / path).as_uri(), str(started.capabilities.position_encoding))
    finally:
        await client.shutdown_session()
        await client.stop()  # type: ignore[no-untyped-call]


@pytest.fixture
def root(make_vault: MakeVault) -> Path:
    made = make_vault({"templates/meeting.md": MEETING, "c/yoshida.md": CUSTOMER}, settings=OWNERS)
    with synced(made):
        pass
    return made


def edited(text: str, action: types.CodeAction, client: Client) -> str:
    """Return the text with an action's edits applied, as the editor counts."""
    assert action.edit is not None
    if action.edit.document_changes:
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        edits = [each for each in change.edits if isinstance(each, types.TextEdit)]
    else:
        edits = list((action.edit.changes or {})[client.uri])
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[client.unit]
    units = text.encode(codec)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len((line + "\n").encode(codec)))
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start, end = (starts[at.line] + width * at.character for at in (edit.range.start, edit.range.end))
        units = units[:start] + edit.new_text.encode(codec) + units[end:]
    return units.decode(codec)


@pytest.mark.parametrize("editor", EDITORS)
def test_diagnostics_appear_and_a_fix_applies(root: Path, editor: str) -> None:
    async def scenario() -> None:
        async with opened(root, editor=editor) as client:
            found = {each.code: each for each in await client.open(NOTE)}
            assert found["value-spelling"].source == "notevault"
            assert found["customer-spelling"].range.start.line == 3
            (action,) = [each for each in await client.actions(3) if each.kind == types.CodeActionKind.QuickFix]
            assert edited(NOTE, action, client) == NOTE.replace("𠮷田工業", "株式会社𠮷田工業")

    asyncio.run(scenario())


def test_fix_all_can_be_asked_for_on_saving(root: Path) -> None:
    async def scenario() -> None:
        async with opened(root) as client:
            await client.open(NOTE)
            (action,) = await client.actions(0, "source.fixAll")
            fixed = edited(NOTE, action, client)
            assert "date: 2026-11-20\ncustomer: 株式会社𠮷田工業\nchannel: visit\n" in fixed
            assert await client.actions(0, "refactor") == []
            client.change(fixed)
            assert not {each.code for each in await client.next_diagnostics()} & {"value-spelling", "customer-spelling"}

    asyncio.run(scenario())


def test_completion_hover_and_definition_answer_in_utf_16(root: Path) -> None:
    async def scenario() -> None:
        async with opened(root) as client:
            await client.open(NOTE.replace("𠮷田工業", "𠮷"))
            completed = await client.ask("completion", 3, len("customer: ") + 2)
            assert isinstance(completed, types.CompletionList)
            (item,) = completed.items
            assert isinstance(item.text_edit, types.TextEdit)
            assert item.text_edit.new_text == "株式会社𠮷田工業"
            assert item.text_edit.range.start.character == len("customer: ")
            assert item.text_edit.range.end.character == len("customer: ") + 2
            client.change(NOTE)
            shown = await client.ask("hover", 3, len("customer: ") + 3)
            assert isinstance(shown, types.Hover)
            assert isinstance(shown.contents, types.MarkupContent)
            assert shown.contents.value.startswith("**株式会社𠮷田工業**")
            target = await client.ask("definition", 3, len("customer: ") + 3)
            assert isinstance(target, types.Location)
            assert target.uri == (root / "c/yoshida.md").as_uri()

    asyncio.run(scenario())


def test_fast_typing_is_not_checked_key_by_key(root: Path) -> None:
    async def scenario() -> None:
        async with opened(root) as client:
            await client.open(NOTE)
            published = 0

            async def count() -> None:
                nonlocal published
                while True:
                    await client.client.wait_for_notification(DIAGNOSTICS)
                    published += 1

            counting = asyncio.create_task(count())
            for length in range(40):
                client.change(NOTE + "x" * length)
            await client.ask("hover", 0, 0)  # answered behind all changes
            await asyncio.sleep(0.5)
            counting.cancel()
            assert 1 <= published < 10

    asyncio.run(scenario())


def test_broken_settings_are_one_message_and_no_crash(root: Path) -> None:
    async def scenario() -> None:
        (root / "notevault.toml").write_text("langauge = 'ja'\n", encoding="utf-8")
        async with opened(root) as client:
            await client.open(NOTE)
            for number in range(3):
                client.change(f"{NOTE}{number}")
                await client.next_diagnostics()
            assert len(client.client.messages) == 1
            assert "langauge" in client.client.messages[0].message
            assert client.client.error is None

    asyncio.run(scenario())


def test_a_saved_template_counts_in_every_open_note(root: Path) -> None:
    async def scenario() -> None:
        async with opened(root) as client:
            assert "field-missing" not in {each.code for each in await client.open(NOTE)}
            changed = MEETING.replace("amount: {type: money,", "amount: {type: money, required: true,")
            (root / "templates/meeting.md").write_text(changed, encoding="utf-8")
            template = types.TextDocumentIdentifier(uri=(root / "templates/meeting.md").as_uri())
            client.client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=template))
            await client.next_diagnostics()  # of the template: none
            assert "field-missing" in {each.code for each in await client.next_diagnostics()}

    asyncio.run(scenario())


def test_a_closed_document_is_said_nothing_of(root: Path) -> None:
    async def scenario() -> None:
        async with opened(root) as client:
            assert await client.open(NOTE) != []
            place = types.TextDocumentIdentifier(uri=client.uri)
            client.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=place))
            assert await client.next_diagnostics() == []

    asyncio.run(scenario())


def test_a_document_outside_a_vault_gets_nothing(root: Path) -> None:
    async def scenario() -> None:
        async with opened(root, path="../outside.md") as client:
            assert await client.open(NOTE) == []
            assert await client.ask("completion", 3, 5) is None
            assert await client.ask("hover", 3, 5) is None
            assert await client.actions(3) == []

    asyncio.run(scenario())


def test_a_server_outlives_random_edits(root: Path) -> None:
    async def scenario() -> None:
        async with opened(root) as client:
            await client.open(NOTE)
            for text, cursor in random_edits(seed=99, count=80):
                client.change(text)
                await client.ask("completion", text.count("\n", 0, cursor), cursor % 20)
            client.change(NOTE)
            assert isinstance(await client.ask("hover", 3, 12), types.Hover)
            assert client.client.error is None

    asyncio.run(scenario())


def test_without_the_optional_part_the_install_line_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("notevault.lsp.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    ran = run("lsp")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "The language server needs an optional part that is not installed" in ran.stderr
    assert "pip install 'notevault[lsp]'" in ran.stderr
