"""Any sequence of ToDo commands: the notes hold exactly the ToDos a simple model says, every other byte as it was."""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from notevault.catalog import Catalog
from notevault.config import Settings
from notevault.extract.todos import parse_task_text, todo_status
from notevault.index.memory import MemoryIndex
from notevault.intake import Syncer
from notevault.model import NotePath, TodoStatus
from notevault.note import decode_note, parse_note
from notevault.settings_reader import parse_settings
from notevault.sync import sync
from notevault.todo_edits import (
    NewTodo,
    Rewrite,
    cancel,
    hand_to,
    mark_done,
    plan_add,
    plan_changes,
    put_off,
    read_note,
    reopen,
)
from notevault.vault import Vault
from tests.conftest import TODAY

SETTINGS = '[owners]\nsato = {name = "佐藤健一", also = ["佐藤"]}\nito = {name = "伊藤彩", also = ["伊藤"]}\n'
_HEAD = "---\ntype: meeting\ndate: {day}\ncustomer: {customer}\ndeal: 複合機入替\nstage: 提案\n---\n# 面談\n\n"
_NOTES = {
    "a.md": (
        "utf-8",
        "\n",
        _HEAD.format(day="2026-10-01", customer="山田工業"),
        (
            "## 事実\n- 一行\n```\n- [ ] code\n```\n## 行動\n- [ ] 提案書を送る @sato due:2026-10-10\n"
            "- [ ] 提案書を送る（期限: 10/12）\n- [x] 資料を送る ✅ 2026-10-02\n\n## 相談\nなし"
        ),
    ),
    "b.md": (
        "utf-8-sig",
        "\r\n",
        _HEAD.format(day="2026-11-01", customer="㈱山田工業"),
        (
            "## 行動\r\n> - [ ] 提案書を送る 担当:佐藤  \r\n"
            "* [ ] 11/27までに見積を出す ^abc-1\r\n  - [-] 内訳を聞く 📅 2026-11-05 \r\n"
        ),
    ),
    "c.md": (
        "cp932",
        "\n",
        _HEAD.format(day="2026-11-02", customer="青嶺物流"),
        (
            "## 行動\n- [ ] 提案書を送る [due:: 2026-11-20] (担当: 伊藤)\n1. [ ] 見積を出す 来週金曜まで\n"
            "- [ ] 礼状を書く 11/12 14:00 @佐藤\n"
        ),
    ),
    "d.md": (
        "utf-8",
        "\n",
        "",
        "- [/] 途中のこと !high\n- [ ]   空白が 多い　due:2026/11/9\n- [x] call Tom @ito 2026-11-09 ✅ 2026-11-08",
    ),
}
_WORDS = ("礼状を書く", "見積を 見直す", "call Tom", "納期を確認する (再)", "提案書の表紙")


@dataclass
class _Task:
    """What the model knows of a task line."""

    status: TodoStatus
    words: str
    due: date | None
    owner: str | None
    done_on: date | None


@dataclass
class _ModelNote:
    customer: str
    lines: list[bytes | _Task] = field(default_factory=list)
    """Bytes of every line that is no task, with its line end; the tasks between them."""

    def tasks(self) -> list[_Task]:
        return [line for line in self.lines if isinstance(line, _Task)]


