"""TOML front matter as the same nodes that YAML gives: read for searching, never written."""

import re
import tomllib
from typing import Final

from notevault.messages import gettext as _
from notevault.model import Mapping, Node, Scalar, Sequence, Span
from notevault.yaml_block import MAX_DEPTH, MAX_LENGTH, Block, Fault

_ERROR_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LINE: Final = re.compile(r"[^\r\n]*")
_BRACKET: Final = re.compile(r"[\[\]{}]")
_LONG_KEY: Final = re.compile(rf"(?:\.[^.\r\n=]*+){{{MAX_DEPTH}}}=")


def read_toml_block(text: str, start: int, end: int) -> Block:
    """Return the entries of the TOML in ``text[start:end]``, every value as text.

    The parser tells no positions: a value's span is the line that names its key, else the whole block.
    """
    raw = text[start:end]
    if len(raw) > MAX_LENGTH or _is_deep(raw):
        return _refused(start, start, _("the front matter is too large or nested too deeply"))
    try:
        values = tomllib.loads(raw.replace("\r\n", "\n").replace("\r", "\n"), parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _refused(*_place_of(error, raw, start), _("the TOML front matter cannot be read here"))
    spans = _Spans(raw, start)
    entries = tuple(
        (Scalar(text=key, span=spans.find(key)), _node(value, spans.find(key), 0)) for key, value in values.items()
    )
    return Block(entries=entries, faults=())


def _is_deep(raw: str) -> bool:
    """Return whether brackets or dotted keys go deeper than any field needs; tomllib takes minutes over some."""
    depth = 0
    for found in _BRACKET.finditer(raw):
        depth = depth + 1 if found[0] in "[{" else max(depth - 1, 0)
        if depth > MAX_DEPTH:
            return True
    return _LONG_KEY.search(raw) is not None


class _Spans:
    def __init__(self, raw: str, start: int) -> None:
        self._whole = Span(start=start, end=start + len(raw))
        self._lines: dict[str, Span] = {}
        for found in _LINE.finditer(raw):
            key, equals, _rest = found[0].partition("=")
            name = key.strip().strip("[]\"'") if equals else found[0].strip().strip("[]\"' ")
            if name:
                self._lines.setdefault(name, Span(start=start + found.start(), end=start + found.end()))

    def find(self, key: str) -> Span:
        return self._lines.get(key, self._whole)


def _node(value: object, span: Span, depth: int) -> Node:
    if depth < MAX_DEPTH and isinstance(value, dict):
        pairs = tuple((Scalar(text=str(key), span=span), _node(item, span, depth + 1)) for key, item in value.items())
        return Mapping(entries=pairs, span=span)
    if depth < MAX_DEPTH and isinstance(value, list):
        return Sequence(items=tuple(_node(item, span, depth + 1) for item in value), span=span)
    return Scalar(text=str(value).lower() if isinstance(value, bool) else str(value), span=span)


def _place_of(error: Exception, raw: str, start: int) -> tuple[int, int]:
    found = _ERROR_PLACE.search(str(error))
    if found is None or found[1] is None:
        return start, start + len(raw)
    lines = [line.start() for line in re.finditer(r"^", raw.replace("\r\n", " \n").replace("\r", "\n"), re.MULTILINE)]
    at = start + min(lines[min(int(found[1]), len(lines)) - 1] + int(found[2]) - 1, len(raw))
    return at, at


def _refused(start: int, end: int, message: str) -> Block:
    hint = _("mend it, or write the fields as YAML between '---' lines")
    return Block(entries=None, faults=(Fault(span=Span(start=start, end=end), message=message, hint=hint),))
