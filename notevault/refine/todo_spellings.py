"""How people write down what is to be done: the marks of real ToDos, and lines that look like one but are none."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from notevault.catalog import Catalog
from notevault.records import record
from notevault.refine.corpus import NoteEntry

_LONGEST_LINE: Final = 400
_LONGEST_EXAMPLE: Final = 60
_FENCE: Final = re.compile(r"[ \t]*(?:```|~~~)")


class TodoPart(StrEnum):
    """What a spelling says: the ToDo itself, its due date, its owner, or what only looks like a ToDo."""

    TASK = "task"
    DUE = "due"
    OWNER = "owner"
    UNREAD = "unread"


@record
class TodoSpelling:
    """One way to write a ToDo or a part of it."""

    part: TodoPart
    spelling: str
    count: int
    notes: int
    example: str
    path: str


_MARKS: Final = (
    (TodoPart.DUE, "due:2026-11-27", r"(?<![\[\w])due:\s?\d"),
    (TodoPart.DUE, "[due:: 2026-11-27]", r"[\[(](?:due|期限|期日)\s?::"),
    (TodoPart.DUE, "📅 2026-11-27", r"[📅🗓📆]"),
    (TodoPart.DUE, "（期限: 11/27）", r"[（(]\s?(?:期限|期日|締切|締め切り|〆切)"),
    (TodoPart.DUE, "期限: 11/27", r"(?<![（(\[\w])(?:期限|期日|締切|締め切り|〆切|納期)\s?[:：]"),
    (TodoPart.DUE, "11/27まで", r"[0-9０-９日曜月週末)）](?:まで|迄)"),
    (TodoPart.DUE, "by 2026-11-27", r"\b(?:by|until|before) \d"),
    (TodoPart.OWNER, "@sato", r"(?<![\w.])[@＠][^\s@＠]"),
    (TodoPart.OWNER, "担当:佐藤", r"(?:担当者?|owner|assignee)\s?[:：](?!:)"),
    (TodoPart.OWNER, "[owner:: sato]", r"\[(?:owner|assignee|担当者?)\s?::"),
)
_UNREAD: Final = (
    ("□ …", r"[ \t]*(?:[-*+・]\s?)?[□☐■☑✅]\s?[^\s□☐■]"),
    ("TODO: …", r"[ \t]*(?:[-*+・#]+\s?)?(?:\*\*)?(?:TODO|ToDo|To do|todo)(?:\*\*)?\s?[:：]\s?\S"),
    ("宿題: …", r"[ \t]*(?:[-*+・]\s?)?[【\[「]?(?:宿題|要対応|対応|アクション|ネクスト|次回)[】\]」]?\s?[:：]\s?\S"),
    ("- …（11/27まで）", r"[ \t]*[-*+・⇒→]\s?[^\[\s].{0,80}(?:[0-9０-９日曜月週末](?:まで|迄)|期限\s?[:：])"),
)
_COMPILED: Final = tuple((part, spelling, re.compile(pattern)) for part, spelling, pattern in _MARKS)
_UNREAD_COMPILED: Final = tuple((spelling, re.compile(pattern)) for spelling, pattern in _UNREAD)


@dataclass(slots=True)
class _Found:
    count: int = 0
    notes: set[int] = field(default_factory=set)
    example: str = ""
    path: str = ""

    def add(self, note: NoteEntry, line: str) -> None:
        self.count += 1
        self.notes.add(note.id)
        if not self.example:
            self.example, self.path = line.strip()[:_LONGEST_EXAMPLE], note.path


def read_todo_spellings(catalog: Catalog, notes: Iterable[NoteEntry]) -> tuple[TodoSpelling, ...]:
    """Return the spellings in use, those of one part together and the commonest first."""
    wanted = {note.id: note for note in notes}
    tasks: dict[int, set[int]] = {}
    for note_id, line in catalog.iterate("SELECT note_id, line FROM todos"):
        tasks.setdefault(note_id, set()).add(line)
    found: dict[tuple[TodoPart, str], _Found] = {}
    for note_id, text in catalog.iterate("SELECT note_id, text FROM texts ORDER BY note_id"):
        if note_id in wanted:
            _read_note(wanted[note_id], text, tasks.get(note_id, set()), found)
    order = list(TodoPart)
    ranked = sorted(found.items(), key=lambda item: (order.index(item[0][0]), -item[1].count, item[0][1]))
    return tuple(
        TodoSpelling(
            part=part, spelling=spelling, count=use.count, notes=len(use.notes), example=use.example, path=use.path
        )
        for (part, spelling), use in ranked
    )


def _read_note(note: NoteEntry, text: str, tasks: set[int], found: dict[tuple[TodoPart, str], _Found]) -> None:
    in_fence = in_front_matter = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.rstrip() in ("---", "+++") and (number == 1 or in_front_matter):
            in_front_matter = not in_front_matter
            continue
        short = line[:_LONGEST_LINE]
        if number in tasks:
            for part, spelling in _task_spellings(short):
                found.setdefault((part, spelling), _Found()).add(note, short)
        elif _FENCE.match(short):
            in_fence = not in_fence
        elif not (in_fence or in_front_matter):
            unread = next((spelling for spelling, pattern in _UNREAD_COMPILED if pattern.match(short)), None)
            if unread:
                found.setdefault((TodoPart.UNREAD, unread), _Found()).add(note, short)


def _task_spellings(line: str) -> Counter[tuple[TodoPart, str]]:
    bullet, _bracket, rest = line.partition("[")
    marker = bullet.strip(" \t>")[-1:] or "-"
    found = Counter([(TodoPart.TASK, f"{marker} [{rest[:1] or ' '}]")])
    found.update((part, spelling) for part, spelling, pattern in _COMPILED if pattern.search(line))
    return found
