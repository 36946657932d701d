"""Conflict copies that sync services leave, known by names that no person gives.

``X 2.md``, ``X (1).md`` and ``X-NAME.md`` are not among them: people write such names, too.
"""

import re
from typing import Final

from notevault.model import NotePath

_MARK: Final = r"""(?x)(?:
    \ ?[(（][^()（）]{0,100}\bconflicted\ copy(?:\ \d{4}-\d{2}-\d{2}[^()（）]{0,40})?[)）]      # Dropbox, Nextcloud
  | \ ?[(（][^()（）]{1,100}の競合コピー\ ?\d{4}-\d{2}-\d{2}[^()（）]{0,40}[)）]                # Dropbox
  | \.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]{7})?                                              # Syncthing
  | _conflict-\d{8}-\d{6}                                                                     # ownCloud
)+$"""
COPY_WORDS: Final = ("conflict", "競合コピー")
"""One of these is in the name of every conflict copy."""


def find_original(path: NotePath) -> NotePath | None:
    """Return the note that ``path`` is a conflict copy of, judged by its name, or None."""
    if not any(word in path for word in COPY_WORDS):
        return None
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    mark = re.search(_MARK, stem)
    if mark is None or not mark.start():
        return None
    return NotePath(f"{folder}{slash}{stem[: mark.start()]}{dot}{suffix}")
