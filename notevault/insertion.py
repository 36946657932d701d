"""Where a new list item goes in a note, and the edit that puts it there; every other byte stays."""

import re
from typing import Final

from notevault.errors import UnknownNameError, WriteRefusedError
from notevault.messages import gettext as _
from notevault.model import Edit, Note, Section, Span
from notevault.template import Template
from notevault.template.rules import heading_key
from notevault.text import closest, printable_path

ACTION_HEADINGS: Final = frozenset(
    map(
        heading_key,
        (
            *("行動", "傘", "次のアクション", "次回アクション", "ネクストアクション", "アクション", "宿題", "TODO"),
            *("ToDos", "タスク", "Actions", "Action items", "Next actions", "Next steps", "Tasks"),
        ),
    )
)
_LINE_END: Final = re.compile(r"[\r\n]")
_LIST_ITEM: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_BULLET: Final = re.compile(r"[-*+] (?=\S)")


def find_section(note: Note, heading: str, template: Template | None = None) -> Section:
    """Return the section that ``heading`` names, also by another name of the template; raises UnknownNameError."""
    wanted = heading_key(heading)
    found = next((section for section in note.sections if heading_key(section.heading) == wanted), None)
    if found is None and template is not None and (rule := template.find_section(heading)) is not None:
        found = next((section for section in note.sections if template.find_section(section.heading) == rule), None)
    if found is None:
        near = closest(heading, [section.heading for section in note.sections])
        raise UnknownNameError(_("section"), heading, [near] if near else [])
    return found


def find_action_section(note: Note, template: Template | None) -> Section | None:
    """Return the section where ToDos belong: the template's, one that is called so, or that of the last ToDo."""
    if template is not None:
        for section in note.sections:
            rule = template.find_section(section.heading)
            if rule is not None and rule.todo is not None:
                return section
    named = next((section for section in note.sections if heading_key(section.heading) in ACTION_HEADINGS), None)
    if named is not None:
        return named
    last = note.tasks[-1].section if note.tasks else None
    return note.sections[last] if last is not None else None


def action_heading(template: Template | None) -> str | None:
    """Return the heading that the template has for ToDos, with its ``#``."""
    rules = template.sections if template is not None else ()
    return next((f"{'#' * rule.level} {rule.heading}" for rule in rules if rule.todo is not None), None)


def plan_items(note: Note, items: list[str], section: Section | None, *, heading: str | None = None) -> Edit:
    """Return the edit that adds list items at the end of a section, of the note where it is None.

    An item is what stands behind the bullet, a task with its ``[ ] ``. ``heading`` is a line to put above them.
    """
    start, end = (section.body_span.start, section.body_span.end) if section else (note.body_start, len(note.text))
    at = _end_of_text(note.text, start, end)
    last = _line_before(note.text, at) if at > start else ""
    newline, bullet = note.newline, _bullet_like(last)
    lines = [f"{bullet}{item}" for item in items]
    if heading is not None:
        lines = ["", heading, "", *lines] if at > start else [heading, "", *lines]
    elif last and not _joins(last):
        lines = ["", *lines]
    if at > start:
        text = "".join(newline + line for line in lines)
    elif start > 0 and note.text[start - 1 : start] not in ("\n", "\r"):  # a heading that ends the file
        at, text = len(note.text), "".join(newline + line for line in lines)
    else:
        text = "".join(line + newline for line in lines)
    return Edit(path=note.path, digest=note.digest, span=Span(start=at, end=at), text=text)


def refuse_if_swallowed(note: Note, *, found: bool) -> None:
    """Raise WriteRefusedError where what was added would not be read as a list item."""
    if not found:
        raise WriteRefusedError(
            printable_path(note.path), _("what would be added stands in a comment or code there and would not be read")
        )


def _end_of_text(text: str, start: int, end: int) -> int:
    """Return where the last line that is not blank ends; ``start`` where all are."""
    stop = len(text[start:end].rstrip())
    if not stop:
        return start
    found = _LINE_END.search(text, start + stop)
    return found.start() if found else len(text)


def _line_before(text: str, at: int) -> str:
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return text[start:at]


def _joins(line: str) -> bool:
    """Say whether a list item may follow this line without a blank one."""
    return bool(_LIST_ITEM.match(line)) or line[:1] in (" ", "\t") or line.rstrip().endswith("-->")


def _bullet_like(last: str) -> str:
    """Return the bullet of the line above where it is an outermost item with one; ``- `` else."""
    found = _BULLET.match(last)
    return found[0] if found else "- "
