"""Neutral values as the cells of one profile; whatever the CRM would refuse, cut or misread becomes a finding."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from notevault.export.cells import LONGEST_CELL
from notevault.export.columns import Kind
from notevault.export.findings import Findings
from notevault.export.mapping import CRM_ID, OutColumn
from notevault.export.moments import explain_day, explain_moment, format_day, format_moment, is_day
from notevault.export.profile import FormatSpec
from notevault.export.render import render_html, render_lines, render_text
from notevault.export.store import Cells
from notevault.messages import gettext as _
from notevault.model import Severity

GETA: Final = "〓"
"""What Japanese printers set for a letter they lack."""
_NEAREST: Final = {"¥": "￥", "—": "―", "–": "‐", "‑": "‐", "•": "・", "\u00a0": " "}
"""Signs that look alike in encodings of Japan; they are named all the same."""
_EMAIL: Final = re.compile(r"[^@\s,;<>()\[\]\"]{1,64}@[^@\s,;<>()\[\]\"]{1,255}\.[^@\s,;<>()\[\]\".]{2,63}")
_RENDERERS: Final = {"html": render_html, "lines": render_lines}
_CHECKED_KINDS: Final = (Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.MOMENT, Kind.BOOLEAN)


class Demand(NamedTuple):
    """What a value is held to that is copied as it is."""

    good: frozenset[str]
    """Values that need no look."""
    is_strict: bool
    """Whether any other value needs one, not nothing alone."""
    check: Callable[[Cells, str], None]


class CellMaker:
    """Makes the cells of one file."""

    def __init__(self, file: str, form: FormatSpec, zone: ZoneInfo, findings: Findings) -> None:
        self.file = file
        self._form = form
        self._zone = zone
        self._findings = findings
        self._forbidden = re.compile(f"[{re.escape(form.forbidden)}]") if form.forbidden else None
        self._is_unicode = form.encoding.lower().startswith("utf")
        self._exemplified: set[tuple[str, bool]] = set()
        self.characters: Counter[str] = Counter()
        """Characters that the encoding cannot carry."""

    def prepare(self, column: OutColumn) -> Callable[[Cells], str]:
        """Return the function that makes this column's cells."""
        if not self.copies(column):
            return lambda row: self._make(column, row)
        get, demand = column.get, self.demand(column)
        if demand is None:
            return get

        def make(row: Cells) -> str:
            text = get(row)
            if text not in demand.good and (demand.is_strict or not text):
                demand.check(row, text)
            return text

        return make

    def copies(self, column: OutColumn) -> bool:
        """Say whether cells are the values as they are, at most checked."""
        spec = column.spec
        if spec.from_ == CRM_ID or spec.from_.endswith(f".{CRM_ID}"):
            return True
        as_it_is = column.kind not in _CHECKED_KINDS or self._form == FormatSpec()
        is_plain = not any(
            (spec.when, spec.recode, spec.map, spec.render, spec.default, spec.max, spec.prefix)
        ) and not any((spec.required_when, spec.part, spec.type, spec.scale != 1.0, spec.at, spec.match, spec.lookup))
        return bool(is_plain and as_it_is and self._is_unicode and self._form.tabs and not self._form.forbidden)

    def demand(self, column: OutColumn) -> Demand | None:
        """Return what a copied value is held to."""
        spec = column.spec
        is_id = spec.from_ == CRM_ID or spec.from_.endswith(f".{CRM_ID}")
        if is_id or not (spec.required or column.choices or column.pattern):
            return None
        return Demand(
            good=frozenset(column.choices) if spec.required else frozenset((*column.choices, "")),
            is_strict=bool(column.choices or column.pattern),
            check=lambda row, text: self._check(column, row, text),
        )

    def report(
        self,
        rule: str,
        severity: Severity,
        column: OutColumn,
        row: Cells,
        message: str,
        *,
        value: str = "",
        once: bool = False,
    ) -> None:
        """Note a finding about one cell; ``once`` where the same is true of many."""
        place = (self.file, column.header)
        self._findings.add(rule, severity, place, message, row=row, source=column.source, value=value, once=once)

    def _make(self, column: OutColumn, row: Cells) -> str:
        spec = column.spec
        if spec.when and not applies(spec.when, row):
            return ""
        text = column.get(row)
        if text and (spec.recode or column.translation):
            text = self._rename(column, row, text)
        if text and spec.render:
            text = _RENDERERS.get(spec.render, render_text)(text)
        if text:
            text = self._format(column, row, text)
        if not text:
            text = self._stand_in(column, row)
        elif spec.prefix:
            text = spec.prefix + text
        if text and spec.part == "suffix" and row.get("body_parts", "1") not in ("", "1"):
            text = self._numbered(column, row, text)
        if text and not self._form.tabs:
            text = text.replace("\t", " ")
        self._check(column, row, text)
        return text if self._is_unicode or text.isascii() else self._carry(column, row, text)

    def _rename(self, column: OutColumn, row: Cells, text: str) -> str:
        """Return the CRM's word; an unknown one is reported and stays, unless the profile says otherwise."""
        spec, translation = column.spec, column.translation
        words = translation.words if translation else spec.recode
        other = spec.other or ("error" if translation else "keep")
        if text in words:
            if translation and text in translation.assumed and not column.choices:
                severity = Severity.WARNING if translation.name == "stages" else Severity.INFO
                message = _(
                    "'{value}' becomes '{there}' by the profile's own map; confirm it in [export.{map}]"
                ).format(value=text, there=words[text], map=translation.name)
                self.report("assumed-name", severity, column, row, message, value=text, once=True)
            return words[text]
        if other == "error":
            name = translation.name if translation else "recode"
            message = _("'{value}' has no name in the CRM; give it one in [export.{map}]").format(value=text, map=name)
            self.report(f"unmapped-{name}", Severity.ERROR, column, row, message, value=text)
        return "" if other == "empty" else text

    def _stand_in(self, column: OutColumn, row: Cells) -> str:
        """Return what stands for nothing: never silently."""
        spec, translation = column.spec, column.translation
        default = spec.default or (translation.default if translation else "")
        if default:
            message = _("nothing is known; '{value}' is written").format(value=default)
            self.report("defaulted", Severity.INFO, column, row, message, value=default, once=True)
            return default
        if translation and translation.name == "owners":
            message = _("nobody owns it; the CRM gives it to whoever imports, unless default_owner is set")
            self.report("owner-empty", Severity.INFO, column, row, message, once=True)
        return ""

    def _format(self, column: OutColumn, row: Cells, text: str) -> str:
        match column.kind:
            case Kind.DATE:
                made = self._readable(column, row, text, lambda: format_day(text, self._form))
                self._exemplify(column, row, made, lambda: explain_day(text))
                return made
            case Kind.MOMENT if column.spec.type == "datetime" or self._form.datetime != "offset":
                return self._moment(column, row, text)
            case Kind.BOOLEAN if text in ("true", "false"):
                return self._form.true if text == "true" else self._form.false
            case Kind.NUMBER | Kind.INTEGER if column.spec.scale != 1.0:
                return self._scaled(column, row, text)
            case _:
                return text

    def _moment(self, column: OutColumn, row: Cells, text: str) -> str:
        at = column.spec.at
        if is_day(text):
            if at:
                message = _("only the day is known; {time} is written as the time").format(time=at)
                self.report("time-assumed", Severity.INFO, column, row, message, value=text, once=True)
            else:
                message = _("a day in a field for day and time: read as midnight in UTC it is another day in Japan")
                self.report("day-as-moment", Severity.ERROR, column, row, message, value=text)
        made = self._readable(column, row, text, lambda: format_moment(text, self._form, self._zone, at))
        self._exemplify(column, row, made, lambda: explain_moment(text, self._zone, at))
        return made

    def _exemplify(self, column: OutColumn, row: Cells, made: str, explain: Callable[[], str]) -> None:
        """Say once for each column and kind of value what the CRM makes of a date."""
        key = (column.header, is_day(made))
        if key in self._exemplified:
            return
        try:
            meant = explain()
        except ValueError:  # no date; that is reported
            return
        self._exemplified.add(key)
        message = _("written '{written}', which a CRM reads as {meant}").format(written=made, meant=meant)
        self.report("date-read", Severity.INFO, column, row, message)

    def _readable(self, column: OutColumn, row: Cells, text: str, make: Callable[[], str]) -> str:
        try:
            return make()
        except ValueError:
            self.report("date", Severity.ERROR, column, row, _("'{value}' is no date").format(value=text), value=text)
            return text

    def _scaled(self, column: OutColumn, row: Cells, text: str) -> str:
        try:
            scaled = Decimal(text) * Decimal(repr(column.spec.scale))
        except InvalidOperation:
            message = _("'{value}' is no number").format(value=text)
            self.report("number", Severity.ERROR, column, row, message, value=text)
            return text
        plain = format(scaled.normalize(), "f")
        return plain if plain != "-0" else "0"

    def _numbered(self, column: OutColumn, row: Cells, text: str) -> str:
        """Return the title with (i/n), cut to leave room for it; the whole title stands in the first part's text."""
        suffix = f" ({row.get('body_part', '1')}/{row['body_parts']})"
        longest = column.spec.max
        if longest and len(text) + len(suffix) > longest:
            text = text[: longest - len(suffix) - 1] + "…"
        message = _("the text is too long for one row and stands in several, numbered (1/n)")
        self.report("split", Severity.INFO, column, row, message, once=True)
        return text + suffix

    def _check(self, column: OutColumn, row: Cells, text: str) -> None:
        spec = column.spec
        if not text:
            if spec.required or (spec.required_when and applies(spec.required_when, row)):
                message = _("the CRM demands it and nothing is known")
                self.report("required", Severity.ERROR, column, row, message)
            elif spec.match:
                message = _("without it the CRM cannot tell duplicates")
                self.report("no-match-key", Severity.WARNING, column, row, message, once=True)
            return
        if spec.max and len(text) > spec.max and not spec.overflow.startswith("into:"):
            message = _("{length} characters, the CRM takes {max}: it would refuse or cut it").format(
                length=len(text), max=spec.max
            )
            self.report("too-long", Severity.ERROR, column, row, message, value=text)
        if len(text) > LONGEST_CELL:
            message = _("{length} characters: Python's csv module, for one, reads such a cell only if told to")
            self.report("long-cell", Severity.INFO, column, row, message.format(length=len(text)), value=text)
        self._check_value(column, row, text)

    def _check_value(self, column: OutColumn, row: Cells, text: str) -> None:
        """Note what the CRM does not take for other reasons than its length."""
        spec = column.spec
        if column.choices and text not in column.choices:
            message = _("'{value}' is not in the CRM's list: {list}").format(
                value=text, list=", ".join(column.choices[:12])
            )
            self.report("picklist", Severity.ERROR, column, row, message, value=text)
        if text in column.ambiguous:
            message = _("several rows are called '{value}': the CRM cannot tell which is meant").format(value=text)
            self.report("ambiguous-name", Severity.ERROR, column, row, message, value=text)
        if self._forbidden and (found := self._forbidden.search(text)):
            message = _("'{char}' is not taken in values by the import on screen").format(char=found[0])
            self.report("forbidden", Severity.WARNING, column, row, message, value=text)
        if column.pattern and not re.fullmatch(column.pattern, text):
            message = _("'{value}' has not the form that is expected").format(value=text)
            self.report("pattern", Severity.WARNING, column, row, message, value=text)
        if spec.type == "email" and not _EMAIL.fullmatch(text):
            message = _("'{value}' is no e-mail address").format(value=text)
            self.report("email", Severity.ERROR, column, row, message, value=text)

    def _carry(self, column: OutColumn, row: Cells, text: str) -> str:
        """Return the text as the encoding can carry it; each character that it cannot is named and becomes 〓."""
        encoding = self._form.encoding
        try:
            if text.encode(encoding).decode(encoding) == text:
                return text
        except UnicodeEncodeError:
            pass
        carried, lost = [], []
        for char in text:
            kept = _carried(char, encoding)
            carried.append(kept)
            if kept != char:
                lost.append(char)
        self.characters.update(lost)
        listed = ", ".join(f"{char} U+{ord(char):04X}" for char in dict.fromkeys(lost))
        message = _("{encoding} cannot carry: {list}").format(encoding=encoding, list=listed)
        severity = Severity.ERROR if any(_carried(char, encoding) == GETA for char in lost) else Severity.WARNING
        self.report("encoding", severity, column, row, message, value=text)
        return "".join(carried)


def applies(conditions: Mapping[str, tuple[str, ...]], row: Cells) -> bool:
    """Say whether all neutral columns named have one of the values; ``*`` is any but nothing."""
    return all(row[name] in allowed or ("*" in allowed and row[name]) for name, allowed in conditions.items())


def _carried(char: str, encoding: str) -> str:
    try:
        return char.encode(encoding).decode(encoding)
    except UnicodeEncodeError:
        return _NEAREST.get(char, GETA)
