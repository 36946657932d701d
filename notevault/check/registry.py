"""Every rule, in the order of the manual."""

from typing import Final

from notevault.check import fields, reading, sections
from notevault.check.rule import Rule
from notevault.model import Severity

_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING

RULES: Final[tuple[Rule, ...]] = (
    Rule(id="syntax", severity=_ERROR, check=reading.explain_syntax, needs_template=False),
    Rule(id="encoding", severity=_WARNING, check=reading.explain_encoding, needs_template=False),
    Rule(id="control-character", severity=_WARNING, check=reading.explain_control_character, needs_template=False),
    Rule(id="newlines", severity=Severity.INFO, check=reading.explain_newlines, needs_template=False),
    Rule(id="conflict-marker", severity=_ERROR, check=sections.check_conflict_marker, needs_template=False),
    Rule(id="type-unknown", severity=_ERROR, check=fields.check_type_unknown, needs_template=False),
    Rule(id="field-missing", severity=_ERROR, check=fields.check_field_missing),
    Rule(id="field-unknown", severity=_WARNING, check=fields.check_field_unknown),
    Rule(id="field-twice", severity=_WARNING, check=fields.check_field_twice),
    Rule(id="field-type", severity=_ERROR, check=fields.check_field_type),
    Rule(id="choice-unknown", severity=_ERROR, check=fields.check_choice_unknown),
    Rule(id="stage-unknown", severity=_ERROR, check=fields.check_stage_unknown),
    Rule(id="field-pattern", severity=_ERROR, check=fields.check_field_pattern),
    Rule(id="field-range", severity=_ERROR, check=fields.check_field_range),
    Rule(id="section-missing", severity=_ERROR, check=sections.check_section_missing),
    Rule(id="section-empty", severity=_ERROR, check=sections.check_section_empty),
    Rule(id="section-short", severity=_WARNING, check=sections.check_section_short),
    Rule(id="todo-missing", severity=_ERROR, check=sections.check_todo_missing),
)

RULE_IDS: Final = frozenset(rule.id for rule in RULES)
