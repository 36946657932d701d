"""What is shown of the word under the pointer: a field's hint, a section's prompt, how a customer stands."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from notevault.config import Settings
from notevault.extract.fields import unlink
from notevault.lsp.document import Document
from notevault.lsp.known import Known
from notevault.messages import current_language, ngettext
from notevault.messages import gettext as _
from notevault.model import Node, Scalar, Sequence, Span
from notevault.records import record
from notevault.report.customers import CustomerCard
from notevault.template import FieldRule, FieldType
from notevault.template.values import describe_type, find_wiki_link, iter_scalars

_MOST_LINES: Final = 5
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>#!|~&]")


@record
class Hover:
    """A title with lines below it, plain text; a line that begins with blanks belongs to the one above."""

    span: Span
    title: str
    lines: tuple[str, ...]


def find_hover(document: Document, known: Known, offset: int) -> Hover | None:
    """Return what to show at an offset. Raises CacheError, CatalogDamagedError."""
    if mention := find_mention(document, offset):
        name, span = mention
        card = known.describe(name)
        if card is not None:
            lines = tuple(_iter_card_lines(card, document.vault.settings, document.vault.today))
            return Hover(span=span, title=card.customer.name, lines=lines)
    return _field_hover(document, offset) or _section_hover(document, offset)


def find_mention(document: Document, offset: int) -> tuple[str, Span] | None:
    """Return the customer's name or the target of the ``[[link]]`` at an offset, as written."""
    entry = document.find_entry(offset)
    if entry is not None:
        key, node = entry
        rule = document.find_rule(key.text)
        is_customer = rule is not None and (rule.type is FieldType.CUSTOMER or rule.key == "customer")
        for scalar in _iter_names(node, rule):
            if scalar.span.start <= offset <= scalar.span.end and (is_customer or find_wiki_link(node)):
                name = unlink(scalar.text)
                return (name, scalar.span) if name else None
    for link in document.note.links:
        if link.wiki and link.span.start <= offset < link.span.end:
            return link.target, link.span
    return None


def render_markdown(hover: Hover) -> str:
    """Return the hover as Markdown; what notes say is shown as it is, never as markup."""
    lines = [f"{(len(line) - len(line.lstrip())) * ' '}- {_escape(line.lstrip())}" for line in hover.lines]
    return "\n".join([f"**{_escape(hover.title)}**", "", *lines])


def render_plain(hover: Hover) -> str:
    """Return the hover as plain text."""
    return "\n".join([hover.title, *hover.lines])


def _iter_names(node: Node, rule: FieldRule | None) -> Iterator[Scalar]:
    if rule is not None:
        yield from iter_scalars(rule, node)
    elif isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence) and (linked := find_wiki_link(node)):
        yield linked


def _iter_card_lines(card: CustomerCard, settings: Settings, today: date) -> Iterator[str]:
    line = card.customer
    yield _("status: {status}").format(status=line.status) + (
        ", " + _("owner: {owner}").format(owner=line.owner) if line.owner else ""
    )
    for deal in [deal for deal in card.deals if deal.state == "open"][:_MOST_LINES]:
        stage = settings.stages.get(deal.stage or "")
        label = stage.label(current_language()) if stage else deal.stage or "?"
        yield _("stage: {stage}").format(stage=label) + (f" ({deal.deal})" if deal.deal else "")
    yield _describe_contact(line.last_contact, today)
    yield ngettext("{count} open ToDo", "{count} open ToDos", line.todos_open).format(count=line.todos_open)
    for todo in card.todos[:_MOST_LINES]:
        marks = (f"@{todo.owner}" if todo.owner else "", f"due:{todo.due}" if todo.due else "")
        yield "  " + " ".join(filter(None, (todo.text, *marks)))
    for person in card.contacts[:_MOST_LINES]:
        yield _("contact: {name}").format(name=" ".join(filter(None, (person.name, person.title))))


def _describe_contact(last: date | None, today: date) -> str:
    if last is None:
        return _("never contacted")
    days = (today - last).days
    ago = ngettext("{count} day ago", "{count} days ago", days).format(count=days)
    return _("last contact: {day} ({ago})").format(day=last.isoformat(), ago=ago)


def _field_hover(document: Document, offset: int) -> Hover | None:
    entry = document.find_entry(offset)
    rule = document.template.find_field(entry[0].text) if entry and document.template else None
    if entry is None or rule is None:
        return None
    return Hover(span=entry[0].span, title=rule.name, lines=tuple(_iter_rule_lines(rule, document.vault.settings)))


def _iter_rule_lines(rule: FieldRule, settings: Settings) -> Iterator[str]:
    if rule.hint:
        yield rule.hint
    yield describe_type(rule)
    stage = settings.stages.get(rule.required_from or "")
    if rule.required:
        yield _("required")
    elif stage is not None:
        yield _("required from the stage {stage} on").format(stage=stage.label(current_language()))
    for choice in rule.choices:
        yield "  " + choice.key + (f": {', '.join(choice.also)}" if choice.also else "")


def _section_hover(document: Document, offset: int) -> Hover | None:
    for section in document.note.sections:
        if section.heading_span.start <= offset <= section.heading_span.end and document.template:
            rule = document.template.find_section(section.heading)
            if rule is None:
                return None
            demands = [_("required")] if rule.required else []
            if rule.min_chars:
                demands.append(_("at least {count} characters").format(count=rule.min_chars))
            prompt = rule.prompt.replace("<!--", "").replace("-->", "").strip().splitlines()
            return Hover(span=section.heading_span, title=rule.heading, lines=(*prompt, *demands))
    return None


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)