class TodoMachine(RuleBasedStateMachine):
    """Commands on the ToDos of four notes in four spellings and encodings."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        (self.root / "notevault.toml").write_text(SETTINGS, encoding="utf-8")
        for name, (encoding, _newline, head, body) in _NOTES.items():
            text = head.replace("\n", _newline) + body
            (self.root / name).write_bytes(text.encode(encoding))
        self.settings: Settings = parse_settings(SETTINGS, "notevault.toml")
        self.vault = Vault(self.root)
        self.catalog = Catalog.in_memory()
        self.syncer = Syncer(vault=self.vault, catalog=self.catalog, index=MemoryIndex(), settings=self.settings)
        customers = {"a.md": "山田", "b.md": "山田", "c.md": "青嶺", "d.md": ""}
        self.model = {name: self._read(name, customers[name]) for name in _NOTES}
        self.ids: dict[tuple[str, int], str] = {}
        self.added = 0
        sync(self.syncer)

    def teardown(self) -> None:
        if hasattr(self, "root"):
            self.catalog.close()
            shutil.rmtree(self.root)

    @rule(data=st.data(), dated=st.booleans())
    def done(self, data: st.DataObject, *, dated: bool) -> None:
        day = TODAY if dated else None

        def change(task: _Task, note: str) -> None:
            if task.status is not TodoStatus.DONE:
                task.status = TodoStatus.DONE
                task.done_on = day if day and note != "c.md" else task.done_on  # CP932 has no ✅

        self._change(data, mark_done(day), change)

    @rule(data=st.data())
    def reopened(self, data: st.DataObject) -> None:
        def change(task: _Task, _note: str) -> None:
            if task.status is not TodoStatus.OPEN:
                task.status, task.done_on = TodoStatus.OPEN, None

        self._change(data, reopen, change)

    @rule(data=st.data())
    def cancelled(self, data: st.DataObject) -> None:
        def change(task: _Task, _note: str) -> None:
            if task.status is not TodoStatus.CANCELLED:
                task.status, task.done_on = TodoStatus.CANCELLED, None

        self._change(data, cancel, change)

    @rule(data=st.data(), days=st.integers(-400, 800))
    def deferred(self, data: st.DataObject, days: int) -> None:
        day = TODAY + timedelta(days=days)

        def change(task: _Task, _note: str) -> None:
            task.due = day

        self._change(data, put_off(day), change)

    @rule(data=st.data(), owner=st.sampled_from(["sato", "ito"]))
    def assigned(self, data: st.DataObject, owner: str) -> None:
        def change(task: _Task, _note: str) -> None:
            task.owner = owner

        self._change(data, hand_to(owner, self.settings), change)

    @rule(
        name=st.sampled_from(sorted(_NOTES)),
        words=st.sampled_from(_WORDS),
        due=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
        owner=st.sampled_from([None, "sato", "ito"]),
    )
    def added_one(self, name: str, words: str, due: date | None, owner: str | None) -> None:
        self.added += 1
        text = f"{words} {self.added}"
        note = read_note(self.vault, NotePath(name))
        edit = plan_add(note, [NewTodo(text=text, due=due, owner=owner)], self.settings)
        before = (self.root / name).read_bytes()
        self.vault.apply([edit])
        after = (self.root / name).read_bytes()
        task = _Task(status=TodoStatus.OPEN, words=text, due=due, owner=owner, done_on=None)
        self._insert(name, before, after, task)

    @invariant()
    def notes_hold_what_the_model_says(self) -> None:
        if not hasattr(self, "root"):
            return
        sync(self.syncer)
        for name, expected in self.model.items():
            found = self._read(name, expected.customer)
            assert found.lines == expected.lines
            for row in self.catalog.select(
                "SELECT t.id, t.text FROM todos t JOIN notes n ON n.id = t.note_id WHERE n.path = ?", (name,)
            ):
                assert self.ids.setdefault((name, row["text"]), row["id"]) == row["id"] or row["text"] == "提案書を送る"

    def _change(self, data: st.DataObject, rewrite: Rewrite, change: object) -> None:
        name = data.draw(st.sampled_from(sorted(_NOTES)))
        tasks = self.model[name].tasks()
        at = data.draw(st.integers(0, len(tasks) - 1))
        ((todo_id,),) = self.catalog.select_tuples(
            "SELECT t.id FROM todos t JOIN notes n ON n.id = t.note_id WHERE n.path = ? AND t.position = ?", (name, at)
        )
        changes = plan_changes(self.vault, self.catalog, [todo_id], rewrite)
        for place, task in self._places(name, at):
            change(task, place)  # type: ignore[operator]
        self.vault.apply(changes.edits)

    def _places(self, name: str, at: int) -> list[tuple[str, _Task]]:
        """Return the ToDo with its copies: same customer, same words, open, the same one of equals in their notes."""
        note = self.model[name]
        task = note.tasks()[at]
        if task.status is not TodoStatus.OPEN or not note.customer:
            return [(name, task)]
        number = _equals(note, task).index(id(task))
        found = []
        for other, candidate in self.model.items():
            equals = [each for each in candidate.tasks() if each.words == task.words and each.status is TodoStatus.OPEN]
            if candidate.customer == note.customer and len(equals) > number:
                found.append((other, equals[number]))
        return found

    def _insert(self, name: str, before: bytes, after: bytes, task: _Task) -> None:
        """Put a task into the model where the file has one line more, and nothing else is another."""
        old, new = _split(name, before), _split(name, after)
        assert len(new) == len(old) + 1
        at = next((at for at, line in enumerate(old) if line.rstrip(b"\r\n\0") != new[at].rstrip(b"\r\n\0")), len(old))
        assert [line.rstrip(b"\r\n") for line in old] == [line.rstrip(b"\r\n") for line in new[:at] + new[at + 1 :]]
        assert after.endswith((b"\n", b"\r")) == before.endswith((b"\n", b"\r"))
        self.model[name].lines.insert(at, task)

    def _read(self, name: str, customer: str) -> _ModelNote:
        data = (self.root / name).read_bytes()
        note = parse_note(NotePath(name), data)
        reference = date.fromisoformat(note.text.split("date: ")[1][:10]) if "date: " in note.text else TODAY
        tasks = {task.line: task for task in note.tasks}
        lines: list[bytes | _Task] = []
        for number, line in enumerate(_split(name, data), start=1):
            task = tasks.get(number)
            if task is None:
                lines.append(line.rstrip(b"\r\n"))
                continue
            said = parse_task_text(task.text, reference)
            owner = self.settings.find_owner(said.owner) if said.owner else None
            lines.append(
                _Task(
                    status=todo_status(task.mark),
                    words=said.text,
                    due=said.due,
                    owner=owner.key if owner else said.owner,
                    done_on=said.done_on,
                )
            )
        return _ModelNote(customer=customer, lines=lines)


def _equals(note: _ModelNote, task: _Task) -> list[int]:
    return [id(each) for each in note.tasks() if each.words == task.words and each.status is TodoStatus.OPEN]


def _split(name: str, data: bytes) -> list[bytes]:
    newline = _NOTES[name][1].encode()
    assert decode_note(data).damaged == 0
    pieces = data.split(newline)
    return [piece + newline for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def test_notes_hold_exactly_what_a_simple_model_says() -> None:
    run_state_machine_as_test(
        TodoMachine,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
