"""Bytes taken apart: encodings, newlines, oddities."""

import codecs

import pytest

from notevault.model import Note, NotePath, Severity
from notevault.note import decode_note, digest_of, encode_note, parse_note

TEXT = "---\n件名: 打合せ\n---\n# 商談\n- [ ] 見積を送る\n本文は日本語です。\n"


def parse(data: bytes) -> Note:
    return parse_note(NotePath("a.md"), data)


def rules(note: Note) -> list[str]:
    return [diagnostic.rule for diagnostic in note.diagnostics]


@pytest.mark.parametrize(
    ("bom", "codec", "reported"),
    [
        (b"", "utf-8", False),
        (codecs.BOM_UTF8, "utf-8", False),
        (codecs.BOM_UTF16_LE, "utf-16-le", True),
        (codecs.BOM_UTF16_BE, "utf-16-be", True),
        (codecs.BOM_UTF32_LE, "utf-32-le", True),
        (b"", "cp932", True),
    ],
)
def test_every_encoding_in_use_is_read_and_written_back(bom: bytes, codec: str, *, reported: bool) -> None:
    data = bom + TEXT.encode(codec)
    note = parse(data)
    assert (note.text, note.encoding, note.bom) == (TEXT, codec, bool(bom))
    assert encode_note(note, note.text) == data
    assert note.digest == digest_of(data)
    assert [task.text for task in note.tasks] == ["見積を送る"]
    assert note.front_matter.entries[0][0].text == "件名"
    assert [d.severity for d in note.diagnostics] == ([Severity.WARNING] if reported else [])


def test_utf8_with_a_broken_byte_stays_utf8() -> None:
    note = parse(TEXT.encode()[:-1] + b"\xe3\x81\n")
    assert note.encoding == "utf-8"
    assert note.text.startswith(TEXT[:-1])
    assert [(d.rule, d.severity) for d in note.diagnostics] == [("encoding", Severity.ERROR)]


def test_bytes_that_are_no_text_are_damage_and_not_japanese() -> None:
    decoded = decode_note(b"\xff" * 100)
    assert (decoded.encoding, decoded.damaged) == ("utf-8", 100)


def test_half_a_utf16_character_is_damage() -> None:
    note = parse(codecs.BOM_UTF16_LE + "あい".encode("utf-16-le")[:-1])
    assert note.text.startswith("あ")
    assert rules(note) == ["encoding"]


def test_a_lone_surrogate_never_reaches_the_text() -> None:
    for data in ("\ud800".encode("utf-8", "surrogatepass"), codecs.BOM_UTF16_LE + b"\x00\xd8"):
        note = parse(data)
        note.text.encode()
        assert rules(note) == ["encoding"]


def test_control_characters_are_reported_once_and_where() -> None:
    note = parse(b"a\n\tb\x00\x01\n")
    assert [(d.rule, d.line, d.column) for d in note.diagnostics] == [("control-character", 2, 3)]
    assert note.text == "a\n\tb\x00\x01\n"


@pytest.mark.parametrize(
    ("data", "newline", "mixed"),
    [
        (b"a\nb\n", "\n", False),
        (b"a\r\nb", "\r\n", False),
        (b"a\rb\r", "\r", False),
        (b"a", "\n", False),
        (b"a\r\nb\r\nc\n", "\r\n", True),
        (b"a\rb\nc\n", "\n", True),
    ],
)
def test_the_commonest_newline_is_known_and_a_mixture_reported(data: bytes, newline: str, *, mixed: bool) -> None:
    note = parse(data)
    assert note.newline == newline
    assert rules(note) == (["newlines"] if mixed else [])


def test_a_fault_in_the_front_matter_is_a_diagnostic_with_its_place() -> None:
    note = parse("---\ndate: 2026-11-20\n件名: A社: 打合せ\n---\n本文\n".encode())
    assert [(d.rule, d.severity, d.line, d.column) for d in note.diagnostics] == [("syntax", Severity.ERROR, 3, 7)]
    assert "quotes" in note.diagnostics[0].hint
    assert note.text[note.body_start :] == "本文\n"
    assert note.front_matter.raw == "date: 2026-11-20\n件名: A社: 打合せ\n"


def test_an_empty_file_is_a_note() -> None:
    note = parse(b"")
    assert (note.text, note.sections, note.diagnostics) == ("", (), ())


def test_an_enormous_note_is_read_whole() -> None:
    data = b"# a\n" + "長い文。\n".encode() * 400_000
    note = parse(data)
    assert len(data) > 5_000_000
    assert note.sections[0].body_span.end == len(note.text)
