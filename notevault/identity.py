"""Who a note is: found again where it was moved to, told apart from its copies.

A note is known again by its name in another Unicode form, its front matter ``id``, equal content, or the same file
(inode, size and time together; never the inode alone, which file systems give out anew).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, count

from notevault.catalog import Catalog, KnownNote
from notevault.database import chunked, marks
from notevault.model import NotePath, Signature
from notevault.reading import ReadNote
from notevault.records import record
from notevault.text import path_key

Former = tuple[NotePath, KnownNote]


class Missing:
    """Known notes that are no longer where they were, until they are found elsewhere."""

    def __init__(self, notes: Mapping[NotePath, KnownNote]) -> None:
        self.notes: dict[NotePath, KnownNote] = {}
        self._by_key: dict[tuple[object, ...], list[NotePath]] = {}
        for path, known in notes.items():
            self.add(path, known)

    def add(self, path: NotePath, known: KnownNote) -> None:
        """Count a note among the missing."""
        if path not in self.notes:
            self.notes[path] = known
            for key in _known_keys(path, known):
                self._by_key.setdefault(key, []).append(path)

    def recognise(self, read: ReadNote) -> Former | None:
        """Return which missing note has turned up as ``read``; it is missing no more."""
        for key in _read_keys(read):
            candidates = [path for path in self._by_key.get(key, ()) if path in self.notes]
            if candidates:
                name = read.path.rpartition("/")[2]
                former = min(candidates, key=lambda path: (path.rpartition("/")[2] != name, path))
                return former, self.notes.pop(former)
        return None

    def ids(self) -> set[int]:
        """Return the ids of the notes still missing."""
        return {known.id for known in self.notes.values()}


class UnseenMissing(Missing):
    """Missing notes of a sync that looks at a few paths only: those that a new note may be are asked for one by one."""

    def __init__(
        self, notes: Mapping[NotePath, KnownNote], catalog: Catalog, is_gone: Callable[[NotePath], bool]
    ) -> None:
        super().__init__(notes)
        self._catalog = catalog
        self._is_gone = is_gone

    def recognise(self, read: ReadNote) -> Former | None:
        """Return which note, gone from its place, has turned up as ``read``."""
        wanted = (read.claim or "", read.digest, str(read.signature.inode or ""))
        found = self._catalog.known_notes("uid = ? OR digest = ? OR inode = ?", wanted)
        for path, known in found.items():
            if path not in self.notes and self._is_gone(path):
                self.add(path, known)
        return super().recognise(read)


def _known_keys(path: NotePath, known: KnownNote) -> list[tuple[object, ...]]:
    return [("name", path_key(path)), ("id", known.uid), ("content", known.digest), *_file_key(known.signature)]


def _read_keys(read: ReadNote) -> list[tuple[object, ...]]:
    own = [("id", read.claim)] if read.claim else []
    return [("name", path_key(read.path)), *own, ("content", read.digest), *_file_key(read.signature)]


def _file_key(signature: Signature) -> list[tuple[object, ...]]:
    if not signature.inode:  # a system that does not tell
        return []
    return [("file", signature.device, signature.inode, signature.size, signature.mtime_ns)]


@record
class Named:
    """A note with its number and its lasting id."""

    read: ReadNote
    note_id: int
    uid: str
    twin: NotePath | None = None
    """The note that has the ``id`` of this one's front matter already."""


def name_notes(
    batch: Sequence[tuple[ReadNote, int, str | None]], catalog: Catalog, missing_ids: Collection[int]
) -> list[Named]:
    """Give each note, come with its number and the id it had, the id it has from now on.

    That is the front matter's, else the one it had, else one made of what the note is about. Who has an id keeps it.
    """
    passed_over = {note_id for _read, note_id, _had in batch}.union(missing_ids)
    claimed = {had: note_id for read, note_id, had in batch if had and _wish(read, had) == had}
    wishes = {_wish(read, had) for read, _note_id, had in batch}
    having = _find_having(catalog, wishes)
    held: dict[str, tuple[int, NotePath]] = {}
    for read, note_id, had in batch:
        # while it was missing another one, read before it, may have been given its id
        if had and claimed.get(had) == note_id and passed_over.issuperset(having.get(had, ())):
            held[had] = (note_id, read.path)

    def holder(uid: str, note_id: int) -> NotePath | None:
        if uid in held:
            return held[uid][1] if held[uid][0] != note_id else None
        if uid in wishes and uid not in having:
            return None
        others = catalog.known_notes("uid = ?", (uid,))
        return next((path for path, known in others.items() if known.id not in passed_over), None)

    named = []
    for read, note_id, had in batch:
        wish, twin = _wish(read, had), None
        if (other := holder(wish, note_id)) is not None:
            twin = other if read.claim else None
            spares = [had] if had and had != wish else []
            made = _made_uids(read)
            own = (f"{wish}-{uid[1:7]}" for uid in made) if twin else made
            wish = next(uid for uid in chain(spares, own) if holder(uid, note_id) is None)
        held[wish] = (note_id, read.path)
        named.append(Named(read=read, note_id=note_id, uid=wish, twin=twin))
    return named


def _find_having(catalog: Catalog, uids: set[str]) -> dict[str, list[int]]:
    """Return the numbers of the notes that have one of these ids, by id."""
    having: dict[str, list[int]] = {}
    for chunk in chunked(sorted(uids)):
        for uid, note_id in catalog.select_tuples(f"SELECT uid, id FROM notes WHERE uid IN ({marks(chunk)})", chunk):
            having.setdefault(uid, []).append(note_id)
    return having


def _wish(read: ReadNote, had: str | None) -> str:
    return read.claim or had or next(_made_uids(read))


def _made_uids(read: ReadNote) -> Iterator[str]:
    """Yield ids made of a note; the first is the one meant, the others are for when it is taken.

    A note with day and customer is known by these, its type, deal and title, so that the same note has the same id on
    another machine whatever its file is called there. Only where another note says the same, the path tells them apart.
    """
    if read.about:
        yield _hashed("\0".join(read.about))
    for number in count():
        again = f"\0{number}" if number else ""
        yield _hashed(f"{read.path}{again}")


def _hashed(seed: str) -> str:
    return "n" + sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:12]
