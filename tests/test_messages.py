import re

import pytest

from notevault import messages
from tests.messages import FOLDER, compile_catalogue, extract_messages, read_catalogue


def test_every_sentence_has_a_japanese_translation() -> None:
    known = {message.id: message.string for message in read_catalogue() if message.id}
    missing = []
    for message in extract_messages():
        string = known.get(message.id, "")
        if message.id and not (all(string) if isinstance(string, tuple) else string):
            missing.append(message.id)
    assert missing == [], "run 'make messages' and fill in notevault.po"


def test_translations_keep_the_placeholders() -> None:
    def placeholders(text: str) -> set[str]:
        return set(re.findall(r"\{(\w*)[^{}]*\}", text))

    for message in read_catalogue():
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*map(placeholders, sources))
        for string in strings:
            assert placeholders(string) <= wanted, message.id


def test_compiled_catalogue_is_current() -> None:
    assert (FOLDER / "notevault.mo").read_bytes() == compile_catalogue(read_catalogue())


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
