"""Front matter: found strictly, read with positions, edited in place so that every other byte stays.

The handlers plug into python-frontmatter, which tells the formats apart and writes new blocks. Its own reading
strips the text and drops what is no mapping, so values come from :mod:`notevault.yaml_block` instead.
"""

import json
import re
import unicodedata
from typing import Final, NamedTuple

import frontmatter
from frontmatter.default_handlers import BaseHandler

from notevault.edits import apply_edits
from notevault.errors import WriteRefusedError
from notevault.messages import gettext as _
from notevault.model import Edit, FrontMatter, Mapping, Node, Note, Scalar, Severity, Span
from notevault.records import record
from notevault.scalars import quote_scalar
from notevault.yaml_block import Block, Fault, read_block

_START: Final = r"\A(?:[ \t\u3000]*[\r\n])*+"
_LINE_END: Final = r"[ \t]*(?:\r\n|\r|\n|\Z)"
_YAML_OPEN: Final = re.compile(rf"{_START}---[ \t]*(?:ya?ml|json)?{_LINE_END}")
_YAML_CLOSE: Final = re.compile(rf"(?:---|\.\.\.){_LINE_END}")
_TOML_OPEN: Final = re.compile(rf"{_START}\+\+\+{_LINE_END}")
_TOML_CLOSE: Final = re.compile(rf"\+\+\+{_LINE_END}")
_JSON_OPEN: Final = re.compile(rf"{_START}\{{{_LINE_END}")
_JSON_CLOSE: Final = re.compile(rf"\}}{_LINE_END}")
# what other programs may take for front matter: too many dashes, or a language that would have to be run
_NEARLY_OPEN: Final = re.compile(
    rf"{_START}(-{{4,}}|---[ \t]*[A-Za-z][A-Za-z0-9]*){_LINE_END}[^\r\n:：]{{1,80}}(?:[:：=]|[\r\n])"
)
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Bounds(NamedTuple):
    """Where a block stands: the opening delimiter, the text between, the end of the closing line."""

    start: int
    raw_start: int
    raw_end: int
    end: int


@record
class ParsedFrontMatter:
    """What a note's beginning holds; where nothing could be read the whole text is body."""

    front_matter: FrontMatter
    body_start: int
    faults: tuple[Fault, ...] = ()
    language: str = ""
    """``yaml``, ``json`` or ``toml``; empty without front matter."""
    flow: bool = False
    """Written as ``{…}``."""
    raw_end: int = 0
    """Where the closing line begins."""


class _Handler(BaseHandler):
    """A front matter format for python-frontmatter: strict delimiters, every value text."""

    language = ""
    OPENING: re.Pattern[str]
    CLOSING: re.Pattern[str]

    def find_bounds(self, text: str) -> Bounds | None:
        """Return where the block stands; ``raw_end`` is -1 where it is opened but never closed."""
        opening = self.OPENING.match(text)
        if opening is None:
            return None
        start = opening.end() - len(opening[0].lstrip(" \t\u3000\r\n"))
        at = opening.end()
        while at < len(text):
            if closing := self.CLOSING.match(text, at):
                return Bounds(start, opening.end(), at, closing.end())
            line_break = _LINE_BREAK.search(text, at)
            if line_break is None:
                break
            at = line_break.end()
        return Bounds(start, opening.end(), -1, len(text))

    def split(self, text: str) -> tuple[str, str]:
        """Return what stands between the delimiters and what behind them, not a character changed."""
        bounds = self.find_bounds(text)
        if bounds is None or bounds.raw_end < 0:
            raise ValueError("no front matter")  # what python-frontmatter takes for "all is content"
        return text[bounds.raw_start : bounds.raw_end], text[bounds.end :]

    def load(self, fm: str) -> dict[str, object]:
        """Return the fields as plain values; an unreadable block has none."""
        return {key.text: _plain(value) for key, value in self.read(fm, 0, len(fm)).entries or ()}

    def read(self, text: str, start: int, end: int) -> Block:
        """Return the block with positions."""
        return read_block(text, start, end)

    def export(self, metadata: dict[str, object], **_options: object) -> str:
        """Return ``key: value`` lines that read back as exactly these texts."""
        return "\n".join(f"{quote_scalar(key)}: {quote_scalar(str(value))}" for key, value in metadata.items())


