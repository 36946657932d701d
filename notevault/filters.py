"""``field:value`` of a query, answered from the catalogue: a set of note ids, or an error that points at the value."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import inf, nextafter
from typing import Final

from notevault.catalog import Catalog, path_to_stored
from notevault.config import Settings, spelling_key
from notevault.database import Parameters, marks
from notevault.errors import QueryError
from notevault.index.similar import distance
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.query import Filter
from notevault.records import record
from notevault.text import closest, normalize, path_key

_VIRTUAL: Final = {
    "todo": ("todo", "todos", "タスク", "やること"),
    "due": ("due", "期限", "期日", "締切"),
    "has": ("has", "あり", "有"),
    "path": ("path", "パス", "ファイル", "file"),
}
"""Fields of a query that are no front matter keys, with their spellings."""

_TODO_VALUES: Final = {
    "open": ("open", "未完了", "未了", "残"),
    "overdue": ("overdue", "期限切れ", "超過", "遅れ"),
    "done": ("done", "完了", "済"),
    "cancelled": ("cancelled", "canceled", "中止", "取消"),
    "none": ("none", "なし", "無"),
    "any": ("any", "あり", "有"),
}
_DAY_COLUMNS: Final = {"date": "day", "close_date": "close_day"}
_CHOICES: Final = ("type", "stage", "owner", "channel")
_OPERATOR: Final = re.compile(r"(>=|<=|>|<|=)\s*(.*)", re.DOTALL)
_FULL_WIDTH: Final = str.maketrans({"≧": ">=", "≦": "<=", "≥": ">=", "≤": "<=", "〜": "~", "…": ".."})
_TAGS: Final = "SELECT tag FROM tags GROUP BY normalized ORDER BY count(*) DESC, tag"
_CONTAINED: Final = "instr(normalized, ?) > 0"
_NAMED: Final = "(normalized = :name OR key = :key)"
_NAMED_IN_PART: Final = "(instr(normalized, :name) > 0 OR (:key <> '' AND instr(key, :key) > 0))"
"""Of a name as search compares it, and of its key."""
_NAMES_SHOWN: Final = 8
_FIRST: Final = date.min.isoformat()
_LAST: Final = date.max.isoformat()

Days = tuple[str, str]
"""First and last day, both inclusive, ISO."""
Numbers = tuple[float, float]
"""Least and greatest number, both inclusive."""


@record
class FilterReader:
    """What filters are read with."""

    catalog: Catalog
    settings: Settings
    today: date
    query: str
    """The whole query, for errors that point into it."""

    def note_ids(self, wanted: Filter) -> set[int]:
        """Return the notes that a filter lets through. Raises QueryError where field or value make no sense."""
        name = self.resolve(wanted)
        readers = {
            "todo": self._todo,
            "due": self._due,
            "has": self._has,
            "path": self._path,
            "amount": self._amount,
            "customer": self._customer,
            "tags": self._tags,
        }
        if name in _DAY_COLUMNS:
            return self._days(wanted, _DAY_COLUMNS[name])
        if name in _CHOICES:
            return self._choice(wanted, name)
        return readers[name](wanted) if name in readers else self._any_key(wanted, name)

    def meaning(self, wanted: Filter) -> tuple[str, ...]:
        """Return what a filter's value stands for: keys of the settings, names, or from..to. Raises QueryError."""
        name = self.resolve(wanted)
        if name in _DAY_COLUMNS or name == "due":
            first, last = self._read_days(wanted, to_come=name == "due")
            return (f"{'' if first == _FIRST else first}..{'' if last == _LAST else last}",)
        if name == "amount":
            least, most = self._read_numbers(wanted)
            return (f"{'' if least == -inf else f'{least:.15g}'}..{'' if most == inf else f'{most:.15g}'}",)
        if name in _CHOICES:
            return self._choices(wanted, name)[1]
        if name == "customer":
            return self._customer_names(wanted)
        if name == "todo":
            return (_find_spelling(wanted.value, _TODO_VALUES) or wanted.value,)
        return (normalize(wanted.value),)

    def resolve(self, wanted: Filter) -> str:
        """Return the canonical name of a filter's field."""
        key = spelling_key(wanted.name)
        for name, spellings in _VIRTUAL.items():
            if key in spellings:
                return name
        if known := self.settings.find_key(wanted.name):
            return known
        keys: set[str] = {row[0] for row in self.catalog.select("SELECT DISTINCT key FROM fields")}
        for name in sorted(keys):
            if spelling_key(name) == key:
                return name
        hint = _did_you_mean(normalize(wanted.name), sorted({*_VIRTUAL, *self.settings.keys, *keys}))
        hint = hint or _('put it in quotes to search the text: "{text}"').format(text=f"{wanted.name}:{wanted.value}")
        raise self._error(wanted.column, _("no note has a field {name}").format(name=wanted.name), hint)

    def _error(self, column: int, reason: str, hint: str = "") -> QueryError:
        return QueryError(self.query, column, reason, hint)

    def _ids(self, sql: str, parameters: Parameters = ()) -> set[int]:
        return {row[0] for row in self.catalog.select(sql, parameters)}

    # --- kinds of fields ---

    def _todo(self, wanted: Filter) -> set[int]:
        value = _find_spelling(wanted.value, _TODO_VALUES)
        if value is None:
            reason = _("todo: takes one of {choices}").format(choices=", ".join(_TODO_VALUES))
            raise self._error(wanted.value_column, reason, _did_you_mean(wanted.value, list(_TODO_VALUES)))
        if value == "none":
            return self._ids("SELECT id FROM notes WHERE id NOT IN (SELECT note_id FROM todos WHERE status='open')")
        if value == "any":
            return self._ids("SELECT note_id FROM todos")
        if value == "overdue":
            today = self.today.isoformat()
            return self._ids("SELECT note_id FROM todos WHERE status = 'open' AND due < ?", (today,))
        return self._ids("SELECT note_id FROM todos WHERE status = ?", (value,))

    def _due(self, wanted: Filter) -> set[int]:
        first, last = self._read_days(wanted, to_come=True)
        return self._ids("SELECT note_id FROM todos WHERE status = 'open' AND due BETWEEN ? AND ?", (first, last))

    def _has(self, wanted: Filter) -> set[int]:
        name = self.resolve(
            Filter(name=wanted.value, value="", column=wanted.value_column, value_column=wanted.value_column)
        )
        match name:
            case "todo":
                return self._ids("SELECT note_id FROM todos")
            case "due":
                return self._ids("SELECT note_id FROM todos WHERE due IS NOT NULL")
            case "date" | "close_date":
                return self._ids(f"SELECT id FROM notes WHERE {_DAY_COLUMNS[name]} IS NOT NULL")
            case "title" | "path" | "has":
                return self._ids("SELECT id FROM notes")
            case "type" | "customer" | "stage" | "owner" | "channel" | "deal" | "amount":
                column = "stage_raw" if name == "stage" else name
                return self._ids(f"SELECT id FROM notes WHERE {column} IS NOT NULL")
            case _:
                # a mapping is kept under the keys key.sub
                return self._ids(
                    "SELECT note_id FROM fields WHERE normalized <> '' AND (key = ? OR substr(key, 1, ?) = ?)",
                    (name, len(name) + 1, f"{name}."),
                )

    def _path(self, wanted: Filter) -> set[int]:
        value = path_key(path_to_stored(NotePath(wanted.value.replace("\\", "/")))).casefold()
        found = set()
        for note_id, stored in self.catalog.select("SELECT id, path FROM notes"):
            path = path_key(stored).casefold()
            if path == value if wanted.exact else value in path:
                found.add(note_id)
        return found

    def _days(self, wanted: Filter, column: str) -> set[int]:
        return self._ids(f"SELECT id FROM notes WHERE {column} BETWEEN ? AND ?", self._read_days(wanted))

    def _amount(self, wanted: Filter) -> set[int]:
        return self._ids("SELECT id FROM notes WHERE amount BETWEEN ? AND ?", self._read_numbers(wanted))

    def _choice(self, wanted: Filter, name: str) -> set[int]:
        """Return notes whose type, stage, owner or channel is the one the value names, or is written with it."""
        column, values = self._choices(wanted, name)
        return self._ids(f"SELECT id FROM notes WHERE {column} IN ({marks(values)})", values)

    def _choices(self, wanted: Filter, name: str) -> tuple[str, tuple[str, ...]]:
        """Return the column of the notes to look in, and what may stand there."""
        if known := self._known_choice(name, wanted.value):
            return name, (known,)
        value = normalize(wanted.value)
        column = "stage_raw" if name == "stage" else name
        rows = self.catalog.select(f"SELECT DISTINCT {column} FROM notes WHERE {column} IS NOT NULL")
        written = [row[0] for row in rows]
        matching = tuple(
            text for text in written if (normalize(text) == value if wanted.exact else value in normalize(text))
        )
        if not matching:
            raise self._no_such_value(wanted, name, [*written, *self._known_choices(name)])
        return column, matching

    def _no_such_value(self, wanted: Filter, name: str, known: Sequence[str]) -> QueryError:
        from notevault.readings import find_read_like, name_by_key  # noqa: PLC0415 -- start-up time

        value = normalize(wanted.value)
        hint = _did_you_mean(value, known)
        hint = hint or _there_are(find_read_like(self.catalog, name_by_key(known), value) or known)
        reason = _("no note has {field}: {value}").format(field=name, value=wanted.value)
        return self._error(wanted.value_column, reason, hint)

    def _known_choice(self, name: str, value: str) -> str | None:
        """Return the key that the settings know the value by."""
        if name == "type":
            return self.settings.find_type(value)
        find = {"stage": self.settings.find_stage, "owner": self.settings.find_owner}
        found = find.get(name, self.settings.find_channel)(value)
        return found.key if found else None

    def _known_choices(self, name: str) -> list[str]:
        settings = self.settings
        match name:
            case "stage":
                return [label for key, stage in settings.stages.items() for label in (key, stage.ja, stage.en) if label]
            case "channel":
                return [label for key, one in settings.channels.items() for label in (key, one.ja, one.en) if label]
            case "type":
                return [label for key, also in settings.types.items() for label in (key, *also)]
            case _:
                return [label for key, owner in settings.owners.items() for label in (key, owner.name) if label]

    def _customer(self, wanted: Filter) -> set[int]:
        """Return the notes of the customers that a value names, and those with a spelling that it names."""
        self._customer_names(wanted)
        fits = _NAMED if wanted.exact else _NAMED_IN_PART
        return self._ids(
            f"SELECT id FROM notes WHERE customer_id IN (SELECT customer_id FROM customer_names WHERE {fits})"
            f" OR customer IN (SELECT mention FROM mentions WHERE {fits})",
            _compared(wanted),
        )

    def _customer_names(self, wanted: Filter) -> tuple[str, ...]:
        """Return the names of the customers that a value names, else the spellings in notes that it names."""
        fits = _NAMED if wanted.exact else _NAMED_IN_PART
        compared = _compared(wanted)
        for sql in (
            f"SELECT name FROM customers WHERE id IN (SELECT customer_id FROM customer_names WHERE {fits})",
            f"SELECT mention FROM mentions WHERE {fits}",
        ):
            if rows := self.catalog.select(sql, compared):
                return tuple(sorted(row[0] for row in rows))
        names = self.catalog.select("SELECT name FROM customer_names UNION SELECT mention FROM mentions")
        raise self._no_such_value(wanted, wanted.name, [row[0] for row in names])

    def _tags(self, wanted: Filter) -> set[int]:
        value = normalize(wanted.value).lstrip("#")
        found = self._ids(
            "SELECT note_id FROM tags WHERE normalized = ? OR substr(normalized, 1, ?) = ?",
            (value, len(value) + 1, f"{value}/"),
        )
        if not found:
            raise self._no_such_value(wanted, wanted.name, [row[0] for row in self.catalog.select(_TAGS)])
        return found

    def _any_key(self, wanted: Filter, name: str) -> set[int]:
        if not wanted.exact and _is_range(wanted.value):
            return self._range_of_any_key(wanted, name)
        value = normalize(wanted.value)
        where = "normalized = ?" if wanted.exact else _CONTAINED
        found = self._ids(f"SELECT note_id FROM fields WHERE key = ? AND {where}", (name, value))
        if not wanted.exact and (days := self._try_days(wanted.value)):
            found |= self._ids("SELECT note_id FROM fields WHERE key = ? AND day BETWEEN ? AND ?", (name, *days))
        return found

    def _range_of_any_key(self, wanted: Filter, name: str) -> set[int]:
        numbers = self._try_numbers(wanted.value)
        days = self._try_days(wanted.value)
        if not numbers and not days:
            reason = _("{value} is no range of numbers or dates").format(value=wanted.value)
            raise self._error(wanted.value_column, reason, _("for example {example}").format(example=f"{name}:>=100"))
        found: set[int] = set()
        if numbers:
            found |= self._ids("SELECT note_id FROM fields WHERE key = ? AND number BETWEEN ? AND ?", (name, *numbers))
        if days:
            found |= self._ids("SELECT note_id FROM fields WHERE key = ? AND day BETWEEN ? AND ?", (name, *days))
        return found

    # --- values ---

    def _read_days(self, wanted: Filter, *, to_come: bool = False) -> Days:
        days = self._try_days(wanted.value, to_come=to_come)
        if days is None:
            examples = "2026-11, 2026-10..2026-11, >=2026-10-01, 今週, last-month"
            reason = _("{value} is no day or period").format(value=wanted.value)
            raise self._error(wanted.value_column, reason, _("for example {example}").format(example=examples))
        return days

    def _try_days(self, written: str, *, to_come: bool = False) -> Days | None:
        from notevault.dates import parse_range  # noqa: PLC0415 -- start-up time

        operator, text = _take_operator(written)
        period = parse_range(
            text,
            self.today,
            fiscal_start_month=self.settings.fiscal_year_start,
            prefer="future" if to_come else "nearest",
        )
        if period is None:
            return None
        first, last = period
        match operator:
            case ">=":
                return first.isoformat(), _LAST
            case ">":
                return _shift(last, 1), _LAST
            case "<=":
                return _FIRST, last.isoformat()
            case "<":
                return _FIRST, _shift(first, -1)
            case _:
                return first.isoformat(), last.isoformat()

    def _read_numbers(self, wanted: Filter) -> Numbers:
        numbers = self._try_numbers(wanted.value)
        if numbers is None:
            reason = _("{value} is no amount or range of amounts").format(value=wanted.value)
            hint = _("for example {example}").format(example=">=1000000, 100万..200万")
            raise self._error(wanted.value_column, reason, hint)
        return numbers

    def _try_numbers(self, written: str) -> Numbers | None:
        operator, text = _take_operator(written)
        low_text, dots, high_text = text.partition("..")
        low = _read_number(low_text)
        high = _read_number(high_text) if dots else low
        if (low is None and low_text) or (high is None and (high_text or not dots)) or (low is None and high is None):
            return None
        least, most = (-inf if low is None else low), (inf if high is None else high)
        match operator:
            case ">=":
                return least, inf
            case ">":
                return nextafter(most, inf), inf
            case "<=":
                return -inf, most
            case "<":
                return -inf, nextafter(least, -inf)
            case _:
                return least, most


