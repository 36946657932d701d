"""Items added to and taken out of a list in the front matter, every other byte left as it is."""

import re
from collections.abc import Sequence
from typing import Final

from notevault.edits import apply_edits
from notevault.errors import WriteRefusedError
from notevault.front_matter import column_text, parse_front_matter, plan_remove_key, quote_in, require_writable
from notevault.messages import gettext as _
from notevault.model import Edit, Mapping, Node, Note, Scalar, Span
from notevault.model import Sequence as SequenceNode

_LINE_END: Final = re.compile(r"\r\n|\r|\n|\Z")
_DASH: Final = re.compile(r"\s*-\s+\Z")


def plan_add_items(note: Note, key: str, items: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edit that puts ``items`` at the end of the list ``key``, as the list is written there.

    One text becomes a list; a missing field is added. Items already there are left out; no edit where all are.
    Raises WriteRefusedError where the rest could not stay as it is.
    """
    parsed = require_writable(note)
    node = _find(note, key)
    old = read_items(node)
    new = [item for item in dict.fromkeys(items) if item not in old]
    if not new:
        return ()
    if isinstance(node, Mapping):
        raise _refused(note, key)
    written = ", ".join(quote_in(note, item, flow=True) for item in new)
    if node is None:
        if parsed.flow or not parsed.front_matter.present:
            raise WriteRefusedError(note.path, _("its front matter is not one field a line"))
        entries = parsed.front_matter.entries
        indent = column_text(note.text, entries[0][0].span.start) if entries else ""
        line = f"{indent}{quote_in(note, key)}: [{written}]{note.newline}"
        return _checked(note, key, (_edit(note, parsed.raw_end, parsed.raw_end, line),), [*old, *new])
    return _checked(note, key, (_added(note, node, old, new, written),), [*old, *new])


def plan_remove_items(note: Note, key: str, items: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edits that take ``items`` out of the list ``key``; the field goes with its last item."""
    require_writable(note)
    node = _find(note, key)
    old = read_items(node)
    left = [item for item in old if item not in items]
    if left == old:
        return ()
    if not left:
        return plan_remove_key(note, key)
    if not isinstance(node, SequenceNode):
        raise _refused(note, key)
    if node.flow:
        kept = [note.text[one.span.start : one.span.end] for one in node.items if _text(one) in left]
        edit = _edit(note, node.span.start, node.span.end, f"[{', '.join(kept)}]")
        return _checked(note, key, (edit,), left)
    gone = [one for one in node.items if _text(one) in items]
    return _checked(note, key, tuple(_line_removed(note, one) for one in gone), left)


def read_items(node: Node | None) -> list[str]:
    """Return the texts of a list; one text is a list of one."""
    if isinstance(node, Scalar):
        return [node.text] if node.text.strip() else []
    return [_text(item) for item in node.items] if isinstance(node, SequenceNode) else []


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _find(note: Note, key: str) -> Node | None:
    return next((node for name, node in parse_front_matter(note.text).front_matter.entries if name.text == key), None)


def _added(note: Note, node: Node, old: list[str], new: list[str], written: str) -> Edit:
    if isinstance(node, Scalar):
        before = quote_in(note, node.text, flow=True) + ", " if old else ""
        blank = " " if note.text[node.span.start - 1 : node.span.start] == ":" else ""
        return _edit(note, node.span.start, node.span.end, f"{blank}[{before}{written}]")
    if not isinstance(node, SequenceNode):
        raise TypeError(type(node))
    if node.flow:
        at = node.items[-1].span.end if node.items else node.span.start + 1
        return _edit(note, at, at, f", {written}" if node.items else written)
    last = node.items[-1]
    dash = column_text(note.text, last.span.start)
    if not _DASH.match(dash):
        raise WriteRefusedError(note.path, _("the list is written in a way that is not added to"))
    end = _LINE_END.search(note.text, last.span.end)
    at = end.start() if end else last.span.end
    lines = "".join(f"{note.newline}{dash}{quote_in(note, item)}" for item in new)
    return _edit(note, at, at, lines)


def _line_removed(note: Note, item: Node) -> Edit:
    start = item.span.start - len(column_text(note.text, item.span.start))
    end = _LINE_END.search(note.text, item.span.end)
    return _edit(note, start, end.end() if end else item.span.end, "")


def _edit(note: Note, start: int, end: int, text: str) -> Edit:
    return Edit(path=note.path, digest=note.digest, span=Span(start=start, end=end), text=text)


def _checked(note: Note, key: str, edits: tuple[Edit, ...], wanted: list[str]) -> tuple[Edit, ...]:
    """Return the edits where the text after them has these items in the field and the rest as before."""
    before, after = parse_front_matter(note.text), parse_front_matter(apply_edits(note.text, edits))
    rest = [(name.text, _shape(node)) for name, node in before.front_matter.entries if name.text != key]
    new_rest = [(name.text, _shape(node)) for name, node in after.front_matter.entries if name.text != key]
    found = next((node for name, node in after.front_matter.entries if name.text == key), None)
    body = apply_edits(note.text, edits)[after.body_start :]
    if rest != new_rest or read_items(found) != wanted or body != note.text[before.body_start :]:
        raise _refused(note, key)
    return edits


def _shape(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {name.text: _shape(value) for name, value in node.entries}
    return [_shape(item) for item in node.items]


def _refused(note: Note, key: str) -> WriteRefusedError:
    return WriteRefusedError(note.path, _("the list '{key}' cannot be changed and the rest stay").format(key=key))
