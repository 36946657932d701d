"""Every rule, in the order of the manual."""

from typing import Final

from notevault.check import across, customers, dating, deals, fields, links, minutes, reading, sections, spelling
from notevault.check.rule import Rule
from notevault.model import Severity

_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING
_INFO: Final = Severity.INFO

RULES: Final[tuple[Rule, ...]] = (
    Rule(id="syntax", severity=_ERROR, check=reading.explain_syntax, needs_template=False),
    Rule(id="encoding", severity=_WARNING, check=reading.explain_encoding, needs_template=False),
    Rule(id="control-character", severity=_WARNING, check=reading.explain_control_character, needs_template=False),
    Rule(id="newlines", severity=_INFO, check=reading.explain_newlines, needs_template=False),
    Rule(id="conflict-marker", severity=_ERROR, check=sections.check_conflict_marker, needs_template=False),
    Rule(id="duplicate-note", severity=_WARNING, across=across.check_duplicate_note, needs_template=False),
    Rule(id="link-broken", severity=_WARNING, across=links.check_link_broken, needs_template=False),
    Rule(id="ignore-unknown", severity=_WARNING, check=dating.check_ignore_unknown, needs_template=False),
    Rule(id="type-unknown", severity=_ERROR, check=fields.check_type_unknown, needs_template=False),
    Rule(id="template-renamed", severity=_WARNING, check=dating.check_template_renamed, is_fixable=True),
    Rule(id="template-version", severity=_INFO, check=dating.check_template_version, is_fixable=True),
    Rule(id="field-missing", severity=_ERROR, check=fields.check_field_missing),
    Rule(id="field-unknown", severity=_WARNING, check=fields.check_field_unknown),
    Rule(id="field-twice", severity=_WARNING, check=fields.check_field_twice),
    Rule(id="field-spelling", severity=_INFO, check=spelling.check_field_spelling, is_fixable=True),
    Rule(id="field-type", severity=_ERROR, check=fields.check_field_type),
    Rule(id="field-pattern", severity=_ERROR, check=fields.check_field_pattern),
    Rule(id="field-range", severity=_ERROR, check=fields.check_field_range),
    Rule(id="field-unique", severity=_ERROR, across=across.check_field_unique),
    Rule(id="choice-unknown", severity=_ERROR, check=fields.check_choice_unknown),
    Rule(id="stage-unknown", severity=_ERROR, check=fields.check_stage_unknown),
    Rule(id="value-spelling", severity=_INFO, check=spelling.check_value_spelling, is_fixable=True),
    Rule(id="date-path", severity=_WARNING, check=dating.check_date_path),
    Rule(id="date-weekday", severity=_WARNING, check=dating.check_date_weekday),
    Rule(id="date-future", severity=_WARNING, check=dating.check_date_future, across=across.find_future_days),
    Rule(
        id="customer-unknown",
        severity=_INFO,
        check=customers.check_customer_unknown,
        across=across.find_unknown_customers,
    ),
    Rule(
        id="customer-ambiguous",
        severity=_WARNING,
        check=customers.check_customer_ambiguous,
        across=across.find_ambiguous_customers,
    ),
    Rule(
        id="customer-spelling",
        severity=_INFO,
        check=customers.check_customer_spelling,
        across=across.find_customer_spellings,
        is_fixable=True,
    ),
    Rule(id="section-missing", severity=_ERROR, check=sections.check_section_missing, is_fixable=True),
    Rule(id="section-empty", severity=_ERROR, check=sections.check_section_empty),
    Rule(id="section-short", severity=_WARNING, check=sections.check_section_short),
    Rule(id="section-order", severity=_INFO, check=sections.check_section_order),
    Rule(id="section-spelling", severity=_INFO, check=spelling.check_section_spelling, is_fixable=True),
    Rule(id="fact-thin", severity=_WARNING, check=minutes.check_fact_thin),
    Rule(id="action-prose", severity=_WARNING, check=minutes.check_action_prose),
    Rule(id="todo-missing", severity=_ERROR, check=sections.check_todo_missing),
    Rule(id="todo-due", severity=_WARNING, check=minutes.check_todo_due),
    Rule(id="todo-owner", severity=_WARNING, check=minutes.check_todo_owner),
    Rule(id="todo-misplaced", severity=_INFO, check=minutes.check_todo_misplaced),
    Rule(id="deal-idle", severity=_WARNING, across=deals.check_deal_idle),
    Rule(id="stage-todo", severity=_INFO, across=deals.check_stage_todo),
)

RULE_IDS: Final = frozenset(rule.id for rule in RULES)
