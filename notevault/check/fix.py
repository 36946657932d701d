"""Notes brought to the agreed form: planned in memory, shown as a diff, written where the file has not changed.

Only edits that rules attach to their findings are made: nothing is invented, and every other byte stays.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from notevault.check import CheckOptions, check_note
from notevault.config import Settings
from notevault.edits import apply_edits, render_diff
from notevault.errors import NotevaultError
from notevault.model import Diagnostic, Edit, Failure, Note, NotePath, Severity, Span
from notevault.records import record
from notevault.template import Templates
from notevault.text import printable_path
from notevault.vault import Vault

_MOST_PASSES: Final = 40
"""One edit may make room for another: a key renamed, then its value."""
_VERSION_RULE: Final = "template-version"
_SECTION_RULE: Final = "section-missing"
_YOUNG: Final = 2.0
"""Seconds: an editor may still be at a note saved since."""


@record
class NoteFix:
    """What is to be changed in one note."""

    path: NotePath
    before: str
    after: str
    edits: tuple[Edit, ...]
    """Measured on the bytes read; applied together they turn ``before`` into ``after``."""
    rules: tuple[str, ...]
    """The rule of every finding put right."""

    @property
    def diff(self) -> str:
        """What changes, as a unified diff."""
        return render_diff(printable_path(self.path), self.before, self.after)


@record
class FixReport:
    """What was written, and what was not."""

    written: tuple[NoteFix, ...]
    refused: tuple[Failure, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many findings of each rule were put right."""
        return Counter(rule for fix in self.written for rule in fix.rules)


def plan_fix(
    note: Note, templates: Templates, settings: Settings, *, today: date, options: CheckOptions | None = None
) -> NoteFix | None:
    """Return what can be put right in a note without a question, or None.

    ``plan_fix`` of the result is None. A note with a merge conflict in it is left alone.
    """
    chosen = replace(options or CheckOptions(), with_edits=True, lasting=False)
    current, rules = note, list[str]()
    for _pass in range(_MOST_PASSES):
        diagnostics = check_note(current, None, templates, settings, today=today, options=chosen)
        if any(diagnostic.rule == "conflict-marker" for diagnostic in diagnostics):
            return None
        fixed, made = _apply_best(current, _choose(diagnostics))
        if not made:
            break
        current, rules = fixed, rules + made
    if current.text == note.text:
        return None
    edit = _shortest_edit(note, current.text)
    return NoteFix(path=note.path, before=note.text, after=current.text, edits=(edit,), rules=tuple(rules))


def plan_fixes(
    vault: Vault,
    paths: Iterable[NotePath],
    templates: Templates,
    settings: Settings,
    *,
    today: date,
    options: CheckOptions | None = None,
) -> tuple[tuple[NoteFix, ...], tuple[Failure, ...]]:
    """Return the fixes of notes as they are on disk, and the notes that could not be read."""
    from notevault.note import parse_note  # noqa: PLC0415 -- start-up time

    fixes, failures = [], []
    for path in paths:
        try:
            data, _signature = vault.read(path)
        except (OSError, NotevaultError) as error:
            failures.append(Failure(path=path, reason=str(error)))
            continue
        fix = plan_fix(parse_note(path, data), templates, settings, today=today, options=options)
        if fix is not None:
            fixes.append(fix)
    return tuple(fixes), tuple(failures)


def apply_fixes(vault: Vault, fixes: Sequence[NoteFix], *, wait: Callable[[float], None] = time.sleep) -> FixReport:
    """Write fixes, a note at a time. A note that changed since, or that must not be written, is left as it is.

    A note saved less than two seconds ago is written last, when that time is over and only if it is still the same.
    """
    young = {fix.path for fix in fixes if _age(vault, fix.path) < _YOUNG}
    written, refused = [], []
    for fix in sorted(fixes, key=lambda fix: fix.path in young):
        if fix.path in young and (left := _YOUNG - _age(vault, fix.path)) > 0:
            wait(left)
        try:
            vault.apply(fix.edits)
        except (NotevaultError, OSError) as error:
            refused.append(Failure(path=fix.path, reason=str(error)))
        else:
            written.append(fix)
    return FixReport(written=tuple(written), refused=tuple(refused))


def _age(vault: Vault, path: NotePath) -> float:
    """Return the seconds since a note was saved; one from the future, or none, counts as old."""
    try:
        age = time.time() - os.lstat(vault.locate(path)).st_mtime
    except OSError:
        return _YOUNG
    return age if age >= 0 else _YOUNG


def _choose(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return those to be put right in one pass.

    A note's version is not raised while an error is left in it; a second section goes in when the first is there.
    """
    has_error = any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    found = [one for one in diagnostics if one.edits and not (has_error and one.rule == _VERSION_RULE)]
    sections = [one for one in found if one.rule == _SECTION_RULE]
    return [one for one in found if one not in sections[1:]]


def _apply_best(note: Note, diagnostics: Sequence[Diagnostic]) -> tuple[Note, list[str]]:
    """Apply all edits at once; where that does not hold together, each that holds with those before it."""
    edits = _without_overlaps(diagnostics)
    fixed = _applied(note, [edit for one in edits for edit in one.edits])
    if fixed is not None:
        return fixed, [one.rule for one in edits]
    kept: list[Diagnostic] = []
    best = note
    for one in edits:
        fixed = _applied(note, [edit for other in (*kept, one) for edit in other.edits])
        if fixed is not None:
            kept.append(one)
            best = fixed
    return best, [one.rule for one in kept]


def _without_overlaps(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    taken: list[Span] = []
    kept = []
    for diagnostic in diagnostics:
        spans = [edit.span for edit in diagnostic.edits]
        if spans and not any(span.start < other.end and other.start < span.end for span in spans for other in taken):
            taken += spans
            kept.append(diagnostic)
    return kept


def _applied(note: Note, edits: Sequence[Edit]) -> Note | None:
    """Return the note with the edits made, None where it could not be written or would be read less well."""
    from notevault.note import encode_note, parse_note  # noqa: PLC0415 -- start-up time

    text = apply_edits(note.text, edits)
    try:
        fixed = parse_note(note.path, encode_note(note, text))
    except UnicodeEncodeError:
        return None
    if fixed.text != text or fixed.encoding != note.encoding or _count_errors(fixed) > _count_errors(note):
        return None
    return fixed if len(fixed.front_matter.entries) == len(note.front_matter.entries) else None


def _count_errors(note: Note) -> int:
    return sum(diagnostic.severity is Severity.ERROR for diagnostic in note.diagnostics)


def _shortest_edit(note: Note, after: str) -> Edit:
    """Return one edit that touches nothing before the first and behind the last difference."""
    before = note.text
    least = min(len(before), len(after))
    start = next((at for at in range(least) if before[at] != after[at]), least)
    end = 0
    while end < least - start and before[-1 - end] == after[-1 - end]:
        end += 1
    span = Span(start=start, end=len(before) - end)
    return Edit(path=note.path, digest=note.digest, span=span, text=after[start : len(after) - end])
