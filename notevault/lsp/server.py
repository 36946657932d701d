"""The language server: which message is answered by what. Everything runs in one thread, one message at a time."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from notevault import __version__
from notevault.config import SETTINGS_NAME
from notevault.errors import NotevaultError
from notevault.lsp.completion import TRIGGERS, complete
from notevault.lsp.document import Document
from notevault.lsp.fixes import Fix, find_fixes, fix_all
from notevault.lsp.hover import find_hover
from notevault.lsp.known import Known
from notevault.lsp.positions import Unit
from notevault.lsp.protocol import (
    FIX_ALL,
    code_action,
    completion_list,
    diagnostic_of,
    hover_of,
    location_of,
    offset_of,
    workspace_edit,
)
from notevault.lsp.session import Session
from notevault.lsp.targets import find_target
from notevault.model import Diagnostic
from notevault.walk import TEMPLATES_FOLDER

Answer = TypeVar("Answer")

PAUSE: Final = 0.02
"""Seconds without a keystroke before a document is checked; longer for one whose check takes long."""
_REST: Final = 0.5
"""Share of its own duration that a check lets the keys rest, so that typing goes before checking."""


class EditorServer(LanguageServer):
    """One editor's server."""

    def __init__(self, language: str | None = None) -> None:
        super().__init__("notevault", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.session = Session(language=language)
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._pause = PAUSE
        self._took = 0.0
        self._told: set[str] = set()

    def can(self, capability: str) -> bool:
        """Say whether the editor has a capability, such as ``workspace.workspace_edit.document_changes``."""
        return bool(get_capability(self.client_capabilities, capability, default=False))

    def check_soon(self, uri: str) -> None:
        """Check a document when the keys have rested."""
        self._forget_timer(uri)
        self._timers[uri] = asyncio.get_running_loop().call_later(self._pause, self.check_now, uri)

    def check_now(self, uri: str) -> None:
        """Check a document and tell the editor."""
        self._forget_timer(uri)
        began = time.monotonic()
        diagnostics = self.guarded(lambda: self.session.check(uri)) or ()
        before, self._took = self._took, time.monotonic() - began
        self._pause = max(PAUSE, _REST * min(before, self._took))  # one slow check, such as the first, says nothing
        self.publish(uri, diagnostics)
        for fault in self.session.news(uri):
            self.tell(fault)

    def publish(self, uri: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        """Send a document's diagnostics; those of a closed one are taken back."""
        document = self.session.read(uri)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=uri,
                version=self.session.version(uri),
                diagnostics=[diagnostic_of(document, each) for each in diagnostics] if document else [],
            )
        )

    def check_all(self) -> None:
        """Check every open document anew."""
        self.session.recheck()
        self._told.clear()
        for uri in self.session.uris():
            self.check_soon(uri)

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._forget_timer(uri)
        self.session.drop(uri)
        self.publish(uri)

    def ask(self, uri: str, answer: Callable[[Document, Known], Answer]) -> Answer | None:
        """Return the answer about a document; None where it is no note."""
        document = self.session.read(uri)
        if document is None:
            return None
        known = self.session.known(document.vault)
        return self.guarded(lambda: answer(document, known))

    def guarded(self, answer: Callable[[], Answer]) -> Answer | None:
        """Return an answer; None, and a message the first time, where something of the user's stands in its way."""
        try:
            return answer()
        except NotevaultError as error:
            if str(error) not in self._told:
                self._told.add(str(error))
                self.tell(error)
            return None

    def tell(self, error: NotevaultError) -> None:
        """Show what the user can mend."""
        text = "\n".join(filter(None, (error.message, error.hint)))
        self.window_show_message(types.ShowMessageParams(type=types.MessageType.Error, message=text))

    def _forget_timer(self, uri: str) -> None:
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()


def make_server(language: str | None = None) -> EditorServer:
    """Return a server that knows every message; ``language`` is spoken in every vault, None: as each vault says."""
    server = EditorServer(language)
    for name, answer, options in _FEATURES:
        server.feature(name, options)(answer)
    return server


def _initialize(server: EditorServer, _params: types.InitializeParams) -> None:
    server.session.unit = Unit(server.workspace.position_encoding or Unit.UTF16)


def _initialized(server: EditorServer, _params: types.InitializedParams) -> None:
    """Ask to be told when settings or templates change; without it they are looked at with each answer."""
    if not server.can("workspace.did_change_watched_files.dynamic_registration"):
        return
    patterns = (f"**/{SETTINGS_NAME}", f"**/{TEMPLATES_FOLDER}/*.md")
    options = types.DidChangeWatchedFilesRegistrationOptions(
        watchers=[types.FileSystemWatcher(glob_pattern=pattern) for pattern in patterns]
    )
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration(id="notevault-files", method=method, register_options=options)
    server.client_register_capability(types.RegistrationParams(registrations=[registration]))


