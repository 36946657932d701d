"""Values written as YAML: the shortest form that every reader takes for exactly that text."""

import re
from typing import Final

from notevault.model import Scalar
from notevault.yaml_block import is_text_to_yaml, read_block

# What YAML 1.1 takes for something else than text, dates and ordinary numbers left out: people expect those bare.
_PLAIN_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
_PLAIN_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_NEEDS_ESCAPE: Final = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')


def quote_scalar(value: str, *, flow: bool = False) -> str:
    """Return ``value`` as YAML that reads back as exactly this text, quoted only where it must be.

    ``flow`` is for a place inside ``[…]`` or ``{…}``. Lone surrogates raise ValueError.
    """
    candidates = [value] if not _UNSAFE.search(value) and _is_text_everywhere(value) else []
    if not _UNSAFE.search(value):
        candidates.append("'" + value.replace("'", "''") + "'")
    candidates.append('"' + _NEEDS_ESCAPE.sub(_escape, value) + '"')
    for candidate in candidates:
        if _reads_back(candidate, value, flow=flow):
            return candidate
    raise ValueError("the value holds characters that YAML cannot carry")


def _is_text_everywhere(value: str) -> bool:
    return bool(_PLAIN_NUMBER.match(value) or _PLAIN_DATE.match(value)) or is_text_to_yaml(value)


def _reads_back(candidate: str, value: str, *, flow: bool) -> bool:
    text = f"{{k: {candidate}, z: z}}" if flow else f"k: {candidate}\nz: z\n"
    block = read_block(text, 0, len(text))
    found = [(key.text, node.text) for key, node in block.entries or () if isinstance(node, Scalar)]
    return not block.faults and found == [("k", value), ("z", "z")]


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"
