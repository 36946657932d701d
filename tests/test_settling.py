"""Signs are held until they have settled."""

from dataclasses import dataclass, field

from notevault.model import NotePath
from notevault.settling import BURST, Due, Settling

A, B = NotePath("a.md"), NotePath("b.md")


@dataclass
class Clock:
    now: float = 100.0
    announced: int = 0
    settling: Settling = field(init=False)

    def __post_init__(self) -> None:
        self.settling = Settling(lambda: self.now, on_first=self.announce)

    def announce(self) -> None:
        self.announced += 1

    def take(self, *gone: NotePath) -> Due:
        return self.settling.take(lambda path: path in gone)


def test_a_path_is_due_when_it_was_quiet_for_a_moment() -> None:
    clock = Clock()
    clock.settling.add(A)
    clock.now += 0.1
    clock.settling.add(A)
    clock.now += 0.15
    assert clock.take() == Due()
    clock.now += 0.1
    assert clock.take() == Due(paths=frozenset({A}))
    assert clock.settling.is_quiet()


def test_a_path_that_is_never_quiet_is_looked_at_all_the_same() -> None:
    clock = Clock()
    for _step in range(25):
        clock.settling.add(A)
        clock.now += 0.1
    assert clock.take() == Due(paths=frozenset({A}))


def test_a_note_that_is_gone_waits_for_its_coming_back() -> None:
    clock = Clock()
    clock.settling.add(A)
    clock.now += 0.5
    assert clock.take(A) == Due()
    clock.now += 0.6
    assert clock.take(A) == Due(paths=frozenset({A}))


def test_one_gone_and_one_come_are_looked_at_together() -> None:
    clock = Clock()
    clock.settling.add(A)
    clock.now += 0.9
    clock.settling.add(B)
    clock.now += 0.3
    assert clock.take(A) == Due(paths=frozenset({B}))
    clock.settling.add(B)
    clock.now += 1.1
    assert clock.take(A) == Due(paths=frozenset({A, B}))


def test_very_many_paths_ask_for_a_walk() -> None:
    clock = Clock()
    for number in range(BURST + 1):
        clock.settling.add(NotePath(f"{number}.md"))
    clock.now += 0.3
    assert clock.take() == Due(scan=True)
    assert clock.settling.is_quiet()


def test_a_walk_takes_along_what_is_held_and_a_reload_all() -> None:
    clock = Clock()
    clock.settling.add(A)
    clock.settling.add_scan()
    clock.now += 0.3
    assert clock.take() == Due(scan=True)
    clock.settling.add(A)
    clock.settling.add_reload()
    clock.now += 0.3
    assert clock.take() == Due(scan=True, reload=True)
    assert clock.settling.is_quiet()


def test_what_could_not_be_looked_at_is_held_again() -> None:
    clock = Clock()
    clock.settling.put_back(Due(paths=frozenset({A}), scan=True, reload=True))
    clock.now += 0.3
    assert clock.take() == Due(scan=True, reload=True)
    clock.settling.put_back(Due(paths=frozenset({A})))
    assert clock.settling.next_due() is not None
    clock.now += 0.3
    assert clock.take() == Due(paths=frozenset({A}))
    assert clock.settling.next_due() is None


def test_only_the_first_sign_is_announced() -> None:
    clock = Clock()
    clock.settling.add(A)
    clock.settling.add(B)
    clock.settling.add_scan()
    assert clock.announced == 1
    clock.now += 0.3
    clock.take()
    clock.settling.add_reload()
    assert clock.announced == 2