def _did_open(server: EditorServer, params: types.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    server.session.put(document.uri, document.version, document.text)
    server.check_now(document.uri)


def _did_change(server: EditorServer, params: types.DidChangeTextDocumentParams) -> None:
    if params.content_changes:
        document = params.text_document
        server.session.put(document.uri, document.version, params.content_changes[-1].text)
        server.check_soon(document.uri)


def _did_save(server: EditorServer, params: types.DidSaveTextDocumentParams) -> None:
    """Check all: the file saved may be a template, or a customer's note."""
    server.check_now(params.text_document.uri)
    server.check_all()


def _did_close(server: EditorServer, params: types.DidCloseTextDocumentParams) -> None:
    server.close(params.text_document.uri)


def _did_change_files(server: EditorServer, _params: types.DidChangeWatchedFilesParams) -> None:
    server.check_all()


def _complete(server: EditorServer, params: types.CompletionParams) -> types.CompletionList | None:
    with_snippets = server.can("text_document.completion.completion_item.snippet_support")

    def answer(document: Document, known: Known) -> types.CompletionList:
        found = complete(document, known, offset_of(document, params.position))
        return completion_list(document, found, with_snippets=with_snippets)

    return server.ask(params.text_document.uri, answer)


def _hover(server: EditorServer, params: types.HoverParams) -> types.Hover | None:
    formats = get_capability(server.client_capabilities, "text_document.hover.content_format", default=()) or ()

    def answer(document: Document, known: Known) -> types.Hover | None:
        found = find_hover(document, known, offset_of(document, params.position))
        return hover_of(document, found, as_markdown=types.MarkupKind.Markdown in formats) if found else None

    return server.ask(params.text_document.uri, answer)


def _define(server: EditorServer, params: types.DefinitionParams) -> types.Location | None:
    def answer(document: Document, known: Known) -> types.Location | None:
        found = find_target(document, known, offset_of(document, params.position))
        return location_of(found) if found else None

    return server.ask(params.text_document.uri, answer)


def _act(server: EditorServer, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    uri = params.text_document.uri
    only = [str(kind.value if isinstance(kind, types.CodeActionKind) else kind) for kind in params.context.only or ()]
    versioned = server.can("workspace.workspace_edit.document_changes")

    def make(document: Document, fix: Fix, kind: types.CodeActionKind | str) -> types.CodeAction:
        edit = workspace_edit(document, uri, server.session.version(uri), fix.edits, versioned=versioned)
        return code_action(document, fix, kind, edit)

    def answer(document: Document, known: Known) -> list[types.CodeAction]:
        diagnostics = server.session.check(uri) or ()
        start, end = offset_of(document, params.range.start), offset_of(document, params.range.end)
        quick = types.CodeActionKind.QuickFix
        fixes = find_fixes(document, diagnostics, start, end) if _is_wanted(quick.value, only) else []
        # finding what --fix would do takes several checks: not at every move of the cursor
        is_asked = any(kind.startswith("source") for kind in only) or bool(fixes)
        whole = fix_all(document, known) if is_asked and _is_wanted(FIX_ALL, only) else None
        return [*(make(document, fix, quick) for fix in fixes), *([make(document, whole, FIX_ALL)] if whole else ())]

    return server.ask(uri, answer)


def _is_wanted(kind: str, only: list[str]) -> bool:
    """Say whether an editor that asks for ``only`` these kinds takes one; ``source`` stands for ``source.fixAll``."""
    return not only or any(f"{kind}.".startswith(f"{each}.") for each in only)


_FEATURES: Final[tuple[tuple[str, Callable[..., Any], Any], ...]] = (
    (types.INITIALIZE, _initialize, None),
    (types.INITIALIZED, _initialized, None),
    (types.TEXT_DOCUMENT_DID_OPEN, _did_open, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, _did_change, None),
    (types.TEXT_DOCUMENT_DID_SAVE, _did_save, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, _did_close, None),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _did_change_files, None),
    (types.TEXT_DOCUMENT_COMPLETION, _complete, types.CompletionOptions(trigger_characters=list(TRIGGERS))),
    (types.TEXT_DOCUMENT_HOVER, _hover, None),
    (types.TEXT_DOCUMENT_DEFINITION, _define, None),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        _act,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    ),
)
