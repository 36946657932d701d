"""TOML values as dataclasses: types checked, unknown keys with "did you mean", every fault with its line."""

import dataclasses
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from notevault.messages import gettext as _
from notevault.text import closest


class TomlReader:
    """Turns TOML values into the dataclasses above and gathers every fault."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.lines = source.splitlines()
        self.faults: list[str] = []

    def fault(self, where: tuple[str, ...], message: str) -> None:
        """Note what is wrong with the value at ``where``."""
        self.faults.append(f"{self.name}:{self._line(where)}: [{'.'.join(where)}] {message}")

    def _line(self, where: tuple[str, ...]) -> int:
        """Return the line of the last key of ``where``, searched from its table on; 1 where it is not found."""
        at = 0
        for depth, key in enumerate(where):
            spelled = re.escape(key)
            shape = re.compile(rf"""^\s*\[+.*["'.\[]?{spelled}["']?[\].]|(^|[\s{{,.])["']?{spelled}["']?\s*[=.]""")
            found = next((n for n in range(at, len(self.lines)) if shape.search(self.lines[n])), None)
            if found is None:
                return at + 1
            at = found if depth < len(where) else at
        return at + 1

    def read(self, value: object, wanted: Any, where: tuple[str, ...]) -> Any:  # noqa: ANN401, PLR0911 -- types are values here
        """Return ``value`` as ``wanted``, or None after noting a fault."""
        origin = typing.get_origin(wanted)
        if dataclasses.is_dataclass(wanted):
            return self._record(value, wanted, where)
        if origin in (types.UnionType, typing.Union):
            return self.read(value, next(arg for arg in typing.get_args(wanted) if arg is not types.NoneType), where)
        if origin is tuple:
            return self._list(value, typing.get_args(wanted)[0], where)
        if origin is Mapping:
            return self._table(value, typing.get_args(wanted)[1], where)
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
            return value
        self.fault(where, _("expected {wanted}, found {found}").format(wanted=_shape(wanted), found=repr(value)))
        return None

    def _list(self, value: object, item: object, where: tuple[str, ...]) -> tuple[object, ...] | None:
        if not isinstance(value, list):
            self.fault(where, _("expected a list, found {found}").format(found=repr(value)))
            return None
        return tuple(self.read(entry, item, where) for entry in value)

    def _table(self, value: object, item: object, where: tuple[str, ...]) -> dict[str, object] | None:
        if not isinstance(value, dict):
            self.fault(where, _("expected a table, found {found}").format(found=repr(value)))
            return None
        return {key: self.read(entry, item, (*where, key)) for key, entry in value.items()}

    def _record(self, value: object, wanted: Any, where: tuple[str, ...]) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            self.fault(where, _("expected a table, found {found}").format(found=repr(value)))
            return None
        known = _fields(wanted)
        for key in value.keys() - known.keys():
            near = closest(key, list(known))
            guess = _("did you mean '{near}'?").format(near=near) if near else ", ".join(known)
            self.fault((*where, key), _("unknown setting '{key}'").format(key=key) + f" ({guess})")
        values = {key: self.read(value[key], known[key][1], (*where, key)) for key in known if key in value}
        return wanted(**{known[key][0]: entry for key, entry in values.items() if entry is not None})


@cache
def _fields(wanted: Any) -> dict[str, tuple[str, Any]]:  # noqa: ANN401
    """Return setting → attribute and type; ``from_`` is ``from`` in a file."""
    hints = typing.get_type_hints(wanted)
    return {name.rstrip("_"): (name, kind) for name, kind in hints.items() if name not in ("key", "order")}


def _shape(wanted: Any) -> str:  # noqa: ANN401
    return {str: _("text in quotes"), int: _("a whole number"), float: _("a number"), bool: "true / false"}[wanted]


def toml_fault(name: str, error: tomllib.TOMLDecodeError) -> str:
    """Return the sentence about text that is no TOML."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    place = f"{found[1]}:{found[2]}" if found else "1"
    return f"{name}:{place}: " + _("not valid TOML: {reason}").format(reason=str(error).split(" (at ")[0])
