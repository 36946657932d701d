"""The user's editor, opened at a line."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from notevault.errors import NotevaultError
from notevault.messages import gettext as _

# fmt: off
_PLUS: Final = (
    "vi", "vim", "nvim", "gvim", "mvim", "view", "nano", "pico", "emacs", "emacsclient", "micro", "kak", "joe", "jed",
    "mg", "ne", "gedit", "xed", "pluma", "mcedit", "less", "more",
)
# fmt: on
_GOTO: Final = ("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf")
_COLON: Final = ("hx", "helix", "subl", "sublime_text", "zed", "zeditor", "atom", "pulsar", "lapce")
_DASH_L: Final = ("kate", "kwrite", "mate", "textmate", "bbedit")
_JETBRAINS: Final = ("idea", "idea64", "pycharm", "pycharm64", "webstorm", "rider", "goland", "clion")


class EditorError(NotevaultError):
    """The editor cannot be started."""

    def __init__(self, editor: str, reason: str) -> None:
        super().__init__(
            _("the editor '{editor}' cannot be started: {reason}").format(editor=editor, reason=reason),
            _("name yours in VISUAL or EDITOR, for example EDITOR=nano or EDITOR='code --wait'"),
        )


def find_editor() -> str:
    """Return the user's editor as named in the environment, else one that is always there."""
    default = "notepad" if os.name == "nt" else "vi"
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or default


def editor_command(editor: str, path: Path, line: int) -> list[str]:
    """Return the command that opens ``path`` at ``line``; an editor that is not known here opens it at the top."""
    words = [word.strip('"') for word in shlex.split(editor, posix=os.name != "nt")]
    name = words[0].replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe").removesuffix(".cmd")
    return [*words, *_at_line(name, str(path), line)]


def _at_line(name: str, path: str, line: int) -> Sequence[str]:
    if name in _PLUS:
        return (f"+{line}", path)
    if name in _GOTO:
        return ("-g", f"{path}:{line}")
    if name in _COLON:
        return (f"{path}:{line}",)
    if name in _DASH_L:
        return ("-l", str(line), path)
    if name in _JETBRAINS:
        return ("--line", str(line), path)
    return (f"-n{line}", path) if name == "notepad++" else (path,)


def open_in_editor(path: Path, line: int) -> None:
    """Open a note and wait until the editor is closed. Raises EditorError."""
    editor = find_editor()
    try:
        command = editor_command(editor, path, line)
        subprocess.run(command, check=False)  # noqa: S603 -- the user's own editor, no shell
    except (OSError, ValueError, IndexError) as error:
        raise EditorError(editor, getattr(error, "strerror", None) or str(error)) from error
