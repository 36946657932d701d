"""Sentences for people, in the user's language.

English is the source, ``locale/ja/LC_MESSAGES/notevault.po`` the Japanese catalogue.
The language is chosen once per process by :func:`use_language`.
"""

import gettext as _gettext
import os
import struct
import sys
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "ja")
_LOCALES: Final = Path(__file__).with_name("locale")


class Catalogue:
    """A compiled catalogue (``.mo``), of which only the sentences asked for are read: a run says a few of very many.

    Its layout is told in the manual of GNU gettext, "The Format of GNU MO Files"; sentences are sorted by their bytes,
    and ones in two numbers stand as both forms with a NUL between.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = "<" if data.startswith(b"\xde\x12\x04\x95") else ">"
        self._count, self._sources, self._translations = struct.unpack_from(f"{self._order}3I", data, 8)
        self._read: dict[str, list[str]] = {}

    def gettext(self, message: str) -> str:
        """Return the translation, or ``message`` where there is none."""
        return (self._find(message) or [message])[0]

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return the translation in the form for ``count``."""
        forms = self._find(f"{singular}\0{plural}")
        return forms[self._form_of(count)] if forms else singular if count == 1 else plural

    def _find(self, message: str) -> list[str]:
        forms = self._read.get(message)
        if forms is None:
            wanted = message.encode()
            at = bisect_left(range(self._count), wanted, key=self._source)
            known = at < self._count and self._source(at) == wanted
            text = self._text(self._translations, at).decode() if known else ""
            forms = self._read[message] = text.split("\0") if text else []
        return forms

    def _source(self, at: int) -> bytes:
        return self._text(self._sources, at)

    def _text(self, table: int, at: int) -> bytes:
        length, start = struct.unpack_from(f"{self._order}2I", self._data, table + 8 * at)
        return self._data[start : start + length]

    @cached_property
    def _form_of(self) -> Callable[[int], int]:
        """The rule of the catalogue's head: which form a number takes."""
        rule = self._text(self._translations, 0).decode().partition("plural=")[2].partition(";")[0]
        return _gettext.c2py(rule or "0")


_state: dict[str, Catalogue | _gettext.NullTranslations] = {"current": _gettext.NullTranslations()}
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
    else:
        _state["current"] = Catalogue((_LOCALES / language / "LC_MESSAGES" / "notevault.mo").read_bytes())


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
        import locale  # noqa: PLC0415 -- start-up time

        name = locale.getlocale()[0] or ""
        return "ja" if name.lower().startswith(("ja", "japanese")) else None
    return None