class YamlHandler(_Handler):
    """``---`` … ``---`` or ``...``."""

    language = "yaml"
    FM_BOUNDARY = OPENING = _YAML_OPEN
    CLOSING = _YAML_CLOSE
    START_DELIMITER = END_DELIMITER = "---"


class TomlHandler(_Handler):
    """``+++`` … ``+++``, as Hugo writes it."""

    language = "toml"
    FM_BOUNDARY = OPENING = _TOML_OPEN
    CLOSING = _TOML_CLOSE
    START_DELIMITER = END_DELIMITER = "+++"

    def read(self, text: str, start: int, end: int) -> Block:
        """Return the block; positions are those of the lines that name the keys."""
        from notevault.toml_block import read_toml_block  # noqa: PLC0415 -- start-up time

        return read_toml_block(text, start, end)


class JsonHandler(_Handler):
    """``{`` … ``}``, each alone on its line; JSON is YAML's flow style."""

    language = "json"
    FM_BOUNDARY = OPENING = _JSON_OPEN
    CLOSING = _JSON_CLOSE
    START_DELIMITER = END_DELIMITER = ""

    def find_bounds(self, text: str) -> Bounds | None:
        """Return where the block stands; the braces belong to the text between."""
        bounds = super().find_bounds(text)
        if bounds is None or bounds.raw_end < 0:
            return None
        return Bounds(bounds.start, bounds.start, bounds.raw_end + 1, bounds.end)

    def read(self, text: str, start: int, end: int) -> Block:
        """Return the block, without entries where a key is not in quotes: that is no JSON but a text in braces."""
        block = super().read(text, start, end)
        is_json = all(key.style == '"' for key, _value in block.entries or ())
        return block if is_json else Block(entries=None, faults=())


HANDLERS: Final[tuple[_Handler, ...]] = (YamlHandler(), TomlHandler(), JsonHandler())


def parse_front_matter(text: str) -> ParsedFrontMatter:
    """Read the front matter of a decoded note, BOM cut off.

    A block that is opened but never closed, or that holds a sentence or a list, is body; a block with a fault keeps
    its place and its raw text. Takes bounded time and memory for any text.
    """
    handler = frontmatter.detect_format(text, HANDLERS)
    bounds = handler.find_bounds(text) if isinstance(handler, _Handler) else None
    if not isinstance(handler, _Handler) or bounds is None:
        return ParsedFrontMatter(front_matter=FrontMatter(present=False), body_start=0, faults=_nearly_opened(text))
    if bounds.raw_end < 0:
        return _never_closed(bounds)
    block = handler.read(text, bounds.raw_start, bounds.raw_end)
    if block.entries is None and handler.language == "json":  # a text that begins with a brace
        return ParsedFrontMatter(front_matter=FrontMatter(present=False), body_start=0)
    if block.entries is None and _reads_as_text(text[bounds.raw_start : bounds.raw_end]):
        return _only_text(block)
    front_matter = FrontMatter(
        present=block.entries is not None,
        entries=block.entries or (),
        span=Span(start=bounds.start, end=bounds.end),
        raw=text[bounds.raw_start : bounds.raw_end],
    )
    return ParsedFrontMatter(
        front_matter=front_matter,
        body_start=bounds.end,
        faults=block.faults,
        language=handler.language,
        flow=block.flow,
        raw_end=bounds.raw_end,
    )


def _never_closed(bounds: Bounds) -> ParsedFrontMatter:
    fault = Fault(
        span=Span(start=bounds.start, end=bounds.start + 3),
        message=_("the front matter is opened but never closed"),
        hint=_("write '---' alone on a line behind the last field"),
    )
    return ParsedFrontMatter(front_matter=FrontMatter(present=False), body_start=0, faults=(fault,))


def _nearly_opened(text: str) -> tuple[Fault, ...]:
    found = _NEARLY_OPEN.match(text) if text.lstrip(" \t\u3000\r\n").startswith("---") else None
    if found is None:
        return ()
    fault = Fault(
        span=Span(start=found.start(1), end=found.end(1)),
        message=_("'{line}' opens no front matter; what follows is read as text").format(line=found[1][:20]),
        hint=_("write exactly '---' alone on the line, and the fields as YAML"),
        severity=Severity.WARNING,
    )
    return (fault,)


