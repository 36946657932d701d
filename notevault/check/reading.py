"""Pages of the rules that reading a note already answers: :mod:`notevault.note` reports, these explain."""

from collections.abc import Iterator

from notevault.check.rule import Finding, NoteContext


def explain_syntax(_context: NoteContext) -> Iterator[Finding]:
    """The front matter cannot be read, or only in part.

    The note is indexed and found by its text all the same, but none of its fields is known. A full-width
    colon, a TAB, a value that begins with ``@`` or ``*`` are the usual causes; putting the value in quotes mends most.

    Before::

        ---
        type: inbox
        owner: @sato
        ---

    After::

        ---
        type: inbox
        owner: '@sato'
        ---
    """
    return iter(())


def explain_encoding(_context: NoteContext) -> Iterator[Finding]:
    """The file is not UTF-8, or damaged.

    CP932 and UTF-16 are read, and written back as they were, but other tools may show them wrongly. Save the note as
    UTF-8 in the editor.
    """
    return iter(())


def explain_control_character(_context: NoteContext) -> Iterator[Finding]:
    """The note holds a character that no keyboard writes, such as NUL; it comes from a damaged or a binary file."""
    return iter(())


def explain_newlines(_context: NoteContext) -> Iterator[Finding]:
    """Some lines end as on Windows, others as on Linux; harmless, but diffs look odd. Set one kind in the editor."""
    return iter(())
