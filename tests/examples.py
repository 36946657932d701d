"""The examples in the rules' pages: ``Before::`` and ``After::`` with a note, or several headed ``--> path``."""

import inspect
import re
from collections.abc import Mapping

from notevault.check import Rule

_EXAMPLE = re.compile(r"^(Before|After)::\n\n((?:(?:    .*)?\n)+)", re.MULTILINE)
_FILE = re.compile(r"^--> (.+)\n", re.MULTILINE)
DEFAULT_PATH = "note.md"


def examples(rule: Rule) -> dict[str, dict[str, str]]:
    """Return notes by path for ``Before`` and ``After``; what After leaves out stays as before."""
    page = inspect.cleandoc(rule.page) + "\n"
    found = {kind: _split(inspect.cleandoc(text) + "\n") for kind, text in _EXAMPLE.findall(page)}
    return {kind: {**found["Before"], **notes} for kind, notes in found.items()}


def _split(text: str) -> Mapping[str, str]:
    pieces = _FILE.split(text)
    if len(pieces) == 1:
        return {DEFAULT_PATH: text}
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))
