"""``notevault search -i``: pick a hit as you type, and open it in the editor at the line.

fzf where it is installed, else a picker of our own, which needs the extra ``picker``. NOTEVAULT_PICKER=builtin takes
ours even where fzf is.
"""

import os
import shutil
import sys
from importlib.util import find_spec

from notevault.cli.editor import open_in_editor
from notevault.cli.picking import Finder
from notevault.errors import MissingExtraError, NotevaultError
from notevault.messages import gettext as _
from notevault.question import Question
from notevault.search import Hit
from notevault.workspace import Workspace


class NoTerminalError(NotevaultError):
    """There is no one to pick."""

    def __init__(self) -> None:
        super().__init__(_("picking a note needs a terminal"), _("leave out -i to print the hits"))


def pick_and_open(workspace: Workspace, question: Question) -> bool:
    """Let a person pick a note and open it; tell whether one was picked.

    Raises NoTerminalError, MissingExtraError, EditorError.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminalError
    hit = _pick(Finder(question), question.text)
    if hit is None:
        return False
    open_in_editor(workspace.vault.locate(hit.path), hit.line)
    return True


def _pick(finder: Finder, text: str) -> Hit | None:
    fzf = shutil.which("fzf") if os.environ.get("NOTEVAULT_PICKER") != "builtin" else None
    if fzf:
        from notevault.cli.picker_fzf import FzfRefusedError, pick_with_fzf  # noqa: PLC0415 -- start-up time

        try:
            return pick_with_fzf(fzf, finder, text)
        except FzfRefusedError:
            if not find_spec("prompt_toolkit"):
                raise
    if not find_spec("prompt_toolkit"):
        raise MissingExtraError("picker", _("picking notes as you type (without fzf)"))
    from notevault.cli.picker_screen import pick_on_screen  # noqa: PLC0415 -- 150 ms, and an extra

    return pick_on_screen(finder, text)
