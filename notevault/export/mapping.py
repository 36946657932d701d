"""One column of a profile as a function from neutral rows to cells."""

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import lru_cache
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo

from notevault.config import Settings
from notevault.errors import SettingsError
from notevault.export.answers import ANSWERED, load_answers
from notevault.export.columns import Column, Kind, Table
from notevault.export.ledger import Ledger
from notevault.export.profile import ColumnSpec, FileSpec, Profile
from notevault.export.source import Source
from notevault.export.store import Cells, RowStore
from notevault.messages import gettext as _
from notevault.records import record
from notevault.text import closest

Getter = Callable[[Cells], str]
CRM_ID: Final = "@id"
OWN_MAPS: Final = ("stages", "owners", "channels", "types")
"""Maps that the settings know."""
_COMPANIES: Final = {"accounts": {("leads", "company")}, "leads": {("accounts", "name")}}
"""Where the names of companies stand beside."""
_KINDS: Final = {
    "text": Kind.TEXT, "line": Kind.LINE, "number": Kind.NUMBER, "integer": Kind.INTEGER, "boolean": Kind.BOOLEAN,
    "date": Kind.DATE, "datetime": Kind.MOMENT, "email": Kind.LINE, "url": Kind.LINE, "id": Kind.ID,
}  # fmt: skip


@record
class Translation:
    """A map of words: ours → the CRM's; ``assumed`` are those that only the profile says."""

    name: str
    words: Mapping[str, str]
    assumed: frozenset[str] = frozenset()
    default: str = ""
    """What stands for nothing."""


@record
class OutColumn:
    """One column of one file, ready to be filled."""

    header: str
    spec: ColumnSpec
    kind: Kind
    get: Getter
    source: str
    """The neutral column it comes from, "" for a constant."""
    about: str = ""
    personal: bool = False
    references: str = ""
    """Neutral table whose ids it holds."""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    translation: Translation | None = None
    ambiguous: frozenset[str] = frozenset()
    """Names that several rows have, where the CRM looks rows up by them."""


