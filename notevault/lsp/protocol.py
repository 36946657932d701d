"""This program's values as those of the Language Server Protocol."""

from collections.abc import Iterable, Sequence
from typing import Final

from lsprotocol import types

from notevault.lsp.completion import Completion
from notevault.lsp.document import Document
from notevault.lsp.fixes import Fix, span_of
from notevault.lsp.hover import Hover, render_markdown, render_plain
from notevault.lsp.offers import Kind
from notevault.lsp.targets import Target
from notevault.model import Diagnostic, Edit, Severity, Span

SOURCE: Final = "notevault"
FIX_ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"
_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_KINDS: Final = {
    Kind.KEY: types.CompletionItemKind.Property,
    Kind.CHOICE: types.CompletionItemKind.EnumMember,
    Kind.CUSTOMER: types.CompletionItemKind.Class,
    Kind.PERSON: types.CompletionItemKind.Constant,
    Kind.DAY: types.CompletionItemKind.Value,
    Kind.NOTE: types.CompletionItemKind.File,
    Kind.SECTION: types.CompletionItemKind.Snippet,
    Kind.TEXT: types.CompletionItemKind.Text,
}


def range_of(document: Document, span: Span) -> types.Range:
    """Return a span as a range."""
    start, end = document.positions.position(span.start), document.positions.position(span.end)
    return types.Range(start=types.Position(*start), end=types.Position(*end))


def offset_of(document: Document, position: types.Position) -> int:
    """Return a position as an offset."""
    return document.positions.offset(position.line, position.character)


def diagnostic_of(document: Document, diagnostic: Diagnostic) -> types.Diagnostic:
    """Return a diagnostic with its hint on a line of its own."""
    return types.Diagnostic(
        range=range_of(document, span_of(document, diagnostic)),
        message="\n".join(filter(None, (diagnostic.message, diagnostic.hint))),
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.rule,
        source=SOURCE,
    )


def completion_list(
    document: Document, completions: Iterable[Completion], *, with_snippets: bool
) -> types.CompletionList:
    """Return the entries in their order. The list is never complete: what fits is judged here, at every keystroke."""
    items = [
        _completion_item(document, completion, position, with_snippets=with_snippets)
        for position, completion in enumerate(completions)
    ]
    return types.CompletionList(is_incomplete=True, items=items)


def _completion_item(
    document: Document, completion: Completion, position: int, *, with_snippets: bool
) -> types.CompletionItem:
    offer, span = completion.offer, completion.span
    is_snippet = with_snippets and bool(offer.snippet)
    written = document.note.text[span.start : span.end]
    other = completion.shown != offer.label
    return types.CompletionItem(
        label=completion.shown,
        kind=_KINDS[offer.kind],
        detail=(f"→ {offer.text or offer.label}" if other else offer.detail) or None,
        documentation=offer.about or None,
        sort_text=f"{position:04}",
        # editors drop what does not look like the text before the cursor; here it fits in another way
        filter_text=completion.shown if written in completion.shown else written,
        insert_text_format=types.InsertTextFormat.Snippet if is_snippet else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(
            range=range_of(document, span), new_text=completion.snippet if is_snippet else completion.text
        ),
    )


def code_action(
    document: Document, fix: Fix, kind: types.CodeActionKind | str, edit: types.WorkspaceEdit
) -> types.CodeAction:
    """Return a fix as an action."""
    mended = [diagnostic_of(document, fix.mended)] if fix.mended else None
    return types.CodeAction(
        title=fix.title, kind=kind, diagnostics=mended, edit=edit, is_preferred=bool(mended) or None
    )


def workspace_edit(
    document: Document, uri: str, version: int | None, edits: Sequence[Edit], *, versioned: bool
) -> types.WorkspaceEdit:
    """Return edits of one document; ``versioned`` where the editor can refuse those of an older text."""
    changes = [types.TextEdit(range=range_of(document, edit.span), new_text=edit.text) for edit in edits]
    if not versioned:
        return types.WorkspaceEdit(changes={uri: changes})
    place = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(text_document=place, edits=changes)])


def hover_of(document: Document, hover: Hover, *, as_markdown: bool) -> types.Hover:
    """Return a hover in the form that the editor shows."""
    kind = types.MarkupKind.Markdown if as_markdown else types.MarkupKind.PlainText
    value = render_markdown(hover) if as_markdown else render_plain(hover)
    return types.Hover(contents=types.MarkupContent(kind=kind, value=value), range=range_of(document, hover.span))


def location_of(target: Target) -> types.Location:
    """Return a file and line."""
    start = types.Position(line=target.line, character=0)
    return types.Location(uri=target.path.as_uri(), range=types.Range(start=start, end=start))
