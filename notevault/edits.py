"""Edits as values: previewed as a diff, applied from the end, to text in memory.

Writing the result to disk, and refusing when the file has changed, is :mod:`notevault.vault`'s work.
"""

from collections.abc import Sequence

from notevault.model import Edit


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return ``text`` with every edit applied; edits are measured on ``text`` and must not overlap.

    Two insertions at one place are kept in the order given. Raises ValueError for overlapping spans.
    """
    ordered = sorted(enumerate(edits), key=lambda pair: (pair[1].span.start, pair[1].span.end, pair[0]))
    pieces: list[str] = []
    at = 0
    for _position, edit in ordered:
        if edit.span.start < at:
            raise ValueError(f"edits overlap at {edit.span.start}")
        pieces += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*pieces, text[at:]])


def render_diff(path: str, before: str, after: str) -> str:
    """Return a unified diff, empty where nothing differs; newlines inside lines are shown as they are."""
    from difflib import unified_diff  # noqa: PLC0415 -- start-up time

    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
