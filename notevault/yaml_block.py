"""YAML text as nodes with positions, every scalar as text; hostile input is refused in bounded time.

Finding the block in a note is :mod:`notevault.front_matter`'s work, telling what a fault means
:mod:`notevault.yaml_hints`'s.
"""

import re
import unicodedata
from typing import Final, Protocol

import yaml

from notevault.messages import gettext as _
from notevault.model import Mapping, Node, Scalar, Sequence, Severity, Span
from notevault.records import record
from notevault.yaml_hints import explain, explain_comment, quote_it

MAX_LENGTH: Final = 64 * 1024
MAX_DEPTH: Final = 16
MAX_EVENTS: Final = 4000

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# YAML takes these for line breaks or skips them, a text editor does not.
_STRANGE: Final = "\x85\u2028\u2029\ufeff"
_STRANGE_PATTERN: Final = re.compile(f"[{_STRANGE}]")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_WIDE_BLANKS: Final = ("\u3000", "\xa0")
_PRIVATE_USE: Final = range(0xE000, 0xF8FF)

Entries = tuple[tuple[Scalar, Node], ...]


@record
class Fault:
    """What is wrong with front matter, and where; rule ``syntax``."""

    span: Span
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR


@record
class Block:
    """What a piece of YAML holds; ``entries`` is None where it could not be read as ``key: value``."""

    entries: Entries | None
    faults: tuple[Fault, ...]
    flow: bool = False
    """Written as ``{…}``."""
    is_text: bool = False
    """Well-formed, but a list or a plain sentence."""


class _Refused(Exception):  # noqa: N818 -- never leaves this module
    def __init__(self, fault: Fault, *, is_text: bool = False) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.is_text = is_text


def read_block(text: str, start: int, end: int) -> Block:
    """Return the entries of ``text[start:end]``; spans are positions in ``text``.

    Keys are NFC; of a key that appears twice the first entry is kept and a fault names both lines.
    """
    raw = text[start:end]
    try:
        _refuse_unreadable(raw, start)
        root = _Composer(text, start, *_without_strange(raw)).compose()
    except _Refused as refused:
        return Block(entries=None, faults=(refused.fault,), is_text=refused.is_text)
    if root is None:
        return Block(entries=(), faults=())
    faults: list[Fault] = []
    entries = _without_duplicates(text, root, faults)
    if "#" in raw:
        faults += _find_swallowed(text, end, entries)
    return Block(entries=entries, faults=tuple(faults), flow=root.flow)


def is_text_to_yaml(value: str) -> bool:
    """Return whether every YAML reader takes a bare ``value`` for text: not so ``no``, ``~``, ``0123``, ``12:30``."""
    patterns = yaml.SafeLoader.yaml_implicit_resolvers.get(value[:1], ())
    return not any(pattern.match(value) for _tag, pattern in patterns)


def _refuse_unreadable(raw: str, start: int) -> None:
    if len(raw) > MAX_LENGTH:
        message = _("the front matter is longer than {limit} characters").format(limit=MAX_LENGTH)
        raise _Refused(Fault(span=Span(start=start, end=start), message=message, hint=_("move the text into the body")))
    if found := _FORBIDDEN.search(raw):
        at = start + found.start()
        message = _("control character U+{code} in the front matter").format(code=f"{ord(found[0]):04X}")
        raise _Refused(Fault(span=Span(start=at, end=at + 1), message=message, hint=_("delete the character")))


def _without_strange(raw: str) -> tuple[str, dict[int, str]]:
    """Return ``raw`` with unused private characters for those that YAML would not keep, and the way back."""
    if not _STRANGE_PATTERN.search(raw):
        return raw, {}
    free = (code for code in _PRIVATE_USE if chr(code) not in raw)
    table = dict(zip((ord(char) for char in _STRANGE), free, strict=False))
    return raw.translate(table), {code: chr(char) for char, code in table.items()}


class _Position(Protocol):
    """A mark of either parser."""

    index: int


_Opened = yaml.SequenceStartEvent | yaml.MappingStartEvent


