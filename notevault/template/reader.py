"""One template file read into values; every fault is found in one run, with line and column."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from notevault.config import Settings
from notevault.front_matter import parse_front_matter
from notevault.markdown import parse_markdown
from notevault.messages import gettext as _
from notevault.model import Mapping, Node, Scalar, Section, Span
from notevault.model import Sequence as SequenceNode
from notevault.records import record
from notevault.template.pattern import PatternError, compile_pattern
from notevault.template.placeholders import parse_placeholders
from notevault.template.rules import (
    DATE_TYPES,
    Choice,
    Enforce,
    FieldRule,
    FieldType,
    Level,
    SectionRule,
    Template,
    TodoDemand,
    heading_key,
)
from notevault.template.values import Reader, measure, read_value
from notevault.text import LineIndex, closest

_TEMPLATE_KEYS: Final = (
    "template",
    "title",
    "version",
    "also",
    "path",
    "enforce",
    "extends",
    "fields",
    "sections",
    "renamed",
)
_FIELD_KEYS: Final = (
    "type",
    "required",
    "required_from",
    "unique",
    "default",
    "choices",
    "pattern",
    "min",
    "max",
    "hint",
    "also",
    "stale_after",
    "level",
)
_SECTION_KEYS: Final = ("required", "required_from", "also", "min_chars", "todo")
_BOUNDED: Final = (FieldType.NUMBER, FieldType.MONEY, FieldType.MONTH, *DATE_TYPES)
_YES: Final = ("true", "yes", "on")
_NO: Final = ("false", "no", "off")
_LONGEST_WHOLE: Final = 6

Member = TypeVar("Member", bound=StrEnum)


@record
class ReadTemplate:
    """A template on its own, before what it extends is laid under it."""

    template: Template
    text: str
    spans: dict[str, Span]
    """Where the values of the template's own keys stand."""
    faults: tuple[tuple[Span, str], ...]
    skeleton_start: int


def read_template(file: str, text: str, settings: Settings) -> ReadTemplate:
    """Read one file's text; ``file`` stands in the messages. Never raises for what the file holds."""
    return _TemplateReader(text, settings).read(file)


def render_faults(file: str, text: str, faults: Sequence[tuple[Span, str]]) -> list[str]:
    """Return ``file:line:column: message`` for each fault, in the order of the file."""
    lines = LineIndex(text)
    shown = []
    for span, message in sorted(faults, key=lambda fault: fault[0]):
        line, column = lines.position(span.start)
        shown.append(f"{file}:{line}:{column}: {message}")
    return list(dict.fromkeys(shown))


def unknown_word(what: str, word: str, known: Sequence[str]) -> str:
    """Return "unknown field key 'requird' (did you mean 'required'?)"."""
    near = closest(word, known)
    guess = _("did you mean '{near}'?").format(near=near) if near else ", ".join(known)
    return _("unknown {what} '{word}'").format(what=what, word=word) + (f" ({guess})" if guess else "")


