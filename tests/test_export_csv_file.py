"""Files of a table: in the dialect they were asked for, never larger than the CRM takes."""

import csv
import io
from pathlib import Path

import pytest

from notevault.export.csv_file import CsvWriter, encode_rows, guess_wrong
from notevault.export.profile import FormatSpec, LimitSpec

HOSTILE = ["say \"5''\", x", "a\tb", "line\nbreak", "", "=1+1", "🍣𠮷ﾔﾏﾀﾞ", ";|,"]


def written(out: Path) -> list[Path]:
    return sorted(out.glob("*.csv"), key=lambda path: (len(path.name), path.name))


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


@pytest.mark.parametrize("text", ["x", "あ", '"', "🍣", "\n"])
def test_no_file_is_larger_than_the_crm_takes(text: str, tmp_path: Path) -> None:
    writer = CsvWriter(tmp_path, "t", ["id", "text"], FormatSpec(), LimitSpec(bytes=20_000))
    for number in range(900):
        writer.add_record([[str(number), text * (number % 90)]])
    files = writer.close()
    assert [file.name for file in files] == [path.name for path in written(tmp_path)]
    assert len(files) > 1
    assert all(file.size == (tmp_path / file.name).stat().st_size <= 20_000 for file in files)
    rows = [row for path in written(tmp_path) for row in read(path)[1:]]
    assert rows == [[str(number), text * (number % 90)] for number in range(900)]


def test_rows_of_one_record_stay_in_one_file(tmp_path: Path) -> None:
    writer = CsvWriter(tmp_path, "t", ["mark", "id"], FormatSpec(), LimitSpec(rows=5))
    for number in range(4):
        writer.add_record([["*", str(number)], ["", str(number)]])
    writer.close()
    assert [len(read(path)) - 1 for path in written(tmp_path)] == [4, 4]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["crlf", "lf"])
def test_rows_are_written_as_the_csv_module_writes_them(delimiter: str, newline: str) -> None:
    form = FormatSpec(delimiter=delimiter, newline=newline)
    out = io.StringIO(newline="")
    ends = {"crlf": "\r\n", "lf": "\n"}[newline]
    csv.writer(out, quoting=csv.QUOTE_ALL, delimiter=delimiter, lineterminator=ends).writerows([HOSTILE, HOSTILE[::-1]])
    assert encode_rows([HOSTILE, HOSTILE[::-1]], form) == out.getvalue().encode()


def test_dialect_that_is_guessed_wrongly_is_told() -> None:
    form = FormatSpec()
    plain = encode_rows([["id", "text"], ["1", "abc"]], form)
    assert guess_wrong(plain, form, doubled=False) == ""
    assert guess_wrong(plain, form, doubled=True) == "doublequote=False"
    assert guess_wrong(encode_rows([["id", "text"], ["1", 'a "b" c']], form), form, doubled=True) == ""
    assert guess_wrong(b"a b\n1 2\n", form, doubled=False).startswith("delimiter ' '")
