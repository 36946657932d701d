import gettext
import re

import pytest

from notevault import messages
from tests.messages import FOLDER, extract_messages, read_catalogue


def test_every_sentence_has_a_japanese_translation() -> None:
    known = {message.id: message.string for message in read_catalogue() if message.id}
    missing = []
    for message in extract_messages():
        string = known.get(message.id, "")
        if message.id and not (all(string) if isinstance(string, tuple) else string):
            missing.append(message.id)
    assert missing == [], "run 'make messages' and fill in notevault.po"


def _forms(value: object) -> list[str]:
    return [str(form) for form in value] if isinstance(value, list | tuple) else [str(value or "")]


def test_translations_keep_the_placeholders() -> None:
    for message in read_catalogue():
        wanted = {name for source in _forms(message.id) for name in re.findall(r"\{(\w*)[^{}]*\}", source)}
        found = {name for form in _forms(message.string) for name in re.findall(r"\{(\w*)[^{}]*\}", form)}
        assert not message.id or found <= wanted, message.id


def test_compiled_catalogue_is_current() -> None:
    with (FOLDER / "notevault.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
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
