"""Sentences for people, in the user's language.

English is the source, ``locale/ja/LC_MESSAGES/notevault.po`` the Japanese catalogue.
The language is chosen once per process by :func:`use_language`.
"""

import gettext as _gettext
import locale
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "ja")
_LOCALES: Final = Path(__file__).with_name("locale")

_state: dict[str, _gettext.NullTranslations] = {"current": _gettext.NullTranslations()}
_chosen: dict[str, str] = {"language": "en"}


def gettext(message: str) -> str:
    """Return the sentence in the chosen language."""
    return _state["current"].gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the sentence in the chosen language and number."""
    return _state["current"].ngettext(singular, plural, count)


def use_language(language: str) -> None:
    """Speak ``language`` from now on; an unknown one falls back to English."""
    _chosen["language"] = language if language in LANGUAGES else "en"
    if _chosen["language"] == "en":
        _state["current"] = _gettext.NullTranslations()
        return
    catalogue = _LOCALES / language / "LC_MESSAGES" / "notevault.mo"
    with catalogue.open("rb") as stream:
        _state["current"] = _gettext.GNUTranslations(stream)


def lend_to_click() -> None:
    """Let click, which asks the standard domain of gettext, say its own sentences in the chosen language too."""
    os.environ["LANGUAGE"] = _chosen["language"]
    _gettext.bindtextdomain("notevault", str(_LOCALES))
    _gettext.textdomain("notevault")


def current_language() -> str:
    """Return ``en`` or ``ja``."""
    return _chosen["language"]


def find_language(option: str | None, settings: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the language to speak: ``--lang``, ``NOTEVAULT_LANG``, ``notevault.toml``, the locale, English."""
    for wish in (option, environ.get("NOTEVAULT_LANG"), settings, find_locale_language(environ)):
        if wish and wish.lower()[:2] in LANGUAGES:
            return wish.lower()[:2]
    return "en"


def find_locale_language(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return ``ja`` or ``en`` where the locale names one, else None."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name)
        if value:
            return value.lower()[:2] if value.lower()[:2] in LANGUAGES else None
    if sys.platform == "win32":  # the environment rarely names a language there
        name = locale.getlocale()[0] or ""
        return "ja" if name.lower().startswith(("ja", "japanese")) else None
    return None
