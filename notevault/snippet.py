"""The piece of a note that shows why it was found: whole sentences, the found words marked where they stand."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from notevault.model import Span
from notevault.records import record
from notevault.text import INVISIBLE, normalize, normalize_short

LONGEST_SNIPPET: Final = 160
"""In characters; sentences are added while they fit, a longer one is cut at both ends."""
_LINES_READ: Final = 5_000
_SENTENCE: Final = re.compile(r"[^。．！？!?]*[。．！？!?]*(?:[」』）)\]]*\s*)")
_LATIN_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")
_ATTACHED: Final = frozenset("ﾞﾟ゙゚")
"""Voicing marks that NFKC joins with the kana before them though they combine with nothing by category."""


@record
class Snippet:
    """A piece of a note's text."""

    text: str
    marks: tuple[Span, ...]
    """What was found, in :attr:`text`."""
    line: int
    """Of the note, from 1."""


@record
class Needle:
    """Something to be found in a snippet, and how much it says."""

    text: str
    """Normalised."""
    weight: float = 1.0


class NormalizedText:
    """A text as :func:`notevault.text.normalize` gives it, with the way back to the text as written."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.text = normalize(written)
        lower = written.lower()  # of the same length: each letter became one letter
        self._in_place = len(lower) == len(written) and lower == self.text
        self._starts: list[int] | None = None
        self._sources: list[int] = []

    def span(self, start: int, end: int) -> Span:
        """Return where the characters from ``start`` to ``end`` of :attr:`text` stand in the text as written."""
        if self._in_place:
            return Span(start=start, end=end)
        if self._starts is None:
            self._map()
        starts = self._starts or [0]
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, end - 1) - 1
        return Span(start=self._sources[first], end=self._end_of(last))

    def _end_of(self, cluster: int) -> int:
        end = self._sources[cluster + 1]
        while end > self._sources[cluster] + 1 and self.written[end - 1].isspace():
            end -= 1
        return end

    def _map(self) -> None:
        """Map by the smallest pieces that are normalised each on its own."""
        starts: list[int] = []
        sources: list[int] = []
        at = 0
        for start, end in _iter_clusters(self.written):
            piece = normalize_short(self.written[start:end])
            if not piece:  # blanks: the one before the next piece is all that is left of them
                continue
            if sources and self.text[at : at + 1] == " " and not piece.startswith(" "):
                at += 1
            starts.append(at)
            sources.append(start)
            at += len(piece)
        self._starts = starts or [0]
        self._sources = [*(sources or [0]), len(self.written)]


def _iter_clusters(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(text)):
        char = text[at]
        if char.isascii() or not _is_attached(char):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _is_attached(char: str) -> bool:
    joins = char in _ATTACHED or unicodedata.combining(char) or "ᅠ" <= char <= "ᇿ"
    return bool(joins or INVISIBLE.match(char))


def make_snippet(text: str, needles: Sequence[Needle], *, body_start: int = 0, title: str = "") -> Snippet:
    """Return the sentences of ``text`` that hold most of the needles, from one line.

    ``body_start`` is where the front matter ends; a line of it is taken only where the body holds nothing, and the
    heading that is the note's ``title``, which is shown anyway, only where nothing below it does.
    """
    shown_anyway = normalize(title)
    best: tuple[int, float, int] = (0, 0.0, -1)
    lines = text.splitlines(keepends=True)
    first_text, at = -1, 0
    for number, line in enumerate(lines[:_LINES_READ]):
        in_body = at >= body_start
        at += len(line)
        if first_text < 0 and in_body and line.strip() and not line.lstrip().startswith(("#", "---", "<!--")):
            first_text = number
        normalized = normalize_short(line) if len(line) <= LONGEST_SNIPPET else normalize(line)
        if value := _value(normalized, needles):
            is_title = normalized.startswith("#") and normalized.lstrip("# ") == shown_anyway
            best = max(best, ((1 if is_title else 2) if in_body else 0, value, -number))
    number = -best[2] if best[1] else max(first_text, 0)
    shown = _cut(lines[number].strip() if lines else "", needles)
    return Snippet(text=shown, marks=find_marks(shown, needles), line=number + 1)


def find_marks(text: str, needles: Sequence[Needle]) -> tuple[Span, ...]:
    """Return where the needles stand in ``text``, overlapping ones joined."""
    normalized = NormalizedText(text)
    spans = sorted(
        normalized.span(at, _end_of_word(normalized.text, at, needle.text))
        for needle in needles
        for at in _find_all(normalized.text, needle.text)
    )
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return tuple(joined)


def _find_all(text: str, needle: str) -> Iterator[int]:
    at = text.find(needle) if needle else -1
    while at >= 0:
        if _is_whole(text, at, needle):
            yield at
        at = text.find(needle, at + len(needle))


def _end_of_word(text: str, at: int, needle: str) -> int:
    """Return where a mark ends: proposals is marked whole for proposal, and for its stem."""
    end = at + len(needle)
    if needle.isascii() and needle.isalpha() and (at == 0 or not _is_latin(text[at - 1])):
        while end < len(text) and _is_latin(text[end]):
            end += 1
    return end


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _is_whole(text: str, at: int, needle: str) -> bool:
    """Tell whether a short Latin needle stands at the start of a word: ``in`` is not marked in ``main``."""
    short = len(needle) <= 3 and needle.isascii()  # noqa: PLR2004 -- longer ones are worth a mark inside, too
    return not (short and at and _is_latin(text[at - 1]) and needle[0].isalnum())


def _value(normalized: str, needles: Sequence[Needle]) -> float:
    found = [needle.weight for needle in needles if needle.text in normalized]
    # of two lines that hold the same, the shorter says more
    return sum(found) * (1 + 1 / (10 + len(normalized))) if found else 0.0


def _cut(line: str, needles: Sequence[Needle]) -> str:
    """Return the best sentences of a line."""
    if len(line) <= LONGEST_SNIPPET:
        return line
    sentences = _split_sentences(line)
    values = [_value(normalize(sentence), needles) for sentence in sentences]
    best = max(range(len(sentences)), key=lambda at: (values[at], -at))
    first = last = best
    length = len(sentences[best])
    while length <= LONGEST_SNIPPET:
        after = last + 1 < len(sentences) and length + len(sentences[last + 1]) <= LONGEST_SNIPPET
        before = first > 0 and length + len(sentences[first - 1]) <= LONGEST_SNIPPET
        if after:
            last += 1
            length += len(sentences[last])
        elif before:
            first -= 1
            length += len(sentences[first])
        else:
            break
    shown = "".join(sentences[first : last + 1]).strip()
    if len(shown) > LONGEST_SNIPPET:
        return _cut_around(shown, needles)
    return ("…" if first else "") + shown + ("…" if last + 1 < len(sentences) else "")


def _split_sentences(line: str) -> list[str]:
    sentences = []
    for found in _SENTENCE.findall(line):
        at = 0
        for gap in _LATIN_SENTENCE.finditer(found):
            sentences.append(found[at : gap.end()])
            at = gap.end()
        if found[at:]:
            sentences.append(found[at:])
    return sentences or [line]


def _cut_around(sentence: str, needles: Sequence[Needle]) -> str:
    marks = find_marks(sentence, needles)
    middle = (marks[0].start + marks[0].end) // 2 if marks else 0
    start = max(0, min(middle - LONGEST_SNIPPET // 3, len(sentence) - LONGEST_SNIPPET))
    end = start + LONGEST_SNIPPET
    return ("…" if start else "") + sentence[start:end] + ("…" if end < len(sentence) else "")