class _Composer:
    """Builds nodes from parser events with a stack of its own, so that no input can exhaust the C stack."""

    def __init__(self, text: str, start: int, raw: str, restore: dict[int, str]) -> None:
        self._text = text
        self._start = start
        self._raw = raw
        self._restore = restore
        self._open: list[tuple[_Opened, list[Node]]] = []
        self._root: Node | None = None

    def compose(self) -> Mapping | None:
        """Return the root, None for a block without a value."""
        loader = _LOADER(self._raw)
        documents = 0
        try:
            for _count in range(MAX_EVENTS):
                event = loader.get_event()
                if isinstance(event, yaml.NodeEvent):
                    self._take_node(event)
                elif isinstance(event, yaml.CollectionEndEvent):
                    self._close(event)
                elif isinstance(event, yaml.StreamEndEvent):
                    return self._mapping()
                elif isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self._refusal(event, _("a second document begins here"), quote_it())
        except yaml.YAMLError as error:
            raise _Refused(self._fault_of(error)) from error
        finally:
            loader.dispose()
        raise self._refusal(event, _("the front matter holds too many values"), _("move the text into the body"))

    def _take_node(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._refusal(event, _("'*' at the start of a value is YAML's sign for an alias"), quote_it())
        if event.anchor is not None:
            raise self._refusal(event, _("'&' at the start of a value is YAML's sign for an anchor"), quote_it())
        if isinstance(event, yaml.ScalarEvent):
            if event.tag is not None:
                raise self._tag_refusal(event)
            self._add(self._scalar(event))
        elif isinstance(event, _Opened):
            if event.tag is not None:
                raise self._tag_refusal(event)
            if len(self._open) >= MAX_DEPTH:
                raise self._refusal(event, _("the front matter is nested too deeply"), quote_it())
            self._open.append((event, []))

    def _add(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        opened, children = self._open[-1]
        if not isinstance(node, Scalar) and len(children) % 2 == 0 and isinstance(opened, yaml.MappingStartEvent):
            message = _("braces or brackets stand where a key is expected")
            raise _Refused(Fault(span=node.span, message=message, hint=quote_it()))
        children.append(node)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end = _index(event.start_mark), _index(event.end_mark)
        if event.style in ("|", ">"):  # the mark includes the line end behind it
            end = start + len(self._raw[start:end].rstrip())
        value = event.value.translate(self._restore) if self._restore else event.value
        return Scalar(text=value, span=self._span(start, end), style=event.style or "")

    def _close(self, closed: yaml.CollectionEndEvent) -> None:
        opened, children = self._open.pop()
        flow = bool(opened.flow_style)
        # the end mark of a block stands where the next token begins
        end = _index(closed.end_mark) + self._start if flow or not children else children[-1].span.end
        span = Span(start=_index(opened.start_mark) + self._start, end=end)
        if isinstance(opened, yaml.SequenceStartEvent):
            self._add(Sequence(items=tuple(children), span=span, flow=flow))
            return
        keys = [_composed(key) for key in children[::2] if isinstance(key, Scalar)]
        self._add(Mapping(entries=tuple(zip(keys, children[1::2], strict=True)), span=span, flow=flow))

    def _mapping(self) -> Mapping | None:
        root = self._root
        if root is None or isinstance(root, Mapping):
            return root
        if isinstance(root, Sequence):
            message = _("the front matter is a list, not 'key: value' lines")
            raise _Refused(Fault(span=root.span, message=message, hint=_("write 'key: value' lines")), is_text=True)
        raise _Refused(self._fault_of(None), is_text=True)

    def _fault_of(self, error: yaml.YAMLError | None) -> Fault:
        first, last = 0, len(self._raw)
        if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
            last = _index(error.problem_mark)
            first = _index(error.context_mark or error.problem_mark)
        at, message, hint = explain(self._raw, first, last, is_error=error is not None)
        at = min(at, len(self._raw))
        return Fault(span=self._span(at, min(at + 1, len(self._raw))), message=message, hint=hint)

    def _tag_refusal(self, event: yaml.Event) -> _Refused:
        return self._refusal(event, _("'!' at the start of a value is YAML's sign for a type"), quote_it())

    def _refusal(self, event: yaml.Event, message: str, hint: str) -> _Refused:
        span = self._span(_index(event.start_mark), _index(event.end_mark))
        return _Refused(Fault(span=span, message=message, hint=hint))

    def _span(self, start: int, end: int) -> Span:
        return Span(start=start + self._start, end=end + self._start)


def _index(mark: _Position | None) -> int:
    """Return a mark's code point; the parser makes no event without marks."""
    return mark.index if mark is not None else 0


def _composed(key: Scalar) -> Scalar:
    if unicodedata.is_normalized("NFC", key.text):
        return key
    return Scalar(text=unicodedata.normalize("NFC", key.text), span=key.span, style=key.style)


def _without_duplicates(text: str, root: Mapping, faults: list[Fault]) -> Entries:
    """Return the entries with the first of equal keys only; nested mappings are looked through as well."""
    kept: list[tuple[Scalar, Node]] = []
    seen: dict[str, Scalar] = {}
    for key, value in root.entries:
        if key.text[:1] in _WIDE_BLANKS or key.text[-1:] in _WIDE_BLANKS:
            message = _("a full-width or no-break space belongs to the name of the field")
            hint = _("use a half-width space")
            faults.append(Fault(span=key.span, message=message, hint=hint, severity=Severity.WARNING))
        first = seen.setdefault(key.text, key)
        if first is not key:
            line = _line_of(text, first.span.start)
            message = _("the field '{key}' appears twice, first on line {line}").format(key=key.text, line=line)
            second = _line_of(text, key.span.start)
            hint = _("keep the one on line {first} or the one on line {second}").format(first=line, second=second)
            faults.append(Fault(span=key.span, message=message, hint=hint))
            continue
        if isinstance(value, Mapping):
            entries = _without_duplicates(text, value, faults)
            value = Mapping(entries=entries, span=value.span, flow=value.flow)  # noqa: PLW2901
        kept.append((key, value))
    return tuple(kept)


def _line_of(text: str, offset: int) -> int:
    before = text[:offset]
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def _find_swallowed(text: str, end: int, entries: Entries) -> list[Fault]:
    """Return a warning for each value of which YAML has made a comment: ``title: #1 deal``, ``A社 #2``."""
    faults = []
    for _key, value in entries:
        if isinstance(value, Scalar) and value.style in ("", "'", '"') and (at := explain_comment(text, value, end)):
            message = _("the text from '#' on is a comment and not part of the value")
            span = Span(start=at[0], end=at[1])
            faults.append(Fault(span=span, message=message, hint=quote_it(), severity=Severity.WARNING))
    return faults
