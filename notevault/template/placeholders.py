"""``{customer}`` and ``{date:%Y-%m}`` in a template's path and skeleton.

A placeholder is a name, or a name and a date format; nothing is evaluated. ``{{`` and ``}}`` are plain braces.
Paths made from values are valid on Linux, macOS and Windows and never leave the vault.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from notevault.messages import gettext as _
from notevault.records import record

_PLACEHOLDER: Final = r"\{\{|\}\}|\{([^\W\d][\w .-]{0,59})(?::([^{}\n]{0,60}))?\}"
_DIRECTIVE: Final = r"(?s)%(.)"
_FORBIDDEN: Final = r'[/\\:*?"<>|]+'
_DIRECTION_MARKS: Final = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_RESERVED: Final = r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])"
_LONGEST_NAME: Final = 130
"""UTF-8 bytes of one file or folder name: encrypted shares allow 143, ``.md`` and `` (2)`` still come."""

_DIRECTIVES: Final[Mapping[str, Callable[[datetime], str]]] = {
    "Y": lambda day: f"{day.year:04}",
    "y": lambda day: f"{day.year % 100:02}",
    "m": lambda day: f"{day.month:02}",
    "d": lambda day: f"{day.day:02}",
    "j": lambda day: f"{day.timetuple().tm_yday:03}",
    "G": lambda day: f"{day.isocalendar().year:04}",
    "V": lambda day: f"{day.isocalendar().week:02}",
    "H": lambda day: f"{day.hour:02}",
    "M": lambda day: f"{day.minute:02}",
    "S": lambda day: f"{day.second:02}",
    "%": lambda _day: "%",
}


@record
class Placeholder:
    """One ``{name:format}``; ``start`` and ``end`` are its place in the text it was found in."""

    name: str
    format: str
    start: int
    end: int


def parse_placeholders(text: str) -> tuple[str | Placeholder, ...]:
    """Return ``text`` as literal pieces and placeholders, doubled braces undone.

    A brace that opens no placeholder, as in ``{key: value}``, is literal.
    """
    parts: list[str | Placeholder] = []
    at = 0
    for found in re.finditer(_PLACEHOLDER, text):
        name, shape = found[1], found[2]
        literal = text[at : found.start()]
        at = found.end()
        if name is None:
            parts.append(literal + found[0][0])
        elif shape is not None and "%" not in shape:
            parts.append(literal + found[0])
        else:
            placeholder = Placeholder(name=name.strip(), format=shape or "", start=found.start(), end=found.end())
            parts += [literal, placeholder]
    return tuple(part for part in (*parts, text[at:]) if part)


def find_bad_directive(shape: str) -> str | None:
    """Return the first part of a date format that is not one of ``%Y %y %m %d %j %G %V %H %M %S %%``, or None."""
    without = re.sub(r"%[" + "".join(_DIRECTIVES) + "]", "", shape)
    at = without.find("%")
    return without[at : at + 2] if at >= 0 else None


def format_day(day: date, shape: str) -> str:
    """Return ``day`` in a date format, the same on every system and in every locale; ISO where none is given."""
    if not shape:
        return day.isoformat() if not isinstance(day, datetime) else day.isoformat(sep=" ", timespec="minutes")
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- a wall clock
    return re.sub(_DIRECTIVE, lambda found: _DIRECTIVES[found[1]](moment), shape)


def render_placeholders(
    parts: tuple[str | Placeholder, ...], values: Mapping[str, str], days: Mapping[str, date]
) -> str:
    """Return the text with every placeholder replaced; a name without a value becomes nothing.

    ``days`` holds the values that are dates: only they obey a format.
    """
    return "".join(part if isinstance(part, str) else _value_of(part, values, days) for part in parts)


def render_path(parts: tuple[str | Placeholder, ...], values: Mapping[str, str], days: Mapping[str, date]) -> str:
    """Return a relative path without suffix, safe on every system; slashes inside values do not make folders."""
    pieces = [part if isinstance(part, str) else _cleaned(_value_of(part, values, days)) for part in parts]
    segments = [segment for segment in "".join(pieces).split("/") if segment.strip()]
    return "/".join(safe_name(segment) for segment in segments) or safe_name("")


def find_path_fault(path: str) -> str | None:
    """Return why a path cannot be one inside every vault on every system, or None."""
    if path.startswith(("/", "~")) or ":" in path:
        return _("the path must be relative to the vault")
    segments = path.strip().removesuffix(".md").split("/")
    if ".." in segments:
        return _("the path must stay inside the vault")
    for segment in segments:
        if segment.startswith("."):
            return _("files and folders whose names begin with a dot are not indexed")
        if segment and safe_name(segment) != " ".join(segment.split()):
            return _("'{name}' is not a file name on every system").format(name=segment)
    return None


def safe_name(text: str) -> str:
    """Return a file or folder name made of ``text``, valid on Linux, macOS and Windows; ``untitled`` for nothing.

    ``safe_name(safe_name(x)) == safe_name(x)``.
    """
    name = _cleaned(text).strip(" .")
    stem, dot, rest = name.partition(".")
    if re.fullmatch(_RESERVED, stem.strip()):
        name = f"{stem.strip()}_{dot}{rest}"
    short = name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return unicodedata.normalize("NFC", short).strip(" .") or "untitled"


def _cleaned(text: str) -> str:
    visible = "".join(character for character in text if character.isspace() or not _is_invisible(character))
    return " ".join(re.sub(_FORBIDDEN, "-", unicodedata.normalize("NFC", visible)).split())


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTION_MARKS


def _value_of(part: Placeholder, values: Mapping[str, str], days: Mapping[str, date]) -> str:
    if part.name in days:
        return format_day(days[part.name], part.format)
    return values.get(part.name, "")