def _only_text(block: Block) -> ParsedFrontMatter:
    """Return all as body: the first line is a rule, and what stands below it is text."""
    faults = tuple(
        Fault(span=fault.span, message=fault.message, hint=fault.hint, severity=Severity.WARNING)
        for fault in block.faults
    )
    return ParsedFrontMatter(front_matter=FrontMatter(present=False), body_start=0, faults=faults)


def _reads_as_text(raw: str) -> bool:
    first = raw.strip().split("\n", 1)[0][:200]
    return ":" not in first and "：" not in first


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.entries}
    return [_plain(item) for item in node.items]


# --- writing -----------------------------------------------------------------------------------


def plan_set_field(note: Note, key: str, value: str) -> tuple[Edit, ...]:
    """Return the edit that gives the top-level field ``key`` this value, quoted where it must be.

    The value's own place is rewritten, else a line is added before the closing delimiter, else a block at the top.
    No edit where the value is there already. Raises WriteRefusedError where the rest could not stay as it is.
    """
    key = unicodedata.normalize("NFC", key)
    parsed = require_writable(note)
    found = next((node for name, node in parsed.front_matter.entries if name.text == key), None)
    if isinstance(found, Scalar):
        return plan_set_scalar(note, found, value)
    if found is not None:
        raise WriteRefusedError(note.path, _("the field '{key}' is a list or has fields of its own").format(key=key))
    if not parsed.front_matter.present:
        block = _new_block(note, key, value)
        return _verified(note, Edit(path=note.path, digest=note.digest, span=Span(start=0, end=0), text=block), value)
    entries = parsed.front_matter.entries
    if parsed.flow:
        raise WriteRefusedError(note.path, _("its front matter is written in braces"))
    indent = column_text(note.text, entries[0][0].span.start) if entries else ""
    line = f"{indent}{quote_in(note, key)}: {quote_in(note, value)}{note.newline}"
    at = parsed.raw_end
    return _verified(note, Edit(path=note.path, digest=note.digest, span=Span(start=at, end=at), text=line), value)


def plan_set_scalar(note: Note, scalar: Scalar, value: str) -> tuple[Edit, ...]:
    """Return the edit that rewrites one value of the note's front matter, at any depth; see :func:`plan_set_field`."""
    parsed = require_writable(note)
    if scalar.text == value:
        return ()
    if parsed.flow and scalar.style == '"':  # may be JSON, which knows no other quotes
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = quote_in(note, value, flow=parsed.flow or _is_in_flow(parsed.front_matter.entries, scalar))
    if scalar.span.start == scalar.span.end and note.text[scalar.span.start - 1 : scalar.span.start] in (":", "-"):
        text = " " + text
    return _verified(note, Edit(path=note.path, digest=note.digest, span=scalar.span, text=text), value)


def plan_rename_key(note: Note, old: str, new: str) -> tuple[Edit, ...]:
    """Return the edit that renames a top-level key and leaves its value alone; none where ``old`` is not there."""
    parsed = require_writable(note)
    old, new = unicodedata.normalize("NFC", old), unicodedata.normalize("NFC", new)
    keys = {key.text: key for key, _node in parsed.front_matter.entries}
    if old not in keys or old == new:
        return ()
    if new in keys:
        raise WriteRefusedError(note.path, _("the field '{key}' is there already").format(key=new))
    edit = Edit(path=note.path, digest=note.digest, span=keys[old].span, text=quote_in(note, new, flow=parsed.flow))
    return _verified(note, edit, None, gone=old, come=new)


def plan_remove_key(note: Note, key: str) -> tuple[Edit, ...]:
    """Return the edit that removes the lines of a top-level field; none where it is not there."""
    parsed = require_writable(note)
    key = unicodedata.normalize("NFC", key)
    found = next((pair for pair in parsed.front_matter.entries if pair[0].text == key), None)
    if found is None:
        return ()
    if parsed.flow:
        raise WriteRefusedError(note.path, _("its front matter is written in braces"))
    start = found[0].span.start - len(column_text(note.text, found[0].span.start))
    line_break = _LINE_BREAK.search(note.text, max(found[1].span.end, found[0].span.end))
    end = line_break.end() if line_break else len(note.text)
    edit = Edit(path=note.path, digest=note.digest, span=Span(start=start, end=end), text="")
    return _verified(note, edit, None, gone=key)


