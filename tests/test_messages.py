import gettext
import io
import re
import struct
from itertools import accumulate

import pytest

from notevault import messages
from tests.conftest import MakeVault, Run
from tests.messages import FOLDER, extract_messages, iter_sentences, read_catalogue


def test_every_sentence_has_a_japanese_translation() -> None:
    known = {message.id: message.string for message in read_catalogue() if message.id}
    missing = []
    for message in extract_messages():
        string = known.get(message.id, "")
        if message.id and not (all(string) if isinstance(string, tuple) else string):
            missing.append(message.id)
    assert missing == [], "run 'make messages' and fill in notevault.po"


def test_sentences_are_found_wherever_they_stand() -> None:
    source = """f"{_('one')}: {ngettext('a {n}', 'many {n}', n)}"\nmarked('two' ' three')\n_(name)\nother('four')\n"""
    assert [sentence for _line, sentence in iter_sentences(source)] == ["two three", "one", ("a {n}", "many {n}")]


def _forms(value: object) -> list[str]:
    return [str(form) for form in value] if isinstance(value, list | tuple) else [str(value or "")]


def test_translations_keep_the_placeholders() -> None:
    for message in read_catalogue():
        wanted = {name for source in _forms(message.id) for name in re.findall(r"\{(\w*)[^{}]*\}", source)}
        found = {name for form in _forms(message.string) for name in re.findall(r"\{(\w*)[^{}]*\}", form)}
        assert not message.id or found <= wanted, message.id


def test_compiled_catalogue_is_current() -> None:
    compiled = messages.Catalogue((FOLDER / "notevault.mo").read_bytes())
    for message in read_catalogue():
        if message.id and message.string:
            source, *plural = _forms(message.id)
            said = compiled.ngettext(source, plural[0], 2) if plural else compiled.gettext(source)
            assert said == _forms(message.string)[0], "run 'make messages'"


@pytest.mark.parametrize(
    ("option", "environ", "settings", "expected"),
    [
        ("ja", {"NOTEVAULT_LANG": "en", "LANG": "en_US.UTF-8"}, "en", "ja"),
        (None, {"NOTEVAULT_LANG": "ja", "LANG": "en_US.UTF-8"}, "en", "ja"),
        (None, {"LANG": "en_US.UTF-8"}, "ja", "ja"),
        (None, {"LANG": "ja_JP.UTF-8"}, None, "ja"),
        (None, {"LANG": "C"}, None, "en"),
    ],
)
def test_language_is_chosen_by_option_environment_settings_locale(
    option: str | None, environ: dict[str, str], settings: str | None, expected: str
) -> None:
    assert messages.find_language(option, settings, environ) == expected


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_catalogue_says_what_the_standard_library_says(order: str) -> None:
    data = _compile(
        {
            "": "Content-Type: text/plain; charset=utf-8\n"
            "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);\n",
            "a note": "覚え書き",
            "a": "あ",
            "é": "い",
            "{n} note\0{n} notes": "{n} 枚\0{n} 枚（双）\0{n} 枚（多）",
        },
        order,
    )
    theirs, ours = gettext.GNUTranslations(io.BytesIO(data)), messages.Catalogue(data)
    for said in ("a note", "a", "é", "unknown", "a notes", "é" * 3):
        assert ours.gettext(said) == theirs.gettext(said)
    for count in range(5):
        assert ours.ngettext("{n} note", "{n} notes", count) == theirs.ngettext("{n} note", "{n} notes", count)
        assert ours.ngettext("{n} day", "{n} days", count) == ("{n} day" if count == 1 else "{n} days")


def _compile(sentences: dict[str, str], order: str) -> bytes:
    texts = [side for pair in zip(*sorted(sentences.items()), strict=True) for side in pair]
    starts = accumulate((len(text.encode()) + 1 for text in texts), initial=28 + 8 * len(texts))
    table = [number for text, start in zip(texts, starts, strict=False) for number in (len(text.encode()), start)]
    head = (0x950412DE, 0, len(sentences), 28, 28 + 8 * len(sentences), 0, 0)
    return struct.pack(f"{order}{7 + len(table)}I", *head, *table) + b"".join(text.encode() + b"\0" for text in texts)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('language = "ja"\n', "ja"),
        ("# comment\ntimezone = 'Asia/Tokyo'\n  language='ja' # here\n[stages]\n", "ja"),
        ('[owners]\nlanguage = "ja"\n', "en"),
        ('language = "ja', "en"),
        ("", "en"),
    ],
)
def test_a_vault_names_its_language(
    run: Run, make_vault: MakeVault, monkeypatch: pytest.MonkeyPatch, settings: str, expected: str
) -> None:
    monkeypatch.delenv("NOTEVAULT_LANG")
    monkeypatch.setenv("LC_ALL", "C")
    run("status", vault=make_vault(settings=settings))
    assert messages.current_language() == expected
