"""Templates: the agreed formats, read from Markdown files whose front matter holds the rules.

``rules`` are the values, ``reader`` one file, ``folder`` a vault's files and ``extends``, ``values`` the reading of one
field's value, ``placeholders`` names in paths and skeletons, ``pattern`` regular expressions that cannot run away.
Only the values are imported with the package: reading templates takes time that a search has no use for.
"""

from notevault.template.rules import (
    Choice,
    Enforce,
    FieldRule,
    FieldType,
    SectionRule,
    Template,
    Templates,
    TodoDemand,
    heading_key,
)

__all__ = [
    "Choice",
    "Enforce",
    "FieldRule",
    "FieldType",
    "SectionRule",
    "Template",
    "Templates",
    "TodoDemand",
    "heading_key",
]
