"""The words of a team: its stages, channels and reps, what it asks customers, what it prepares for, who reads a brief.

Each is an entry of a table in the settings; see :mod:`notevault.config`.
"""

from notevault.records import record


@record
class StandardTodo:
    """What a stage asks for; ``days`` from the day the stage was reached."""

    text: str
    en: str = ""
    """In English, where the vault's language is that."""
    days: int = 7

    def label(self, language: str) -> str:
        """Return the text in a language."""
        return self.en if language == "en" and self.en else self.text

    @property
    def texts(self) -> tuple[str, ...]:
        """The text in each language."""
        return (self.text, self.en) if self.en else (self.text,)


@record
class Stage:
    """One step of the sales process."""

    key: str = ""
    ja: str = ""
    en: str = ""
    also: tuple[str, ...] = ()
    probability: float = 0.0
    """Percent."""
    state: str = "open"
    """``open``, ``won`` or ``lost``."""
    longest_days: int | None = None
    todos: tuple[StandardTodo, ...] = ()
    order: int = 0
    """Position in the process, from 0."""

    def label(self, language: str) -> str:
        """Return the name in ``language``, or the key."""
        return (self.ja if language == "ja" else self.en) or self.en or self.ja or self.key


@record
class Channel:
    """A way of contact and the points one contact counts."""

    key: str = ""
    ja: str = ""
    en: str = ""
    also: tuple[str, ...] = ()
    points: float = 0.0

    def label(self, language: str) -> str:
        """Return the name in ``language``, or the key."""
        return (self.ja if language == "ja" else self.en) or self.key


@record
class Owner:
    """A sales rep."""

    key: str = ""
    name: str = ""
    also: tuple[str, ...] = ()
    email: str = ""


@record
class LearnedField:
    """A question to customers whose answers stand in ``learned:``."""

    key: str = ""
    ja: str = ""
    en: str = ""
    also: tuple[str, ...] = ()
    level: str = ""
    """Whose matter it is: ``company`` (the president's), ``business`` (key persons') or ``function`` (the staff's)."""
    stale_after: int = 0
    """Days after which it is asked again; 0 never."""
    required_from: str = ""
    """Stage by which the answer must be known."""
    hint: str = ""

    def label(self, language: str) -> str:
        """Return the name in ``language``, or the key."""
        return (self.ja if language == "ja" else self.en) or self.en or self.ja or self.key


@record
class CalendarKind:
    """A date in the year of a customer that sales prepares for; its key is a front matter key or a learned field."""

    key: str = ""
    ja: str = ""
    en: str = ""
    lead_days: int = 90
    """So many days before it the talk begins."""
    at: str = "end"
    """Which day a month means: its ``start`` or its ``end``."""
    topic_ja: str = ""
    topic_en: str = ""
    """What to bring up."""

    def label(self, language: str) -> str:
        """Return the name in ``language``, or the key."""
        return (self.ja if language == "ja" else self.en) or self.en or self.ja or self.key

    def topic(self, language: str) -> str:
        """Return what to bring up, in ``language``."""
        return (self.topic_ja if language == "ja" else self.topic_en) or self.topic_en or self.topic_ja


@record
class Audience:
    """Colleagues who were not there, and what a brief for them holds."""

    key: str = ""
    ja: str = ""
    en: str = ""
    sections: tuple[str, ...] = ()
    """Of the brief, in this order; none: all."""
    fields: tuple[str, ...] = ()
    """Of profile and learned answers; none: all."""

    def label(self, language: str) -> str:
        """Return the name in ``language``, or the key."""
        return (self.ja if language == "ja" else self.en) or self.en or self.ja or self.key