def _take_operator(written: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", written.translate(_FULL_WIDTH)).strip()
    found = _OPERATOR.fullmatch(plain)
    return (found[1], found[2]) if found else ("", plain)


def _is_range(written: str) -> bool:
    operator, text = _take_operator(written)
    return bool(operator) or ".." in text


def _read_number(text: str) -> float | None:
    from notevault.values import parse_money, parse_number  # noqa: PLC0415 -- start-up time

    if not text:
        return None
    money = parse_money(text)
    number = money.amount if money else parse_number(text)
    return None if number is None else float(number)


def _shift(day: date, days: int) -> str:
    """Return the day before or after as text; beyond the calendar's ends a text that no day comes up to."""
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return "~" if days > 0 else ""


def _find_spelling(value: str, spellings: Mapping[str, Sequence[str]]) -> str | None:
    key = spelling_key(value)
    return next((name for name, known in spellings.items() if key in known), None)


def _there_are(known: Sequence[str]) -> str:
    names = list(dict.fromkeys(known))
    if not names:
        return ""
    shown = ", ".join(names[:_NAMES_SHOWN]) + (" …" if len(names) > _NAMES_SHOWN else "")
    return _("there are: {names}").format(names=shown)


def _did_you_mean(value: str, known: Sequence[str]) -> str:
    near = closest(value, known) or next((one for one in known if distance(value, normalize(one), limit=1) == 1), None)
    return _("did you mean {value}?").format(value=near) if near else ""


def _compared(wanted: Filter) -> dict[str, object]:
    from notevault.names.key import name_key  # noqa: PLC0415 -- start-up time

    return {"name": normalize(wanted.value), "key": name_key(wanted.value)}
