"""An open document as a note: parsed from the editor's text, with what the answers at the cursor need."""

import re
from collections.abc import Mapping
from typing import Final

from notevault.check.rule import find_template
from notevault.extract import extract_facts
from notevault.front_matter import YamlHandler
from notevault.lsp.positions import PositionMap, Unit
from notevault.lsp.vaults import OpenVault
from notevault.model import Facts, Node, Note, NotePath, Scalar, Span
from notevault.note import parse_note
from notevault.records import record
from notevault.template import FieldRule, FieldType, Template
from notevault.yaml_block import read_block

_BLOCK_END: Final = re.compile(r"^[ \t]*$|^#", re.MULTILINE)
_LONGEST_BLOCK: Final = 65_536
_COMMON_TYPES: Final[Mapping[str, FieldType]] = {
    "date": FieldType.DATE,
    "customer": FieldType.CUSTOMER,
    "stage": FieldType.STAGE,
    "channel": FieldType.CHOICE,
    "owner": FieldType.PERSON,
    "contacts": FieldType.PEOPLE,
    "attendees": FieldType.PEOPLE,
    "close_date": FieldType.DATE,
    "competitors": FieldType.LIST,
    "tags": FieldType.LIST,
}


@record
class Document:
    """One version of an open note."""

    note: Note
    facts: Facts
    template: Template | None
    positions: PositionMap
    vault: OpenVault

    def find_rule(self, key: str) -> FieldRule | None:
        """Return the template's rule for a key; where the template has none, the key's common meaning."""
        rule = self.template.find_field(key) if self.template else None
        if rule is not None:
            return rule
        canonical = self.vault.settings.find_key(key)
        return common_rule(canonical) if canonical else None

    def find_entry(self, offset: int) -> tuple[Scalar, Node] | None:
        """Return the front matter entry whose key or value an offset is in."""
        for key, node in self.note.front_matter.entries:
            if key.span.start <= offset <= max(key.span.end, node.span.end):
                return key, node
        return None


def common_rule(canonical: str) -> FieldRule:
    """Return what a canonical key holds where no template says it."""
    return FieldRule(name=canonical, key=canonical, type=_COMMON_TYPES.get(canonical, FieldType.ANY))


def parse_document(vault: OpenVault, path: NotePath, source: str, unit: Unit = Unit.UTF16) -> Document:
    """Take the editor's text apart. Characters no file can hold are read as ``?``, a BOM is skipped."""
    text = source.lstrip("\ufeff")
    note = parse_note(path, text.encode("utf-8", "replace"))
    positions = PositionMap(source, unit, skipped=len(source) - len(text))
    return _document(vault, note, positions)


def without_line(document: Document, offset: int) -> Document:
    """Return the front matter as it reads without the line that is being written; the body is left out.

    A key without its colon makes the whole block unreadable; the other fields are still wanted. Where others are
    faulty too, only the lines that can be read alone are left. Behind the front matter the document is returned as is.
    """
    text = document.note.text
    bounds = find_block(text)
    if bounds is None or not bounds.start <= offset <= bounds.end:
        return document
    start, end = document.positions.line_span(document.positions.position(offset)[0])
    blanked = text[:start] + " " * (end - start) + text[end:]
    block = blanked[bounds.start : bounds.end]
    if read_block(block, 0, len(block)).entries is None:
        block = _readable_lines(block)
    fields = f"{text[: bounds.start]}{block}\n---\n"
    note = parse_note(document.note.path, fields.encode("utf-8", "replace"))
    return _document(document.vault, note, document.positions)


def find_block(text: str) -> Span | None:
    """Return where the fields stand between the ``---`` lines; one never closed ends at a blank line or heading."""
    bounds = YamlHandler().find_bounds(text)
    if bounds is None:
        return None
    if bounds.raw_end >= 0:
        return Span(start=bounds.raw_start, end=bounds.raw_end)
    found = _BLOCK_END.search(text, bounds.raw_start)
    end = found.start() if found else len(text)
    return Span(start=bounds.raw_start, end=min(end, bounds.raw_start + _LONGEST_BLOCK))


def _document(vault: OpenVault, note: Note, positions: PositionMap) -> Document:
    facts = extract_facts(note, vault.settings, vault.today)
    template = find_template(facts.type, vault.templates, vault.settings)
    return Document(note=note, facts=facts, template=template, positions=positions, vault=vault)


def _readable_lines(block: str) -> str:
    lines = block.split("\n")
    kept = [line if _is_readable(line) else " " * len(line.rstrip("\r")) + "\r" * line.endswith("\r") for line in lines]
    return "\n".join(kept)


def _is_readable(line: str) -> bool:
    if not line.strip() or line[0].isspace() or line[0] in "-#":
        return False
    found = read_block(line, 0, len(line))
    return bool(found.entries) and not found.faults
