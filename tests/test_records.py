"""Records are dataclasses whose methods are written late."""

import copy
import dataclasses
import json
import pickle
import typing
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass, replace

import pytest

from notevault import records
from notevault.records import field_names, from_plain, record, to_plain


@record
class Point:
    """A place."""

    x: int
    y: "int" = 0
    tags: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def far(self) -> bool:
        return self.x + self.y > 10

    @property
    def both(self) -> tuple[int, int]:
        return self.x, self.y


@record
class Named(Point):
    name: str = ""


@record
class Odd:
    value: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Odd) and self.value % 2 == other.value % 2

    def __hash__(self) -> int:
        return self.value % 2


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    x: int
    y: "int" = 0
    tags: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def test_a_record_behaves_like_the_frozen_dataclass_with_slots() -> None:
    one, plain = Point(x=1, tags=("a",)), Plain(x=1, tags=("a",))
    assert repr(one).replace("Point", "Plain") == repr(plain)
    assert asdict(one) == asdict(plain)
    assert [(each.name, each.type, each.kw_only) for each in fields(Point)] == [
        (each.name, each.type, each.kw_only) for each in fields(Plain)
    ]
    assert one == Point(x=1, tags=("a",))
    assert one != Point(x=2)
    assert one.__eq__(plain) is NotImplemented
    assert replace(one, y=3) == Point(x=1, y=3, tags=("a",))
    assert Point.__doc__ == "A place."
    assert one.notes is not Point(x=1).notes
    assert is_dataclass(Point)
    assert not hasattr(one, "__dict__")
    assert typing.get_type_hints(Point)["y"] is int
    assert (one.far(), one.both) == (False, (1, 0))


def test_fields_are_known_before_the_first_instance() -> None:
    @record
    class Fresh:
        a: int
        b: str = "x"

    assert [each.name for each in fields(Fresh)] == ["a", "b"]
    assert Fresh(a=1).b == "x"


def test_equal_records_have_one_hash_unless_they_hold_what_has_none() -> None:
    @record
    class Key:
        a: int

    assert hash(Key(a=1)) == hash(Key(a=1))
    assert len({Key(a=1), Key(a=1), Key(a=2)}) == 2
    with pytest.raises(TypeError):
        hash(Point(x=1))


def test_methods_of_the_class_itself_stay() -> None:
    assert Odd(value=1) == Odd(value=3)
    assert len({Odd(value=1), Odd(value=3), Odd(value=2)}) == 2


def test_a_record_may_be_made_of_another() -> None:
    named = Named(x=1, name="n")
    assert [each.name for each in fields(Named)] == ["x", "y", "tags", "notes", "name"]
    assert (named.x, named.y, named.name) == (1, 0, "n")
    assert isinstance(named, Point)
    assert named != Point(x=1)


def test_nothing_can_be_set_or_deleted() -> None:
    one = Point(x=1)
    for name in ("x", "unknown"):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, 2)
    with pytest.raises(FrozenInstanceError):
        del one.x


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_record_survives_pickling_and_copying(protocol: int) -> None:
    for one in (Point(x=1, notes=["n"]), Named(x=2, name="名")):
        assert pickle.loads(pickle.dumps(one, protocol)) == one  # noqa: S301 -- made in this line
        assert copy.deepcopy(one) == one
        assert copy.copy(one) == one


def test_wrong_arguments_are_refused_from_the_first_instance_on() -> None:
    @record
    class Late:
        a: int

    for _again in range(2):
        with pytest.raises(TypeError, match="a"):
            Late()  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="b"):
            Late(a=1, b=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Late(1)  # type: ignore[call-arg]


def test_the_standard_library_writes_once_and_only_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[type] = []
    standard = dataclasses.dataclass

    def counting(**options: bool) -> typing.Callable[[type], type]:
        def write(cls: type) -> type:
            written.append(cls)
            return standard(**options)(cls)

        return write

    monkeypatch.setattr(records, "dataclass", counting)

    @record
    class Counted:
        a: int
        seen: int = field(default=0, compare=False)
        made: list[int] = field(default_factory=list, repr=False)

    one = Counted(a=1)
    assert field_names(Counted) == ("a", "seen", "made")
    assert Counted(a=3).made == []
    assert Counted(a=3).made is not Counted(a=3).made
    assert not written
    assert one == Counted(a=1, seen=5)
    assert repr(one).endswith("Counted(a=1, seen=0)")
    assert one != Counted(a=2)
    assert fields(Counted)
    assert Counted(a=2).seen == 0
    assert len(written) == 1


def test_defaults_stay_whatever_was_asked_first() -> None:
    @record
    class Base:
        a: int = 1
        b: list[int] = field(default_factory=lambda: [2])

    @record
    class Derived(Base):
        a: int = 3
        missing: str = field(default="m", compare=False)

    assert fields(Base)
    assert fields(Derived)
    assert (Derived().a, Derived().b, Derived().missing) == (3, [2], "m")
    assert (Base().a, Base().b) == (1, [2])
    assert Derived(missing="x") == Derived()
    assert replace(Derived(), a=5).a == 5


def test_what_was_never_made_can_be_shown_after_pickling() -> None:
    @record
    class Empty:
        """Nothing."""

    assert repr(object.__new__(Empty)).endswith("Empty()")
    assert Empty() == object.__new__(Empty)
    assert object.__new__(Empty) == object.__new__(Empty)


@record
class Line:
    """A base with a field of its own."""

    text: str


@record
class Place(Line):
    at: Mapping[str, tuple[int, ...]]
    line: Line | None = None


def test_plain_values_become_the_records_again() -> None:
    place = Place(text="a", at={"x": (1, 2), "y": ()}, line=Line(text="b"))
    given = {"one": place, "more": (place, None, 1.5, True)}
    assert from_plain(json.loads(json.dumps(to_plain(given))), {"Place": Place, "Line": Line}) == given


def test_plain_values_of_another_make_are_refused() -> None:
    with pytest.raises(KeyError):
        from_plain(["Path", "/"], {"Line": Line})
    with pytest.raises(ValueError, match="zip"):
        from_plain(["Line"], {"Line": Line})
