"""What may be proposed for a template, as values; each says on what evidence."""

from enum import StrEnum

from notevault.records import record


class Action(StrEnum):
    """What is done to a field or section."""

    ADD = "add"
    RENAME = "rename"
    REQUIRE = "require"
    RELAX = "relax"
    RETYPE = "retype"
    CHOICES = "choices"
    DROP = "drop"


class Part(StrEnum):
    """What of a template is meant."""

    FIELD = "field"
    SECTION = "section"


@record
class ChoiceProposal:
    """One choice and the spellings to take for it."""

    choice: str
    also: tuple[str, ...] = ()


@record
class Proposal:
    """One change of a template. Its fields are the contract of ``refine --json``."""

    action: Action
    part: Part
    name: str
    """The field or section; for a renaming what it is called now."""
    to: str | None = None
    """For a renaming: what it is to be called."""
    type: str | None = None
    """For a field that is added or gets another type."""
    required: bool = False
    level: int = 2
    """Of a section that is added."""
    also: tuple[str, ...] = ()
    """Other spellings that are to be taken for it."""
    choices: tuple[ChoiceProposal, ...] = ()
    notes: int = 0
    """Notes that are the evidence."""
    of: int = 0
    """Notes looked at."""
    why: str = ""

    @property
    def id(self) -> str:
        """What ``--accept`` names it by: ``rename:field:ネクスト``."""
        return f"{self.action}:{self.part}:{self.name}"
