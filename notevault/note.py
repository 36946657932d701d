"""Bytes of a note as a value: decoded, taken apart, with what is odd about it as diagnostics.

No bytes make it raise. Reading and writing files is :mod:`notevault.vault`'s work.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from contextlib import suppress
from hashlib import sha256
from typing import Final, NamedTuple

from notevault.front_matter import parse_front_matter
from notevault.markdown import parse_markdown
from notevault.messages import gettext as _
from notevault.model import Diagnostic, Note, NotePath, Severity, Span
from notevault.text import LineIndex
from notevault.yaml_block import Fault

# UTF-32 before UTF-16, whose mark it begins with
_BOMS: Final = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
_BOM_OF: Final = {codec: bom for bom, codec in _BOMS}
# what the codec makes of bytes that CP932 does not define
_NO_CP932: Final = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEWLINE_NAMES: Final = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}


class Decoded(NamedTuple):
    """The text of a note and how its bytes are to be written again."""

    text: str
    encoding: str
    bom: bool
    damaged: int = 0
    """How many characters could not be read and stand as U+FFFD."""


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a note's bytes, hex."""
    return sha256(data).hexdigest()


def decode_note(data: bytes) -> Decoded:
    """Return the text: by the BOM, else UTF-8, else CP932, else UTF-8 with U+FFFD for what cannot be read.

    UTF-8 with a few broken bytes stays UTF-8: as CP932 it would be readable, but nonsense.
    """
    marked = [(bom, codec) for bom, codec in _BOMS if data.startswith(bom)]
    for bom, codec in marked:
        with suppress(UnicodeDecodeError):
            return Decoded(data[len(bom) :].decode(codec), codec, bom=True)
    if marked:
        bom, codec = marked[-1]
        text = data[len(bom) :].decode(codec, "replace")
        return Decoded(text, codec, bom=True, damaged=max(text.count("\ufffd"), 1))
    try:
        return Decoded(data.decode(), "utf-8", bom=False)
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = len(text) - damaged - sum(map(text.count, map(chr, range(128))))
    if whole < damaged:
        with suppress(UnicodeDecodeError):
            japanese = data.decode("cp932")
            if not _NO_CP932.search(japanese):
                return Decoded(japanese, "cp932", bom=False)
    return Decoded(text, "utf-8", bom=False, damaged=damaged)


def encode_note(note: Note, text: str) -> bytes:
    """Return ``text`` as bytes in the note's encoding, with its BOM; raises UnicodeEncodeError."""
    return encode_text(text, note.encoding, bom=note.bom)


def encode_text(text: str, encoding: str, *, bom: bool) -> bytes:
    """Return ``text`` as bytes, with a BOM where there was one."""
    return (_BOM_OF[encoding] if bom else b"") + text.encode(encoding)


def parse_note(path: NotePath, data: bytes) -> Note:
    """Take a note apart, whatever its bytes are; its text is complete and every oddity a diagnostic."""
    decoded = decode_note(data)
    text = decoded.text
    parsed = parse_front_matter(text)
    sections, tasks, links = parse_markdown(text, parsed.body_start)
    newline, newlines = _count_newlines(text)
    diagnostics: list[Diagnostic] = []
    if decoded.encoding != "utf-8" or decoded.damaged:
        diagnostics.append(_encoding_diagnostic(path, decoded))
    if found := _CONTROL.search(text, parsed.body_start):
        diagnostics.append(_control_diagnostic(path, text, found))
    if len(newlines) > 1:
        diagnostics.append(_newline_diagnostic(path, newlines))
    if parsed.faults:
        lines = LineIndex(text)
        diagnostics += [_fault_diagnostic(path, fault, lines) for fault in parsed.faults]
    return Note(
        path=path,
        text=text,
        digest=digest_of(data),
        encoding=decoded.encoding,
        bom=decoded.bom,
        newline=newline,
        front_matter=parsed.front_matter,
        body_start=parsed.body_start,
        sections=sections,
        tasks=tasks,
        links=links,
        diagnostics=tuple(diagnostics),
    )


def _count_newlines(text: str) -> tuple[str, dict[str, int]]:
    """Return the commonest newline, LF where there is none, and how often each kind occurs."""
    if "\r" not in text:
        return "\n", {"\n": 1}
    crlf = text.count("\r\n")
    counts = {"\r\n": crlf, "\n": text.count("\n") - crlf, "\r": text.count("\r") - crlf}
    return max(counts, key=lambda kind: counts[kind]), {kind: count for kind, count in counts.items() if count}


def _encoding_diagnostic(path: NotePath, decoded: Decoded) -> Diagnostic:
    if decoded.damaged:
        message = _("{count} characters cannot be read as {encoding}; the file is damaged").format(
            count=decoded.damaged, encoding=decoded.encoding
        )
        hint = _("open the file in an editor, mend the characters shown as \ufffd and save it as UTF-8")
        severity = Severity.ERROR
    else:
        message = _("the note is written in {encoding}").format(encoding=decoded.encoding)
        hint, severity = _("save it as UTF-8; notevault reads it, but other tools may not"), Severity.WARNING
    return Diagnostic(rule="encoding", severity=severity, path=path, line=1, column=1, message=message, hint=hint)


def _control_diagnostic(path: NotePath, text: str, found: re.Match[str]) -> Diagnostic:
    line, column = LineIndex(text).position(found.start())
    return Diagnostic(
        rule="control-character",
        severity=Severity.WARNING,
        path=path,
        line=line,
        column=column,
        message=_("control character U+{code}").format(code=f"{ord(found[0]):04X}"),
        hint=_("delete it; it may come from a binary file or a damaged one"),
        span=Span(start=found.start(), end=found.end()),
    )


def _newline_diagnostic(path: NotePath, counts: dict[str, int]) -> Diagnostic:
    kinds = ", ".join(f"{_NEWLINE_NAMES[kind]} {count}" for kind, count in counts.items())
    return Diagnostic(
        rule="newlines",
        severity=Severity.INFO,
        path=path,
        line=1,
        column=1,
        message=_("the note mixes kinds of line ends: {kinds}").format(kinds=kinds),
        hint=_("set one kind of line end in the editor and save the note again"),
    )


def _fault_diagnostic(path: NotePath, fault: Fault, lines: LineIndex) -> Diagnostic:
    line, column = lines.position(fault.span.start)
    return Diagnostic(
        rule="syntax",
        severity=fault.severity,
        path=path,
        line=line,
        column=column,
        message=fault.message,
        hint=fault.hint,
        span=fault.span,
    )