@record
class Mapper:
    """Everything the columns of one run are compiled with."""

    profile: Profile
    settings: Settings
    tables: Mapping[str, Table]
    store: RowStore
    source: Source
    ledger: Ledger
    picklists: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """File (or "") and header → allowed values."""

    @property
    def zone(self) -> ZoneInfo:
        """The vault's time zone."""
        return self.source.zone

    def columns(self, name: str, file: FileSpec) -> tuple[OutColumn, ...]:
        """Return the columns of a file; raises SettingsError for sources that are not there."""
        table = self._table(name, file.from_)
        if not file.columns:
            return tuple(self._neutral(column) for column in table.columns) + self._custom(name, table)
        lines = self._table(name, file.lines) if file.lines else None
        given = tuple(
            self._column(name, lines if spec.line and lines else table, header, spec)
            for header, spec in file.columns.items()
        )
        headers = {column.header for column in given}
        return given + tuple(column for column in self._custom(name, table) if column.header not in headers)

    def translation(self, name: str) -> Translation:
        """Return a map by name: what the settings say, else what the profile assumes."""
        assumed = dict(self.profile.maps.get(name, {}))
        default = assumed.pop("", "")
        if name not in OWN_MAPS:
            if name not in self.profile.maps:
                known = [*OWN_MAPS, *self.profile.maps]
                raise _unknown(self.profile.name, _("map"), name, known)
            return Translation(name=name, words=assumed, default=default)
        said = self._said(name)
        if name == "owners":
            said = {key: owner.email for key, owner in self.settings.owners.items() if owner.email} | said
            given = self.settings.export.default_owner
            default = said.get(self._key_of("owners", given), given) if given else default
        return Translation(
            name=name, words=assumed | said, assumed=frozenset(assumed.keys() - said.keys()), default=default
        )

    def _said(self, name: str) -> dict[str, str]:
        given: Mapping[str, str] = getattr(self.settings.export, name)
        return {self._key_of(name, word): there for word, there in given.items()}

    def _key_of(self, name: str, word: str) -> str:
        match name:
            case "stages":
                stage = self.settings.find_stage(word)
                return stage.key if stage else word
            case "owners":
                owner = self.settings.find_owner(word)
                return owner.key if owner else word
            case "channels":
                channel = self.settings.find_channel(word)
                return channel.key if channel else word
            case _:
                return self.settings.find_type(word) or word

    def _table(self, file: str, name: str) -> Table:
        if name not in self.tables:
            raise _unknown(f"{self.profile.name}: {file}", _("table"), name, list(self.tables))
        return self.tables[name]

    def _neutral(self, column: Column) -> OutColumn:
        return OutColumn(
            header=column.name,
            spec=ColumnSpec(from_=column.name, required=column.required),
            kind=column.kind,
            get=itemgetter(column.name),
            source=column.name,
            about=column.about,
            personal=column.personal,
            references=column.references,
            choices=column.allowed(self.settings),
            pattern=column.pattern,
        )

    def _custom(self, file: str, table: Table) -> tuple[OutColumn, ...]:
        """Return the columns that ``[export.fields]`` adds to the files of this table."""
        added = self.settings.export.fields.get(table.name, {})
        specs = {header: ColumnSpec(first=(f"learned.{key}", f"field.{key}")) for key, header in added.items()}
        return tuple(self._column(file, table, header, spec) for header, spec in specs.items())

    def _column(self, file: str, table: Table, header: str, spec: ColumnSpec) -> OutColumn:
        where = f"{self.profile.name}: {file}.{header}"
        sources = [name for name in (spec.from_, *spec.first, *spec.join) if name]
        getters = [self._getter(where, table, name) for name in sources]
        plain = next((column for column in table.columns if column.name == (sources[0] if sources else "")), None)
        if spec.type and spec.type not in _KINDS:
            raise _unknown(where, _("type"), spec.type, list(_KINDS))
        kind = _KINDS[spec.type] if spec.type else plain.kind if plain else Kind.LINE
        is_reference = plain is not None and bool(spec.from_) and not (spec.prefix or spec.recode or spec.map)
        return OutColumn(
            header=header,
            spec=spec,
            kind=Kind.LINE if kind is Kind.ID and not is_reference and not spec.type else kind,
            get=_combined(spec, getters),
            source=sources[0].partition(".")[0] if sources else "",
            about=spec.about or (plain.about if plain else ""),
            personal=spec.personal or any(self._is_personal(table, name) for name in sources),
            references=plain.references if plain and is_reference else "",
            choices=self.picklists.get((file, header)) or self.picklists.get(("", header)) or spec.choices,
            pattern=spec.pattern,
            translation=self.translation(spec.map) if spec.map else None,
            ambiguous=self._find_ambiguous(table, sources) if spec.lookup else frozenset(),
        )

    def _find_ambiguous(self, table: Table, sources: list[str]) -> frozenset[str]:
        """Return the names that more than one row has among those that a column looks up."""
        targets = set()
        for head, _dot, rest in (name.partition(".") for name in sources):
            column = next((column for column in table.columns if column.name == head), None)
            if rest and column and column.references in self.store.columns:
                targets |= {(column.references, rest)} | _COMPANIES.get(column.references, set())
        targets = {(name, column) for name, column in targets if name in self.store.columns}
        every = " UNION ALL ".join(f'SELECT "{column}" AS name FROM "{name}"' for name, column in sorted(targets))
        if not every:
            return frozenset()
        rows = self.store.select(f"SELECT name FROM ({every}) WHERE name <> '' GROUP BY name HAVING count(*) > 1")
        return frozenset(name for (name,) in rows)

    def _is_personal(self, table: Table, name: str) -> bool:
        head, _dot, rest = name.partition(".")
        column = next((column for column in table.columns if column.name == head), None)
        if column is None:
            return False
        target = self.tables.get(column.references) if rest else None
        return self._is_personal(target, rest) if target else column.personal

    def _getter(self, where: str, table: Table, name: str) -> Getter:
        head, _dot, rest = name.partition(".")
        if name == CRM_ID:
            return lambda row: self.ledger.crm_id(table.name, row["id"])
        if head in ("learned", "field") and rest and table.name in ANSWERED:
            answers = load_answers(self.source, table.name, name)
            return lambda row: answers.get(row["id"].partition("-part")[0], "")
        column = next((column for column in table.columns if column.name == head), None)
        if column is None:
            known = [column.name for column in table.columns]
            raise _unknown(where, _("column of {table}").format(table=table.name), head, known)
        if not rest:
            return itemgetter(head)
        if not column.references:
            raise _unknown(where, _("reference"), name, [each.name for each in table.columns if each.references])
        return self._through(where, head, self.tables[column.references], rest)

    def _through(self, where: str, head: str, target: Table, rest: str) -> Getter:
        """Return the getter of a column of the row that ``head`` refers to."""
        get = self._getter(where, target, rest)

        @lru_cache(maxsize=4096)
        def look_up(identifier: str) -> str:
            row = self.store.find_row(target.name, identifier)
            return get(row) if row else ""

        return lambda row: look_up(row[head]) if row[head] else ""


def _combined(spec: ColumnSpec, getters: list[Getter]) -> Getter:
    if spec.value or not getters:
        return lambda _row: spec.value
    if spec.join:
        return lambda row: spec.between.join(filter(None, (get(row) for get in getters)))
    if len(getters) == 1:
        return getters[0]
    return lambda row: next(filter(None, (get(row) for get in getters)), "")


def _unknown(where: str, kind: str, name: str, known: list[str]) -> SettingsError:
    near = closest(name, known)
    guess = _("did you mean '{near}'?").format(near=near) if near else ", ".join(known)
    return SettingsError(
        [f"{where}: " + _("no {kind} is called '{name}'").format(kind=kind, name=name) + f" ({guess})"]
    )