def require_writable(note: Note) -> ParsedFrontMatter:
    """Return the note's front matter; raises WriteRefusedError where it is nothing to write into."""
    parsed = parse_front_matter(note.text)
    if any(fault.severity is Severity.ERROR for fault in parsed.faults):
        reason = _("its front matter has a fault: {fault}").format(fault=parsed.faults[0].message)
        raise WriteRefusedError(note.path, reason)
    if parsed.language == "toml":
        raise WriteRefusedError(note.path, _("its front matter is TOML, which is read but not written"))
    return parsed


def _new_block(note: Note, key: str, value: str) -> str:
    quote_in(note, key + value)
    post = frontmatter.Post("")
    post[key] = value  # as a keyword of Post, some keys would be taken for its own
    try:
        block = frontmatter.dumps(post, handler=HANDLERS[0])
    except ValueError as error:
        raise WriteRefusedError(note.path, str(error)) from error
    return str(block).replace("\n", note.newline) + note.newline


def quote_in(note: Note, value: str, *, flow: bool = False) -> str:
    """Return a value as YAML; raises WriteRefusedError where the note's encoding cannot carry it."""
    try:
        value.encode(note.encoding)
        return quote_scalar(value, flow=flow)
    except UnicodeEncodeError as error:
        reason = _("{text} cannot be written in {encoding}").format(text=ascii(value), encoding=note.encoding)
        raise WriteRefusedError(note.path, reason) from error
    except ValueError as error:
        raise WriteRefusedError(note.path, str(error)) from error


def _verified(
    note: Note, edit: Edit, value: str | None, *, gone: str | None = None, come: str | None = None
) -> tuple[Edit, ...]:
    """Return the edit where the text after it differs in the field meant and in nothing else."""
    before, after = parse_front_matter(note.text), parse_front_matter(apply_edits(note.text, [edit]))
    old, new = _flat(before.front_matter.entries), _flat(after.front_matter.entries)
    shift = len(edit.text) - (edit.span.end - edit.span.start)
    same_body = after.body_start - before.body_start == shift or not before.front_matter.present
    if gone is not None:
        expected = [(path if path[0] != gone else (come, *path[1:]), text) for path, text in old]
        is_right = new == [pair for pair in expected if pair[0][0] is not None]
    elif len(new) == len(old):
        changed = [pair for pair, was in zip(new, old, strict=True) if pair != was]
        is_right = [path for path, _text in new] == [path for path, _text in old] and [
            text for _path, text in changed
        ] == [value]
    else:
        is_right = new[: len(old)] == old and [text for _path, text in new[len(old) :]] == [value]
    errors = [fault for fault in after.faults if fault.severity is Severity.ERROR]
    if errors or not same_body or not is_right:
        raise WriteRefusedError(note.path, _("the rest of its front matter would not stay as it is"))
    return (edit,)


def _flat(entries: tuple[tuple[Scalar, Node], ...]) -> list[tuple[tuple[str | int | None, ...], str]]:
    """Return every value with the way to it."""
    found: list[tuple[tuple[str | int | None, ...], str]] = []

    def walk(node: Node, way: tuple[str | int | None, ...]) -> None:
        if isinstance(node, Scalar):
            found.append((way, node.text))
        elif isinstance(node, Mapping):
            found.append((way, "{}"))
            for key, value in node.entries:
                walk(value, (*way, key.text))
        else:
            found.append((way, "[]"))
            for position, item in enumerate(node.items):
                walk(item, (*way, position))

    for key, value in entries:
        walk(value, (key.text,))
    return found


def _is_in_flow(entries: tuple[tuple[Scalar, Node], ...], scalar: Scalar) -> bool:
    def holds(node: Node) -> bool:
        if isinstance(node, Scalar):
            return False
        if node.flow:
            return node.span.start <= scalar.span.start and scalar.span.end <= node.span.end
        children = [value for _key, value in node.entries] if isinstance(node, Mapping) else node.items
        return any(holds(child) for child in children)

    return any(holds(node) for _key, node in entries)


def column_text(text: str, at: int) -> str:
    """Return what stands before a position on its line."""
    line_start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return text[line_start:at]
