r"""The ``pattern:`` of a template field: regular expressions that cannot run away.

Templates travel with shared vaults, so a pattern is not given to :mod:`re`, which may backtrack for hours.
The dialect: literals, ``.``, ``[a-z]``, ``\d \w \s``, ``( )``, ``|``, ``* + ? {m,n}``; the whole value must match.
Matching follows all ways at once (Thompson), in time proportional to pattern times value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from notevault.messages import gettext as _

LONGEST_VALUE: Final = 1000
"""A longer value never matches."""
_LONGEST_PATTERN: Final = 200
_MOST_STATES: Final = 600
_MOST_REPEATS: Final = 200
_COUNT: Final = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")
_CLASS: Final = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]")
_CLASS_MEMBER: Final = re.compile(r"\\.|.", re.DOTALL)
_CLASS_ESCAPES: Final = "dDwWsS"


class PatternError(ValueError):
    """A pattern outside the dialect; ``column`` is the place in the pattern, from 1."""

    def __init__(self, column: int, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(slots=True)
class _State:
    """Reads one character with ``accepts`` and goes on to ``targets``; without ``accepts`` it goes on at once."""

    accepts: re.Pattern[str] | None
    targets: list[int]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    source: str
    _states: tuple[_State, ...]
    _start: int
    _end: int

    def matches(self, value: str) -> bool:
        """Say whether the whole of ``value`` fits."""
        if len(value) > LONGEST_VALUE:
            return False
        current = self._reach({self._start})
        for character in value:
            read = (self._states[at] for at in current)
            found = {
                goal for state in read if state.accepts and state.accepts.match(character) for goal in state.targets
            }
            if not found:
                return False
            current = self._reach(found)
        return self._end in current

    def _reach(self, found: set[int]) -> set[int]:
        reached, waiting = set(found), list(found)
        while waiting:
            state = self._states[waiting.pop()]
            if state.accepts is None:
                fresh = [target for target in state.targets if target not in reached]
                reached.update(fresh)
                waiting += fresh
        return reached


@lru_cache(maxsize=256)
def compile_pattern(source: str) -> Pattern:
    """Return the compiled pattern. Raises PatternError for anything outside the dialect."""
    if len(source) > _LONGEST_PATTERN:
        raise PatternError(_LONGEST_PATTERN, _("longer than {most} characters").format(most=_LONGEST_PATTERN))
    trimmed = source.removeprefix("^")
    if trimmed.endswith("$") and not trimmed.endswith("\\$"):
        trimmed = trimmed[:-1]
    return _Compiler(trimmed, len(source) - len(source.removeprefix("^"))).compile(source)


_Fragment = tuple[int, int]
_Build = Callable[[], _Fragment]


class _Compiler:
    """Recursive descent; every construct yields a function that adds its states: a repeat adds them again."""

    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.at = 0
        self.states: list[_State] = []

    def compile(self, source: str) -> Pattern:
        build = self._alternatives(depth=0)
        if self.at < len(self.text):
            raise self._error(_("unexpected '{found}'").format(found=self.text[self.at]))
        start, end = build()
        return Pattern(source, tuple(self.states), start, end)

    def _error(self, reason: str) -> PatternError:
        return PatternError(self.at + self.offset + 1, reason)

    def _state(self, accepts: re.Pattern[str] | None = None) -> int:
        if len(self.states) >= _MOST_STATES:
            raise self._error(_("too large"))
        self.states.append(_State(accepts, []))
        return len(self.states) - 1

    def _alternatives(self, *, depth: int) -> _Build:
        if depth > 20:  # noqa: PLR2004 -- deeper nesting is no pattern for a form field
            raise self._error(_("nested too deeply"))
        branches = [self._sequence(depth=depth)]
        while self.text[self.at : self.at + 1] == "|":
            self.at += 1
            branches.append(self._sequence(depth=depth))
        return lambda: self._either(branches)

    def _either(self, branches: list[_Build]) -> _Fragment:
        if len(branches) == 1:
            return branches[0]()
        start, end = self._state(), self._state()
        for branch in branches:
            first, last = branch()
            self.states[start].targets.append(first)
            self.states[last].targets.append(end)
        return start, end

    def _sequence(self, *, depth: int) -> _Build:
        items: list[_Build] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            items.append(self._repeated(self._atom(depth=depth)))
        return lambda: self._chain(items)

    def _chain(self, items: list[_Build]) -> _Fragment:
        start = end = self._state()
        for item in items:
            first, last = item()
            self.states[end].targets.append(first)
            end = self._state()
            self.states[last].targets.append(end)
        return start, end

    def _repeated(self, item: _Build) -> _Build:
        found = self.text[self.at : self.at + 1]
        if not found or found not in "*+?{":
            return item
        if found == "{":
            counted = _COUNT.match(self.text, self.at)
            if counted is None:
                raise self._error(_("expected {{3}} or {{2,4}} after '{{'").format())
            self.at = counted.end()
            least = int(counted[1])
            most = int(counted[3]) if counted[3] else (None if counted[2] else least)
        else:
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[found]
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise self._error(_("a repeat of at most {most}, smaller number first").format(most=_MOST_REPEATS))
        if self.text[self.at : self.at + 1] in tuple("*+?{"):
            raise self._error(_("unexpected '{found}'").format(found=self.text[self.at]))
        return lambda: self._times(item, least, most)

    def _times(self, item: _Build, least: int, most: int | None) -> _Fragment:
        start, end = self._chain([item] * least)
        if most is None:
            first, last = item()
            loop = self._state()
            self.states[end].targets.append(loop)
            self.states[loop].targets.append(first)
            self.states[last].targets.append(loop)
            return start, loop
        goal = self._state()
        for _again in range(most - least):
            self.states[end].targets.append(goal)
            first, last = item()
            self.states[end].targets.append(first)
            end = last
        self.states[end].targets.append(goal)
        return start, goal

    def _atom(self, *, depth: int) -> _Build:
        found = self.text[self.at]
        if found == "(":
            return self._group(depth=depth)
        if found in "*+?{}])^$":
            raise self._error(_("unexpected '{found}'").format(found=found))
        if found == "[":
            return self._one(self._class())
        if found == "\\":
            escaped = self.text[self.at + 1 : self.at + 2]
            if not escaped or (escaped.isalnum() and escaped not in _CLASS_ESCAPES + "tn"):
                raise self._error(_("unknown escape '{found}'").format(found="\\" + escaped))
            self.at += 2
            return self._one("\\" + escaped)
        self.at += 1
        return self._one("." if found == "." else re.escape(found))

    def _class(self) -> str:
        found = _CLASS.match(self.text, self.at)
        if found is None:
            raise self._error(_("'[' is never closed"))
        negated = found[0].startswith("[^")
        members = _CLASS_MEMBER.findall(found[0][2 if negated else 1 : -1])
        pieces: list[str] = []
        free = 1  # from here on a '-' between two members makes a range
        for place, member in enumerate(members):
            is_range = member == "-" and free <= place < len(members) - 1
            free = place + 3 if is_range else free
            pieces.append(member if is_range or len(member) > 1 else re.escape(member))
        self.at = found.end()
        return ("[^" if negated else "[") + "".join(pieces) + "]"

    def _group(self, *, depth: int) -> _Build:
        opened = self.at
        self.at += 3 if self.text.startswith("(?:", self.at) else 1
        inner = self._alternatives(depth=depth + 1)
        if self.text[self.at : self.at + 1] != ")":
            self.at = opened
            raise self._error(_("'(' is never closed"))
        self.at += 1
        return inner

    def _one(self, accepted: str) -> _Build:
        try:
            accepts = re.compile(accepted)
        except re.error as error:
            raise self._error(str(error)) from error
        return lambda: self._reading(accepts)

    def _reading(self, accepts: re.Pattern[str]) -> _Fragment:
        start, end = self._state(accepts), self._state()
        self.states[start].targets.append(end)
        return start, end
