"""Start a vault: settings and templates, after a look at the notes that are there already.

Nothing is written into notes and no file is overwritten.
"""

from collections import Counter
from pathlib import Path

from notevault.config import SETTINGS_NAME, Settings
from notevault.messages import gettext as _
from notevault.model import NotePath
from notevault.note import parse_note
from notevault.records import record
from notevault.settings_reader import default_settings
from notevault.template.folder import shipped_templates
from notevault.text import closest
from notevault.vault import Vault


@record
class KeyUse:
    """A front matter key as written in existing notes."""

    key: str
    means: str | None
    """The canonical key, None where the spelling is not known."""
    notes: int
    near: str | None
    """For an unknown key, the known spelling most like it."""


@record
class NotesSeen:
    """What the notes that were there already look like."""

    notes: int
    unreadable: tuple[NotePath, ...]
    without_front_matter: int
    keys: tuple[KeyUse, ...]


@record
class Adoption:
    """What starting a vault in a folder did and found."""

    root: Path
    seen: NotesSeen
    written: tuple[str, ...]
    kept: tuple[str, ...]
    """Files that were there already and stay as they are."""


def adopt(root: Path, language: str, timezone: str) -> Adoption:
    """Write settings and templates in ``language`` where they are missing; ``root`` is made where it does not exist."""
    root.mkdir(parents=True, exist_ok=True)
    files = {SETTINGS_NAME: render_settings(language, timezone)}
    source = shipped_templates(language)
    for entry in sorted(source.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".md"):
            files[f"templates/{entry.name}"] = entry.read_text(encoding="utf-8")
    written: list[str] = []
    kept: list[str] = []
    for name, text in files.items():
        (written if _create(root / name, text) else kept).append(name)
    seen = _look_at_notes(Vault(root), default_settings())
    return Adoption(root=root, seen=seen, written=tuple(written), kept=tuple(kept))


def render_settings(language: str, timezone: str) -> str:
    """Return a first ``notevault.toml`` whose comments say what can be set."""
    return f"""# {_("Settings of this vault. What is not set here has a default; see the documentation.")}
language = "{language}"
timezone = "{timezone}"

# {_("Sales reps: the key is what notes say in owner: or @key.")}
# [owners]
# sato = {{ name = "佐藤健一", also = ["佐藤"], email = "sato@example.co.jp" }}

# {_("More spellings of front matter keys.")}
# [keys]
# customer = ["お得意様"]

# {_("More spellings of customers that have no note of their own.")}
# [customers]
# "株式会社山田工業" = ["ヤマダ", "YMD"]

# {_("Saved searches: notevault search @mine")}
# [searches]
# mine = "owner:sato todo:open"
"""


def _create(path: Path, text: str) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        return False
    return True


def _look_at_notes(vault: Vault, settings: Settings) -> NotesSeen:
    keys: Counter[str] = Counter()
    unreadable, plain, notes = [], 0, 0
    for path in vault.iter_files():
        notes += 1
        try:
            data, _signature = vault.read(path)
        except OSError:
            unreadable.append(path)
            continue
        note = parse_note(path, data)
        plain += note.front_matter.span is None
        keys.update({key.text for key, _value in note.front_matter.entries})
    spellings = [key for canonical, also in settings.keys.items() for key in (canonical, *also)]
    return NotesSeen(
        notes=notes,
        unreadable=tuple(unreadable),
        without_front_matter=plain,
        keys=tuple(_key_use(key, count, settings, spellings) for key, count in keys.most_common()),
    )


def _key_use(key: str, notes: int, settings: Settings, spellings: list[str]) -> KeyUse:
    means = settings.find_key(key)
    return KeyUse(key=key, means=means, notes=notes, near=None if means else closest(key, spellings))
