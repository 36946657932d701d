"""Whatever text stands in a field, every profile writes it so that it is read again, or names what it could not."""

import csv
import dataclasses
import io
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notevault.catalog import Catalog
from notevault.export.cell_checks import CellMaker
from notevault.export.cells import CellWriter
from notevault.export.columns import Column, Kind
from notevault.export.csv_file import CsvWriter
from notevault.export.files import files_of
from notevault.export.findings import Findings
from notevault.export.ledger import Ledger
from notevault.export.mapping import Mapper, OutColumn
from notevault.export.profile import FileSpec, FormatSpec, LimitSpec, Profile, load_profile, profile_names
from notevault.export.profile_rows import ProfileRows, Record
from notevault.export.source import Source
from notevault.export.store import RowStore
from notevault.export.tables import TABLES
from notevault.settings_reader import default_settings

NAMES = profile_names(Path("no vault"))
SETTINGS = default_settings()
_TABLES = {table.name: table for table in TABLES}
_VALUES = {Kind.ID: "x1", Kind.NUMBER: "12", Kind.INTEGER: "1", Kind.BOOLEAN: "true", Kind.DATE: "2026-11-20"}
_PIECES = (
    '"',
    '""',
    "'",
    ",",
    "\n",
    "\r\n",
    "\t",
    ";",
    "=1+1",
    "+81",
    "-",
    "@",
    "🍣",
    "𠮷",
    "ﾔﾏﾀﾞ",
    "〜",
    "髙",
    "a",
    " ",
)
TEXTS = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), min_size=1, max_size=12).map("".join)


def clean(text: str) -> str:
    """Return text as UTF-8 can hold it: a note's text has no lone surrogates."""
    return text.encode("utf-8", "replace").decode()


def fill(store: RowStore, text: str) -> set[str]:
    """Put a row full of the text into every table; return what the tables had to change, as the report names it."""
    writer = CellWriter()
    for table in TABLES:
        store.make_table(table.name, [column.name for column in table.columns])
        cells = [writer.converter(table.name, column)([value_of(column, text)])[0] for column in table.columns]
        store.add_rows(table.name, [cells])
    return set(writer.normalized)


def value_of(column: Column, text: str) -> str | int | bool:
    allowed = column.allowed(SETTINGS)
    if allowed:
        return allowed[0]
    if column.kind is Kind.BOOLEAN:
        return True
    return "2026-11-20T14:00:00+09:00" if column.kind is Kind.MOMENT else _VALUES.get(column.kind, text)


def make_due(store: RowStore, file: FileSpec) -> None:
    """Change the row so that it belongs into the file."""
    for name, allowed in file.where.items():
        value = "x1" if "*" in allowed else allowed[0]
        store.execute(f'UPDATE "{file.from_}" SET "{name}" = ?', (value,))
    for name, refused in file.unless.items():
        store.execute(f'UPDATE "{file.from_}" SET "{name}" = ?', (f"not {refused[0]}",))


def iter_written(profile: Profile, text: str, folder: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each file of a profile with the header and rows as they were handed to the writer."""
    with RowStore.opened() as store, Catalog.in_memory() as catalog:
        named = fill(store, text)
        mapper = Mapper(
            profile=profile,
            settings=SETTINGS,
            tables=_TABLES,
            store=store,
            source=Source.of(catalog, SETTINGS),
            ledger=Ledger(),
        )
        findings = Findings(store, catalog)
        for name, file in files_of(profile).items():
            make_due(store, file)
            columns = mapper.columns(name, file)
            maker = CellMaker(name, profile.format, mapper.zone, findings)
            rows = ProfileRows(file, columns, maker, store, profile.limits)
            rows.key = _TABLES[file.from_].key
            out = CsvWriter(folder, name, rows.header, profile.format, LimitSpec())
            (record,) = rows
            out.add_record(record.rows)
            out.close()
            said = {finding.column for finding in findings.iter_all() if finding.file == name}
            check_kept(file, columns, record, said, named=bool(named))
            yield name, [rows.header, *record.rows]


def check_kept(file: FileSpec, columns: tuple[OutColumn, ...], record: Record, said: set[str], *, named: bool) -> None:
    """A cell that copies a field says what the field says, or the preflight names its column."""
    moved = {column.spec.overflow.partition("into:")[2] for column in columns if column.header in said}
    for column, cell in zip(columns, record.rows[0][bool(file.mark) :], strict=True):
        spec = column.spec
        is_copy = spec.from_ in record.neutral and not (spec.map or spec.recode or spec.render or spec.prefix)
        if not is_copy or spec.when or spec.line or column.kind not in (Kind.LINE, Kind.TEXT):
            continue
        field = record.neutral[spec.from_]
        assert cell == field or not field or named or column.header in said | moved, (file.from_, column.header)


def read(path: Path, form: FormatSpec, dialect: type[csv.Dialect] | None = None) -> list[list[str]]:
    stream = io.StringIO(path.read_bytes().decode(form.encoding), newline="")
    before = csv.field_size_limit(1 << 30)
    try:
        return list(csv.reader(stream, dialect) if dialect else csv.reader(stream, strict=True))
    finally:
        csv.field_size_limit(before)


def with_encoding(profile: Profile, encoding: str) -> Profile:
    return dataclasses.replace(profile, format=dataclasses.replace(profile.format, encoding=encoding))


def hold(profile: Profile, text: str) -> None:
    """Write a text in every field of every file and read it again."""
    with TemporaryDirectory() as folder:
        for file, handed in iter_written(profile, clean(text), Path(folder)):
            path = Path(folder) / f"{file}.csv"
            assert read(path, profile.format) == handed, file
            assert path.read_bytes().decode(profile.format.encoding).count("\r\n") == len(handed), file


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
@example(text="\"a\", 'b'\n=1+1\t🍣 𠮷 ﾔﾏﾀﾞ — 〜 髙")
@example(text="あ" * 32_001)
def test_any_text_in_any_field_survives_or_is_named(name: str, text: str) -> None:
    hold(load_profile(name, Path("no vault")), text)


@pytest.mark.parametrize("name", ["generic", "kintone"])
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
@example(text="\"a\", 'b'\n=1+1\t🍣 𠮷 ﾔﾏﾀﾞ — 〜 髙")
def test_what_cp932_cannot_carry_is_named(name: str, text: str) -> None:
    hold(with_encoding(load_profile(name, Path("no vault")), "cp932"), text)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(TEXTS.map(clean), min_size=3, max_size=3), min_size=1, max_size=4))
def test_guessed_dialect_reads_the_same_or_is_warned_of(rows: list[list[str]]) -> None:
    rows = [[re.sub("\r\n?|\x00", "\n", cell) for cell in row] for row in rows]
    with TemporaryDirectory() as folder:
        out = CsvWriter(Path(folder), "t", ["id", "name", "text"], FormatSpec(), LimitSpec())
        for row in rows:
            out.add_record([row])
        out.close()
        path = Path(folder) / "t.csv"
        assert read(path, FormatSpec()) == [["id", "name", "text"], *rows]
        if not out.misread:
            beginning = path.read_bytes()[:4096].decode("utf-8", "ignore")
            assert read(path, FormatSpec(), csv.Sniffer().sniff(beginning)) == read(path, FormatSpec())
