"""Frozen, slotted, keyword-only dataclasses whose methods are written when they are first needed.

The standard decorator compiles some ten functions for each class. A command defines a hundred classes and makes
instances of a few, so that this was the greater part of its start-up time. What is defined here is a dataclass in every
other way: ``replace``, ``fields`` and ``asdict`` work, and so does pickling. There is no ``__post_init__`` and no
``field(init=False)``.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from functools import cache
from threading import RLock
from typing import Any, Final, Never, TypeVar, dataclass_transform

_T = TypeVar("_T")
_SOURCE: Final = "__record_source__"
_writing: Final = RLock()


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(cls: type[_T]) -> type[_T]:
    """Return ``cls`` as a dataclass that is frozen, has slots and takes keywords only."""
    names = tuple(_own_annotations(cls))
    namespace = {name: value for name, value in vars(cls).items() if name not in (*names, "__dict__", "__weakref__")}
    namespace |= {"__slots__": names, "__init__": _init, "__setattr__": _refuse, "__delattr__": _refuse}
    compared = {} if "__eq__" in namespace else {"__eq__": _eq, "__hash__": _hash}
    namespace = {"__repr__": _repr, **compared, **namespace}
    namespace |= {"__getstate__": _get_state, "__setstate__": _set_state, "__dataclass_fields__": _Fields()}
    metaclass: Any = type(cls)
    made: type[_T] = metaclass(cls.__name__, cls.__bases__, namespace)
    setattr(made, _SOURCE, cls)
    return made


def _own_annotations(cls: type) -> Iterable[str]:
    if sys.version_info >= (3, 14):
        import annotationlib  # noqa: PLC0415 -- new in 3.14, where annotations are not evaluated before they are asked for

        return annotationlib.get_annotations(cls, format=annotationlib.Format.FORWARDREF)
    annotations: dict[str, object] = vars(cls).get("__annotations__", {})
    return annotations


@cache
def field_names(cls: type) -> tuple[str, ...]:
    """Return the names of a record's fields, those of its bases first."""
    found = (name for base in reversed(cls.__mro__) if _SOURCE in vars(base) for name in vars(base)["__slots__"])
    return tuple(dict.fromkeys(found))


def _init(self: Any, **values: Any) -> None:  # noqa: ANN401 -- stands for the __init__ of any class
    _write_init(next(cls for cls in type(self).__mro__ if vars(cls).get("__init__") is _init))
    self.__init__(**values)


def _write_init(cls: Any) -> None:  # noqa: ANN401
    """Give a class what makes an instance; the standard library takes four times as long over one that is slower."""
    parameters, body, known = [], [], {"__missing": MISSING}
    for name in field_names(cls):
        default, factory = _find_default(cls, name)
        known |= {f"__default_{name}": default, f"__make_{name}": factory, f"__set_{name}": getattr(cls, name).__set__}
        if factory is not MISSING:
            parameters.append(f"{name}=__missing")
            body.append(f"__set_{name}(self, __make_{name}() if {name} is __missing else {name})")
        else:
            parameters.append(name if default is MISSING else f"{name}=__default_{name}")
            body.append(f"__set_{name}(self, {name})")
    head = ", ".join(["self", *(["*", *parameters] if parameters else ())])
    exec(f"def __init__({head}):\n " + "\n ".join(body or ["pass"]), known)  # noqa: S102 -- names of fields only
    init: Any = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = init


def _find_default(cls: type, name: str) -> tuple[Any, Any]:
    """Return a field's default and what makes one, MISSING where there is none."""
    source = next(
        vars(base)[_SOURCE] for base in cls.__mro__ if _SOURCE in vars(base) and name in vars(base)["__slots__"]
    )
    found = vars(source).get("__dataclass_fields__", {}).get(name) or vars(source).get(name, MISSING)
    return (found.default, found.default_factory) if isinstance(found, Field) else (found, MISSING)


class _Fields:
    """Stands for the fields of a class that nobody has asked for yet."""

    def __get__(self, _instance: object, owner: type) -> dict[str, Any]:
        return _write(next(base for base in owner.__mro__ if vars(base).get("__dataclass_fields__") is self))


def _write(made: type) -> dict[str, Any]:
    """Have the standard library write what describes a class, and what shows and compares its instances."""
    source: Any = vars(made)[_SOURCE]
    with _writing:
        if "__dataclass_fields__" not in vars(source):
            dataclass(frozen=True, kw_only=True, init=False)(source)
    for name in ("__match_args__", "__dataclass_params__"):
        setattr(made, name, vars(source)[name])
    for name in ("__repr__", "__eq__", "__hash__"):
        if vars(made).get(name) in _STAND_INS:
            setattr(made, name, vars(source)[name])
    fields: dict[str, Any] = source.__dataclass_fields__
    type.__setattr__(made, "__dataclass_fields__", fields)
    return fields


def _write_all(self: object) -> None:
    for base in type(self).__mro__:
        if isinstance(vars(base).get("__dataclass_fields__"), _Fields):
            _write(base)


def _repr(self: object) -> str:
    _write_all(self)
    return repr(self)


def _eq(self: object, other: object) -> Any:  # noqa: ANN401 -- NotImplemented too
    _write_all(self)
    return type(self).__eq__(self, other)


def _hash(self: object) -> int:
    _write_all(self)
    return hash(self)


_STAND_INS: Final = (_repr, _eq, _hash)


def to_plain(value: object) -> object:
    """Return records, tuples and mappings of text as lists and dicts, for JSON: ``[class, …]`` and ``[None, …]``."""
    if isinstance(value, tuple):
        return [None, *map(to_plain, value)]
    if isinstance(value, Mapping):
        return {key: to_plain(entry) for key, entry in value.items()}
    if _SOURCE in vars(type(value)):
        return [type(value).__name__, *map(to_plain, _get_state(value))]
    return value


def from_plain(plain: object, classes: Mapping[str, type]) -> Any:  # noqa: ANN401 -- whatever was made plain
    """Return what :func:`to_plain` was given; raises KeyError for an unknown class, ValueError for other fields."""
    if isinstance(plain, dict):
        return {key: from_plain(entry, classes) for key, entry in plain.items()}
    if not isinstance(plain, list):
        return plain
    name, *values = plain
    entries = tuple([from_plain(entry, classes) for entry in values])
    if name is None:
        return entries
    made: Any = object.__new__(classes[name])
    _set_state(made, entries)
    return made


def _get_state(self: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple([getattr(self, name) for name in field_names(self.__class__)])


def _set_state(self: Any, state: Sequence[Any]) -> None:  # noqa: ANN401
    for name, value in zip(field_names(self.__class__), state, strict=True):
        object.__setattr__(self, name, value)


def _refuse(self: object, name: str, *_value: object) -> Never:
    raise FrozenInstanceError(f"cannot assign to or delete field {name!r} of {type(self).__name__}")
