"""Sections of the template that a note has not got yet, as text and as snippets."""

import re
from collections.abc import Iterator
from typing import Final

from notevault.lsp.document import Document
from notevault.lsp.offers import Kind, Offer
from notevault.messages import gettext as _
from notevault.template import SectionRule
from notevault.template.placeholders import parse_placeholders, render_placeholders

_SPECIAL: Final = re.compile(r"[\\$}]")


def offer_sections(document: Document) -> Iterator[Offer]:
    """Yield the missing sections, in the template's order."""
    template = document.template
    if template is None:
        return
    there = {rule.heading for section in document.note.sections if (rule := template.find_section(section.heading))}
    for rule in template.sections:
        if rule.heading not in there:
            yield _offer(document, rule)


def _offer(document: Document, rule: SectionRule) -> Offer:
    facts = document.facts.fields
    values = {one.raw_key: one.value for one in facts} | {one.key: one.value for one in facts}
    prompt = render_placeholders(parse_placeholders(rule.prompt), values, {}).strip()
    lines = [f"{'#' * rule.level} {rule.heading}", *prompt.splitlines()]
    stops = ["- [ ] ${1} @${2} due:${3}", "$0"] if rule.todo else ["$0"]
    return Offer(
        label=lines[0],
        kind=Kind.SECTION,
        text="\n".join(lines) + "\n",
        detail=_("required") if rule.required else "",
        about=prompt,
        spellings=(rule.heading, *rule.also),
        snippet="\n".join([*(_SPECIAL.sub(r"\\\g<0>", line) for line in lines), *stops]),
    )
