"""The diagnostics of an open document, and the edits that put them right."""

from collections.abc import Iterable

from notevault.check import CheckOptions, check_note
from notevault.check.fix import plan_fix
from notevault.errors import CacheError, CatalogDamagedError
from notevault.lsp.document import Document
from notevault.lsp.known import Known
from notevault.messages import gettext as _
from notevault.model import Diagnostic, Edit, Span
from notevault.records import record


@record
class Fix:
    """Something that can be done, for one diagnostic or for all."""

    title: str
    edits: tuple[Edit, ...]
    mended: Diagnostic | None = None


def check_document(document: Document, known: Known) -> tuple[Diagnostic, ...]:
    """Return what ``check`` says of the text in the editor, edits included. Raises SettingsError."""
    vault = document.vault
    return check_note(
        document.note,
        document.facts,
        vault.templates,
        vault.settings,
        today=vault.today,
        options=_options(known),
    )


def span_of(document: Document, diagnostic: Diagnostic) -> Span:
    """Return what to underline: the diagnostic's span, else its line; never nothing where the line has text."""
    if diagnostic.span and diagnostic.span.start < diagnostic.span.end:
        return diagnostic.span
    at = diagnostic.span.start if diagnostic.span else None
    line = document.positions.position(at)[0] if at is not None else diagnostic.line - 1
    start, end = document.positions.line_span(line)
    return Span(start=start, end=end)


def find_fixes(document: Document, diagnostics: Iterable[Diagnostic], start: int, end: int) -> list[Fix]:
    """Return a fix for each mendable diagnostic that touches ``start`` to ``end``."""
    found = []
    for diagnostic in diagnostics:
        span = span_of(document, diagnostic)
        if diagnostic.edits and span.start <= end and start <= span.end:
            title = _("Fix: {message}").format(message=diagnostic.message)
            found.append(Fix(title=title, edits=diagnostic.edits, mended=diagnostic))
    return found


def fix_all(document: Document, known: Known) -> Fix | None:
    """Return what ``check --fix`` would do to the note, as one edit."""
    vault = document.vault
    options = _options(known)
    fix = plan_fix(document.note, vault.templates, vault.settings, today=vault.today, options=options)
    return Fix(title=_("Fix all that notevault can mend"), edits=fix.edits) if fix else None


def _options(known: Known) -> CheckOptions:
    try:
        return CheckOptions(find_customer=known.customer_reader())
    except (CacheError, CatalogDamagedError):
        return CheckOptions()  # the next sync mends it; the note can be checked without