class _ValueReader:
    """Nodes of a template's front matter → plain values; gathers faults."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faults: list[tuple[Span, str]] = []

    def fault(self, span: Span, message: str) -> None:
        self.faults.append((span, message))

    def expected(self, node: Node, wanted: str) -> None:
        found = node.text if isinstance(node, Scalar) else _("a list") if isinstance(node, SequenceNode) else "{…}"
        self.fault(node.span, _("expected {wanted}, found '{found}'").format(wanted=wanted, found=found))

    def entries(self, node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
        """Return the pairs of a mapping; a blank value has none."""
        if node is None or (isinstance(node, Scalar) and not node.text.strip()):
            return ()
        if isinstance(node, Mapping):
            return node.entries
        self.expected(node, _("'key: value' pairs"))
        return ()

    def known(self, node: Node | None, known: Sequence[str], what: str) -> dict[str, Node]:
        """Return a mapping's values by key; unknown keys are faults."""
        entries = self.entries(node)
        for key, _value in entries:
            if key.text not in known:
                self.fault(key.span, unknown_word(what, key.text, known))
        return {key.text: value for key, value in entries if key.text in known}

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if isinstance(node, Scalar):
            return node.text.strip()
        self.expected(node, _("text"))
        return ""

    def flag(self, node: Node | None) -> bool:
        word = self.text(node).lower()
        if isinstance(node, Scalar) and word not in (*_YES, *_NO):
            self.expected(node, "true / false")
        return word in _YES

    def whole(self, node: Node | None, default: int = 0) -> int:
        word = self.text(node)
        if isinstance(node, Scalar) and not (word.isascii() and word.isdigit() and len(word) <= _LONGEST_WHOLE):
            self.expected(node, _("a whole number"))
            return default
        return int(word) if word else default

    def names(self, node: Node | None) -> tuple[str, ...]:
        """Return a list of texts; one text is a list of one."""
        if isinstance(node, SequenceNode):
            return tuple(name for item in node.items if (name := self.text(item)))
        name = self.text(node)
        return (name,) if name else ()

    def member(self, node: Node | None, members: type[Member]) -> Member | None:
        word = self.text(node)
        if not word or node is None:
            return None
        if word in set(members):
            return members(word)
        self.fault(node.span, unknown_word(_("value"), word, list(members)))
        return None

    def stage(self, node: Node | None) -> str | None:
        """Return the key of the stage that a text names."""
        word = self.text(node)
        if not word or node is None:
            return None
        stage = self.settings.find_stage(word)
        if stage is None:
            language = "en" if word.isascii() else "ja"
            labels = [one.label(language) for one in self.settings.stages.values()]
            self.fault(node.span, unknown_word(_("stage"), word, labels))
            return None
        return stage.key


