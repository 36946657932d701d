"""By what a note is known again, and in which order. The whole of it: test_sync.py."""

import pytest

from notevault.catalog import KnownNote
from notevault.extract import extract_facts
from notevault.identity import Missing
from notevault.index import Weights
from notevault.model import NotePath, Signature
from notevault.note import parse_note
from notevault.reading import ReadNote
from notevault.settings_reader import default_settings
from notevault.sketch import prepare_text
from notevault.storing import make_rows
from tests.conftest import TODAY

SEEN = Signature(10, 20, 30, 40, 50)
NOTHING = Signature(0, 0, 0, 0, 0)


def _read(path: str, text: str, signature: Signature = SEEN) -> ReadNote:
    note = parse_note(NotePath(path), text.encode())
    facts = extract_facts(note, default_settings(), TODAY)
    return ReadNote(
        path=NotePath(path),
        signature=signature,
        digest=note.digest,
        claim=facts.note_id,
        about=(),
        rows=make_rows(note, facts),
        text=prepare_text(text),
        weights=Weights({}, 0),
        understood=None,
    )


def _known(uid: str, digest: str = "-", signature: Signature = NOTHING) -> KnownNote:
    return KnownNote(1, uid, signature, digest, 0)


def test_an_id_counts_more_than_content_and_content_more_than_the_file() -> None:
    read = _read("new.md", "---\nid: n-1\n---\ntext\n")
    by_id, by_content = _known("n-1"), _known("x", read.digest)
    by_file = _known("y", "-", SEEN)
    places = {NotePath("a.md"): by_file, NotePath("b.md"): by_content, NotePath("c.md"): by_id}
    missing = Missing(places)
    assert missing.recognise(read) == ("c.md", by_id)
    assert missing.recognise(read) == ("b.md", by_content)
    assert missing.recognise(read) == ("a.md", by_file)
    assert missing.recognise(read) is None
    assert missing.ids() == set()


@pytest.mark.parametrize("field", ["size", "mtime_ns", "inode", "device"])
def test_an_inode_alone_says_nothing(field: str) -> None:
    missing = Missing({NotePath("a.md"): _known("x", "-", SEEN._replace(**{field: 1}))})
    assert missing.recognise(_read("b.md", "text")) is None


def test_a_system_without_inodes_knows_no_file_again() -> None:
    nothing = Signature(10, 20, 30, 0, 0)
    missing = Missing({NotePath("a.md"): _known("x", "-", nothing)})
    assert missing.recognise(_read("b.md", "text", nothing)) is None


def test_of_equal_notes_the_one_of_the_same_name_is_meant() -> None:
    read = _read("new/b.md", "text")
    same = _known("x", read.digest)
    missing = Missing({NotePath("a.md"): same, NotePath("old/b.md"): same})
    assert missing.recognise(read) == ("old/b.md", same)


def test_the_name_in_another_unicode_form_is_the_same_note() -> None:
    known = _known("x")
    missing = Missing({NotePath("か\u3099.md"): known})
    assert missing.recognise(_read("が.md", "other text")) == ("か\u3099.md", known)
