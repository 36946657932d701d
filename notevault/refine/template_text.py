"""A template's text changed in place: version, entries, attributes, headings of the skeleton.

Each function returns the whole new text; comments, order, quotes and newlines outside the change stay. What cannot be
changed in place raises :class:`TemplateTextError`.
"""

from collections.abc import Sequence
from typing import Final

from notevault.errors import NotevaultError
from notevault.front_matter import parse_front_matter
from notevault.markdown import parse_markdown
from notevault.messages import gettext as _
from notevault.model import Mapping, Node, Scalar, Section
from notevault.model import Sequence as SequenceNode
from notevault.refine.corpus import has_words
from notevault.scalars import quote_scalar
from notevault.template import heading_key

Path = tuple[str, ...]
"""Keys from the top: ``("fields", "channel", "choices")``."""
_INDENT: Final = "  "


class TemplateTextError(NotevaultError):
    """A template written in a way that its text cannot be changed in place."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            _("the template's '{place}' cannot be changed: {reason}").format(place=".".join(path), reason=reason),
            _("change it by hand, or write it as 'key: value' lines"),
        )


def first_template(name: str) -> str:
    """Return the text of a template without fields and sections."""
    shown = quote_scalar(name)
    return "\n".join(["---", f"template: {shown}", f"title: {shown}", "version: 1", "enforce: warn", "---", ""])


def flow_list(values: Sequence[str]) -> str:
    """Return ``[a, b]``."""
    return f"[{', '.join(quote_scalar(value, flow=True) for value in values)}]"


def flow_mapping(pairs: Sequence[tuple[str, str]]) -> str:
    """Return ``{key: value, …}``; the values are YAML already."""
    return f"{{{', '.join(f'{quote_scalar(key, flow=True)}: {value}' for key, value in pairs)}}}"


def find_node(text: str, path: Path) -> Node | None:
    """Return the node at ``path``."""
    found = _find_entry(text, path)
    return found[1] if found else None


def set_value(text: str, path: Path, value: str) -> str:
    """Give the entry at ``path`` a value that is YAML already, adding the entry where it is missing."""
    found = _find_entry(text, path)
    if found is None:
        return add_entry(text, path[:-1], path[-1], value)
    key, node = found
    if isinstance(node, Scalar) and node.style in ("|", ">"):
        raise TemplateTextError(path, _("it is a text of several lines"))
    if isinstance(node, Scalar) and not node.text:
        at = text.index(":", key.span.end) + 1
        end = max(node.span.end, at)
        return f"{text[:at]} {value}{text[end:]}"
    if not isinstance(node, Scalar) and not node.flow:
        raise TemplateTextError(path, _("it has lines of its own"))
    return text[: node.span.start] + value + text[node.span.end :]


def add_entry(text: str, path: Path, key: str, value: str) -> str:
    """Add ``key: value`` at the end of the mapping at ``path``, making the mapping where it is missing."""
    found = _find_entry(text, path) if path else None
    if path and found is None:
        return (
            add_entry(text, path[:-1], path[-1], flow_mapping([(key, value)]))
            if len(path) > 1
            else _add_block(text, path[0], f"{quote_scalar(key)}: {value}")
        )
    if not path:
        return _insert_line(text, _closing_start(text), f"{quote_scalar(key)}: {value}")
    assert found is not None  # noqa: S101 -- for the type checker
    name, node = found
    if isinstance(node, Mapping) and node.flow:
        at = node.entries[-1][1].span.end if node.entries else node.span.start + 1
        separator = ", " if node.entries else ""
        return f"{text[:at]}{separator}{quote_scalar(key, flow=True)}: {value}{text[at:]}"
    if isinstance(node, Mapping):
        indent = _indent_of(text, node.entries[0][0].span.start)
        return _insert_line(text, _next_line(text, node.span.end), f"{indent}{quote_scalar(key)}: {value}")
    if isinstance(node, Scalar) and not node.text.strip():
        if len(path) > 1:
            return set_value(text, path, flow_mapping([(key, value)]))
        return _insert_line(text, _next_line(text, name.span.end), f"{_INDENT}{quote_scalar(key)}: {value}")
    raise TemplateTextError(path, _("it holds no 'key: value' pairs"))


def add_item(text: str, path: Path, value: str) -> str:
    """Add one text to the list at ``path``, making the list where it is missing; a text that is there stays alone."""
    node = find_node(text, path)
    if node is None or (isinstance(node, Scalar) and not node.text.strip()):
        return set_value(text, path, flow_list([value]))
    if isinstance(node, Scalar):
        return text if node.text == value else set_value(text, path, flow_list([node.text, value]))
    if not isinstance(node, SequenceNode):
        raise TemplateTextError(path, _("it is no list"))
    if any(isinstance(item, Scalar) and item.text == value for item in node.items):
        return text
    if node.flow:
        at = node.items[-1].span.end if node.items else node.span.start + 1
        return f"{text[:at]}{', ' if node.items else ''}{quote_scalar(value, flow=True)}{text[at:]}"
    indent = _indent_of(text, node.span.start)
    return _insert_line(text, _next_line(text, node.span.end), f"{indent}- {quote_scalar(value)}")


def rename_entry(text: str, path: Path, new: str) -> str:
    """Give the entry at ``path`` another key."""
    found = _find_entry(text, path)
    if found is None:
        raise TemplateTextError(path, _("it is not there"))
    parent = find_node(text, path[:-1])
    flow = isinstance(parent, Mapping) and parent.flow
    return text[: found[0].span.start] + quote_scalar(new, flow=flow) + text[found[0].span.end :]


def remove_entry(text: str, path: Path) -> str:
    """Remove the entry at ``path`` with its lines; comments on other lines stay."""
    found = _find_entry(text, path)
    parent = find_node(text, path[:-1])
    if found is None or not isinstance(parent, Mapping):
        return text
    key, node = found
    place = next(at for at, (other, _value) in enumerate(parent.entries) if other.span == key.span)
    if not parent.flow:
        start = key.span.start - len(_indent_of(text, key.span.start))
        return text[:start] + text[_next_line(text, max(node.span.end, key.span.end)) :]
    if place + 1 < len(parent.entries):
        return text[: key.span.start] + text[parent.entries[place + 1][0].span.start :]
    start = parent.entries[place - 1][1].span.end if place else key.span.start
    return text[:start] + text[max(node.span.end, key.span.end) :]


def add_heading(text: str, heading: str, level: int) -> str:
    """Add a heading at the end of the skeleton, unless it is there."""
    if _find_heading(text, heading) is not None:
        return text
    newline = _newline(text)
    head = text.rstrip("\r\n \t")
    return f"{head}{newline}{newline if has_words(text[_body_start(text) :]) else ''}{'#' * level} {heading}{newline}"


def rename_heading(text: str, old: str, new: str) -> str:
    """Write another heading over one of the skeleton."""
    found = _find_heading(text, old)
    if found is None:
        return text
    at = text.index(found.heading, found.heading_span.start)
    return text[:at] + new + text[at + len(found.heading) :]


def remove_heading(text: str, heading: str) -> str:
    """Remove a heading of the skeleton with its comment; one with words under it stays."""
    found = _find_heading(text, heading)
    if found is None or has_words(text[found.body_span.start : found.body_span.end]):
        return text
    return text[: found.heading_span.start] + text[found.body_span.end :]


def _find_entry(text: str, path: Path) -> tuple[Scalar, Node] | None:
    entries = parse_front_matter(text).front_matter.entries
    found: tuple[Scalar, Node] | None = None
    for name in path:
        found = next(((key, node) for key, node in entries if key.text.strip() == name), None)
        if found is None:
            return None
        entries = found[1].entries if isinstance(found[1], Mapping) else ()
    return found


def _add_block(text: str, key: str, line: str) -> str:
    block = f"{quote_scalar(key)}:{_newline(text)}{_INDENT}{line}"
    return _insert_line(text, _closing_start(text), block)


def _insert_line(text: str, at: int, line: str) -> str:
    newline = _newline(text)
    before = "" if at == 0 or text[at - 1] in "\r\n" else newline
    return f"{text[:at]}{before}{line}{newline}{text[at:]}"


def _closing_start(text: str) -> int:
    front_matter = parse_front_matter(text).front_matter
    if front_matter.span is None:
        raise TemplateTextError((), _("it has no front matter"))
    return text.index(front_matter.raw, front_matter.span.start + 3) + len(front_matter.raw)


def _next_line(text: str, at: int) -> int:
    """Return where the line after the one that holds ``at`` begins, but not behind the closing delimiter."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _indent_of(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : at]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _body_start(text: str) -> int:
    return parse_front_matter(text).body_start


def _find_heading(text: str, heading: str) -> Section | None:
    wanted = heading_key(heading)
    sections = parse_markdown(text, _body_start(text))[0]
    return next((section for section in sections if heading_key(section.heading) == wanted), None)


def holds_mapping(text: str, path: Path) -> bool:
    """Say whether ``key: value`` pairs stand at ``path``."""
    return isinstance(find_node(text, path), Mapping)


def with_mapping(text: str, path: Path) -> str:
    """Write a flow list of names at ``path`` as ``{name: []}``, so that each name can be given spellings."""
    node = find_node(text, path)
    if node is None or isinstance(node, Mapping):
        return text
    if not (isinstance(node, SequenceNode) and node.flow):
        raise TemplateTextError(path, _("it is a list with lines of its own"))
    names = [item.text for item in node.items if isinstance(item, Scalar)]
    return set_value(text, path, flow_mapping([(name, "[]") for name in names]))