class _TemplateReader(_ValueReader):
    def __init__(self, text: str, settings: Settings) -> None:
        super().__init__(settings)
        self.source = text

    def read(self, file: str) -> ReadTemplate:
        parsed = parse_front_matter(self.source)
        for fault in parsed.faults:
            self.fault(fault.span, f"{fault.message} ({fault.hint})" if fault.hint else fault.message)
        root = parsed.front_matter.span or Span(start=0, end=0)
        if not parsed.front_matter.present and not parsed.faults:
            self.fault(root, _("a template begins with a line '---' and its rules"))
        node = Mapping(entries=parsed.front_matter.entries, span=root)
        given = self.known(node, _TEMPLATE_KEYS, _("template key"))
        skeleton = self.source[parsed.body_start :].lstrip("\r\n")
        template = self._template(given, file, skeleton)
        if parsed.front_matter.present and not template.name:
            self.fault(root, _("'template:' is missing: the name that notes give as their type"))
        return ReadTemplate(
            template=template,
            text=self.source,
            spans={key: value.span for key, value in given.items()},
            faults=tuple(self.faults),
            skeleton_start=len(self.source) - len(skeleton),
        )

    def _template(self, given: dict[str, Node], file: str, skeleton: str) -> Template:
        sections = [self._section(key, node) for key, node in self.entries(given.get("sections"))]
        headings = parse_markdown(self.source, len(self.source) - len(skeleton))[0]
        self._refuse_shared_headings(given.get("sections"), sections)
        return Template(
            name=self.text(given.get("template")),
            title=self.text(given.get("title")),
            version=self.whole(given.get("version"), 1),
            file=file,
            also=self.names(given.get("also")),
            path=parse_placeholders(self.text(given.get("path"))),
            enforce=self.member(given.get("enforce"), Enforce) or Enforce.WARN,
            fields=tuple(self._field(key, node) for key, node in self.entries(given.get("fields"))),
            sections=tuple(_with_prompt(section, headings, self.source) for section in sections),
            renamed={key.text: self.text(value) for key, value in self.entries(given.get("renamed"))},
            extends=self.text(given.get("extends")),
            skeleton=skeleton,
            digest=hashlib.sha256(self.source.encode("utf-8", "surrogateescape")).hexdigest(),
        )

    def _field(self, name: Scalar, node: Node) -> FieldRule:
        given = self.known(node, _FIELD_KEYS, _("field key"))
        kind = self.member(given.get("type"), FieldType) or FieldType.ANY
        rule = FieldRule(
            name=name.text.strip(),
            key=self.settings.find_key(name.text) or name.text.strip(),
            type=kind,
            required=self.flag(given.get("required")),
            required_from=self.stage(given.get("required_from")),
            unique=self.flag(given.get("unique")),
            default=self.text(given.get("default")),
            choices=self._choices(given.get("choices")),
            pattern=self._pattern(given.get("pattern")),
            minimum=self.text(given.get("min")),
            maximum=self.text(given.get("max")),
            hint=self.text(given.get("hint")),
            also=self.names(given.get("also")),
            stale_after=self.whole(given.get("stale_after")),
            level=self.member(given.get("level"), Level) or "",
        )
        self._refuse_contradictions(name, rule, given)
        return rule

    def _choices(self, node: Node | None) -> tuple[Choice, ...]:
        if not isinstance(node, Mapping):
            return tuple(Choice(key=name) for name in self.names(node))
        return tuple(Choice(key=key.text.strip(), also=self.names(value)) for key, value in node.entries)

    def _pattern(self, node: Node | None) -> str:
        source = self.text(node)
        if node is None or not source:
            return ""
        try:
            return compile_pattern(source).source
        except PatternError as error:
            message = _("pattern, character {column}: {reason}").format(column=error.column, reason=error.reason)
            self.fault(node.span, message)
            return ""

    def _refuse_contradictions(self, name: Scalar, rule: FieldRule, given: dict[str, Node]) -> None:
        if rule.type is FieldType.CHOICE and not rule.choices and rule.key != "channel":
            self.fault(name.span, _("a field of type choice needs 'choices'"))
        if rule.choices and rule.type is not FieldType.CHOICE:
            self.fault(given["choices"].span, _("'choices' belongs to the type choice"))
        today = date(2000, 1, 1)  # bounds are no relative dates
        for key, bound in (("min", rule.minimum), ("max", rule.maximum)):
            if bound and rule.type not in _BOUNDED:
                self.fault(given[key].span, _("'{key}' belongs to numbers, money and dates").format(key=key))
            elif bound and measure(rule, bound, today) is None:
                self.expected(given[key], _("a value of the field's own type"))
        if rule.default:
            plain = replace(rule, minimum="", maximum="")
            fault = read_value(plain, rule.default, Reader(settings=self.settings, today=today)).fault
            if fault:
                self.fault(given["default"].span, f"{fault.message} ({fault.hint})" if fault.hint else fault.message)

    def _section(self, heading: Scalar, node: Node) -> SectionRule:
        given = self.known(node, _SECTION_KEYS, _("section key"))
        return SectionRule(
            heading=heading.text.strip(),
            required=self.flag(given.get("required")),
            required_from=self.stage(given.get("required_from")),
            also=self.names(given.get("also")),
            min_chars=self.whole(given.get("min_chars")),
            todo=self.member(given.get("todo"), TodoDemand),
        )

    def _refuse_shared_headings(self, node: Node | None, sections: Sequence[SectionRule]) -> None:
        taken: dict[str, str] = {}
        for (key, _value), section in zip(self.entries(node), sections, strict=True):
            for spelling in (section.heading, *section.also):
                other = taken.setdefault(heading_key(spelling), section.heading)
                if other != section.heading:
                    message = _("'{heading}' is also a spelling of the section '{other}'")
                    self.fault(key.span, message.format(heading=spelling, other=other))


def _with_prompt(section: SectionRule, headings: Sequence[Section], source: str) -> SectionRule:
    wanted = heading_key(section.heading)
    found = next((one for one in headings if heading_key(one.heading) == wanted), None)
    if found is None:
        return section
    prompt = source[found.body_span.start : found.body_span.end].strip()
    return replace(section, level=found.level, prompt=prompt)
