"""Files of a table: in the dialect they were asked for, never larger than the CRM takes."""

import csv
import io
from hashlib import sha256
from pathlib import Path

import pytest

from notevault.export.csv_file import CsvWriter, encode_rows
from notevault.export.guesses import HEADS, find_shown, guess_wrong
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


def sniffed(path: Path, length: int) -> list[list[str]]:
    text = path.read_bytes().decode()
    return list(csv.reader(io.StringIO(text, newline=""), csv.Sniffer().sniff(text[:length])))


SAID = 'The chief said: "we will see".'
QUIET = [[f"a{number}", "Nothing, and nothing again.\nNo quote here."] for number in range(500)]


@pytest.mark.parametrize("bom", [False, True])
def test_record_that_shows_doubled_quotes_is_put_first(tmp_path: Path, bom: bool) -> None:  # noqa: FBT001
    writer = CsvWriter(tmp_path, "t", ["id", "text"], FormatSpec(bom=bom), LimitSpec())
    rows = [*QUIET, ["p", "Long, " * 90 + "\n" + SAID], ["q", SAID], ["r", SAID], *QUIET]
    for row in rows:
        writer.add_record([row], movable=True)
    (file,) = writer.close()
    path = tmp_path / "t.csv"
    got = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert got == [["id", "text"], ["q", SAID], *(row for row in rows if row[0] != "q")]
    assert not writer.misread
    assert (file.size, file.rows, file.sha256) == (
        path.stat().st_size,
        len(rows),
        sha256(path.read_bytes()).hexdigest(),
    )
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]
    if not bom:
        assert all(sniffed(path, length) == got for length in (300, *HEADS, 60_000, file.size))


def test_rows_of_a_record_are_put_first_together(tmp_path: Path) -> None:
    writer = CsvWriter(tmp_path, "t", ["mark", "text"], FormatSpec(), LimitSpec())
    for row in QUIET:
        writer.add_record([row, row], movable=True)
    writer.add_record([["*", "of two"], ["", SAID]], movable=True)
    writer.close()
    assert read(tmp_path / "t.csv")[1:4] == [["*", "of two"], ["", SAID], QUIET[0]]


@pytest.mark.parametrize("first", [SAID, 'a "b" c, and "d, e"'])
def test_order_stays_where_moving_would_not_help(tmp_path: Path, first: str) -> None:
    writer = CsvWriter(tmp_path, "t", ["id", "text"], FormatSpec(), LimitSpec())
    rows = [["1", first], *QUIET, ["2", 'He said, "no, never", and "so, be it", and left.']]
    for row in rows:
        writer.add_record([row], movable=True)
    writer.close()
    assert read(tmp_path / "t.csv")[1:] == rows
    assert bool(writer.misread) is (first != SAID)


def test_parts_of_a_text_keep_their_order_and_the_file_is_told(tmp_path: Path) -> None:
    writer = CsvWriter(tmp_path, "t", ["id", "text"], FormatSpec(), LimitSpec())
    rows = [*QUIET, ["p", SAID], ["p-part2", "x"]]
    for row in rows:
        writer.add_record([row])
    writer.close()
    assert read(tmp_path / "t.csv")[1:] == rows
    assert writer.misread == [("t.csv", "doublequote=False")]


@pytest.mark.parametrize(
    ("cell", "is_shown"),
    [
        (SAID, True),
        ('"', True),
        ('x\n> "a line alone"\ny', True),
        ('x\n"begins" a line\nand goes on', False),
        ('a, "b", c', True),
        ('a, so "b", c', False),
        ("plain", False),
        ('"' * 5000, True),
        ("-" * 5000 + '" "', True),
    ],
)
def test_what_shows_doubled_quotes_is_what_the_sniffer_looks_for(cell: str, is_shown: bool) -> None:  # noqa: FBT001
    row = encode_rows([["1", cell, ""]], FormatSpec()).decode()
    assert bool(find_shown(row, FormatSpec())) is is_shown
    if len(row) < HEADS[0]:
        assert csv.Sniffer().sniff('"a","b","c"\r\n' + row).doublequote is is_shown
